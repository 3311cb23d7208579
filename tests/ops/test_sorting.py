"""Order with ties and NaN, and the gradients of what was moved."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd
from autograd.ops import sorting
from tests.ops.test_reduction import gradient

nan = math.nan


@pytest.mark.parametrize(("descending", "order"), [(False, [3, 0, 2, 1]), (True, [1, 0, 2, 3])])
def test_equal_elements_keep_their_order_and_nan_is_largest(
    descending: bool, order: list[int]
) -> None:
    x = autograd.tensor([1.0, nan, 1.0, 0.0])
    assert sorting.sort(x, descending=descending).indices.tolist() == order
    assert sorting.argsort(x, 0, descending).tolist() == order


def test_a_number_is_sorted() -> None:
    values, indices = sorting.sort(autograd.tensor(2.0))
    assert (values.item(), indices.item()) == (2, 0)
    assert gradient(lambda x: sorting.sort(x).values * 3, 2.0) == 3
    assert gradient(lambda x: sorting.topk(x, 1).values, 2.0) == 1
    assert gradient(lambda x: sorting.kthvalue(x, 1).values, 2.0) == 1


def test_the_gradient_goes_back_to_where_the_element_was() -> None:
    weights = autograd.tensor([1.0, 10.0, 100.0], dtype=autograd.float64)
    assert gradient(lambda x: sorting.sort(x).values * weights, [3.0, 1.0, 2.0]) == [100, 1, 10]
    assert gradient(lambda x: sorting.topk(x, 2).values * weights[:2], [3.0, 1.0, 2.0]) == [
        1,
        0,
        10,
    ]
    assert gradient(lambda x: sorting.kthvalue(x, 2).values, [3.0, 1.0, 2.0]) == [0, 0, 1]


@pytest.mark.parametrize("largest", [False, True])
def test_topk_is_the_beginning_of_a_sort(largest: bool) -> None:
    x = np.random.default_rng(0).normal(size=(4, 100))
    x[:, ::7] = nan
    for k in (0, 1, 10, 86, 100):
        values, indices = sorting.topk(autograd.tensor(x), k, largest=largest)
        expected = sorting.sort(autograd.tensor(x), descending=largest).values[:, :k]
        np.testing.assert_array_equal(values.numpy(), expected.numpy())
        np.testing.assert_array_equal(np.take_along_axis(x, indices.numpy(), 1), expected.numpy())


def test_topk_names_tied_elements_in_their_order() -> None:
    x = autograd.tensor([1.0, 0.0, 1.0, 1.0])
    assert sorting.topk(x, 3).indices.tolist() == [0, 2, 3]
    assert sorting.topk(x, 4, largest=False).indices.tolist() == [1, 0, 2, 3]


def test_nan_lies_behind_every_boundary() -> None:
    rows = autograd.tensor([[1.0, 2.0], [3.0, 4.0]])
    values = autograd.tensor([[nan, 1.0], [nan, 9.0]])
    assert sorting.searchsorted(rows, values).tolist() == [[2, 0], [2, 2]]
    assert sorting.searchsorted(rows[0], values[0], right=True).tolist() == [2, 1]


def test_searching_nothing_and_with_a_sorter() -> None:
    assert sorting.searchsorted(autograd.ones(2, 0), autograd.ones(2, 1)).tolist() == [[0], [0]]
    order = autograd.tensor([1, 2, 0])
    sequence = autograd.tensor([3.0, 1.0, 2.0])
    assert sorting.searchsorted(sequence, 2.0, sorter=order).item() == 1


def test_numbers_are_searched_for_without_a_tensor() -> None:
    boundaries = autograd.tensor([1, 2, 3])
    assert sorting.bucketize(2, boundaries).item() == 1
    assert sorting.bucketize(2, boundaries, right=True).item() == 2


def test_distinct_nans_and_numbers_without_dims() -> None:
    found, counts = sorting.unique(autograd.tensor([nan, 1.0, nan]), return_counts=True)
    np.testing.assert_array_equal(found.numpy(), [1, nan, nan])
    assert counts.tolist() == [1, 1, 1]
    found, inverse = sorting.unique(autograd.tensor(3), return_inverse=True)
    assert (found.tolist(), inverse.shape) == ([3], ())
    assert sorting.unique_consecutive(autograd.ones(0)).shape == (0,)


def test_counting_nothing() -> None:
    nothing = autograd.tensor([], dtype=autograd.int64)
    assert sorting.bincount(nothing, minlength=2).tolist() == [0, 0]
    assert sorting.histc(autograd.ones(0), 2).tolist() == [0, 0]


def test_the_last_bin_includes_its_end_and_nan_is_in_none() -> None:
    x = autograd.tensor([0.0, 1.0, nan, 2.0])
    assert sorting.histc(x, 2, 0, 1).tolist() == [1, 1]
    assert sorting.histc(autograd.tensor([1.0, 1.0]), 2).tolist() == [0, 2]
