"""Batch normalization.

Sums are taken in blocks that stay in the first cache, each in x's own precision, and added up in
double precision. A variance is that of each block around the block's own mean, and what the means
differ by (Chan, Golub and LeVeque, 1979): as exact as two passes, but one through memory.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from autograd.kernels.compiled import common
from autograd.kernels.compiled.common import accepts, compiled, primitive_of
from autograd.ops.normalization import _batch_norm, _batch_norm_gradients
from autograd.threads import spread

SHARE = 1 << 16  # elements; as much work as handing them to another thread
BLOCK = 1 << 12  # elements
WIDTH = 64  # channels; so many make a loop over them worth its start

# -- channels that lie next to each other: (rows, channels) ----------------------------------------


@compiled
def _moments_along(
    x: Any, scratch: Any, totals: Any, squares: Any, bounds: Any, first: int, last: int
) -> None:
    """By channel the sum, and the sum of squares around the mean, of the rows of each part, which
    ``bounds`` tell."""
    channels = x.shape[1]
    step = max(8, BLOCK // channels)
    for part in range(first, last):
        mean, deviation = scratch[part, 0], scratch[part, 1]
        total, square = totals[part], squares[part]
        total[:] = 0
        square[:] = 0
        begin = bounds[part]
        for start in range(begin, bounds[part + 1], step):
            stop = min(start + step, bounds[part + 1])
            before, count = start - begin, stop - start
            mean[:] = 0
            deviation[:] = 0
            for row in range(start, stop):
                for c in range(channels):
                    mean[c] += x[row, c]
            for c in range(channels):
                mean[c] /= count
            for row in range(start, stop):
                for c in range(channels):
                    distance = x[row, c] - mean[c]
                    deviation[c] += distance * distance
            for c in range(channels):
                apart = mean[c] - total[c] / max(before, 1)
                square[c] += deviation[c] + apart * apart * (count * before / (count + before))
                total[c] += np.float64(mean[c]) * count


@compiled
def _scale_along(
    x: Any, center: Any, scale: Any, shift: Any, out: Any, first: int, last: int
) -> None:
    for row in range(first, last):
        for c in range(x.shape[1]):
            out[row, c] = (x[row, c] - center[c]) * scale[c] + shift[c]


@compiled
def _sums_along(
    g: Any,
    x: Any,
    center: Any,
    scratch: Any,
    totals: Any,
    alongs: Any,
    bounds: Any,
    first: int,
    last: int,
) -> None:
    """By channel the sums of ``g`` and of ``g * (x - center)`` over the rows of each part."""
    channels = x.shape[1]
    step = max(8, BLOCK // channels)
    for part in range(first, last):
        sum_g, sum_along = scratch[part, 0], scratch[part, 1]
        total, along = totals[part], alongs[part]
        total[:] = 0
        along[:] = 0
        for start in range(bounds[part], bounds[part + 1], step):
            sum_g[:] = 0
            sum_along[:] = 0
            for row in range(start, min(start + step, bounds[part + 1])):
                for c in range(channels):
                    sum_g[c] += g[row, c]
                    sum_along[c] += g[row, c] * (x[row, c] - center[c])
            for c in range(channels):
                total[c] += sum_g[c]
                along[c] += sum_along[c]


@compiled
def _gradient_along(
    g: Any,
    x: Any,
    center: Any,
    factor: Any,
    slope: Any,
    shift: Any,
    out: Any,
    first: int,
    last: int,
) -> None:
    for row in range(first, last):
        for c in range(x.shape[1]):
            out[row, c] = g[row, c] * factor[c] + (x[row, c] - center[c]) * slope[c] + shift[c]


# -- channels apart: (batch, channels, elements) ---------------------------------------------------


@compiled(reorder=True)
def moments_of(x: Any) -> Any:
    """The sum of a line, and the sum of squares around its mean."""
    total, square = 0.0, 0.0
    for start in range(0, x.size, BLOCK):
        block = x[start : start + BLOCK]
        mean = x.dtype.type(0)
        deviation = x.dtype.type(0)
        for i in range(block.size):
            mean += block[i]
        mean /= x.dtype.type(block.size)
        for i in range(block.size):
            deviation += (block[i] - mean) * (block[i] - mean)
        apart = mean - total / max(start, 1)
        square += deviation + apart * apart * (block.size * start / (block.size + start))
        total += np.float64(mean) * block.size
    return total, square


@compiled
def _moments_apart(
    x: Any, _: Any, totals: Any, squares: Any, bounds: Any, first: int, last: int
) -> None:
    for n in range(first, last):
        for c in range(x.shape[1]):
            totals[n, c], squares[n, c] = moments_of(x[n, c])


@compiled
def _scale_apart(
    x: Any, center: Any, scale: Any, shift: Any, out: Any, first: int, last: int
) -> None:
    for n in range(first, last):
        for c in range(x.shape[1]):
            line, written = x[n, c], out[n, c]
            middle, by, plus = center[c], scale[c], shift[c]
            for i in range(line.size):
                written[i] = (line[i] - middle) * by + plus


@compiled(reorder=True)
def sums_of(g: Any, x: Any, center: Any) -> Any:
    """The sums of ``g`` and of ``g * (x - center)`` over a line."""
    total, along = 0.0, 0.0
    for start in range(0, x.size, BLOCK):
        block, upstream = x[start : start + BLOCK], g[start : start + BLOCK]
        sum_g = x.dtype.type(0)
        sum_along = x.dtype.type(0)
        for i in range(block.size):
            sum_g += upstream[i]
            sum_along += upstream[i] * (block[i] - center)
        total += sum_g
        along += sum_along
    return total, along


@compiled
def _sums_apart(
    g: Any,
    x: Any,
    center: Any,
    _: Any,
    totals: Any,
    alongs: Any,
    bounds: Any,
    first: int,
    last: int,
) -> None:
    for n in range(first, last):
        for c in range(x.shape[1]):
            totals[n, c], alongs[n, c] = sums_of(g[n, c], x[n, c], center[c])


@compiled
def _gradient_apart(
    g: Any,
    x: Any,
    center: Any,
    factor: Any,
    slope: Any,
    shift: Any,
    out: Any,
    first: int,
    last: int,
) -> None:
    for n in range(first, last):
        for c in range(x.shape[1]):
            line, upstream, written = x[n, c], g[n, c], out[n, c]
            middle, by, along, plus = center[c], factor[c], slope[c], shift[c]
            for i in range(line.size):
                written[i] = upstream[i] * by + (line[i] - middle) * along + plus


# -- batch normalization ---------------------------------------------------------------------------


class _Layout:
    """How the elements of a batch lie in memory, and the kernels for that."""

    def __init__(self, x: Any) -> None:
        self.channels = x.shape[1]
        self.channels_last = (0, *range(2, x.ndim), 1)
        self.along = x.transpose(self.channels_last).flags.c_contiguous
        self.fits = x.size > 0 and (self.along or x.flags.c_contiguous)
        if not self.fits:
            return
        if self.along:
            rows = x.size // self.channels
            # A few channels are taken several times over, as many as divide the rows.
            self.times = math.gcd(rows, 1 << max(0, (WIDTH // self.channels).bit_length() - 1))
            self.rows = rows // self.times
            self.parts = min(16, self.rows, -(-x.size // SHARE))
        else:
            self.times, self.rows, self.parts = 1, len(x), len(x)
        self.bounds = bounds_of(self.rows, self.parts)
        self.least = SHARE * self.rows // x.size + 1  # rows

    def lines(self, x: Any) -> Any:
        """``x`` as the kernels take it: a view if it lies in memory like this."""
        if self.along:
            wide = self.channels * self.times
            return np.ascontiguousarray(x.transpose(self.channels_last)).reshape(self.rows, wide)
        return np.ascontiguousarray(x).reshape(*x.shape[:2], -1)

    def numbers(self, by_channel: Any, dtype: Any) -> Any:
        """One number for each channel, as the kernels take them."""
        wide = by_channel if self.times == 1 else np.tile(by_channel, self.times)
        return wide.astype(dtype)

    def sums(self, kernel: Any, *arrays: Any) -> tuple[Any, Any, Any]:
        """The two sums that ``kernel`` finds of each part, and how many elements a part has."""
        width = self.channels * self.times
        scratch = common.allocate((self.parts, 2, width), arrays[0].dtype)
        totals, others = (common.allocate((self.parts, width), np.float64) for _ in range(2))
        least = -(-self.least * self.parts // self.rows)
        spread(
            lambda first, last: kernel(*arrays, scratch, totals, others, self.bounds, first, last),
            self.parts,
            least,
        )
        counts = np.diff(self.bounds) if self.along else np.full(self.parts, arrays[0].shape[2])
        shape = (self.parts * self.times, self.channels)
        return totals.reshape(shape), others.reshape(shape), np.repeat(counts, self.times)[:, None]

    def spread(self, kernel: Any, *args: Any) -> None:
        """Call ``kernel`` for all rows."""
        spread(lambda first, last: kernel(*args, first, last), self.rows, self.least)


@functools.cache
def bounds_of(rows: int, parts: int) -> Any:
    """Where parts of about equally many rows begin, and the end of the last."""
    return np.array([rows * part // parts for part in range(parts + 1)], np.int64)


def batch_norm(x: Any, weight: Any, bias: Any, eps: float) -> Any:
    """`autograd.ops.normalization._batch_norm`."""
    layout = _Layout(x) if _accepted(x, weight, bias) else None
    if layout is None or not layout.fits:
        return NotImplemented
    lines = layout.lines(x)
    kernel = _moments_along if layout.along else _moments_apart
    totals, squares, counts = layout.sums(kernel, lines)
    count = x.size // layout.channels
    center = totals.sum(0) / count
    apart = totals / counts - center
    variance = (squares.sum(0) + (apart * apart * counts).sum(0)) / count
    scale = 1 / np.sqrt(variance + eps)
    numbers = [
        center,
        scale if weight is None else scale * weight,
        np.zeros(layout.channels) if bias is None else bias,
    ]
    numbers = [layout.numbers(values, x.dtype) for values in numbers]
    out = common.allocate(x.shape, x.dtype, x)
    layout.spread(
        _scale_along if layout.along else _scale_apart, lines, *numbers, layout.lines(out)
    )
    return out, center.astype(x.dtype), variance.astype(x.dtype)


def batch_norm_gradients(
    g: Any, wanted: Any, x: Any, weight: Any, center: Any, variance: Any, eps: float
) -> Any:
    """`autograd.ops.normalization._batch_norm_gradients`."""
    g, g_center, g_variance = g
    g = common.plain(g)
    layout = _Layout(x) if _accepted(x, weight, None) and accepts(x, g) else None
    if layout is None or not layout.fits:
        return NotImplemented
    lines, upstream = layout.lines(x), layout.lines(g)
    middle = layout.numbers(center, x.dtype)
    kernel = _sums_along if layout.along else _sums_apart
    totals, alongs, _ = layout.sums(kernel, upstream, lines, middle)
    total, along, count = totals.sum(0), alongs.sum(0), x.size // layout.channels
    scale = 1 / np.sqrt(variance.astype(np.float64) + eps)
    factor = scale if weight is None else scale * weight
    slope = (2 * g_variance - factor * scale * scale * along) / count
    shift = (g_center - factor * total) / count
    numbers = [layout.numbers(values, x.dtype) for values in (factor, slope, shift)]
    out = common.allocate(x.shape, x.dtype, x)
    kernel = _gradient_along if layout.along else _gradient_apart
    layout.spread(kernel, upstream, lines, middle, *numbers, layout.lines(out))
    by_weight = None if weight is None else (along * scale).astype(x.dtype)
    return out, by_weight, total.astype(x.dtype)


def _accepted(x: Any, weight: Any, bias: Any) -> bool:
    arrays = [array for array in (weight, bias) if array is not None]
    return accepts(x) and x.ndim >= 2 and all(array.dtype == x.dtype for array in arrays)


KERNELS = {
    primitive_of(_batch_norm): batch_norm,
    primitive_of(_batch_norm_gradients): batch_norm_gradients,
}
