"""Sums over rows beyond the table: how precise they are, whatever their length."""

import numpy as np
import pytest

import autograd
from autograd.ops.row_sums import dot_of_rows, sum_of_rows


@pytest.mark.parametrize("size", [64, 4096, 4097, 200_000])
def test_rows_of_single_precision_lose_no_more_than_numpy_sum(size):
    x = np.random.default_rng(0).uniform(0.5, 1.5, (2, size)).astype(np.float32)
    exact = x.astype(np.float64).sum(1, keepdims=True)
    np.testing.assert_allclose(sum_of_rows(autograd.tensor(x)).numpy(), exact, rtol=1e-6)
    exact = np.square(x.astype(np.float64)).sum(1, keepdims=True)
    np.testing.assert_allclose(dot_of_rows(x, x), exact, rtol=1e-6)


def test_a_number_that_is_none_spoils_its_own_row_only():
    x = np.ones((3, 5), np.float32)
    x[1, 2], x[2, 0] = np.nan, np.inf
    np.testing.assert_array_equal(sum_of_rows(x), [[5], [np.nan], [np.inf]])


@pytest.mark.parametrize("order", ["broadcast", "transposed", "reversed"])
def test_memory_in_another_order(order):
    x = np.random.default_rng(0).standard_normal((6, 6))
    view = {
        "broadcast": np.broadcast_to(x[:, :1], (6, 6)),
        "transposed": x.T,
        "reversed": x[::-2, ::-1],
    }
    array = view[order]
    np.testing.assert_allclose(dot_of_rows(array, array), np.square(array).sum(1, keepdims=True))
