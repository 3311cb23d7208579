"""Rows for autograd/ops/orthogonal.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import orthogonal as ops
from tests.cases import Bad, Case, Input

SHAPES = ((3, 3), (2, 4), (4, 2), (2, 3, 2), (2, 2, 3))
EMPTY = ((0, 0), (0, 3), (3, 0), (2, 3, 0))
BAD = [
    Bad([Input((3,))], ShapeError, "at least 2 dims"),
    Bad([Input((2, 2), dtype="int64")], DTypeError, "float32"),
]


def without_signs(factors: Any) -> Any:
    """The magnitudes of the factors."""
    return tuple(abs(factor) for factor in factors)


def beside(x: Any, full_matrices: bool) -> Any:
    """The singular values and the vectors that belong to them, in magnitude."""
    U, S, Vh = np.linalg.svd(x) if isinstance(x, np.ndarray) else ops.svd(x, full_matrices)
    k = S.shape[-1]
    return abs(U[..., :k]), S, abs(Vh[..., :k, :])


CASES: list[Case] = [
    *(
        Case("qr", ops.qr, [Input(shape)], {"mode": "reduced"}, np.linalg.qr, "linalg.qr")
        for shape in (*SHAPES, *EMPTY)
    ),
    *(
        Case("qr", ops.qr, [Input(shape)], {"mode": "complete"}, np.linalg.qr, "linalg.qr")
        for shape in ((3, 3), (2, 4))
    ),
    Case(
        "qr",
        ops.qr,
        [Input((4, 2))],
        {"mode": "complete"},
        np.linalg.qr,
        "linalg.qr",
        differentiable=False,
        bad=[*BAD, Bad([Input((2, 2))], ShapeError, "mode must be", {"mode": "raw"})],
    ),
    *(
        Case(
            "qr",
            lambda x: ops.qr(x, "r").R,
            [Input(shape)],
            oracle=lambda x: np.linalg.qr(x, "r"),
            torch=None,
        )
        for shape in SHAPES
    ),
    *(
        Case(
            "svd",
            beside,
            [Input(shape)],
            {"full_matrices": full_matrices},
            oracle=beside,
            torch=None,
        )
        for shape in SHAPES
        for full_matrices in (False, True)
    ),
    Case(
        "svd",
        ops.svd,
        [Input((1, 1))],
        torch="linalg.svd",
        bad=[
            *BAD,
            Bad([np.full((2, 2), np.nan)], ShapeError, "converge"),
            Bad([Input((2, 2))], ShapeError, "driver='gesvd'", {"driver": "gesvd"}),
        ],
    ),
    *(Case("svd", ops.svd, [Input(shape)], torch="linalg.svd") for shape in EMPTY),
    *(
        Case(
            "svdvals",
            ops.svdvals,
            [Input(shape)],
            oracle=lambda x: np.linalg.svd(x, compute_uv=False),
            torch="linalg.svdvals",
            bad=BAD,
        )
        for shape in SHAPES
    ),
]
