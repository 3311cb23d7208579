"""Modules that learn from their first input how large it is, and then become the ordinary ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from autograd.core.variable import array_of
from autograd.errors import AutogradError, ShapeError
from nn.convolution import (
    Conv1D,
    Conv2D,
    Conv3D,
    ConvTranspose1D,
    ConvTranspose2D,
    ConvTranspose3D,
    _Conv,
    _ConvTranspose,
    check_groups,
)
from nn.linear import Dense
from nn.module import Module
from nn.normalization import (
    BatchNorm1D,
    BatchNorm2D,
    BatchNorm3D,
    InstanceNorm1D,
    InstanceNorm2D,
    InstanceNorm3D,
    _BatchNorm,
)
from nn.parameter import Parameter, UninitializedBuffer, UninitializedParameter, is_lazy
from nn.tree import own_buffers, own_parameters

# What stands beside the mixin in a class is a module; the type checker must be told.
_Beside: Any = Module if TYPE_CHECKING else object


class LazyModuleMixin(_Beside):  # type: ignore[misc]  # see above
    """What makes a module lazy, named before it: ``class LazyThing(LazyModuleMixin, Thing)``.

    Each call hands its arguments to `initialize_parameters`, which the first time gives the
    uninitialised parameters their shapes; then the module becomes a ``cls_to_become``, unless that
    is None. An optimizer can be given the parameters before, but can't step.
    """

    cls_to_become: ClassVar[type[Module] | None] = None

    def has_uninitialized_params(self) -> bool:
        """Whether a parameter or buffer of its own still waits for its shape."""
        return any(
            is_lazy(tensor) for own in (own_parameters, own_buffers) for _, tensor in own(self)
        )

    def initialize_parameters(self, *args: Any, **kwargs: Any) -> None:
        """Give the parameters shapes that fit the arguments of a call, and values. Subclasses
        define it."""
        raise NotImplementedError(
            f"{type(self).__name__}: define initialize_parameters, which is to give the "
            "parameters their shapes"
        )

    def reset_parameters(self) -> None:
        """Draw the parameters anew, once they have a shape."""
        if not self.has_uninitialized_params():
            super().reset_parameters()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.initialize_parameters(*args, **kwargs)
        if self.has_uninitialized_params():
            raise AutogradError(
                f"{type(self).__name__}: initialize_parameters has left a parameter without a shape"
            )
        result = super().__call__(*args, **kwargs)
        if self.cls_to_become is not None:
            self.__class__ = self.cls_to_become  # type: ignore[assignment]  # it is a base
        return result

    def _wait(self, *names: str) -> None:
        """Put uninitialised tensors in the place of those called ``names``."""
        for name in names:
            tensor = getattr(self, name)
            if tensor is not None:
                learned = isinstance(tensor, Parameter)
                kind = UninitializedParameter if learned else UninitializedBuffer
                setattr(self, name, kind(dtype=tensor.dtype))

    def _give_shapes(self, **shapes: tuple[int, ...]) -> None:
        """Give the tensors that wait for it their shape, and all of them their first values."""
        if self.has_uninitialized_params():
            for name, shape in shapes.items():
                if is_lazy(getattr(self, name)):
                    getattr(self, name).materialize(shape)
            self.reset_parameters()


class LazyDense(LazyModuleMixin, Dense):
    """A `Dense` that takes ``in_features`` from its first input.

    >>> import autograd, nn
    >>> layer = nn.LazyDense(2)
    >>> layer.weight
    <UninitializedParameter>
    >>> layer(autograd.ones(4, 3)).shape, layer
    ((4, 2), Dense(in_features=3, out_features=2, bias=True))
    """

    cls_to_become = Dense

    def __init__(
        self, out_features: int, bias: bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__(0, out_features, bias, device, dtype)
        self._wait("weight", "bias")

    def initialize_parameters(self, x: Any) -> None:
        """Take ``in_features`` from the last dim of ``x``."""
        if array_of(x).ndim == 0:
            raise ShapeError("LazyDense: needs (..., features), got a tensor without dims")
        self.in_features = x.shape[-1]
        self._give_shapes(weight=(self.out_features, self.in_features), bias=(self.out_features,))


def _take_channels(module: Any, x: Any) -> None:
    """Give ``module``, a lazy convolution, the channels of ``x``."""
    module.check_dims(x)
    channels = x.shape[-module._dims - 1]
    check_groups(type(module).__name__, channels, module.out_channels, module.groups)
    module.in_channels = channels
    module._give_shapes(weight=module._weight_shape(), bias=(module.out_channels,))


class _LazyConv(LazyModuleMixin, _Conv):
    """A convolution that takes ``in_channels`` from its first input."""

    def __init__(
        self,
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
        sizes = (0, out_channels, kernel_size, stride, padding, dilation)
        super().__init__(*sizes, groups, bias, padding_mode, device, dtype)
        self._wait("weight", "bias")

    def initialize_parameters(self, x: Any) -> None:
        """Take ``in_channels`` from the dim of ``x`` before the sizes."""
        _take_channels(self, x)


class LazyConv1D(_LazyConv, Conv1D):
    """A `Conv1D` that takes ``in_channels`` from its first input."""

    cls_to_become = Conv1D


class LazyConv2D(_LazyConv, Conv2D):
    """A `Conv2D` that takes ``in_channels`` from its first input."""

    cls_to_become = Conv2D


class LazyConv3D(_LazyConv, Conv3D):
    """A `Conv3D` that takes ``in_channels`` from its first input."""

    cls_to_become = Conv3D


class _LazyConvTranspose(LazyModuleMixin, _ConvTranspose):
    """A transposed convolution that takes ``in_channels`` from its first input."""

    def __init__(
        self,
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
        sizes = (0, out_channels, kernel_size, stride, padding, output_padding)
        super().__init__(*sizes, groups, bias, dilation, padding_mode, device, dtype)
        self._wait("weight", "bias")

    def initialize_parameters(self, x: Any, output_size: Any = None) -> None:
        """Take ``in_channels`` from the dim of ``x`` before the sizes."""
        _take_channels(self, x)


class LazyConvTranspose1D(_LazyConvTranspose, ConvTranspose1D):
    """A `ConvTranspose1D` that takes ``in_channels`` from its first input."""

    cls_to_become = ConvTranspose1D


class LazyConvTranspose2D(_LazyConvTranspose, ConvTranspose2D):
    """A `ConvTranspose2D` that takes ``in_channels`` from its first input."""

    cls_to_become = ConvTranspose2D


class LazyConvTranspose3D(_LazyConvTranspose, ConvTranspose3D):
    """A `ConvTranspose3D` that takes ``in_channels`` from its first input."""

    cls_to_become = ConvTranspose3D


class _LazyNorm(LazyModuleMixin, _BatchNorm):
    """A normalisation that takes ``num_features`` from its first input; unlike in the plain
    instance norms, ``affine`` and ``track_running_stats`` are on by default."""

    def __init__(
        self,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(0, eps, momentum, affine, track_running_stats, device, dtype, bias=bias)
        self._wait("weight", "bias", "running_mean", "running_var")

    def initialize_parameters(self, x: Any) -> None:
        """Take ``num_features`` from dim 1 of ``x``."""
        self._take_features(x, 1)

    def _take_features(self, x: Any, dim: int) -> None:
        if not -array_of(x).ndim <= dim < x.ndim:
            raise ShapeError(
                f"{type(self).__name__}: needs (batch, features, ...), got shape {x.shape}"
            )
        self.num_features = x.shape[dim]
        names = ("weight", "bias", "running_mean", "running_var")
        self._give_shapes(**dict.fromkeys(names, (self.num_features,)))


class LazyBatchNorm1D(_LazyNorm, BatchNorm1D):
    """A `BatchNorm1D` that takes ``num_features`` from its first input."""

    cls_to_become = BatchNorm1D


class LazyBatchNorm2D(_LazyNorm, BatchNorm2D):
    """A `BatchNorm2D` that takes ``num_features`` from its first input."""

    cls_to_become = BatchNorm2D


class LazyBatchNorm3D(_LazyNorm, BatchNorm3D):
    """A `BatchNorm3D` that takes ``num_features`` from its first input."""

    cls_to_become = BatchNorm3D


class _LazyInstanceNorm(_LazyNorm):
    """As the lazy batch norms; the batch may be missing."""

    def initialize_parameters(self, x: Any) -> None:
        """Take ``num_features`` from the dim of ``x`` before the sizes."""
        self._take_features(x, 1 - self._ndims[0])


class LazyInstanceNorm1D(_LazyInstanceNorm, InstanceNorm1D):
    """An `InstanceNorm1D` that takes ``num_features`` from its first input, and by default learns
    and keeps running means."""

    cls_to_become = InstanceNorm1D


class LazyInstanceNorm2D(_LazyInstanceNorm, InstanceNorm2D):
    """As `LazyInstanceNorm1D`, of an `InstanceNorm2D`."""

    cls_to_become = InstanceNorm2D


class LazyInstanceNorm3D(_LazyInstanceNorm, InstanceNorm3D):
    """As `LazyInstanceNorm1D`, of an `InstanceNorm3D`."""

    cls_to_become = InstanceNorm3D
