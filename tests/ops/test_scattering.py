"""Scattering beyond the table: ties, zeros, NaN, integers."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import DTypeError, ShapeError
from autograd.ops.scattering import scatter, scatter_reduce


def leaf(values):
    return autograd.tensor(np.array(values, float), requires_grad=True)


def test_ties_share_the_gradient_of_an_extreme():
    x, src = leaf([3.0, 0.0]), leaf([3.0, 3.0, 1.0])
    out = scatter_reduce(x, 0, np.array([0, 0, 0]), src, "amax")
    out.backward(autograd.tensor(np.array([3.0, 5.0])))
    assert x.grad.tolist() == [1, 5]
    assert src.grad.tolist() == [1, 1, 0]


def test_excluded_values_share_nothing():
    x, src = leaf([3.0, 0.0]), leaf([3.0, 3.0])
    out = scatter_reduce(x, 0, np.array([0, 0]), src, "amax", include_self=False)
    out.backward(autograd.tensor(np.array([2.0, 5.0])))
    assert x.grad.tolist() == [0, 5]
    assert src.grad.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("values", "expected"),
    [([0.0, 2.0, 3.0], [12, 0, 0]), ([0.0, 0.0, 3.0], [0, 0, 0]), ([1.0, 2.0, 3.0], [12, 6, 4])],
)
def test_a_product_with_zeros(values, expected):
    x, src = leaf([2.0]), leaf(values)
    scatter_reduce(x, 0, np.array([0, 0, 0]), src, "prod").backward(autograd.tensor(np.ones(1)))
    assert src.grad.tolist() == expected
    assert x.grad.tolist() == [np.prod(values)]


def test_the_second_derivative_of_a_product_with_two_zeros():
    src = leaf([0.0, 0.0, 3.0])
    out = scatter_reduce(leaf([2.0]), 0, np.array([0, 0, 0]), src, "prod")
    (first,) = autograd.grad(out, src, create_graph=True, grad_outputs=autograd.ones(1).double())
    weights = autograd.tensor(np.array([1.0, 0.0, 0.0]))
    (second,) = autograd.grad(first, src, grad_outputs=weights)
    assert second.tolist() == [0, 6, 0]


def test_nan_is_the_extreme():
    out = scatter_reduce(leaf([1.0]), 0, np.array([0]), leaf([np.nan]), "amin")
    assert np.isnan(out._array).all()


def test_the_mean_of_integers_is_rounded_down():
    x, src = autograd.tensor([0]), autograd.tensor([-1, -2])
    out = scatter_reduce(x, 0, np.array([0, 0]), src, "mean", include_self=False)
    assert out.tolist() == [-2]
    assert out.dtype == np.int64


def test_only_the_last_value_scattered_to_a_place_has_a_gradient():
    src = leaf([1.0, 2.0])
    out = scatter(autograd.zeros(3).double(), 0, np.array([1, 1]), src)
    out.backward(autograd.tensor(np.array([1.0, 2.0, 3.0])))
    assert out.tolist() == [0, 2, 0]
    assert src.grad.tolist() == [0, 2]


def test_extremes_of_bools_without_their_own_value():
    x, index = autograd.tensor([True, False]), autograd.tensor([0, 0, 1])
    src = autograd.tensor([False, False, True])
    assert scatter_reduce(x, 0, index, src, "amax", include_self=False).tolist() == [False, True]
    assert scatter_reduce(x, 0, index, src, "amin", include_self=False).tolist() == [False, True]


def test_slices_of_a_number_are_the_number():
    x, index = autograd.tensor(2.0), autograd.tensor([0])
    assert autograd.index_copy(x, 0, index, autograd.tensor(5.0)).item() == 5.0
    assert autograd.index_copy(autograd.ones(2), 0, index, autograd.tensor(5.0)).tolist() == [5, 1]
    with pytest.raises(ShapeError, match="source must have no dims"):
        autograd.index_add(x, 0, index, autograd.ones(1))
    with pytest.raises(DTypeError, match="int32 or int64"):
        autograd.index_add(x, 0, index.to(autograd.int16), x)
