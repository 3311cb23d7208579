"""Comparisons across dtypes, with NaN and infinities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd.core.variable import make
from autograd.errors import DTypeError
from autograd.ops import comparison as ops

INF, NAN = np.inf, np.nan


def test_numbers_take_the_dtype_of_the_tensor() -> None:
    small = make(np.array([255, 3], np.uint8))
    assert ops.eq(small, -1).tolist() == [True, False]  # as uint8, -1 is 255
    assert ops.eq(small, 255.0).tolist() == [True, False]
    assert ops.eq(make(np.array([0.1], np.float32)), 0.1).tolist() == [True]
    assert ops.eq(make(np.array([1, 2])), 1.5).tolist() == [False, False]


def test_integers_meet_floats_in_the_floats_precision() -> None:
    large = make(np.array([2**24 + 1]))
    assert ops.eq(large, make(np.array([2.0**24], np.float32))).tolist() == [True]
    assert ops.eq(large, make(np.array([2.0**24]))).tolist() == [False]


def test_nan_equals_nothing() -> None:
    x = make(np.array([NAN]))
    assert [f(x, x).item() for f in (ops.eq, ops.le, ops.ge)] == [False] * 3
    assert ops.ne(x, x).item() is True
    assert not ops.equal(x, x)


@pytest.mark.parametrize("x", [[INF, -INF, NAN, 1.0], [INF + 1j, -INF, NAN * 1j, 1j]])
def test_what_is_finite(x: Any) -> None:
    tensor = make(np.array(x))
    assert ops.isinf(tensor).tolist() == [True, True, False, False]
    assert ops.isnan(tensor).tolist()[1:] == [False, True, False]
    assert ops.isfinite(tensor).tolist() == [False, False, False, True]


def test_which_infinity() -> None:
    x = make(np.array([INF, -INF, NAN, 1.0]))
    assert ops.isposinf(x).tolist() == [True, False, False, False]
    assert ops.isneginf(x).tolist() == [False, True, False, False]


def test_isreal() -> None:
    assert ops.isreal(make(np.array([1 + 0j, 1j]))).tolist() == [True, False]


def test_isclose_at_infinities_and_nan() -> None:
    x, y = make(np.array([INF, NAN, -INF, INF])), make(np.array([INF, NAN, INF, 1.0]))
    assert ops.isclose(x, y).tolist() == [True, False, False, False]
    assert ops.isclose(x, y, equal_nan=True).tolist() == [True, True, False, False]


def test_isclose_of_unsigned_integers_does_not_wrap_around() -> None:
    x, y = make(np.array([1], np.uint8)), make(np.array([2], np.uint8))
    assert ops.isclose(x, y, rtol=0, atol=1).tolist() == [True]


@pytest.mark.parametrize("amount", [-1, 64, 1000])
def test_shifts_out_of_range(amount: int) -> None:
    x = make(np.array([5, -5]))
    assert ops.bitwise_left_shift(x, amount).tolist() == [0, 0]
    assert ops.bitwise_right_shift(x, amount).tolist() == [0, -1]


def test_bools_are_not_shifted() -> None:
    with pytest.raises(DTypeError, match="only integers can be shifted"):
        ops.bitwise_left_shift(make(np.array([True])), make(np.array([True])))


def test_floats_have_no_bits() -> None:
    x = make(np.ones(2, np.float32))
    with pytest.raises(DTypeError, match="not defined for floats"):
        ops.bitwise_and(x, x)


def test_isin_finds_what_equals() -> None:
    assert ops.isin(make(np.array([0.1], np.float32)), 0.1).tolist() == [True]
    assert ops.isin(0.1, make(np.array([0.1], np.float32))).item() is True
    assert ops.isin(make(np.array([NAN])), make(np.array([NAN]))).tolist() == [False]


def test_results_are_bool_and_never_recorded() -> None:
    x = make(np.ones(2)).requires_grad_()
    for function in (ops.eq, ops.lt, ops.logical_and, ops.isclose):
        out = function(x, x)
        assert out.dtype == np.bool_
        assert not out.requires_grad


def test_longer_names_are_the_same_functions() -> None:
    assert (ops.greater, ops.less_equal, ops.not_equal) == (ops.gt, ops.le, ops.ne)
