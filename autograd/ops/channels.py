"""Sums, factors and shifts by channel: dim 1 of (batch, channels, ...).

In channels-last memory a broadcast over the other dims runs along a few channels only, time and
again. Here the numbers are first laid out for one element of the batch, so that the runs are long:
7 times faster for 6 channels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array
from autograd.ops.reduction import sum

# Where several passes over an array follow one another, they go over so many elements at a time,
# 256 KB of float32: these stay in the cache between the passes.
CACHED = 1 << 16


def slices(count: int, most: int) -> Iterator[slice]:
    """``range(count)`` in slices of at most ``most`` elements, but at least 1; none is longer than
    the first, nor much shorter.
    """
    parts = -(-count // max(1, most))
    step = max(1, -(-count // max(1, parts)))
    return (slice(start, min(start + step, count)) for start in range(0, count, step))


def channels_last(x: Array) -> Array:
    """A view (batch, ..., channels) of ``x`` (batch, channels, ...)."""
    # np.moveaxis takes 4 us; a convolution of 8 x 8 pixels has eight of them.
    return x.transpose(0, *range(2, x.ndim), 1)


def in_cache(x: Array) -> Iterator[slice]:
    """Slices of the batch x small enough to stay in the cache."""
    return slices(len(x), CACHED // max(1, math.prod(x.shape[1:])))


def laid_out_as(like: Array, x: Array) -> Array:
    """``x`` in the memory order of ``like``, which has its shape: itself, if it has it already."""
    steps = [stride // like.itemsize for stride in like.strides]
    if steps == [stride // x.itemsize for stride in x.strides]:
        return x
    out = np.empty_like(like, x.dtype)
    out[...] = x
    return out


def sum_by_channel(x: Any) -> Any:
    """The sum over all but dim 1."""
    total = sum(x, 0)  # first this dim, in long runs
    return sum(total, tuple(range(1, total.ndim))) if total.ndim > 1 else total


@primitive(
    x=lambda g, weight: g if weight is None else _scale_and_shift(g, weight, None),
    weight=lambda g, x: sum_by_channel(g * x),
    bias=lambda g: sum_by_channel(g),
)
def _scale_and_shift(x: Array, weight: Array | None, bias: Array | None) -> Array:
    """``x * weight + bias``, with a number per channel in each of the two, or None for 1 and 0."""
    if weight is None:
        return np.copy(x) if bias is None else x + laid_out(bias, x)
    dtype = np.result_type(x, weight, weight if bias is None else bias)
    return scale_and_shift_into(np.empty_like(x, dtype), x, weight, bias)


def scale_and_shift_into(out: Array, x: Array, weight: Array, bias: Array | None) -> Array:
    """Write ``x * weight + bias`` to ``out``, which may be ``x``; return it."""
    weight, bias = laid_out(weight, x), None if bias is None else laid_out(bias, x)
    for part in in_cache(x):
        np.multiply(x[part], weight, out=out[part])
        if bias is not None:
            out[part] += bias
    return out


@primitive(
    x=lambda g, factor: _scale_and_shift(g, factor, None),
    y=lambda g, slope: _scale_and_shift(g, slope, None),
    factor=lambda g, x: sum_by_channel(g * x),
    slope=lambda g, y: sum_by_channel(g * y),
    shift=lambda g: sum_by_channel(g),
)
def _blend(x: Array, y: Array, factor: Array, slope: Array, shift: Array) -> Array:
    """``x * factor + y * slope + shift``, with a number per channel in each of the last three."""
    factor, slope, shift = (laid_out(numbers, y) for numbers in (factor, slope, shift))
    out = np.empty_like(y)
    for part in in_cache(y):
        np.multiply(y[part], slope, out=out[part])
        out[part] += shift
        out[part] += x[part] * factor
    return out


@primitive(
    x=lambda g, y, center: _scale_and_shift(y, g, -center * g),
    y=lambda g, x: _scale_and_shift(x, g, None),
    center=lambda g, x: -g * sum_by_channel(x),
)
def _dot_by_channel(x: Array, y: Array, center: Array) -> Array:
    """The sum of ``x * (y - center)`` over all but dim 1."""
    center, total = laid_out(center, y), np.zeros(x.shape[1], x.dtype)
    for part in in_cache(y):
        total += dot(x[part], y[part] - center)
    return total


def dot(x: Array, y: Array) -> Array:
    """The sum of ``x * y`` over all but dim 1, in one pass."""
    total = np.einsum(x, [0, ...], y, [0, ...], [...])
    return np.add.reduce(total, axis=tuple(range(1, total.ndim)))


def laid_out(numbers: Array, x: Array) -> Array:
    """A number per channel as an array like one element of the batch ``x``, in its memory order."""
    row = np.empty_like(x[:1], numbers.dtype, shape=(1, *x.shape[1:]))
    row[...] = numbers.reshape(-1, *(1,) * (x.ndim - 2))
    return row
