from __future__ import annotations

import numpy as np

from autograd.errors import DTypeError
from autograd.ops import float_parts as ops
from tests.cases import Bad, Case, Input

X = Input((3, 4), apart=0.3)
ROW = Input((4,))
COMPLEX = Bad([np.ones(2) * 1j], DTypeError, "not defined for complex")
INTEGERS = Bad([np.arange(3)], DTypeError, "not defined for integers")
NUMBER = Bad([np.ones(2), 2.0], DTypeError, "must be a tensor, got")

CASES: list[Case] = [
    Case("signbit", ops.signbit, [X], oracle=np.signbit, elementwise=True, bad=[COMPLEX]),
    Case("signbit", ops.signbit, [Input((5,), dtype="int64")], oracle=np.signbit),
    Case("frexp", ops.frexp, [X], oracle=np.frexp, bad=[COMPLEX, INTEGERS]),
    Case(
        "ldexp",
        ops.ldexp,
        [X, ROW],
        oracle=lambda x, y: x * 2.0**y,
        elementwise=True,
        bad=[NUMBER],
    ),
    Case(
        "ldexp",
        ops.ldexp,
        [X, Input((4,), -3, 4, "int64")],
        oracle=lambda x, y: x * 2.0**y,
        torch=None,  # its derivative is 0 for negative integers
    ),
    Case(
        "nextafter",
        ops.nextafter,
        [X, ROW],
        oracle=np.nextafter,
        torch=None,
        elementwise=True,
        bad=[NUMBER, Bad([np.arange(2), np.arange(2)], DTypeError, "not defined for integers")],
    ),
]
