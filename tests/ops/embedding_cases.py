"""Rows for autograd/ops/embedding.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import embedding as ops
from tests.cases import Bad, Case, Input

TABLE, INDEX = np.ones((5, 3)), np.zeros(4, np.int64)
LOOKED_UP = Input((2, 4), 0, 5, dtype="int64")
FLAT = Input((6,), 0, 5, dtype="int64")


def row(index: Any, *options: Any, oracle: Any = None, bad: Any = (), **params: Any) -> Case:
    """A row of `embedding`."""
    inputs = (index, Input((5, 3)), *options)
    name = "nn.functional.embedding"
    return Case("embedding", ops.embedding, inputs, params, oracle, name, bad=bad)


def bags(index: Any, *options: Any, bad: Any = (), **params: Any) -> Case:
    """A row of `embedding_bag`, in a table whose numbers are all different."""
    inputs = (index, Input((5, 3), apart=0.1), *options)
    name = "nn.functional.embedding_bag"
    return Case("embedding_bag", ops.embedding_bag, inputs, params, None, name, bad=bad)


CASES: list[Case] = [
    row(
        LOOKED_UP,
        oracle=lambda index, table: table[index],
        bad=[
            Bad((INDEX + 0.0, TABLE), DTypeError, "must be integers"),
            Bad((INDEX + 5, TABLE), DimensionError, "from 0 to 4"),
            Bad((INDEX - 1, TABLE), DimensionError, "from 0 to 4"),
            Bad((INDEX, TABLE[0]), ShapeError, "weight must have shape (vectors, size)"),
            Bad((INDEX, TABLE, 5), ShapeError, "padding_idx 5"),
        ],
    ),
    row(Input((), 0, 5, dtype="int64"), oracle=lambda index, table: table[index]),
    *(bags(LOOKED_UP, mode=mode) for mode in ("sum", "mean", "max")),
    *(
        bags(FLAT, np.array([0, 2, 2, 6]), mode=mode, include_last_offset=last)
        for mode in ("sum", "mean", "max")
        for last in (False, True)
        if not last or mode == "sum"
    ),
    bags(LOOKED_UP, None, None, 2.0, False, "sum", False, Input((2, 4))),
    bags(
        LOOKED_UP,
        mode="mean",
        bad=[
            Bad((INDEX, TABLE), ShapeError, "offsets missing"),
            Bad((INDEX[None], TABLE, INDEX[:1]), ShapeError, "only for x of one dim"),
            Bad((INDEX, TABLE, INDEX[:1] + 1), ShapeError, "must begin with 0"),
            Bad((INDEX, TABLE, np.array([0, 9])), ShapeError, "not exceed the 4"),
            Bad((INDEX, TABLE, INDEX[:1] + 0.0), DTypeError, "offsets must be integers"),
            Bad((INDEX[None], TABLE), ShapeError, "mode must be", {"mode": "min"}),
            Bad(
                (INDEX[None], TABLE),
                ShapeError,
                "only for mode 'sum'",
                {"per_sample_weights": np.ones((1, 4))},
            ),
            Bad(
                (INDEX[None], TABLE),
                ShapeError,
                "must have the shape",
                {"mode": "sum", "per_sample_weights": np.ones(4)},
            ),
            Bad(
                (INDEX[None], TABLE),
                ShapeError,
                "scale_grad_by_freq",
                {"mode": "max", "scale_grad_by_freq": True},
            ),
        ],
    ),
]
