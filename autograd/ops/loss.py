"""Losses of numbers: how far predictions are from their targets."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array
from autograd.errors import ShapeError
from autograd.ops.activation import hardtanh
from autograd.ops.arithmetic import mul, square, sub, to_difference
from autograd.ops.loss_reduction import check_reduction, check_same_shape, reduced, reduction_of
from autograd.ops.magnitude import abs
from autograd.ops.reduction import mean, sum


def mse_loss(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Any = None,
) -> Any:
    """``(input - target) ** 2``, averaged, summed, or elementwise (``reduction="none"``).

    ``weight``, of the same shape, multiplies each element; the mean is then one weighted by it.
    Raises ShapeError unless ``input`` and ``target`` have one shape.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.mse_loss(autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 4.0]))
    tensor(2.)
    """
    reduction = reduction_of("mse_loss", size_average, reduce, reduction)
    check_same_shape("mse_loss", input, target)
    if weight is None and reduction == "mean":
        return _mse_loss(input, target)
    return _weighted_mean("mse_loss", square(sub(input, target)), weight, reduction)


def _mse_gradients(g: Any, wanted: Any, x: Any, y: Any) -> tuple[Any, Any]:
    slope = (x - y) * (g * (2 / max(1, math.prod(x.shape))))
    return slope, -slope if wanted[1] else None


@primitive(promote=to_difference, joint=_mse_gradients)
def _mse_loss(x: Array, y: Array) -> Array:
    """The mean of ``(x - y) ** 2``: one operation, for many a training step ends with it."""
    difference = np.asarray(x - y)
    return mean(np.square(difference, out=difference))


def l1_loss(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Any = None,
) -> Any:
    """``abs(input - target)``, reduced and weighted as in `mse_loss`; its gradient at 0 is 0."""
    reduction = reduction_of("l1_loss", size_average, reduce, reduction)
    check_same_shape("l1_loss", input, target)
    return _weighted_mean("l1_loss", abs(sub(input, target)), weight, reduction)


def _weighted_mean(name: str, loss: Any, weight: Any, reduction: str) -> Any:
    if weight is None:
        return reduced(loss, reduction)
    check_same_shape(name, loss, weight, ("x", "weight"))
    weighted = mul(loss, weight)
    return sum(weighted) / sum(weight) if reduction == "mean" else reduced(weighted, reduction)


@primitive(x=lambda g, x, beta: g * hardtanh(x, -beta, beta) / beta)
def _smooth_l1(x: Array, beta: float) -> Array:
    """``x ** 2 / (2 * beta)`` up to ``beta`` from 0, ``abs(x) - beta / 2`` beyond."""
    distance = np.abs(x)
    near = np.minimum(distance, beta)
    return near * (distance - 0.5 * near) / beta


def smooth_l1_loss(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Any:
    """With ``d = abs(input - target)``: ``d ** 2 / (2 * beta)`` up to ``beta``, ``d - beta / 2``
    beyond; reduced as `mse_loss`.

    (Girshick, 2015: Fast R-CNN.) ``beta = 0`` is `l1_loss`.

    >>> import autograd
    >>> from nn import functional as F
    >>> x, target = autograd.tensor([0.5, 3.0]), autograd.tensor([0.0, 0.0])
    >>> F.smooth_l1_loss(x, target, reduction="none")
    tensor([0.1250, 2.5000])
    """
    reduction = reduction_of("smooth_l1_loss", size_average, reduce, reduction)
    check_same_shape("smooth_l1_loss", input, target)
    if beta < 0:
        raise ShapeError(f"smooth_l1_loss: beta must not be negative, got {beta}")
    if beta == 0:
        return l1_loss(input, target, reduction=reduction)
    return reduced(_smooth_l1(sub(input, target), beta=beta), reduction)


def huber_loss(
    input: Any, target: Any, reduction: str = "mean", delta: float = 1.0, weight: Any = None
) -> Any:
    """``delta`` times `smooth_l1_loss` with ``beta = delta`` (Huber, 1964). Raises ShapeError
    unless ``delta > 0``."""
    check_reduction("huber_loss", reduction)
    check_same_shape("huber_loss", input, target)
    if delta <= 0:
        raise ShapeError(f"huber_loss: delta must be positive, got {delta}")
    loss = _smooth_l1(sub(input, target), beta=delta)
    loss = loss if delta == 1 else mul(loss, delta)
    if weight is not None:  # unlike in mse_loss, the mean is over the elements, as in PyTorch
        check_same_shape("huber_loss", loss, weight, ("x", "weight"))
        loss = mul(loss, weight)
    return reduced(loss, reduction)
