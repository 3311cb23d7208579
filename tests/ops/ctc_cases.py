"""Rows for autograd/ops/ctc.py."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import ctc as ops
from tests.cases import Bad, Case, Input

SCORES = Input((4, 2, 3))
TARGETS = np.array([[1, 2], [2, 2]])
TIMES, COUNTS = (4, 3), (2, 1)


def ctc(scores: Any, targets: Any, times: Any, counts: Any, **params: Any) -> Any:
    """The loss of logits: by log_probs, the gradient is that of logits too, not of the value."""
    return ops.ctc_loss(scores.log_softmax(-1), targets, times, counts, **params)


def said(path: tuple[int, ...], blank: int) -> list[int]:
    return [c for c, _ in itertools.groupby(path) if c != blank]


def oracle(
    scores: Any, targets: Any, times: Any, counts: Any, blank: int = 0, reduction: str = "mean"
) -> Any:
    """The sum over all paths, one by one."""
    if scores.ndim == 2:
        times, counts = [times], [counts]
        return oracle(scores[:, None], targets[None], times, counts, blank, reduction)[0]
    p = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    starts = np.cumsum([0, *counts])
    losses = []
    for n, (time, count) in enumerate(zip(times, counts)):
        start = starts[n]
        labels = targets[start : start + count] if targets.ndim == 1 else targets[n, :count]
        total = sum(
            np.prod([p[t, n, c] for t, c in enumerate(path)])
            for path in itertools.product(range(p.shape[2]), repeat=time)
            if said(path, blank) == labels.tolist()
        )
        losses.append(-np.log(total) / (max(count, 1) if reduction == "mean" else 1))
    loss = np.array(losses, scores.dtype)
    return {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction](loss)


BAD = [
    Bad([Input((4,)), TARGETS, TIMES, COUNTS], ShapeError, "(time, n, classes)"),
    Bad([Input((4, 0, 3)), TARGETS, TIMES, COUNTS], ShapeError, "at least one sequence"),
    Bad([SCORES, Input((2, 2)), TIMES, COUNTS], DTypeError, "targets must be integers"),
    Bad(
        [SCORES, TARGETS, (5, 3), COUNTS],
        ShapeError,
        "input_lengths must lie between 0 and 4, got [5, 3]",
    ),
    Bad([SCORES, TARGETS, (-1, 3), COUNTS], ShapeError, "got [-1, 3]"),
    Bad(
        [SCORES, TARGETS, (4, 3, 2), COUNTS], ShapeError, "each of the 2 sequences, got shape (3,)"
    ),
    Bad([SCORES, TARGETS, (4.0, 3.0), COUNTS], DTypeError, "must be integers"),
    Bad([SCORES, TARGETS, TIMES, (2, 3)], ShapeError, "targets must be (2, 3) or longer"),
    Bad(
        [SCORES, TARGETS[0], TIMES, COUNTS],
        ShapeError,
        "or all 3 labels in one dim; got shape (2,)",
    ),
    Bad([SCORES, TARGETS + 1, TIMES, COUNTS], ShapeError, "label 3, but there are 3 classes"),
    Bad([SCORES, TARGETS, TIMES, COUNTS], ShapeError, "one of the 3 classes", {"blank": 3}),
    Bad([SCORES, TARGETS, TIMES, COUNTS], ShapeError, "reduction must be", {"reduction": "avg"}),
]

CASES: list[Case] = [
    *(
        Case("ctc_loss", ctc, inputs, {"reduction": kind}, oracle, torch=None, bad=BAD)
        for kind in ("mean", "sum", "none")
        for inputs in (
            [SCORES, TARGETS, TIMES, COUNTS],
            [SCORES, np.array([1, 2, 2]), np.array(TIMES), np.array(COUNTS)],
            [SCORES, TARGETS, TIMES, (1, 0)],
        )
    ),
    Case(
        "ctc_loss",
        ctc,
        [Input((4, 3)), np.array([1, 0]), 4, 2],
        {"blank": 2, "reduction": "none"},
        oracle,
        torch=None,
    ),
]
