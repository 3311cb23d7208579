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

import functools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array
from autograd.ops import convolution_columns, convolution_depthwise
from autograd.ops.channels import laid_out, slices, sum_by_channel
from autograd.ops.convolution_columns import channel_rows, columns
from autograd.ops.windows import Sizes, Windows, remembered
from autograd.threads import spread_products


@primitive(
    x=lambda g, weight, windows, groups: _conv_transpose(
        g, weight, None, windows=windows, groups=groups
    ),
    weight=lambda g, x, windows, groups: _conv_weight(x, g, windows=windows, groups=groups),
    bias=lambda g: sum_by_channel(g),
    joint=lambda g, wanted, x, weight, windows, groups: _gradients(
        g, wanted, x, weight, windows, groups
    ),
)
def _conv(x: Array, weight: Array, bias: Array | None, windows: Windows, groups: int) -> Array:
    """Each window of x (batch, channels, *space) times weight (out_channels, channels / groups,
    *window).
    """
    result = _empty(x, len(weight), windows.counts(x.shape[2:]))
    shift: Any = 0 if bias is None else laid_out(bias, result)
    if _is_depthwise(weight, groups):
        convolution_depthwise.convolve(x, weight, windows, result)
        return result if bias is None else np.add(result, shift, out=result)
    matrix = _matrix(weight, groups)

    def convolve(start: int, stop: int) -> None:
        for images, rows, windows_in_rows in columns(x[start:stop], windows, groups):
            part = result[start:stop][images, :, rows]
            np.matmul(windows_in_rows, matrix, out=channel_rows(part, groups))
            if bias is not None:
                part += shift[:, :, rows]

    spread_products(convolve, len(x), result.size * matrix.shape[1])
    return result


@primitive(
    y=lambda g, weight, windows, groups: _conv(g, weight, None, windows=windows, groups=groups),
    weight=lambda g, y, windows, groups: _conv_weight(g, y, windows=windows, groups=groups),
    bias=lambda g: sum_by_channel(g),
)
def _conv_transpose(
    y: Array, weight: Array, bias: Array | None, windows: Windows, groups: int
) -> Array:
    """Spread y (batch, out_channels, *counts) by weight over the windows it belongs to: the adjoint
    of `_conv`.
    """
    counts = y.shape[2:]
    size = windows.size(counts)
    if _reverses(windows, counts):
        flipped = _flipped(weight, groups)
        return _conv(y, flipped, bias, windows=_reversed(windows), groups=groups)
    result = _empty(y, weight.shape[1] * groups, size)
    # Twice as much as of columns, for the parts are added one by one: fewer, longer additions.
    most = 2 * convolution_columns.COLUMNS // max(1, math.prod(counts) * weight[0].size * groups)
    for images in slices(len(y), most):
        parts = _parts(y[images], weight, groups)  # each (batch, groups, channels, *counts)
        spread = windows.scatter(parts, counts)
        result[images] = spread.reshape(-1, *result.shape[1:])
    return result if bias is None else np.add(result, laid_out(bias, result), out=result)


@primitive(
    x=lambda g, y, windows, groups: _conv_transpose(y, g, None, windows=windows, groups=groups),
    y=lambda g, x, windows, groups: _conv(x, g, None, windows=windows, groups=groups),
)
def _conv_weight(x: Array, y: Array, windows: Windows, groups: int) -> Array:
    """The sum over all places of x in the window times y: the gradient of `_conv` by its weight."""
    inputs, outputs = x.shape[1] // groups, y.shape[1] // groups
    if groups > 1 and inputs == outputs == 1:
        return convolution_depthwise.weight_gradient(x, y, windows)
    shape = (groups, math.prod(windows.kernel) * inputs, outputs)

    def correlate(start: int, stop: int) -> Array:
        total = np.zeros(shape, x.dtype)
        for images, rows, windows_in_rows in columns(x[start:stop], windows, groups):
            places = channel_rows(y[start:stop][images, :, rows], groups)
            total += np.matmul(np.swapaxes(windows_in_rows, 1, 2), places)
        return total

    return _weight(spread_products(correlate, len(x), y.size * shape[1]), windows)


def _gradients(
    g: Any, wanted: Any, x: Any, weight: Any, windows: Windows, groups: int
) -> tuple[Any, Any, Any]:
    """The gradients of `_conv` by x, weight and bias."""
    by_x = by_weight = None
    real = (
        g.dtype.kind == "f"
    )  # by complex numbers only operations with one result have derivatives
    shared = wanted[0] and wanted[1] and real and _reverses(windows, g.shape[2:])
    if shared and not _is_depthwise(weight, groups):
        by_x, by_weight = _conv_transpose_and_weight(x, weight, g, windows=windows, groups=groups)
    else:
        if wanted[0]:
            by_x = _conv_transpose(g, weight, None, windows=windows, groups=groups)
        if wanted[1]:
            by_weight = _conv_weight(x, g, windows=windows, groups=groups)
    return by_x, by_weight, sum_by_channel(g) if wanted[2] else None


@primitive(
    holomorphic=False,
    x=lambda g, y, windows, groups: _conv_transpose(y, g[1], None, windows=windows, groups=groups),
    weight=lambda g, y, windows, groups: _conv_weight(g[0], y, windows=windows, groups=groups),
    y=lambda g, x, weight, windows, groups: (
        _conv(g[0], weight, None, windows=windows, groups=groups)
        + _conv(x, g[1], None, windows=windows, groups=groups)
    ),
)
def _conv_transpose_and_weight(
    x: Array, weight: Array, y: Array, windows: Windows, groups: int
) -> tuple[Array, Array]:
    """`_conv_transpose` of y and weight, `_conv_weight` of x and y, from one copy of y's windows.

    For the weights, too, it does not matter which of x and y slides over the other."""
    by_x = _empty(y, x.shape[1], x.shape[2:])
    matrix = _matrix(_flipped(weight, groups), groups)

    def correlate(start: int, stop: int) -> Array:
        total = np.zeros(matrix.shape, matrix.dtype)
        for images, rows, windows_in_rows in columns(y[start:stop], _reversed(windows), groups):
            places, out = (channel_rows(a[start:stop][images, :, rows], groups) for a in (x, by_x))
            np.matmul(windows_in_rows, matrix, out=out)
            total += np.matmul(np.swapaxes(windows_in_rows, 1, 2), places)
        return total

    totals = spread_products(correlate, len(x), 2 * x.size * matrix.shape[1])
    return by_x, _flipped(_weight(totals, windows), groups)


def _empty(like: Array, channels: int, size: tuple[int, ...]) -> Array:
    """An array (batch, channels, *size) in channels-last memory, batch and dtype as ``like``."""
    last = np.empty((len(like), *size, channels), like.dtype)
    return last.transpose(0, -1, *range(1, last.ndim - 1))


def _weight(totals: list[Array], windows: Windows) -> Array:
    """The sum of matrices as those of `_matrix`, as a weight."""
    total = functools.reduce(np.add, totals)
    groups, rows, outputs = total.shape
    inputs = rows // math.prod(windows.kernel)
    weight = np.moveaxis(total.reshape(groups, *windows.kernel, inputs, outputs), (-1, -2), (1, 2))
    return weight.reshape(groups * outputs, inputs, *windows.kernel)


def _reverses(windows: Windows, counts: Sizes) -> bool:
    """Whether spreading y, of size ``counts``, is to be done as the convolution of y with the
    weight reversed, as it can be at stride 1.

    That costs a product for each element of the result, not of y: the more in vain the more of its
    windows are all padding."""
    size = windows.size(counts)
    return max(windows.stride) == 1 and math.prod(size) <= 1.5 * math.prod(counts)


def _is_depthwise(weight: Array, groups: int) -> bool:
    return groups > 1 and weight.shape[:2] == (groups, 1)


def _parts(y: Array, weight: Array, groups: int) -> Iterator[Array]:
    """For each element of the window, y times its weights: (batch, groups, channels, *counts)."""
    if _is_depthwise(weight, groups):
        return (part[:, :, None] for part in convolution_depthwise.parts(y, weight))
    # A matrix for each element and group: (elements, groups, out_channels, channels). One product
    # for all elements would leave a part in short runs, which to add takes twice as long.
    split = (groups, len(weight) // groups, weight.shape[1], math.prod(weight.shape[2:]))
    matrices = np.moveaxis(weight.reshape(split), -1, 0)
    rows = channel_rows(y, groups)
    products = np.matmul(rows, np.ascontiguousarray(matrices))
    products = products.reshape(*products.shape[:2], len(y), *y.shape[2:], -1)
    return (np.moveaxis(product, (0, -1), (1, 2)) for product in products)


def _matrix(weight: Array, groups: int) -> Array:
    """The weight as a matrix for each group: (groups, elements of a window, out_channels)."""
    split = weight.reshape(groups, -1, *weight.shape[1:])
    last = split.transpose(0, *range(3, split.ndim), 2, 1)
    return last.reshape(groups, -1, split.shape[1])


def _flipped(weight: Array, groups: int) -> Array:
    """The weight of the transposed convolution: channels exchanged, windows reversed."""
    split = weight.reshape(groups, -1, *weight.shape[1:])
    exchanged = np.swapaxes(split, 1, 2)[(..., *(slice(None, None, -1),) * (weight.ndim - 2))]
    return exchanged.reshape(-1, split.shape[1], *weight.shape[2:])


@remembered
def _reversed(windows: Windows) -> Windows:
    """Where the windows of the transposed convolution lie, at stride 1."""
    pads = (
        (span - 1 - before, span - 1 - after)
        for span, (before, after) in zip(windows.span, windows.padding)
    )
    return windows._replace(padding=tuple(pads))
