"""Losses of predictions of one of several classes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.core.formula import formula
from autograd.core.primitive import primitive
from autograd.core.sums import added
from autograd.core.variable import Array, array_of
from autograd.dtypes import FLOATING
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops.arithmetic import add, mul
from autograd.ops.loss_reduction import reduced, reduction_of
from autograd.ops.reduction import mean, sum
from autograd.ops.selection import _where
from autograd.ops.softmax import _softmax, _softmax_gradient, log_softmax

# Inside, the classes are dim 1 of x, (n, classes, ...), and the target is (n, ...).


def _places(target: Any) -> tuple[Any, ...]:
    """The index into ``x`` of the elements that ``target`` chooses."""
    if target.ndim == 1:
        return np.arange(len(target)), target
    grid = np.indices(target.shape, sparse=True)
    return (grid[0], target, *grid[1:])


@primitive(x=lambda g, target, x_shape: _placed(g, target, shape=x_shape))
def _chosen(x: Array, target: Array) -> Array:
    """The element of ``x`` for the class that ``target`` says, at each place."""
    return x[_places(target)]


@primitive(x=lambda g, target: _chosen(g, target))
def _placed(x: Array, target: Array, shape: tuple[int, ...]) -> Array:
    out = np.zeros_like(x, shape=shape)
    out[_places(target)] = x
    return out


@primitive(x=lambda g, x, target: _cross_entropy_gradient(g, x, target))
def _cross_entropy(x: Array, target: Array) -> Array:
    """``-log_softmax(x)`` of the class that ``target`` says, at each place, without the others."""
    shifted = _below_maximum(x)
    chosen = shifted[_places(target)]
    out = np.log(added(np.exp(shifted, out=shifted), (1,)))
    out -= chosen
    return out


@primitive(
    x=lambda g, x, target: _cross_entropy_gradient(g / max(1, math.prod(target.shape)), x, target)
)
def _mean_cross_entropy(x: Array, target: Array) -> Array:
    """The mean of `_cross_entropy`: one operation, for most training steps end with it."""
    return mean(_cross_entropy(x, target))


@formula
def _cross_entropy_gradient(g: Any, x: Any, target: Any) -> Any:
    """``g``: one number for each place, or one for all."""
    if g.shape:
        g = g.reshape((g.shape[0], 1, *g.shape[1:]))
    return _softmax_minus_one_hot(x, target) * g


@primitive(x=lambda g, x: _softmax_gradient(g, _softmax(x, dim=1), 1))
def _softmax_minus_one_hot(x: Array, target: Array) -> Array:
    """The gradient of `_cross_entropy`: of the softmax, 1 is taken away at the target."""
    out = _below_maximum(x)
    np.exp(out, out=out)
    out /= added(out, (1,), keepdims=True)
    out[_places(target)] -= 1
    return out


def _below_maximum(x: Any) -> Any:
    """``x`` minus the largest over the classes, so that exp cannot overflow."""
    return x - np.maximum.reduce(x, axis=1, keepdims=True)


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """``-log_softmax(input)`` of the target class: ``input`` holds logits ``(n, classes, ...)``,
    ``target`` indices ``(n, ...)``.

    Or ``target`` holds probabilities in the shape of ``input``. Both may lack the batch dim.
    ``weight``: one for each class, by which the mean is weighted too. Targets equal to
    ``ignore_index`` count nowhere. ``label_smoothing`` mixes the targets with that share of the
    uniform distribution. Raises ShapeError, DimensionError for a class that isn't there.

    >>> import autograd
    >>> from nn import functional as F
    >>> logits = autograd.tensor([[0.0, 0.0], [0.0, 100.0]])
    >>> F.cross_entropy(logits, autograd.tensor([0, 1]), reduction="none")
    tensor([0.6931, 0.0000])
    """
    reduction = reduction_of("cross_entropy", size_average, reduce, reduction)
    if not 0 <= label_smoothing <= 1:
        raise ShapeError(
            f"cross_entropy: label_smoothing must be between 0 and 1, got {label_smoothing}"
        )
    _check_floating("cross_entropy", input)
    if array_of(input).shape == array_of(target).shape and array_of(target).dtype in FLOATING:
        if ignore_index >= 0:
            raise ShapeError(
                "cross_entropy: ignore_index is a class number, but target holds probabilities; "
                "leave it out"
            )
        return _of_probabilities(input, target, weight, reduction, label_smoothing)
    input, classes, used = _batched("cross_entropy", input, target, ignore_index)
    weights = _at_targets("cross_entropy", weight, input, classes, used)
    if weights is None and reduction == "mean" and not label_smoothing:
        return _mean_cross_entropy(input, classes)
    loss = _where_used(_cross_entropy(input, classes), used)
    loss = loss if weights is None else mul(loss, weights)
    if label_smoothing:
        logs = sum(_by_class("cross_entropy", log_softmax(input, 1), weight), dim=1)
        share = label_smoothing / array_of(input).shape[1]
        loss = add(loss * (1 - label_smoothing), _where_used(logs, used), alpha=-share)
    return _of_places(loss, weights, reduction, array_of(target).shape)


def nll_loss(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """``-input`` of the target class, for log-probabilities ``input (n, classes, ...)`` and indices
    ``target (n, ...)``.

    ``weight``, ``ignore_index`` and ``reduction`` are those of `cross_entropy`.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.nll_loss(autograd.tensor([[-1.0, -2.0], [-3.0, -4.0]]), autograd.tensor([0, 1]))
    tensor(2.5000)
    """
    reduction = reduction_of("nll_loss", size_average, reduce, reduction)
    _check_floating("nll_loss", input)
    return of_classes("nll_loss", input, target, _nll, weight, ignore_index, reduction)


def _nll(x: Any, classes: Any) -> Any:
    return -_chosen(x, classes)


def of_classes(
    name: str,
    x: Any,
    target: Any,
    losses: Callable[[Any, Any], Any],
    weight: Any,
    ignore_index: int,
    reduction: str,
) -> Any:
    """What ``losses(x, classes)`` says of each place, weighted and reduced; the arguments are given
    a batch dim first, and checked."""
    shape = array_of(target).shape
    x, classes, used = _batched(name, x, target, ignore_index)
    weights = _at_targets(name, weight, x, classes, used)
    loss = _where_used(losses(x, classes), used)
    loss = loss if weights is None else mul(loss, weights)
    return _of_places(loss, weights, reduction, shape)


def _check_floating(name: str, x: Any) -> None:
    if array_of(x).dtype not in FLOATING:
        raise DTypeError(
            f"{name}: needs a floating x, got {array_of(x).dtype}; convert it first: "
            "x.to('float32')"
        )


def _batched(name: str, x: Any, target: Any, ignore_index: int) -> tuple[Any, Any, Any]:
    """``x`` and ``target`` with a batch dim, and where the target is used: None for everywhere.

    A target that isn't used becomes class 0. Raises ShapeError, DTypeError, DimensionError if they
    don't fit.
    """
    classes, shape = array_of(target), array_of(x).shape
    if classes.dtype.kind not in "iu":
        remedy = (
            "indices must be integers: target.to('int64'); probabilities must have the shape of x"
        )
        # Probabilities for another batch are a matter of shapes.
        kind = DTypeError if classes.shape[:1] == shape[:1] else ShapeError
        raise kind(f"{name}: target is {classes.dtype} {classes.shape}, x {shape}; class {remedy}")
    if len(shape) == 1:
        x, shape = x.reshape((1, *shape)), (1, *shape)
        classes = classes[None]
    if not shape or classes.shape != (shape[0], *shape[2:]):
        wanted = (shape[0], *shape[2:]) if shape else "of one class"
        raise ShapeError(
            f"{name}: x {shape} is (n, classes, ...), so target must be {wanted}, but is "
            f"{array_of(target).shape}"
            + ("; drop its dim of size 1: target.squeeze(1)" if classes.shape[1:2] == (1,) else "")
        )
    least = np.minimum.reduce(classes, None, initial=0)
    most = np.maximum.reduce(classes, None, initial=0)
    if least >= 0 and most < shape[1] and not least <= ignore_index <= most:
        return x, classes, None
    used = classes != ignore_index
    used = None if used.all() else used
    classes = classes if used is None else np.where(used, classes, 0)
    if classes.size and (classes.min() < 0 or classes.max() >= shape[1]):
        wrong = classes.min() if classes.min() < 0 else classes.max()
        raise DimensionError(
            f"{name}: target holds class {wrong}, but x has {shape[1]} classes, 0 to {shape[1] - 1}"
        )
    return x, classes, used


def _checked_weight(name: str, weight: Any, x: Any) -> Any:
    """The array of the class weights."""
    weight, array = array_of(weight), array_of(x)
    classes = array.shape[1 if array.ndim > 1 else 0]
    if weight.shape != (classes,) or weight.dtype != array.dtype:
        raise ShapeError(
            f"{name}: weight must be one {array.dtype} for each class, of shape ({classes},); it "
            f"is {weight.dtype} {weight.shape}"
        )
    return weight


def _at_targets(name: str, weight: Any, x: Any, classes: Any, used: Any) -> Any:
    """The weight of each place: that of its class, 0 where the target is ignored; None if all are
    1."""
    if weight is None:
        return None if used is None else used.astype(array_of(x).dtype)
    weights = _checked_weight(name, weight, x)[classes]
    return weights if used is None else np.where(used, weights, weights.dtype.type(0))


def _by_class(name: str, x: Any, weight: Any) -> Any:
    """``x`` times the weight of each class."""
    if weight is None:
        return x
    dims = array_of(x).ndim - 2
    return mul(x, _checked_weight(name, weight, x).reshape((-1, *(1,) * dims)))


def _where_used(loss: Any, used: Any) -> Any:
    """``loss``, but 0 at the ignored places, whatever it is there: zero times infinity is no
    number."""
    return loss if used is None else _where(used, loss, 0)


def _of_places(loss: Any, weights: Any, reduction: str, shape: tuple[int, ...]) -> Any:
    """The weighted ``loss`` of each place, reduced."""
    if reduction == "mean" and weights is not None:
        return sum(loss) / float(np.sum(weights))
    return reduced(loss if array_of(loss).shape == shape else loss.reshape(shape), reduction)


def _of_probabilities(
    x: Any, target: Any, weight: Any, reduction: str, label_smoothing: float
) -> Any:
    """`cross_entropy` for targets that are probabilities."""
    shape = array_of(x).shape
    if not shape:
        raise ShapeError("cross_entropy: x needs at least 1 dim, that of the classes")
    dim = 1 if len(shape) > 1 else 0
    if label_smoothing:
        target = target * (1 - label_smoothing) + label_smoothing / shape[dim]
    logs = log_softmax(x, dim)
    loss = -sum(
        mul(logs if weight is None else _by_class("cross_entropy", logs, weight), target), dim=dim
    )
    if reduction != "mean":
        return reduced(loss, reduction)
    return sum(loss) / (math.prod(shape) // shape[dim] if shape[dim] else 1)
