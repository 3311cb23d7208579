"""Cholesky's factorization where it fails, and of complex matrices."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.ops.cholesky_factors import cholesky_ex

ENDS_AT_TWO = np.array([[4.0, 2.0, 2.0], [2.0, -3.0, 1.0], [2.0, 1.0, 5.0]])


def complex_matrix(*shape: int) -> np.ndarray:
    generator = np.random.default_rng(0)
    return generator.normal(size=shape) + 1j * generator.normal(size=shape)


def positive(x: np.ndarray) -> np.ndarray:
    return x @ x.conj().swapaxes(-1, -2) + np.eye(x.shape[-1])


@pytest.mark.parametrize("upper", [False, True])
def test_a_factorization_ends_at_the_first_negative_pivot(upper: bool) -> None:
    batch = np.stack([np.eye(3), ENDS_AT_TWO, -np.eye(3)])
    factors, info = cholesky_ex(autograd.from_numpy(batch), upper=upper)
    lower = factors.mT.numpy() if upper else factors.numpy()
    assert info.tolist() == [0, 2, 1]
    np.testing.assert_allclose(lower[0], np.eye(3))
    np.testing.assert_allclose(lower[1], [[2, 0, 0], [1, -4, 0], [1, 1, 5]])
    np.testing.assert_allclose(lower[2], -np.eye(3))


def test_not_a_number_is_not_positive() -> None:
    assert cholesky_ex(autograd.tensor([[float("nan")]])).info.item() == 1


@pytest.mark.parametrize("upper", [False, True])
def test_only_one_triangle_is_read(upper: bool) -> None:
    matrix = positive(np.random.default_rng(0).normal(size=(3, 3)))
    other = np.tril(np.ones((3, 3)), -1) if upper else np.triu(np.ones((3, 3)), 1)
    found = autograd.cholesky(autograd.from_numpy(matrix + other), upper)
    np.testing.assert_allclose(found.numpy(), np.linalg.cholesky(matrix, upper=upper))


@pytest.mark.parametrize("upper", [False, True])
def test_complex_factors_and_their_gradients_are_those_of_torch(upper: bool) -> None:
    torch = pytest.importorskip("torch")
    A, B = positive(complex_matrix(2, 3, 3)), complex_matrix(3, 2)

    def gradients(library: object, make: object) -> list[object]:
        x, y = make(A.copy()).requires_grad_(), make(B.copy()).requires_grad_()
        factor = library.linalg.cholesky(x, upper=upper)
        out = library.cholesky_solve(y, factor, upper).abs() ** 2 + factor.abs().sum()
        first = grad(library)(out.sum(), (x, y), create_graph=True)
        second = grad(library)(sum((g.abs() ** 3).sum() for g in first), (x, y))
        return [value.detach() for value in (out, *first, *second)]

    def grad(library: object) -> object:
        return library.autograd.grad if library is torch else library.grad

    found, expected = gradients(autograd, autograd.from_numpy), gradients(torch, torch.from_numpy)
    for mine, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine.numpy(), theirs.resolve_conj().numpy(), rtol=1e-8)
