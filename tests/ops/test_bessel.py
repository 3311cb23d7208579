"""The modified Bessel functions: digits, the ends, derivatives at 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd
from autograd.core.variable import make
from autograd.ops import bessel as ops

NAMES = ["i0", "i1", "i0e", "i1e"]


@pytest.mark.parametrize("name", NAMES)
def test_against_scipy(name: str) -> None:
    special = pytest.importorskip("scipy.special")
    x = np.concatenate([np.linspace(-60, 60, 999), np.logspace(-300, 2.8, 200), [-700, 705]])
    out = getattr(ops, name)(make(x)).numpy()
    np.testing.assert_allclose(out, getattr(special, name)(x), rtol=1e-13)


@pytest.mark.parametrize("name", NAMES)
def test_dtypes(name: str) -> None:
    for dtype, expected in (("float16", "float16"), ("float32", "float32"), ("int64", "float32")):
        out = getattr(ops, name)(make(np.full((2, 1), 2, dtype)))
        assert out.dtype == np.dtype(expected)
        exact = getattr(ops, name)(make(np.full((2, 1), 2.0))).numpy()
        np.testing.assert_allclose(out.numpy(), exact, rtol=1e-3)


def test_the_ends() -> None:
    x = make(np.array([np.inf, -np.inf, np.nan, 1e300]))
    np.testing.assert_array_equal(ops.i0e(x).numpy()[:3], [0, 0, np.nan])
    np.testing.assert_allclose(ops.i0e(x).numpy()[3], 1 / np.sqrt(2 * np.pi * 1e300), rtol=1e-15)
    # exp(713) overflows, the function does not; it does at 714.
    big = ops.i0(make(np.array([713.0, 715.0]))).numpy()
    assert np.isfinite(big[0])
    assert np.isinf(big[1])


def test_derivatives_of_all_orders_at_zero() -> None:
    def derivatives(function: Any) -> list[float]:
        x = make(np.zeros(1)).requires_grad_()
        out, found = function(x), []
        for _ in range(4):
            (out,) = autograd.grad(out, x, make(np.ones(1)), create_graph=True)
            found.append(out.item())
        return found

    # From the power series: i0 = 1 + x^2/4 + x^4/64 + ..., i1 = x/2 + x^3/16 + ...
    np.testing.assert_allclose(derivatives(ops.i0), [0, 0.5, 0, 0.375], rtol=1e-15)
    np.testing.assert_allclose(derivatives(ops.i1), [0.5, 0, 0.375, 0], rtol=1e-15)
