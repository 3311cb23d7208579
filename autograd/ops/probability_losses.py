"""Losses of probabilities: how likely the targets are under the predictions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of, make, unwrap
from autograd.dtypes import FLOATING
from autograd.errors import DTypeError, ShapeError
from autograd.ops.activation import logsigmoid
from autograd.ops.arithmetic import add, div, mul, square, sub
from autograd.ops.comparison import le
from autograd.ops.exponential import exp, log, sigmoid, xlogy
from autograd.ops.loss_reduction import check_reduction, check_same_shape, reduced, reduction_of
from autograd.ops.magnitude import clamp_min
from autograd.ops.reduction import sum
from autograd.ops.selection import where
from autograd.ops.shaping import unsqueeze

# -- two outcomes, and distributions ---------------------------------------------------------------


@primitive(
    # As in PyTorch: at a probability of 0 or 1 the slope is large, not infinite.
    x=lambda g, x, target: g * (x - target) / clamp_min(x * (1 - x), 1e-12),
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


@primitive(x=lambda g, x: g * (x > 0) / clamp_min(x, 1e-12))
def _log(x: Array) -> Array:
    """The logarithm, but at least -100: a probability of 0 must not cost infinitely much."""
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(x), -100)


def binary_cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """``-target * log(input) - (1 - target) * log(1 - input)`` for probabilities ``input``; each
    logarithm is at least -100.

    ``weight``, which broadcasts, multiplies each element. Raises ShapeError unless ``input`` and
    ``target`` have one shape, and for an ``input`` that is no probability.

    >>> import autograd
    >>> from nn import functional as F
    >>> x, target = autograd.tensor([0.5, 0.0]), autograd.tensor([1.0, 0.0])
    >>> F.binary_cross_entropy(x, target, reduction="none")
    tensor([0.6931, 0.0000])
    """
    reduction = reduction_of("binary_cross_entropy", size_average, reduce, reduction)
    check_same_shape("binary_cross_entropy", input, target)
    loss = _binary_cross_entropy(input, target)
    return reduced(loss if weight is None else mul(loss, weight), reduction)


@primitive(x=lambda g, x, target: g * (sigmoid(x) - target), target=lambda g, x: -g * x)
def _logistic_loss(x: Array, target: Array) -> Array:
    loss = np.log1p(np.exp(-np.abs(x)))
    loss += np.maximum(x, 0)
    loss -= x * target
    return loss


def binary_cross_entropy_with_logits(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Any = None,
) -> Any:
    """`binary_cross_entropy` of ``sigmoid(input)``, without the overflow and the loss of precision
    of taking it.

    ``weight`` multiplies each element, ``pos_weight`` the part of the positive outcome; both
    broadcast. Raises ShapeError unless ``input`` and ``target`` have one shape, DTypeError unless
    they have one floating dtype.

    >>> import autograd
    >>> from nn import functional as F
    >>> x, target = autograd.tensor([0.0, 100.0]), autograd.tensor([1.0, 0.0])
    >>> F.binary_cross_entropy_with_logits(x, target, reduction="sum")
    tensor(100.6931)
    """
    name = "binary_cross_entropy_with_logits"
    reduction = reduction_of(name, size_average, reduce, reduction)
    check_same_shape(name, input, target)
    if array_of(input).dtype != array_of(target).dtype or array_of(input).dtype not in FLOATING:
        dtypes = f"{array_of(input).dtype} and {array_of(target).dtype}"
        raise DTypeError(
            f"{name}: input and target must have one floating dtype, got {dtypes}; convert: "
            "target.to(x.dtype)"
        )
    if pos_weight is None:
        loss = _logistic_loss(input, target)
    else:
        loss = mul(1 - target, input) - mul(1 + mul(pos_weight - 1, target), logsigmoid(input))
    return reduced(loss if weight is None else mul(loss, weight), reduction)


def kl_div(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Any:
    """``target * (log(target) - input)``: the divergence of the probabilities ``target`` from those
    whose logarithms are ``input``.

    ``log_target``: ``target`` holds logarithms too. The divergence of distributions is
    ``reduction="batchmean"``, the sum over the size of dim 0; "mean" is over all elements.
    (Kullback, Leibler, 1951.)

    >>> import autograd
    >>> from nn import functional as F
    >>> p = autograd.tensor([[0.5, 0.5]])
    >>> F.kl_div(autograd.tensor([[0.25, 0.75]]).log(), p, reduction="batchmean")
    tensor(0.1438)
    """
    reduction = reduction_of("kl_div", size_average, reduce, reduction, "batchmean")
    check_same_shape("kl_div", input, target)
    loss = (
        mul(exp(target), sub(target, input))
        if log_target
        else sub(xlogy(target, target), mul(target, input))
    )
    if reduction != "batchmean":
        return reduced(loss, reduction)
    return sum(loss) / array_of(input).shape[0] if array_of(input).ndim else sum(loss)


# -- densities -------------------------------------------------------------------------------------


def poisson_nll_loss(
    input: Any,
    target: Any,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-8,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """``exp(input) - target * input``: minus the logarithm of the Poisson probability of the counts
    ``target``, where ``input`` is the logarithm of the rate.

    ``log_input=False``: ``input`` is the rate itself, ``eps`` keeps its logarithm finite. ``full``
    adds Stirling's approximation of ``log(target!)`` for targets above 1. Raises ShapeError unless
    ``input`` and ``target`` have one shape.

    >>> import autograd
    >>> from nn import functional as F
    >>> x, target = autograd.tensor([0.0, 1.0]), autograd.tensor([2.0, 1.0])
    >>> F.poisson_nll_loss(x, target, reduction="none")
    tensor([1.0000, 1.7183])
    """
    reduction = reduction_of("poisson_nll_loss", size_average, reduce, reduction)
    check_same_shape("poisson_nll_loss", input, target)
    loss = (
        sub(exp(input), mul(target, input))
        if log_input
        else sub(input, mul(target, log(add(input, eps))))
    )
    if full:
        loss = add(loss, where(le(target, 1), 0.0, _log_factorial(target)))
    return reduced(loss, reduction)


def _log_factorial(x: Any) -> Any:
    """Stirling's approximation ``x * log(x) - x + log(2 * pi * x) / 2``."""
    return add(sub(mul(x, log(x)), x), log(mul(x, 2 * math.pi)), alpha=0.5)


def gaussian_nll_loss(
    input: Any,
    target: Any,
    var: Any,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Any:
    """``(log(var) + (input - target) ** 2 / var) / 2``: minus the logarithm of the normal density
    of ``target``, with mean ``input`` and variance ``var``. (Nix, Weigend, 1994.)

    ``var``: a number, or of the shape of ``input``, or that without its last dim, or with one dim
    of size 1; it counts as at least ``eps``, but its gradient is as if it didn't. ``target``
    broadcasts. ``full`` adds the constant ``log(2 * pi) / 2``. Raises ShapeError for a negative
    variance, and where the shapes do not fit.

    >>> import autograd
    >>> from nn import functional as F
    >>> x, target = autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 4.0])
    >>> F.gaussian_nll_loss(x, target, 1.0, reduction="none")
    tensor([0., 2.])
    """
    check_reduction("gaussian_nll_loss", reduction)
    var = _at_least(_variance(input, var), eps)
    loss = add(log(var), div(square(sub(input, target)), var)) * 0.5
    return reduced(loss + 0.5 * math.log(2 * math.pi) if full else loss, reduction)


def _variance(x: Any, var: Any) -> Any:
    """``var`` as a tensor that broadcasts to the shape of ``x``, not negative."""
    if isinstance(var, (int, float)):
        var = make(np.full_like(array_of(x), var))
    shape, given = array_of(x).shape, array_of(var).shape
    if np.any(unwrap(var) < 0):
        raise ShapeError("gaussian_nll_loss: var holds a negative number; variances are positive")
    if given == shape or _differ_in_one_dim(shape, given):
        return var
    if given == shape[:-1]:
        return unsqueeze(var, -1)
    raise ShapeError(
        f"gaussian_nll_loss: var has shape {given} but x {shape}; var must have the same, or lack "
        "the last dim, or have size 1 in one dim"
    )


def _differ_in_one_dim(shape: tuple[int, ...], given: tuple[int, ...]) -> bool:
    """Whether ``given`` is ``shape`` with size 1 in one dim."""
    differing = [size for full, size in zip(shape, given) if full != size]
    return len(shape) == len(given) and differing == [1]


def _at_least(x: Any, low: float) -> Any:
    """``x``, but at least ``low``; with the gradient of ``x`` everywhere, as PyTorch documents for
    variances, so that one too small can grow again."""
    values = array_of(x)
    return x if np.all(values >= low) else add(x, make(np.maximum(low - values, 0)))
