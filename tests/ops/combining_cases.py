"""Rows of the table for `autograd.ops.combining`."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import combining
from tests.cases import Bad, Case, Input


def chosen(choose: Any) -> Any:
    return lambda x, r=2, *_: np.array(list(choose(x, r)), x.dtype).reshape(-1, r)


CASES: list[Case] = [
    Case(
        "meshgrid",
        combining.meshgrid,
        (Input((2,)), Input((3,)), Input(())),
        {"indexing": "ij"},
        oracle=np.meshgrid,
        bad=[
            Bad((np.ones((2, 2)),), ShapeError, "needs vectors"),
            Bad((np.ones(2),), DTypeError, "'ij' or 'xy'", {"indexing": "yx"}),
        ],
    ),
    Case(
        "meshgrid",
        combining.meshgrid,
        (Input((2,)), Input((3,))),
        {"indexing": "xy"},
        oracle=np.meshgrid,
    ),
    Case(
        "cartesian_prod",
        combining.cartesian_prod,
        (Input((2,)), Input((3,)), Input((2,))),
        oracle=lambda *xs: np.array(list(itertools.product(*xs))),
        bad=[Bad((np.ones(2), np.ones(())), ShapeError, "one or more vectors")],
    ),
    Case("cartesian_prod", combining.cartesian_prod, (Input((2,)), Input((0,)))),
    Case(
        "combinations",
        combining.combinations,
        (Input((4,)),),
        oracle=chosen(itertools.combinations),
        bad=[
            Bad((np.ones((2, 2)),), ShapeError, "one dim"),
            Bad((np.ones(2), -1), ShapeError, "r must not be negative"),
        ],
    ),
    Case("combinations", combining.combinations, (Input((2,)), 3)),
    Case(
        "combinations",
        combining.combinations,
        (Input((3,)), 3, True),
        oracle=chosen(itertools.combinations_with_replacement),
    ),
]
