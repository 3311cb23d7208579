"""Pooling: the maximum, the mean or the p-norm of windows, in one to three dims."""

from __future__ import annotations

from typing import Any, ClassVar

from autograd._tensor import Tensor
from autograd.errors import ShapeError
from nn import functional as F
from nn.convolution import per_dim
from nn.options import Options


class _MaxPool(Options):
    _shown = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
    _pool: ClassVar[Any]

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        self.kernel_size, self.stride, self.padding = (
            kernel_size,
            kernel_size if stride is None else stride,
            padding,
        )
        self.dilation, self.return_indices, self.ceil_mode = dilation, return_indices, ceil_mode

    def forward(self, x: Tensor) -> Any:
        return type(self)._pool(x, **self._options(), return_indices=self.return_indices)


class MaxPool1D(_MaxPool):
    """The maximum of each window of ``(batch, channels, length)``; the parameters are those of
    `functional.max_pool1d`.

    >>> import autograd, nn
    >>> nn.MaxPool1D(2)(autograd.ones(1, 3, 8)).shape
    (1, 3, 4)
    """

    _pool = F.max_pool1d


class MaxPool2D(_MaxPool):
    """As `MaxPool1D`, on images: ``(batch, channels, height, width)``, the sizes numbers or pairs
    of them."""

    _pool = F.max_pool2d


class MaxPool3D(_MaxPool):
    """As `MaxPool1D`, on volumes: ``(batch, channels, depth, height, width)``."""

    _pool = F.max_pool3d


class AvgPool1D(Options):
    """The mean of each window of ``(batch, channels, length)``; the parameters are those of
    `functional.avg_pool1d`.

    >>> import autograd, nn
    >>> nn.AvgPool1D(4)(autograd.ones(1, 3, 8)).shape
    (1, 3, 2)
    """

    _shown = ("kernel_size", "stride", "padding")

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        self.kernel_size = per_dim("AvgPool1D", "kernel_size", kernel_size, 1)
        stride = kernel_size if stride is None else stride
        self.stride = per_dim("AvgPool1D", "stride", stride, 1)
        self.padding = per_dim("AvgPool1D", "padding", padding, 1)
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad

    def forward(self, x: Tensor) -> Any:
        return F.avg_pool1d(
            x, **self._options(), ceil_mode=self.ceil_mode, count_include_pad=self.count_include_pad
        )


class _AvgPool(Options):
    _shown = ("kernel_size", "stride", "padding")
    _pool: ClassVar[Any]

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        self.kernel_size, self.padding = kernel_size, padding
        self.stride = kernel_size if stride is None else stride
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad
        self.divisor_override = divisor_override

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = type(self)._pool(
            x,
            **self._options(),
            ceil_mode=self.ceil_mode,
            count_include_pad=self.count_include_pad,
            divisor_override=self.divisor_override,
        )
        return result


class AvgPool2D(_AvgPool):
    """As `AvgPool1D`, on images: ``(batch, channels, height, width)``. ``divisor_override`` divides
    the sums instead."""

    _pool = F.avg_pool2d


class AvgPool3D(_AvgPool):
    """As `AvgPool1D`, on volumes: ``(batch, channels, depth, height, width)``."""

    _pool = F.avg_pool3d


class _AdaptiveAvgPool(Options):
    _shown = ("output_size",)
    _pool: ClassVar[Any]

    def __init__(self, output_size: Any) -> None:
        self.output_size = output_size

    def forward(self, x: Tensor) -> Any:
        return type(self)._pool(x, self.output_size)


class AdaptiveAvgPool1D(_AdaptiveAvgPool):
    """The means of ``output_size`` windows, evenly spread over ``(batch, channels, length)``."""

    _pool = F.adaptive_avg_pool1d


class AdaptiveAvgPool2D(_AdaptiveAvgPool):
    """As `AdaptiveAvgPool1D`, on images; ``output_size`` is a number or a pair, None for the
    input's size."""

    _pool = F.adaptive_avg_pool2d


class AdaptiveAvgPool3D(_AdaptiveAvgPool):
    """As `AdaptiveAvgPool1D`, on volumes; ``output_size`` is a number or a triple, None for the
    input's size."""

    _pool = F.adaptive_avg_pool3d


class _AdaptiveMaxPool(_AdaptiveAvgPool):
    def __init__(self, output_size: Any, return_indices: bool = False) -> None:
        self.output_size, self.return_indices = output_size, return_indices

    def forward(self, x: Tensor) -> Any:
        return type(self)._pool(x, self.output_size, self.return_indices)


class AdaptiveMaxPool1D(_AdaptiveMaxPool):
    """The maxima of ``output_size`` windows, evenly spread over ``(batch, channels, length)``."""

    _pool = F.adaptive_max_pool1d


class AdaptiveMaxPool2D(_AdaptiveMaxPool):
    """As `AdaptiveMaxPool1D`, on images; ``output_size`` is a number or a pair, None for the
    input's size."""

    _pool = F.adaptive_max_pool2d


class AdaptiveMaxPool3D(_AdaptiveMaxPool):
    """As `AdaptiveMaxPool1D`, on volumes; ``output_size`` is a number or a triple, None for the
    input's size."""

    _pool = F.adaptive_max_pool3d


class _LPPool(Options):
    _shown = ("norm_type", "kernel_size", "stride", "ceil_mode")
    _pool: ClassVar[Any]

    def __init__(
        self, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
    ) -> None:
        self.norm_type, self.kernel_size = norm_type, kernel_size
        self.stride, self.ceil_mode = stride, ceil_mode

    def forward(self, x: Tensor) -> Any:
        return type(self)._pool(x, **self._options())


class LPPool1D(_LPPool):
    """``sum(x ** norm_type) ** (1 / norm_type)`` of each window of ``(batch, channels, length)``.

    >>> import autograd, nn
    >>> nn.LPPool1D(2, 2)(autograd.tensor([[3.0, 4.0]])).tolist()
    [[5.0]]
    """

    _pool = F.lp_pool1d


class LPPool2D(_LPPool):
    """As `LPPool1D`, on images: ``(batch, channels, height, width)``."""

    _pool = F.lp_pool2d


class LPPool3D(_LPPool):
    """As `LPPool1D`, on volumes: ``(batch, channels, depth, height, width)``."""

    _pool = F.lp_pool3d


class _FractionalMaxPool(Options):
    _dims: ClassVar[int]
    _pool: ClassVar[Any]

    _random_samples: Any

    def __init__(
        self,
        kernel_size: Any,
        output_size: Any = None,
        output_ratio: Any = None,
        return_indices: bool = False,
        _random_samples: Any = None,
    ) -> None:
        name = type(self).__name__
        if (output_size is None) == (output_ratio is None):
            raise ShapeError(f"{name}: needs either output_size or output_ratio, and not both")
        self.kernel_size = per_dim(name, "kernel_size", kernel_size, self._dims)
        self.return_indices = return_indices
        self.register_buffer("_random_samples", _random_samples)
        self.output_size = self.output_ratio = None
        if output_size is not None:
            self.output_size = per_dim(name, "output_size", output_size, self._dims)
            return
        self.output_ratio = per_dim(name, "output_ratio", output_ratio, self._dims)
        if not all(0 < ratio < 1 for ratio in self.output_ratio):
            raise ShapeError(f"{name}: output_ratio must be between 0 and 1, got {output_ratio}")

    def forward(self, x: Tensor) -> Any:
        return type(self)._pool(
            x,
            self.kernel_size,
            self.output_size,
            self.output_ratio,
            self.return_indices,
            self._random_samples,
        )


class FractionalMaxPool2D(_FractionalMaxPool):
    """The maxima of windows of ``(batch, channels, height, width)`` at random distances (Graham,
    2014): ``output_size`` of them along each dim, or ``output_ratio`` times its size."""

    _dims, _pool = 2, F.fractional_max_pool2d


class FractionalMaxPool3D(_FractionalMaxPool):
    """As `FractionalMaxPool2D`, on volumes: ``(batch, channels, depth, height, width)``."""

    _dims, _pool = 3, F.fractional_max_pool3d
