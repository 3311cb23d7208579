"""A layer and the batch normalisation behind it as one layer, for a trained network."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from autograd.creation import ones_like, zeros_like
from autograd.errors import ShapeError
from autograd.ops.arithmetic import rsqrt
from nn.parameter import Parameter


def fuse_conv_bn_eval(conv: Any, bn: Any, transpose: bool = False) -> Any:
    """One convolution that computes ``bn(conv(x))``, where both are in eval mode.

    ``transpose``: it is a transposed one. Raises ShapeError in training mode, and for a ``bn``
    without running means.

    >>> import autograd, nn
    >>> conv, bn = nn.Conv2D(3, 4, 3).eval(), nn.BatchNorm2D(4).eval()
    >>> x = autograd.randn(1, 3, 5, 5)
    >>> autograd.allclose(nn.utils.fuse_conv_bn_eval(conv, bn)(x), bn(conv(x)), atol=1e-6)
    True
    """
    _check_eval("fuse_conv_bn_eval", conv, bn)
    fused = deepcopy(conv)
    known = *_statistics(bn), transpose
    fused.weight, fused.bias = fuse_conv_bn_weights(conv.weight, conv.bias, *known)
    return fused


def fuse_conv_bn_weights(
    conv_w: Any,
    conv_b: Any,
    bn_rm: Any,
    bn_rv: Any,
    bn_eps: float,
    bn_w: Any,
    bn_b: Any,
    transpose: bool = False,
) -> tuple[Parameter, Parameter]:
    """The weight and the bias of a convolution (``conv_b`` may be None) followed by a normalisation
    of this running mean and variance, weight and bias (which may be None)."""
    channels = [-1] + [1] * (conv_w.ndim - 1)
    if transpose:
        channels[:2] = [1, -1]
    scale = _scale(bn_rv, bn_eps, bn_w)
    return (
        _parameter(conv_w * scale.reshape(channels), conv_w, conv_w),
        _fused_bias(conv_w, conv_b, bn_rm, scale, bn_b),
    )


def fuse_linear_bn_eval(linear: Any, bn: Any) -> Any:
    """One dense layer that computes ``bn(linear(x))``, where both are in eval mode.

    Raises ShapeError in training mode, for a ``bn`` without running means, and where it has another
    number of features than the layer gives, unless that is 1.
    """
    _check_eval("fuse_linear_bn_eval", linear, bn)
    if bn.num_features not in (1, linear.out_features):
        raise ShapeError(
            f"fuse_linear_bn_eval: the layer gives {linear.out_features} features, and the "
            f"normalisation has {bn.num_features}; it must have as many, or 1"
        )
    fused = deepcopy(linear)
    fused.weight, fused.bias = fuse_linear_bn_weights(linear.weight, linear.bias, *_statistics(bn))
    return fused


def fuse_linear_bn_weights(
    linear_w: Any, linear_b: Any, bn_rm: Any, bn_rv: Any, bn_eps: float, bn_w: Any, bn_b: Any
) -> tuple[Parameter, Parameter]:
    """The weight and the bias of a dense layer (``linear_b`` may be None) followed by a
    normalisation of this running mean and variance, weight and bias."""
    scale = _scale(bn_rv, bn_eps, bn_w)
    return (
        _parameter(linear_w * scale.unsqueeze(-1), linear_w, linear_w),
        _fused_bias(linear_w, linear_b, bn_rm, scale, bn_b),
    )


def _scale(variance: Any, eps: float, weight: Any) -> Any:
    """What a normalisation multiplies by."""
    return rsqrt(variance + eps) * (ones_like(variance) if weight is None else weight)


def _fused_bias(weight: Any, bias: Any, mean: Any, scale: Any, shift: Any) -> Parameter:
    known = zeros_like(mean) if bias is None else bias
    fused = (known - mean) * scale
    return _parameter(
        fused if shift is None else fused + shift, weight if bias is None else bias, known
    )


def _parameter(value: Any, typed: Any, learned: Any) -> Parameter:
    """``value`` as a parameter of the dtype of ``typed``, to be learned if ``learned`` is."""
    return Parameter(value.detach().to(typed.dtype), learned.requires_grad)


def _statistics(bn: Any) -> tuple[Any, ...]:
    return bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias


def _check_eval(name: str, layer: Any, bn: Any) -> None:
    if layer.training or bn.training:
        raise ShapeError(
            f"{name}: both modules must be in eval mode, for in training mode the normalisation "
            "depends on the batch; call eval()"
        )
    if bn.running_mean is None or bn.running_var is None:
        raise ShapeError(
            f"{name}: the normalisation has no running means, so that it depends on the batch"
        )
