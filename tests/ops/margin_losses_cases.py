"""Rows for autograd/ops/margin_losses.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import margin_losses as ops
from tests.cases import Bad, Case, Input

REDUCE: dict[str, Callable[[Any], Any]] = {"mean": np.mean, "sum": np.sum, "none": np.asarray}
X, Y = Input((3, 4)), Input((3, 4))
SIGNS = np.array([[1, -1, 1, -1], [1, 1, -1, 1], [-1, -1, 1, 1]])
CLASSES = Input((3,), 0, 4, "int64")
LABELS = np.array([[3, 0, -1, 2], [1, 1, 2, -1], [-1, 0, 1, 2]])
FLOATS = Input((3,))


def signed(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` with SIGNS, in the dtype of its input, for its target."""

    def loss(*args: Any, **params: Any) -> Any:
        return function(*args, SIGNS.astype(args[0].dtype), **params)

    return loss


def hinge(x: Any, y: Any, margin: float) -> Any:
    return np.where(y == 1, x, np.maximum(0, margin - x))


def ranking(x: Any, y: Any, target: Any, margin: float) -> Any:
    return np.maximum(0, margin - target * (x - y))


def soft(x: Any, y: Any) -> Any:
    return np.log1p(np.exp(-y * x))


def multi(x: Any, target: Any, p: int, margin: float, weight: Any = None) -> Any:
    """By a loop over all pairs."""
    loss = np.zeros(len(x), x.dtype)
    for n, right in enumerate(target):
        factor = 1 if weight is None else weight[right]
        for c in range(x.shape[1]):
            if c != right:
                loss[n] += factor * max(0, margin - x[n, right] + x[n, c]) ** p / x.shape[1]
    return loss


def multilabel(x: Any, target: Any) -> Any:
    """By a loop over all pairs."""
    loss = np.zeros(len(x), x.dtype)
    for n, labels in enumerate(target.tolist()):
        rights = labels[: labels.index(-1)] if -1 in labels else labels
        for right in rights:
            for wrong in set(range(x.shape[1])) - set(rights):
                loss[n] += max(0, 1 - x[n, right] + x[n, wrong]) / x.shape[1]
    return loss


def multilabel_soft(x: Any, y: Any, weight: Any = 1.0) -> Any:
    p = 1 / (1 + np.exp(-x))
    return np.mean(-weight * (y * np.log(p) + (1 - y) * np.log(1 - p)), -1)


def rows(
    name: str, function: Callable[..., Any], inputs: list[Any], loss: Any, *bad: Bad, **params: Any
) -> list[Case]:
    """A row for each reduction of ``loss``."""

    def oracle(*args: Any, reduction: str, **given: Any) -> Any:
        return REDUCE[reduction](loss(*args, **given))

    refused = Bad(inputs, ShapeError, "'mean', 'sum' or 'none'", {"reduction": "avg"})
    torch = f"nn.functional.{name}" if function is getattr(ops, name) else None
    return [
        Case(name, function, inputs, {"reduction": kind, **params}, oracle, torch, bad=bad)
        if kind != "mean"
        else Case(
            name,
            function,
            inputs,
            {"reduction": kind, **params},
            oracle,
            torch,
            bad=[*bad, refused],
        )
        for kind in REDUCE
    ]


CASES: list[Case] = [
    *rows(
        "hinge_embedding_loss",
        signed(ops.hinge_embedding_loss),
        [X],
        signed(hinge),
        margin=0.7,
    ),
    Case(
        "hinge_embedding_loss",
        ops.hinge_embedding_loss,
        [X, SIGNS[:1]],
        oracle=lambda x, y: hinge(x, y, 1.0).mean(),
        torch=None,
        bad=[
            Bad([Input((3, 1)), Input((3,))], ShapeError, "x (3, 1), target (3,)"),
            Bad(
                [X, Input((2, 4))],
                ShapeError,
                "the sizes must be equal or 1, got x (3, 4), target (2, 4)",
            ),
        ],
    ),
    *rows(
        "margin_ranking_loss", signed(ops.margin_ranking_loss), [X, Y], signed(ranking), margin=0.3
    ),
    Case(
        "margin_ranking_loss",
        ops.margin_ranking_loss,
        [X, Input((3, 1)), Input((1, 4))],
        oracle=lambda x, y, z: ranking(x, y, z, 0.0).mean(),
        torch="nn.functional.margin_ranking_loss",
        bad=[
            Bad([X, Y, Input((4,))], ShapeError, "target (4,); reshape"),
            Bad([X, Input((4,)), Y], ShapeError, "the same number of dims"),
        ],
    ),
    *rows("soft_margin_loss", signed(ops.soft_margin_loss), [X], signed(soft)),
    Case(
        "soft_margin_loss",
        ops.soft_margin_loss,
        [X, Y],
        oracle=lambda x, y: soft(x, y).mean(),
        torch=None,  # by the target, PyTorch has no derivative
        bad=[Bad([Input((3, 1)), Input((3,))], ShapeError, "x has shape (3, 1) but target (3,)")],
    ),
    *(
        row
        for p in (1, 2)
        for row in rows(
            "multi_margin_loss",
            ops.multi_margin_loss,
            [X, CLASSES],
            multi,
            Bad([X, CLASSES], ShapeError, "p must be 1 or 2", {"p": 3}),
            Bad([X, FLOATS], DTypeError, "classes as int64, got float64"),
            Bad([X, Input((3,), 4, 5, "int64")], ShapeError, "class 4, but x has 4 classes"),
            Bad([X, Input((3,), -1, 0, "int64")], ShapeError, "class -1"),
            Bad([X, Input((4,), 0, 4, "int64")], ShapeError, "so target must be (3,)"),
            Bad([Input((3, 0)), CLASSES], ShapeError, "at least one class"),
            Bad([Input((2, 3, 4)), CLASSES], ShapeError, "(n, classes) or (classes,)"),
            Bad([X, CLASSES], ShapeError, "weight must have one dim", {"weight": np.ones(3)}),
            p=p,
            margin=0.8,
        )
    ),
    Case(
        "multi_margin_loss",
        lambda x, y, weight: ops.multi_margin_loss(x, y, weight=weight),
        [X, CLASSES, Input((4,), 0.5, 2)],
        oracle=lambda x, y, weight: multi(x, y, 1, 1.0, weight).mean(),
        torch=None,
    ),
    *rows(
        "multilabel_margin_loss",
        ops.multilabel_margin_loss,
        [X, LABELS],
        multilabel,
        Bad([X, Input((4,), 0, 4, "int64")], ShapeError, "x has shape (3, 4) but target (4,)"),
        Bad([X, Y], DTypeError, "classes as int64"),
        Bad([X, Input((3, 4), 4, 5, "int64")], ShapeError, "class 4, but x has 4 classes"),
        Bad([X, Input((3, 4), -2, -1, "int64")], ShapeError, "class -2"),
        Bad([Input((3, 0)), Input((3, 0), 0, 4, "int64")], ShapeError, "at least one class"),
    ),
    *rows(
        "multilabel_soft_margin_loss",
        ops.multilabel_soft_margin_loss,
        [X, Input((3, 4), 0, 1)],
        multilabel_soft,
        Bad([X, Input((4,))], ShapeError, "x has shape (3, 4) but target (4,)"),
        Bad([Input(()), Input(())], ShapeError, "at least 1 dim"),
    ),
    Case(
        "multilabel_soft_margin_loss",
        ops.multilabel_soft_margin_loss,
        [X, Input((3, 4), 0, 1), Input((4,), 0.5, 2)],
        oracle=lambda x, y, w: multilabel_soft(x, y, w).mean(),
        torch="nn.functional.multilabel_soft_margin_loss",
    ),
]
