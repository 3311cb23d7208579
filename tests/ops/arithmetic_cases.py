"""Rows for autograd/ops/arithmetic.py."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import arithmetic as ops
from tests.cases import Bad, Case, Input

X = Input((3, 4))
ROW = Input((4,))
POSITIVE = Input((3, 4), 0.5, 2.0)
POSITIVE_ROW = Input((4,), 0.5, 2.0)
INTEGERS = Input((3, 4), -9, 9, "int64")
DIVISORS = Input((4,), 1, 5, "int64")
# Quotients of these are away from integers, where rounding has its jumps.
TENTHS = Input((3, 4), apart=0.7)
WHOLES = Input((3, 4), 4.0, apart=0.11)
BOOLS = np.array([True, False])
MISFITS = Bad((np.ones((2, 3)), np.ones(4)), ShapeError, "dim -1 is 3 in x but 4 in")


def unary(name: str, oracle: Callable[..., Any], x: Input = X, *bad: Bad) -> Case:
    """A row for an elementwise operation of one argument."""
    return Case(name, getattr(ops, name), (x,), oracle=oracle, elementwise=True, bad=bad)


def binary(
    name: str, oracle: Callable[..., Any] | None, x: Any = X, y: Any = ROW, *bad: Bad, **params: Any
) -> Case:
    """A row for an elementwise operation of two arguments."""
    return Case(name, getattr(ops, name), (x, y), params, oracle, elementwise=not params, bad=bad)


def by_loop(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """The elementwise oracle of a function of two Python numbers."""
    return lambda x, y, **params: np.vectorize(function, otypes=[np.result_type(x, y)])(x, y)


CASES: list[Case] = [
    binary("add", lambda x, y: x + y, X, ROW, MISFITS),
    binary("add", lambda x, y: x + y, X, 2.5),
    binary("add", lambda x, y: x + y, Input((3, 4), 0, 9, "uint8"), INTEGERS),
    binary("add", lambda x, y, alpha: x + 0.5 * y, alpha=0.5),
    binary(
        "add",
        lambda x, y, alpha: x + 3 * y,
        INTEGERS,
        DIVISORS,
        Bad((np.arange(3), np.arange(3)), DTypeError, "the factor 0.5", {"alpha": 0.5}),
        alpha=3,
    ),
    binary(
        "sub", lambda x, y: x - y, X, ROW, Bad((BOOLS, BOOLS), DTypeError, "logical_xor"), MISFITS
    ),
    binary("sub", lambda x, y, alpha: x - 0.5 * y, alpha=0.5),
    binary("rsub", lambda x, y: y - x),
    binary("rsub", lambda x, y, alpha: y - 2 * x, X, 3, alpha=2),
    binary("mul", lambda x, y: x * y, X, ROW, MISFITS),
    binary("mul", lambda x, y: x * y, X, -2),
    unary("neg", lambda x: 0 - x, X, Bad((BOOLS,), DTypeError, "logical_not")),
    unary("positive", lambda x: x, X, Bad((BOOLS,), DTypeError, "not defined for bool")),
    unary("square", lambda x: x * x),
    unary("square", lambda x: x * x, INTEGERS),
    Case("addcmul", ops.addcmul, (X, ROW, X), oracle=lambda x, y, z: x + y * z, elementwise=True),
    Case(
        "addcmul",
        ops.addcmul,
        (X, ROW, X),
        {"value": 0.5},
        lambda x, y, z, value: x + 0.5 * y * z,
        bad=[
            Bad((np.arange(2),) * 3, DTypeError, "the factor 0.5", {"value": 0.5}),
            Bad((BOOLS,) * 3, DTypeError, "not defined for bool"),
        ],
    ),
    binary("div", lambda x, y: x / y, X, POSITIVE_ROW, MISFITS),
    binary("div", lambda x, y: x / y, 3.0, POSITIVE),
    binary("div", lambda x, y: x / y, INTEGERS, DIVISORS),
    binary(
        "div",
        lambda x, y, rounding_mode: np.trunc(x / y),
        TENTHS,
        WHOLES,
        Bad((np.ones(2), np.ones(2)), DTypeError, "'up'", {"rounding_mode": "up"}),
        rounding_mode="trunc",
    ),
    binary(
        "div", by_loop(lambda x, y: math.trunc(x / y)), INTEGERS, DIVISORS, rounding_mode="trunc"
    ),
    binary("div", by_loop(lambda x, y: x // y), INTEGERS, DIVISORS, rounding_mode="floor"),
    Case(
        "floor_divide",
        ops.floor_divide,
        (TENTHS, WHOLES),
        oracle=lambda x, y: np.floor(x / y),
        torch=None,  # it has no derivative there; here it is 0, as that of div with rounding_mode
        elementwise=True,
        bad=[
            Bad((np.arange(3), np.arange(3)), ShapeError, "y contains 0"),
            Bad((BOOLS, BOOLS), DTypeError, "not defined for bool"),
            Bad((np.ones(2), 1j), DTypeError, "not defined for complex"),
        ],
    ),
    binary("floor_divide", by_loop(lambda x, y: x // y), INTEGERS, DIVISORS),
    binary(
        "remainder",
        lambda x, y: x - y * np.floor(x / y),
        TENTHS,
        WHOLES,
        Bad((np.arange(3), 0), ShapeError, "y contains 0"),
    ),
    binary("remainder", by_loop(lambda x, y: x % y), INTEGERS, DIVISORS),
    binary(
        "fmod",
        lambda x, y: x - y * np.trunc(x / y),
        TENTHS,
        WHOLES,
        Bad((np.arange(3), 0), ShapeError, "y contains 0"),
    ),
    binary("fmod", by_loop(lambda x, y: int(math.fmod(x, y))), INTEGERS, DIVISORS),
    unary("reciprocal", lambda x: 1 / x, POSITIVE),
    Case(
        "addcdiv",
        ops.addcdiv,
        (X, ROW, POSITIVE),
        {"value": 0.5},
        lambda x, y, z, value: x + 0.5 * y / z,
        bad=[Bad((np.arange(3),) * 3, DTypeError, "not defined for integers")],
    ),
    Case("lerp", ops.lerp, (X, ROW, 0.3), oracle=lambda x, end, w: (1 - w) * x + w * end),
    Case(
        "lerp",
        ops.lerp,
        (X, ROW, Input((3, 4), 0.0, 1.0)),
        oracle=lambda x, end, w: (1 - w) * x + w * end,
        elementwise=True,
        bad=[Bad((np.arange(3), np.arange(3), 1), DTypeError, "not defined for integers")],
    ),
    binary("pow", lambda x, y: np.exp(y * np.log(x)), POSITIVE, ROW, MISFITS),
    *(
        binary("pow", lambda x, y: np.float_power(x, y), POSITIVE, y)
        for y in (0, 1, 2, 3, -1, 0.5, -2.5)
    ),
    binary("pow", lambda x, y: np.exp(y * np.log(x)), 1.5, X),
    binary(
        "pow",
        by_loop(lambda x, y: x**y),
        INTEGERS,
        DIVISORS,
        Bad((np.arange(3), -1), ShapeError, "negative integer powers"),
        Bad((BOOLS, BOOLS), DTypeError, "not defined for bool"),
        Bad((np.ones(2, np.int8), 300), DTypeError, "300 is out of the range of int8"),
    ),
    binary("float_power", lambda x, y: np.exp(y * np.log(x)), POSITIVE, ROW),
    binary("float_power", lambda x, y: x.astype(float) ** y, INTEGERS, 2),
    unary("sqrt", lambda x: np.exp(np.log(x) / 2), POSITIVE),
    unary("rsqrt", lambda x: np.exp(-np.log(x) / 2), POSITIVE),
    binary(
        "hypot",
        lambda x, y: np.sqrt(x * x + y * y),
        POSITIVE,
        POSITIVE_ROW,
        Bad((np.ones(2) * 1j, np.ones(2)), DTypeError, "not defined for complex"),
        MISFITS,
    ),
]
