from __future__ import annotations

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import complex_parts as ops
from tests.cases import Bad, Case, Input

X = Input((2, 3), apart=0.2)
Z = np.array([[1 + 2j, 3 - 1j], [-0.5j, -2.0]])
REAL = Bad([np.ones(2)], DTypeError, "needs a complex tensor")
PAIRS = [
    Bad([np.ones(2), 1.0], DTypeError, "must be a tensor, got"),
    Bad([np.ones(2), np.ones(2, np.float32)], DTypeError, "two float32 or two float64"),
    Bad([np.arange(2), np.arange(2)], DTypeError, "two float32 or two float64"),
]

CASES: list[Case] = [
    *[
        Case(name, getattr(ops, name), [X], oracle=lambda x: x, elementwise=True)
        for name in ("conj", "conj_physical", "resolve_conj", "resolve_neg", "real")
    ],
    Case("conj", ops.conj, [Z], oracle=np.conjugate, differentiable=False),
    Case("is_conj", ops.is_conj, [X], oracle=lambda x: False, differentiable=False),
    Case("is_neg", ops.is_neg, [X], oracle=lambda x: False, differentiable=False),
    Case("imag", ops.imag, [Z], oracle=np.imag, differentiable=False, bad=[REAL]),
    Case("view_as_real", ops.view_as_real, [Z], differentiable=False, bad=[REAL]),
    Case(
        "view_as_complex",
        ops.view_as_complex,
        [Input((3, 2))],
        oracle=lambda x: x[:, 0] + 1j * x[:, 1],
        bad=[
            Bad([np.arange(2)], DTypeError, "needs a float32 or float64 tensor"),
            Bad([np.ones(3)], ShapeError, "the last dim must have size 2"),
            Bad([np.ones((2, 3)).T], ShapeError, "is not contiguous in memory"),
            Bad([np.ones((2, 3))[:, :2]], ShapeError, "is not contiguous in memory"),
        ],
    ),
    Case(
        "complex",
        ops.complex,
        [X, Input((3,))],
        oracle=lambda x, y: x + 1j * y,
        elementwise=True,
        bad=PAIRS,
    ),
    Case(
        "polar",
        ops.polar,
        [Input((2, 3), 0.5, 2.0), Input((3,))],
        oracle=lambda r, angle: r * np.exp(1j * angle),
        elementwise=True,
        bad=PAIRS,
    ),
    Case("angle", ops.angle, [X], oracle=np.angle, elementwise=True),
    Case("angle", ops.angle, [Z], oracle=np.angle, differentiable=False),
    Case("angle", ops.angle, [Input((4,), dtype="int64")]),
]
