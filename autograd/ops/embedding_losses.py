"""Losses of the distances between vectors that stand for things alike or unlike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.core.variable import array_of
from autograd.errors import ShapeError
from autograd.ops.arithmetic import add, div, mul, sqrt, sub
from autograd.ops.comparison import eq
from autograd.ops.loss_reduction import (
    check_reduction,
    check_same_dims,
    check_same_shape,
    reduced,
    reduction_of,
)
from autograd.ops.magnitude import clamp_min, minimum
from autograd.ops.reduction import sum
from autograd.ops.selection import where
from autograd.ops.similarity import pairwise_distance


def cosine_embedding_loss(
    input1: Any,
    input2: Any,
    target: Any,
    margin: float = 0.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """``1 - cos(input1, input2)`` where ``target`` is 1, and ``max(0, cos(input1, input2) -
    margin)`` where it is -1.

    The inputs are ``(n, size)`` with targets ``(n,)``, or ``(size,)`` with one target. Raises
    ShapeError.

    >>> import autograd
    >>> from nn import functional as F
    >>> x, y = autograd.tensor([1.0, 0.0]), autograd.tensor([0.6, 0.8])
    >>> F.cosine_embedding_loss(x, y, autograd.tensor(1))
    tensor(0.4000)
    """
    reduction = reduction_of("cosine_embedding_loss", size_average, reduce, reduction)
    check_same_shape("cosine_embedding_loss", input1, input2, ("input1", "input2"))
    shape = array_of(input1).shape
    if len(shape) not in (1, 2) or array_of(target).shape != shape[:-1]:
        raise ShapeError(
            "cosine_embedding_loss: needs inputs (n, size) with a target (n,), or (size,) with a "
            f"target without dims, got inputs {shape} and a target {array_of(target).shape}"
        )
    cosine = _cosine(input1, input2)
    alike = where(eq(target, 1), sub(1, cosine), 0.0)
    unlike = where(eq(target, -1), clamp_min(sub(cosine, margin), 0), 0.0)
    return reduced(add(alike, unlike), reduction)


def _cosine(x: Any, y: Any) -> Any:
    """The cosines of the angles between the vectors along the last dim; a square of their lengths
    is raised by 1e-12, which keeps that of a zero vector differentiable."""
    squares = mul(add(sum(mul(x, x), -1), 1e-12), add(sum(mul(y, y), -1), 1e-12))
    return div(sum(mul(x, y), -1), sqrt(squares))


def triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """``max(0, margin + d(anchor, positive) - d(anchor, negative))``, where ``d`` is
    `pairwise_distance` with ``p`` and ``eps``. (Balntas, Riba, Ponsa, Mikolajczyk, 2016.)

    The tensors are ``(n, size)`` or ``(size,)``. ``swap``: the negative is compared with the anchor
    or the positive, whichever it is nearer to. Raises ShapeError unless they have the same number
    of dims and ``margin`` is positive.

    >>> import autograd
    >>> from nn import functional as F
    >>> x = autograd.zeros(1, 2)
    >>> F.triplet_margin_loss(x, x + 1, x + 2)
    tensor(0.)
    >>> F.triplet_margin_loss(x, x, x)
    tensor(1.)
    """
    name = "triplet_margin_loss"
    reduction = reduction_of(name, size_average, reduce, reduction)

    def distance(x: Any, y: Any) -> Any:
        return pairwise_distance(x, y, p, eps)

    return reduced(_triplet(name, anchor, positive, negative, distance, margin, swap), reduction)


def triplet_margin_with_distance_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    *,
    distance_function: Callable[[Any, Any], Any] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Any:
    """`triplet_margin_loss` with any distance, a function of two tensors; by default
    `pairwise_distance`.

    >>> import autograd
    >>> from nn import functional as F
    >>> x, y = autograd.zeros(1, 2), autograd.ones(1, 2)
    >>> manhattan = lambda x, y: (x - y).abs().sum(1)
    >>> F.triplet_margin_with_distance_loss(x, y, x, distance_function=manhattan)
    tensor(3.)
    """
    name = "triplet_margin_with_distance_loss"
    check_reduction(name, reduction)
    distance = distance_function or pairwise_distance
    return reduced(_triplet(name, anchor, positive, negative, distance, margin, swap), reduction)


def _triplet(
    name: str,
    anchor: Any,
    positive: Any,
    negative: Any,
    distance: Callable[[Any, Any], Any],
    margin: float,
    swap: bool,
) -> Any:
    """The loss of each triplet."""
    if margin <= 0:
        raise ShapeError(f"{name}: margin must be greater than 0, got {margin}")
    check_same_dims(name, anchor=anchor, positive=positive, negative=negative)
    to_negative = distance(anchor, negative)
    if swap:
        to_negative = minimum(to_negative, distance(positive, negative))
    return clamp_min(sub(add(distance(anchor, positive), margin), to_negative), 0)
