"""Joining beyond the table: dtypes, empties, memory."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.ops import joining


@pytest.mark.parametrize("join", [joining.cat, joining.stack])
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("float32", "float64", "float64"),
        ("int64", "float32", "float32"),
        ("bool", "uint8", "uint8"),
        ("uint8", "int8", "int16"),
    ],
)
def test_dtypes_are_promoted(join, first, second, expected):
    out = join([autograd.tensor(np.ones(2, first)), autograd.tensor(np.ones(2, second))])
    assert out.dtype == expected


def test_an_empty_vector_counts_for_the_dtype_and_has_an_empty_gradient():
    empty = autograd.tensor(np.zeros(0), requires_grad=True)
    full = autograd.tensor(np.ones((2, 2), np.float32), requires_grad=True)
    out = joining.cat([empty, full], 1)
    assert out.dtype == np.float64
    out.backward(autograd.tensor(np.full((2, 2), 3.0)))
    assert empty.grad.shape == (0,)
    assert full.grad.tolist() == [[3, 3], [3, 3]]
    assert full.grad.dtype == np.float32


def test_one_tensor_twice():
    x = autograd.tensor(np.ones(2), requires_grad=True)
    joining.cat([x, x]).backward(autograd.tensor(np.array([1.0, 2.0, 3.0, 4.0])))
    assert x.grad.tolist() == [4, 6]


@pytest.mark.parametrize(
    "parts", [lambda x: joining.split(x, 2), lambda x: joining.chunk(x, 3), joining.unbind]
)
def test_parts_are_views(parts):
    x = autograd.tensor(np.zeros((5, 2)))
    assert all(np.shares_memory(part._array, x._array) for part in parts(x))
    x = autograd.tensor(np.zeros(5))
    assert all(np.shares_memory(part._array, x._array) for part in parts(x))


def test_the_gradient_of_unused_parts_is_zero():
    x = autograd.tensor(np.ones(5), requires_grad=True)
    _, middle, _ = joining.split(x, 2)
    middle.backward(autograd.tensor(np.array([1.0, 2.0])))
    assert x.grad.tolist() == [0, 0, 1, 2, 0]


def test_an_empty_dim():
    x = autograd.tensor(np.zeros((0, 2)))
    assert joining.unbind(x) == ()
    assert [part.shape for part in joining.chunk(x, 3)] == [(0, 2)] * 3
    assert [part.shape for part in joining.split(x, 0)] == [(0, 2)]
