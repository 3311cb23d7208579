"""Connectionist temporal classification: the loss of a sequence of labels without their times."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.core.variable import array_of, make, unwrap
from autograd.dtypes import float32, float64
from autograd.errors import DTypeError, ShapeError
from autograd.ops.arithmetic import add, div, neg, sub
from autograd.ops.exponential import exp
from autograd.ops.gathering import gather
from autograd.ops.indexing import getitem
from autograd.ops.joining import cat, stack
from autograd.ops.loss_reduction import check_reduction, reduced
from autograd.ops.norms import logsumexp
from autograd.ops.reduction import sum
from autograd.ops.selection import where
from autograd.ops.shaping import reshape, unsqueeze


def ctc_loss(
    log_probs: Any,
    targets: Any,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Any:
    """Minus the logarithm of the probability of the labels ``targets``, summed over all ways to
    place them in time. (Graves, Fernández, Gomez, Schmidhuber, 2006.)

    ``log_probs (time, n, classes)``, or without ``n``, must come from `log_softmax`: the gradient
    is that of logits, as it is in PyTorch. At each time the model says a class, or ``blank``;
    repeated classes count once unless a blank lies between them. ``targets`` is ``(n, longest)``,
    or all of them joined, in one dim. The lengths are numbers, one for each sequence. "mean"
    divides each loss by the length of its target first. A target that does not fit into its time
    has an infinite loss; ``zero_infinity`` makes that 0, and its gradient too. Raises ShapeError
    where lengths or classes do not fit.

    >>> import autograd
    >>> from nn import functional as F
    >>> log_probs = autograd.full((2, 2), 0.5).log()  # two times, a blank and one class
    >>> F.ctc_loss(log_probs, autograd.tensor([1]), 2, 1).exp()  # all but (blank, blank): 3 / 4
    tensor(1.3333)
    """
    check_reduction("ctc_loss", reduction)
    is_batch = array_of(log_probs).ndim == 3
    log_probs = log_probs if is_batch else _with_batch(log_probs)
    steps, n, classes = _checked_sizes(array_of(log_probs), blank)
    times = _lengths("input_lengths", input_lengths, n, steps)
    counts = _lengths("target_lengths", target_lengths, n, array_of(targets).size)
    labels = _padded(array_of(targets), counts, blank, classes)
    loss = _negative_log_likelihood(log_probs, labels, times, counts, blank)
    loss = add(loss, _normalizing(log_probs, times))
    if zero_infinity:
        loss = where(make(np.isinf(unwrap(loss))), 0.0, loss)
    if reduction == "mean":
        loss = div(loss, make(np.maximum(counts, 1).astype(array_of(loss).dtype)))
    return reduced(loss if is_batch else reshape(loss, ()), reduction)


# -- the arguments ---------------------------------------------------------------------------------


def _with_batch(log_probs: Any) -> Any:
    if array_of(log_probs).ndim != 2:
        raise ShapeError(
            "ctc_loss: log_probs must be (time, n, classes) or (time, classes), got shape "
            f"{array_of(log_probs).shape}"
        )
    return unsqueeze(log_probs, 1)


def _checked_sizes(log_probs: Any, blank: int) -> tuple[int, int, int]:
    """The numbers of times, of sequences and of classes."""
    steps, n, classes = log_probs.shape
    if log_probs.dtype not in (float32, float64):
        raise DTypeError(
            f"ctc_loss: log_probs must be float32 or float64, got {log_probs.dtype}; convert: "
            "log_probs.float()"
        )
    if not n or not classes:
        raise ShapeError(
            f"ctc_loss: log_probs needs at least one sequence and one class, got {n} and {classes}"
        )
    if not 0 <= blank < classes:
        raise ShapeError(f"ctc_loss: blank must be one of the {classes} classes, got {blank}")
    return steps, n, classes


def _lengths(name: str, lengths: Any, n: int, most: int) -> Any:
    """``lengths`` as an array of ``n`` integers from 0 to ``most``."""
    array = np.asarray(unwrap(lengths))
    if array.dtype.kind not in "iu":
        raise DTypeError(f"ctc_loss: {name} must be integers, got {array.dtype}")
    if array.ndim > 1 or array.size != n:
        raise ShapeError(
            f"ctc_loss: {name} must hold a length for each of the {n} sequences, got shape "
            f"{array.shape}"
        )
    if array.min() < 0 or array.max() > most:
        raise ShapeError(f"ctc_loss: {name} must lie between 0 and {most}, got {array.tolist()}")
    return array.reshape(n).astype(np.int64)


def _padded(targets: Any, counts: Any, blank: int, classes: int) -> Any:
    """The labels of each target, ``(n, longest)``, with ``blank`` after its end."""
    if targets.dtype.kind not in "iu":
        raise DTypeError(
            f"ctc_loss: targets must be integers, got {targets.dtype}; convert: targets.long()"
        )
    n, longest = len(counts), counts.max()
    is_label = np.arange(longest) < counts[:, None]
    is_joined = targets.ndim == 1 and targets.size == counts.sum()
    is_padded = targets.ndim == 2 and len(targets) == n and targets.shape[1] >= longest
    if not is_joined and not is_padded:
        raise ShapeError(
            f"ctc_loss: for these target_lengths, targets must be ({n}, {longest}) or longer, or "
            f"all {counts.sum()} labels in one dim; got shape {targets.shape}"
        )
    labels = np.full(is_label.shape, blank)
    labels[is_label] = targets if is_joined else targets[:, :longest][is_label]
    if labels.min(initial=0) < 0 or labels.max(initial=0) >= classes:
        wrong = labels.min() if labels.min() < 0 else labels.max()
        raise ShapeError(f"ctc_loss: targets holds label {wrong}, but there are {classes} classes")
    return labels


# -- the sum over all ways -------------------------------------------------------------------------


def _negative_log_likelihood(
    log_probs: Any, labels: Any, times: Any, counts: Any, blank: int
) -> Any:
    """The loss of each sequence, by the forward variables of Graves et al.: ``alpha[n, s]`` is the
    logarithm of the probability of having come to state ``s``.

    The states are the labels, with blanks around them: at ``s = 0, 2, 4, ...``. A state is reached
    from itself and from the one before, a label also from the label before it, if that differs.
    Before the first time, the state is the first blank: so the first label is one step away.
    """
    n, longest = labels.shape
    states = np.full((n, 2 * longest + 1), blank)
    states[:, 1::2] = labels
    skips = np.zeros(states.shape, bool)
    skips[:, 3::2] = labels[:, 1:] != labels[:, :-1]
    alpha = np.full_like(unwrap(log_probs), -np.inf, shape=states.shape)
    alpha[:, 0] = 0
    alpha = make(alpha)
    for t in range(array_of(log_probs).shape[0]):
        said = gather(getitem(log_probs, t), 1, make(states))
        moved = add(_arrivals(alpha, make(skips)), said)
        alpha = moved if t < times.min() else where(make(t < times[:, None]), moved, alpha)
    place = np.arange(states.shape[1])
    is_end = (place == 2 * counts[:, None]) | (place == 2 * counts[:, None] - 1)
    return neg(logsumexp(where(make(is_end), alpha, -math.inf), 1))


def _arrivals(alpha: Any, skips: Any) -> Any:
    """The logarithm of the probability of arriving at each state, from the ``alpha`` before."""
    outside = make(np.full_like(unwrap(alpha), -np.inf, shape=(len(array_of(alpha)), 2)))
    before = cat([outside, alpha], 1)
    one = getitem(before, (slice(None), slice(1, -1)))
    two = getitem(before, (slice(None), slice(-2)))
    return logsumexp(stack([alpha, one, where(skips, two, -math.inf)]), 0)


def _normalizing(log_probs: Any, times: Any) -> Any:
    """0 for each sequence, with the gradient ``exp(log_probs)`` at its times.

    It is that of the sum of the probabilities, which `log_softmax` keeps at 1: through it, this
    changes no gradient. PyTorch includes it, and so must we to give the same by ``log_probs``.
    """
    counts = make((np.arange(array_of(log_probs).shape[0])[:, None] < times)[:, :, None])
    total = sum(where(counts, exp(log_probs), 0.0), (0, 2))
    return sub(total, make(unwrap(total)))
