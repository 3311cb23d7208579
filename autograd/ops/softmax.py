"""Softmax and its relatives, and the one-hot encoding."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.formula import formula
from autograd.core.primitive import primitive
from autograd.core.promotion import convert
from autograd.core.variable import Array, array_of, checked_tensor, make
from autograd.dtypes import FLOATING, as_dtype, int64
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops.arithmetic import neg
from autograd.ops.exponential import exp
from autograd.ops.precision import summed_in
from autograd.ops.reduction import _sum, reduced
from autograd.ops.row_sums import dot_along


def sum_along(x: Any, dim: int) -> Any:
    """The sum over ``dim``, which stays with size 1."""
    return _sum(x, dim=dim, keepdim=True)


@primitive(x=lambda g, out, dim: _softmax_gradient(g, out, dim))
def _softmax(x: Array, dim: int) -> Array:
    with np.errstate(invalid="ignore"):  # infinity less infinity
        out = _below_maximum(x, dim)
    np.exp(out, out=out)
    out /= _sum_of(out, dim)
    return out


@formula
def _softmax_gradient(g: Any, out: Any, dim: int) -> Any:
    return out * (g - dot_along(g, out, dim))


@primitive(x=lambda g, out, dim: _log_softmax_gradient(g, out, dim))
def _log_softmax(x: Array, dim: int) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):  # a sum of no elements is 0
        out = _below_maximum(x, dim)
        out -= np.log(_sum_of(np.exp(out), dim))
    return out


@formula
def _log_softmax_gradient(g: Any, out: Any, dim: int) -> Any:
    return g - exp(out) * sum_along(g, dim)


def _sum_of(x: Any, dim: int) -> Any:
    return reduced(np.add, x, dim, True, summed_in(x.dtype))


def _below_maximum(x: Any, dim: int) -> Any:
    """``x`` minus its maximum, so that exp cannot overflow. A slice of nothing but -infinity
    becomes NaN."""
    return np.asarray(x - np.maximum.reduce(x, axis=dim, keepdims=True, initial=-np.inf))


def _prepared(name: str, x: Any, dim: int | None, dtype: Any) -> tuple[Any, int]:
    """``x`` as a floating tensor, and ``dim``, checked."""
    if dim is None:
        raise DimensionError(
            f"{name}: needs dim, the one whose elements add up to 1; the last is dim=-1"
        )
    if dtype is not None:
        x = convert(checked_tensor(x), as_dtype(dtype))
    array = array_of(x)
    count = array.ndim or 1
    if not -count <= dim < count:
        raise DimensionError(f"{name}: dim {dim} is out of range for {array.ndim} dims")
    if array.dtype not in FLOATING:
        raise DTypeError(
            f"{name}: needs a floating x, got {array.dtype}; pass dtype='float32', or convert x "
            "first"
        )
    return x, dim


def softmax(input: Any, dim: int | None = None, *, dtype: Any = None) -> Any:
    """``exp(input)`` over its sum along ``dim``; shifted by the maximum, so that it cannot
    overflow.

    NaN where a whole slice is -infinity. ``dtype`` converts ``input`` first. Raises DimensionError,
    DTypeError for integers.

    >>> import autograd
    >>> autograd.softmax(autograd.tensor([0.0, 0.0, 0.0, 0.0]), dim=0)
    tensor([0.2500, 0.2500, 0.2500, 0.2500])
    """
    input, dim = _prepared("softmax", input, dim, dtype)
    return _softmax(input, dim=dim)


def log_softmax(input: Any, dim: int | None = None, *, dtype: Any = None) -> Any:
    """``log(softmax(input))`` along ``dim``, without the loss of precision of taking one after the
    other.

    >>> import autograd
    >>> autograd.log_softmax(autograd.tensor([0.0, 1000.0]), dim=0)
    tensor([-1000.,     0.])
    """
    input, dim = _prepared("log_softmax", input, dim, dtype)
    return _log_softmax(input, dim=dim)


def softmin(input: Any, dim: int | None = None, *, dtype: Any = None) -> Any:
    """``softmax(-input)`` along ``dim``."""
    return softmax(neg(input), dim, dtype=dtype)


def one_hot(tensor: Any, num_classes: int = -1) -> Any:
    """For each class index a new last dim of ``num_classes`` integers: 1 at the index, 0 elsewhere.

    By default there are as many classes as the largest index asks for. Raises DTypeError unless
    ``tensor`` is int64,
    ShapeError for an index that is negative or too large.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.one_hot(autograd.tensor([0, 2]))
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """
    index = array_of(tensor)
    if index.dtype != int64:
        raise DTypeError(
            f"one_hot: needs class indices as int64, got {index.dtype}; convert: x.to('int64')"
        )
    if not index.size and num_classes <= 0:
        raise ShapeError("one_hot: no index says how many classes there are; pass num_classes")
    if index.size and index.min() < 0:
        raise ShapeError(f"one_hot: class indices must not be negative, got {index.min()}")
    if num_classes == -1:
        num_classes = int(index.max()) + 1
    if num_classes < 1 or (index.size and index.max() >= num_classes):
        raise ShapeError(
            f"one_hot: index {index.max()} needs at least {index.max() + 1} classes, got "
            f"{num_classes}"
        )
    return make((index[..., None] == np.arange(num_classes)).astype(int64))
