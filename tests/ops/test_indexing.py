"""Indexing beyond the table: views, NumPy's and PyTorch's differences, repeated positions."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import GraphError
from autograd.ops import gathering, indexing
from autograd.ops.indexing import getitem, set_item


@pytest.mark.parametrize("index", [1, (1, 2), slice(1, None), (..., 0), None, np.array(1)])
def test_basic_indexing_gives_a_writable_view(index):
    x = autograd.tensor(np.zeros((3, 4)))
    part = getitem(x, index)
    part._array[...] = 7
    assert np.all(x._array[index] == 7)


@pytest.mark.parametrize("index", [[1], ([1], 2), [True, False, True], True])
def test_advanced_indexing_gives_a_copy(index):
    x = autograd.tensor(np.zeros((3, 4)))
    assert not np.shares_memory(getitem(x, index)._array, x._array)


def test_an_integer_beside_an_array_is_taken_first_as_in_pytorch():
    x = autograd.tensor(np.zeros((2, 3, 4)))
    assert getitem(x, (0, slice(None), [1, 2])).shape == (3, 2)  # (2, 3) in NumPy
    assert set_item(x, (0, slice(None), [1, 2]), np.ones((3, 2)))._array.sum() == 6


def test_tensors_inside_slices_and_lists():
    x = autograd.tensor(np.arange(5.0))
    two = autograd.tensor(2)
    assert getitem(x, slice(two, None)).tolist() == [2, 3, 4]
    assert getitem(x, [two, 0]).tolist() == [2, 0]
    assert getitem(x, two).tolist() == 2


def test_gradients_of_repeated_positions_add_up():
    x = autograd.tensor(np.zeros(3), requires_grad=True)
    getitem(x, [0, 0, 2]).backward(autograd.tensor(np.array([1.0, 2.0, 4.0])))
    assert x.grad.tolist() == [3, 0, 4]


@pytest.mark.parametrize("shape", [(4, 3), (3, 4)])
def test_gradient_of_an_index_into_column_major_memory(shape):
    x = autograd.tensor(np.zeros((3, 4))).requires_grad_()
    g = np.asfortranarray(np.arange(8.0).reshape(2, 4))
    getitem(x, [2, 2]).backward(autograd.from_numpy(g))
    assert x.grad.tolist() == [[0] * 4, [0] * 4, (g[0] + g[1]).tolist()]


def test_only_the_last_value_written_to_a_place_has_a_gradient():
    x = autograd.tensor(np.zeros(3))
    value = autograd.tensor(np.array([1.0, 2.0, 3.0]), requires_grad=True)
    out = set_item(x, [1, 1, 0], value)
    out.backward(autograd.tensor(np.array([10.0, 20.0, 30.0])))
    assert out.tolist() == [3, 2, 0]
    assert value.grad.tolist() == [0, 20, 10]


def test_changing_an_index_after_its_use_does_not_change_the_gradient():
    x = autograd.tensor(np.zeros(3), requires_grad=True)
    places = autograd.tensor(np.array([0, 1]))
    out = getitem(x, places)
    places._array[...] = 2
    out.backward(autograd.tensor(np.ones(2)))
    assert x.grad.tolist() == [1, 1, 0]


def test_changing_the_index_of_gather_in_place_is_noticed():
    x = autograd.tensor(np.zeros(3), requires_grad=True)
    places = autograd.tensor(np.array([0, 1]))
    out = gathering.gather(x, 0, places)
    places.add_(1)
    with pytest.raises(GraphError, match="changed in place"):
        out.backward(autograd.tensor(np.ones(2)))


def test_accumulating_refuses_positions_outside():
    with pytest.raises(IndexError, match="out of bounds"):
        indexing.index_put(autograd.zeros(3), (autograd.tensor([-4]),), 1.0, accumulate=True)


def test_a_value_is_stored_in_the_dtype_of_the_tensor():
    out = set_item(autograd.tensor([1, 2]), 0, 2.7)
    assert out.tolist() == [2, 2]
    assert out.dtype == np.int64


def test_nonzero_of_a_number():
    assert gathering.nonzero(autograd.tensor(5)).shape == (1, 0)
    assert [part.tolist() for part in gathering.nonzero(autograd.tensor(5), as_tuple=True)] == [[0]]
