"""Exponentials and logarithms in the tails, at zeros, and for integers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograd.core.differentiate import grad
from autograd.core.variable import make
from autograd.ops import exponential as ops

# At these points NumPy warns of the infinities and NaNs that are looked for.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

INF, NAN = np.inf, np.nan


def gradients(function: Any, *values: list[float]) -> list[Any]:
    tensors = [make(np.array(value)).requires_grad_() for value in values]
    out = function(*tensors)
    return [g.numpy() for g in grad(out, tensors, make(np.ones(out.shape)))]


NEAR, MIDDLE, FAR = (
    np.linspace(-0.5, 0.5, 201),
    np.linspace(0.4, 4.1, 500),
    np.linspace(3.9, 26.5, 500),
)


@pytest.mark.parametrize("x", [NEAR, MIDDLE, -MIDDLE, FAR, -FAR, np.logspace(-300, -1, 100)])
@pytest.mark.parametrize("name", ["erf", "erfc"])
def test_error_function_has_fifteen_digits_everywhere(name: str, x: Any) -> None:
    exact = [getattr(math, name)(value) for value in x]
    np.testing.assert_allclose(getattr(ops, name)(make(x)).numpy(), exact, rtol=1.5e-15)


def test_error_function_at_the_ends() -> None:
    x = make(np.array([-INF, INF, NAN, -0.0, 0.0, 30.0]))
    np.testing.assert_array_equal(ops.erf(x).numpy(), [-1, 1, NAN, -0.0, 0, 1])
    np.testing.assert_array_equal(ops.erfc(x).numpy(), [2, 0, NAN, 1, 1, 0])
    assert math.copysign(1, ops.erf(x).numpy()[3]) == -1


@pytest.mark.parametrize("name", ["exp", "exp2", "log", "log1p", "sigmoid", "erf", "erfc", "logit"])
@pytest.mark.parametrize("dtype", ["int64", "uint8", "bool", "float32"])
def test_integers_give_the_default_dtype(name: str, dtype: str) -> None:
    assert (
        getattr(ops, name)(
            make(np.ones((2, 1), dtype) > 0 if dtype == "bool" else np.full((2, 1), 0, dtype))
        ).dtype
        == np.float32
    )


def test_sigmoid_is_quiet_and_right_in_the_tails() -> None:
    with np.errstate(all="raise", under="ignore"):
        out = ops.sigmoid(make(np.array([-1000.0, -40.0, 1000.0, -INF, INF])))
    np.testing.assert_allclose(out.numpy(), [0, math.exp(-40), 1, 0, 1], rtol=1e-15)


def test_expm1_and_log1p_keep_small_numbers() -> None:
    x = make(np.array([1e-20]))
    assert ops.expm1(x).item() == ops.log1p(x).item() == 1e-20


def test_logaddexp_of_infinities() -> None:
    x, y = [-INF, INF, 0.0, INF, -INF], [-INF, INF, -INF, 0.0, INF]
    out = ops.logaddexp(make(np.array(x)), make(np.array(y)))
    np.testing.assert_array_equal(out.numpy(), [-INF, INF, 0, INF, INF])
    by_x, by_y = gradients(ops.logaddexp, x, y)
    np.testing.assert_array_equal(by_x, [NAN, NAN, 1, 1, 0])
    np.testing.assert_array_equal(by_y, [NAN, NAN, 0, 0, 1])


def test_zero_times_a_logarithm_is_zero() -> None:
    x, y = [0.0, 0.0, 0.0, 1.0, NAN], [0.0, -2.0, NAN, 0.0, 1.0]
    out = ops.xlogy(make(np.array(x)), make(np.array(y)))
    np.testing.assert_array_equal(out.numpy(), [0, 0, NAN, -INF, NAN])
    np.testing.assert_array_equal(gradients(ops.xlogy, x, y)[0], [0, 0, NAN, -INF, 0])
    out = ops.xlog1py(make(np.array(x)), make(np.array(y) - 1))
    np.testing.assert_array_equal(out.numpy(), [0, 0, NAN, -INF, NAN])


@pytest.mark.parametrize("function", [ops.xlogy, ops.xlog1py])
@pytest.mark.parametrize("number", [2, 0.5, True])
def test_a_number_does_not_widen_float32(function: Any, number: Any) -> None:
    x = make(np.array([1.0, 2.0], np.float32)).requires_grad_()
    assert function(x, number).dtype == function(number, x).dtype == np.float32
    (by_x,) = grad(function(x, number), x, make(np.ones(2, np.float32)), create_graph=True)
    assert by_x.dtype == np.float32


def test_logit_at_and_outside_its_bounds() -> None:
    x = [0.0, 1.0, 0.5, -0.1, 1.1]
    (by_x,) = gradients(ops.logit, x)
    np.testing.assert_array_equal(by_x, [INF, INF, 4, NAN, NAN])
    (by_x,) = gradients(lambda x: ops.logit(x, eps=0.25), [0.25, 0.75, 0.5, 0.0, 1.0])
    np.testing.assert_allclose(by_x, [16 / 3, 16 / 3, 4, 0, 0])
    np.testing.assert_allclose(
        ops.logit(make(np.array([0.0, 1.0])), eps=0.25).numpy(), [-math.log(3), math.log(3)]
    )


def test_a_zero_gradient_stays_zero_where_the_slope_is_infinite() -> None:
    for function, at in (
        (ops.log, 0.0),
        (ops.log2, 0.0),
        (ops.log1p, -1.0),
        (ops.exp, 1000.0),
        (ops.logit, 1.0),
    ):
        x = make(np.array([at])).requires_grad_()
        with np.errstate(all="ignore"):
            out = function(x)
        assert grad(out, x, make(np.zeros(1)))[0].tolist() == [0.0]
