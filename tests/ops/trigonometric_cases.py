"""Rows for autograd/ops/trigonometric.py."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import trigonometric as ops
from tests.cases import Bad, Case, Input

X = Input((3, 4))
INNER = Input((3, 4), -0.9, 0.9)
ABOVE_1 = Input((3, 4), 1.2, 3.0)
COMPLEX = Bad((np.ones(2) * 1j,), DTypeError, "not defined for complex")


def row(name: str, oracle: Callable[..., Any], *inputs: Any, bad: tuple[Bad, ...] = ()) -> Case:
    """A row for an elementwise operation, whose oracle is a function of Python numbers."""
    loop = np.vectorize(oracle, otypes=[np.float64])
    return Case(name, getattr(ops, name), inputs, oracle=loop, elementwise=True, bad=bad)


CASES: list[Case] = [
    row("sin", math.sin, X),
    row("cos", math.cos, X),
    row("tan", math.tan, INNER),
    row("asin", math.asin, INNER),
    row("acos", math.acos, INNER),
    row("atan", math.atan, X),
    row(
        "atan2",
        math.atan2,
        Input((3, 4), apart=0.3),
        Input((3, 4), apart=0.37),
        bad=(
            Bad((np.ones(2) * 1j, np.ones(2)), DTypeError, "not defined for complex"),
            Bad((np.ones((2, 3)), np.ones(4)), ShapeError, "dim -1 is 3 in x but 4 in y"),
        ),
    ),
    row("sinh", math.sinh, X),
    row("cosh", math.cosh, X),
    row("tanh", math.tanh, X),
    row("asinh", math.asinh, X),
    row("acosh", math.acosh, ABOVE_1),
    row("atanh", math.atanh, INNER),
    row("sinc", lambda x: math.sin(math.pi * x) / (math.pi * x), Input((3, 4), apart=0.3)),
    row("deg2rad", math.radians, X, bad=(COMPLEX,)),
    row("rad2deg", math.degrees, X, bad=(COMPLEX,)),
]
