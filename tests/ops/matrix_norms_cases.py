"""Rows for autograd/ops/matrix_norms.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import matrix_norms as ops
from tests.cases import Bad, Case, Input

INF = float("inf")
ORDERS = ("fro", "nuc", 1, -1, 2, -2, INF, -INF)
MATRIX = Input((3, 4), apart=0.1)


def near_identity(A: Any) -> Any:
    return A * 0.1 + np.eye(A.shape[-1], dtype=A.dtype)


CASES: list[Case] = [
    *(
        Case(
            "matrix_norm",
            ops.matrix_norm,
            [Input((2, 3, 4), apart=0.1)],
            {"ord": order, "dim": dim, "keepdim": keepdim},
            lambda x, ord, dim, keepdim: np.linalg.norm(x, ord, dim, keepdim),
            "linalg.matrix_norm",
            bad=[
                Bad([Input((3,))], ShapeError, "at least 2 dims"),
                Bad([MATRIX], ShapeError, "'fro', 'nuc', 1, -1", {"ord": 3}),
                Bad([MATRIX], DimensionError, "dim", {"dim": (0, 3)}),
                Bad([MATRIX], ShapeError, "more than once", {"dim": (0, -2)}),
                Bad([MATRIX], ShapeError, "two of them", {"dim": (0,)}),
                Bad([Input((2, 2), dtype="int64")], DTypeError, "floating"),
                Bad([MATRIX], DTypeError, "can't hold", {"dtype": "float16"}),
            ],
        )
        for order in ORDERS
        for dim, keepdim in (((-2, -1), False), ((2, 0), True))
    ),
    *(
        Case(
            "norm",
            ops.linalg_norm,
            [Input(shape, apart=0.1), order],
            {"dim": dim},
            lambda x, ord, dim: np.linalg.norm(x if dim or ord else x.ravel(), ord, dim),
            "linalg.norm",
            bad=[
                Bad([Input((2, 2, 2)), 2], ShapeError, "needs one dim of vectors or two"),
                Bad([MATRIX, 2, ()], ShapeError, "needs one dim of vectors or two"),
                Bad([Input((3,)), "fro"], ShapeError, "at least 2 dims"),
                Bad([MATRIX, "frobenius"], ShapeError, "ord must be"),
                Bad([Input((2,), dtype="int64")], DTypeError, "floating"),
            ],
        )
        for shape, order, dim in (
            ((4,), None, None),
            ((4,), 3, None),
            ((2, 3), None, None),
            ((2, 3, 2), None, None),
            ((2, 3), "nuc", None),
            ((2, 3), 1, None),
            ((2, 3), 1, 0),
            ((2, 3), 2, 1),
            ((2, 3, 2), -2, (0, 2)),
            ((2, 3, 2), None, (0, 1)),
        )
    ),
    *(
        Case(
            "cond",
            lambda A, p: ops.cond(near_identity(A), p),
            [Input((2, 3, 3)), p],
            oracle=lambda A, p: np.linalg.cond(near_identity(A), p),
            torch=None,
        )
        for p in (None, *ORDERS)
    ),
    *(
        Case("cond", ops.cond, [MATRIX, p], oracle=np.linalg.cond, torch="linalg.cond", bad=bad)
        for p, bad in (
            (None, [Bad([Input((3,))], ShapeError, "at least 2 dims")]),
            (-2, [Bad([MATRIX, 1], ShapeError, "square"), Bad([MATRIX, 3], ShapeError, "order")]),
        )
    ),
]
