"""Rows for autograd/ops/solving.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import solving as ops
from tests.cases import Bad, Case, Input

# Systems with diagonals between 1 and 3: the solutions stay small.
SHAPES = [((3, 3), (3, 2)), ((1, 1), (1, 3)), ((2, 5, 5), (5, 2)), ((4, 4), (2, 4, 1))]


def triangle(A: Any, upper: bool, unitriangular: bool) -> Any:
    """What is read of ``A``, made regular."""
    part = np.triu(A) if upper else np.tril(A)
    eye = np.eye(A.shape[-1])
    return part * (1 - eye) + eye if unitriangular else part


def solution(A: Any, B: Any, upper: bool, left: bool = True, unitriangular: bool = False) -> Any:
    inverse = np.linalg.inv(triangle(A, upper, unitriangular))
    return inverse @ B if left else B @ inverse


CASES: list[Case] = [
    *(
        Case(
            "solve_triangular",
            ops.solve_triangular,
            [Input(A, 1, 3), Input(B)],
            {"upper": upper, "unitriangular": unitriangular},
            solution,
            "linalg.solve_triangular",
            bad=[
                Bad([Input((2, 3)), Input((2, 1))], ShapeError, "square", {"upper": True}),
                Bad([Input((2, 2)), Input((2,))], ShapeError, "unsqueeze", {"upper": True}),
                Bad([Input((2, 2)), Input((3, 1))], ShapeError, "2 rows but B", {"upper": True}),
                Bad(
                    [np.eye(2), np.ones((2, 1), np.float32)],
                    DTypeError,
                    "B is float32",
                    {"upper": True},
                ),
                Bad(
                    [Input((2, 2), dtype="int64"), Input((2, 1), dtype="int64")],
                    DTypeError,
                    "float32, float64 or complex",
                    {"upper": True},
                ),
            ],
        )
        for A, B in SHAPES
        for upper in (False, True)
        for unitriangular in (False, True)
    ),
    Case(
        "solve_triangular",
        ops.solve_triangular,
        [Input((3, 3), 1, 3), Input((2, 3))],
        {"upper": True, "left": False},
        solution,
        "linalg.solve_triangular",
    ),
    *(
        Case(
            "triangular_solve",
            ops.triangular_solve,
            [Input((3, 2)), Input((3, 3), 1, 3)],
            {"upper": upper, "transpose": transpose, "unitriangular": unitriangular},
            bad=[
                Bad([Input((3,)), Input((3, 3))], ShapeError, "needs matrices"),
                Bad([Input((2, 1)), Input((3, 3))], ShapeError, "3 rows but B has 2"),
            ],
        )
        for upper, transpose, unitriangular in (
            (True, False, False),
            (False, True, False),
            (False, False, True),
        )
    ),
]
