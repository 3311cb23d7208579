"""Rows for autograd/ops/covariance.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import covariance as ops
from tests.cases import Bad, Case, Input

FREQUENCIES = np.array([1, 2, 0, 3])
IMPORTANCES = np.array([0.5, 1.0, 2.0, 0.1])
X = Input((3, 4))


def covariances(x: Any, correction: int = 1, fweights: Any = None, aweights: Any = None) -> Any:
    return np.cov(x, ddof=correction, fweights=fweights, aweights=aweights)


CASES: list[Case] = [
    *(
        Case(
            "cov",
            ops.cov,
            [Input(shape)],
            params,
            covariances,
            bad=[
                Bad([Input((2, 2, 2))], ShapeError, "at most 2 dims"),
                Bad([Input((2, 2), dtype="bool")], DTypeError, "bool"),
                Bad([X], ShapeError, "one dim", {"fweights": np.ones((4, 4), np.int64)}),
                Bad([X], ShapeError, "for each of 4", {"aweights": np.ones(3)}),
                Bad([X], DTypeError, "integer", {"fweights": np.ones(4)}),
                Bad([X], DTypeError, "floating", {"aweights": np.ones(4, np.int64)}),
                Bad([X], ShapeError, "negative", {"fweights": -np.ones(4, np.int64)}),
                Bad([X], ShapeError, "sum to 0", {"fweights": np.zeros(4, np.int64)}),
            ],
        )
        for shape, params in (
            ((3, 4), {}),
            ((4,), {}),
            ((1, 4), {"correction": 0}),
            ((3, 4), {"correction": 2}),
            ((3, 4), {"fweights": FREQUENCIES}),
            ((3, 4), {"aweights": IMPORTANCES}),
            ((3, 4), {"aweights": IMPORTANCES, "correction": 0}),
            ((3, 4), {"fweights": FREQUENCIES, "aweights": IMPORTANCES}),
        )
    ),
    *(
        Case(
            "corrcoef",
            ops.corrcoef,
            [Input(shape)],
            oracle=np.corrcoef,
            bad=[
                Bad([Input((2, 2, 2))], ShapeError, "corrcoef: needs at most 2 dims"),
                Bad([Input((2, 2), dtype="bool")], DTypeError, "bool"),
            ],
        )
        for shape in ((3, 4), (4,), (2, 5))
    ),
]
