"""The incomplete gamma functions: digits for all sizes of arguments, edges, derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd.core.variable import make
from autograd.errors import GraphError
from autograd.ops import incomplete_gamma as ops

INF, NAN = np.inf, np.nan


def of(function: Any, a: Any, x: Any) -> Any:
    return function(make(np.asarray(a, np.float64)), make(np.asarray(x, np.float64))).numpy()


def test_against_scipy() -> None:
    special = pytest.importorskip("scipy.special")
    generator = np.random.default_rng(0)
    a = 10.0 ** generator.uniform(-8, 5, 3000)
    x = np.where(
        np.arange(3000) % 2,
        np.abs(a + 3 * np.sqrt(a) * generator.standard_normal(3000)),
        10.0 ** generator.uniform(-8, 5, 3000),
    )
    # SciPy itself has 12 digits where the functions are small and the arguments large.
    for function, oracle in ((ops.igamma, special.gammainc), (ops.igammac, special.gammaincc)):
        exact = oracle(a, x)
        seen = exact > 1e-200
        np.testing.assert_allclose(of(function, a, x)[seen], exact[seen], rtol=1e-11)


def test_the_two_add_up_to_one_even_for_huge_arguments() -> None:
    a = np.array([1e-3, 1.0, 19.9, 20.1, 1e4, 1e10, 1e20])
    total = of(ops.igamma, a, a) + of(ops.igammac, a, a)
    np.testing.assert_allclose(total, 1, rtol=1e-15)
    # DLMF 8.11.12: at x = a the upper one tends to 1/2 from below like 1 / (3 sqrt(2 pi a)).
    expected = 0.5 - 1 / (3 * np.sqrt(2 * np.pi * a[-3:]))
    np.testing.assert_allclose(of(ops.igammac, a[-3:], a[-3:]), expected, rtol=1e-7)


def test_small_orders_keep_their_digits() -> None:
    # For a -> 0 the upper function is a times the exponential integral: E1(1) = 0.2193839343955203.
    out = of(ops.igammac, [1e-12], [1.0])
    np.testing.assert_allclose(out, 1e-12 * 0.21938393439552029, rtol=1e-10)


def test_edges() -> None:
    a = [0.0, 0.0, 2.0, INF, INF, 2.0, -1.0, 2.0, NAN]
    x = [0.0, 2.0, 0.0, 2.0, INF, INF, 2.0, -1.0, 2.0]
    lower = [NAN, 1, 0, 0, NAN, 1, NAN, NAN, NAN]
    np.testing.assert_array_equal(of(ops.igamma, a, x), lower)
    np.testing.assert_array_equal(of(ops.igammac, a, x), 1 - np.array(lower))


def test_the_derivative_by_the_bound_at_zero() -> None:
    a, x = make(np.array([0.5, 1.0, 2.0])), make(np.zeros(3)).requires_grad_()
    ops.igamma(a, x).sum().backward()
    assert x.grad.tolist() == [INF, 1, 0]


@pytest.mark.parametrize("function", [ops.igamma, ops.igammac])
def test_there_is_no_derivative_by_the_order(function: Any) -> None:
    a = make(np.array([2.0])).requires_grad_()
    with pytest.raises(GraphError, match="its derivative by x is not known"):
        function(a, make(np.array([1.0]))).backward()
