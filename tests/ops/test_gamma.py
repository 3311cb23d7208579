"""The gamma function's logarithm, its derivatives and the zeta function: digits, poles, ends."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd
from autograd.core.variable import make
from autograd.errors import GraphError
from autograd.ops import gamma as ops

INF, NAN = np.inf, np.nan
EULER = 0.57721566490153286061


def of(function: Any, *x: Any) -> Any:
    return function(*(make(np.asarray(value, np.float64)) for value in x)).numpy()


def test_lgamma_has_its_digits_everywhere() -> None:
    generator = np.random.default_rng(0)
    spread = 10.0 ** generator.uniform(-300, 300, 200)
    x = np.concatenate([generator.uniform(0, 30, 500), spread])
    exact = [math.lgamma(value) for value in x]
    np.testing.assert_allclose(of(ops.lgamma, x), exact, rtol=5e-14)
    x = generator.uniform(-30, 0, 500)
    exact = [math.lgamma(value) for value in x]
    np.testing.assert_allclose(of(ops.lgamma, x), exact, rtol=1e-13, atol=1e-13)


def test_lgamma_keeps_its_digits_near_its_zeros() -> None:
    z = np.logspace(-15, -3, 50) * np.where(np.arange(50) % 2, 1, -1)
    at_1, at_2 = (1 + z) - 1, (2 + z) - 2  # as rounded
    series = -EULER * at_1 + math.pi**2 / 12 * at_1**2
    np.testing.assert_allclose(of(ops.lgamma, 1 + z), series, rtol=2e-6)
    assert of(ops.lgamma, [1 + 2.0**-40])[0] == pytest.approx(-EULER * 2.0**-40, rel=1e-11)
    assert of(ops.lgamma, [2 + 2.0**-40])[0] == pytest.approx((1 - EULER) * 2.0**-40, rel=1e-11)
    np.testing.assert_allclose(of(ops.lgamma, 2 + z), (1 - EULER) * at_2, rtol=1e-3)


def test_poles_and_ends() -> None:
    x = [0.0, -0.0, -1.0, -30.0, -1e300, INF, -INF, NAN]
    np.testing.assert_array_equal(of(ops.lgamma, x), [INF] * 7 + [NAN])
    digamma = of(ops.digamma, x)
    np.testing.assert_array_equal(digamma, [-INF, INF, NAN, NAN, NAN, INF, NAN, NAN])
    polygamma = of(lambda x: ops.polygamma(2, x), [0.0, -1.0, INF, NAN])
    np.testing.assert_array_equal(polygamma, [-INF, -INF, 0, NAN])


def test_lgamma_does_not_overflow_early() -> None:
    assert of(ops.lgamma, [2.5e305])[0] == pytest.approx(math.lgamma(2.5e305), rel=1e-14)
    assert of(ops.lgamma, [2.6e305])[0] == INF


def test_digamma_and_polygamma_against_scipy() -> None:
    special = pytest.importorskip("scipy.special")
    generator = np.random.default_rng(0)
    right = np.concatenate([generator.uniform(0, 30, 500), 10.0 ** generator.uniform(-5, 9, 100)])
    x = np.concatenate([right, generator.uniform(-10, 0, 100)])
    np.testing.assert_allclose(of(ops.digamma, x), special.digamma(x), rtol=5e-14, atol=1e-13)
    for n in (1, 2, 5):
        out = of(lambda x, n=n: ops.polygamma(n, x), right)
        np.testing.assert_allclose(out, special.polygamma(n, right), rtol=1e-13)


def test_zeta_at_even_numbers_and_against_scipy() -> None:
    out = of(ops.zeta, [2.0, 4.0, 6.0], 1.0)
    np.testing.assert_allclose(out, [math.pi**2 / 6, math.pi**4 / 90, math.pi**6 / 945], rtol=1e-15)
    special = pytest.importorskip("scipy.special")
    generator = np.random.default_rng(0)
    s, q = generator.uniform(1.01, 60, 2000), 10.0 ** generator.uniform(-2, 5, 2000)
    np.testing.assert_allclose(of(ops.zeta, s, q), special.zeta(s, q), rtol=1e-13)


def test_zeta_where_the_sum_diverges_or_is_not_defined() -> None:
    s = [1.0, 0.5, 2.0, 2.0, 2.5, NAN, 2.0]
    q = [3.0, 3.0, 0.0, -2.0, -2.5, 1.0, INF]
    np.testing.assert_array_equal(of(ops.zeta, s, q), [INF, NAN, INF, INF, NAN, NAN, 0])


def test_zeta_of_negative_arguments_satisfies_the_recurrence() -> None:
    q = np.array([-0.5, -7.3, -1e-9, -1 + 1e-9])
    for s in (2.0, 3.0, 8.0):
        np.testing.assert_allclose(
            of(ops.zeta, s, q), of(ops.zeta, s, q + 1) + q**-s, rtol=1e-9, atol=1e-9
        )


def test_zeta_has_no_derivative_by_its_first_argument() -> None:
    x = make(np.array([2.0])).requires_grad_()
    with pytest.raises(GraphError, match="zeta: its derivative by x is not known"):
        ops.zeta(x, 1.0).backward()


def test_methods_and_in_place_forms() -> None:
    x = autograd.tensor([2.0, 3.0])
    assert x.polygamma(1).tolist() == autograd.polygamma(1, x).tolist()
    assert x.clone().polygamma_(n=1).tolist() == autograd.polygamma(1, x).tolist()
    assert x.clone().mvlgamma_(2).tolist() == autograd.special.multigammaln(x, 2).tolist()
    for name in ("lgamma", "digamma"):
        inplace = getattr(x.clone(), f"{name}_")()
        assert inplace.tolist() == getattr(autograd, name)(x).tolist()


@pytest.mark.parametrize("function", [ops.lgamma, ops.digamma, lambda x: ops.polygamma(2, x)])
def test_integers_give_the_default_dtype(function: Any) -> None:
    assert function(make(np.ones((2, 1), np.int64))).dtype == np.float32
    assert function(make(np.ones((2, 1), np.float16))).dtype == np.float16
