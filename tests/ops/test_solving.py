from __future__ import annotations

import numpy as np

import autograd
from autograd.ops import solving as ops


def test_the_other_triangle_is_never_read() -> None:
    A = autograd.tensor([[2.0, np.nan], [1.0, 4.0]], requires_grad=True)
    out = ops.solve_triangular(A, autograd.tensor([[2.0], [5.0]]), upper=False)
    assert out.tolist() == [[1.0], [1.0]]
    out.sum().backward()
    assert A.grad.tolist()[0][1] == 0


def test_a_unitriangular_diagonal_is_never_read_and_has_no_gradient() -> None:
    A = autograd.tensor([[np.nan, 0.0], [1.0, 0.0]], requires_grad=True)
    out = ops.solve_triangular(A, autograd.tensor([[2.0], [5.0]]), upper=False, unitriangular=True)
    assert out.tolist() == [[2.0], [3.0]]
    out.sum().backward()
    assert A.grad.tolist() == [[0.0, 0.0], [-2.0, 0.0]]
    assert np.isnan(A.tolist()[0][0]), "the argument itself is not changed"


def test_a_zero_on_the_diagonal_gives_infinity() -> None:
    A = np.array([[1.0, 0.0], [0.0, 0.0]])
    out = ops.solve_triangular(A, np.ones((2, 1)), upper=False)
    assert out.tolist() == [[1.0], [np.inf]]


def test_systems_without_equations_have_empty_solutions() -> None:
    out = ops.solve_triangular(np.ones((2, 1, 0, 0)), np.ones((3, 0, 4)), upper=True)
    assert out.shape == (2, 3, 0, 4)


def test_a_large_system_is_solved_exactly_enough() -> None:
    generator = np.random.default_rng(0)
    A = np.tril(generator.normal(size=(100, 100))) / 10 + np.eye(100)
    B = generator.normal(size=(100, 3))
    np.testing.assert_allclose(A @ ops.solve_triangular(A, B, upper=False), B, atol=1e-10)
