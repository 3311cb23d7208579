"""Convolutions and their transposes, in one to three dims."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from autograd._tensor import Tensor
from autograd.core.variable import array_of
from autograd.errors import DTypeError, ShapeError
from nn import functional as F, init
from nn.module import Module
from nn.parameter import check_sizes, empty_parameter

_MODES = ("zeros", "reflect", "replicate", "circular")
_SIZES = {1: "length", 2: "height, width", 3: "depth, height, width"}


def per_dim(name: str, option: str, value: Any, dims: int) -> tuple[int, ...]:
    """``value`` for each of ``dims`` dims: a number counts for all of them. Raises ShapeError."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,) * dims
    if len(values) != dims:
        raise ShapeError(f"{name}: {option} must be a number or {dims} numbers, got {value!r}")
    return values


def _integers(name: str, option: str, value: Any, dims: int) -> tuple[int, ...]:
    """`per_dim`, of integers. Raises DTypeError."""
    values = per_dim(name, option, value, dims)
    if not all(isinstance(number, (int, np.integer)) for number in values):
        raise DTypeError(f"{name}: {option} must be an int or {dims} ints, got {value!r}")
    return values


def check_groups(name: str, in_channels: int, out_channels: int, groups: int) -> None:
    """Raise ShapeError unless the channels can be split into ``groups``."""
    if groups < 1:
        raise ShapeError(f"{name}: groups must be at least 1, got {groups}")
    if in_channels % groups or out_channels % groups:
        raise ShapeError(
            f"{name}: in_channels {in_channels} and out_channels {out_channels} must be multiples "
            f"of groups {groups}"
        )


class _Convolution(Module):
    """What all convolutions share; the parameters are those of `Conv1D`."""

    _dims: ClassVar[int]
    _convolve: ClassVar[Callable[..., Any]]

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any,
        padding: Any,
        dilation: Any,
        groups: int,
        padding_mode: str,
    ) -> None:
        name, dims = type(self).__name__, self._dims
        check_sizes(name, in_channels=in_channels, out_channels=out_channels)
        check_groups(name, in_channels, out_channels, groups)
        if padding_mode not in _MODES:
            raise ShapeError(
                f"{name}: padding_mode must be one of {', '.join(_MODES)}, got {padding_mode!r}"
            )
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size = _integers(name, "kernel_size", kernel_size, dims)
        self.stride = _integers(name, "stride", stride, dims)
        self.padding = (
            padding if isinstance(padding, str) else _integers(name, "padding", padding, dims)
        )
        self.dilation = _integers(name, "dilation", dilation, dims)
        self.padding_mode = padding_mode

    weight: Any
    bias: Any

    def _weight_shape(self) -> tuple[int, ...]:
        raise NotImplementedError

    def _add_parameters(self, bias: bool, device: Any, dtype: Any) -> None:
        self.weight = empty_parameter(self._weight_shape(), device, dtype)
        self.bias = None
        if bias:
            self.bias = empty_parameter((self.out_channels,), device, dtype)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weights and biases anew, uniform in ``±1 / sqrt(fan_in)``."""
        init.default_(self.weight, self.bias)

    def check_dims(self, x: Any) -> None:
        """Raise ShapeError unless ``x`` has the channels and sizes of one example, or a batch."""
        if array_of(x).ndim not in (self._dims + 1, self._dims + 2):
            sizes = f"{self.in_channels or 'channels'}, {_SIZES[self._dims]}"
            raise ShapeError(
                f"{type(self).__name__}: needs ({sizes}) or (batch, {sizes}), got shape {x.shape}"
            )

    def extra_repr(self) -> str:
        plain: dict[str, Any] = {
            "padding": (0,) * self._dims,
            "dilation": (1,) * self._dims,
            "output_padding": (0,) * self._dims,
            "groups": 1,
        }
        parts = [
            f"{self.in_channels}, {self.out_channels}",
            f"kernel_size={self.kernel_size}, stride={self.stride}",
        ]
        parts += [
            f"{key}={getattr(self, key)}"
            for key in plain
            if getattr(self, key, plain[key]) != plain[key]
        ]
        if self.bias is None:
            parts.append("bias=False")
        if self.padding_mode != "zeros":
            parts.append(f"padding_mode={self.padding_mode}")
        return ", ".join(parts)


class _Conv(_Convolution):
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, groups, padding_mode
        )
        if isinstance(padding, str) and padding not in ("same", "valid"):
            raise ShapeError(
                f"{type(self).__name__}: padding must be numbers, 'same' or 'valid', got "
                f"{padding!r}"
            )
        if padding == "same" and any(step != 1 for step in self.stride):
            raise ShapeError(
                f"{type(self).__name__}: padding='same' needs stride 1, got {self.stride}"
            )
        self._add_parameters(bias, device, dtype)

    def _weight_shape(self) -> tuple[int, ...]:
        return (self.out_channels, self.in_channels // self.groups, *self.kernel_size)

    def forward(self, x: Tensor) -> Tensor:
        self.check_dims(x)
        padding: Any = self.padding
        if self.padding_mode != "zeros":
            x = F.pad(x, self._margins(), self.padding_mode)
            padding = 0
        convolve = type(self)._convolve
        result: Tensor = convolve(
            x, self.weight, self.bias, self.stride, padding, self.dilation, self.groups
        )
        return result

    def _margins(self) -> list[int]:
        """How much `pad` is to put before and after each dim, the last dim first."""
        if self.padding == "same":
            totals = [d * (k - 1) for d, k in zip(self.dilation, self.kernel_size)]
            margins = [(total // 2, total - total // 2) for total in totals]
        else:
            sizes = (0,) * self._dims if isinstance(self.padding, str) else self.padding
            margins = [(size, size) for size in sizes]
        return [size for pair in reversed(margins) for size in pair]


class Conv1D(_Conv):
    """Sums of windows of ``(batch, in_channels, length)`` times learned weights, giving ``(batch,
    out_channels, windows)``.

    ``stride``: how far apart the windows are. ``padding``: how much is put before and after, "same"
    for a result as long as the input, "valid" for nothing; ``padding_mode``: "zeros", "reflect",
    "replicate" or "circular". ``dilation``: how far apart the elements of a window are. ``groups``:
    into how many parts, computed apart, the channels are split. Weights (out_channels, in_channels
    / groups, window) start uniform in ``±1 / sqrt(fan_in)``. Raises ShapeError.

    >>> import autograd, nn
    >>> nn.Conv1D(2, 4, 3, padding=1)(autograd.ones(1, 2, 5)).shape
    (1, 4, 5)
    """

    _dims = 1
    _convolve = F.conv1d


class Conv2D(_Conv):
    """As `Conv1D`, on images: ``(batch, in_channels, height, width)``, the sizes numbers or pairs
    of them."""

    _dims = 2
    _convolve = F.conv2d


class Conv3D(_Conv):
    """As `Conv1D`, on volumes: ``(batch, in_channels, depth, height, width)``."""

    _dims = 3
    _convolve = F.conv3d


class _ConvTranspose(_Convolution):
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        name = type(self).__name__
        if padding_mode != "zeros" or isinstance(padding, str):
            raise ShapeError(
                f"{name}: pads with zeros, by numbers; got padding={padding!r}, {padding_mode!r}"
            )
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, groups, padding_mode
        )
        self.output_padding = _integers(name, "output_padding", output_padding, self._dims)
        self._add_parameters(bias, device, dtype)

    def _weight_shape(self) -> tuple[int, ...]:
        return (self.in_channels, self.out_channels // self.groups, *self.kernel_size)

    def forward(self, x: Tensor, output_size: Any = None) -> Tensor:
        self.check_dims(x)
        extra = self.output_padding if output_size is None else self._output_padding(x, output_size)
        convolve = type(self)._convolve
        result: Tensor = convolve(
            x, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
        )
        return result

    def _output_padding(self, x: Tensor, output_size: Any) -> tuple[int, ...]:
        """What must be added at the end for a result of ``output_size``."""
        sizes = tuple(output_size)[-self._dims :]
        paddings: Any = self.padding
        parts = zip(x.shape[-self._dims :], self.stride, paddings, self.dilation, self.kernel_size)
        least = [(n - 1) * s - 2 * p + d * (k - 1) + 1 for n, s, p, d, k in parts]
        if len(sizes) != self._dims or any(
            not 0 <= size - low < s for size, low, s in zip(sizes, least, self.stride)
        ):
            raise ShapeError(
                f"{type(self).__name__}: output_size {sizes} can't be; each size must be at least "
                f"that of {tuple(least)}, "
                f"and less than the stride {self.stride} above it"
            )
        return tuple(size - low for size, low in zip(sizes, least))


class ConvTranspose1D(_ConvTranspose):
    """The transpose of `Conv1D`: each element of ``(batch, in_channels, length)`` adds a window to
    a longer result.

    ``stride``: how far apart these windows are; ``padding``: how much is cut off at both ends;
    ``output_padding``: how much is added at the end; calling it with ``output_size`` chooses that.
    Weights are (in_channels, out_channels / groups, window). Raises ShapeError.

    >>> import autograd, nn
    >>> nn.ConvTranspose1D(2, 4, 2, stride=2)(autograd.ones(1, 2, 5)).shape
    (1, 4, 10)
    """

    _dims = 1
    _convolve = F.conv_transpose1d


class ConvTranspose2D(_ConvTranspose):
    """As `ConvTranspose1D`, on images: ``(batch, in_channels, height, width)``, the sizes numbers
    or pairs of them."""

    _dims = 2
    _convolve = F.conv_transpose2d


class ConvTranspose3D(_ConvTranspose):
    """As `ConvTranspose1D`, on volumes: ``(batch, in_channels, depth, height, width)``."""

    _dims = 3
    _convolve = F.conv_transpose3d
