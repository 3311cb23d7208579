"""Rows for autograd/ops/cholesky_factors.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import cholesky_factors as ops
from tests.cases import Bad, Case, Input

POSITIVE = Input((1, 1), 1, 2)
INDEFINITE = np.array([[1.0, 2.0], [2.0, 1.0]])


def positive(x: Any) -> Any:
    """A symmetric positive definite matrix made of any."""
    return x @ x.swapaxes(-1, -2) + np.eye(x.shape[-1], dtype=x.dtype)


def factor(x: Any) -> Any:
    """A triangular factor made of any square matrix, which is not near a singular one."""
    eye = np.eye(x.shape[-1], dtype=x.dtype)
    return x * np.tri(x.shape[-1], dtype=x.dtype) * (1 - eye) + eye * (x * x + 1)


def solved(x: Any, y: Any, upper: bool) -> Any:
    return ops.cholesky_solve(x, factor(y).swapaxes(-1, -2) if upper else factor(y), upper)


def inverse(x: Any, upper: bool) -> Any:
    return ops.cholesky_inverse(factor(x).swapaxes(-1, -2) if upper else factor(x), upper)


CASES: list[Case] = [
    *(
        Case(
            "cholesky",
            lambda x, upper: ops.cholesky(positive(x), upper),
            [Input((*batch, 3, 3))],
            {"upper": upper},
            oracle=lambda x, upper: np.linalg.cholesky(positive(x), upper=upper),
            torch=None,
        )
        for batch in ((), (2,))
        for upper in (False, True)
    ),
    Case(
        "cholesky",
        ops.cholesky,
        [POSITIVE],
        oracle=np.sqrt,
        torch="linalg.cholesky",
        bad=[
            Bad([Input((3,))], ShapeError, "at least 2 dims"),
            Bad([Input((2, 3))], ShapeError, "square"),
            Bad([Input((2, 2), dtype="int64")], DTypeError, "float32"),
            Bad([INDEFINITE], ShapeError, "the matrix is not positive definite: its leading minor"),
            Bad([-np.ones((2, 1, 1))], ShapeError, "matrix 0 of the batch"),
        ],
    ),
    *(
        Case("cholesky", ops.cholesky, [Input(shape)], oracle=np.copy)
        for shape in ((0, 0), (2, 0, 0), (0, 2, 2))
    ),
    Case(
        "cholesky_ex",
        ops.cholesky_ex,
        [POSITIVE],
        oracle=lambda x: (np.sqrt(x), np.array(0)),
        torch="linalg.cholesky_ex",
        bad=[Bad([INDEFINITE], ShapeError, "order 2 is not positive", {"check_errors": True})],
    ),
    *(
        Case(
            "cholesky_solve",
            solved,
            [Input((*batch, 3, 2)), Input((3, 3))],
            {"upper": upper},
            oracle=lambda x, y, upper: np.linalg.solve(factor(y) @ factor(y).T, x),
            torch=None,
        )
        for batch in ((), (2,))
        for upper in (False, True)
    ),
    Case(
        "cholesky_solve",
        ops.cholesky_solve,
        [Input((1, 3)), POSITIVE],
        oracle=lambda x, y: x / y**2,
        bad=[
            Bad([Input((2,)), Input((2, 2))], ShapeError, "B must be (..., 2, k)"),
            Bad([Input((3, 1)), Input((2, 2))], ShapeError, "as many rows"),
            Bad([Input((3, 1)), Input((3, 2))], ShapeError, "square"),
            Bad([Input((2, 1)), np.eye(2, dtype="float32")], DTypeError, "one dtype"),
        ],
    ),
    *(
        Case(
            "cholesky_inverse",
            inverse,
            [Input((2, 3, 3))],
            {"upper": upper},
            oracle=lambda x, upper: np.linalg.inv(factor(x) @ factor(x).swapaxes(-1, -2)),
            torch=None,
        )
        for upper in (False, True)
    ),
    Case(
        "cholesky_inverse",
        ops.cholesky_inverse,
        [POSITIVE],
        oracle=lambda x: 1 / x**2,
        bad=[
            Bad([Input((2, 3))], ShapeError, "square"),
            Bad([np.zeros((2, 2))], ShapeError, "a 0 on its diagonal"),
        ],
    ),
]
