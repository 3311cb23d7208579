"""Rows for autograd/ops/bilinear.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import bilinear as ops
from tests.cases import Bad, Case, Input


def mapped(x: Any, y: Any, weight: Any, bias: Any = None) -> Any:
    """One output after the other."""
    out = np.stack([np.sum(x @ matrix * y, -1) for matrix in weight], -1)
    return out if bias is None else out + bias


X, Y, W = np.ones((4, 2)), np.ones((4, 3)), np.ones((5, 2, 3))
CASES: list[Case] = [
    Case(
        "bilinear",
        ops.bilinear,
        (Input((4, 2)), Input((4, 3)), Input((5, 2, 3)), Input((5,))),
        {},
        mapped,
        "nn.functional.bilinear",
        bad=[
            Bad((X, Y[:3], W), ShapeError, "needs input1"),
            Bad((X, Y, W[0]), ShapeError, "needs input1"),
            Bad((X, Y, np.ones((5, 3, 2))), ShapeError, "the last two of weight"),
            Bad((X, Y, W, np.ones(4)), ShapeError, "bias must have shape (5,)"),
            Bad((X, Y, W.astype(np.float32)), DTypeError, "one dtype"),
        ],
    ),
    Case(
        "bilinear",
        ops.bilinear,
        (Input((2, 1, 2)), Input((2, 1, 3)), Input((1, 2, 3))),
        {},
        mapped,
        "nn.functional.bilinear",
    ),
]
