"""Rows for autograd/ops/magnitude.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import magnitude as ops
from tests.cases import Bad, Case, Input

# The two differ everywhere, and are nowhere 0 or near the bounds of clamp below.
X = Input((3, 4), apart=0.3)
Y = Input((3, 4), apart=0.37)
INTEGERS = Input((3, 4), -3, 3, "int64")
COMPLEX = Bad((np.ones(2) * 1j, np.ones(2)), DTypeError, "not defined for complex")
MISFITS = Bad((np.ones((2, 3)), np.ones(4)), ShapeError, "dim -1 is 3 in x but 4 in")


def row(
    name: str,
    oracle: Callable[..., Any],
    *inputs: Any,
    torch: str | None = "",
    bad: tuple[Bad, ...] = (),
    **params: Any,
) -> Case:
    """A row for an elementwise operation."""
    elementwise = len(inputs) < 3 and all(isinstance(item, Input) for item in inputs)
    return Case(name, getattr(ops, name), inputs, params, oracle, torch, elementwise, bad=bad)


def by_loop(function: Callable[..., Any]) -> Callable[..., Any]:
    """The elementwise oracle of a function of Python numbers."""
    return lambda *xs: np.vectorize(function, otypes=[np.result_type(*xs)])(*xs)


CASES: list[Case] = [
    row(
        "abs",
        by_loop(lambda x: x if x > 0 else -x),
        X,
        bad=(Bad((np.array([True]),), DTypeError, "bool"),),
    ),
    row("abs", by_loop(lambda x: x if x > 0 else -x), INTEGERS),
    row("sgn", by_loop(lambda x: (x > 0) - (x < 0)), X),
    row("sgn", by_loop(lambda x: (x > 0) - (x < 0)), INTEGERS),
    row(
        "sign",
        by_loop(lambda x: (x > 0) - (x < 0)),
        X,
        bad=(Bad((np.ones(2) * 1j,), DTypeError, "use sgn"),),
    ),
    row("sign", by_loop(lambda x: (x > 0) - (x < 0)), Input((3, 4), 0, 3, "uint8")),
    row(
        "copysign", by_loop(lambda x, y: abs(x) if y > 0 else -abs(x)), X, Y, bad=(COMPLEX, MISFITS)
    ),
    row("copysign", lambda x, y: -np.abs(x), X, -2.0),
    row("heaviside", lambda x, values: (x > 0) + 0 * values, X, Y, torch=None, bad=(COMPLEX,)),
    row("heaviside", lambda x, values: np.where(x == 0, values, x > 0), INTEGERS, INTEGERS),
    *(
        row(name, by_loop(choose), x, y, bad=(COMPLEX, MISFITS))
        for name, choose in (("maximum", max), ("minimum", min), ("fmax", max), ("fmin", min))
        for x, y in ((X, Y), (INTEGERS, INTEGERS), (X, INTEGERS))
    ),
    row("clamp_min", by_loop(max), X, Y, bad=(COMPLEX, MISFITS)),
    row("clamp_min", by_loop(max), X, 0.5),
    row("clamp_max", by_loop(min), X, Y, bad=(COMPLEX, MISFITS)),
    row("clamp_max", by_loop(min), X, 0.5),
    row(
        "clamp",
        lambda x, low, high: np.minimum(np.maximum(x, low), high),
        X,
        -0.5,
        1.5,
        bad=(
            Bad((np.ones(2),), DTypeError, "needs min or max"),
            Bad((np.ones(2) * 1j, 0, 1), DTypeError, "not defined for complex"),
            Bad((np.ones(2, np.int8), 0, 200), DTypeError, "200 is out of the range of int8"),
        ),
    ),
    row(
        "clamp",
        lambda x, low, high: np.minimum(np.maximum(x, low), high),
        X,
        Y,
        Input((3, 4), apart=0.41),
    ),
    row("clamp", lambda x, low, high: np.minimum(np.maximum(x, low), high), INTEGERS, -1, 2),
    row("clamp", lambda x, low, high: np.minimum(np.maximum(x, low), high), INTEGERS, -1, 1.5),
    row("clamp", lambda x, min: np.maximum(x, min), X, min=0.5),
    row("clamp", lambda x, max: np.minimum(x, max), X, max=0.5),
]
