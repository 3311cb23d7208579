"""Norms of vectors, and the logarithm of a sum of exponentials."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import convert, to_floating
from autograd.core.sums import LONG
from autograd.core.variable import Array, array_of
from autograd.dtypes import DIFFERENTIABLE, as_dtype, float16, float32
from autograd.errors import DTypeError, ShapeError
from autograd.ops.along import axes_of
from autograd.ops.arithmetic import pow
from autograd.ops.cumulative import _log_share
from autograd.ops.exponential import exp
from autograd.ops.extremes import amax, amin
from autograd.ops.magnitude import abs, sgn
from autograd.ops.orthogonal import svdvals
from autograd.ops.precision import summed_in
from autograd.ops.rearranging import movedim
from autograd.ops.reduction import Dims, _spread, count, reduced, refuse_integers, sum
from autograd.ops.selection import _where
from autograd.ops.shaping import checked_dims, reshape


def norm(
    input: Any,
    p: float | str | None = "fro",
    dim: Dims = None,
    keepdim: bool = False,
    dtype: Any = None,
) -> Any:
    """`vector_norm` of order ``p`` along ``dim``, by default over all elements; "fro" and None mean
    2.

    "nuc": the sum of the singular values of the matrices in the two dims ``dim``, by default the
    only ones. ``dtype``: convert ``input`` to it first. Raises DTypeError for integers and bools.

    >>> import autograd
    >>> autograd.norm(autograd.tensor([3.0, 4.0])), autograd.norm(autograd.tensor([3.0, -4.0]), 1)
    (tensor(5.), tensor(7.))
    """
    input = in_wider_dtype("norm", input, dtype)
    if p == "nuc":
        return _nuclear_norm(input, dim, keepdim)
    if p is None or p == "fro":
        p = 2
    if isinstance(p, str):
        raise ShapeError(f"norm: p must be a number, 'fro' or 'nuc', got {p!r}")
    return _vector_norm("norm", input, p, dim, keepdim)


def vector_norm(
    input: Any, ord: float = 2, dim: Dims = None, keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """``sum(abs(input) ** ord) ** (1 / ord)`` over ``dim`` (one, several, or by default all).

    ``ord`` may be infinite: the largest magnitude (negative infinity: the smallest); 0: how many
    elements are not 0. The gradient of a norm that is 0 is 0. ``dtype``: convert ``input`` to it
    first; it may not be narrower. Raises DTypeError for integers, ShapeError for the largest of no
    elements.

    >>> import autograd
    >>> autograd.linalg.vector_norm(autograd.tensor([3.0, -4.0]))
    tensor(5.)
    """
    input = in_wider_dtype("vector_norm", input, dtype)
    if isinstance(ord, (str, bool)) or ord is None:
        raise DTypeError(f"vector_norm: ord must be a number, got {ord!r}")
    return _vector_norm("vector_norm", input, ord, dim, keepdim)


def in_wider_dtype(name: str, x: Any, dtype: Any) -> Any:
    """``x`` in ``dtype``, if one is given.

    Raises DTypeError if ``x`` holds integers or bools, and unless ``dtype`` holds the same kind of
    numbers, with no fewer digits.
    """
    source = array_of(x).dtype
    if source not in DIFFERENTIABLE:
        raise DTypeError(
            f"{name}: needs a floating or complex dtype, got {source}; convert first: x.float()"
        )
    if dtype is None:
        return x
    dtype = as_dtype(dtype)
    if dtype.kind != source.kind or dtype.itemsize < source.itemsize:
        raise DTypeError(f"{name}: dtype {dtype} can't hold the {source} of x; use a wider one")
    return convert(x, dtype)


def _vector_norm(name: str, x: Any, p: float, dim: Dims, keepdim: bool) -> Any:
    axes = axes_of(x, dim, name)
    if (p < 0 or math.isinf(p)) and not count(x.shape, axes):
        raise ShapeError(f"{name}: no elements have no norm for p={p} (shape {x.shape}, dim {dim})")
    if p == 2:
        return _norm(x, dim=axes, keepdim=keepdim)
    if p == 0:
        return _nonzero_norm(x, dim=axes, keepdim=keepdim)
    if p == 1:
        return sum(abs(x), axes, keepdim)
    if math.isinf(p):
        return (amax if p > 0 else amin)(abs(x), dim=axes, keepdim=keepdim)
    return _p_norm(x, p=p, dim=axes, keepdim=keepdim)


def _nuclear_norm(x: Any, dim: Any, keepdim: bool) -> Any:
    shape = array_of(x).shape
    dims = tuple(range(len(shape))) if dim is None else dim
    if not isinstance(dims, (tuple, list)) or len(dims) != 2:
        raise ShapeError(
            f"norm: p='nuc' is for matrices; dim must name two dims of x {shape}, got {dims}"
        )
    return over_singular_values(sum, x, checked_dims("norm", dims, len(shape)), keepdim)


def over_singular_values(reduce: Any, x: Any, dims: Sequence[int], keepdim: bool) -> Any:
    """``reduce`` (`sum`, `amax`, `amin`) of the singular values of the matrices in two dims."""
    out = reduce(svdvals(movedim(x, dims, (-2, -1))), -1)
    if not keepdim:
        return out
    return reshape(out, tuple(1 if i in dims else n for i, n in enumerate(array_of(x).shape)))


@primitive(
    x=lambda g, x, out, x_shape, dim, keepdim: (
        x * _spread(_quotient_or_zero(g, out), shape=x_shape, dim=dim, keepdim=keepdim)
    )
)
def _norm(x: Array, dim: Dims = None, keepdim: bool = False) -> Array:
    refuse_integers(x)
    wide = _without_overflow(x)
    if dim is None and not keepdim:
        return np.sqrt(_sum_of_squares(wide.reshape(-1))).astype(x.real.dtype)
    squares = np.square(np.abs(wide) if x.dtype.kind == "c" else wide)
    return np.sqrt(reduced(np.add, squares, dim, keepdim)).astype(x.real.dtype)


def _sum_of_squares(x: Any) -> Any:
    """That of all elements: scalar products of rows, in which BLAS loses no more digits than
    NumPy's sum, which adds them up."""
    if x.size <= LONG:
        return np.vecdot(x, x).real
    rest = x.size % LONG
    rows = x[rest:].reshape(-1, LONG)
    return np.add.reduce(np.vecdot(rows, rows).real) + _sum_of_squares(x[:rest])


@primitive(
    x=lambda g, x_shape, dim, keepdim: _spread(g * 0, shape=x_shape, dim=dim, keepdim=keepdim)
)
def _nonzero_norm(x: Array, dim: Dims = None, keepdim: bool = False) -> Array:
    refuse_integers(x)
    return reduced(np.add, (x != 0).astype(x.real.dtype), dim, keepdim)


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
        total = reduced(np.add, np.abs(_without_overflow(x)) ** p, dim, keepdim)
        return (total ** (1 / p)).astype(x.real.dtype)


def _without_overflow(x: Any) -> Any:
    """``x`` in a dtype that holds powers of its elements: those of float16 soon overflow."""
    return x.astype(float32) if x.dtype == float16 else x


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
    # Of complex numbers the real parts alone, so that the result's imaginary part is principal.
    real = x.real if x.dtype.kind == "c" else x
    shift = np.asarray(np.maximum.reduce(real, axes, keepdims=True, initial=-np.inf))
    shift[~np.isfinite(shift)] = 0
    with np.errstate(divide="ignore"):  # log(0) is the right answer
        total = reduced(np.add, np.exp(x - shift), axes, True, summed_in(x.dtype))
        out = np.log(total).astype(x.dtype, copy=False) + shift
    return out if keepdim else out.squeeze(axes)
