"""Normalisation: to mean 0 and variance 1, over the batch or within each example."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from autograd._tensor import Tensor
from autograd.core.variable import array_of, make, version_of
from autograd.dtypes import as_dtype, get_default_dtype
from autograd.errors import ShapeError
from autograd.ops.scaling import cross_map_lrn
from nn import functional as F, init
from nn.module import Module
from nn.options import Options
from nn.parameter import empty_parameter


class _BatchNorm(Options):
    _shown = ("eps", "momentum", "affine")
    _ndims: ClassVar[tuple[int, ...]]
    _expected: ClassVar[str]

    weight: Any
    bias: Any
    running_mean: Any
    running_var: Any
    num_batches_tracked: Any

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        self.weight = empty_parameter((num_features,), device, dtype) if affine else None
        self.bias = empty_parameter((num_features,), device, dtype) if affine and bias else None
        floating = get_default_dtype() if dtype is None else as_dtype(dtype)
        for name, shape, kind in (
            ("running_mean", (num_features,), floating),
            ("running_var", (num_features,), floating),
            ("num_batches_tracked", (), np.dtype(np.int64)),
        ):
            self.register_buffer(name, make(np.zeros(shape, kind)) if track_running_stats else None)
        self.reset_parameters()

    def reset_running_stats(self) -> None:
        """Forget what was seen: mean 0, variance 1."""
        if self.track_running_stats:
            init.zeros_(self.running_mean)
            init.ones_(self.running_var)
            init.zeros_(self.num_batches_tracked)

    def reset_parameters(self) -> None:
        """Forget what was seen and learned: scale 1, shift 0."""
        self.reset_running_stats()
        _reset(self.weight, self.bias)

    def forward(self, x: Tensor) -> Tensor:
        if array_of(x).ndim not in self._ndims:
            raise ShapeError(f"{type(self).__name__}: needs {self._expected}, got shape {x.shape}")
        uses_batch = self.training or self.running_mean is None
        updates = self.training and self.track_running_stats
        result: Tensor = F.batch_norm(
            x,
            self.running_mean if updates or not self.training else None,
            self.running_var if updates or not self.training else None,
            self.weight,
            self.bias,
            uses_batch,
            self._weight_of_batch(updates),
            self.eps,
        )
        return result

    def _weight_of_batch(self, updates: bool) -> float:
        """How much this batch counts in the running mean; a ``momentum`` of None counts all batches
        equally."""
        if updates and self.num_batches_tracked is not None:
            self.num_batches_tracked._array += 1
            version_of(self.num_batches_tracked).bump()
            if self.momentum is None:
                return 1 / int(self.num_batches_tracked._array)
        return 0.0 if self.momentum is None else self.momentum

    def extra_repr(self) -> str:
        bias = self.bias is not None
        return (
            f"{self.num_features}, {super().extra_repr()}, bias={bias}, "
            f"track_running_stats={self.track_running_stats}"
        )


class BatchNorm1D(_BatchNorm):
    """Each feature of ``(batch, features)`` or ``(batch, features, length)`` to mean 0, variance 1
    over the batch.

    Then times a learned ``weight`` plus a learned ``bias`` (if ``affine``). In training mode,
    running means of what was seen are kept (``track_running_stats``), in which a batch counts
    ``momentum``, or None for all batches equally; in eval mode, they are used instead of the batch.
    ``eps`` is added to the variance (Ioffe and Szegedy, 2015).

    >>> import autograd, nn
    >>> nn.BatchNorm1D(2)(autograd.tensor([[1.0, 2.0], [3.0, 2.0]])).shape
    (2, 2)
    """

    _ndims = (2, 3)
    _expected = "(batch, features) or (batch, features, length)"


class BatchNorm2D(_BatchNorm):
    """As `BatchNorm1D`, on images: ``(batch, features, height, width)``."""

    _ndims = (4,)
    _expected = "(batch, features, height, width)"


class BatchNorm3D(_BatchNorm):
    """As `BatchNorm1D`, on volumes: ``(batch, features, depth, height, width)``."""

    _ndims = (5,)
    _expected = "(batch, features, depth, height, width)"


class _InstanceNorm(_BatchNorm):
    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias
        )

    def forward(self, x: Tensor) -> Any:
        name, dims = type(self).__name__, self._ndims[0]
        if array_of(x).ndim not in (dims - 1, dims):
            raise ShapeError(
                f"{name}: needs {self._expected}, the batch may be missing; got {x.shape}"
            )
        if self.affine and x.shape[1 - dims] != self.num_features:
            raise ShapeError(f"{name}: needs {self.num_features} features, got shape {x.shape}")
        if x.ndim == dims - 1:
            return self.forward(x.unsqueeze(0)).squeeze(0)
        return F.instance_norm(
            x,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not self.track_running_stats,
            0.0 if self.momentum is None else self.momentum,
            self.eps,
        )


class InstanceNorm1D(_InstanceNorm):
    """As `BatchNorm1D`, but each feature of each element of the batch has its own mean and
    variance: those of its length (Ulyanov et al., 2016).

    By default nothing is learned (``affine``) and no running means are kept
    (``track_running_stats``).

    >>> import autograd, nn
    >>> nn.InstanceNorm1D(2)(autograd.ones(1, 2, 3)).tolist()
    [[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]]
    """

    _ndims = (3,)
    _expected = "(batch, features, length)"


class InstanceNorm2D(_InstanceNorm):
    """As `InstanceNorm1D`, on images: ``(batch, features, height, width)``."""

    _ndims = (4,)
    _expected = "(batch, features, height, width)"


class InstanceNorm3D(_InstanceNorm):
    """As `InstanceNorm1D`, on volumes: ``(batch, features, depth, height, width)``."""

    _ndims = (5,)
    _expected = "(batch, features, depth, height, width)"


class LayerNorm(Module):
    """The last dims, of sizes ``normalized_shape``, to mean 0, variance 1 (Ba et al., 2016).

    Then times a learned ``weight`` plus a learned ``bias`` of that shape, if
    ``elementwise_affine``.

    >>> import autograd, nn
    >>> nn.LayerNorm(3)(autograd.ones(2, 3)).tolist()
    [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        sizes = (
            (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        )
        self.normalized_shape, self.eps, self.elementwise_affine = sizes, eps, elementwise_affine
        self.weight = empty_parameter(sizes, device, dtype) if elementwise_affine else None
        self.bias = empty_parameter(sizes, device, dtype) if elementwise_affine and bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Scale 1, shift 0."""
        _reset(self.weight, self.bias)

    def forward(self, x: Tensor) -> Any:
        return F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"
        )


class RMSNorm(Module):
    """The last dims, of sizes ``normalized_shape``, over the root of their mean square (Zhang and
    Sennrich, 2019).

    Then times a learned ``weight`` of that shape, if ``elementwise_affine``. ``eps`` is added to
    the mean square; None for the dtype's epsilon.
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        sizes = (
            (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        )
        self.normalized_shape, self.eps, self.elementwise_affine = sizes, eps, elementwise_affine
        self.weight = empty_parameter(sizes, device, dtype) if elementwise_affine else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Scale 1."""
        _reset(self.weight, None)

    def forward(self, x: Tensor) -> Any:
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
        )


class GroupNorm(Module):
    """The channels of ``(batch, channels, ...)`` in ``num_groups`` groups, each to mean 0, variance
    1 (Wu and He, 2018).

    Then times a learned ``weight`` plus a learned ``bias`` for each channel, if ``affine``. Raises
    ShapeError where the groups can't be equal.
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        if num_groups < 1 or num_channels % num_groups:
            raise ShapeError(
                f"GroupNorm: num_channels {num_channels} must be a multiple of num_groups "
                f"{num_groups}"
            )
        self.num_groups, self.num_channels, self.eps, self.affine = (
            num_groups,
            num_channels,
            eps,
            affine,
        )
        self.weight = empty_parameter((num_channels,), device, dtype) if affine else None
        self.bias = empty_parameter((num_channels,), device, dtype) if affine and bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Scale 1, shift 0."""
        _reset(self.weight, self.bias)

    def forward(self, x: Tensor) -> Any:
        return F.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )


class LocalResponseNorm(Options):
    """``x`` over ``(k + alpha * mean of squares) ** beta``, the mean over ``size`` neighbouring
    channels of ``(batch, channels, ...)`` (Krizhevsky et al., 2012)."""

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, x: Tensor) -> Any:
        return F.local_response_norm(x, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


class CrossMapLRN2D(LocalResponseNorm):
    """As `LocalResponseNorm`, on images, with as many neighbours before a channel as after it."""

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1) -> None:
        super().__init__(size, alpha, beta, k)

    def forward(self, x: Tensor) -> Any:
        return cross_map_lrn(x, self.size, self.alpha, self.beta, self.k)


def _reset(weight: Any, bias: Any) -> None:
    """Scale 1, shift 0, as far as there are any."""
    if weight is not None:
        init.ones_(weight)
    if bias is not None:
        init.zeros_(bias)
