"""Rows for autograd/ops/windows.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import ShapeError
from autograd.ops import windows as ops
from tests.cases import Bad, Case, Input

Array = np.ndarray[Any, Any]


def columns(
    x: Array, kernel_size: int, dilation: int = 1, padding: int = 0, stride: int = 1
) -> Array:
    """The windows as columns, by a loop."""
    x = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(padding, padding)] * 2)
    span = dilation * (kernel_size - 1) + 1
    starts = [range(0, n - span + 1, stride) for n in x.shape[-2:]]
    found = [
        x[..., i : i + span : dilation, j : j + span : dilation].reshape(*x.shape[:-3], -1)
        for i in starts[0]
        for j in starts[1]
    ]
    return np.stack(found, -1)


X, Y = np.ones((2, 3, 5, 5)), np.ones((2, 12, 16))

CASES: list[Case] = [
    Case(
        "unfold",
        ops.unfold,
        (Input((2, 3, 5, 4)), 2),
        {},
        columns,
        "nn.functional.unfold",
        bad=[
            Bad((X[0, 0], 2), ShapeError, "x must have shape (channels, height, width)"),
            Bad((X, 6), ShapeError, "a window spans 6 elements"),
            Bad((X, (2, 2, 2)), ShapeError, "kernel_size must be"),
            Bad((X, 2, 0), ShapeError, "dilation must be an integer >= 1"),
        ],
    ),
    Case("unfold", ops.unfold, (Input((2, 6, 7)), 3, 2, 1, 2), {}, columns, "nn.functional.unfold"),
    Case("unfold", ops.unfold, (Input((2, 2, 6, 5)), (3, 2)), {}, None, "nn.functional.unfold"),
    Case(
        "fold",
        ops.fold,
        (Input((2, 12, 16)), 5, 2),
        {},
        None,
        "nn.functional.fold",
        bad=[
            Bad((X, 5, 2), ShapeError, "input must have shape (batch, channels * 4, 16)"),
            Bad((Y[:, :11], 5, 2), ShapeError, "input must have shape (batch, channels * 4, 16)"),
            Bad((Y[:, :, :15], 5, 2), ShapeError, "got (2, 12, 15)"),
            Bad((Y, 1, 2), ShapeError, "a window spans 2 elements"),
        ],
    ),
    Case(
        "fold",
        ops.fold,
        (Input((12, 8)), (6, 7), (3, 2), (2, 1), 1, 2),
        {},
        None,
        "nn.functional.fold",
    ),
]
