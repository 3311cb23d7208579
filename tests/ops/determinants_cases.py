"""Rows for autograd/ops/determinants.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import determinants as ops
from tests.cases import Bad, Case, Input

SHAPES = ((1, 1), (2, 2), (3, 3), (2, 3, 3), (2, 2, 2, 2), (0, 0), (0, 3, 3))
BAD = [
    Bad([Input((2, 3))], ShapeError, "square"),
    Bad([Input((3,))], ShapeError, "at least 2 dims"),
    Bad([Input((2, 2), dtype="int64")], DTypeError, "float32, float64 or complex"),
]


def logdet(A: Any) -> Any:
    sign, logarithm = np.linalg.slogdet(A)
    return np.where(sign < 0, np.nan, logarithm)


CASES: list[Case] = [
    *(
        Case("det", ops.det, [Input(shape)], oracle=np.linalg.det, torch="linalg.det", bad=BAD)
        for shape in SHAPES
    ),
    *(
        Case("slogdet", ops.slogdet, [Input(shape)], oracle=np.linalg.slogdet, bad=BAD)
        for shape in SHAPES
    ),
    *(
        Case(
            "logdet",
            lambda A: ops.logdet(A @ A.swapaxes(-1, -2)),
            [Input(shape)],
            oracle=lambda A: 2 * np.linalg.slogdet(A)[1],
            torch=None,
        )
        for shape in ((3, 3), (2, 2, 2))
    ),
    Case("logdet", ops.logdet, [Input((1, 1), 1, 2)], oracle=logdet, bad=BAD),
]
