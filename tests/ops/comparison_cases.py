"""Rows for autograd/ops/comparison.py."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import comparison as ops
from tests.cases import Bad, Case, Input

X = Input((3, 4))
INTEGERS = Input((3, 4), -3, 3, "int64")
SMALL = Input((4,), 0, 4, "int8")
BOOLS = Input((3, 4), dtype="bool")
MISFITS = Bad((np.arange(6).reshape(2, 3), np.arange(4)), ShapeError, "dim -1 is 3 in x but 4 in y")
ORDER = Bad((np.ones(2) * 1j, np.ones(2)), DTypeError, "no order")
FLOATS = Bad((np.ones(2), np.arange(2)), DTypeError, "not defined for floats")


def row(
    name: str,
    oracle: Callable[..., Any] | None,
    *inputs: Any,
    result: Any = np.bool_,
    bad: tuple[Bad, ...] = (),
    **params: Any,
) -> Case:
    """A row whose oracle is a function of Python numbers."""
    elementwise = all(isinstance(item, Input) for item in inputs)
    loop = oracle and (lambda *xs, **params: np.vectorize(oracle, otypes=[result])(*xs))
    return Case(name, getattr(ops, name), inputs, params, loop, "", elementwise, False, bad)


def whole(name: str, expected: bool, *inputs: Any, **fields: Any) -> Case:
    """A row for a comparison of whole tensors."""
    return Case(
        name,
        getattr(ops, name),
        inputs,
        oracle=lambda *xs, **params: expected,
        differentiable=False,
        **fields,
    )


BITS = (("and", operator.and_), ("or", operator.or_), ("xor", operator.xor))
A, B = np.array([1.0, 2.0, math.nan]), np.array([1.0, 2.0, 3.0])

CASES: list[Case] = [
    *(
        row(
            name,
            getattr(operator, name),
            x,
            y,
            bad=(MISFITS,) if name in ("eq", "ne") else (MISFITS, ORDER),
        )
        for name in ("eq", "ne", "lt", "le", "gt", "ge")
        for x, y in ((INTEGERS, SMALL), (X, INTEGERS), (INTEGERS, 1), (BOOLS, BOOLS))
    ),
    *(row(name, getattr(math, name), X) for name in ("isnan", "isinf", "isfinite")),
    *(
        row(name, lambda x: False, x, bad=(Bad((np.ones(2) * 1j,), DTypeError, "no order"),))
        for name in ("isposinf", "isneginf")
        for x in (X, INTEGERS, BOOLS)
    ),
    row("isreal", lambda x: True, X),
    row("logical_and", lambda x, y: bool(x) and bool(y), INTEGERS, BOOLS, bad=(MISFITS,)),
    row("logical_or", lambda x, y: bool(x) or bool(y), INTEGERS, BOOLS, bad=(MISFITS,)),
    row("logical_xor", lambda x, y: bool(x) != bool(y), INTEGERS, BOOLS, bad=(MISFITS,)),
    row("logical_not", lambda x: not x, INTEGERS),
    *(
        row(f"bitwise_{name}", f, INTEGERS, SMALL, result=np.int64, bad=(FLOATS, MISFITS))
        for name, f in BITS
    ),
    *(row(f"bitwise_{name}", f, BOOLS, BOOLS) for name, f in BITS),
    row(
        "bitwise_not",
        operator.invert,
        INTEGERS,
        result=np.int64,
        bad=(Bad((np.ones(2),), DTypeError, "floats"),),
    ),
    row("bitwise_not", lambda x: not x, BOOLS),
    row(
        "bitwise_left_shift",
        operator.lshift,
        INTEGERS,
        SMALL,
        result=np.int64,
        bad=(FLOATS, MISFITS),
    ),
    row(
        "bitwise_right_shift",
        operator.rshift,
        INTEGERS,
        SMALL,
        result=np.int64,
        bad=(FLOATS, MISFITS),
    ),
    row(
        "isclose",
        lambda x, y: abs(x - y) <= 0.5 + 0.25 * abs(y),
        X,
        Input((4,)),
        bad=(
            MISFITS,
            Bad((B, B), ShapeError, "rtol must be 0 or more", {"rtol": -1}),
            Bad((B, B.astype(np.float32)), DTypeError, "convert one"),
        ),
        rtol=0.25,
        atol=0.5,
    ),
    row("isclose", lambda x, y: abs(x - y) <= 1, INTEGERS, INTEGERS, rtol=0.0, atol=1.0),
    whole("allclose", True, B, B + 1e-9),
    whole("allclose", False, A, A),
    whole("allclose", True, A, A, params={"equal_nan": True}),
    whole("equal", True, B, B.copy()),
    whole("equal", False, A, A.copy()),
    whole("equal", False, B, np.append(B, 4)),
    Case(
        "isin",
        ops.isin,
        (INTEGERS, SMALL),
        oracle=lambda x, y: (x[..., None] == y).any(-1),
        differentiable=False,
        bad=[
            Bad((np.array([True]), np.array([True])), DTypeError, "not defined for bool"),
            Bad((np.arange(3), [1]), DTypeError, "got list"),
        ],
    ),
    Case(
        "isin",
        ops.isin,
        (INTEGERS, 1),
        {"invert": True},
        lambda x, y, invert: x != 1,
        differentiable=False,
    ),
]
