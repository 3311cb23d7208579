"""Writing at the places an index names: replacing, adding, and reducing what arrives at one
place."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of, unwrap
from autograd.errors import DTypeError, ShapeError
from autograd.ops.arithmetic import _div, floor_divide
from autograd.ops.comparison import eq
from autograd.ops.gathering import _gather, flat_along
from autograd.ops.indexing import checked_dim
from autograd.ops.precision import sum_at
from autograd.ops.selection import _where

# -- where gather reads ----------------------------------------------------------------------------


@primitive(
    x=lambda g, index, dim: _scatter(g, 0, index, dim=dim),
    src=lambda g, x_shape, index, dim: _where(
        _is_last(index, dim=dim, shape=x_shape), _gather(g, index, dim=dim), 0
    ),
)
def _scatter(x: Array, src: Array, index: Array, *, dim: int) -> Array:
    out = np.array(x, order="C")
    places = flat_along(x.shape, index, dim)
    out.reshape(-1)[places.reshape(-1)] = src if np.ndim(src) == 0 else src.reshape(-1)
    return out


@primitive()
def _is_last(index: Array, *, dim: int, shape: tuple[int, ...]) -> Array:
    """Where ``index`` names a place for the last time: the value written there stays."""
    places = flat_along(shape, index, dim).reshape(-1)
    writer = np.empty(int(np.prod(shape)), np.int64)
    order = np.arange(places.size)
    writer[places] = order
    return (writer[places] == order).reshape(index.shape)


@primitive(x=lambda g: g, src=lambda g, index, dim: _gather(g, index, dim=dim))
def _scatter_add(x: Array, src: Array, index: Array, *, dim: int) -> Array:
    out = np.array(x, order="C")
    places = flat_along(x.shape, index, dim).reshape(-1)
    sum_at(out.reshape(-1), places, src if np.ndim(src) == 0 else src.reshape(-1))
    return out


def scatter(
    input: Any,
    dim: int,
    index: Any,
    src: Any = None,
    *,
    value: Any = None,
    reduce: str | None = None,
) -> Any:
    """A copy of ``input`` with ``src`` (a tensor, or a number) written where ``gather(input, dim,
    index)`` would read.

    Where ``index`` names a place repeatedly, the last value stays. ``reduce``: "add" or "multiply"
    instead.
    Raises ShapeError, DimensionError.

    >>> import autograd
    >>> autograd.scatter(autograd.zeros(2, 3), 1, autograd.tensor([[2], [0]]), 5.0)
    tensor([[0., 0., 5.],
            [5., 0., 0.]])
    """
    if (src is None) == (value is None):
        raise DTypeError("scatter: needs either src or value")
    src = value if src is None else src
    if reduce is not None:
        if reduce not in ("add", "multiply"):
            raise DTypeError(f"scatter: reduce must be None, 'add' or 'multiply', got {reduce!r}")
        if np.ndim(unwrap(src)) == 0:
            src = np.full_like(array_of(input), unwrap(src), shape=array_of(index).shape)
        return scatter_reduce(input, dim, index, src, "sum" if reduce == "add" else "prod")
    dim, src = _operands("scatter", input, dim, index, src)
    return _scatter(input, src, index, dim=dim)


def scatter_add(input: Any, dim: int, index: Any, src: Any) -> Any:
    """A copy of ``input`` with ``src`` added where ``gather(input, dim, index)`` would read;
    repeatedly where places repeat.

    >>> import autograd
    >>> autograd.scatter_add(autograd.zeros(3), 0, autograd.tensor([0, 0, 2]), autograd.ones(3))
    tensor([2., 0., 1.])
    """
    dim, src = _operands("scatter_add", input, dim, index, src)
    return _scatter_add(input, src, index, dim=dim)


def _operands(name: str, x: Any, dim: int, index: Any, src: Any) -> tuple[int, Any]:
    """``dim`` counted from the front, and the part of ``src`` that ``index`` covers."""
    shape, needed, given = array_of(x).shape, array_of(index).shape, np.shape(unwrap(src))
    dim = checked_dim(name, dim, len(shape))
    if not hasattr(unwrap(src), "dtype"):
        return dim, src
    if array_of(src).dtype != array_of(x).dtype:
        raise DTypeError(
            f"{name}: src must have the dtype of x, {array_of(x).dtype}, got "
            f"{array_of(src).dtype}; use src.to(x)"
        )
    if given == needed or 0 in needed:
        return dim, src
    if given == () and needed == (1,):
        return dim, src.reshape(1)
    if len(given) != len(needed) or any(size > limit for size, limit in zip(needed, given)):
        raise ShapeError(
            f"{name}: src of shape {given} must be at least as large as index, {needed}, in "
            f"every dim"
        )
    return dim, src[tuple(map(slice, needed))]


def scatter_reduce(
    input: Any, dim: int, index: Any, src: Any, reduce: str, *, include_self: bool = True
) -> Any:
    """``input`` with the values of ``src`` that arrive at one place, as by `scatter_add`, reduced
    together with it.

    ``reduce``: "sum", "prod", "mean", "amax" or "amin". ``include_self=False`` leaves the value of
    ``input`` itself out,
    where anything arrives. Ties share the gradient of amax and amin equally. Raises ShapeError,
    DimensionError.

    >>> import autograd
    >>> src, index = autograd.tensor([1.0, 2.0, 3.0]), autograd.tensor([0, 0, 1])
    >>> autograd.scatter_reduce(autograd.zeros(3), 0, index, src, "mean", include_self=False)
    tensor([1.5000, 3.0000, 0.0000])
    """
    if reduce not in _REDUCTIONS:
        raise DTypeError(
            f"scatter_reduce: reduce must be one of {', '.join(_REDUCTIONS)}, got {reduce!r}"
        )
    kind = array_of(input).dtype.kind
    if (kind == "c" and reduce in ("amax", "amin")) or (kind == "b" and reduce == "mean"):
        raise DTypeError(f"scatter_reduce: {reduce} is not defined for {array_of(input).dtype}")
    dim, src = _operands("scatter_reduce", input, dim, index, src)
    if not include_self:
        input = _scatter(input, _neutral(reduce, array_of(input).dtype), index, dim=dim)
    if reduce == "mean":
        return _scatter_mean(input, src, index, dim, include_self)
    return _REDUCTIONS[reduce](input, src, index, dim=dim)


def _neutral(reduce: str, dtype: Any) -> Any:
    """The value that changes nothing in a reduction."""
    if reduce not in ("amax", "amin"):
        return 1 if reduce == "prod" else 0
    if dtype.kind == "f":
        return -np.inf if reduce == "amax" else np.inf
    if dtype.kind == "b":
        return reduce == "amin"
    limits = np.iinfo(dtype)
    return limits.min if reduce == "amax" else limits.max


def _scatter_mean(x: Any, src: Any, index: Any, dim: int, include_self: bool) -> Any:
    array, places = array_of(x), array_of(index)
    counts: Any = _scatter_add(
        np.zeros_like(array), np.ones_like(array, shape=places.shape), places, dim=dim
    )
    counts = counts + 1 if include_self else np.maximum(counts, 1)
    total = _scatter_add(x, src, index, dim=dim)
    return floor_divide(total, counts) if array.dtype.kind in "iu" else _div(total, counts)


def _product_gradients(
    g: Any, wanted: Any, x: Any, src: Any, index: Any, out: Any, dim: int
) -> tuple[Any, ...]:
    """Of the product at each place by each factor: the product of all others, whatever zeros there
    are among them."""
    by_x = g * _scatter_prod(_filled(x, 1), src, index, dim=dim) if wanted[0] else None
    if not wanted[1]:
        return by_x, None, None
    zero = eq(src, 0)
    zeros = _gather(
        _scatter_add(_filled(x, 0), zero * _filled(src, 1), index, dim=dim), index, dim=dim
    )
    nonzero = _where(zero, 1, src)
    without_zeros = _gather(_scatter_prod(x, nonzero, index, dim=dim), index, dim=dim)
    # Of two zeros, the other one is what remains of their sum: 0 now, but it has a derivative.
    other = (
        _gather(_scatter_add(_filled(x, 0), _where(zero, src, 0), index, dim=dim), index, dim=dim)
        - src
    )
    others = _where(eq(zeros, 1), 1, _where(eq(zeros, 2), other, 0))
    by_src = _where(zero, without_zeros * others, _gather(out, index, dim=dim) / nonzero)
    return by_x, _gather(g, index, dim=dim) * by_src, None


@primitive(joint=_product_gradients)
def _scatter_prod(x: Array, src: Array, index: Array, *, dim: int) -> Array:
    out = np.array(x, order="C")
    np.multiply.at(out.reshape(-1), flat_along(x.shape, index, dim).reshape(-1), src.reshape(-1))
    return out


@primitive()
def _filled(x: Array, value: Any) -> Array:
    return np.full_like(x, value)


def _extreme_gradients(
    g: Any, wanted: Any, x: Any, src: Any, index: Any, out: Any, dim: int
) -> tuple[Any, ...]:
    """Everything that equals the extreme has an equal share in it."""
    at_x = eq(x, out) * _filled(x, 1)
    at_src = eq(src, _gather(out, index, dim=dim)) * _filled(src, 1)
    share = g / _scatter_add(at_x, at_src, index, dim=dim)
    return share * at_x, _gather(share, index, dim=dim) * at_src, None


def _extreme_at(choose: np.ufunc, x: Any, src: Any, index: Any, dim: int) -> Any:
    out = np.array(x, order="C")
    with np.errstate(
        invalid="ignore"
    ):  # a NaN becomes the extreme, as it should, but with a warning
        choose.at(out.reshape(-1), flat_along(x.shape, index, dim).reshape(-1), src.reshape(-1))
    return out


@primitive(joint=_extreme_gradients)
def _scatter_amax(x: Array, src: Array, index: Array, *, dim: int) -> Array:
    return _extreme_at(np.maximum, x, src, index, dim)


@primitive(joint=_extreme_gradients)
def _scatter_amin(x: Array, src: Array, index: Array, *, dim: int) -> Array:
    return _extreme_at(np.minimum, x, src, index, dim)


_REDUCTIONS: dict[str, Any] = {
    "sum": _scatter_add,
    "prod": _scatter_prod,
    "mean": _scatter_mean,
    "amax": _scatter_amax,
    "amin": _scatter_amin,
}
