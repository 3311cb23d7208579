"""Dims, and the choice of elements along one of them: what reductions, scans and sorts share."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import convert
from autograd.core.variable import Array, array_of
from autograd.dtypes import as_dtype
from autograd.errors import DimensionError, DTypeError, ShapeError, describe
from autograd.ops.places import places_along
from autograd.ops.precision import sum_at


class ValuesIndices(NamedTuple):
    """Elements chosen along a dim, and where along it they were."""

    values: Any
    indices: Any


# -- dims ------------------------------------------------------------------------------------------


def axis_of(x: Any, dim: Any, operation: str = "") -> int:
    """``dim`` counted from the first dim of ``x``; a 0-d ``x`` is treated as having one.

    ``operation`` names the caller in the messages, where the engine does not.
    """
    ndim = array_of(x).ndim or 1
    if type(dim) is int and -ndim <= dim < ndim:
        return dim % ndim
    prefix, suffix = (f"{operation}: ", f" (x {describe(array_of(x))})") if operation else ("", "")
    try:
        axis = operator.index(dim)
    except TypeError:
        axis = None
    if axis is None or isinstance(dim, bool):
        raise DTypeError(f"{prefix}dim must be an integer, got {dim!r}{suffix}")
    if not -ndim <= axis < ndim:
        raise DimensionError(
            f"{prefix}dim must lie between {-ndim} and {ndim - 1}, got {axis}{suffix}"
        )
    return axis % ndim


def axes_of(x: Any, dim: Any, operation: str = "") -> tuple[int, ...] | None:
    """``dim``, an integer or several, as NumPy's ``axis``; None, for all, if it is None or
    empty."""
    if dim is None:
        return None
    if type(dim) is int:
        return (axis_of(x, dim, operation),) if x.shape else None
    dims = dim if isinstance(dim, (tuple, list)) else (dim,)
    axes = tuple([axis_of(x, d, operation) for d in dims])
    if len(set(axes)) < len(axes):
        prefix = f"{operation}: " if operation else ""
        raise ShapeError(f"{prefix}dim {dim} names a dim twice; name each once")
    return (axes or None) if len(x.shape) else None


def in_dtype(dtype: Any, operation: Callable[..., Any], x: Any, **params: Any) -> Any:
    """``operation`` on ``x`` converted to ``dtype``, with a result of that dtype."""
    dtype = as_dtype(dtype)
    return convert(operation(convert(x, dtype), **params), dtype)


def refuse_complex(x: Any, operation: str = "") -> None:
    """Raise DTypeError for complex ``x``, where an operation needs an order."""
    if array_of(x).dtype.kind == "c":
        prefix = f"{operation}: " if operation else ""
        raise DTypeError(f"{prefix}complex numbers have no order; use x.abs() or x.real")


# -- elements by their indices along a dim ---------------------------------------------------------


@primitive(
    x=lambda g, indices, x_shape, dim, keepdim, repeated: _put_along(
        g, indices, shape=x_shape, dim=dim, keepdim=keepdim, repeated=repeated
    )
)
def _take_along(
    x: Array, indices: Array, dim: int, keepdim: bool = True, repeated: bool = False
) -> Array:
    """The elements of ``x`` at ``indices`` along ``dim``, for each position in the other dims.

    ``keepdim=False``: ``indices`` and the result lack ``dim``. ``repeated``: an index may occur
    twice.
    """
    if not x.ndim:
        return np.copy(x)
    if keepdim:
        return x.reshape(-1).take(places_along(x.shape, indices, dim))
    places = places_along(x.shape, np.expand_dims(indices, dim), dim)
    return x.reshape(-1).take(np.squeeze(places, dim))


@primitive(
    x=lambda g, indices, dim, keepdim, repeated: _take_along(
        g, indices, dim=dim, keepdim=keepdim, repeated=repeated
    )
)
def _put_along(
    x: Array, indices: Array, shape: tuple[int, ...], dim: int, keepdim: bool, repeated: bool
) -> Array:
    """Zeros of ``shape`` with ``x`` added at ``indices`` along ``dim``: the adjoint of
    `_take_along`."""
    if not shape:
        return np.copy(x)
    if not keepdim:
        x, indices = np.expand_dims(x, dim), np.expand_dims(indices, dim)
    out = np.zeros_like(x, shape=math.prod(shape))
    places = places_along(shape, indices, dim)
    if repeated:
        sum_at(out, places.reshape(-1), x.reshape(-1))
    else:
        out[places] = x
    return out.reshape(shape)
