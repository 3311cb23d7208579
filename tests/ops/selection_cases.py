"""Rows for autograd/ops/selection.py."""

from __future__ import annotations

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import selection as ops
from tests.cases import Bad, Case, Input

MASK = Input((3, 4), dtype="bool")
X, ROW = Input((3, 4)), Input((4,))
INTEGERS = Input((3, 4), -9, 9, "int64")
ONES, TRUE = np.ones(2), np.array([True, False])

CASES: list[Case] = [
    Case(
        "where",
        ops.where,
        (MASK, X, ROW),
        oracle=lambda c, x, y: c * x + ~c * y,
        elementwise=True,
        bad=[
            Bad((ONES, ONES, ONES), DTypeError, "condition must be a bool tensor, got float64"),
            Bad((True, ONES, ONES), DTypeError, "condition must be a bool tensor, got bool"),
            Bad((TRUE, ONES), DTypeError, "both x and y"),
            Bad((TRUE, np.ones(3), ONES), ShapeError, "dim -1 is 2"),
        ],
    ),
    Case("where", ops.where, (MASK, X, 0.0), oracle=lambda c, x, y: c * x),
    Case("where", ops.where, (MASK, 2, X), oracle=lambda c, x, y: 2 * c + ~c * y),
    Case("where", ops.where, (MASK, X, INTEGERS), oracle=lambda c, x, y: c * x + ~c * y),
    Case("where", ops.where, (MASK, INTEGERS, 1.5), oracle=lambda c, x, y: c * x + ~c * 1.5),
    Case("where", ops.where, (MASK, 1.0, 2), oracle=lambda c, x, y: 2 - c * 1.0),
    Case("where", ops.where, (MASK,), oracle=lambda c: c.nonzero(), differentiable=False),
    Case("where_not_0", ops.where_not_0, (Input((2,)), ONES * TRUE), oracle=lambda x, y: x * TRUE),
    Case(
        "masked_fill",
        ops.masked_fill,
        (X, Input((4,), dtype="bool"), -1.5),
        oracle=lambda x, mask, value: mask * value + ~mask * x,
        bad=[
            Bad((ONES, ONES, 1), DTypeError, "mask must be a bool tensor"),
            Bad((ONES, TRUE, ONES), ShapeError, "value must be a number"),
            Bad((ONES, TRUE, 1j), DTypeError, "out of the range of float64"),
            Bad((ONES, TRUE, np.array(1j)), DTypeError, "does not fit"),
            Bad((np.ones(2, np.float16), TRUE, 1e9), DTypeError, "out of the range of float16"),
            Bad((np.arange(2), TRUE, np.inf), DTypeError, "out of the range of int64"),
        ],
    ),
    Case(
        "masked_fill",
        ops.masked_fill,
        (INTEGERS, MASK, 1.5),
        oracle=lambda x, m, value: m * 1 + ~m * x,
    ),
    Case(
        "masked_fill",
        ops.masked_fill,
        (X, MASK, Input(())),
        oracle=lambda x, m, value: m * value + ~m * x,
    ),
]
