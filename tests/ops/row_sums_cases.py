"""Rows for autograd/ops/row_sums.py."""

from __future__ import annotations

import numpy as np

from autograd.ops import row_sums as ops
from tests.cases import Case, Input

X = Input((3, 2, 4))


CASES: list[Case] = [
    Case(
        "sum_of_products",
        ops.sum_of_products,
        [X, X],
        {"dims": 1},
        lambda x, y, dims: (x * y).sum(-1, keepdims=True),
        torch=None,
    ),
    Case(
        "sum_of_products",
        ops.sum_of_products,
        [X, Input((2, 4))],
        {"dims": 2},
        lambda x, y, dims: (x * y).sum((1, 2), keepdims=True),
        torch=None,
    ),
    # No rows, and rows of nothing.
    Case(
        "sum_of_products",
        ops.sum_of_products,
        [Input((0, 4)), Input((4,))],
        {"dims": 1},
        lambda x, y, dims: np.zeros((0, 1)),
        torch=None,
    ),
    Case(
        "sum_of_products",
        ops.sum_of_products,
        [Input((3, 0)), Input((0,))],
        {"dims": 1},
        lambda x, y, dims: np.zeros((3, 1)),
        torch=None,
    ),
    Case(
        "sum_of_rows",
        ops.sum_of_rows,
        [X],
        {"dims": 2},
        lambda x, dims: x.sum((1, 2), keepdims=True),
        torch=None,
    ),
]
