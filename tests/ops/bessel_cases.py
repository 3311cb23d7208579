"""Rows for autograd/ops/bessel.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import DTypeError
from autograd.ops import bessel as ops
from tests.cases import Bad, Case, Input

X = Input((5, 8), -15.0, 15.0)
COMPLEX = Bad((np.ones(2) * 1j,), DTypeError, "not defined for complex")


def integral(order: int, scaled: bool) -> Callable[[Any], Any]:
    """Bessel's integral of ``exp(x * cos(t)) * cos(order * t)`` over the circle."""

    def function(x: Any) -> Any:
        t = 2 * np.pi * np.arange(200) / 200
        x = np.asarray(x)[..., None]
        shift = np.abs(x) if scaled else 0
        return np.mean(np.exp(x * np.cos(t) - shift) * np.cos(order * t), axis=-1)

    return function


def row(name: str, order: int, scaled: bool, torch: str) -> Case:
    oracle = integral(order, scaled)
    function = getattr(ops, name)
    return Case(name, function, (X,), oracle=oracle, torch=torch, elementwise=True, bad=(COMPLEX,))


CASES: list[Case] = [
    row("i0", 0, False, ""),
    row("i1", 1, False, "special.i1"),
    row("i0e", 0, True, "special.i0e"),
    row("i1e", 1, True, "special.i1e"),
]
