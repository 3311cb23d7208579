"""Rows for autograd/ops/linalg.py."""

from __future__ import annotations

import numpy as np

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import linalg as ops
from tests.cases import Bad, Case, Input

MATRIX = Input((3, 4), apart=0.1)

CASES: list[Case] = [
    *(
        Case("cross", ops.cross, [Input(x), Input(y)], params, torch="linalg.cross", bad=bad)
        for x, y, params, bad in [
            (
                (2, 3),
                (2, 3),
                {"dim": -1},
                [
                    Bad([Input((2, 3)), Input((3,))], ShapeError, "as many"),
                    Bad([Input((2, 4)), Input((2, 4))], ShapeError, "no dim of size 3"),
                    Bad([Input((2, 3)), Input((2, 3))], ShapeError, "must have size 3", {"dim": 0}),
                    Bad([Input((2, 3)), Input((2, 3))], DimensionError, "out of range", {"dim": 2}),
                ],
            ),
            ((3, 1), (3, 4), {"dim": 0}, []),
        ]
    ),
    *(
        Case(
            "multi_dot",
            ops.multi_dot,
            [list(map(Input, shapes))],
            torch="linalg.multi_dot",
            bad=[
                Bad([[MATRIX]], ShapeError, "at least 2 tensors"),
                Bad([[MATRIX, Input((4,)), MATRIX]], ShapeError, "tensors[1] has shape (4,)"),
            ],
        )
        for shapes in (
            [(2, 3), (3, 4)],
            [(3,), (3, 4), (4, 5)],
            [(2, 3), (3, 30), (30, 2), (2, 5)],
            [(3,), (3, 4), (4,)],
        )
    ),
    Case(
        "chain_matmul",
        ops.chain_matmul,
        [Input((2, 3)), Input((3, 4)), Input((4, 5))],
        oracle=lambda a, b, c: a @ b @ c,
        torch=None,  # deprecated there, with a warning
    ),
    *(
        Case(
            "vecdot",
            ops.vecdot,
            [Input(x), Input(y)],
            {"dim": dim},
            lambda x, y, dim: np.sum(x * y, dim),
            "linalg.vecdot",
            bad=[
                Bad([np.ones(3), np.ones(3, np.float32)], DTypeError, "one floating"),
                Bad([np.ones(3, int), np.ones(3, int)], DTypeError, "one floating"),
                Bad([np.ones(3), np.ones(3)], DimensionError, "1", {"dim": 1}),
                Bad([np.ones(3), np.ones(2)], ShapeError, "broadcast"),
            ],
        )
        for x, y, dim in (((3,), (3,), -1), ((2, 3), (3,), -1), ((2, 3), (2, 1), 0))
    ),
    *(
        Case(
            "vander",
            ops.vander,
            [x],
            {"N": number},
            lambda x, N: x[..., None] ** np.arange(N or x.shape[-1]),
            "linalg.vander",
            bad=[
                Bad([np.ones(3)], ShapeError, "greater than 1", {"N": 1}),
                Bad([np.ones(1)], ShapeError, "greater than 1"),
                Bad([np.ones(3, bool)], DTypeError, "bool"),
            ],
        )
        for x, number in (
            (Input((3,)), None),
            (Input((2, 3)), 5),
            (Input((3,)), 2),
            (Input((4,), -3, 4, "int64"), 3),
        )
    ),
]
