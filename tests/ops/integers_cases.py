"""Rows for autograd/ops/integers.py."""

from __future__ import annotations

import math

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import integers as ops
from tests.cases import Bad, Case, Input

X = Input((3, 4), -60, 60, dtype="int64")
ROW = Input((4,), -60, 60, dtype="int32")
ONES = np.ones(3, int)
BAD = (
    Bad((np.ones(3), ONES), DTypeError, "not defined for floats"),
    Bad((ONES > 0, ONES > 0), DTypeError, "not defined for bool"),
    Bad((ONES, 2), DTypeError, "must be a tensor, got 2"),
    Bad((ONES, np.ones(2, int)), ShapeError, "dim -1 is 3 in x but 2 in y"),
)

CASES: list[Case] = [
    Case("gcd", ops.gcd, (X, ROW), oracle=np.vectorize(math.gcd), elementwise=True, bad=BAD),
    Case("lcm", ops.lcm, (X, ROW), oracle=np.vectorize(math.lcm), elementwise=True, bad=BAD),
    Case("gcd", ops.gcd, (X, X), oracle=np.vectorize(math.gcd, otypes=[np.int64])),
]
