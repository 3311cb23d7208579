"""Rows for autograd/ops/inverses.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import inverses as ops
from tests.cases import Bad, Case, Input


def near_identity(A: Any) -> Any:
    """Matrices that are surely regular."""
    return A * 0.1 + np.eye(A.shape[-1], dtype=A.dtype)


SINGULAR = np.array([[1.0, 2.0], [2.0, 4.0]])
NOT_SQUARE = [
    Bad([Input((2, 3))], ShapeError, "square"),
    Bad([Input((3,))], ShapeError, "at least 2 dims"),
    Bad([Input((2, 2), dtype="int64")], DTypeError, "float32, float64 or complex"),
]

CASES: list[Case] = [
    Case(
        "inv",
        ops.inv,
        [Input((1, 1), 1, 2)],
        oracle=np.linalg.inv,
        torch="linalg.inv",
        bad=[*NOT_SQUARE, Bad([SINGULAR], ShapeError, "ingular")],
    ),
    *(
        Case(
            name,
            lambda A, function=function: function(near_identity(A)),
            [Input(shape)],
            oracle=lambda A: np.linalg.inv(near_identity(A)),
            torch=None,
        )
        for name, function in (
            ("inv", ops.inv),
            ("inv_ex", lambda A: ops.inv_ex(A).inverse),
            ("inverse_or_nan", ops.inverse_or_nan),
        )
        for shape in ((3, 3), (2, 3, 3), (0, 0))
    ),
    Case(
        "inv_ex",
        ops.inv_ex,
        [Input((2, 1, 1), 1, 2)],
        torch="linalg.inv_ex",
        bad=[*NOT_SQUARE, Bad([SINGULAR], ShapeError, "ingular", {"check_errors": True})],
    ),
    *(
        Case(
            "solve",
            lambda A, B, **params: ops.solve(near_identity(A), B, **params),
            [Input(A), Input(B)],
            params,
            oracle,
            torch=None,
        )
        for A, B, params, oracle in [
            ((3, 3), (3,), {}, lambda A, B: np.linalg.inv(near_identity(A)) @ B),
            ((2, 3, 3), (2, 3, 4), {}, lambda A, B: np.linalg.inv(near_identity(A)) @ B),
            ((2, 3, 3), (3, 1), {}, lambda A, B: np.linalg.inv(near_identity(A)) @ B),
            (
                (3, 3),
                (2, 3),
                {"left": False},
                lambda A, B, left: B @ np.linalg.inv(near_identity(A)),
            ),
        ]
    ),
    *(
        Case(
            name,
            function,
            [Input((1, 1), 1, 2), Input((1, 2))],
            torch=f"linalg.{name}",
            bad=[
                Bad([Input((2, 3)), Input((2,))], ShapeError, "square"),
                Bad([Input((2, 2)), Input((3, 2))], ShapeError, "A has 2 rows but B has 3"),
                Bad([Input((2, 2)), Input(())], ShapeError, "at least 1 dim"),
                Bad([np.eye(2), np.ones(2, np.float32)], DTypeError, "B is float32"),
            ],
        )
        for name, function in (("solve", ops.solve), ("solve_ex", ops.solve_ex))
    ),
    Case(
        "tensorsolve",
        lambda A, B: ops.tensorsolve(A * 0.1 + np.eye(6, dtype=A.dtype).reshape(2, 3, 6), B),
        [Input((2, 3, 6)), Input((2, 3))],
        oracle=lambda A, B: np.linalg.tensorsolve(A * 0.1 + np.eye(6).reshape(2, 3, 6), B),
        torch=None,
    ),
    *(
        Case(
            "tensorsolve",
            ops.tensorsolve,
            [Input(shape, apart=0.1), Input(wanted), dims],
            torch="linalg.tensorsolve",
            bad=[
                Bad([Input((2, 3, 5)), Input((2, 3))], ShapeError, "as many elements"),
                Bad([Input((2, 3, 6)), Input((2, 4))], ShapeError, "as many elements"),
                Bad([Input((2, 3, 6)), Input((2, 3)), (0, 5)], DimensionError, "5"),
            ],
        )
        for shape, wanted, dims in (((2, 4, 2), (2, 2), (1,)), ((2, 2, 4), (2, 2), None))
    ),
    *(
        Case(
            "tensorinv",
            ops.tensorinv,
            [Input(shape, apart=0.1)],
            {"ind": ind},
            lambda A, ind: np.linalg.tensorinv(A, ind),
            "linalg.tensorinv",
            bad=[
                Bad([Input((2, 3))], ShapeError, "as many elements"),
                Bad([Input((2, 2)), 0], ShapeError, "positive"),
            ],
        )
        for shape, ind in (((2, 2, 4), 2), ((4, 2, 2), 1))
    ),
]
