"""Rows for autograd/ops/softmax.py."""

from __future__ import annotations

from scipy import special

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import softmax as ops
from tests.cases import Bad, Case, Input

X = Input((2, 3, 4))
BAD = [
    Bad([X], DimensionError, "needs dim"),
    Bad([X], DimensionError, "dim 3 is out of range for 3 dims", {"dim": 3}),
    Bad([Input((3,), dtype="int64")], DTypeError, "floating", {"dim": 0}),
]

CASES: list[Case] = [
    *(
        case
        for dim in (0, -1, -2)
        for case in (
            Case(
                "softmax",
                ops.softmax,
                [X],
                {"dim": dim},
                lambda x, dim: special.softmax(x, dim),
                bad=BAD,
            ),
            Case(
                "log_softmax",
                ops.log_softmax,
                [X],
                {"dim": dim},
                lambda x, dim: special.log_softmax(x, dim),
            ),
        )
    ),
    Case("softmax", ops.softmax, [Input(())], {"dim": 0}),
    Case("log_softmax", ops.log_softmax, [Input((0, 3))], {"dim": 0}, bad=BAD),
    Case(
        "softmin",
        ops.softmin,
        [X],
        {"dim": 1},
        lambda x, dim: special.softmax(-x, dim),
        torch="nn.functional.softmin",
    ),
    Case(
        "one_hot",
        ops.one_hot,
        [Input((2, 3), 0, 4, "int64"), 5],
        torch="nn.functional.one_hot",
        bad=[
            Bad([X], DTypeError, "as int64"),
            Bad([Input((3,), 4, 5, "int64"), 3], ShapeError, "at least 5 classes"),
            Bad([Input((3,), -2, -1, "int64")], ShapeError, "must not be negative"),
            Bad([Input((0,), 0, 1, "int64")], ShapeError, "pass num_classes"),
        ],
    ),
]
