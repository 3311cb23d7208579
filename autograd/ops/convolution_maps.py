"""The three maps that convolutions are made of: any number of dims, every two of them the third's
derivatives.

A convolution pairs inputs x, weights w and outputs y: the sum of ``x[..] * w[..] * y[..]`` over all
places where a window lies is linear in each of the three. Leaving out one of them gives the three
maps below: y from x and w, x from y and w, w from x and y. So the derivatives of each are the other
two.

They work on channels-last memory, for then a window is a few long runs, and one matrix product does
the rest. The results have the usual shape (batch, channels, *space) as a view of such memory, which
NumPy's elementwise operations preserve.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array
from autograd.ops.channels import laid_out, sum_by_channel
from autograd.ops.windows import Windows, padded

# As many elements of columns are made at a time, so that they are still in the cache when used.
COLUMNS = 1 << 18
# Over so few channels, columns are made another way.
FEW = 4


@primitive(
    x=lambda g, weight, windows, groups: _conv_transpose(g, weight, None, windows, groups),
    weight=lambda g, x, windows, groups: _conv_weight(x, g, windows, groups),
    bias=lambda g: sum_by_channel(g),
)
def _conv(x: Array, weight: Array, bias: Array | None, windows: Windows, groups: int) -> Array:
    """Each window of x (batch, channels, *space) times weight (out_channels, channels / groups,
    *window).
    """
    counts, matrix = windows.counts(x.shape[2:]), _matrix(weight, groups)
    out = np.empty((len(x), *counts, len(weight)), x.dtype)
    result = np.moveaxis(out, -1, 1)
    for images in _chunks(len(x), math.prod(counts) * matrix[..., 0].size):
        np.matmul(_columns(x[images], windows, groups), matrix, out=_rows(result[images], groups))
    if bias is not None:
        result += laid_out(bias, result)
    return result


@primitive(
    y=lambda g, weight, windows, groups: _conv(g, weight, None, windows, groups),
    weight=lambda g, y, windows, groups: _conv_weight(g, y, windows, groups),
    bias=lambda g: sum_by_channel(g),
)
def _conv_transpose(
    y: Array, weight: Array, bias: Array | None, windows: Windows, groups: int
) -> Array:
    """Spread y (batch, out_channels, *counts) by weight over the windows it belongs to: the adjoint
    of `_conv`.
    """
    if max(windows.stride) == 1:
        return _conv(y, _flipped(weight, groups), bias, _reversed(windows), groups)
    counts, (inputs, *kernel) = y.shape[2:], weight.shape[1:]
    area, matrix = math.prod(kernel), np.swapaxes(_matrix(weight, groups), 1, 2)
    out = np.empty((len(y), *windows.size(counts), groups * inputs), y.dtype)
    result = np.moveaxis(out, -1, 1)
    for images in _chunks(len(y), math.prod(counts) * area * out.shape[-1]):
        columns = np.matmul(_rows(y[images], groups), matrix)
        columns = columns.reshape(groups, -1, *counts, area, inputs)
        parts = (np.moveaxis(columns[..., i, :], (0, -1), (1, 2)) for i in range(area))
        spread = windows.scatter(parts, counts)  # (batch, groups, channels, *size)
        result[images] = spread.reshape(-1, *result.shape[1:])
    if bias is not None:
        result += laid_out(bias, result)
    return result


@primitive(
    x=lambda g, y, windows, groups: _conv_transpose(y, g, None, windows, groups),
    y=lambda g, x, windows, groups: _conv(x, g, None, windows, groups),
)
def _conv_weight(x: Array, y: Array, windows: Windows, groups: int) -> Array:
    """The sum over all places of x in the window times y: the gradient of `_conv` by its weight."""
    inputs, outputs = x.shape[1] // groups, y.shape[1] // groups
    total = np.zeros((groups, math.prod(windows.kernel) * inputs, outputs), x.dtype)
    for images in _chunks(len(x), math.prod(y.shape[2:]) * total[..., 0].size):
        total += np.matmul(
            np.swapaxes(_columns(x[images], windows, groups), 1, 2), _rows(y[images], groups)
        )
    weight = np.moveaxis(total.reshape(groups, *windows.kernel, inputs, outputs), (-1, -2), (1, 2))
    return weight.reshape(-1, inputs, *windows.kernel)


def _chunks(images: int, columns: int) -> Iterator[slice]:
    """All of so many images, a few at a time, given how many columns' elements each takes."""
    step = max(1, COLUMNS // max(1, columns))
    return (slice(start, start + step) for start in range(0, images, step))


def _columns(x: Array, windows: Windows, groups: int) -> Array:
    """The windows of x as rows of a matrix for each group: (groups, windows, elements of a
    window).
    """
    view = windows.view(padded(x, windows.padding))
    view = view.reshape(
        len(x), groups, -1, *view.shape[2:]
    )  # (batch, groups, channels, *counts, *window)
    channels = view.shape[2]
    size = math.prod(windows.kernel) * channels
    if channels > FEW:
        return np.moveaxis(view, (1, 2), (0, -1)).reshape(groups, -1, size)
    # Runs along a row of the image are longer than runs over so few channels.
    window = range(-windows.dims, 0)
    by_element = np.moveaxis(view, (1, *window, 2), range(windows.dims + 2))
    return np.swapaxes(by_element.reshape(groups, size, -1), 1, 2)


def _rows(y: Array, groups: int) -> Array:
    """The channels of y at each place as rows of a matrix for each group: (groups, places,
    channels).
    """
    rows = np.moveaxis(y, 1, -1).reshape(-1, groups, y.shape[1] // groups)
    return np.swapaxes(rows, 0, 1)


def _matrix(weight: Array, groups: int) -> Array:
    """The weight as a matrix for each group: (groups, elements of a window, out_channels)."""
    split = weight.reshape(groups, -1, *weight.shape[1:])
    return np.moveaxis(split, (1, 2), (-1, -2)).reshape(groups, -1, split.shape[1])


def _flipped(weight: Array, groups: int) -> Array:
    """The weight of the transposed convolution: channels exchanged, windows reversed."""
    split = weight.reshape(groups, -1, *weight.shape[1:])
    exchanged = np.swapaxes(split, 1, 2)[(..., *(slice(None, None, -1),) * (weight.ndim - 2))]
    return exchanged.reshape(-1, split.shape[1], *weight.shape[2:])


def _reversed(windows: Windows) -> Windows:
    """Where the windows of the transposed convolution lie, at stride 1."""
    pads = (
        (span - 1 - before, span - 1 - after)
        for span, (before, after) in zip(windows.span, windows.padding)
    )
    return windows._replace(padding=tuple(pads))
