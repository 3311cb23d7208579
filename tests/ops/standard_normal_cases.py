"""Rows for autograd/ops/standard_normal.py; SciPy is the oracle."""

from __future__ import annotations

import numpy as np
from scipy import stats

from autograd.errors import DTypeError
from autograd.ops import standard_normal as ops
from tests.cases import Bad, Case, Input

WIDE = Input((4, 5), -8, 8)
COMPLEX = Bad([np.ones(2) * 1j], DTypeError, "not defined for complex")

CASES: list[Case] = [
    Case(
        "probability_below",
        ops.probability_below,
        [WIDE],
        {},
        stats.norm.cdf,
        torch=None,
        elementwise=True,
        bad=[COMPLEX],
    ),
    Case(
        "density",
        ops.density,
        [WIDE],
        {},
        stats.norm.pdf,
        torch=None,
        elementwise=True,
        bad=[COMPLEX],
    ),
]
