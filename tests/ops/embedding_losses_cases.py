"""Rows for autograd/ops/embedding_losses.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import ShapeError
from autograd.ops import embedding_losses as ops
from tests.cases import Bad, Case, Input

REDUCE: dict[str, Callable[[Any], Any]] = {"mean": np.mean, "sum": np.sum, "none": np.asarray}
X = Input((4, 3))
SIGNS = np.array([1, -1, -1, 1])
FAR = Input((4, 3), 3, 4)


def cosine_embedding(x: Any, y: Any, target: Any, margin: float, reduction: str) -> Any:
    cosine = (x * y).sum(-1) / np.sqrt((x * x).sum(-1) * (y * y).sum(-1))
    loss = np.where(target == 1, 1 - cosine, np.maximum(0, cosine - margin))
    return REDUCE[reduction](loss)


def triplet(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Any:
    def distance(x: Any, y: Any) -> Any:
        return np.linalg.norm(x - y + 1e-6, p, -1)

    away = distance(anchor, negative)
    if swap:
        away = np.minimum(away, distance(positive, negative))
    return REDUCE[reduction](np.maximum(0, margin + distance(anchor, positive) - away))


def squares(x: Any, y: Any) -> Any:
    return ((x - y) ** 2).sum(-1)


BAD_TRIPLETS = [
    Bad([X, X, X], ShapeError, "margin must be greater than 0, got 0", {"margin": 0}),
    Bad([X, X, X], ShapeError, "'mean', 'sum' or 'none'", {"reduction": "avg"}),
    Bad([X, X, Input((3,))], ShapeError, "negative (3,); reshape"),
    Bad([X, Input((4, 2)), X], ShapeError, "dim -1 is 3 in x but 2 in y"),
]

CASES: list[Case] = [
    *(
        Case(
            "cosine_embedding_loss",
            ops.cosine_embedding_loss,
            [*inputs],
            {"margin": margin, "reduction": reduction},
            cosine_embedding,
            torch="nn.functional.cosine_embedding_loss",
            bad=[
                Bad([X, X, SIGNS], ShapeError, "'mean', 'sum' or 'none'", {"reduction": "avg"}),
                Bad([X, X, SIGNS[:1]], ShapeError, "a target (1,)"),
                Bad([X, X, SIGNS[:, None]], ShapeError, "a target (4, 1)"),
                Bad([X, Input((3,)), SIGNS], ShapeError, "input1 has shape (4, 3) but input2 (3,)"),
                Bad([Input(()), Input(()), SIGNS], ShapeError, "(size,)"),
            ],
        )
        for inputs in ([X, X, SIGNS], [Input((3,)), Input((3,)), np.array(1)])
        for reduction in REDUCE
        for margin in (0.0, -0.5)
    ),
    *(
        Case(
            "triplet_margin_loss",
            ops.triplet_margin_loss,
            inputs,
            params,
            triplet,
            torch="nn.functional.triplet_margin_loss",
            bad=BAD_TRIPLETS,
        )
        for inputs, params in (
            ([X, FAR, X], {}),
            ([X, X, FAR], {"margin": 5.0, "reduction": "none", "swap": True}),
            ([X, X, Input((1, 3))], {"margin": 9.0, "reduction": "sum", "p": 1.0}),
            ([Input((3,)), Input((3,)), Input((3,))], {"margin": 9.0}),
        )
    ),
    Case(
        "triplet_margin_with_distance_loss",
        lambda x, y, z, **params: ops.triplet_margin_with_distance_loss(
            x, y, z, distance_function=squares_of, **params
        ),
        [X, FAR, X],
        {"swap": True},
        lambda x, y, z, swap: np.maximum(
            0, 1 + squares(x, y) - np.minimum(squares(x, z), squares(y, z))
        ).mean(),
        torch=None,
        bad=BAD_TRIPLETS,
    ),
    Case(
        "triplet_margin_with_distance_loss",
        ops.triplet_margin_with_distance_loss,
        [X, FAR, X],
        {"reduction": "none"},
        triplet,
        torch="nn.functional.triplet_margin_with_distance_loss",
    ),
]


def squares_of(x: Any, y: Any) -> Any:
    return (x - y).square().sum(-1)
