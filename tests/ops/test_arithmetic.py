"""Arithmetic at zeros, infinities and the ends of integer ranges."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd.core.differentiate import grad
from autograd.core.variable import make
from autograd.errors import ShapeError
from autograd.ops import arithmetic as ops

# At these points NumPy warns of the infinities and NaNs that are looked for.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

INF, NAN = np.inf, np.nan


def slope(function: Any, *values: Any) -> list[float]:
    """The gradient of the sum of ``function`` by its first argument."""
    tensors = [make(np.array(value)).requires_grad_() for value in values]
    out = function(*tensors)
    return grad(out, tensors[0], make(np.ones(out.shape)))[0].tolist()


def test_integer_powers_of_0() -> None:
    assert slope(lambda x: x**0, [0.0, 2.0]) == [0.0, 0.0]
    assert slope(lambda x: x**1, [0.0, INF]) == [1.0, 1.0]
    assert slope(lambda x: x**2, [0.0, INF]) == [0.0, INF]
    assert slope(lambda x: x**0.5, [0.0, 4.0]) == [INF, 0.25]
    assert slope(lambda x: x**-1, [0.0, 2.0]) == [-INF, -0.25]


def test_exponent_gradient_at_base_0() -> None:
    assert slope(lambda y, x: ops.pow(x, y), [0.0, 2.0, -1.0], [0.0, 0.0, 0.0]) == [0.0, 0.0, -INF]


@pytest.mark.parametrize("base", [2, 2.0, 0, True])
def test_a_number_as_base_keeps_float32(base: Any) -> None:
    y = make(np.array([1.0, 2.0], np.float32)).requires_grad_()
    out = ops.pow(base, y)
    (by_y,) = grad(out, y, make(np.ones(2, np.float32)))
    assert out.dtype == by_y.dtype == np.float32
    expected = 0 if base == 0 else np.log(float(base)) * float(base) ** np.array([1.0, 2.0])
    np.testing.assert_allclose(by_y.numpy(), expected * np.ones(2), rtol=1e-6)


def test_a_zero_gradient_stays_zero_at_a_singularity() -> None:
    for function, at in (
        (ops.sqrt, 0.0),
        (ops.rsqrt, 0.0),
        (ops.reciprocal, 0.0),
        (lambda x: x**-2, 0.0),
    ):
        x = make(np.array([at])).requires_grad_()
        assert grad(function(x), x, make(np.zeros(1)))[0].tolist() == [0.0]


def test_floats_divide_by_an_integer_0_as_by_a_float() -> None:
    x = make(np.array([1.5, -2.5]))
    with np.errstate(all="ignore"):
        assert (x // 0).tolist() == [INF, -INF]
        assert np.isnan((x % 0).numpy()).all()
        assert np.isnan(ops.fmod(x, 0).numpy()).all()


def test_integers_refuse_a_0_among_the_divisors() -> None:
    with pytest.raises(ShapeError, match="y contains 0"):
        make(np.array([1, 2])) // make(np.array([1, 0]))


def test_truncated_division_is_exact_for_large_integers() -> None:
    x, y = np.array([2**60 + 1, -(2**60) - 1, 7, -7, 7, -7]), np.array([1, 1, 2, 2, -2, -2])
    quotient = ops.div(make(x), make(y), rounding_mode="trunc")
    assert quotient.tolist() == [2**60 + 1, -(2**60) - 1, 3, -3, -3, 3]


def test_floor_division_rounds_what_the_quotient_is_not_what_it_rounds_to() -> None:
    assert (make(np.array(1.0)) // make(np.array(0.1))).item() == 9.0


def test_addition_scales_in_the_common_dtype() -> None:
    x, y = make(np.array([0.0])), make(np.array([2**25 + 1]))
    assert ops.add(x, y, alpha=0.5).item() == (2**25 + 1) / 2
    trues = make(np.array([True, False]))
    assert ops.add(trues, trues, alpha=2).dtype == np.bool_


@pytest.mark.parametrize("operation", [ops.add, ops.sub])
@pytest.mark.parametrize("y", [3, 0.5])
def test_a_scaled_number_widens_nothing(operation, y) -> None:
    x = make(np.ones(2, np.float32))
    assert operation(x, y, alpha=2).dtype == np.float32
    assert operation(x, y, alpha=2).tolist() == operation(x, 2 * y).tolist()


def test_lerp_ends_exactly_at_end() -> None:
    x, end = make(np.array([1e8, 0.1], np.float32)), make(np.array([1.0, 0.3], np.float32))
    for weight in (1.0, make(np.ones(2, np.float32))):
        assert ops.lerp(x, end, weight).tolist() == end.tolist()


def test_square_of_bools_counts() -> None:
    squares = ops.square(make(np.array([True, False])))
    assert squares.dtype == np.int64
    assert squares.tolist() == [1, 0]


def test_positive_refuses_bools() -> None:
    with pytest.raises(TypeError, match="not defined for bool"):
        ops.positive(make(np.array([True])))


def test_float_power_computes_in_double_precision() -> None:
    assert ops.float_power(make(np.array([2], np.int8)), 100).item() == 2.0**100
    assert ops.float_power(make(np.array([2.0], np.float32)), 1j).dtype == np.complex128


def test_hypot_does_not_overflow() -> None:
    assert ops.hypot(make(np.array(3e300)), make(np.array(4e300))).item() == 5e300
