"""Eigenvalues that are equal, phases that are arbitrary, matrices without a basis of
eigenvectors."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import GraphError


def complex_matrix(*shape: int) -> np.ndarray:
    generator = np.random.default_rng(0)
    return generator.normal(size=shape) + 1j * generator.normal(size=shape)


def complex_tensor(*shape: int) -> autograd.Tensor:
    return autograd.from_numpy(complex_matrix(*shape)).requires_grad_()


def test_equal_eigenvalues_have_gradients_where_the_vectors_are_not_used() -> None:
    x = autograd.eye(3, dtype="float64", requires_grad=True)
    (first,) = autograd.grad((autograd.linalg.eigvalsh(x) ** 2).sum(), x, create_graph=True)
    np.testing.assert_allclose(first.detach().numpy(), 2 * np.eye(3))
    (second,) = autograd.grad(first.trace(), x)  # of 2 * trace(x)
    np.testing.assert_allclose(second.numpy(), 2 * np.eye(3))


def test_the_vectors_of_equal_eigenvalues_have_no_finite_gradient() -> None:
    x = autograd.eye(2, requires_grad=True)
    vectors = autograd.linalg.eigh(x).eigenvectors
    with np.errstate(invalid="ignore"):
        (vectors * autograd.tensor([[1.0, 2.0], [3.0, 4.0]])).sum().backward()
    assert not np.isfinite(x.grad.numpy()).all()


@pytest.mark.parametrize("function", [autograd.linalg.eigh, autograd.linalg.eig])
def test_a_loss_that_depends_on_phases_is_refused(function: object) -> None:
    x = complex_tensor(3, 3)
    vectors = function(x).eigenvectors
    with pytest.raises(GraphError, match="phases"):
        vectors.imag.sum().backward()
    (function(x).eigenvectors.abs() ** 3).sum().backward()


def test_without_a_basis_of_eigenvectors_the_gradient_is_boundless() -> None:
    x = autograd.tensor([[0.0, 1.0], [0.0, 0.0]], dtype="float64", requires_grad=True)
    (autograd.linalg.eigvals(x).real * autograd.tensor([1.0, 2.0])).sum().backward()
    assert not (abs(x.grad.numpy()) < 1e100).all()


def test_eigenvectors_have_length_one_and_their_gradient_keeps_it() -> None:
    x = autograd.from_numpy(np.random.default_rng(0).normal(size=(3, 3))).requires_grad_()
    lengths = (autograd.linalg.eig(x).eigenvectors.abs() ** 2).sum(0)
    np.testing.assert_allclose(lengths.detach().numpy(), np.ones(3))
    lengths.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), np.zeros((3, 3)), atol=1e-12)


def test_complex_gradients_are_those_of_torch() -> None:
    torch = pytest.importorskip("torch")
    A = complex_matrix(2, 3, 3)

    def gradients(x: object, library: object, grad: object) -> list[object]:
        hermitian, general = library.linalg.eigh(x), library.linalg.eig(x)
        out = (hermitian.eigenvectors.abs() ** 3).sum(-2) * hermitian.eigenvalues
        out = out.sum() + ((general.eigenvectors.abs() ** 3).sum(-2) * general.eigenvalues).real
        (first,) = grad(out.sum(), x, create_graph=True)
        (second,) = grad((first.abs() ** 3).sum(), x)
        return [value.detach() for value in (out.sum(), first, second)]

    found = gradients(autograd.from_numpy(A.copy()).requires_grad_(), autograd, autograd.grad)
    theirs = torch.from_numpy(A.copy()).requires_grad_()
    expected = gradients(theirs, torch, torch.autograd.grad)
    for mine, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine.numpy(), other.resolve_conj().numpy(), rtol=1e-7)
