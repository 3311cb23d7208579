"""Rows for autograd/ops/linalg.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import linalg as ops
from tests.cases import Bad, Case, Input

MATRIX = Input((3, 4), apart=0.1)
INF = float("inf")


def distances(x: Any, y: Any, p: float = 2.0) -> Any:
    return np.linalg.norm(x[..., :, None, :] - y[..., None, :, :], p, axis=-1)


CASES: list[Case] = [
    *(
        Case(
            "vector_norm",
            ops.vector_norm,
            [MATRIX],
            {"ord": order, "dim": dim, "keepdim": keepdim},
            torch="linalg.vector_norm",
            bad=[
                Bad([MATRIX], DimensionError, "dim", {"dim": 2}),
                Bad([Input((2, 0))], ShapeError, "has no elements", {"ord": INF}),
                Bad([Input((3,), dtype="int64")], DTypeError, "floating"),
            ],
        )
        for order in (2, 1, 3, 0.5, -1, INF, -INF)
        for dim, keepdim in ((None, False), (0, True), ((0, 1), False))
    ),
    Case(
        "vector_norm", ops.vector_norm, [MATRIX], {"ord": 0, "dim": 1}, torch="linalg.vector_norm"
    ),
    *(
        Case(
            "matrix_norm",
            ops.matrix_norm,
            [Input((2, 3, 4), apart=0.1)],
            {"ord": order, "dim": dim, "keepdim": keepdim},
            torch="linalg.matrix_norm",
            bad=[
                Bad([Input((3,))], ShapeError, "at least 2 dims"),
                Bad([MATRIX], ShapeError, "'fro', 1, -1", {"ord": "nuc"}),
                Bad([MATRIX], DimensionError, "dim", {"dim": (0, 3)}),
            ],
        )
        for order in ("fro", 1, -1, INF, -INF)
        for dim, keepdim in (((-2, -1), False), ((2, 0), True))
    ),
    *(
        Case("cdist", ops.cdist, [Input(x), Input(y)], {"p": p}, distances, bad=bad)
        for x, y, p, bad in [
            (
                (3, 4),
                (5, 4),
                2.0,
                [Bad([MATRIX, Input((5, 3))], ShapeError, "needs x (..., n, k)")],
            ),
            (
                (2, 3, 4),
                (2, 5, 4),
                1.0,
                [Bad([MATRIX, MATRIX], ShapeError, "negative", {"p": -1.0})],
            ),
            ((2, 3, 4), (2, 5, 4), 3.0, []),
        ]
    ),
    Case("dist", ops.dist, [Input((3, 4)), Input((4,))], {"p": 3}),
    *(
        Case("cross", ops.cross, [Input(x), Input(y)], params, torch="linalg.cross", bad=bad)
        for x, y, params, bad in [
            (
                (2, 3),
                (2, 3),
                {"dim": -1},
                [
                    Bad([Input((2, 3)), Input((3,))], ShapeError, "as many"),
                    Bad([Input((2, 4)), Input((2, 4))], ShapeError, "no dim of size 3"),
                    Bad([Input((2, 3)), Input((2, 3))], ShapeError, "must have size 3", {"dim": 0}),
                    Bad([Input((2, 3)), Input((2, 3))], DimensionError, "out of range", {"dim": 2}),
                ],
            ),
            ((3, 1), (3, 4), {"dim": 0}, []),
        ]
    ),
    *(
        Case(
            "multi_dot",
            ops.multi_dot,
            [list(map(Input, shapes))],
            torch="linalg.multi_dot",
            bad=[
                Bad([[MATRIX]], ShapeError, "at least 2 tensors"),
                Bad([[MATRIX, Input((4,)), MATRIX]], ShapeError, "tensors[1] has shape (4,)"),
            ],
        )
        for shapes in (
            [(2, 3), (3, 4)],
            [(3,), (3, 4), (4, 5)],
            [(2, 3), (3, 30), (30, 2), (2, 5)],
            [(3,), (3, 4), (4,)],
        )
    ),
    Case(
        "chain_matmul",
        ops.chain_matmul,
        [Input((2, 3)), Input((3, 4)), Input((4, 5))],
        oracle=lambda a, b, c: a @ b @ c,
        torch=None,  # deprecated there, with a warning
    ),
    Case(
        "inv",
        lambda x: ops.inv(x * 0.1 + np.eye(3, dtype=x.dtype)),
        [Input((2, 3, 3))],
        oracle=lambda x: np.linalg.inv(x * 0.1 + np.eye(3)),
        torch=None,
    ),
    Case(
        "inv",
        ops.inv,
        [Input((1, 1), 1, 2)],
        oracle=np.linalg.inv,
        torch="linalg.inv",
        bad=[
            Bad([Input((2, 3))], ShapeError, "square"),
            Bad([np.zeros((2, 2))], ShapeError, "ingular"),
            Bad([Input((2, 2), dtype="int64")], DTypeError, "floating"),
        ],
    ),
    *(
        Case(
            "solve",
            lambda x, y, **params: ops.solve(x * 0.1 + np.eye(3, dtype=x.dtype), y, **params),
            [Input(x), Input(y)],
            params,
            oracle=oracle,
            torch=None,
        )
        for x, y, params, oracle in [
            ((3, 3), (3,), {}, lambda x, y: np.linalg.inv(x * 0.1 + np.eye(3)) @ y),
            ((2, 3, 3), (2, 3, 4), {}, lambda x, y: np.linalg.inv(x * 0.1 + np.eye(3)) @ y),
            (
                (3, 3),
                (2, 3),
                {"left": False},
                lambda x, y, left: y @ np.linalg.inv(x * 0.1 + np.eye(3)),
            ),
        ]
    ),
    Case(
        "solve",
        ops.solve,
        [Input((1, 1), 1, 2), Input((1, 2))],
        torch="linalg.solve",
        bad=[
            Bad([Input((2, 3)), Input((2,))], ShapeError, "square"),
            Bad([Input((2, 2)), Input((3, 2))], ShapeError, "x has 2 rows but y has 3"),
            Bad([Input((2, 2)), Input(())], ShapeError, "at least 1 dim"),
        ],
    ),
    *(
        Case(
            "matrix_power",
            ops.matrix_power,
            [Input((2, 3, 3))],
            {"n": n},
            oracle=lambda x, n: np.linalg.matrix_power(x, n),
            bad=[Bad([Input((2, 3))], ShapeError, "square", {"n": 2})],
        )
        for n in (0, 1, 2, 5)
    ),
]
