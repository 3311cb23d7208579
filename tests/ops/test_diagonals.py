"""Diagonals beyond the table: memory, dtypes, empties."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.ops import diagonals


@pytest.mark.parametrize("offset", [-1, 0, 2])
def test_a_diagonal_is_a_view_that_can_be_written_to(offset):
    x = autograd.tensor(np.zeros((3, 4)))
    diagonals.diagonal(x, offset)._array[...] = 1
    assert np.array_equal(x._array, np.eye(3, 4, offset))


def test_a_diagonal_of_a_read_only_tensor_is_read_only():
    x = autograd.zeros(1).expand(3, 3)
    assert not diagonals.diagonal(x)._array.flags.writeable


def test_diag_is_a_copy():
    x = autograd.tensor(np.zeros((3, 3)))
    assert not np.shares_memory(diagonals.diag(x)._array, x._array)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int32"])
def test_the_trace_of_integers_is_int64(dtype):
    assert diagonals.trace(autograd.tensor(np.ones((3, 3), dtype))).dtype == np.int64


def test_empty_matrices():
    x = autograd.tensor(np.zeros((0, 3)))
    assert diagonals.diagonal(x).shape == (0,)
    assert diagonals.trace(x).item() == 0
    assert diagonals.block_diag(x, autograd.ones(1, 1)).shape == (1, 4)


def test_block_diag_promotes():
    assert diagonals.block_diag(autograd.tensor([1]), autograd.tensor([0.5])).dtype == np.float32
