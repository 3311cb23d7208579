"""Rows for autograd/ops/distances.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import distances as ops
from tests.cases import Bad, Case, Input

MATRIX = Input((3, 4), apart=0.1)
INF = float("inf")


def distances(x: Any, y: Any, p: float = 2.0) -> Any:
    return np.linalg.norm(x[..., :, None, :] - y[..., None, :, :], p, axis=-1)


def renormed(x: Any, p: float, dim: int, maxnorm: float) -> Any:
    slices = np.moveaxis(x, dim, 0).copy()
    for part in slices:
        size = np.linalg.norm(part.ravel(), p)
        part *= maxnorm / (size + 1e-7) if size > maxnorm else 1
    return np.moveaxis(slices, 0, dim)


CASES: list[Case] = [
    *(
        Case("cdist", ops.cdist, [Input(x), Input(y)], {"p": p}, distances, bad=bad)
        for x, y, p, bad in [
            (
                (3, 4),
                (5, 4),
                2.0,
                [
                    Bad([MATRIX, Input((5, 3))], ShapeError, "needs x1 (..., n, k)"),
                    Bad([np.eye(2), np.eye(2, dtype=np.float32)], DTypeError, "x2 is float32"),
                    Bad([MATRIX, MATRIX], ShapeError, "one of", {"compute_mode": "fast"}),
                ],
            ),
            (
                (2, 3, 4),
                (2, 5, 4),
                1.0,
                [Bad([MATRIX, MATRIX], ShapeError, "negative", {"p": -1.0})],
            ),
            ((2, 3, 4), (2, 5, 4), 3.0, []),
            ((3, 4), (2, 5, 4), INF, []),
        ]
    ),
    *(Case("dist", ops.dist, [Input((3, 4)), Input((4,))], {"p": p}) for p in (1, 2, 3, INF, -INF)),
    Case("dist", ops.dist, [np.ones(3), Input((3,))], {"p": 0}, lambda x, y, p: 3.0, torch=None),
    *(
        Case(
            "renorm",
            ops.renorm,
            [Input((3, 4), 0.5, 2), p, dim, maxnorm],
            oracle=renormed,
            bad=[
                Bad([Input((3,)), 2, 0, 1.0], ShapeError, "at least 2 dims"),
                Bad([MATRIX, -1, 0, 1.0], ShapeError, "p > 0"),
                Bad([MATRIX, 2, 0, -1.0], ShapeError, "maxnorm >= 0"),
                Bad([MATRIX, 2, 2, 1.0], DimensionError, "2"),
                Bad([Input((2, 2), dtype="int64"), 2, 0, 1.0], DTypeError, "floating"),
            ],
        )
        for p, dim, maxnorm in ((2, 0, 2.4), (1, -1, 4.0), (3, 1, 0.0), (INF, 0, 1.9))
    ),
]
