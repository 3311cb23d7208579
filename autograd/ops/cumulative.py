"""Scans along a dim: running sums, products, maxima."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of
from autograd.dtypes import float16, int64
from autograd.ops.along import ValuesIndices, _take_along, axis_of, in_dtype, refuse_complex
from autograd.ops.exponential import exp, log_of_sum, to_inexact
from autograd.ops.precision import half_in_single

# -- sums and products -----------------------------------------------------------------------------


def cumsum(input: Any, dim: int, *, dtype: Any = None) -> Any:
    """The sums of the first 1, 2, ... elements along ``dim``; int64 for integers and bools.

    >>> import autograd
    >>> autograd.cumsum(autograd.tensor([1.0, 2.0, 3.0]), 0)
    tensor([1., 3., 6.])
    """
    return _cumsum(input, dim=dim) if dtype is None else in_dtype(dtype, _cumsum, input, dim=dim)


def cumprod(input: Any, dim: int, *, dtype: Any = None) -> Any:
    """The products of the first 1, 2, ... elements along ``dim``; int64 for integers and bools.

    >>> import autograd
    >>> autograd.cumprod(autograd.tensor([2.0, 3.0, 4.0]), 0)
    tensor([ 2.,  6., 24.])
    """
    return _cumprod(input, dim=dim) if dtype is None else in_dtype(dtype, _cumprod, input, dim=dim)


@primitive(x=lambda g, dim, reverse: _cumsum(g, dim=dim, reverse=not reverse))
def _cumsum(x: Array, dim: int, reverse: bool = False) -> Array:
    return _accumulated(np.add, x, dim, reverse)


@primitive(x=lambda g, x, out, dim, reverse: _cumprod_gradient(g, x, out, dim, reverse))
def _cumprod(x: Array, dim: int, reverse: bool = False) -> Array:
    return _accumulated(np.multiply, x, dim, reverse)


def _cumprod_gradient(g: Any, x: Any, out: Any, dim: int, reverse: bool) -> Any:
    """The sum, over all products that ``x[k]`` is in, of their gradients times their other
    factors."""
    if array_of(x).all():
        return _cumsum(g * out, dim=dim, reverse=not reverse) / x
    # Zeros can't be divided out. The factors before k are a product; those behind it are summed by
    # Horner's scheme, s[k] = g[k] + x[k+1] * s[k+1].
    step = -1 if reverse else 1
    before = _shift(out, by=step, dim=dim, fill=1)
    return before * _recurrence(_shift(x, by=-step, dim=dim), g, dim=dim, reverse=not reverse)


def products_of_others(x: Any, dim: int) -> Any:
    """For each element along ``dim`` the product of all the others, without a division, so zeros
    may be among them."""
    before = _shift(_cumprod(x, dim=dim), by=1, dim=dim, fill=1)
    return before * _shift(_cumprod(x, dim=dim, reverse=True), by=-1, dim=dim, fill=1)


def _accumulated(ufunc: np.ufunc, x: Any, dim: int, reverse: bool) -> Any:
    axis = axis_of(x, dim)
    if not x.ndim:
        return x.astype(int64 if x.dtype.kind in "biu" else x.dtype)
    source = np.flip(x, axis) if reverse else x
    if x.dtype == float16:
        out = ufunc.accumulate(source, axis, np.float32).astype(float16)
    else:
        out = ufunc.accumulate(source, axis, int64 if x.dtype.kind in "biu" else None)
    return np.flip(out, axis) if reverse else out


# -- the two operations that the gradients of scans are made of ------------------------------------


@primitive(x=lambda g, by, dim: _shift(g, by=-by, dim=dim))
def _shift(x: Array, by: int, dim: int, fill: float = 0) -> Array:
    """``x`` moved ``by`` (1 or -1) along ``dim``, with ``fill`` where nothing moved to."""
    if not x.ndim:
        return np.full_like(x, fill)
    out = np.roll(x, by, dim)
    np.moveaxis(out, dim, 0)[slice(1) if by > 0 else slice(-1, None)] = fill
    return out


@primitive(
    joint=lambda g, wanted, x, out, dim, reverse: _recurrence_gradients(g, x, out, dim, reverse)
)
def _recurrence(x: Array, y: Array, dim: int, reverse: bool = False) -> Array:
    """``out[k] = y[k] + x[k] * out[k-1]`` along ``dim`` (``k+1`` if ``reverse``): a linear
    recurrence.

    In log2(n) steps over the whole array, each of which joins neighbouring runs to runs of twice
    the length (Hillis and Steele 1986; for recurrences Blelloch 1990).
    """
    if not x.ndim:
        return np.copy(y)
    factors, out = np.copy(x), np.copy(y)
    a, b = np.moveaxis(factors, dim, 0), np.moveaxis(out, dim, 0)
    if reverse:
        a, b = a[::-1], b[::-1]
    length = 1
    while length < len(b):
        b[length:] += a[length:] * b[:-length]
        a[length:] *= a[:-length].copy()
        length *= 2
    return out


def _recurrence_gradients(g: Any, x: Any, out: Any, dim: int, reverse: bool) -> tuple[Any, Any]:
    """The adjoint of a recurrence is the recurrence in the other direction."""
    step = -1 if reverse else 1
    by_y = _recurrence(_shift(x, by=-step, dim=dim), g, dim=dim, reverse=not reverse)
    return by_y * _shift(out, by=step, dim=dim), by_y


# -- logarithms of sums of exponentials ------------------------------------------------------------


@half_in_single
@primitive(promote=to_inexact, x=lambda g, x, out, dim: _logcumsumexp_gradient(g, x, out, dim))
def logcumsumexp(x: Array, dim: int) -> Array:
    """``log(cumsum(exp(x)))`` along ``dim``, computed without overflow.

    >>> import autograd
    >>> autograd.logcumsumexp(autograd.tensor([1000.0, 1000.0]), 0)
    tensor([1000.0000, 1000.6932])
    """
    axis = axis_of(x, dim)
    if not x.ndim:
        return np.copy(x)
    if x.dtype.kind == "c":  # for which NumPy has no such ufunc
        columns = itertools.accumulate(np.moveaxis(x, axis, 0), log_of_sum)
        return np.stack(list(columns), axis) if x.shape[axis] else np.copy(x)
    with np.errstate(invalid="ignore"):  # it warns of every NaN
        return np.logaddexp.accumulate(x, axis)


def _logcumsumexp_gradient(g: Any, x: Any, out: Any, dim: int) -> Any:
    # sum over j >= k of g[j] * exp(x[k] - out[j]), by a recurrence whose factors exp(out[k] -
    # out[k+1]) are at most 1.
    factors = exp(_log_share(out, _shift(out, by=-1, dim=dim, fill=np.inf)))
    return exp(_log_share(x, out)) * _recurrence(factors, g, dim=dim, reverse=True)


@primitive(x=lambda g: g, total=lambda g: -g)
def _log_share(x: Array, total: Array) -> Array:
    """``x - total``: the logarithm of the share of ``exp(x)`` in ``exp(total)``, where ``x <=
    total``.

    Where the total is infinite, only infinities have a share in it; where it is 0, nothing has.
    """
    infinite = np.isinf(total)
    if not infinite.any():
        return np.subtract(x, total)
    with np.errstate(invalid="ignore"):
        shares = np.where((x == total) & (total > 0), 0, -np.inf).astype(x.dtype)
        return np.where(infinite, shares, np.subtract(x, total))


# -- running extremes ------------------------------------------------------------------------------


def cummax(input: Any, dim: int) -> ValuesIndices:
    """The largest of the first 1, 2, ... elements along ``dim``, and its index: the last one of
    several. NaN wins.

    The gradient of each goes to the element with that index.

    >>> import autograd
    >>> autograd.cummax(autograd.tensor([1.0, 3.0, 2.0]), 0).values
    tensor([1., 3., 3.])
    """
    return _records("cummax", input, dim, largest=True)


def cummin(input: Any, dim: int) -> ValuesIndices:
    """The smallest of the first 1, 2, ... elements along ``dim``, and its index: the last one of
    several. NaN wins.

    The gradient of each goes to the element with that index.

    >>> import autograd
    >>> autograd.cummin(autograd.tensor([3.0, 1.0, 2.0]), 0).indices
    tensor([0, 1, 1])
    """
    return _records("cummin", input, dim, largest=False)


def _records(operation: str, x: Any, dim: int, largest: bool) -> ValuesIndices:
    refuse_complex(x, operation)
    axis = axis_of(x, dim, operation)
    indices = _record_indices(x, dim=axis, largest=largest)
    return ValuesIndices(_take_along(x, indices, dim=axis, repeated=True), indices)


@primitive()
def _record_indices(x: Array, dim: int, largest: bool) -> Array:
    """For each element along ``dim``, the index of the last that was as extreme as any before
    it."""
    if not x.ndim:
        return np.zeros_like(x, dtype=int64)
    running = (np.maximum if largest else np.minimum).accumulate(x, dim)
    is_record = (x == running) | np.isnan(x)
    positions = np.indices(x.shape, sparse=True)[dim]
    return np.maximum.accumulate(np.where(is_record, positions, 0), dim)
