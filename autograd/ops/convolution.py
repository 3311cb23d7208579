"""Convolutions over one, two or three dims, and their transposes.

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
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, unwrap
from autograd.errors import DTypeError, ShapeError
from autograd.ops.channels import laid_out, sum_by_channel
from autograd.ops.windows import Sizes, Windows, check_dims, padded, per_dim

COLUMNS = (
    1 << 18
)  # as many elements of columns are made at a time, so that they are still in the cache when used
FEW = 4  # channels, for which columns are made another way


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


# -- the functions ---------------------------------------------------------------------------------


def conv1d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Any:
    """The sums of windows of ``x`` (batch, channels, length) times ``weight`` (out_channels,
    channels / groups, window).

    The result is (batch, out_channels, windows), plus ``bias`` (out_channels); ``x`` may lack the
    batch. ``stride``: how far apart windows begin. ``padding``: how many zeros stand before and
    after, "valid" for none, "same" for a result as long as ``x``. ``dilation``: how far apart the
    elements of a window are. ``groups``: channels and out_channels are split into so many parts,
    each computed from its own. Raises ShapeError, DTypeError.

    >>> import autograd
    >>> autograd.conv1d(autograd.ones(1, 5), autograd.ones(1, 1, 3), padding=1)
    tensor([[2., 3., 3., 3., 2.]])
    """
    return _convolve("conv1d", 1, x, weight, bias, stride, padding, dilation, groups)


def conv2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Any:
    """As `conv1d`, on images: (batch, channels, height, width), the parameters numbers or pairs of
    them.

    >>> import autograd
    >>> autograd.conv2d(autograd.ones(1, 3, 8, 8), autograd.ones(6, 3, 5, 5), stride=(2, 1)).shape
    (1, 6, 2, 4)
    """
    return _convolve("conv2d", 2, x, weight, bias, stride, padding, dilation, groups)


def conv3d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Any:
    """As `conv1d`, on volumes: (batch, channels, depth, height, width), the parameters numbers or
    triples of them.

    >>> import autograd
    >>> autograd.conv3d(autograd.ones(1, 2, 4, 4, 4), autograd.ones(5, 2, 3, 3, 3), padding="same").shape
    (1, 5, 4, 4, 4)
    """
    return _convolve("conv3d", 3, x, weight, bias, stride, padding, dilation, groups)


def conv_transpose1d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Any:
    """The transpose of `conv1d`: ``weight`` (channels, out_channels / groups, window) times each
    element of ``x``, added up.

    ``x`` is (batch, channels, length); windows begin ``stride`` apart in the result, from which
    ``padding`` is cut off at both ends; ``output_padding`` makes it longer at the end. Raises
    ShapeError, DTypeError.

    >>> import autograd
    >>> autograd.conv_transpose1d(autograd.ones(1, 3), autograd.ones(1, 1, 2), stride=2, output_padding=1)
    tensor([[1., 1., 1., 1., 1., 1., 0.]])
    """
    return _transpose(
        "conv_transpose1d", 1, x, weight, bias, stride, padding, output_padding, groups, dilation
    )


def conv_transpose2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Any:
    """As `conv_transpose1d`, on images: (batch, channels, height, width), the parameters numbers or
    pairs of them.

    >>> import autograd
    >>> autograd.conv_transpose2d(autograd.ones(1, 6, 4, 4), autograd.ones(6, 3, 2, 2), stride=2).shape
    (1, 3, 8, 8)
    """
    return _transpose(
        "conv_transpose2d", 2, x, weight, bias, stride, padding, output_padding, groups, dilation
    )


def conv_transpose3d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Any:
    """As `conv_transpose1d`, on volumes: (batch, channels, depth, height, width)."""
    return _transpose(
        "conv_transpose3d", 3, x, weight, bias, stride, padding, output_padding, groups, dilation
    )


def _convolve(
    operation: str,
    dims: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
) -> Any:
    shape, kernel = _checked(operation, dims, x, weight, groups)
    outputs, inputs = unwrap(weight).shape[:2]
    if shape[-dims - 1] != inputs * groups or outputs % groups:
        raise ShapeError(
            f"{operation}: weight must have shape (out_channels, channels / groups, *window) with "
            f"out_channels divisible by "
            f"groups; x {shape} has {shape[-dims - 1]} channels and groups is {groups}, but weight "
            f"is {(outputs, inputs, *kernel)}"
        )
    _check_bias(operation, x, bias, outputs)
    stride = per_dim(operation, "stride", stride, dims)
    dilation = per_dim(operation, "dilation", dilation, dims)
    pads = _pads(operation, padding, kernel, stride, dilation)
    windows = Windows.over(operation, shape[-dims:], kernel, stride, pads, dilation)
    return _batched(_conv, shape, dims, x, weight, bias, windows, groups)


def _transpose(
    operation: str,
    dims: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: int,
    dilation: Any,
) -> Any:
    shape, kernel = _checked(operation, dims, x, weight, groups)
    inputs, outputs = unwrap(weight).shape[:2]
    if shape[-dims - 1] != inputs or inputs % groups:
        raise ShapeError(
            f"{operation}: weight must have shape (channels, out_channels / groups, *window) with "
            f"channels divisible by "
            f"groups; x {shape} has {shape[-dims - 1]} channels and groups is {groups}, but weight "
            f"is {(inputs, outputs, *kernel)}"
        )
    _check_bias(operation, x, bias, outputs * groups)
    stride = per_dim(operation, "stride", stride, dims)
    dilation = per_dim(operation, "dilation", dilation, dims)
    extra = per_dim(operation, "output_padding", output_padding, dims, least=0)
    if any(e >= max(s, d) for e, s, d in zip(extra, stride, dilation)):
        raise ShapeError(
            f"{operation}: output_padding {extra} must be smaller than the stride {stride} or the "
            f"dilation {dilation}"
        )
    cut = per_dim(operation, "padding", padding, dims, least=0)
    windows = Windows(kernel, stride, tuple((p, p - e) for p, e in zip(cut, extra)), dilation)
    size = windows.size(shape[-dims:])
    if min(size) < 1:
        raise ShapeError(
            f"{operation}: the result would have size {size}; x {shape} is too small for padding "
            f"{cut}"
        )
    return _batched(_conv_transpose, shape, dims, x, weight, bias, windows, groups)


def _checked(operation: str, dims: int, x: Any, weight: Any, groups: int) -> tuple[Sizes, Sizes]:
    """The shape of x and the window's size. Raises ShapeError, DTypeError if the arguments are no
    convolution's.
    """
    check_dims(operation, x, dims)
    shape = unwrap(weight).shape
    if len(shape) != dims + 2 or min(shape[2:]) < 1 or shape[0] == 0:
        raise ShapeError(
            f"{operation}: weight must have {dims + 2} dims, two for channels and {dims} for the "
            f"window, got {shape}"
        )
    if groups < 1:
        raise ShapeError(f"{operation}: groups must be at least 1, got {groups}")
    if unwrap(x).dtype != unwrap(weight).dtype or unwrap(x).dtype == np.bool_:
        raise DTypeError(
            f"{operation}: x and weight must have one numeric dtype, got {unwrap(x).dtype} and "
            f"{unwrap(weight).dtype}; "
            "convert one: x.to(weight.dtype)"
        )
    return unwrap(x).shape, shape[2:]


def _check_bias(operation: str, x: Any, bias: Any, outputs: int) -> None:
    if bias is None:
        return
    if unwrap(bias).shape != (outputs,):
        raise ShapeError(
            f"{operation}: bias must have shape ({outputs},), one for each channel of the result, "
            f"got {unwrap(bias).shape}"
        )
    if unwrap(bias).dtype != unwrap(x).dtype:
        raise DTypeError(
            f"{operation}: bias is {unwrap(bias).dtype}, but x is {unwrap(x).dtype}; convert it: "
            f"bias.to(x.dtype)"
        )


def _pads(
    operation: str, padding: Any, kernel: Sizes, stride: Sizes, dilation: Sizes
) -> tuple[tuple[int, int], ...]:
    """The padding before and after for each dim."""
    if padding == "same":
        if max(stride) > 1:
            raise ShapeError(
                f"{operation}: padding='same' needs stride 1, got {stride}; give the padding as "
                f"numbers"
            )
        totals = [d * (k - 1) for k, d in zip(kernel, dilation)]
        return tuple((total // 2, total - total // 2) for total in totals)
    if isinstance(padding, str) and padding != "valid":
        raise ShapeError(
            f"{operation}: padding must be 'same', 'valid' or numbers, got {padding!r}"
        )
    numbers = per_dim(
        operation, "padding", 0 if padding == "valid" else padding, len(kernel), least=0
    )
    return tuple((p, p) for p in numbers)


def _batched(operation: Any, shape: Sizes, dims: int, x: Any, *rest: Any) -> Any:
    """``operation(x, *rest)``, with x as a batch of one if it has no batch dim."""
    if len(shape) == dims + 2:
        return operation(x, *rest)
    y = operation(x.reshape(1, *shape), *rest)
    return y.reshape(unwrap(y).shape[1:])
