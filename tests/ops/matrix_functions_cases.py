"""Rows for autograd/ops/matrix_functions.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import matrix_functions as ops
from tests.cases import Bad, Case, Input


def exponential(A: Any) -> Any:
    """By the power series, of a small part of the matrix."""
    small = A / 1024.0
    term = out = np.broadcast_to(np.eye(A.shape[-1]), A.shape)
    for k in range(1, 20):
        term = term @ small / k
        out = out + term
    return np.linalg.matrix_power(out, 1024) if A.size else A


CASES: list[Case] = [
    *(
        Case(
            "matrix_power",
            ops.matrix_power,
            [Input((2, 3, 3))],
            {"n": n},
            oracle=lambda A, n: np.linalg.matrix_power(A, n),
            bad=[
                Bad([Input((2, 3))], ShapeError, "square", {"n": 2}),
                Bad([np.zeros((2, 2))], ShapeError, "ingular", {"n": -1}),
                Bad([Input((2, 2), dtype="int64")], DTypeError, "float32", {"n": -1}),
            ],
        )
        for n in (0, 1, 2, 5)
    ),
    Case(
        "matrix_power",
        lambda A: ops.matrix_power(A * 0.1 + np.eye(3, dtype=A.dtype), -3),
        [Input((2, 3, 3))],
        oracle=lambda A: np.linalg.matrix_power(A * 0.1 + np.eye(3), -3),
        torch=None,
    ),
    *(
        Case(
            "matrix_exp",
            ops.matrix_exp,
            [Input(shape, -size, size)],
            oracle=exponential,
            bad=[
                Bad([Input((2, 3))], ShapeError, "square"),
                Bad([Input((2, 2), dtype="int64")], DTypeError, "float32, float64 or complex"),
            ],
        )
        for shape, size in (
            ((1, 1), 1.0),
            ((3, 3), 1.0),
            ((2, 3, 3), 4.0),
            ((0, 0), 1.0),
            ((0, 2, 2), 1.0),
        )
    ),
]
