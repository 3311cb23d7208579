"""Scans over zeros, ties, NaN, infinities, and lengths that are no power of 2."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd
from autograd.ops import cumulative
from tests.ops.test_reduction import gradient

inf, nan = math.inf, math.nan


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 9])
def test_a_recurrence_is_the_loop_it_stands_for(size: int, reverse: bool) -> None:
    generator = np.random.default_rng(size)
    x, y = generator.normal(size=(2, 3, size))
    state, expected = np.zeros(3), np.zeros((3, size))
    for k in reversed(range(size)) if reverse else range(size):
        state = expected[:, k] = y[:, k] + x[:, k] * state
    np.testing.assert_allclose(cumulative._recurrence(x, y, dim=1, reverse=reverse), expected)
    along_0 = cumulative._recurrence(x.T, y.T, dim=0, reverse=reverse)
    np.testing.assert_allclose(along_0, expected.T)


@pytest.mark.parametrize("reverse", [False, True])
def test_derivatives_of_a_recurrence(reverse: bool) -> None:
    generator = np.random.default_rng(0)
    x, y = (autograd.tensor(a, requires_grad=True) for a in generator.normal(size=(2, 2, 5)))
    autograd.gradcheck(lambda x, y: cumulative._recurrence(x, y, 1, reverse), (x, y))
    autograd.gradgradcheck(lambda x, y: cumulative._recurrence(x, y, 1, reverse), (x, y))


@pytest.mark.parametrize("values", [[2.0, 0.0, 3.0, 4.0], [0.0, 2.0, 0.0, 0.0, 5.0], [0.0]])
def test_gradients_of_cumprod_with_zeros(values: Any) -> None:
    x = np.array(values)
    expected = np.zeros(len(x))
    for end in range(1, len(x) + 1):
        for k in range(end):
            expected[k] += np.prod(np.delete(x[:end], k))
    np.testing.assert_allclose(gradient(lambda x: cumulative.cumprod(x, 0), values), expected)
    x = autograd.tensor(x, requires_grad=True)
    autograd.gradgradcheck(lambda x: cumulative.cumprod(x, 0), (x,))


def test_the_last_of_equal_records_is_named_and_nan_stays() -> None:
    x = autograd.tensor([1.0, 1.0, nan, 2.0, nan])
    values, indices = cumulative.cummax(x, 0)
    np.testing.assert_array_equal(values.numpy(), [1, 1, nan, nan, nan])
    assert indices.tolist() == cumulative.cummin(x, 0).indices.tolist() == [0, 1, 2, 2, 4]


def test_a_record_gets_the_gradient_as_long_as_it_stands() -> None:
    values = [[3.0, 1.0, 2.0, 5.0]]
    assert gradient(lambda x: cumulative.cummax(x, 1).values, values) == [[3, 0, 0, 1]]
    assert gradient(lambda x: cumulative.cummin(x, 1).values, values) == [[1, 3, 0, 0]]


def test_logcumsumexp_of_infinite_and_large_numbers() -> None:
    def scan(x: Any) -> Any:
        return cumulative.logcumsumexp(x, 0)

    large = autograd.tensor([1000.0, 1000.0])
    np.testing.assert_allclose(scan(large).numpy(), [1000, 1000 + math.log(2)])
    assert scan(autograd.tensor([-inf, -inf, 1.0])).tolist() == [-inf, -inf, 1]
    np.testing.assert_allclose(gradient(scan, [1000.0, 1000.0]), [1.5, 0.5])
    np.testing.assert_allclose(gradient(scan, [-inf, -inf, 1.0]), [0, 0, 1])
    np.testing.assert_allclose(gradient(scan, [0.0, -2000.0, 2000.0]), [2, 0, 1])


def test_small_dtypes_are_summed_in_larger_ones() -> None:
    hundreds = autograd.full((3,), 100, dtype=autograd.int8)
    assert cumulative.cumsum(hundreds, 0).tolist() == [100, 200, 300]
    halves = autograd.full((4096,), 0.1, dtype=autograd.float16)
    assert cumulative.cumsum(halves, 0)[-1].item() == np.float16(4096 * np.float16(0.1))
