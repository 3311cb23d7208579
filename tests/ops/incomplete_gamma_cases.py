"""Rows for autograd/ops/incomplete_gamma.py."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autograd
from autograd.errors import DTypeError, ShapeError
from autograd.ops import incomplete_gamma as ops
from tests.cases import Bad, Case, Input

# A column of orders: small, moderate and large ones take different ways.
ORDERS = np.array([[0.1], [0.9], [2.5], [12.0], [25.0]])
BAD = (
    Bad((np.ones(2) * 1j, np.ones(2)), DTypeError, "not defined for complex"),
    Bad((np.ones(2, int), np.ones(2, int)), DTypeError, "not defined for integers"),
    Bad((np.ones(3), np.ones(2)), ShapeError, "dim -1 is 3 in x but 2 in y"),
    Bad((2.0, np.ones(2)), DTypeError, "must be a tensor, got 2.0"),
)


def lower(a: Any, x: Any) -> Any:
    """The integral by Gauss's rule, after ``t = x * u**30`` has smoothed it at 0."""
    nodes, weights = np.polynomial.legendre.leggauss(300)
    u = (nodes + 1) / 2
    a, x, u = np.broadcast_arrays(np.asarray(a)[..., None], np.asarray(x)[..., None], u)
    logarithm = a * np.log(x) + (30 * a - 1) * np.log(u) - x * u**30
    gammas = np.vectorize(math.gamma, otypes=[np.float64])(a[..., 0])
    return 15 * np.sum(weights * np.exp(logarithm), axis=-1) / gammas


CASES: list[Case] = [
    Case("igamma", ops.igamma, (ORDERS, Input((5, 8), 0.2, 1.4)), oracle=lower, bad=BAD),
    Case("igamma", ops.igamma, (ORDERS, Input((5, 8), 2.0, 30.0)), oracle=lower),
    Case(
        "igammac",
        ops.igammac,
        (ORDERS, Input((5, 8), 0.2, 1.4)),
        oracle=lambda a, x: 1 - lower(a, x),
        bad=BAD,
    ),
    Case(
        "igammac",
        ops.igammac,
        (ORDERS, Input((5, 8), 2.0, 30.0)),
        oracle=lambda a, x: 1 - lower(a, x),
    ),
    Case(
        "igamma",
        lambda x: ops.igamma(autograd.ones_like(x) * 2.5, x),
        (Input((5, 8), 0.2, 6.0),),
        oracle=lambda x: lower(2.5, x),
        torch=None,
        elementwise=True,
    ),
]
