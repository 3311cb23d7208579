"""Norms of vectors, and the logarithm of a sum of exponentials."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import to_floating
from autograd.core.variable import Array
from autograd.errors import DTypeError, ShapeError
from autograd.ops.along import axes_of, in_dtype
from autograd.ops.arithmetic import pow
from autograd.ops.cumulative import _log_share
from autograd.ops.exponential import exp
from autograd.ops.extremes import amax, amin
from autograd.ops.magnitude import abs, sgn
from autograd.ops.reduction import Dims, _spread, count, reduced, refuse_integers, sum
from autograd.ops.selection import _where


def norm(
    x: Any,
    p: float | str | None = "fro",
    dim: Dims = None,
    keepdim: bool = False,
    dtype: Any = None,
) -> Any:
    """The norm of the vectors along ``dim``: ``sum(abs(x) ** p) ** (1 / p)``; "fro" and None mean
    2.

    ``p=inf`` and ``-inf``: the largest and smallest absolute value; 0: how many are not 0. The
    gradient at 0 is 0. Raises DTypeError for integers and bools, unless ``dtype`` makes them
    floating.

    >>> import autograd
    >>> autograd.norm(autograd.tensor([3.0, 4.0])), autograd.norm(autograd.tensor([3.0, -4.0]), 1)
    (tensor(5.), tensor(7.))
    """
    if dtype is not None:
        return in_dtype(dtype, norm, x, p=p, dim=dim, keepdim=keepdim)
    if p is None or p == "fro":
        p = 2
    if isinstance(p, str):
        raise DTypeError(
            f"norm: p must be a number or 'fro', got {p!r}; for matrices use linalg.matrix_norm"
        )
    axes = axes_of(x, dim, "norm")
    if (p < 0 or math.isinf(p)) and not count(x.shape, axes):
        raise ShapeError(f"norm: no elements have no norm for p={p} (shape {x.shape}, dim {dim})")
    if p == 2:
        return _norm(x, dim=axes, keepdim=keepdim)
    if p == 0:
        return _nonzero_norm(x, dim=axes, keepdim=keepdim)
    if p == 1:
        return sum(_magnitude(x), axes, keepdim)
    if math.isinf(p):
        return (amax if p > 0 else amin)(_magnitude(x), dim=axes, keepdim=keepdim)
    return _p_norm(x, p=p, dim=axes, keepdim=keepdim)


def _magnitude(x: Any) -> Any:
    if x.dtype.kind not in "fc":
        raise DTypeError(
            f"norm: needs a floating or complex dtype, got {x.dtype}; convert first: x.float()"
        )
    return abs(x)


@primitive(
    x=lambda g, x, out, x_shape, dim, keepdim: (
        x * _spread(_quotient_or_zero(g, out), shape=x_shape, dim=dim, keepdim=keepdim)
    )
)
def _norm(x: Array, dim: Dims = None, keepdim: bool = False) -> Array:
    refuse_integers(x)
    return np.sqrt(
        reduced(np.add, np.square(np.abs(x) if x.dtype.kind == "c" else x), dim, keepdim)
    )


@primitive(
    x=lambda g, x_shape, dim, keepdim: _spread(g * 0, shape=x_shape, dim=dim, keepdim=keepdim)
)
def _nonzero_norm(x: Array, dim: Dims = None, keepdim: bool = False) -> Array:
    refuse_integers(x)
    return reduced(
        np.add, (x != 0).astype(np.abs(x[:0]).dtype if x.ndim else x.real.dtype), dim, keepdim
    )


@primitive(
    x=lambda g, x, out, x_shape, p, dim, keepdim: (
        _spread(g, shape=x_shape, dim=dim, keepdim=keepdim)
        * sgn(x)
        * _power_or_zero(
            _quotient_or_zero(abs(x), _spread(out, shape=x_shape, dim=dim, keepdim=keepdim)), p - 1
        )
    )
)
def _p_norm(x: Array, p: float, dim: Dims, keepdim: bool) -> Array:
    refuse_integers(x)
    with np.errstate(divide="ignore"):  # for p < 0, one 0 makes the norm 0
        return reduced(np.add, np.abs(x) ** p, dim, keepdim) ** (1 / p)


def _power_or_zero(x: Any, p: float) -> Any:
    return _where(_is_zero(x), 0, pow(x, p))


@primitive()
def _is_zero(x: Array) -> Array:
    return x == 0


@primitive(
    x=lambda g, y: _quotient_or_zero(g, y),
    y=lambda g, y, out: -_quotient_or_zero(g * out, y),
)
def _quotient_or_zero(x: Array, y: Array) -> Array:
    """``x / y``, and 0 where ``y`` is 0, as are its derivatives there: the subgradient of a root of
    squares."""
    zero = np.equal(y, 0)
    if not zero.any():
        return np.divide(x, y)
    return np.where(zero, 0, np.divide(x, np.where(zero, 1, y)))


@primitive(
    promote=to_floating,
    x=lambda g, x, out, x_shape, dim, keepdim: (
        _spread(g, shape=x_shape, dim=dim, keepdim=keepdim)
        * exp(_log_share(x, _spread(out, shape=x_shape, dim=dim, keepdim=keepdim)))
    ),
)
def logsumexp(x: Array, dim: Dims, keepdim: bool = False) -> Array:
    """``log(sum(exp(x)))`` along ``dim``, computed without overflow; -infinity for no elements.

    >>> import autograd
    >>> autograd.logsumexp(autograd.tensor([1000.0, 1000.0]), 0)
    tensor(1000.6932)
    """
    axes = axes_of(x, dim)
    largest = np.max(x, axes, keepdims=True, initial=-np.inf)
    shift = np.where(np.isfinite(largest), largest, x.dtype.type(0))
    with np.errstate(divide="ignore"):  # log(0) is the right answer
        out = np.log(reduced(np.add, np.exp(x - shift), axes, True)) + shift
    return out if keepdim else np.squeeze(out, axes)
