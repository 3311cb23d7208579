from __future__ import annotations

import numpy as np

from autograd.errors import ShapeError
from autograd.ops import filling
from tests.cases import Bad, Case, Input


def filled_diagonal(x, value, wrap=False):
    out = x.copy()
    np.fill_diagonal(out, value, wrap)
    return out


CASES = [
    Case("fill", filling.fill, [Input((2, 3)), 1.5], oracle=np.full_like, torch=None),
    Case(
        "fill",
        filling.fill,
        [Input((2, 3)), Input(())],
        oracle=np.full_like,
        torch=None,
        bad=[Bad([np.ones(2), np.ones(2)], ShapeError, "value must be one number")],
    ),
    Case("zero", filling.zero, [Input((2, 3))], oracle=np.zeros_like, differentiable=False),
    Case(
        "copy",
        filling.copy,
        [Input((2, 3)), Input((3,))],
        oracle=lambda x, source: np.broadcast_to(source, x.shape),
        torch=None,
        bad=[Bad([np.ones(2), np.ones(3)], ShapeError, "broadcast")],
    ),
    Case(
        "fill_diagonal",
        filling.fill_diagonal,
        [Input((7, 3)), 2.5, True],
        oracle=filled_diagonal,
        torch=None,
        bad=[
            Bad([np.ones(3), 1], ShapeError, "two dims, or more of one size"),
            Bad([np.ones((2, 2, 3)), 1], ShapeError, "two dims, or more of one size"),
        ],
    ),
    *(
        Case(
            "fill_diagonal",
            filling.fill_diagonal,
            [Input(shape), 2.5],
            oracle=filled_diagonal,
            torch=None,
        )
        for shape in ((7, 3), (2, 5), (3, 3, 3))
    ),
]
