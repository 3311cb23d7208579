"""The error function and its relatives: all digits everywhere, the ends, the tails."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd
from autograd.core.variable import make
from autograd.ops import error_functions as ops

INF, NAN = np.inf, np.nan
NEAR = np.linspace(-0.6, 0.6, 201)
MIDDLE = np.linspace(0.4, 4.1, 500)
FAR = np.linspace(3.9, 26.5, 500)
TINY = np.logspace(-300, -1, 100)


def of(function: Any, x: Any) -> Any:
    return function(make(np.asarray(x, np.float64))).numpy()


def first_and_second(function: Any, at: list[float]) -> tuple[Any, Any]:
    x = make(np.array(at)).requires_grad_()
    (first,) = autograd.grad(function(x).sum(), x, create_graph=True)
    (second,) = autograd.grad(first.sum(), x)
    return first.detach().numpy(), second.numpy()


@pytest.mark.parametrize("x", [NEAR, MIDDLE, -MIDDLE, FAR, -FAR, TINY])
@pytest.mark.parametrize("name", ["erf", "erfc"])
def test_error_function_has_fifteen_digits_everywhere(name: str, x: Any) -> None:
    exact = [getattr(math, name)(value) for value in x]
    np.testing.assert_allclose(of(getattr(ops, name), x), exact, rtol=1.5e-15)


def test_error_function_at_the_ends() -> None:
    x = [-INF, INF, NAN, -0.0, 0.0, 30.0]
    np.testing.assert_array_equal(of(ops.erf, x), [-1, 1, NAN, -0.0, 0, 1])
    np.testing.assert_array_equal(of(ops.erfc, x), [2, 0, NAN, 1, 1, 0])
    assert math.copysign(1, of(ops.erf, x)[3]) == -1


def test_single_precision_has_six_digits_and_stays_within_one() -> None:
    x = np.concatenate([np.linspace(-6, 6, 10_001), TINY, [INF, -INF, NAN]]).astype(np.float32)
    x = x[np.isnan(x) | (np.abs(x) >= np.finfo(np.float32).tiny)]
    out = ops.erf(make(x)).numpy()
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, [math.erf(value) for value in x], rtol=5e-7)
    assert np.nanmax(np.abs(out)) == 1


def test_half_precision_is_rounded_single_precision() -> None:
    x = np.linspace(-4, 4, 101).astype(np.float16)
    for name in ("erf", "erfc"):
        out = getattr(ops, name)(make(x)).numpy()
        assert out.dtype == np.float16
        np.testing.assert_allclose(out, [getattr(math, name)(v) for v in x], rtol=1e-3, atol=1e-7)


def test_scaled_complement_against_its_product_and_its_asymptotic_series() -> None:
    x = np.linspace(-20, 5, 300)
    exact = [math.exp(value * value) * math.erfc(value) for value in x]
    np.testing.assert_allclose(of(ops.erfcx, x), exact, rtol=1e-13)
    x = np.logspace(2, 300, 100)
    with np.errstate(over="ignore"):
        series = (1 - 0.5 / x**2 + 0.75 / x**4) / (x * math.sqrt(math.pi))
    np.testing.assert_allclose(of(ops.erfcx, x), series, rtol=1e-11)
    np.testing.assert_array_equal(of(ops.erfcx, [-INF, -30, INF, NAN]), [INF, INF, 0, NAN])


def test_inverses_undo_the_functions() -> None:
    x = np.concatenate([np.linspace(-5.5, 5.5, 500), TINY, -TINY])
    x = x[np.abs(x) < 3]  # erf itself is rounded to 1 further out
    np.testing.assert_allclose(of(ops.erfinv, of(ops.erf, x)), x, rtol=2e-12)
    p = np.concatenate([np.logspace(-307, -1, 500), np.linspace(0.01, 0.999, 500)])
    np.testing.assert_allclose(of(ops.ndtr, of(ops.ndtri, p)), p, rtol=1e-12)


def test_inverses_at_and_outside_of_the_ends() -> None:
    x = [-1.0, 1.0, 1.5, -1.5, NAN, INF, -0.0]
    out = of(ops.erfinv, x)
    np.testing.assert_array_equal(out, [-INF, INF, NAN, NAN, NAN, NAN, 0])
    assert math.copysign(1, out[-1]) == -1
    out = of(ops.ndtri, [0.0, 1.0, 1.5, -0.5, NAN, 0.5])
    np.testing.assert_array_equal(out, [-INF, INF, NAN, NAN, NAN, 0])


def test_normal_distribution_against_scipy() -> None:
    special = pytest.importorskip("scipy.special")
    x = np.concatenate([np.linspace(-37, 37, 500), [INF, -INF, NAN]])
    np.testing.assert_allclose(of(ops.ndtr, x), special.ndtr(x), rtol=1e-12)
    x = np.concatenate([np.linspace(-1000, 37, 2000), [INF, -INF, NAN]])
    np.testing.assert_allclose(of(ops.log_ndtr, x), special.log_ndtr(x), rtol=1e-12)
    p = np.concatenate([np.random.default_rng(0).uniform(0, 1, 500), np.logspace(-300, -1, 100)])
    np.testing.assert_allclose(of(ops.ndtri, p), special.ndtri(p), rtol=2e-13)
    np.testing.assert_allclose(of(ops.erfinv, p), special.erfinv(p), rtol=2e-13)


def test_log_of_the_normal_distribution_has_derivatives_far_out() -> None:
    first, second = first_and_second(ops.log_ndtr, [-1e4, -100.0, 0.0, 100.0])
    # By the asymptotic series of Mills' ratio: the slope is about -x - 1/x.
    slope = math.sqrt(2 / math.pi)
    np.testing.assert_allclose(first, [1e4 + 1e-4, 100.009998, slope, 0], rtol=1e-9)
    np.testing.assert_allclose(second, [-1, -1 + 1e-4, -slope * slope, 0], rtol=1e-6)


def test_a_zero_gradient_stays_zero_where_the_slope_is_infinite() -> None:
    for function, at in ((ops.erfinv, 1.0), (ops.ndtri, 0.0), (ops.erfcx, -30.0)):
        x = make(np.array([at])).requires_grad_()
        assert autograd.grad(function(x), x, make(np.zeros(1)))[0].tolist() == [0.0]


@pytest.mark.parametrize("name", ["erf", "erfc", "erfcx", "erfinv", "ndtr", "log_ndtr", "ndtri"])
def test_integers_give_the_default_dtype(name: str) -> None:
    for dtype in ("int64", "uint8", "bool"):
        assert getattr(ops, name)(make(np.zeros((2, 1), dtype))).dtype == np.float32


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_error_function_reaches_1(dtype: Any) -> None:
    x = autograd.from_numpy(np.array([6, 1e30, np.inf], dtype))
    assert autograd.erf(x).tolist() == [1, 1, 1]
    assert autograd.erf(-x).tolist() == [-1, -1, -1]
