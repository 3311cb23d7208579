"""Kernels for the three maps of `autograd.ops.convolution_maps`, over one or two dims."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from autograd.kernels.compiled import common
from autograd.kernels.compiled.common import accepts, primitive_of
from autograd.kernels.compiled.correlation import correlate, correlate_weight
from autograd.ops.convolution_maps import (
    _conv,
    _conv_transpose,
    _conv_transpose_and_weight,
    _conv_weight,
)
from autograd.ops.windows import Sizes, Windows

# With fewer channels in a group the definition is faster, unless each has exactly one.
FEW = 8


def conv(x: Any, weight: Any, bias: Any, windows: Windows, groups: int) -> Any:
    """`_conv` of float32 or float64 over one or two dims."""
    counts, outputs = windows.counts(x.shape[2:]), len(weight)
    shapes = (x.shape, weight.shape, (len(x), outputs, *counts))
    if not _handles(windows, groups, *shapes, bias, outputs) or not _accepts(x, weight, bias):
        return NotImplemented
    out = common.allocate((len(x), *counts, outputs), x.dtype)
    result = np.moveaxis(out, -1, 1)
    planar, weight, x, y = _planar(windows, weight, x, result)
    # One channel each: the kernel sees that from the weight.
    parts = 1 if groups == x.shape[3] == y.shape[3] else groups
    split = (_split(array, dim, parts) for array, dim in ((x, 3), (weight, 0), (bias, 0), (y, 3)))
    for x_part, weight_part, bias_part, y_part in zip(*split):
        correlate(x_part, weight_part, bias_part, planar, y_part)
    return result


def conv_transpose(y: Any, weight: Any, bias: Any, windows: Windows, groups: int) -> Any:
    """`_conv_transpose` likewise."""
    size, channels = windows.size(y.shape[2:]), groups * weight.shape[1]
    shapes = ((len(y), channels, *size), weight.shape, y.shape)
    if not _handles(windows, groups, *shapes, bias, channels) or not _accepts(y, weight, bias):
        return NotImplemented
    out = common.allocate((len(y), *size, channels), y.dtype)
    result = np.moveaxis(out, -1, 1)
    planar, weight, y, x = _planar(windows, weight, y, result)
    parts = 1 if groups == x.shape[3] == y.shape[3] else groups
    split = (_split(array, dim, parts) for array, dim in ((y, 3), (weight, 0), (bias, 0), (x, 3)))
    for y_part, weight_part, bias_part, x_part in zip(*split):
        exchanged = np.swapaxes(weight_part, 0, 1) if parts == groups else weight_part
        _spread(y_part, exchanged, bias_part, x_part, planar)
    return result


def conv_weight(x: Any, y: Any, windows: Windows, groups: int) -> Any:
    """`_conv_weight` likewise."""
    shapes = (x.shape, (y.shape[1], x.shape[1] // groups, *windows.kernel), y.shape)
    if not _handles(windows, groups, *shapes) or not accepts(x, y):
        return NotImplemented
    planar, _, x, y = _planar(windows, None, x, y)
    by_channel = 1 < groups == x.shape[3] == y.shape[3]
    parts = 1 if by_channel else groups
    totals = [
        np.moveaxis(correlate_weight(*part, planar, by_channel), (-1, -2), (0, 1))
        for part in zip(_split(x, 3, parts), _split(y, 3, parts))
    ]
    total = totals[0] if parts == 1 else np.concatenate(totals)
    return total.reshape(*total.shape[:2], *windows.kernel)


def conv_transpose_and_weight(x: Any, weight: Any, y: Any, windows: Windows, groups: int) -> Any:
    """`_conv_transpose_and_weight`: the kernels copy no windows, so they share nothing."""
    by_x = conv_transpose(y, weight, None, windows, groups)
    by_weight = NotImplemented if by_x is NotImplemented else conv_weight(x, y, windows, groups)
    return NotImplemented if by_weight is NotImplemented else (by_x, by_weight)


KERNELS: dict[Any, Any] = {
    primitive_of(_conv): conv,
    primitive_of(_conv_transpose): conv_transpose,
    primitive_of(_conv_transpose_and_weight): conv_transpose_and_weight,
    primitive_of(_conv_weight): conv_weight,
}


def _handles(
    windows: Windows,
    groups: int,
    x: Sizes,
    weight: Sizes,
    y: Sizes,
    bias: Any = None,
    biases: int = 0,
) -> bool:
    """Whether there is a kernel for arrays of these shapes. It would not notice that they do not
    fit, so this does; the definition will say why."""
    # Vectors of so few channels are mostly empty, and every group is a call.
    few = groups > 1 and min(x[1], y[1]) < FEW * groups
    return (
        windows.dims <= 2
        and min(x + weight + y) > 0
        and (not few or groups == x[1] == y[1])
        and (y[0], x[1], *windows.counts(x[2:])) == (x[0], groups * weight[1], *y[2:])
        and weight == (y[1], weight[1], *windows.kernel)
        and (bias is None or bias.shape == (biases,))
    )


def _accepts(x: Any, weight: Any, bias: Any) -> bool:
    return accepts(x, weight) if bias is None else accepts(x, weight, bias)


def _planar(windows: Windows, weight: Any, *images: Any) -> tuple[Any, ...]:
    """All in two dims, and of the images views with channels last."""
    if windows.dims == 1:
        kernel, stride, padding, dilation = windows
        windows = Windows((1, *kernel), (1, *stride), ((0, 0), *padding), (1, *dilation))
        weight = None if weight is None else weight[:, :, None]
        images = tuple(array[:, :, None] for array in images)
    if windows[:3] == ((1, 1), (1, 1), ((0, 0), (0, 0))):  # as one row, a plane has longer tiles
        images = tuple(array.reshape(*array.shape[:2], 1, -1) for array in images)
    return windows, weight, *(np.moveaxis(array, 1, -1) for array in images)


def _split(array: Any, dim: int, groups: int) -> Any:
    """The parts of ``array`` along ``dim``, one for each group; so many Nones for None."""
    if array is None or groups == 1:
        return [array] * groups
    return np.split(array, groups, dim)


class _Phase(NamedTuple):
    """Those elements along one dim of x, a stride apart, to which the same taps lead from y."""

    elements: slice
    taps: slice  # of the weight
    padding: tuple[int, int]  # of y, when these taps slide over it in reverse
    dilation: int


def _spread(y: Any, weight: Any, bias: Any, out: Any, windows: Windows) -> None:
    """Write to ``out`` (batch, height, width, channels) what `_conv_transpose` says.

    It is a correlation of y for each phase of the stride, with some of the taps. ``weight`` is
    (channels, out_channels, *window), or (channels, 1, *window) for each channel from its own."""
    for row, column in itertools.product(*(_phases(windows, y, out, dim) for dim in (0, 1))):
        taps = weight[..., row.taps, column.taps][..., ::-1, ::-1]
        part = out[:, row.elements, column.elements]
        if not taps.size:
            part[...] = 0 if bias is None else bias
            continue
        pads, dilation = (row.padding, column.padding), (row.dilation, column.dilation)
        correlate(y, taps, bias, Windows(taps.shape[2:], (1, 1), pads, dilation), part)


def _phases(windows: Windows, y: Any, out: Any, dim: int) -> Iterator[_Phase]:
    kernel, stride, dilation = (
        sizes[dim] for sizes in (windows.kernel, windows.stride, windows.dilation)
    )
    before, _ = windows.padding[dim]
    size, count = out.shape[dim + 1], y.shape[dim + 1]
    shared = math.gcd(stride, dilation)
    for first in range(min(stride, size)):
        # Element ``first + t * stride`` has the tap ``tap + i * stride / shared`` in the window at
        # ``start + t - i * dilation / shared``.
        hits = (k for k in range(kernel) if (first + before - k * dilation) % stride == 0)
        tap = next(hits, kernel)
        start = (first + before - tap * dilation) // stride
        taps = slice(tap, None, stride // shared)
        reach = (len(range(kernel)[taps]) - 1) * (dilation // shared)
        elements = len(range(first, size, stride))
        pads = (reach - start, elements + start - count)
        yield _Phase(slice(first, None, stride), taps, pads, dilation // shared)
