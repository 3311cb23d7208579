"""Spread and order statistics: variance, median, mode, quantiles."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of, unwrap
from autograd.dtypes import bool_, float16, float32, float64, int64
from autograd.errors import DTypeError, ShapeError, describe
from autograd.ops.along import ValuesIndices, _take_along, axes_of, axis_of, refuse_complex
from autograd.ops.extremes import _ties
from autograd.ops.norms import _quotient_or_zero
from autograd.ops.rearranging import movedim
from autograd.ops.reduction import Dims, _spread, count, mean, reduced, refuse_integers
from autograd.ops.selection import _where
from autograd.ops.shaping import reshape
from autograd.ops.sorting import sort

# -- variance --------------------------------------------------------------------------------------


def var(
    input: Any,
    dim: Dims = None,
    unbiased: bool = True,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> Any:
    """The variance along ``dim``: squared distances from the mean, summed and divided by ``n -
    correction``.

    ``correction`` is 1, or 0 with ``unbiased=False``, unless given. No more elements than that give
    NaN (infinity, if they differ). Raises DTypeError for integers and bools.

    >>> import autograd
    >>> autograd.var(autograd.tensor([1.0, 2.0, 3.0]))
    tensor(1.)
    """
    dim, correction = _with_correction("var", dim, unbiased, correction)
    return _var(input, dim=dim, keepdim=keepdim, correction=correction)


def std(
    input: Any,
    dim: Dims = None,
    unbiased: bool = True,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> Any:
    """The standard deviation along ``dim``: the root of `var`, with the same arguments. Its
    gradient at 0 is 0.

    >>> import autograd
    >>> autograd.std(autograd.tensor([1.0, 3.0]), correction=0)
    tensor(1.)
    """
    dim, correction = _with_correction("std", dim, unbiased, correction)
    return _std(input, dim=dim, keepdim=keepdim, correction=correction)


def var_mean(
    input: Any,
    dim: Dims = None,
    unbiased: bool = True,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> tuple[Any, Any]:
    """`var` and `mean` along ``dim``.

    >>> import autograd
    >>> autograd.var_mean(autograd.tensor([1.0, 2.0, 3.0]))
    (tensor(1.), tensor(2.))
    """
    dim, correction = _with_correction("var_mean", dim, unbiased, correction)
    return _var(input, dim=dim, keepdim=keepdim, correction=correction), mean(input, dim, keepdim)


def std_mean(
    input: Any,
    dim: Dims = None,
    unbiased: bool = True,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> tuple[Any, Any]:
    """`std` and `mean` along ``dim``.

    >>> import autograd
    >>> autograd.std_mean(autograd.tensor([1.0, 3.0]), correction=0)
    (tensor(1.), tensor(2.))
    """
    dim, correction = _with_correction("std_mean", dim, unbiased, correction)
    return _std(input, dim=dim, keepdim=keepdim, correction=correction), mean(input, dim, keepdim)


def _with_correction(
    operation: str, dim: Any, unbiased: bool, correction: float | None
) -> tuple[Dims, float]:
    if isinstance(dim, bool):  # var(x, False) is var(x, unbiased=False)
        dim, unbiased = None, dim
    if correction is not None and not unbiased:
        raise DTypeError(f"{operation}: got unbiased and correction; leave unbiased out")
    return dim, int(unbiased) if correction is None else correction


@primitive(
    x=lambda g, x, x_shape, dim, keepdim, correction: _times_distances(
        g * 2, x, x_shape, dim, keepdim, correction
    )
)
def _var(x: Array, dim: Dims, keepdim: bool, correction: float) -> Array:
    return _variance(x, dim, keepdim, correction).astype(x.real.dtype)


@primitive(
    x=lambda g, x, out, x_shape, dim, keepdim, correction: _times_distances(
        _quotient_or_zero(g, out), x, x_shape, dim, keepdim, correction
    )
)
def _std(x: Array, dim: Dims, keepdim: bool, correction: float) -> Array:
    return np.sqrt(_variance(x, dim, keepdim, correction)).astype(x.real.dtype)


def _times_distances(
    g: Any, x: Any, shape: tuple[int, ...], dim: Dims, keepdim: bool, correction: float
) -> Any:
    """``g`` times the distances of ``x`` from its mean, over the degrees of freedom."""
    degrees = max(count(shape, dim) - correction, 0)
    g = g / degrees if degrees else g * np.inf
    return _spread(g, shape=shape, dim=dim, keepdim=keepdim) * (x - mean(x, dim, True))


def _variance(x: Any, dim: Dims, keepdim: bool, correction: float) -> Any:
    refuse_integers(x)
    axes, number = axes_of(x, dim), count(x.shape, dim)
    if x.dtype == float16:
        x = x.astype(float32)
    away = x - reduced(np.add, x, axes, True) / (number or np.nan)
    squares = np.square(np.abs(away) if x.dtype.kind == "c" else away)
    total = reduced(np.add, squares, axes, keepdim)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.divide(total, max(number - correction, 0), dtype=total.dtype)


# -- order statistics ------------------------------------------------------------------------------


def median(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The middle element, the lower of two; with ``dim``, (values, indices) along it. NaN if there
    is one.

    The gradient goes to the chosen index; without ``dim``, elements equal to the median share it.

    >>> import autograd
    >>> autograd.median(autograd.tensor([4.0, 1.0, 3.0, 2.0]))
    tensor(2.)
    """
    return _any_median("median", input, dim, keepdim, False)


def nanmedian(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """`median` of what is not NaN; NaN where nothing is left.

    >>> import autograd
    >>> autograd.nanmedian(autograd.tensor([4.0, float("nan"), 3.0, 2.0]))
    tensor(3.)
    """
    return _any_median("nanmedian", input, dim, keepdim, True)


def _any_median(operation: str, x: Any, dim: int | None, keepdim: bool, skip_nan: bool) -> Any:
    refuse_complex(x, operation)
    if x.dtype == bool_:
        raise DTypeError(f"{operation}: is not defined for bool; convert first: x.int()")
    if dim is None:
        return _median(x, skip_nan=skip_nan)
    axis = axis_of(x, dim, operation)
    _refuse_empty(operation, x, axis)
    indices = _median_indices(x, dim=axis, keepdim=keepdim, skip_nan=skip_nan)
    return ValuesIndices(_take_along(x, indices, dim=axis, keepdim=keepdim), indices)


@primitive(x=lambda g, x, out: g * _ties(x, out))
def _median(x: Array, skip_nan: bool) -> Array:
    if not x.size and x.dtype.kind == "f":
        return np.full_like(x, np.nan, shape=())
    flat = x.reshape(-1)
    return flat[_median_indices(flat, 0, False, skip_nan)]


@primitive()
def _median_indices(x: Array, dim: int, keepdim: bool, skip_nan: bool) -> Array:
    if not x.ndim:
        return np.zeros_like(x, dtype=int64)
    number = x.shape[dim]
    nans = reduced(np.add, np.isnan(x), dim, True, int64)
    # NaN is sorted behind everything else.
    if skip_nan:
        ranks = np.maximum(number - nans - 1, 0) // 2
    else:
        ranks = np.where(nans > 0, number - nans, (number - 1) // 2)
    indices = np.take_along_axis(np.argsort(x, dim, kind="stable"), ranks, dim)
    return indices if keepdim else np.squeeze(indices, dim)


def mode(input: Any, dim: int = -1, keepdim: bool = False) -> ValuesIndices:
    """The most frequent element along ``dim``, the smallest of several, and the index where it is
    last.

    >>> import autograd
    >>> autograd.mode(autograd.tensor([2.0, 1.0, 3.0, 1.0])).values
    tensor(1.)
    """
    axis = axis_of(input, dim, "mode")
    _refuse_empty("mode", input, axis)
    indices = _mode_indices(input, dim=axis, keepdim=keepdim)
    return ValuesIndices(_take_along(input, indices, dim=axis, keepdim=keepdim), indices)


@primitive()
def _mode_indices(x: Array, dim: int, keepdim: bool) -> Array:
    refuse_complex(x)
    if not x.ndim:
        return np.zeros_like(x, dtype=int64)
    order = np.argsort(x, dim, kind="stable")
    ordered = np.take_along_axis(x, order, dim)
    places = np.indices(x.shape, sparse=True)[dim]
    is_new = ordered != np.roll(ordered, 1, dim)
    starts = np.maximum.accumulate(np.where(is_new, places, 0), dim)
    longest = np.argmax(places - starts, dim, keepdims=True)
    indices = np.take_along_axis(order, longest, dim)
    return indices if keepdim else np.squeeze(indices, dim)


def _refuse_empty(operation: str, x: Any, axis: int) -> None:
    if x.shape and not x.shape[axis]:
        raise ShapeError(
            f"{operation}: dim {axis} has no elements to choose from (x {describe(unwrap(x))})"
        )


# -- quantiles ------------------------------------------------------------------------------------

_ROUNDED: dict[str, Any] = {"lower": np.floor, "higher": np.ceil, "nearest": np.round}


def quantile(
    input: Any,
    q: Any,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
) -> Any:
    """The value below which the fraction ``q`` of the elements along ``dim`` lies; NaN if one is.

    ``q``: a number, or a tensor with at most one dim, which becomes the first dim of the result.
    ``interpolation`` between two elements: "linear", "lower", "higher", "nearest", "midpoint".
    Raises ShapeError for an empty ``input`` and unless ``0 <= q <= 1``; DTypeError unless ``input``
    is float32 or float64, and ``q`` the same.

    >>> import autograd
    >>> autograd.quantile(autograd.tensor([1.0, 2.0, 3.0, 4.0]), 0.5)
    tensor(2.5000)
    """
    return _any_quantile("quantile", input, q, dim, keepdim, interpolation, False)


def nanquantile(
    input: Any,
    q: Any,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
) -> Any:
    """`quantile` of what is not NaN; NaN where nothing is left.

    >>> import autograd
    >>> autograd.nanquantile(autograd.tensor([1.0, float("nan"), 3.0]), 0.5)
    tensor(2.)
    """
    return _any_quantile("nanquantile", input, q, dim, keepdim, interpolation, True)


def _any_quantile(
    operation: str,
    x: Any,
    q: Any,
    dim: int | None,
    keepdim: bool,
    interpolation: str,
    skip_nan: bool,
) -> Any:
    _check_quantile(operation, x, q, interpolation)
    q = q if hasattr(q, "shape") else np.asarray(q, x.dtype)
    shape, several = list(x.shape), q.shape
    axis = 0 if dim is None else axis_of(x, dim, operation)
    ordered = sort(reshape(x, (-1,)) if dim is None or not shape else x, axis).values
    along = reshape(q, (-1, *[1] * (len(ordered.shape) - axis - 1)))
    ranks = _ranks(array_of(ordered), along, axis, skip_nan)
    result = _interpolated(ordered, ranks, axis, interpolation)
    if dim is None:
        return reshape(result, (*several, *[1] * len(shape)) if keepdim else several)
    shape[axis : axis + 1] = [1] if keepdim and shape else []
    return reshape(movedim(result, axis, 0), (*several, *shape))


def _check_quantile(operation: str, x: Any, q: Any, interpolation: str) -> None:
    given = f"x {describe(array_of(x))}, q {describe(unwrap(q))}"
    if x.dtype not in (float32, float64) or getattr(q, "dtype", x.dtype) != x.dtype:
        raise DTypeError(f"{operation}: needs float32 or float64 for both ({given}); convert first")
    if 0 in x.shape:
        raise ShapeError(f"{operation}: x must have elements ({given})")
    if len(getattr(q, "shape", ())) > 1 or not np.all((unwrap(q) >= 0) & (unwrap(q) <= 1)):
        raise ShapeError(
            f"{operation}: q must be numbers between 0 and 1, in one dim or none ({given})"
        )
    if interpolation not in (known := ("linear", "midpoint", *_ROUNDED)):
        raise DTypeError(
            f"{operation}: interpolation must be one of {', '.join(known)}, got {interpolation!r}"
        )


def _ranks(ordered: Any, q: Any, axis: int, skip_nan: bool) -> Any:
    """Where in sorted elements the quantiles ``q`` are, from 0; at the last if that is NaN."""
    nans = reduced(np.add, np.isnan(ordered), axis, True, int64)
    last = np.maximum(ordered.shape[axis] - 1 - nans * skip_nan, 0).astype(ordered.dtype)
    return q * last if skip_nan else _where(nans > 0, last, q * last)


def _interpolated(ordered: Any, ranks: Any, axis: int, interpolation: str) -> Any:
    """The elements at ``ranks`` along ``axis``, by interpolation where these are between two."""
    exact = unwrap(ranks)
    if interpolation in _ROUNDED:
        return _at_ranks(ordered, _ROUNDED[interpolation](exact), axis)
    below = np.floor(exact)
    low, high = _at_ranks(ordered, below, axis), _at_ranks(ordered, np.ceil(exact), axis)
    return low + (high - low) * (0.5 if interpolation == "midpoint" else ranks - below)


def _at_ranks(ordered: Any, ranks: Any, axis: int) -> Any:
    shape = list(ordered.shape)
    shape[axis] = ranks.shape[axis - len(shape)]
    indices = np.broadcast_to(ranks, shape).astype(int64)
    return _take_along(ordered, indices, dim=axis, repeated=True)
