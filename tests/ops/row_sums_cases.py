"""Rows for autograd/ops/row_sums.py."""

from __future__ import annotations

from autograd.ops import row_sums as ops
from tests.cases import Case, Input

X = Input((3, 2, 4))


CASES: list[Case] = [
    *(
        Case(
            "dot_of_rows",
            ops.dot_of_rows,
            [x, y],
            {},
            lambda x, y: (x * y).sum(-1, keepdims=True),
            torch=None,
        )
        for x, y in (
            (X, X),
            (X, Input((4,))),
            # No rows, and rows of nothing.
            (Input((0, 4)), Input((4,))),
            (Input((3, 0)), Input((0,))),
        )
    ),
    *(
        Case(
            "dot_along",
            ops.dot_along,
            [x, x],
            {"dim": dim},
            lambda x, y, dim: (x * y).sum(dim, keepdims=True),
            torch=None,
        )
        for x, dim in ((X, -1), (X, 0), (Input((3, 0)), 1), (Input((0, 3)), 0), (Input(()), 0))
    ),
    Case(
        "sum_of_rows",
        ops.sum_of_rows,
        [X],
        {},
        lambda x: x.sum(-1, keepdims=True),
        torch=None,
    ),
]
