"""Rows for autograd/ops/loss.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import ShapeError
from autograd.ops import loss as ops
from tests.cases import Bad, Case, Input

X, Y = Input((3, 4)), Input((3, 4), 5, 6)
PROBABILITIES = Input((3, 4), 0.05, 0.95)
REDUCE: dict[str, Callable[[Any], Any]] = {
    "mean": np.mean,
    "sum": np.sum,
    "none": np.asarray,
    "batchmean": lambda loss: np.sum(loss) / len(loss),
}
BROADCAST = Bad([Input((3, 1)), Input((3,))], ShapeError, "x has shape (3, 1) but target (3,)")
REDUCTION = Bad([PROBABILITIES] * 2, ShapeError, "'mean', 'sum' or 'none'", {"reduction": "avg"})


def rows(
    function: Callable[..., Any], inputs: list[Any], loss: Any, *bad: Bad, **params: Any
) -> list[Case]:
    """A row for each reduction of the elementwise ``loss``."""

    def oracle(*args: Any, reduction: str, **given: Any) -> Any:
        return REDUCE[reduction](loss(*args, **given))

    name = function.__name__
    kinds = [kind for kind in REDUCE if name == "kl_div" or kind != "batchmean"]
    return [
        Case(
            name,
            function,
            inputs,
            {"reduction": reduction, **params},
            oracle,
            # PyTorch's kl_div warns of its own default.
            torch=None if (name, reduction) == ("kl_div", "mean") else f"nn.functional.{name}",
            bad=[BROADCAST, REDUCTION, *bad],
        )
        for reduction in kinds
    ]


def smooth_l1(x: Any, y: Any, beta: float) -> Any:
    d = np.abs(x - y)
    return np.where(d < beta, d**2 / 2 / beta, d - beta / 2)


def huber(x: Any, y: Any, delta: float) -> Any:
    d = np.abs(x - y)
    return np.where(d < delta, d**2 / 2, delta * (d - delta / 2))


CASES: list[Case] = [
    *rows(ops.mse_loss, [X, X], lambda x, y: (x - y) ** 2),
    *rows(ops.l1_loss, [X, Y], lambda x, y: np.abs(x - y)),
    *rows(
        ops.smooth_l1_loss,
        [Input((3, 4), -1, 1), Input((3, 4), 1, 1.5)],
        smooth_l1,
        Bad([X, X], ShapeError, "must not be negative", {"beta": -1.0}),
        beta=0.8,
    ),
    *rows(
        ops.huber_loss,
        [Input((3, 4), -1, 1), Input((3, 4), 1, 1.5)],
        huber,
        Bad([X, X], ShapeError, "must be positive", {"delta": 0.0}),
        delta=0.8,
    ),
]
