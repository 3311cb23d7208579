from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import ShapeError
from autograd.ops import contraction as ops


def test_operands_in_a_list() -> None:
    x = autograd.ones(2, 2)
    assert ops.einsum("ij,jk->ik", [x, x]).tolist() == [[2.0, 2.0], [2.0, 2.0]]


def test_the_small_operands_of_a_chain_meet_first() -> None:
    sizes = {"i": 1000, "j": 1, "k": 1000, "l": 1}
    terms = [("i", "j"), ("j", "k"), ("k", "l")]
    assert ops._order(terms, ("i", "l"), sizes) == [(1, 2), (0, 1)]


def test_the_gradient_of_a_diagonal_is_0_beside_it() -> None:
    x = autograd.tensor(np.ones((2, 2)), requires_grad=True)
    ops.einsum("ii->", x).backward()
    assert x.grad.tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_a_diagonal_needs_equal_sizes() -> None:
    with pytest.raises(ShapeError, match="diagonal"):
        ops.einsum("ii->i", autograd.ones(2, 1))
