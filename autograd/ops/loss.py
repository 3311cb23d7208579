"""Losses of numbers and of probabilities: how far predictions are from their targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, unwrap
from autograd.dtypes import FLOATING
from autograd.errors import DTypeError, ShapeError
from autograd.ops.activation import hardtanh, logsigmoid
from autograd.ops.arithmetic import mul, square, sub
from autograd.ops.exponential import exp, sigmoid, xlogy
from autograd.ops.magnitude import abs, maximum
from autograd.ops.reduction import mean, sum

REDUCTIONS: dict[str, Callable[[Any], Any]] = {"mean": mean, "sum": sum, "none": lambda loss: loss}


def reduced(name: str, loss: Any, reduction: str) -> Any:
    """The mean or the sum of ``loss``, or itself."""
    check_reduction(name, reduction)
    return REDUCTIONS[reduction](loss)


def check_reduction(name: str, reduction: str) -> None:
    """Raise ShapeError unless ``reduction`` is one of the three."""
    if reduction not in REDUCTIONS:
        raise ShapeError(f"{name}: reduction must be 'mean', 'sum' or 'none', got {reduction!r}")


def _check_same_shape(name: str, x: Any, target: Any) -> None:
    """Raise ShapeError unless both have one shape: broadcasting would compare every element with
    every other."""
    shape, wanted = unwrap(x).shape, unwrap(target).shape
    if shape != wanted:
        raise ShapeError(
            f"{name}: x has shape {shape} but target {wanted}; they must be equal, for "
            "broadcasting would compare each "
            "element with several. Reshape one: target.reshape(x.shape), or expand it on "
            "purpose: target.expand_as(x)"
        )


# -- regression ------------------------------------------------------------------------------------


def mse_loss(x: Any, target: Any, reduction: str = "mean", weight: Any = None) -> Any:
    """``(x - target) ** 2``, averaged, summed, or elementwise (``reduction="none"``).

    ``weight``, of the same shape, multiplies each element; the mean is then one weighted by it.
    Raises ShapeError unless ``x`` and ``target`` have one shape.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.mse_loss(autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 4.0]))
    tensor(2.)
    """
    _check_same_shape("mse_loss", x, target)
    return _weighted_mean("mse_loss", square(sub(x, target)), weight, reduction)


def l1_loss(x: Any, target: Any, reduction: str = "mean", weight: Any = None) -> Any:
    """``abs(x - target)``, reduced and weighted as in `mse_loss`; its gradient at 0 is 0."""
    _check_same_shape("l1_loss", x, target)
    return _weighted_mean("l1_loss", abs(sub(x, target)), weight, reduction)


def _weighted_mean(name: str, loss: Any, weight: Any, reduction: str) -> Any:
    if weight is None:
        return reduced(name, loss, reduction)
    _check_same_shape(name, loss, weight)
    weighted = mul(loss, weight)
    return (
        sum(weighted) / sum(weight) if reduction == "mean" else reduced(name, weighted, reduction)
    )


@primitive(x=lambda g, x, beta: g * hardtanh(x, -beta, beta) / beta)
def _smooth_l1(x: Array, beta: float) -> Array:
    """``x ** 2 / (2 * beta)`` up to ``beta`` from 0, ``abs(x) - beta / 2`` beyond."""
    distance = np.abs(x)
    near = np.minimum(distance, beta)
    return near * (distance - 0.5 * near) / beta


def smooth_l1_loss(x: Any, target: Any, reduction: str = "mean", beta: float = 1.0) -> Any:
    """With ``d = abs(x - target)``: ``d ** 2 / (2 * beta)`` up to ``beta``, ``d - beta / 2``
    beyond; reduced as `mse_loss`.

    (Girshick, 2015: Fast R-CNN.) ``beta = 0`` is `l1_loss`.

    >>> import autograd
    >>> from nn import functional as F
    >>> x, target = autograd.tensor([0.5, 3.0]), autograd.tensor([0.0, 0.0])
    >>> F.smooth_l1_loss(x, target, reduction="none")
    tensor([0.1250, 2.5000])
    """
    _check_same_shape("smooth_l1_loss", x, target)
    if beta < 0:
        raise ShapeError(f"smooth_l1_loss: beta must not be negative, got {beta}")
    if beta == 0:
        return l1_loss(x, target, reduction)
    return reduced("smooth_l1_loss", _smooth_l1(sub(x, target), beta=beta), reduction)


def huber_loss(
    x: Any, target: Any, reduction: str = "mean", delta: float = 1.0, weight: Any = None
) -> Any:
    """``delta`` times `smooth_l1_loss` with ``beta = delta`` (Huber, 1964). Raises ShapeError
    unless ``delta > 0``."""
    _check_same_shape("huber_loss", x, target)
    if delta <= 0:
        raise ShapeError(f"huber_loss: delta must be positive, got {delta}")
    loss = _smooth_l1(sub(x, target), beta=delta)
    loss = loss if delta == 1 else mul(loss, delta)
    if weight is not None:  # unlike in mse_loss, the mean is over the elements, as in PyTorch
        _check_same_shape("huber_loss", loss, weight)
        loss = mul(loss, weight)
    return reduced("huber_loss", loss, reduction)


# -- probabilities of two outcomes -----------------------------------------------------------------


@primitive(
    # As in PyTorch: at a probability of 0 or 1 the slope is large, not infinite.
    x=lambda g, x, target: g * (x - target) / maximum(x * (1 - x), 1e-12),
    target=lambda g, x: g * (_log(1 - x) - _log(x)),
)
def _binary_cross_entropy(x: Array, target: Array) -> Array:
    if x.dtype != target.dtype or x.dtype not in FLOATING:
        raise DTypeError(
            "x and target must have one floating dtype; convert the target: target.to(x.dtype)"
        )
    if not np.all((x >= 0) & (x <= 1)):
        raise ShapeError(
            "x must hold probabilities, between 0 and 1; for logits use "
            "binary_cross_entropy_with_logits"
        )
    return -target * _log(x) - (1 - target) * _log(1 - x)


@primitive(x=lambda g, x: g * (x > 0) / maximum(x, 1e-12))
def _log(x: Array) -> Array:
    """The logarithm, but at least -100: a probability of 0 must not cost infinitely much."""
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(x), -100)


def binary_cross_entropy(x: Any, target: Any, weight: Any = None, reduction: str = "mean") -> Any:
    """``-target * log(x) - (1 - target) * log(1 - x)`` for probabilities ``x``; each logarithm is
    at least -100.

    ``weight``, which broadcasts, multiplies each element. Raises ShapeError unless ``x`` and
    ``target`` have one shape,
    and for an ``x`` that is no probability.

    >>> import autograd
    >>> from nn import functional as F
    >>> x, target = autograd.tensor([0.5, 0.0]), autograd.tensor([1.0, 0.0])
    >>> F.binary_cross_entropy(x, target, reduction="none")
    tensor([0.6931, 0.0000])
    """
    _check_same_shape("binary_cross_entropy", x, target)
    loss = _binary_cross_entropy(x, target)
    return reduced("binary_cross_entropy", loss if weight is None else mul(loss, weight), reduction)


@primitive(x=lambda g, x, target: g * (sigmoid(x) - target), target=lambda g, x: -g * x)
def _logistic_loss(x: Array, target: Array) -> Array:
    loss = np.log1p(np.exp(-np.abs(x)))
    loss += np.maximum(x, 0)
    loss -= x * target
    return loss


def binary_cross_entropy_with_logits(
    x: Any, target: Any, weight: Any = None, reduction: str = "mean", pos_weight: Any = None
) -> Any:
    """`binary_cross_entropy` of ``sigmoid(x)``, without the overflow and the loss of precision of
    taking it.

    ``weight`` multiplies each element, ``pos_weight`` the part of the positive outcome; both
    broadcast.
    Raises ShapeError unless ``x`` and ``target`` have one shape, DTypeError unless they have one
    floating dtype.

    >>> import autograd
    >>> from nn import functional as F
    >>> x, target = autograd.tensor([0.0, 100.0]), autograd.tensor([1.0, 0.0])
    >>> F.binary_cross_entropy_with_logits(x, target, reduction="sum")
    tensor(100.6931)
    """
    name = "binary_cross_entropy_with_logits"
    _check_same_shape(name, x, target)
    if unwrap(x).dtype != unwrap(target).dtype or unwrap(x).dtype not in FLOATING:
        dtypes = f"{unwrap(x).dtype} and {unwrap(target).dtype}"
        raise DTypeError(
            f"{name}: x and target must have one floating dtype, got {dtypes}; convert: "
            "target.to(x.dtype)"
        )
    if pos_weight is None:
        loss = _logistic_loss(x, target)
    else:
        loss = mul(1 - target, x) - mul(1 + mul(pos_weight - 1, target), logsigmoid(x))
    return reduced(name, loss if weight is None else mul(loss, weight), reduction)


def kl_div(x: Any, target: Any, reduction: str = "mean", log_target: bool = False) -> Any:
    """``target * (log(target) - x)``: the divergence of the probabilities ``target`` from those
    whose logarithms are ``x``.

    ``log_target``: ``target`` holds logarithms too. The divergence of distributions is
    ``reduction="batchmean"``, the
    sum over the size of dim 0; "mean" is over all elements. (Kullback, Leibler, 1951.)

    >>> import autograd
    >>> from nn import functional as F
    >>> p = autograd.tensor([[0.5, 0.5]])
    >>> F.kl_div(autograd.tensor([[0.25, 0.75]]).log(), p, reduction="batchmean")
    tensor(0.1438)
    """
    _check_same_shape("kl_div", x, target)
    loss = (
        mul(exp(target), sub(target, x))
        if log_target
        else sub(xlogy(target, target), mul(target, x))
    )
    if reduction != "batchmean":
        return reduced("kl_div", loss, reduction)
    return sum(loss) / unwrap(x).shape[0] if unwrap(x).ndim else sum(loss)
