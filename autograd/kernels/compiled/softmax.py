"""Softmax along the last dim, what is made of it, and their gradients: each in one pass over rows
that stay in the first cache.

What needs `exp` is for float32 only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.kernels.compiled import common
from autograd.kernels.compiled.common import accepts, compiled, primitive_of
from autograd.kernels.compiled.elementary import exp
from autograd.ops.attention import _attention_weights, _scores_gradient
from autograd.ops.classification import _cross_entropy, _cross_entropy_gradient
from autograd.ops.softmax import (
    _log_softmax,
    _log_softmax_gradient,
    _softmax,
    _softmax_gradient,
)
from autograd.threads import spread

SHARE = 1 << 15  # elements; as much work as handing them to another thread
_SIGN = np.int32(31)
_REST = np.int32(0x7FFFFFFF)


@compiled
def _ordered(bits: Any) -> Any:
    """The bits of a float32 as an integer that is ordered as the floats are, and back again."""
    return np.int32(bits ^ ((bits >> _SIGN) & _REST))


@compiled
def _largest(x: Any) -> Any:
    """The maximum of a line; NaN if there is one whose sign bit is not set.

    As integers, since the maximum of floats is not vectorized if NaN have to be respected."""
    bits = x.view(np.int32)
    largest = np.int32(-(2**31))
    for i in range(bits.size):
        largest = max(largest, _ordered(bits[i]))
    return np.int32(_ordered(largest)).view(np.float32)


@compiled(reorder=True)
def _exponentials(x: Any, shift: Any, out: Any) -> Any:
    """Write ``exp(x - shift)`` into ``out``; the sum of it."""
    total = np.float32(0)
    for i in range(x.size):
        e = exp(x[i] - shift)
        out[i] = e
        total += e
    return total


@compiled(reorder=True)
def _sum_of_exponentials(x: Any, shift: Any) -> Any:
    total = np.float32(0)
    for i in range(x.size):
        total += exp(x[i] - shift)
    return total


@compiled(reorder=True)
def dot(x: Any, y: Any) -> Any:
    """The sum of the products of two lines."""
    total = x.dtype.type(0)
    for i in range(x.size):
        total += x[i] * y[i]
    return total


@compiled(reorder=True)
def _sum(x: Any) -> Any:
    total = x.dtype.type(0)
    for i in range(x.size):
        total += x[i]
    return total


@compiled(reorder=True)
def _exponentials_in_place(x: Any, shift: Any) -> Any:
    """Replace x by ``exp(x - shift)``; the sum of it. LLVM vectorizes `_exponentials` only for two
    arrays."""
    total = np.float32(0)
    for i in range(x.size):
        e = exp(x[i] - shift)
        x[i] = e
        total += e
    return total


@compiled
def to_weights(line: Any, safe: bool) -> None:
    """Replace a line by its softmax; one of nothing but -infinity becomes 0 if ``safe``, else
    NaN."""
    top = _largest(line)
    if safe and top == -np.inf:
        top = np.float32(0)
    total = _exponentials_in_place(line, top)
    factor = np.float32(1) / (np.float32(1) if safe and total == 0 else total)
    for i in range(line.size):
        line[i] *= factor


@compiled
def _softmax_rows(x: Any, out: Any, safe: bool, first: int, last: int) -> None:
    """``out`` may be ``x``."""
    for row in range(first, last):
        line, written = x[row], out[row]
        for i in range(written.size):
            written[i] = line[i]
        to_weights(written, safe)


@compiled
def _softmax_gradient_rows(g: Any, weights: Any, out: Any, first: int, last: int) -> None:
    for row in range(first, last):
        upstream, line, written = g[row], weights[row], out[row]
        along = dot(upstream, line)
        for i in range(written.size):
            written[i] = line[i] * (upstream[i] - along)


@compiled
def _log_softmax_rows(x: Any, out: Any, first: int, last: int) -> None:
    for row in range(first, last):
        line, written = x[row], out[row]
        top = _largest(line)
        total = np.log(_sum_of_exponentials(line, top))
        for i in range(written.size):
            written[i] = (line[i] - top) - total


@compiled
def _log_softmax_gradient_rows(g: Any, logs: Any, out: Any, first: int, last: int) -> None:
    for row in range(first, last):
        upstream, line, written = g[row], logs[row], out[row]
        total = _sum(upstream)
        for i in range(written.size):
            written[i] = upstream[i] - exp(line[i]) * total


@compiled
def _cross_entropy_rows(x: Any, target: Any, out: Any, first: int, last: int) -> None:
    for row in range(first, last):
        line = x[row]
        top = _largest(line)
        out[row] = np.log(_sum_of_exponentials(line, top)) - (line[target[row]] - top)


@compiled
def _cross_entropy_gradient_rows(
    g: Any, x: Any, target: Any, out: Any, first: int, last: int
) -> None:
    for row in range(first, last):
        line, written = x[row], out[row]
        factor = g[row] / _exponentials(line, _largest(line), written)
        for i in range(written.size):
            written[i] *= factor
        written[target[row]] -= g[row]


# -- from arrays of any number of dims to rows -----------------------------------------------------


def _has_rows(dim: int, x: Any, *others: Any) -> bool:
    """Whether these are arrays of one shape whose rows, along ``dim``, the kernels can take."""
    return (
        accepts(x, *others)
        and x.ndim > 0
        and x.size > 0
        and dim in (-1, x.ndim - 1)
        and all(array.shape == x.shape for array in others)
        and all(array.flags.c_contiguous for array in (x, *others))
    )


def _by_rows(kernel: Callable[..., None], *arrays: Any, flags: tuple[Any, ...] = ()) -> Any:
    """Call ``kernel`` on the rows of ``arrays``; the last of these."""
    length = arrays[-1].shape[-1]
    lines = [array.reshape(-1, length) for array in arrays]
    least = SHARE // length + 1
    spread(lambda first, last: kernel(*lines, *flags, first, last), len(lines[0]), least)
    return arrays[-1]


def softmax(x: Any, dim: int) -> Any:
    """`autograd.ops.softmax._softmax`."""
    if x.dtype != np.float32 or not _has_rows(dim, x):
        return NotImplemented
    return _by_rows(_softmax_rows, x, common.allocate(x.shape, x.dtype), flags=(False,))


def softmax_gradient(g: Any, out: Any, dim: int) -> Any:
    """`autograd.ops.softmax._softmax_gradient`."""
    g = np.ascontiguousarray(common.plain(g))
    if not _has_rows(dim, g, out):
        return NotImplemented
    return _by_rows(_softmax_gradient_rows, g, out, common.allocate(g.shape, g.dtype))


def log_softmax(x: Any, dim: int) -> Any:
    """`autograd.ops.softmax._log_softmax`."""
    if x.dtype != np.float32 or not _has_rows(dim, x):
        return NotImplemented
    return _by_rows(_log_softmax_rows, x, common.allocate(x.shape, x.dtype))


def log_softmax_gradient(g: Any, out: Any, dim: int) -> Any:
    """`autograd.ops.softmax._log_softmax_gradient`."""
    g = np.ascontiguousarray(common.plain(g))
    if g.dtype != np.float32 or not _has_rows(dim, g, out):
        return NotImplemented
    return _by_rows(_log_softmax_gradient_rows, g, out, common.allocate(g.shape, g.dtype))


def cross_entropy(x: Any, target: Any) -> Any:
    """`autograd.ops.classification._cross_entropy`, of (n, classes)."""
    if not _has_classes(x, target):
        return NotImplemented
    out, classes = common.allocate(target.shape, x.dtype), np.ascontiguousarray(target)
    least = SHARE // x.shape[1] + 1
    spread(lambda first, last: _cross_entropy_rows(x, classes, out, first, last), len(x), least)
    return out


def cross_entropy_gradient(g: Any, x: Any, target: Any) -> Any:
    """`autograd.ops.classification._cross_entropy_gradient`, of (n, classes)."""
    g = np.ascontiguousarray(common.plain(g)) if g.shape else np.full(target.shape, g, x.dtype)
    if not _has_classes(x, target) or not accepts(x, g):
        return NotImplemented
    out, classes = common.allocate(x.shape, x.dtype), np.ascontiguousarray(target)
    spread(
        lambda first, last: _cross_entropy_gradient_rows(g, x, classes, out, first, last),
        len(x),
        SHARE // x.shape[1] + 1,
    )
    return out


def _has_classes(x: Any, target: Any) -> bool:
    return (
        x.ndim == 2
        and x.dtype == np.float32
        and _has_rows(1, x)
        and type(target) is np.ndarray
        and target.dtype == np.int64
        and target.flags.writeable
        # Compiled code would read, or write, anywhere.
        and 0 <= target.min() <= target.max() < x.shape[1]
    )


def attention_weights(query: Any, key: Any, bias: Any, scale: float, safe: bool) -> Any:
    """`autograd.ops.attention._attention_weights`."""
    if query.dtype != np.float32 or not accepts(query, key):
        return NotImplemented
    weights = np.matmul(query * scale, key.swapaxes(-1, -2))
    if bias is not None:
        weights += bias
    if not _has_rows(-1, weights):
        return NotImplemented
    return _by_rows(_softmax_rows, weights, weights, flags=(safe,))


def scores_gradient(weights: Any, upstream: Any) -> Any:
    """`autograd.ops.attention._scores_gradient`."""
    return softmax_gradient(upstream, weights, -1)


KERNELS = {
    primitive_of(_softmax): softmax,
    primitive_of(_softmax_gradient): softmax_gradient,
    primitive_of(_log_softmax): log_softmax,
    primitive_of(_log_softmax_gradient): log_softmax_gradient,
    primitive_of(_cross_entropy): cross_entropy,
    primitive_of(_cross_entropy_gradient): cross_entropy_gradient,
    primitive_of(_attention_weights): attention_weights,
    primitive_of(_scores_gradient): scores_gradient,
}
