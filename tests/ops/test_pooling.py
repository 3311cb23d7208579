"""Pooling beyond the table: ties, NaN, infinities, padding, integers, memory order."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.ops import channels, pooling_maps
from autograd.ops.adaptive_pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_max_pool2d,
)
from autograd.ops.pooling import avg_pool1d, avg_pool2d, max_pool1d, max_pool2d

NAN, INF = np.nan, np.inf


@pytest.fixture(autouse=True, params=["at once", "step by step"])
def way(request, monkeypatch):
    """The elements of few windows are compared in another way than those of many."""
    if request.param == "step by step":
        monkeypatch.setattr(pooling_maps, "FEW", 0)


def leaf(values):
    return autograd.tensor(np.array(values, float), requires_grad=True)


@pytest.mark.parametrize("stride", [1, 2])
def test_the_first_of_equal_maxima_gets_the_gradient(stride):
    x = leaf([[2.0, 2.0, 2.0, 2.0]])
    max_pool1d(x, 2, stride).sum().backward()
    assert x.grad.tolist() == [[1, 1, 1, 0] if stride == 1 else [1, 0, 1, 0]]


def test_nan_is_the_maximum_and_gets_the_gradient():
    x = leaf([[1.0, NAN, 3.0, 4.0, 5.0, 0.0]])
    out, index = max_pool1d(x, 3, return_indices=True)
    np.testing.assert_array_equal(out.detach().numpy(), [[NAN, 5]])
    assert index.tolist() == [[1, 4]]
    out.backward(autograd.tensor(np.array([[2.0, 3.0]])))
    assert x.grad.tolist() == [[0, 2, 0, 0, 3, 0]]


def test_the_last_nan_counts():
    assert max_pool1d(leaf([[1.0, NAN, 3.0, NAN]]), 4, return_indices=True)[1].tolist() == [[3]]


def test_a_gradient_that_is_not_finite_stays_where_the_maximum_was():
    x = leaf([[1.0, 3.0, 2.0, 0.0]])
    max_pool1d(x, 2, 1).backward(autograd.tensor([[0.0, NAN, INF]], dtype=float))
    np.testing.assert_array_equal(x.grad.numpy(), [[0, NAN, INF, 0]])


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("window", [2, 3, 4])  # of 16 elements, it is another way
def test_gradients_of_disjoint_windows(monkeypatch, window, dtype):
    monkeypatch.setattr(channels, "CACHED", 64)
    generator = np.random.default_rng(0)
    values = generator.permutation(3 * 2 * 12 * 12).reshape(3, 2, 12, 12)
    x = autograd.tensor(values, dtype=dtype, requires_grad=True)
    out = max_pool2d(x, window)
    g = generator.standard_normal(out.shape)
    g[0, 0, 0, 0], g[1, 1, 1, 1] = np.nan, -np.inf
    upstream = autograd.tensor(g, dtype=dtype)
    out.backward(upstream)
    expected = np.zeros(values.shape)
    for n, c, i, j in np.ndindex(out.shape):
        part = np.s_[n, c, i * window : (i + 1) * window, j * window : (j + 1) * window]
        expected[part][values[part] == values[part].max()] = upstream.numpy()[n, c, i, j]
    np.testing.assert_array_equal(x.grad.numpy(), expected)


def test_padding_is_never_the_maximum():
    x = leaf(np.full((1, 4, 4), -INF))
    out, index = max_pool2d(x, 3, 2, 1, return_indices=True)
    assert out.tolist() == [[[-INF] * 2] * 2]
    assert index.tolist() == [[[0, 1], [4, 5]]]
    out.backward(autograd.tensor(np.ones((1, 2, 2))))
    assert x.grad.numpy().sum() == 4


def test_integers():
    x = autograd.tensor(np.array([[-3, -4, 5, 2]]))
    assert max_pool1d(x, 3, 2, 1).tolist() == [[-3, 5]]
    assert avg_pool1d(x, 2).tolist() == [[-3, 3]]
    assert avg_pool1d(x, 2).dtype == np.int64


def test_windows_of_more_than_256_elements():
    x = leaf(np.random.default_rng(0).permutation(400)[None])
    out, index = max_pool1d(x, 300, 100, return_indices=True)
    array = x.detach().numpy()
    assert index.tolist() == [
        [int(np.argmax(array[0, :300])), 100 + int(np.argmax(array[0, 100:]))]
    ]
    assert out.tolist() == [[array[0, :300].max(), array[0, 100:].max()]]


def test_elements_between_the_windows_get_no_gradient():
    for pool in (max_pool1d, avg_pool1d):
        x = leaf([[1.0, 0.0, 9.0, 1.0, 0.0, 9.0]])
        pool(x, 2, 3).sum().backward()
        assert x.grad[0, 2].item() == x.grad[0, 5].item() == 0


def test_a_window_of_one_copies():
    x = autograd.tensor(np.ones((1, 2, 2)))
    for pool in (max_pool2d, avg_pool2d):
        out = pool(x, 1)
        assert not np.shares_memory(out.numpy(), x.numpy())


def test_memory_order_stays():
    last = np.moveaxis(np.zeros((2, 4, 4, 3)), -1, 1)
    for pool in (max_pool2d, avg_pool2d):
        x = autograd.from_numpy(last).requires_grad_()
        out = pool(x, 2)
        assert np.moveaxis(out.detach().numpy(), 1, -1).flags.c_contiguous
        out.backward(autograd.from_numpy(np.ones_like(out.detach().numpy())))
        assert np.moveaxis(x.grad.numpy(), 1, -1).flags.c_contiguous


def test_adaptive_pooling_to_nothing():
    assert adaptive_avg_pool1d(autograd.ones(3, 5), 0).shape == (3, 0)
    assert adaptive_avg_pool2d(autograd.ones(0, 3, 5, 5), 2).shape == (0, 3, 2, 2)
    for shape, size in [((3, 5, 5), (0, 2)), ((0, 3, 5, 5), (2, 2)), ((2, 0, 5, 5), (2, 2))]:
        x = leaf(np.ones(shape))
        out = adaptive_max_pool2d(x, size)
        out.sum().backward()
        assert out.shape == (*shape[:-2], *size)
        assert not x.grad.numpy().any()


def test_a_mean_of_half_precision_whose_sum_is_too_large_for_it():
    x = autograd.full((1, 4, 4), 60000.0, dtype=autograd.float16)
    assert avg_pool2d(x, 2).tolist() == [[[60000] * 2] * 2]
    assert adaptive_avg_pool2d(x, 3).tolist() == [[[60000] * 3] * 3]


@pytest.mark.parametrize(("window", "stride", "padding"), [(2, 2, 0), (3, 2, 1), (2, 1, 0)])
def test_maxima_a_few_images_at_a_time_and_in_any_memory_order(
    monkeypatch, window, stride, padding
):
    x = np.random.default_rng(0).integers(0, 9, (4, 3, 6, 6)).astype(float)
    x[2, 1, 3, 3] = NAN

    def results(array):
        a = autograd.from_numpy(array).requires_grad_()
        out, index = max_pool2d(a, window, stride, padding, return_indices=True)
        g = np.random.default_rng(1).uniform(size=out.shape)
        out.backward(autograd.from_numpy(g))
        return out.detach().numpy(), index.numpy(), a.grad.numpy()

    whole = results(x)
    monkeypatch.setattr(channels, "CACHED", 1)
    last = np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 1, -1)), -1, 1)
    for array in (x, last):
        for one, other in zip(whole, results(array)):
            np.testing.assert_array_equal(one, other)
