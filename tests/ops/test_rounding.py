"""Rounding at ties and for integers; what replaces NaN and infinities."""

from __future__ import annotations

import numpy as np
import pytest

from autograd.core.differentiate import grad
from autograd.core.variable import make
from autograd.ops import rounding as ops

INF, NAN = np.inf, np.nan


def test_ties_go_to_even() -> None:
    assert ops.round(make(np.array([0.5, 1.5, 2.5, -0.5, -1.5]))).tolist() == [
        0.0,
        2.0,
        2.0,
        -0.0,
        -2.0,
    ]
    assert ops.round(make(np.array([125.0, -15.0])), decimals=-1).tolist() == [120.0, -20.0]


@pytest.mark.parametrize("function", [ops.floor, ops.ceil, ops.trunc, ops.round])
def test_integers_are_copied_in_their_dtype(function: object) -> None:
    x = make(np.array([1, -2], np.int8))
    out = function(x)  # type: ignore[operator]  # they are functions
    assert out.dtype == np.int8
    assert out.tolist() == [1, -2]
    assert not np.shares_memory(out.numpy(), x.numpy())


def test_gradient_of_rounding_is_0_and_of_the_fraction_1() -> None:
    x = make(np.array([0.5, -INF, 1.25])).requires_grad_()
    for function, expected in ((ops.floor, 0.0), (ops.round, 0.0), (ops.frac, 1.0)):
        with np.errstate(invalid="ignore"):
            out = function(x)
        assert grad(out, x, make(np.ones(3)))[0].tolist() == [expected] * 3


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_infinities_become_the_limits(dtype: str) -> None:
    x = make(np.array([NAN, INF, -INF, 1.0], dtype))
    limit = np.finfo(dtype).max
    assert ops.nan_to_num(x).tolist() == [0.0, limit, -limit, 1.0]
    assert ops.nan_to_num(x, nan=1, posinf=2, neginf=3).tolist() == [1.0, 2.0, 3.0, 1.0]
    assert ops.nan_to_num(x, posinf=2).tolist() == [0.0, 2.0, -limit, 1.0]


def test_what_is_replaced_has_no_gradient() -> None:
    x = make(np.array([NAN, INF, -INF, 1.0])).requires_grad_()
    assert grad(ops.nan_to_num(x), x, make(np.ones(4)))[0].tolist() == [0.0, 0.0, 0.0, 1.0]
