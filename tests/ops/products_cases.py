"""Rows for autograd/ops/products.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import products as ops
from tests.cases import Bad, Case, Input

MATRIX, VECTOR, BATCH = Input((2, 3)), Input((3,)), Input((5, 2, 3))


def rows(
    name: str, function: Callable[..., Any], *shapes: Sequence[tuple[int, ...]], **more: Any
) -> list[Case]:
    """A row for each list of shapes; the refused arguments go with the first."""
    bad = more.pop("bad", ())
    return [
        Case(name, function, [Input(s) for s in group], bad=() if i else bad, **more)
        for i, group in enumerate(shapes)
    ]


CASES: list[Case] = [
    *rows(
        "matmul",
        ops.matmul,
        [(2, 3), (3, 4)],
        [(3,), (3,)],
        [(2, 3), (3,)],
        [(3,), (3, 4)],
        [(5, 2, 3), (3, 4)],
        [(5, 2, 3), (3,)],
        [(3,), (5, 3, 4)],
        [(2, 3), (5, 3, 4)],
        [(6, 1, 2, 3), (5, 3, 4)],
        [(0, 3), (3, 2)],
        [(2, 0), (0, 2)],
        bad=[
            Bad(
                [MATRIX, Input((4, 5))],
                ShapeError,
                "the last dim of x is 3 but the first of y is 4",
            ),
            Bad([MATRIX, Input((4, 3))], ShapeError, "did you mean x @ y.mT?"),
            Bad([BATCH, Input((5, 2, 3))], ShapeError, "the next to last of y is 2"),
            Bad([BATCH, Input((4, 3, 2))], ShapeError, "matmul"),
            Bad([MATRIX, Input(())], ShapeError, "multiply by a number with *"),
            Bad([MATRIX, 2.0], DTypeError, "multiply by a number with *"),
            Bad([MATRIX, Input((3, 2), dtype="int64")], DTypeError, "x.to('int64')"),
            Bad([Input((2, 2), dtype="bool")] * 2, DTypeError, "not defined for bool"),
        ],
    ),
    Case("matmul", ops.matmul, [Input((2, 3), -5, 5, "int64"), Input((3,), -5, 5, "int64")]),
    *rows(
        "linear",
        ops.linear,
        [(2, 3), (4, 3), (4,)],
        [(3,), (4, 3), (4,)],
        [(5, 2, 3), (4, 3), (4,)],
        [(2, 3), (4, 3)],
        [(5, 2, 3), (3,)],
        [(0, 3), (4, 3), (4,)],
        oracle=lambda x, weight, bias=0: x @ weight.T + bias,
        torch="nn.functional.linear",
        bad=[
            Bad([MATRIX, Input((3, 4))], ShapeError, "did you mean weight.T?"),
            Bad([MATRIX, Input((4, 5))], ShapeError, "weight takes 5 features"),
            Bad([MATRIX, Input((4, 3)), Input((3,))], ShapeError, "one element for each row"),
            Bad(
                [MATRIX, Input((4, 3), dtype="int64")],
                DTypeError,
                "x is float64 but weight is int64",
            ),
            Bad([Input(()), Input((4, 3))], ShapeError, "x needs at least 1 dim"),
        ],
    ),
    *rows("mm", ops.mm, [(2, 3), (3, 4)], bad=[Bad([MATRIX, VECTOR], ShapeError, "y with 2")]),
    *rows(
        "bmm",
        ops.bmm,
        [(5, 2, 3), (5, 3, 4)],
        bad=[
            Bad([BATCH, MATRIX], ShapeError, "y with 3"),
            Bad([BATCH, Input((1, 3, 4))], ShapeError, "5 matrices in input but 1 in mat2"),
            Bad([BATCH, 1.0], DTypeError, "needs tensors"),
        ],
    ),
    *rows("mv", ops.mv, [(2, 3), (3,)], bad=[Bad([VECTOR, VECTOR], ShapeError, "x with 2")]),
    *rows("dot", ops.dot, [(3,), (3,)], bad=[Bad([MATRIX, VECTOR], ShapeError, "x with 1")]),
    *rows("vdot", ops.vdot, [(3,), (3,)], bad=[Bad([MATRIX, VECTOR], ShapeError, "x with 1")]),
    *rows(
        "inner",
        ops.inner,
        [(3,), (3,)],
        [(2, 3), (4, 3)],
        [(2, 5, 3), (3,)],
        [(), (2, 3)],
        bad=[
            Bad(
                [MATRIX, Input((3, 2))],
                ShapeError,
                "the last dim of input is 3 but that of other is 2",
            )
        ],
    ),
    *rows(
        "outer",
        ops.outer,
        [(3,), (4,)],
        [(0,), (4,)],
        bad=[Bad([MATRIX, VECTOR], ShapeError, "x with 1")],
    ),
    *rows(
        "kron",
        ops.kron,
        [(3,), (4,)],
        [(2, 3), (4,)],
        [(2, 1), (3, 4, 5)],
        [(), (3,)],
        oracle=np.kron,
    ),
    *rows(
        "addmm",
        ops.addmm,
        [(2, 4), (2, 3), (3, 4)],
        [(4,), (2, 3), (3, 4)],
        params={"beta": 0.5, "alpha": -2.0},
        oracle=lambda x, a, b, beta, alpha: beta * x + alpha * (a @ b),
        bad=[
            Bad([Input((5, 2, 4)), MATRIX, Input((3, 4))], ShapeError, "does not broadcast"),
            Bad([Input((3,)), MATRIX, Input((3, 4))], ShapeError, "does not broadcast"),
            Bad([Input((2, 4)), VECTOR, Input((3, 4))], ShapeError, "mat1 with 2"),
            Bad([Input((2, 4), dtype="int64"), MATRIX, Input((3, 4))], DTypeError, "x is int64"),
        ],
    ),
    *rows(
        "addmv",
        ops.addmv,
        [(2,), (2, 3), (3,)],
        [(), (2, 3), (3,)],
        params={"beta": 0.5, "alpha": 3.0},
    ),
    *rows("addr", ops.addr, [(2, 3), (2,), (3,)], params={"beta": 0.5, "alpha": 3.0}),
    *rows(
        "baddbmm",
        ops.baddbmm,
        [(5, 2, 4), (5, 2, 3), (5, 3, 4)],
        params={"beta": 0.5, "alpha": 3.0},
    ),
    *rows(
        "addbmm",
        ops.addbmm,
        [(2, 4), (5, 2, 3), (5, 3, 4)],
        params={"beta": 0.5, "alpha": 3.0},
        bad=[Bad([MATRIX, BATCH, Input((5, 2, 4))], ShapeError, "needs (b, n, k) and (b, k, m)")],
    ),
]
