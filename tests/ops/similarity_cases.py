"""Rows for autograd/ops/similarity.py."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.spatial import distance

from autograd.errors import DTypeError, ShapeError
from autograd.ops import similarity as ops
from tests.cases import Bad, Case, Input

X, Y = Input((4, 3)), Input((4, 3))
INTEGERS = Input((4, 3), 0, 9, "int64")
METRICS = {1.0: "cityblock", 2.0: "euclidean", np.inf: "chebyshev"}


def cosine(x: Any, y: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    def length(v: Any) -> Any:
        return np.maximum(np.sqrt((v * v).sum(dim, keepdims=True)), eps)

    x, y = np.broadcast_arrays(x, y)
    return (x / length(x) * (y / length(y))).sum(dim)


def between_rows(x: Any, y: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Any:
    return np.linalg.norm(np.subtract(x, y) + eps, p, -1, keepdim)


def of_all_pairs(x: Any, p: float = 2.0) -> Any:
    if p in METRICS:
        return distance.pdist(x, METRICS[p]).astype(x.dtype)
    return distance.pdist(x, "minkowski", p=p).astype(x.dtype)


CASES: list[Case] = [
    *(
        Case(
            "cosine_similarity",
            ops.cosine_similarity,
            inputs,
            params,
            cosine,
            torch="nn.functional.cosine_similarity",
            bad=[
                Bad([INTEGERS, INTEGERS], DTypeError, "needs a floating dtype, got int64"),
                Bad([X, Input((4, 2))], ShapeError, "cosine_similarity"),
                Bad([X, Y], IndexError, "cosine_similarity", {"dim": 2}),
            ],
        )
        for inputs, params in (
            ([X, Y], {}),
            ([X, Y], {"dim": 0}),
            ([Input((4, 1, 3)), Input((2, 3))], {"dim": -1}),
            ([X, Input((4, 3), 3, 5)], {"eps": 0.1}),
        )
    ),
    # Vectors shorter than eps, where PyTorch's gradient is not that of its value.
    Case(
        "cosine_similarity",
        ops.cosine_similarity,
        [Input((4, 3), -0.5, 0.5), Y],
        {"eps": 1.0},
        cosine,
        torch=None,
    ),
    *(
        Case(
            "pairwise_distance",
            ops.pairwise_distance,
            inputs,
            params,
            between_rows,
            torch="nn.functional.pairwise_distance",
            bad=[Bad([X, Input((4, 2))], ShapeError, "dim -1 is 3 in x but 2 in y")],
        )
        for inputs, params in (
            ([X, Y], {}),
            ([X, Input((3,))], {"keepdim": True}),
            ([X, Y], {"p": 1.0, "eps": 0.1}),
            ([X, Y], {"p": 3.0}),
            ([X, Y], {"p": np.inf}),
            ([Input((3,)), Input((3,))], {}),
        )
    ),
    *(
        Case(
            "pdist",
            ops.pdist,
            [X],
            {"p": p},
            of_all_pairs,
            # Of PyTorch, the second derivative is not implemented.
            torch=None,
            bad=[
                Bad([Input((3,))], ShapeError, "must have 2 dims"),
                Bad([Input((2, 3, 4))], ShapeError, "must have 2 dims"),
                Bad([INTEGERS], DTypeError, "needs a floating dtype"),
                Bad([X], ShapeError, "must not be negative", {"p": -1.0}),
            ],
        )
        for p in (1.0, 2.0, 3.5, np.inf)
    ),
    Case("pdist", ops.pdist, [Input((1, 3))], oracle=lambda x: np.zeros(0, x.dtype), torch=None),
]
