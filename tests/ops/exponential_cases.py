"""Rows for autograd/ops/exponential.py."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import exponential as ops
from tests.cases import Bad, Case, Input

X = Input((3, 4))
ROW = Input((4,))
POSITIVE = Input((3, 4), 0.3, 3.0)
POSITIVE_ROW = Input((4,), 0.3, 3.0)
UNIT = Input((3, 4), 0.1, 0.9)
COMPLEX = Bad((np.ones(2) * 1j, np.ones(2)), DTypeError, "not defined for complex")
MISFITS = Bad((np.ones((2, 3)), np.ones(4)), ShapeError, "dim -1 is 3 in x but 4 in y")
INTEGERS = Bad((np.arange(2), np.arange(2)), DTypeError, "not defined for integers")
NUMBER = Bad((np.ones(2), 1.0), DTypeError, "must be a tensor, got")
NUMBERS = Bad((2.0, 3.0), DTypeError, "needs at least one tensor")
ONE_COMPLEX = Bad((np.ones(2) * 1j,), DTypeError, "not defined for complex")


def row(
    name: str, oracle: Callable[..., Any], *inputs: Any, torch: str = "", bad: tuple[Bad, ...] = ()
) -> Case:
    """A row for an elementwise operation, whose oracle is a function of Python numbers."""
    elementwise = all(isinstance(item, Input) for item in inputs)
    loop = np.vectorize(oracle, otypes=[np.float64])
    return Case(
        name, getattr(ops, name), inputs, oracle=loop, torch=torch, elementwise=elementwise, bad=bad
    )


CASES: list[Case] = [
    row("exp", math.exp, X),
    row("exp2", lambda x: 2.0**x, X),
    row("expm1", math.expm1, X),
    row("sigmoid", lambda x: 1 / (1 + math.exp(-x)), X),
    row("log", math.log, POSITIVE),
    row("log2", math.log2, POSITIVE),
    row("log10", math.log10, POSITIVE),
    row("log1p", math.log1p, POSITIVE),
    row(
        "logaddexp",
        lambda x, y: math.log(math.exp(x) + math.exp(y)),
        X,
        ROW,
        bad=(INTEGERS, NUMBER, MISFITS),
    ),
    row("logaddexp2", lambda x, y: math.log2(2**x + 2**y), X, ROW, bad=(COMPLEX, MISFITS)),
    row("xlogy", lambda x, y: x * math.log(y), X, POSITIVE_ROW, bad=(COMPLEX, MISFITS, NUMBERS)),
    row("xlogy", lambda x, y: x * math.log(y), X, 2),
    row("xlogy", lambda x, y: x * math.log(y), 2.5, POSITIVE),
    row(
        "xlog1py",
        lambda x, y: x * math.log1p(y),
        X,
        POSITIVE_ROW,
        torch="special.xlog1py",
        bad=(COMPLEX,),
    ),
    row("xlog1py", lambda x, y: x * math.log1p(y), X, 2, torch="special.xlog1py"),
    row("logit", lambda x: math.log(x / (1 - x)), UNIT, bad=(ONE_COMPLEX,)),
    row(
        "logit",
        lambda x, eps: math.log(min(max(x, eps), 1 - eps) / (1 - min(max(x, eps), 1 - eps))),
        UNIT,
        0.25,
    ),
    row("entr", lambda x: -x * math.log(x), POSITIVE, torch="special.entr", bad=(ONE_COMPLEX,)),
]
