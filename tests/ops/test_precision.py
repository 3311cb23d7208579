"""Half precision: sums are kept in single precision and rounded once, at their end."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.ops.precision import sum_at, summed_in

MANY = 5000
SMALL = np.random.default_rng(0).uniform(0.5, 1.0, (MANY, 2)).astype(np.float16)
ONE_PLACE = autograd.zeros(MANY, dtype=autograd.int64)


def half(array: object) -> autograd.Tensor:
    return autograd.tensor(array, dtype=autograd.float16)


def assert_rounded_once(result: autograd.Tensor, exact: object) -> None:
    assert result.dtype == autograd.float16
    np.testing.assert_allclose(result.numpy().astype(np.float64), exact, rtol=2e-3)


def test_only_half_precision_needs_more_to_be_summed_in() -> None:
    assert summed_in(np.dtype(np.float16)) == np.float32
    assert summed_in(np.dtype(np.float32)) is summed_in(np.dtype(np.int64)) is None


@pytest.mark.parametrize("dtype", ["float16", "float32", "int64"])
def test_a_sum_at_places_is_written_where_it_was_asked_for(dtype: str) -> None:
    out = np.ones(2, dtype)
    sum_at(out, np.array([0, 0]), np.array([1, 2], dtype))
    assert out.tolist() == [4, 1]


@pytest.mark.parametrize("name", ["index_add", "scatter_add"])
def test_what_is_added_at_one_place_is_not_lost(name: str) -> None:
    index = ONE_PLACE if name == "index_add" else ONE_PLACE.reshape(-1, 1).expand(MANY, 2)
    result = getattr(autograd, name)(half(np.zeros((1, 2))), 0, index, half(SMALL))
    assert_rounded_once(result, SMALL.astype(np.float64).sum(0, keepdims=True))


@pytest.mark.parametrize("read", ["x[index]", "gather", "take_along_dim", "index_select"])
def test_the_gradient_of_what_is_read_often_is_not_lost(read: str) -> None:
    x = half([1.0, 2.0]).requires_grad_()
    out = {
        "x[index]": lambda: x[ONE_PLACE],
        "gather": lambda: x.gather(0, ONE_PLACE),
        "take_along_dim": lambda: autograd.take_along_dim(x, ONE_PLACE, 0),
        "index_select": lambda: x.index_select(0, ONE_PLACE),
    }[read]()
    out.backward(autograd.ones(MANY, dtype=autograd.float16))
    assert x.grad.tolist() == [MANY, 0]


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_softmax_of_many(name: str) -> None:
    out = getattr(autograd, name)(autograd.zeros(MANY, 2, dtype=autograd.float16), 0)
    share = -np.log(MANY) if name == "log_softmax" else 1 / MANY
    assert_rounded_once(out, np.full((MANY, 2), share))


def test_softmax_without_dims_stays_half() -> None:
    for function in (autograd.softmax, autograd.log_softmax):
        assert function(half(3.0), 0).dtype == autograd.float16


def test_logcumsumexp_of_many() -> None:
    out = autograd.logcumsumexp(autograd.zeros(MANY, dtype=autograd.float16), 0)
    assert_rounded_once(out[1:], np.log(np.arange(2, MANY + 1)))


def test_sum_to_size_of_many() -> None:
    assert_rounded_once(half(SMALL).sum_to_size(2), SMALL.astype(np.float64).sum(0))


def test_an_area_does_not_overflow_on_the_way() -> None:
    heights = autograd.full((41,), 1500.0, dtype=autograd.float16)
    assert_rounded_once(autograd.trapezoid(heights), 60000.0)
    assert_rounded_once(autograd.cumulative_trapezoid(heights)[-1], 60000.0)


def test_no_overflow_at_the_largest_half() -> None:
    x = half([-60000.0, 0.0, 60000.0])
    assert autograd.histc(x, bins=2).tolist() == [1, 2]
    assert autograd.isfinite(autograd.sinc(x)).all()


def test_a_power_of_two_with_a_whole_exponent_has_the_dtype_of_the_mantissa() -> None:
    for dtype in ("float16", "float32", "float64"):
        x = autograd.tensor([0.5], dtype=dtype)
        result = autograd.ldexp(x, autograd.tensor([3]))
        assert (result.dtype, result.tolist()) == (x.dtype, [4.0])
    assert autograd.ldexp(autograd.tensor([1]), autograd.tensor([3])).dtype == autograd.float32
