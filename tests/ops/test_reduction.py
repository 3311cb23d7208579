"""Reductions where arithmetic is not plain: NaN, zeros, nothing to reduce, small dtypes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd
from autograd.ops import reduction

nan = math.nan


def gradient(function: Any, values: Any) -> list[Any]:
    x = autograd.tensor(values, dtype=autograd.float64, requires_grad=True)
    function(x).sum().backward()
    return x.grad.tolist()


def test_small_dtypes_are_summed_in_larger_ones() -> None:
    tenths = autograd.full((4096, 2), 0.1, dtype=autograd.float16)
    assert reduction.sum(tenths, 0).tolist() == [np.float16(4096 * np.float16(0.1))] * 2
    assert reduction.mean(autograd.full((2, 2), 60000.0, dtype=autograd.float16)).item() == 60000
    assert reduction.sum(autograd.full((300,), 1, dtype=autograd.uint8)).item() == 300
    assert reduction.prod(autograd.full((2,), 100, dtype=autograd.int8)).item() == 10000


def test_an_empty_dim_means_all() -> None:
    x = autograd.ones(2, 3)
    assert reduction.sum(x, ()).item() == reduction.sum(x, []).item() == 6
    assert gradient(lambda x: reduction.mean(x, ()), [[1.0, 2.0]]) == [[0.5, 0.5]]


@pytest.mark.parametrize("keepdim", [False, True])
def test_of_nothing(keepdim: bool) -> None:
    empty = autograd.ones(3, 0)
    shape = (3, 1) if keepdim else (3,)
    for name, value in {"sum": 0, "prod": 1, "mean": nan, "nansum": 0, "nanmean": nan}.items():
        out = getattr(reduction, name)(empty, 1, keepdim)
        np.testing.assert_array_equal(out.numpy(), np.full(shape, value))
    assert reduction.all(empty).item() is True
    assert reduction.any(empty).item() is False
    assert gradient(lambda x: reduction.mean(x, 1, keepdim), np.ones((3, 0))) == [[], [], []]


def test_the_gradient_of_a_sum_is_a_view_that_cannot_be_written() -> None:
    spread = reduction._spread(np.ones(2), shape=(2, 1000), dim=-1)
    assert spread.strides[1] == 0
    assert not spread.flags.writeable


def test_dtype_converts_first() -> None:
    x = autograd.tensor([1.5, 2.5], requires_grad=True)
    assert reduction.sum(x, dtype=autograd.int64).item() == 3
    assert not reduction.sum(x, dtype=autograd.int64).requires_grad
    reduction.mean(x, dtype=autograd.float64).backward()
    assert x.grad.dtype == autograd.float32


def test_nan_gets_no_gradient_where_it_is_skipped() -> None:
    assert gradient(reduction.nansum, [1.0, nan]) == [1, 0]
    assert gradient(reduction.nanmean, [1.0, nan, 3.0]) == [0.5, 0, 0.5]
    assert gradient(lambda x: reduction.nanmean(x, 1), [[nan, nan], [1.0, nan]]) == [[0, 0], [1, 0]]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([2.0, 0.0, 3.0], [0, 6, 0]),
        ([0.0, 0.0, 3.0], [0, 0, 0]),
        ([[2.0, 0.0], [3.0, 5.0]], [[0, 30], [0, 0]]),
        ([0.0], [1]),
        (0.0, 1),
    ],
)
def test_a_product_with_zeros(values: Any, expected: Any) -> None:
    assert gradient(reduction.prod, values) == expected


def test_second_derivatives_of_a_product_with_zeros() -> None:
    x = autograd.tensor([0.0, 0.0, 3.0], requires_grad=True)
    (first,) = autograd.grad(reduction.prod(x), x, create_graph=True)
    (second,) = autograd.grad(first[0], x)
    assert second.tolist() == [0, 3, 0]


def test_truth_of_bytes_is_bytes() -> None:
    x = autograd.tensor([[0, 2]], dtype=autograd.uint8)
    assert reduction.any(x, 1).dtype == reduction.all(x).dtype == autograd.uint8
    assert reduction.all(autograd.tensor([nan])).item() is True
