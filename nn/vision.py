"""Modules that resize images, cut them into windows, or rearrange their channels."""

from __future__ import annotations

from typing import Any

from autograd._tensor import Tensor
from nn import functional as F
from nn.options import Options


class PixelShuffle(Options):
    """Every ``upscale_factor ** 2`` channels of ``(..., channels, height, width)`` as one that is
    so many times higher and wider (Shi et al., 2016).

    >>> import autograd, nn
    >>> nn.PixelShuffle(2)(autograd.ones(1, 8, 3, 3)).shape
    (1, 2, 6, 6)
    """

    _shown = ("upscale_factor",)

    def __init__(self, upscale_factor: int) -> None:
        self.upscale_factor = upscale_factor

    def forward(self, x: Tensor) -> Any:
        return F.pixel_shuffle(x, self.upscale_factor)


class PixelUnshuffle(Options):
    """The inverse of `PixelShuffle`."""

    _shown = ("downscale_factor",)

    def __init__(self, downscale_factor: int) -> None:
        self.downscale_factor = downscale_factor

    def forward(self, x: Tensor) -> Any:
        return F.pixel_unshuffle(x, self.downscale_factor)


class ChannelShuffle(Options):
    """The channels of ``(batch, channels, ...)`` dealt out from ``groups`` groups in turn (Zhang et
    al., 2018: ShuffleNet)."""

    _shown = ("groups",)

    def __init__(self, groups: int) -> None:
        self.groups = groups

    def forward(self, x: Tensor) -> Any:
        return F.channel_shuffle(x, self.groups)


class Upsample(Options):
    """``(batch, channels, *space)`` resized to ``size`` or by ``scale_factor``; the parameters are
    those of `functional.interpolate`.

    >>> import autograd, nn
    >>> nn.Upsample(scale_factor=2, mode="bilinear")(autograd.ones(1, 1, 2, 3)).shape
    (1, 1, 4, 6)
    """

    def __init__(
        self,
        size: Any = None,
        scale_factor: Any = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> None:
        self.size, self.mode, self.align_corners = size, mode, align_corners
        if isinstance(scale_factor, (tuple, list)):
            self.scale_factor: Any = tuple(map(float, scale_factor))
        else:
            self.scale_factor = None if scale_factor is None else float(scale_factor)
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, x: Tensor) -> Any:
        return F.interpolate(
            x,
            self.size,
            self.scale_factor,
            self.mode,
            self.align_corners,
            self.recompute_scale_factor,
        )

    def extra_repr(self) -> str:
        name = "size" if self.scale_factor is None else "scale_factor"
        return f"{name}={getattr(self, name)!r}, mode={self.mode!r}"


class UpsamplingNearest2D(Upsample):
    """`Upsample` with mode "nearest"."""

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor, "nearest")


class UpsamplingBilinear2D(Upsample):
    """`Upsample` with mode "bilinear" and ``align_corners=True``."""

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor, "bilinear", True)


class Unfold(Options):
    """The windows of ``(batch, channels, height, width)`` as columns: ``(batch, channels * window,
    windows)``."""

    _shown = ("kernel_size", "dilation", "padding", "stride")

    def __init__(
        self, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
    ) -> None:
        self.kernel_size, self.dilation = kernel_size, dilation
        self.padding, self.stride = padding, stride

    def forward(self, x: Tensor) -> Any:
        return F.unfold(x, **self._options())


class Fold(Options):
    """The columns that `Unfold` makes, added up where they came from, in an image of
    ``output_size``."""

    _shown = ("output_size", "kernel_size", "dilation", "padding", "stride")

    def __init__(
        self,
        output_size: Any,
        kernel_size: Any,
        dilation: Any = 1,
        padding: Any = 0,
        stride: Any = 1,
    ) -> None:
        self.output_size, self.kernel_size, self.dilation = output_size, kernel_size, dilation
        self.padding, self.stride = padding, stride

    def forward(self, x: Tensor) -> Any:
        return F.fold(x, **self._options())
