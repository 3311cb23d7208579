"""Rows for autograd/ops/classification.py."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import classification as ops
from tests.cases import Bad, Case, Input

X = Input((5, 4))
WEIGHT = np.array([0.5, 2.0, 1.0, 0.25])
REDUCTIONS = ("mean", "sum", "none")


def nll(
    x: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    smoothing: float = 0.0,
) -> Any:
    """By a loop over all places."""
    weight = np.ones(x.shape[1]) if weight is None else weight
    losses, total = np.zeros(target.shape), 0.0
    for place in np.ndindex(*target.shape):
        c = target[place]
        if c == ignore_index:
            continue
        logs = x[(place[0], slice(None), *place[1:])] * weight
        losses[place] = -(1 - smoothing) * logs[c] - smoothing * logs.mean()
        total += weight[c]
    return {"mean": losses.sum() / total, "sum": losses.sum(), "none": losses}[reduction]


def cross_entropy(x: Any, target: Any, label_smoothing: float = 0.0, **params: Any) -> Any:
    return nll(special.log_softmax(x, 1), target, smoothing=label_smoothing, **params)


def classes(*shape: int) -> Input:
    return Input(shape, 0, 4, "int64")


def weighted(x: Any, target: Any, **params: Any) -> Any:
    weight = WEIGHT.astype(x.dtype)
    return ops.cross_entropy(x, target, weight, **params)


BAD = [
    Bad([X, classes(4)], ShapeError, "so target must be (5,), but is (4,)"),
    Bad([X, classes(5, 1)], ShapeError, "target.squeeze(1)"),
    Bad([X, Input((5,), 4, 5, "int64")], DimensionError, "holds class 4, but x has 4 classes"),
    Bad([X, Input((5,), -3, -2, "int64")], DimensionError, "holds class -3"),
    Bad([X, Input((5,))], DTypeError, "indices must be integers"),
    Bad([Input((5, 4), dtype="int64"), classes(5)], DTypeError, "needs a floating x"),
    Bad([X, classes(5), Input((3,))], ShapeError, "of shape (4,)"),
    Bad([X, classes(5)], ShapeError, "reduction", {"reduction": "avg"}),
]

CASES: list[Case] = [
    *(
        Case(
            function.__name__,
            function,
            [Input(x), classes(*target)],
            {"reduction": reduction, "ignore_index": ignored},
            oracle,
            torch=f"nn.functional.{function.__name__}",
            bad=BAD,
        )
        for function, oracle in ((ops.nll_loss, nll), (ops.cross_entropy, cross_entropy))
        for x, target in (((5, 4), (5,)), ((2, 4, 3), (2, 3)), ((2, 4, 3, 2), (2, 3, 2)))
        for reduction in REDUCTIONS
        for ignored in (-100, 1)
    ),
    *(
        Case(
            "cross_entropy",
            weighted,
            [Input((2, 4, 3)), classes(2, 3)],
            {"reduction": reduction, "label_smoothing": smoothing, "ignore_index": 2},
            lambda x, target, **params: cross_entropy(x, target, weight=WEIGHT, **params),
            torch=None,
        )
        for reduction in REDUCTIONS
        for smoothing in (0.0, 0.2)
    ),
    *(
        Case(
            "cross_entropy",
            ops.cross_entropy,
            [Input((2, 4, 3)), Input((2, 4, 3), 0, 1)],
            {"reduction": reduction, "label_smoothing": smoothing},
            torch="nn.functional.cross_entropy",
        )
        for reduction in REDUCTIONS
        for smoothing in (0.0, 0.2)
    ),
    Case(
        "cross_entropy",
        ops.cross_entropy,
        [Input((4,)), Input((4,), 0, 1)],
        torch="nn.functional.cross_entropy",
        bad=[Bad([X, classes(5)], ShapeError, "between 0 and 1", {"label_smoothing": 2.0})],
    ),
]
