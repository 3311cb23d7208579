"""Convolutions over one, two or three dims, and their transposes."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.variable import array_of
from autograd.dtypes import float16
from autograd.errors import DTypeError, ShapeError
from autograd.ops.convolution_maps import _conv, _conv_transpose
from autograd.ops.precision import half_in_single
from autograd.ops.windows import Sizes, Windows, check_dims, per_dim


def conv1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Any:
    """The sums of windows of ``input`` (batch, channels, length) times ``weight`` (out_channels,
    channels / groups, window).

    The result is (batch, out_channels, windows), plus ``bias`` (out_channels); ``input`` may lack
    the batch. ``stride``: how far apart windows begin. ``padding``: how many zeros stand before and
    after, "valid" for none, "same" for a result as long as ``input``. ``dilation``: how far apart
    the elements of a window are. ``groups``: channels and out_channels are split into so many
    parts, each computed from its own. Raises ShapeError, DTypeError.

    >>> import autograd
    >>> autograd.conv1d(autograd.ones(1, 5), autograd.ones(1, 1, 3), padding=1)
    tensor([[2., 3., 3., 3., 2.]])
    """
    return _convolve(1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(
    input: Any,
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
    return _convolve(2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(
    input: Any,
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
    >>> weight = autograd.ones(5, 2, 3, 3, 3)
    >>> autograd.conv3d(autograd.ones(1, 2, 4, 4, 4), weight, padding="same").shape
    (1, 5, 4, 4, 4)
    """
    return _convolve(3, input, weight, bias, stride, padding, dilation, groups)


def conv_transpose1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Any:
    """The transpose of `conv1d`: ``weight`` (channels, out_channels / groups, window) times each
    element of ``input``, added up.

    ``input`` is (batch, channels, length); windows begin ``stride`` apart in the result, from which
    ``padding`` is cut off at both ends; ``output_padding`` makes it longer at the end. Raises
    ShapeError, DTypeError.

    >>> import autograd
    >>> weight = autograd.ones(1, 1, 2)
    >>> autograd.conv_transpose1d(autograd.ones(1, 3), weight, stride=2, output_padding=1)
    tensor([[1., 1., 1., 1., 1., 1., 0.]])
    """
    return _transposed(1, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(
    input: Any,
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
    >>> weight = autograd.ones(6, 3, 2, 2)
    >>> autograd.conv_transpose2d(autograd.ones(1, 6, 4, 4), weight, stride=2).shape
    (1, 3, 8, 8)
    """
    return _transposed(2, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose3d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Any:
    """As `conv_transpose1d`, on volumes: (batch, channels, depth, height, width)."""
    return _transposed(3, input, weight, bias, stride, padding, output_padding, groups, dilation)


def _convolve(
    dims: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
) -> Any:
    operation = f"conv{dims}d"
    shape, kernel = _checked(operation, dims, x, weight, groups)
    outputs, inputs = array_of(weight).shape[:2]
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
    return _batched(_conv, x, weight, bias, windows, groups)


def _transposed(
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
    operation = f"conv_transpose{dims}d"
    shape, kernel = _checked(operation, dims, x, weight, groups)
    inputs, outputs = array_of(weight).shape[:2]
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
    return _batched(_conv_transpose, x, weight, bias, windows, groups)


def _checked(operation: str, dims: int, x: Any, weight: Any, groups: int) -> tuple[Sizes, Sizes]:
    """The shape of x and the window's size. Raises ShapeError, DTypeError if the arguments are no
    convolution's.
    """
    check_dims(operation, x, dims)
    shape = array_of(weight).shape
    if len(shape) != dims + 2 or min(shape[2:]) < 1 or shape[0] == 0:
        raise ShapeError(
            f"{operation}: weight must have {dims + 2} dims, two for channels and {dims} for the "
            f"window, got {shape}"
        )
    if groups < 1:
        raise ShapeError(f"{operation}: groups must be at least 1, got {groups}")
    if array_of(x).dtype != array_of(weight).dtype or array_of(x).dtype == np.bool_:
        raise DTypeError(
            f"{operation}: x and weight must have one numeric dtype, got {array_of(x).dtype} and "
            f"{array_of(weight).dtype}; "
            "convert one: x.to(weight.dtype)"
        )
    return array_of(x).shape, shape[2:]


def _check_bias(operation: str, x: Any, bias: Any, outputs: int) -> None:
    if bias is None:
        return
    if array_of(bias).shape != (outputs,):
        raise ShapeError(
            f"{operation}: bias must have shape ({outputs},), one for each channel of the result, "
            f"got {array_of(bias).shape}"
        )
    if array_of(bias).dtype != array_of(x).dtype:
        raise DTypeError(
            f"{operation}: bias is {array_of(bias).dtype}, but x is {array_of(x).dtype}; convert "
            "it: bias.to(x.dtype)"
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


def _batched(operation: Any, x: Any, weight: Any, bias: Any, windows: Windows, groups: int) -> Any:
    """``operation`` in at least single precision, with x as a batch of one if it has no batch
    dim.
    """
    shape = array_of(x).shape
    if array_of(x).dtype == float16:
        operation = half_in_single(operation)
    if len(shape) == windows.dims + 2:
        return operation(x, weight, bias, windows=windows, groups=groups)
    y = operation(x.reshape(1, *shape), weight, bias, windows=windows, groups=groups)
    return y.reshape(array_of(y).shape[1:])
