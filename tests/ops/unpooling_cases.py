"""Rows for autograd/ops/unpooling.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import unpooling as ops
from tests.cases import Bad, Case, Input


def put(x: Any, indices: Any, *options: Any, size: tuple[int, ...]) -> Any:
    """Each maximum put where its index says."""
    lead = x.ndim - len(size)
    out = np.zeros((*x.shape[:lead], *size))
    for where in np.ndindex(x.shape):
        out[(*where[:lead], *np.unravel_index(indices[where], size))] = x[where]
    return out


def row(shape: tuple[int, ...], size: tuple[int, ...], *options: Any, bad: Any = ()) -> Case:
    """A row: the indices are different ones within each channel."""
    dims, lead = len(size), shape[: -len(size)]
    count = int(np.prod(shape[-dims:]))
    generator = np.random.default_rng(0)
    channels = [
        generator.permutation(int(np.prod(size)))[:count] for _ in range(int(np.prod(lead)))
    ]
    indices = np.reshape(channels, shape)
    name = f"max_unpool{dims}d"
    return Case(
        name,
        lambda x, *rest: getattr(ops, name)(x, indices, *rest),
        (Input(shape), *options),
        {},
        lambda x, *rest: put(x, indices, size=size),
        None,
        bad=[Bad((each.args[0], *each.args[1:]), each.error, each.message) for each in bad],
    )


X = np.ones((2, 3, 2, 3))
CASES: list[Case] = [
    row((2, 3, 4), (8,), 2),
    row((3, 4), (8,), 2),
    row((2, 3, 4), (9,), 2, 2, 0, (9,)),
    row(
        (2, 3, 2, 3),
        (4, 6),
        2,
        bad=[
            Bad((X[:, :, :1], 2), ShapeError, "one shape"),
            Bad((X[0, 0], 2), ShapeError, "x must have shape"),
            Bad((X, (2, 2, 2)), ShapeError, "kernel_size must be"),
            Bad((X, 2, 0), ShapeError, "stride must be"),
            Bad((X, 1), ShapeError, "indices must be from 0 to 5"),
            Bad((X, 2, 2, 0, (4, 9)), ShapeError, "less than the stride"),
            Bad((X, 2, 2, 0, (4,)), ShapeError, "must have 2 positive sizes"),
        ],
    ),
    row((1, 2, 2, 3), (5, 7), (3, 2), (2, 2), 0, (1, 2, 5, 7)),
    row((1, 2, 2, 1, 3), (4, 2, 6), 2),
]


def refused(x: Any, indices: Any) -> Any:
    """`max_unpool1d` with indices of any kind."""
    return ops.max_unpool1d(x, indices, 2)


CASES.append(
    Case(
        "max_unpool1d",
        refused,
        (Input((1, 2)), Input((1, 2), 0, 1, dtype="int64")),
        {},
        lambda x, indices: np.array([[x[0, 1], 0.0, 0.0, 0.0]]),
        None,
        differentiable=False,
        bad=[Bad((np.ones((1, 2)), np.zeros((1, 2))), DTypeError, "must be int64")],
    )
)
