from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import DimensionError
from autograd.ops import matrix_norms as ops

INF = float("inf")


def test_an_empty_matrix_has_norm_0_but_no_smallest_of_anything() -> None:
    for shape in ((0, 4), (4, 0), (0, 0)):
        for order in ("fro", "nuc", 1, 2, INF):
            assert ops.matrix_norm(autograd.zeros(*shape), order).item() == 0
    with pytest.raises(DimensionError, match="no elements"):
        ops.matrix_norm(autograd.zeros(4, 0), -1)


def test_the_frobenius_norm_of_0_has_gradient_0() -> None:
    A = autograd.zeros(2, 2, requires_grad=True)
    ops.matrix_norm(A).backward()
    assert A.grad.tolist() == [[0, 0], [0, 0]]


def test_condition_numbers_of_singular_and_of_empty_matrices() -> None:
    batch = autograd.tensor(np.stack([np.eye(2), np.ones((2, 2))]))
    for p in ("fro", "nuc", 1, -1, INF, -INF):
        assert ops.cond(batch, p)[1].item() == INF
    assert ops.cond(batch)[1].item() > 1e15
    assert ops.cond(autograd.zeros(3, 0, 0), 1).tolist() == [0, 0, 0]
    assert ops.cond(autograd.zeros(0, 0)).item() == 0


def test_a_norm_in_a_wider_dtype() -> None:
    A = autograd.ones(2, 2)
    assert ops.matrix_norm(A, 1, dtype="float64").dtype == autograd.float64
    assert ops.linalg_norm(A, dtype="float64").dtype == autograd.float64
