"""Normalization: to mean 0 and variance 1, over the batch, a layer, a group."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.formula import formula
from autograd.core.primitive import primitive
from autograd.core.variable import Array, Variable, array_of, version_of
from autograd.errors import DTypeError, ShapeError
from autograd.ops.arithmetic import _add, mul, rsqrt, square
from autograd.ops.channels import (
    _blend,
    _dot_by_channel,
    _scale_and_shift,
    dot,
    laid_out,
    scale_and_shift_into,
    sum_by_channel,
)
from autograd.ops.precision import half_in_single
from autograd.ops.reduction import mean
from autograd.ops.row_sums import sum_of_products, sum_of_rows


@primitive(
    holomorphic=False,
    outputs=("standard", "center", "variance"),
    x=lambda g, standard, variance, dims, eps: _standardize_gradient(
        g, standard, variance, dims, eps
    ),
)
def _standardize(x: Array, dims: tuple[int, ...], eps: float) -> tuple[Array, Array, Array]:
    """``(x - mean) / sqrt(variance + eps)`` over ``dims``, the last; the mean; the variance."""
    _refuse_all_but_floats(x)
    count = max(1, math.prod(x.shape[dim] for dim in dims))
    center = sum_of_rows(x, len(dims)) / count
    out = x - center
    variance = sum_of_products(out, out, dims=len(dims)) / count
    out *= 1 / np.sqrt(variance + eps)
    return out, center, variance


def _refuse_all_but_floats(x: Array) -> None:
    if x.dtype.kind != "f":
        raise DTypeError("needs floats; convert first: x.float()")


@formula
def _standardize_gradient(
    g: Any, standard: Any, variance: Any, dims: tuple[int, ...], eps: float
) -> Any:
    g, g_center, g_variance = g
    count = max(1, math.prod(standard.shape[dim] for dim in dims))
    scale = rsqrt(variance + eps)
    constant = (sum_of_rows(g, len(dims)) - g_center / scale) / count
    along = sum_of_products(g, standard, dims=len(dims))
    slope = (along - 2 * g_variance / (scale * scale)) / count
    return (g - standard * slope - constant) * scale


# -- over the batch, instances and groups ----------------------------------------------------------


@formula
def _batch_norm_gradients(
    g: Any, wanted: Any, x: Any, weight: Any, center: Any, variance: Any, eps: float
) -> tuple[Any, Any, Any]:
    """The sums over the batch serve all three gradients."""
    g, g_center, g_variance = g
    count = _count_by_channel(x)
    scale = rsqrt(variance + eps)
    total, along = sum_by_channel(g), _dot_by_channel(g, x, center)
    factor = scale if weight is None else scale * weight
    slope = (2 * g_variance - factor * scale * scale * along) / count
    shift = (g_center - factor * total) / count
    gradient = _blend(g, x, factor, slope, shift - center * slope)
    return gradient, None if weight is None else along * scale, total


def _count_by_channel(x: Any) -> int:
    """How many values each channel has; 1 if there are none, for it is divided by."""
    count: int = math.prod(x.shape) // max(1, x.shape[1])
    return max(1, count)


@primitive(holomorphic=False, outputs=("normal", "center", "variance"), joint=_batch_norm_gradients)
def _batch_norm(
    x: Array, weight: Array | None, bias: Array | None, eps: float
) -> tuple[Array, Array, Array]:
    """Each channel of x with mean 0 and variance 1, times weight plus bias; the means; the
    variances.
    """
    _refuse_all_but_floats(x)
    count = _count_by_channel(x)
    center = sum_by_channel(x) / count
    centered = x - laid_out(center, x)
    variance = dot(centered, centered) / count
    scale = 1 / np.sqrt(variance + eps)
    scale = scale if weight is None else scale * weight
    return scale_and_shift_into(centered, centered, scale, bias), center, variance


_batch_norm_in_single = half_in_single(_batch_norm)


def batch_norm(
    input: Any,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    """Each channel of ``input`` (batch, channels, ...) shifted and scaled to mean 0, variance 1;
    times ``weight`` plus ``bias``.

    With ``training`` the mean and variance are those of ``input``, and ``running_mean`` and
    ``running_var`` (None, or (channels,)) move towards them by the fraction ``momentum``, in place.
    Otherwise those two are used. Raises ShapeError, also for a single value per channel when
    training: Ioffe and Szegedy (2015).

    >>> import autograd
    >>> autograd.batch_norm(autograd.tensor([[1.0], [3.0]]), None, None, training=True, eps=1e-9)
    tensor([[-1.],
            [ 1.]])
    """
    shape = array_of(input).shape
    if shape == (0,):  # PyTorch takes it for a batch of nothing
        return mul(input, 1)
    if len(shape) < 2:
        raise ShapeError(f"batch_norm: input must have shape (batch, channels, ...), got {shape}")
    _check_channels("batch_norm", shape[1], running_mean, running_var, weight, bias)
    if eps <= 0:
        raise ShapeError(f"batch_norm: eps must be positive, got {eps}")
    if not training:
        if running_mean is None or running_var is None:
            raise ShapeError("batch_norm: needs running_mean and running_var unless training=True")
        return _with_statistics(input, running_mean, running_var, weight, bias, eps)
    count = math.prod(shape) // max(shape[1], 1)
    if count == 1:
        raise ShapeError(
            f"batch_norm: expected more than 1 value per channel when training, got input of shape "
            f"{shape}"
        )
    out, center, variance = _batch_norm_in_single(input, weight, bias, eps)
    _move(running_mean, center, momentum, count, 0)
    _move(running_var, variance, momentum, count, 1)
    return out


@half_in_single
def _with_statistics(x: Any, center: Any, variance: Any, weight: Any, bias: Any, eps: float) -> Any:
    """``(x - center) / sqrt(variance + eps) * weight + bias``, as one multiplication and one
    addition of x's size.
    """
    scale = rsqrt(variance + eps)
    scale = scale if weight is None else scale * weight
    shift = -center * scale if bias is None else bias - center * scale
    return _scale_and_shift(x, scale, shift)


def _move(running: Any, statistic: Any, momentum: float, count: int, freedom: int) -> None:
    """Move the buffer ``running`` towards a statistic, averaged over the batch.

    That is the mean of ``count`` values; ``freedom=1`` makes it an unbiased variance.
    """
    if running is None or count == 0:
        return
    array, value = array_of(running), array_of(statistic)
    value = value.reshape(-1, len(array)).mean(0) * (count / (count - freedom))
    array *= 1 - momentum
    array += momentum * value
    if isinstance(running, Variable):
        version_of(running).bump()


def _check_channels(operation: str, channels: int, *arguments: Any) -> None:
    """Raise ShapeError unless each of running_mean, running_var, weight, bias is None or has one
    value per channel, and the first two are both None or neither.
    """
    for name, argument in zip(("running_mean", "running_var", "weight", "bias"), arguments):
        if argument is not None and array_of(argument).shape != (channels,):
            raise ShapeError(
                f"{operation}: {name} must have shape ({channels},), one value for each channel of "
                f"x, "
                f"got {array_of(argument).shape}"
            )
    if (arguments[0] is None) != (arguments[1] is None):
        raise ShapeError(f"{operation}: needs both running_mean and running_var, or neither")


def instance_norm(
    input: Any,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    """As `batch_norm`, but each channel of each element of the batch has a mean and a variance of
    its own.

    The running ones are averages over the batch; they are used where ``use_input_stats`` is False.
    Raises ShapeError. Ulyanov, Vedaldi and Lempitsky (2016).
    """
    shape = array_of(input).shape
    if len(shape) < 3:
        raise ShapeError(
            f"instance_norm: input must have shape (batch, channels, space, ...), got {shape}"
        )
    _check_channels("instance_norm", shape[1], running_mean, running_var, weight, bias)
    if not use_input_stats:
        if running_mean is None or running_var is None:
            raise ShapeError(
                "instance_norm: needs running_mean and running_var unless use_input_stats=True"
            )
        return _with_statistics(input, running_mean, running_var, weight, bias, eps)
    count = math.prod(shape[2:])
    if count == 1:
        raise ShapeError(
            "instance_norm: expected more than 1 spatial element when training, got input of "
            "shape "
            f"{shape}"
        )
    out, center, variance = _instance_norm(input, weight, bias, eps)
    _move(running_mean, center, momentum, count, 0)
    _move(running_var, variance, momentum, count, 1)
    return out


@half_in_single
def _instance_norm(x: Any, weight: Any, bias: Any, eps: float) -> tuple[Any, Any, Any]:
    out, center, variance = _standardize(x, tuple(range(2, array_of(x).ndim)), eps)
    return _scale_and_shift(out, weight, bias), center, variance


@half_in_single
def group_norm(
    input: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Any:
    """``input`` (batch, channels, ...) shifted and scaled to mean 0 and variance 1 over each of
    ``num_groups`` groups of channels.

    Times ``weight`` plus ``bias``, both (channels,). Raises ShapeError. Wu and He (2018).

    >>> import autograd
    >>> autograd.group_norm(autograd.tensor([[1.0, 3.0, 5.0, 9.0]]), 2, eps=0.0)
    tensor([[-1.,  1., -1.,  1.]])
    """
    shape = array_of(input).shape
    if len(shape) < 2 or num_groups < 1 or shape[1] % num_groups:
        raise ShapeError(
            f"group_norm: input must have shape (batch, channels, ...) with channels divisible by "
            f"num_groups {num_groups}, got {shape}"
        )
    _check_channels("group_norm", shape[1], None, None, weight, bias)
    if math.prod(shape) // max(shape[0], 1) == num_groups and shape[0] == 1:
        raise ShapeError(
            f"group_norm: expected more than 1 value per channel, got input of shape {shape} for "
            f"{num_groups} groups"
        )
    groups = input.reshape(shape[0], num_groups, shape[1] // num_groups, *shape[2:])
    out = _standardize(groups, tuple(range(2, len(shape) + 1)), eps)[0].reshape(shape)
    return _scale_and_shift(out, weight, bias)


# -- over a layer ----------------------------------------------------------------------------------


@half_in_single
def layer_norm(
    input: Any,
    normalized_shape: int | Sequence[int],
    weight: Any = None,
    bias: Any = None,
    eps: float = 1e-5,
) -> Any:
    """``input`` (..., *normalized_shape) shifted and scaled to mean 0 and variance 1 over its last
    dims.

    Times ``weight`` plus ``bias``, both of ``normalized_shape``. Raises ShapeError. Ba, Kiros and
    Hinton (2016).

    >>> import autograd
    >>> autograd.layer_norm(autograd.tensor([[1.0, 3.0], [0.0, 8.0]]), (2,), eps=0.0)
    tensor([[-1.,  1.],
            [-1.,  1.]])
    """
    last = _last_dims("layer_norm", input, normalized_shape, weight, bias)
    out = _standardize(input, tuple(range(-len(last), 0)), eps)[0]
    out = out if weight is None else mul(out, weight)
    return out if bias is None else _add(out, bias)


def rms_norm(
    input: Any, normalized_shape: int | Sequence[int], weight: Any = None, eps: float | None = None
) -> Any:
    """``input`` (..., *normalized_shape) over the root of the mean square of its last dims, times
    ``weight``.

    ``eps`` is added to the mean square; by default the dtype's epsilon. Raises ShapeError. Zhang
    and Sennrich (2019).

    >>> import autograd
    >>> autograd.rms_norm(autograd.tensor([[1.0, 7.0]]), (2,))
    tensor([[0.2000, 1.4000]])
    """
    last = _last_dims("rms_norm", input, normalized_shape, weight, None)
    eps = float(np.finfo(array_of(input).dtype).eps) if eps is None else eps
    return _rms_norm(input, weight, tuple(range(-len(last), 0)), eps)


@half_in_single
def _rms_norm(x: Any, weight: Any, dims: tuple[int, ...], eps: float) -> Any:
    out = mul(x, rsqrt(mean(square(x), dims, True) + eps))
    return out if weight is None else mul(out, weight)


def _last_dims(
    operation: str, x: Any, normalized_shape: int | Sequence[int], weight: Any, bias: Any
) -> tuple[int, ...]:
    """``normalized_shape`` as a tuple. Raises ShapeError unless x ends in it and weight and bias
    have it.
    """
    last = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    shape = array_of(x).shape
    if not last or shape[-len(last) :] != last:
        raise ShapeError(
            f"{operation}: the last dims of x must be normalized_shape {last}, got shape {shape}"
        )
    if array_of(x).dtype.kind not in "fc":
        raise DTypeError(
            f"{operation}: x must be floating, got {array_of(x).dtype}; convert it: x.float()"
        )
    for name, argument in (("weight", weight), ("bias", bias)):
        if argument is not None and array_of(argument).shape != last:
            raise ShapeError(
                f"{operation}: {name} must have shape {last}, got {array_of(argument).shape}"
            )
    return last
