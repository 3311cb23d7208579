"""Pivots, and factors of singular and of complex matrices."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.ops.lu_factors import lu, lu_factor, lu_factor_ex, lu_solve


def complex_matrix(*shape: int) -> np.ndarray:
    generator = np.random.default_rng(0)
    return generator.normal(size=shape) + 1j * generator.normal(size=shape)


def test_of_equal_elements_the_first_is_the_pivot() -> None:
    x = autograd.tensor([[1.0, 1.0], [-2.0, 0.0], [2.0, 3.0]])
    assert lu_factor(x).pivots.tolist() == [2, 3]


def test_complex_pivots_are_chosen_as_by_lapack() -> None:
    # |2 + 2i| is less than |3|, but |2| + |2| is more.
    x = autograd.tensor([[3.0 + 0j, 1.0], [2.0 + 2j, 0.0]])
    assert lu_factor(x).pivots.tolist() == [2, 2]


def test_the_first_zero_on_the_diagonal_is_reported_and_the_rest_factored() -> None:
    x = np.array([[0.0, 1.0, 2.0], [0.0, 0.0, 3.0], [0.0, 4.0, 5.0]])
    batch = autograd.from_numpy(np.stack([x, np.eye(3)]))
    factors = lu_factor_ex(batch)
    assert factors.info.tolist() == [1, 0]
    assert factors.pivots.tolist() == [[1, 3, 3], [1, 2, 3]]
    P, L, U = lu(batch)
    np.testing.assert_allclose((P @ L @ U).numpy(), batch.numpy())


@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (4, 2), (2, 3, 3)])
def test_complex_factors_and_their_gradients_are_those_of_torch(shape: tuple[int, ...]) -> None:
    torch = pytest.importorskip("torch")
    A = complex_matrix(*shape)

    def gradients(x: object, library: object, grad: object) -> list[object]:
        _, L, U = library.linalg.lu(x)
        out = (L.abs() ** 2).sum() * U.abs().sum()
        (first,) = grad(out, x, create_graph=True)
        (second,) = grad((first.abs() ** 3).sum(), x)
        return [value.detach() for value in (L, U, first, second)]

    found = gradients(autograd.from_numpy(A.copy()).requires_grad_(), autograd, autograd.grad)
    theirs = torch.from_numpy(A.copy()).requires_grad_()
    expected = gradients(theirs, torch, torch.autograd.grad)
    for mine, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine.numpy(), other.resolve_conj().numpy(), rtol=1e-8)


@pytest.mark.parametrize("left", [True, False])
@pytest.mark.parametrize("adjoint", [True, False])
def test_complex_systems(left: bool, adjoint: bool) -> None:
    A, B = complex_matrix(3, 3), complex_matrix(2, 3, 3)
    factors = lu_factor(autograd.from_numpy(A))
    X = lu_solve(*factors, autograd.from_numpy(B), left=left, adjoint=adjoint).numpy()
    matrix = A.conj().T if adjoint else A
    np.testing.assert_allclose(matrix @ X if left else X @ matrix, B)
