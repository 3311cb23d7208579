"""Rows of the table for `autograd.ops.diagonals`."""

from __future__ import annotations

import numpy as np
import scipy.linalg

from autograd.errors import DimensionError, ShapeError
from autograd.ops import diagonals
from tests.cases import Bad, Case, Input

M = Input((3, 4))
MATRIX, VECTOR = np.zeros((3, 4)), np.zeros(3)


def embedded(x, offset=0):
    return np.stack([np.diag(row, offset) for row in x])


def with_diagonal(x, value, offset):
    out = x.copy()
    for i, v in enumerate(value):
        out[i - min(offset, 0), i + max(offset, 0)] = v
    return out


CASES: list[Case] = [
    *[Case("diagonal", diagonals.diagonal, (M, k), oracle=np.diagonal) for k in (-5, -1, 0, 2, 7)],
    Case(
        "diagonal",
        diagonals.diagonal,
        (Input((2, 3, 4)), 1, -1, 0),
        oracle=np.diagonal,
        bad=[
            Bad((VECTOR,), DimensionError, "at least 2 dims"),
            Bad((MATRIX, 0, 1, -1), ShapeError, "two different dims"),
            Bad((MATRIX, 0, 0, 2), DimensionError, "between -2 and 1"),
        ],
    ),
    Case("diag", diagonals.diag, (M, 1), oracle=np.diag),
    Case(
        "diag",
        diagonals.diag,
        (Input((3,)), -1),
        oracle=np.diag,
        bad=[Bad((np.zeros(()),), ShapeError, "a vector or a matrix")],
    ),
    Case(
        "diag_embed",
        diagonals.diag_embed,
        (Input((2, 3)), 1),
        oracle=embedded,
        bad=[
            Bad((np.zeros(()),), ShapeError, "at least 1 dim"),
            Bad((VECTOR, 0, 1, 1), ShapeError, "two different dims"),
        ],
    ),
    Case(
        "diag_embed",
        diagonals.diag_embed,
        (Input((2, 3)), 0, 0, 2),
        oracle=lambda x, *_: np.moveaxis(embedded(x), 1, 0),
    ),
    Case("diagflat", diagonals.diagflat, (Input((2, 2)), -1), oracle=np.diagflat),
    *[
        Case(
            "diagonal_scatter",
            diagonals.diagonal_scatter,
            (M, Input((length,)), offset),
            oracle=with_diagonal,
            bad=[Bad((MATRIX, np.zeros(9)), ShapeError, "the shape of the diagonal, (3,)")],
        )
        for offset, length in ((0, 3), (2, 2), (-1, 2))
    ],
    Case(
        "trace",
        diagonals.trace,
        (M,),
        oracle=np.trace,
        bad=[Bad((VECTOR,), ShapeError, "needs a matrix")],
    ),
    Case(
        "block_diag",
        diagonals.block_diag,
        (Input((2, 3)), Input((2,)), Input(())),
        oracle=scipy.linalg.block_diag,
        bad=[
            Bad((), ShapeError, "at least one tensor"),
            Bad((np.zeros((2, 2, 2)),), ShapeError, "at most 2 dims"),
        ],
    ),
    *[
        Case(
            name,
            getattr(diagonals, name),
            (Input((2, 3, 4)), k),
            oracle=getattr(np, name),
            bad=[Bad((VECTOR,), ShapeError, "at least 2 dims")],
        )
        for name in ("tril", "triu")
        for k in (-1, 0, 2)
    ],
    *[
        Case(
            f"{name}_indices",
            getattr(diagonals, f"{name}_indices"),
            (3, 4, offset),
            oracle=lambda row, col, k, keep=keep: np.argwhere(keep(np.ones((row, col)), k)).T,
            differentiable=False,
        )
        for name, keep in (("tril", np.tril), ("triu", np.triu))
        for offset in (-2, 0, 1)
    ],
]
