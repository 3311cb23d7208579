"""Exponentials and logarithms in the tails, at zeros, and for integers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograd.core.differentiate import grad
from autograd.core.variable import make
from autograd.errors import DTypeError
from autograd.ops import exponential as ops

# At these points NumPy warns of the infinities and NaNs that are looked for.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

INF, NAN = np.inf, np.nan


def gradients(function: Any, *values: list[float]) -> list[Any]:
    tensors = [make(np.array(value)).requires_grad_() for value in values]
    out = function(*tensors)
    return [g.numpy() for g in grad(out, tensors, make(np.ones(out.shape)))]


def test_entropy_of_zero_is_zero_and_of_less_than_zero_minus_infinity() -> None:
    x = [0.0, -1.0, -INF, INF, NAN]
    np.testing.assert_array_equal(ops.entr(make(np.array(x))).numpy(), [0, -INF, -INF, -INF, NAN])
    np.testing.assert_array_equal(gradients(ops.entr, x)[0], [INF, NAN, NAN, -INF, NAN])


@pytest.mark.parametrize("function", [ops.xlogy, ops.xlog1py])
def test_a_product_of_numbers_alone_is_refused(function: Any) -> None:
    with pytest.raises(DTypeError, match="needs at least one tensor"):
        function(2.0, 3.0)


@pytest.mark.parametrize("name", ["exp", "exp2", "log", "log1p", "sigmoid", "entr", "logit"])
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


def test_powers_of_two_of_complex_infinities() -> None:
    # A product of complex numbers would have made NaN of them before the power.
    z = np.array([complex(-INF, 1), complex(-INF, INF), complex(INF, 1), complex(1, INF)])
    out = ops.exp2(make(z)).numpy()
    assert np.abs(out[:2]).tolist() == [0, 0]
    assert np.isinf(out[2])
    assert np.isnan(out[3])
