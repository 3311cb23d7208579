"""Losses of scores that should differ by a margin, between classes or from 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.variable import array_of, make
from autograd.errors import ShapeError
from autograd.ops.activation import logsigmoid, relu
from autograd.ops.arithmetic import add, mul, neg, square, sub
from autograd.ops.comparison import ne
from autograd.ops.gathering import gather, index_select
from autograd.ops.loss_reduction import (
    check_broadcast,
    check_classes,
    check_same_shape,
    reduced,
    reduction_of,
)
from autograd.ops.magnitude import clamp_min
from autograd.ops.reduction import mean, sum
from autograd.ops.selection import where
from autograd.ops.shaping import reshape, unsqueeze

# -- targets of 1 and -1 ---------------------------------------------------------------------------


def hinge_embedding_loss(
    input: Any,
    target: Any,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """``input``, a distance, where ``target`` is 1, and ``max(0, margin - input)`` where it is -1.

    The shapes broadcast. Raises ShapeError unless they have the same number of dims.

    >>> import autograd
    >>> from nn import functional as F
    >>> x, target = autograd.tensor([0.2, 0.2]), autograd.tensor([1.0, -1.0])
    >>> F.hinge_embedding_loss(x, target, reduction="none")
    tensor([0.2000, 0.8000])
    """
    reduction = reduction_of("hinge_embedding_loss", size_average, reduce, reduction)
    check_broadcast("hinge_embedding_loss", x=input, target=target)
    far = where(ne(target, 1), clamp_min(sub(margin, input), 0), 0.0)
    return reduced(add(far, where(ne(target, -1), input, 0.0)), reduction)


def margin_ranking_loss(
    input1: Any,
    input2: Any,
    target: Any,
    margin: float = 0.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """``max(0, margin - target * (input1 - input2))``: a ``target`` of 1 asks for ``input1`` to be
    the larger, by ``margin``; -1 for ``input2``.

    The shapes broadcast. Raises ShapeError unless they have the same number of dims.

    >>> import autograd
    >>> from nn import functional as F
    >>> better, worse = autograd.tensor([3.0, 1.0]), autograd.tensor([1.0, 2.0])
    >>> F.margin_ranking_loss(better, worse, autograd.ones(2), reduction="none")
    tensor([0., 1.])
    """
    reduction = reduction_of("margin_ranking_loss", size_average, reduce, reduction)
    check_broadcast("margin_ranking_loss", input1=input1, input2=input2, target=target)
    loss = clamp_min(add(mul(neg(target), sub(input1, input2)), margin), 0)
    return reduced(loss, reduction)


def soft_margin_loss(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """``log(1 + exp(-target * input))``: the logistic loss of scores ``input`` for targets 1 and
    -1, computed without overflow. Raises ShapeError unless both have one shape.

    >>> import autograd
    >>> from nn import functional as F
    >>> x, target = autograd.tensor([0.0, 1000.0]), autograd.tensor([1.0, -1.0])
    >>> F.soft_margin_loss(x, target, reduction="none")
    tensor([6.9315e-01, 1.0000e+03])
    """
    reduction = reduction_of("soft_margin_loss", size_average, reduce, reduction)
    check_same_shape("soft_margin_loss", input, target)
    return reduced(neg(logsigmoid(mul(target, input))), reduction)


# -- one of several classes ------------------------------------------------------------------------


def multi_margin_loss(
    input: Any,
    target: Any,
    p: int = 1,
    margin: float = 1.0,
    weight: Any = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """The sum over the wrong classes of ``max(0, margin - input[right] + input[wrong]) ** p``, over
    the number of classes. (Crammer, Singer, 2001.)

    ``input (n, classes)`` are scores, ``target (n)`` the right classes; both may lack the batch
    dim. ``p`` is 1 or 2; ``weight`` has a number for each right class. Raises ShapeError,
    DTypeError unless the classes are int64.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.multi_margin_loss(autograd.tensor([[0.5, 1.0, 0.0]]), autograd.tensor([1]))
    tensor(0.1667)
    """
    reduction = reduction_of("multi_margin_loss", size_average, reduce, reduction)
    if p not in (1, 2):
        raise ShapeError(f"multi_margin_loss: p must be 1 or 2, got {p!r}")
    scores = _as_rows("multi_margin_loss", input)
    n, classes = array_of(scores).shape
    _check_class_weight(weight, classes)
    if array_of(target).ndim > 1 or array_of(target).size != n:
        raise ShapeError(
            f"multi_margin_loss: input has shape {array_of(input).shape}, so target must be "
            f"({n},), one "
            f"class for each row, but is {array_of(target).shape}"
        )
    right = array_of(target).reshape((n, 1))
    check_classes("multi_margin_loss", right, classes)
    excess = relu(add(sub(scores, gather(scores, 1, make(right))), margin))
    loss = excess if p == 1 else square(excess)
    if weight is not None:
        loss = mul(loss, unsqueeze(index_select(weight, 0, make(right[:, 0])), 1))
    loss = mean(where(make(right == np.arange(classes)), 0.0, loss), 1)
    return reduced(reshape(loss, array_of(target).shape), reduction)


def _as_rows(name: str, x: Any) -> Any:
    """Scores as ``(n, classes)``. Raises ShapeError unless they are that, or one row, or one
    number."""
    shape = array_of(x).shape
    if len(shape) > 2 or 0 in shape[-1:]:
        raise ShapeError(
            f"{name}: x must be scores (n, classes) or (classes,), with at least one class, got "
            f"shape {shape}"
        )
    return reshape(x, (-1 if 0 not in shape else 0, shape[-1] if shape else 1))


def _check_class_weight(weight: Any, classes: int) -> None:
    if weight is not None and array_of(weight).shape != (classes,):
        raise ShapeError(
            f"multi_margin_loss: weight must have one dim and a number for each class, "
            f"({classes},), got shape {array_of(weight).shape}"
        )


# -- several of several classes --------------------------------------------------------------------


def multilabel_margin_loss(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """The sum over all pairs of a right and a wrong class of ``max(0, 1 - input[right] +
    input[wrong])``, over the number of classes.

    ``input`` are scores ``(n, classes)`` or ``(classes,)``; ``target``, of the same shape, lists
    the right classes of each row, up to the first -1. Raises ShapeError, DTypeError unless the
    classes are int64.

    >>> import autograd
    >>> from nn import functional as F
    >>> x, target = autograd.tensor([0.1, 0.2, 0.4, 0.8]), autograd.tensor([3, 0, -1, 1])
    >>> F.multilabel_margin_loss(x, target)
    tensor(0.8500)
    """
    reduction = reduction_of("multilabel_margin_loss", size_average, reduce, reduction)
    scores = _as_rows("multilabel_margin_loss", input)
    check_same_shape("multilabel_margin_loss", input, target)
    classes = array_of(scores).shape[1]
    labels = array_of(target).reshape(array_of(scores).shape)
    check_classes("multilabel_margin_loss", labels, classes, lowest=-1)
    listed = np.logical_and.accumulate(labels >= 0, axis=1)
    labels = np.where(listed, labels, 0)
    is_right = np.any((labels[:, :, None] == np.arange(classes)) & listed[:, :, None], axis=1)
    right = unsqueeze(gather(scores, 1, make(labels)), 2)
    excess = relu(add(sub(unsqueeze(scores, 1), right), 1))
    counts = make(listed[:, :, None] & ~is_right[:, None, :])
    loss = sum(where(counts, excess, 0.0), (1, 2)) / classes
    return reduced(reshape(loss, array_of(input).shape[:-1]), reduction)


def multilabel_soft_margin_loss(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """The binary cross entropy of ``sigmoid(input)`` with ``target``, averaged over the classes,
    which are the last dim.

    ``weight``, which broadcasts, multiplies each element. Raises ShapeError unless ``input`` and
    ``target`` have one shape, of at least 1 dim.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.multilabel_soft_margin_loss(autograd.zeros(2, 3), autograd.ones(2, 3), reduction="none")
    tensor([0.6931, 0.6931])
    """
    reduction = reduction_of("multilabel_soft_margin_loss", size_average, reduce, reduction)
    check_same_shape("multilabel_soft_margin_loss", input, target)
    if not array_of(input).ndim:
        raise ShapeError(
            "multilabel_soft_margin_loss: input needs at least 1 dim, that of the classes"
        )
    log_likelihood = add(
        mul(target, logsigmoid(input)), mul(sub(1, target), logsigmoid(neg(input)))
    )
    loss = neg(log_likelihood)
    return reduced(mean(loss if weight is None else mul(loss, weight), -1), reduction)
