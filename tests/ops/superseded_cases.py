"""Rows for autograd/ops/superseded.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from autograd.errors import ShapeError
from autograd.ops import superseded as ops
from tests.cases import Bad, Case, Input

PIVOTS = np.array([2, 2], np.int32)


def packed(x: Any) -> Any:
    LU, steps = scipy.linalg.lu_factor(x)
    return LU, steps.astype(np.int32) + 1


def rebuilt(x: Any, some: bool) -> Any:
    """The product of the factors, and the shapes of the vectors."""
    U, S, V = ops.svd(x, some)
    k = S.shape[-1]
    return (U[..., :k] * S) @ V[..., :k].mT, U.shape, V.shape


CASES: list[Case] = [
    *(
        Case(
            "qr",
            ops.qr,
            [Input((2, 4))],
            {"some": some},
            oracle=lambda x, some: np.linalg.qr(x),
            bad=[Bad([Input((3,))], ShapeError, "at least 2 dims")],
        )
        for some in (True, False)
    ),
    *(
        Case(
            "svd",
            rebuilt,
            [Input((2, 3))],
            {"some": some},
            oracle=lambda x, some: (x, (2, 2), (3, 2) if some else (3, 3)),
            torch=None,
        )
        for some in (True, False)
    ),
    Case("svd", ops.svd, [Input((1, 1))], bad=[Bad([Input((3,))], ShapeError, "at least 2 dims")]),
    *(
        Case("svd", ops.svd, [Input((2, 2, 3))], {"some": some, "compute_uv": False})
        for some in (True, False)
    ),
    Case(
        "lu",
        ops.lu,
        [Input((3, 3))],
        oracle=packed,
        bad=[
            Bad([np.zeros((2, 2))], ShapeError, "singular"),
            Bad([Input((2, 2))], ShapeError, "without pivoting", {"pivot": False}),
        ],
    ),
    Case(
        "lu",
        ops.lu,
        [Input((3, 3))],
        {"get_infos": True},
        oracle=lambda x, get_infos: (*packed(x), np.array(0)),
    ),
    Case(
        "lu_solve",
        ops.lu_solve,
        [Input((2, 3)), Input((2, 2), 1, 2), PIVOTS],
        oracle=lambda x, packed, pivots: scipy.linalg.lu_solve((packed, pivots - 1), x),
        bad=[Bad([Input((3,)), Input((3, 3)), PIVOTS], ShapeError, "needs LU (..., m, n)")],
    ),
]
