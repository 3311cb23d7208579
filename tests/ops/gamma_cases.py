"""Rows for autograd/ops/gamma.py."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import gamma as ops
from tests.cases import Bad, Case, Input

POSITIVE = Input((5, 8), 0.2, 15.0)
NEGATIVE = Input((5, 8), -2.9, -2.1)
X = np.ones(2)
COMPLEX = Bad((X * 1j,), DTypeError, "not defined for complex")


def log_gamma(x: Any, p: int = 1) -> Any:
    total = sum(np.vectorize(math.lgamma, otypes=[np.float64])(x - j / 2) for j in range(p))
    return total + p * (p - 1) / 4 * math.log(math.pi)


def slowly(s: float, q: Any) -> Any:
    """The sum of the zeta function term by term, and the integral of the rest."""
    k = np.arange(100_000.0).reshape(-1, *[1] * np.ndim(q))
    last = q + 100_000 - 0.5
    return np.sum((q + k) ** -s, axis=0) + last ** (1 - s) / (s - 1)


CASES: list[Case] = [
    Case("lgamma", ops.lgamma, (POSITIVE,), oracle=log_gamma, elementwise=True, bad=(COMPLEX,)),
    Case("lgamma", ops.lgamma, (NEGATIVE,), oracle=log_gamma),
    Case("digamma", ops.digamma, (POSITIVE,), elementwise=True, bad=(COMPLEX,)),
    Case("digamma", ops.digamma, (NEGATIVE,)),
    Case("polygamma", ops.polygamma, (0, POSITIVE)),
    Case(
        "polygamma",
        ops.polygamma,
        (1, POSITIVE),
        oracle=lambda n, x: slowly(2, x),
        elementwise=True,
        bad=(
            Bad((1, X * 1j), DTypeError, "not defined for complex"),
            Bad((-1, X), ShapeError, "must not be negative, got -1"),
            Bad((1.5, X), DTypeError, "must be an integer, got float"),
            Bad((True, X), DTypeError, "must be an integer, got bool"),
        ),
    ),
    Case("polygamma", ops.polygamma, (2, POSITIVE), oracle=lambda n, x: -2 * slowly(3, x)),
    Case("polygamma", ops.polygamma, (3, NEGATIVE)),
    Case("polygamma", ops.polygamma, (4, NEGATIVE)),
    Case(
        "mvlgamma",
        ops.mvlgamma,
        (Input((5, 8), 2.2, 9.0), 5),
        oracle=log_gamma,
        elementwise=True,
        bad=(
            Bad((X, 0), ShapeError, "p must be at least 1, got 0"),
            Bad((X, 1.5), DTypeError, "must be an integer, got float"),
        ),
    ),
    Case("mvlgamma", ops.mvlgamma, (POSITIVE, 1), oracle=log_gamma),
    Case(
        "zeta",
        ops.zeta,
        (3.5, POSITIVE),
        oracle=slowly,
        torch="special.zeta",
        elementwise=True,
        bad=(
            Bad((2.0, X * 1j), DTypeError, "not defined for complex"),
            Bad((np.ones(3), X), ShapeError, "dim -1 is 3 in x but 2 in y"),
            Bad((2.0, 3.0), DTypeError, "needs at least one tensor"),
        ),
    ),
    Case("zeta", ops.zeta, (np.array([3.0, 4.0]), Input((5, 2), -2.9, -2.1)), torch="special.zeta"),
]
