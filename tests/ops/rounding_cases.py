"""Rows for autograd/ops/rounding.py."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import DTypeError
from autograd.ops import rounding as ops
from tests.cases import Bad, Case, Input

X = Input((3, 4), apart=0.38)  # nowhere at a jump, of round to one decimal either
INTEGERS = Input((3, 4), -9, 9, "int64")
COMPLEX = Bad((np.ones(2) * 1j,), DTypeError, "not defined for complex")
BOOL = Bad((np.array([True]),), DTypeError, "not defined for bool")


def by_loop(function: Callable[[Any], Any]) -> Callable[..., Any]:
    """The elementwise oracle of a function of a Python number."""
    return lambda x, **params: np.vectorize(function, otypes=[x.dtype])(x)


def row(name: str, oracle: Callable[..., Any], x: Input, *bad: Bad, **params: Any) -> Case:
    """A row of this table."""
    return Case(name, getattr(ops, name), (x,), params, by_loop(oracle), elementwise=True, bad=bad)


CASES: list[Case] = [
    row("floor", math.floor, X, COMPLEX, BOOL),
    row("floor", math.floor, INTEGERS),
    row("ceil", math.ceil, X, COMPLEX, BOOL),
    row("ceil", math.ceil, INTEGERS),
    row("trunc", math.trunc, X, COMPLEX, BOOL),
    row("round", round, X, COMPLEX, BOOL),
    row("round", round, INTEGERS),
    row(
        "round",
        lambda x: round(x, 1),
        X,
        Bad((np.arange(2), 1), DTypeError, "integers"),
        decimals=1,
    ),
    row("round", lambda x: round(x, -1), Input((3, 4), apart=3.7), decimals=-1),
    row(
        "frac", lambda x: math.fmod(x, 1), X, COMPLEX, Bad((np.arange(2),), DTypeError, "floating")
    ),
    row("nan_to_num", lambda x: x, X),
    row("nan_to_num", lambda x: x, INTEGERS, nan=2.0),
]
