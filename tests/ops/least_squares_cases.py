"""Rows for autograd/ops/least_squares.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import least_squares as ops
from tests.cases import Bad, Case, Input

SHAPES = ((3, 3), (4, 2), (2, 4), (2, 3, 2), (0, 2), (2, 0), (2, 0, 3))
BAD = [
    Bad([Input((3,))], ShapeError, "at least 2 dims"),
    Bad([Input((2, 2), dtype="int64")], DTypeError, "float32, float64 or complex"),
    Bad([Input((2, 3))], ShapeError, "square", {"hermitian": True}),
]
BAD_LEAST_SQUARES = [
    Bad([Input((3,)), Input((3,))], ShapeError, "at least 2 dims"),
    Bad([Input((2, 4, 2)), Input((4,))], ShapeError, "as many or one less"),
    Bad([Input((3, 2)), Input((4, 1))], ShapeError, "A has 3 rows but B has 4"),
    Bad([Input((3, 2)), Input((3, 1))], ShapeError, "driver must be", {"driver": "gelsz"}),
    Bad([np.eye(2), np.eye(2, dtype=np.float32)], DTypeError, "B is float32"),
]


SYSTEMS = (((4, 2), (4, 3)), ((2, 4), (2, 1)), ((2, 4, 2), (2, 4)), ((4, 2), (4,)))


def solution_and_residuals(A: Any, B: Any) -> Any:
    columns = B if B.ndim == A.ndim else B[..., None]
    solution = np.linalg.pinv(A) @ columns
    residuals = np.sum((A @ solution - columns) ** 2, -2)
    return (
        solution if B.ndim == A.ndim else solution[..., 0],
        residuals if A.shape[-2] > A.shape[-1] else np.zeros(0),
    )


def of_rank_one(x: Any) -> Any:
    return x[..., :, :1] * x[..., :1, :]


CASES: list[Case] = [
    *(
        Case("pinv", ops.pinv, [Input(s)], oracle=np.linalg.pinv, torch="linalg.pinv", bad=BAD)
        for s in SHAPES
    ),
    Case(
        "pinv",
        lambda A: ops.pinv(of_rank_one(A)),
        [Input((3, 2), 1, 2)],
        oracle=lambda A: np.linalg.pinv(of_rank_one(A)),
        torch=None,
    ),
    *(
        Case(
            "pinv",
            lambda A, **params: ops.pinv(A + A.swapaxes(-1, -2), hermitian=True, **params),
            [Input((2, 3, 3))],
            oracle=lambda A, **params: np.linalg.pinv(A + A.swapaxes(-1, -2)),
            torch=None,
            params=params,
        )
        for params in ({}, {"atol": 1e-9}, {"rtol": 1e-9})
    ),
    Case("pinverse", ops.pinverse, [Input((3, 2))], oracle=np.linalg.pinv, bad=BAD[:2]),
    *(
        Case(
            "matrix_rank",
            ops.matrix_rank,
            [x],
            {"hermitian": hermitian},
            lambda A, hermitian: np.linalg.matrix_rank(A, hermitian=hermitian),
            "linalg.matrix_rank",
            differentiable=False,
            bad=BAD,
        )
        for x, hermitian in (
            (Input((2, 3, 4)), False),
            (np.ones((3, 3)), False),
            (np.ones((3, 3)), True),
            (Input((0, 3)), False),
        )
    ),
    *(
        Case(
            "matrix_rank",
            ops.matrix_rank,
            [np.diag([4.0, 1.0, 0.25]), *args],
            params,
            lambda *args, expected=expected, **params: expected,
            "linalg.matrix_rank",
            differentiable=False,
        )
        for args, params, expected in (
            ([], {"atol": 0.5}, 2),
            ([], {"rtol": 0.5}, 1),
            ([], {"atol": 2.0, "rtol": 0.1}, 1),
            ([0.5], {}, 2),
        )
    ),
    *(
        Case(
            "lstsq",
            ops.lstsq,
            [Input(A), Input(B)],
            {"driver": driver},
            torch="linalg.lstsq",
            differentiable=False,  # the ranks and singular values are not
            bad=BAD_LEAST_SQUARES,
        )
        for A, B in SYSTEMS
        for driver in ("gels", "gelsd", "gelss")
    ),
    *(
        Case(
            "lstsq",
            lambda A, B: ops.lstsq(A, B, driver="gels")[:2],
            [Input(A), Input(B)],
            oracle=solution_and_residuals,
            torch=None,
        )
        for A, B in SYSTEMS
    ),
    Case(
        "lstsq",
        ops.lstsq,
        [Input((3, 3)), Input((3, 2))],
        torch="linalg.lstsq",
        differentiable=False,
    ),
]
