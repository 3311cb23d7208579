"""New contents for a tensor, in its shape and dtype: what the in-place `fill_`, `zero_` and `copy_`
leave."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import NUMBERS, convert
from autograd.core.variable import Array, Variable, array_of, unwrap
from autograd.errors import ShapeError, describe
from autograd.ops.checks import as_scalar
from autograd.ops.indexing import index_put


@primitive(x=lambda g: g * 0, source=lambda g: g)
def _replace(x: Array, source: Array) -> Array:
    return np.broadcast_to(source, x.shape).astype(x.dtype)


def fill(x: Any, value: Any) -> Any:
    """A tensor like ``x`` full of ``value``, a number or a tensor without dims.

    Raises DTypeError for a number that the dtype of ``x`` can't hold.

    >>> import autograd
    >>> autograd.fill(autograd.zeros(2), 3)
    tensor([3., 3.])
    """
    if np.ndim(unwrap(value)) != 0:
        raise ShapeError(f"fill: value must be one number, got {describe(unwrap(value))}")
    if isinstance(value, NUMBERS):
        value = as_scalar(value, array_of(x).dtype, "fill: ")
    return copy(x, value)


def zero(x: Any) -> Any:
    """Zeros like ``x``."""
    return _replace(x, 0)


def fill_diagonal(x: Any, value: Any, wrap: bool = False) -> Any:
    """``x`` with ``value``, a number, at all places whose indices are equal.

    ``wrap``: in a matrix that has more rows than columns, again below, after a row that is left
    out. Raises ShapeError unless ``x`` has two dims, or more of one size.

    >>> import autograd
    >>> autograd.zeros(2, 3).fill_diagonal_(1).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    shape = array_of(x).shape
    if len(shape) < 2 or (len(shape) > 2 and len(set(shape)) > 1):
        raise ShapeError(f"fill_diagonal: needs two dims, or more of one size, got shape {shape}")
    apart = sum(int(np.prod(shape[dim + 1 :])) for dim in range(len(shape)))
    end = array_of(x).size if wrap and len(shape) == 2 else min(shape) * apart
    places = np.arange(0, min(end, array_of(x).size), apart)
    return index_put(x.reshape(-1), (places,), value).reshape(shape)


def copy(x: Any, source: Any, non_blocking: bool = False) -> Any:
    """``source`` in the shape (by broadcasting) and the dtype of ``x``."""
    if isinstance(source, Variable):
        source = convert(source, array_of(x).dtype)
    return _replace(x, source)
