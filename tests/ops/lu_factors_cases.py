"""Rows for autograd/ops/lu_factors.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from autograd.errors import DTypeError, ShapeError
from autograd.ops import lu_factors as ops
from tests.cases import Bad, Case, Input

SHAPES = ((3, 3), (2, 4), (5, 3), (2, 3, 3))
EMPTY = ((0, 0), (0, 3), (2, 3, 0), (0, 2, 2))
SINGULAR = np.zeros((2, 2))
PIVOTS = np.array([2, 2], np.int32)


def unpacked(x: Any) -> Any:
    return ops.lu_unpack(*ops.lu_factor(x))


def well_conditioned(x: Any) -> Any:
    return x + 5 * np.eye(x.shape[-1], dtype=x.dtype)[::-1].copy()


def solved(x: Any, y: Any, **params: Any) -> Any:
    return ops.lu_solve(*ops.lu_factor(well_conditioned(x)), y, **params)


def solution(x: Any, y: Any, left: bool, adjoint: bool) -> Any:
    A = well_conditioned(x)
    inverse = np.linalg.inv(A.T if adjoint else A)
    return inverse @ y if left else y @ inverse


CASES: list[Case] = [
    *(
        Case("lu", ops.lu, [Input(shape)], oracle=scipy.linalg.lu, torch="linalg.lu")
        for shape in SHAPES
    ),
    *(Case("lu", ops.lu, [Input(shape)], torch="linalg.lu") for shape in EMPTY),
    Case(
        "lu",
        ops.lu,
        [Input((2, 2, 2, 3))],
        torch="linalg.lu",
        bad=[
            Bad([Input((3,))], ShapeError, "at least 2 dims"),
            Bad([Input((2, 2))], ShapeError, "without pivoting", {"pivot": False}),
            Bad([Input((2, 2), dtype="int64")], DTypeError, "float32"),
        ],
    ),
    *(
        Case(
            "lu_factor",
            ops.lu_factor,
            [Input(shape)],
            torch="linalg.lu_factor",
            bad=[
                Bad([SINGULAR], ShapeError, "the matrix is singular: element 1"),
                Bad([np.zeros((3, 2, 2))], ShapeError, "matrix 0 of the batch is singular"),
            ],
        )
        for shape in (*SHAPES, *EMPTY)
    ),
    Case(
        "lu_factor_ex",
        ops.lu_factor_ex,
        [Input((2, 3, 3))],
        torch="linalg.lu_factor_ex",
        bad=[Bad([SINGULAR], ShapeError, "singular", {"check_errors": True})],
    ),
    *(
        Case("lu_unpack", unpacked, [Input(shape)], oracle=scipy.linalg.lu, torch=None)
        for shape in ((3, 3), (3, 5), (2, 5, 3))
    ),
    Case(
        "lu_unpack",
        ops.lu_unpack,
        [Input((2, 3)), PIVOTS],
        bad=[
            Bad([Input((2,)), PIVOTS], ShapeError, "needs LU (..., m, n)"),
            Bad([Input((3, 3)), PIVOTS], ShapeError, "needs LU (..., m, n)"),
            Bad([Input((2, 2)), PIVOTS.astype("int64")], DTypeError, "int32"),
            Bad([Input((2, 2)), PIVOTS - 2], ShapeError, "between 1 and 2"),
            Bad([Input((2, 2)), PIVOTS + 1], ShapeError, "between 1 and 2"),
        ],
    ),
    *(
        Case(
            "lu_solve",
            solved,
            [Input((3, 3)), Input((2, 3, 3))],
            {"left": left, "adjoint": adjoint},
            oracle=solution,
            torch=None,
        )
        for left in (True, False)
        for adjoint in (False, True)
    ),
    Case(
        "lu_solve",
        ops.lu_solve,
        [Input((2, 2), 1, 2), PIVOTS, Input((2, 3))],
        torch="linalg.lu_solve",
        bad=[
            Bad([Input((2, 2)), PIVOTS, Input((2,))], ShapeError, "B (..., 2, k)"),
            Bad([Input((2, 2)), PIVOTS, Input((3, 2))], ShapeError, "B (..., 2, k)"),
            Bad([Input((2, 2)), PIVOTS, Input((2, 3))], ShapeError, "(..., k, 2)", {"left": False}),
            Bad([Input((2, 3)), PIVOTS, Input((3, 2))], ShapeError, "LU (..., 3, 3)"),
            Bad([Input((2, 2)), PIVOTS, np.ones((2, 1), "float32")], DTypeError, "convert one"),
            Bad([Input((2, 2)), PIVOTS + 1, Input((2, 2))], ShapeError, "between 1 and 2"),
        ],
    ),
]
