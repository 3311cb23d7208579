"""Many elements to one: sums, products, extremes, truth, norms.

``dim`` is an integer, several, or None for all dims; ``keepdim=True`` leaves the reduced dims with
size 1.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.core.broadcast import expanded
from autograd.core.primitive import primitive
from autograd.core.sums import added
from autograd.core.variable import Array, array_of
from autograd.dtypes import bool_, float16, float32, int8, int16, int32, int64, uint8
from autograd.errors import DTypeError
from autograd.ops.along import axes_of, axis_of, in_dtype, refuse_complex
from autograd.ops.comparison import isnan
from autograd.ops.cumulative import products_of_others
from autograd.ops.selection import _where

Dims = int | tuple[int, ...] | list[int] | None

# -- sums ------------------------------------------------------------------------------------------


def sum(input: Any, dim: Dims = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The sum along ``dim``; int64 for integers and bools. ``dtype``: convert ``input`` to it
    first.

    >>> import autograd
    >>> autograd.sum(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0)
    tensor([4., 6.])
    """
    if dtype is None:
        return _sum(input, dim=dim, keepdim=keepdim)
    return in_dtype(dtype, _sum, input, dim=dim, keepdim=keepdim)


@primitive(x=lambda g, x_shape, dim, keepdim: _spread(g, shape=x_shape, dim=dim, keepdim=keepdim))
def _sum(x: Array, dim: Dims = None, keepdim: bool = False) -> Array:
    return _accumulated(np.add, x, dim, keepdim)


@primitive(x=lambda g, dim, keepdim: _sum(g, dim=dim, keepdim=keepdim), view=True)
def _spread(x: Array, shape: tuple[int, ...], dim: Dims = None, keepdim: bool = False) -> Array:
    """``x``, a result of reducing ``dim``, repeated along it to ``shape``; a view. The adjoint of a
    sum."""
    if 0 < x.ndim < len(shape):
        kept = list(shape)
        for axis in dim if isinstance(dim, (tuple, list)) else (dim,):
            kept[axis] = 1  # type: ignore[index]  # dim isn't None, or x would be 0-d
        x = x.reshape(kept)
    return expanded(x, shape)


# What a sum of these is kept in: their own dtype would overflow, or lose digits.
_SUMMED_IN = {float16: float32} | dict.fromkeys((bool_, uint8, int8, int16, int32), int64)


def reduced(ufunc: Any, x: Any, dim: Dims, keepdim: bool, dtype: Any = None) -> Any:
    """The array ``x`` reduced by ``ufunc``: np.sum and its like, without their wrappers."""
    axes = axes_of(x, dim)
    if ufunc is np.add and dtype is None:
        return added(x, axes, keepdim)
    return ufunc.reduce(x, axes, dtype, None, keepdim)


def _accumulated(ufunc: Any, x: Any, dim: Dims, keepdim: bool) -> Any:
    """The sum or product of the array ``x`` in the dtype that PyTorch gives it."""
    out = reduced(ufunc, x, dim, keepdim, _SUMMED_IN.get(x.dtype))
    return out.astype(float16) if x.dtype == float16 else out


def mean(input: Any, dim: Dims = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The mean along ``dim``; NaN of no elements. ``dtype``: convert ``input`` to it first.

    Raises DTypeError if that leaves integers or bools.

    >>> import autograd
    >>> autograd.mean(autograd.tensor([1.0, 2.0, 6.0]))
    tensor(3.)
    """
    if dtype is None:
        return _mean(input, dim=dim, keepdim=keepdim)
    return in_dtype(dtype, _mean, input, dim=dim, keepdim=keepdim)


@primitive(x=lambda g, x_shape, dim, keepdim: _mean_gradient(g, x_shape, dim, keepdim))
def _mean(x: Array, dim: Dims = None, keepdim: bool = False) -> Array:
    refuse_integers(x)
    out = reduced(np.add, x, dim, keepdim, _SUMMED_IN.get(x.dtype))
    out = out / (count(x.shape, dim) or math.nan)
    return out.astype(float16) if x.dtype == float16 else out


def _mean_gradient(g: Any, shape: tuple[int, ...], dim: Dims, keepdim: bool) -> Any:
    return _spread(g / (count(shape, dim) or math.nan), shape=shape, dim=dim, keepdim=keepdim)


def count(shape: tuple[int, ...], dim: Dims) -> int:
    """How many elements of ``shape`` become one when ``dim`` is reduced."""
    if (not dim and dim != 0) or not shape:
        return math.prod(shape)
    return math.prod([shape[d] for d in (dim if isinstance(dim, (tuple, list)) else (dim,))])


def refuse_integers(x: Any) -> None:
    """Raise DTypeError for integers and bools, where they can't hold the result."""
    if x.dtype.kind not in "fc":
        raise DTypeError(
            f"needs a floating or complex dtype, got {x.dtype}; convert first: x.float()"
        )


# -- sums of what is not NaN -----------------------------------------------------------------------


def nansum(input: Any, dim: Dims = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The sum along ``dim`` of what is not NaN; int64 for integers and bools.

    >>> import autograd
    >>> autograd.nansum(autograd.tensor([1.0, float("nan"), 2.0]))
    tensor(3.)
    """
    if dtype is None:
        return _nansum(input, dim=dim, keepdim=keepdim)
    return in_dtype(dtype, _nansum, input, dim=dim, keepdim=keepdim)


@primitive(
    masks=True,
    x=lambda g, x, x_shape, dim, keepdim: _where(
        isnan(x), 0, _spread(g, shape=x_shape, dim=dim, keepdim=keepdim)
    ),
)
def _nansum(x: Array, dim: Dims = None, keepdim: bool = False) -> Array:
    refuse_complex(x)
    return _accumulated(np.add, np.where(np.isnan(x), x.dtype.type(0), x), dim, keepdim)


def nanmean(input: Any, dim: Dims = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The mean along ``dim`` of what is not NaN; NaN where nothing is left.

    Raises DTypeError for integers and bools, unless ``dtype`` makes them floating.

    >>> import autograd
    >>> autograd.nanmean(autograd.tensor([1.0, float("nan"), 2.0]))
    tensor(1.5000)
    """
    if dtype is None:
        return _nanmean(input, dim=dim, keepdim=keepdim)
    return in_dtype(dtype, _nanmean, input, dim=dim, keepdim=keepdim)


@primitive(
    masks=True,
    x=lambda g, x, x_shape, dim, keepdim: _where(
        isnan(x),
        0,
        _spread(g / _valid_count(x, dim, keepdim), shape=x_shape, dim=dim, keepdim=keepdim),
    ),
)
def _nanmean(x: Array, dim: Dims = None, keepdim: bool = False) -> Array:
    refuse_integers(x)
    return _nansum(x, dim, keepdim) / _valid_count(x, dim, keepdim)


@primitive()
def _valid_count(x: Array, dim: Dims, keepdim: bool) -> Array:
    """How many elements are not NaN; NaN, for a quotient without a warning, if there are none."""
    valid = reduced(np.add, ~np.isnan(x), dim, keepdim, int64)
    return np.where(valid == 0, np.nan, valid).astype(x.dtype)


# -- products --------------------------------------------------------------------------------------


def prod(input: Any, dim: int | None = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The product along ``dim``; int64 for integers and bools. Its gradient is right with zeros,
    too.

    >>> import autograd
    >>> x = autograd.tensor([2.0, 0.0, 3.0], requires_grad=True)
    >>> autograd.prod(x).backward()
    >>> x.grad
    tensor([0., 6., 0.])
    """
    if dtype is None:
        return _prod(input, dim=dim, keepdim=keepdim)
    return in_dtype(dtype, _prod, input, dim=dim, keepdim=keepdim)


@primitive(
    x=lambda g, x, out, x_shape, dim, keepdim: (
        _spread(g, shape=x_shape, dim=dim, keepdim=keepdim)
        * (
            _spread(out, shape=x_shape, dim=dim, keepdim=keepdim) / x
            if array_of(x).all()
            else _others(x, dim)
        )
    )
)
def _prod(x: Array, dim: int | None = None, keepdim: bool = False) -> Array:
    return _accumulated(np.multiply, x, None if dim is None else axis_of(x, dim), keepdim)


def _others(x: Any, dim: int | None) -> Any:
    """For each element the product of all the others along ``dim``: one dim after the other."""
    others = x * 0 + 1
    for axis in range(len(x.shape)) if dim is None else (dim,):
        others = others * products_of_others(x, axis)
        x = _prod(x, dim=axis, keepdim=True)
    return others


# -- truth -----------------------------------------------------------------------------------------


@primitive()
def all(x: Array, dim: Dims = None, keepdim: bool = False) -> Array:
    """Whether all elements along ``dim`` are non-zero; bool, but uint8 for uint8.

    >>> import autograd
    >>> autograd.all(autograd.tensor([[True, False], [True, True]]), dim=1)
    tensor([False,  True])
    """
    return _truth(x, reduced(np.logical_and, x, dim, keepdim, bool_))


@primitive()
def any(x: Array, dim: Dims = None, keepdim: bool = False) -> Array:
    """Whether any element along ``dim`` is non-zero; bool, but uint8 for uint8.

    >>> import autograd
    >>> autograd.any(autograd.tensor([0.0, 2.0]))
    tensor(True)
    """
    return _truth(x, reduced(np.logical_or, x, dim, keepdim, bool_))


def _truth(x: Any, out: Any) -> Any:
    return out.astype(uint8) if x.dtype == uint8 else out


@primitive()
def count_nonzero(x: Array, dim: Dims = None) -> Array:
    """How many elements along ``dim`` are not zero.

    >>> import autograd
    >>> autograd.count_nonzero(autograd.tensor([0.0, 2.0, -1.0]))
    tensor(2)
    """
    return np.count_nonzero(x, axes_of(x, dim))
