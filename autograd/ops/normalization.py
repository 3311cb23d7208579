"""Normalization: to mean 0 and variance 1, over the batch, a layer, a group."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.broadcast import sum_to
from autograd.core.formula import formula
from autograd.core.primitive import primitive
from autograd.core.variable import Array, Variable, array_of, version_of
from autograd.errors import DTypeError, ShapeError
from autograd.ops.arithmetic import mul, rsqrt, square
from autograd.ops.channels import (
    CACHED,
    _blend,
    _dot_by_channel,
    _scale_and_shift,
    dot,
    in_cache,
    laid_out,
    scale_and_shift_into,
    sum_by_channel,
)
from autograd.ops.precision import half_in_single
from autograd.ops.reduction import mean
from autograd.ops.row_sums import dot_of_rows, sum_of_rows


def _refuse_all_but_floats(x: Array) -> None:
    if x.dtype.kind != "f":
        raise DTypeError("needs floats; convert first: x.float()")


# -- rows: the last dim ----------------------------------------------------------------------------


def _centered(x: Any, eps: float) -> tuple[Any, Any]:
    """The rows of x with mean 0, and what they are to be multiplied by to have variance 1."""
    count = max(1, x.shape[-1])
    centered = x - sum_of_rows(x) / count
    return centered, rsqrt(dot_of_rows(centered, centered) / count + eps)


def _rows(x: Any) -> Any:
    return x if x.ndim == 2 else x.reshape(math.prod(x.shape[:-1]), x.shape[-1])


@formula
def _normalize_rows_gradients(
    g: Any, wanted: Any, x: Any, weight: Any, eps: float
) -> tuple[Any, Any, Any]:
    """Of a large array, rows that stay in the cache at a time: it would be passed over 15 times."""
    shape, g, x = x.shape, _rows(g), _rows(x)
    if isinstance(x, Variable) or x.size <= CACHED:
        gradient, by_weight, by_bias = _gradients(g, wanted, x, weight, eps)
        return gradient if len(shape) == 2 else gradient.reshape(shape), by_weight, by_bias
    out, sums = np.empty_like(x, order="C", shape=shape), []
    rows = _rows(out)
    for part in in_cache(x):
        rows[part], *of_part = _gradients(g[part], wanted, x[part], weight, eps)
        sums.append(of_part)
    by_weight, by_bias = (None if of[0] is None else np.add.reduce(of) for of in zip(*sums))
    return out, by_weight, by_bias


def _gradients(g: Any, wanted: Any, x: Any, weight: Any, eps: float) -> tuple[Any, Any, Any]:
    """The gradients of `_normalize_rows`, for x of two dims."""
    centered, scale = _centered(x, eps)
    count, along = max(1, x.shape[-1]), g * centered
    by_weight = scale.reshape(-1) @ along if wanted[1] else None
    by_bias = sum_to(g, g.shape[1:]) if wanted[2] else None
    if weight is None:
        total, along = sum_of_rows(g), sum_of_rows(along)
    else:
        total, along = dot_of_rows(g, weight), dot_of_rows(along, weight)
        g = g * weight
    slope = along * (scale * scale) / count
    return (g - centered * slope - total / count) * scale, by_weight, by_bias


@primitive(joint=_normalize_rows_gradients, holomorphic=False)
def _normalize_rows(x: Array, weight: Array | None, bias: Array | None, eps: float) -> Array:
    """Each row of x with mean 0 and variance 1, times weight plus bias, which are rows."""
    _refuse_all_but_floats(x)
    out = np.empty_like(x, order="C")
    x, rows = _rows(x), _rows(out)
    for part in in_cache(x):
        centered, scale = _centered(x[part], eps)
        normal = np.multiply(centered, scale, out=rows[part])
        if weight is not None:
            normal *= weight
        if bias is not None:
            normal += bias
    return out


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
    out, center, variance = _batch_norm_in_single(input, weight, bias, eps=eps)
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
    out = _instance_norm(input, weight, bias, eps)
    if running_mean is not None and count:
        array, dims = array_of(input), tuple(range(2, len(shape)))
        _move(running_mean, np.mean(array, dims), momentum, count, 0)
        _move(running_var, np.var(array, dims), momentum, count, 1)
    return out


@half_in_single
def _instance_norm(x: Any, weight: Any, bias: Any, eps: float) -> Any:
    rows = x.reshape(*x.shape[:2], math.prod(x.shape[2:]))
    out = _normalize_rows(rows, None, None, eps=eps).reshape(x.shape)
    return _scale_and_shift(out, weight, bias)


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
    groups = input.reshape(shape[0], num_groups, math.prod(shape[1:]) // num_groups)
    out = _normalize_rows(groups, None, None, eps=eps).reshape(shape)
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
    if len(last) == 1:
        return _normalize_rows(input, weight, bias, eps=eps)
    shape, count = input.shape, math.prod(last)
    weight, bias = (row if row is None else row.reshape(count) for row in (weight, bias))
    rows = input.reshape(*shape[: len(shape) - len(last)], count)
    return _normalize_rows(rows, weight, bias, eps=eps).reshape(shape)


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
