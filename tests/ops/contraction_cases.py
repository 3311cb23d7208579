"""Rows for autograd/ops/contraction.py."""

from __future__ import annotations

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import contraction as ops
from tests.cases import Bad, Case, Input

MATRIX = Input((2, 3))


def summed(equation: str, *shapes: tuple[int, ...]) -> Case:
    return Case("einsum", ops.einsum, [equation, *map(Input, shapes)], oracle=np.einsum)


def refused(equation: str, *shapes: tuple[int, ...], message: str) -> Bad:
    return Bad([equation, *map(Input, shapes)], ShapeError, message)


CASES: list[Case] = [
    summed("ij,jk->ik", (2, 3), (3, 4)),
    summed("ij,jk", (2, 3), (3, 4)),
    summed("ba,c", (2, 3), (4,)),
    summed("ii", (3, 3)),
    summed("ii->i", (3, 3)),
    summed("iij->j", (3, 3, 2)),
    summed("ij->ji", (2, 3)),
    summed("ij->", (2, 3)),
    summed("ij,ij->", (2, 3), (2, 3)),
    summed("ij,ij->ij", (2, 3), (2, 3)),
    summed("...ij,...jk->...ik", (4, 2, 3), (3, 5)),
    summed("i...->...", (4, 2, 3)),
    summed("...,...->...", (2, 3), (3,)),
    summed("bqhd,bkhd->bhqk", (2, 3, 2, 4), (2, 5, 2, 4)),
    summed("ij,jk,kl->il", (2, 3), (3, 4), (4, 5)),
    summed("bn,anm,bm->ba", (2, 3), (5, 3, 4), (2, 4)),
    summed("ii,jj->ij", (3, 3), (2, 2)),
    summed("ij,kl->", (2, 3), (3, 2)),
    summed(" i j , j k -> i k ", (2, 3), (3, 4)),
    summed(",->", (), ()),
    summed("ij,jk->ik", (2, 0), (0, 4)),
    Case(
        "einsum",
        ops.einsum,
        ["ij,kj->ik", MATRIX, Input((4, 1))],  # sizes of 1 broadcast
        oracle=lambda equation, x, y: x.sum(1)[:, None] * y[:, 0],
        bad=[
            refused("ij,jk->ik", (2, 3), message="has 2 operands, but 1 were given"),
            refused("ij,jk->ik", (2, 3), (4, 5), message="'j' is 3 before, but 4 in operand 1"),
            refused("ij,jk->ix", (2, 3), (3, 4), message="each letter of the output"),
            refused("ij->ii", (2, 3), message="each letter of the output must occur once"),
            refused("ijk->i", (2, 3), message="needs 3 dims, but operand 0 has 2"),
            refused("i->i", (2, 3), message="'...' stands for further dims"),
            refused("i1->i", (2, 3), message="'1' in 'i1->i' is no letter"),
            refused("ii->i", (2, 3), message="'i'"),
            Bad(["ij,jk", MATRIX, 2.0], DTypeError, "needs tensors"),
            Bad([MATRIX, MATRIX], DTypeError, "needs an equation"),
        ],
    ),
    Case(
        "einsum",
        lambda x, y: ops.einsum(x, [..., 0, 1], y, [1, 2], [2, ..., 0]),
        [Input((5, 2, 3)), Input((3, 4))],
        oracle=lambda x, y: np.einsum("bij,jk->kbi", x, y),
        torch=None,
    ),
    *(
        Case(
            "tensordot",
            ops.tensordot,
            [Input(x), Input(y)],
            {"dims": dims},
            oracle=lambda x, y, dims: np.tensordot(x, y, dims),
            bad=[
                Bad([MATRIX, MATRIX], ShapeError, "they must agree", {"dims": 1}),
                Bad([MATRIX, MATRIX], ShapeError, "dims=3 is more than", {"dims": 3}),
                Bad([MATRIX, MATRIX], ShapeError, "in range for 2 dims", {"dims": ([2], [0])}),
                Bad([MATRIX, MATRIX], ShapeError, "distinct", {"dims": ([0, -2], [0, 1])}),
            ],
        )
        for dims, x, y in [
            (1, (2, 3), (3, 4)),
            (2, (2, 3), (2, 3)),
            (0, (2,), (3,)),
            (([0, 2], [1, 0]), (2, 3, 4), (4, 2, 5)),
            (([-1], [-1]), (2, 3), (4, 3)),
        ]
    ),
    Case(
        "bilinear",
        ops.bilinear,
        [Input((2, 5, 3)), Input((2, 5, 4)), Input((6, 3, 4)), Input((6,))],
        oracle=lambda x, y, w, b: np.einsum("bci,oij,bcj->bco", x, w, y) + b,
        torch="nn.functional.bilinear",
        bad=[
            Bad([MATRIX, MATRIX, Input((6, 3, 4))], ShapeError, "weight (out, n, m)"),
            Bad([MATRIX, Input((5, 3)), Input((6, 3, 3))], ShapeError, "all dims but the last"),
        ],
    ),
]
