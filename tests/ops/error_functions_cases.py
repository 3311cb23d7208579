"""Rows for autograd/ops/error_functions.py."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable

import numpy as np

from autograd.errors import DTypeError
from autograd.ops import error_functions as ops
from tests.cases import Bad, Case, Input

WIDE = Input((5, 8), -6.0, 6.0)
NORMAL = statistics.NormalDist()
COMPLEX = Bad((np.ones(2) * 1j,), DTypeError, "not defined for complex")


def row(name: str, oracle: Callable[[float], float], x: Input, torch: str = "") -> Case:
    """A row for an elementwise operation, whose oracle is a function of a Python number."""
    loop = np.vectorize(oracle, otypes=[np.float64])
    return Case(
        name, getattr(ops, name), (x,), oracle=loop, torch=torch, elementwise=True, bad=(COMPLEX,)
    )


CASES: list[Case] = [
    row("erf", math.erf, WIDE),
    row("erfc", math.erfc, WIDE),
    row("erfcx", lambda x: math.exp(x * x) * math.erfc(x), Input((5, 8), -2, 3), "special.erfcx"),
    row(
        "erfinv",
        lambda x: NORMAL.inv_cdf((x + 1) / 2) / math.sqrt(2),
        Input((5, 8), -0.99, 0.99),
    ),
    row("ndtr", NORMAL.cdf, WIDE, "special.ndtr"),
    row(
        "log_ndtr",
        lambda x: math.log(math.erfc(-x / math.sqrt(2)) / 2),
        WIDE,
        "special.log_ndtr",
    ),
    row("ndtri", NORMAL.inv_cdf, Input((5, 8), 0.01, 0.99), "special.ndtri"),
]
