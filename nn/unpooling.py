"""Putting maxima back where max pooling took them from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from autograd._tensor import Tensor
from nn import functional as F
from nn.convolution import per_dim
from nn.options import Options


class _MaxUnpool(Options):
    _shown = ("kernel_size", "stride", "padding")
    _dims: ClassVar[int]
    _unpool: ClassVar[Any]

    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None:
        name, dims = type(self).__name__, self._dims
        self.kernel_size = per_dim(name, "kernel_size", kernel_size, dims)
        self.stride = per_dim(name, "stride", kernel_size if stride is None else stride, dims)
        self.padding = per_dim(name, "padding", padding, dims)

    def forward(self, x: Tensor, indices: Tensor, output_size: Sequence[int] | None = None) -> Any:
        return type(self)._unpool(x, indices, **self._options(), output_size=output_size)


class MaxUnpool1D(_MaxUnpool):
    """Zeros, with the maxima of ``(batch, channels, length)`` where `MaxPool1D` found them.

    Called with what that returns: the maxima and, with its ``return_indices``, their places; and
    with the ``output_size`` where several would be possible.

    >>> import autograd, nn
    >>> pooled = nn.MaxPool1D(2, return_indices=True)(autograd.tensor([[1.0, 3.0, 2.0, 0.0]]))
    >>> nn.MaxUnpool1D(2)(*pooled).tolist()
    [[0.0, 3.0, 2.0, 0.0]]
    """

    _dims, _unpool = 1, F.max_unpool1d


class MaxUnpool2D(_MaxUnpool):
    """As `MaxUnpool1D`, on images: ``(batch, channels, height, width)``."""

    _dims, _unpool = 2, F.max_unpool2d


class MaxUnpool3D(_MaxUnpool):
    """As `MaxUnpool1D`, on volumes: ``(batch, channels, depth, height, width)``."""

    _dims, _unpool = 3, F.max_unpool3d
