"""Factors that have no gradient, singular values that are equal or 0, complex matrices."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import GraphError


def matrix(*shape: int, imaginary: bool = False) -> np.ndarray:
    generator = np.random.default_rng(0)
    real = generator.normal(size=shape)
    return real + 1j * generator.normal(size=shape) if imaginary else real


def test_more_columns_of_q_than_of_x_have_no_gradient() -> None:
    x = autograd.from_numpy(matrix(3, 2)).requires_grad_()
    with pytest.raises(GraphError, match="reduced"):
        autograd.linalg.qr(x, "complete").R.sum().backward()


def test_mode_r_gives_an_empty_q_and_the_gradient_of_r() -> None:
    gradients = []
    for mode in ("r", "reduced"):
        x = autograd.from_numpy(matrix(3, 2)).requires_grad_()
        Q, R = autograd.linalg.qr(x, mode)
        assert Q.shape == ((0,) if mode == "r" else (3, 2))
        (R**2 * R).sum().backward()
        gradients.append(x.grad.numpy())
    np.testing.assert_array_equal(*gradients)


def test_equal_and_zero_singular_values_have_gradients() -> None:
    x = autograd.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], requires_grad=True)
    autograd.linalg.svdvals(x).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), np.eye(3, 2), atol=1e-6)
    x = autograd.zeros(3, 2, requires_grad=True)
    autograd.linalg.svdvals(x).sum().backward()
    assert np.isfinite(x.grad.numpy()).all()


def test_vectors_beyond_the_singular_values_have_no_gradient() -> None:
    x = autograd.from_numpy(matrix(4, 2)).requires_grad_()
    U, _, _ = autograd.linalg.svd(x)
    (U[:, 2:] ** 3).sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), np.zeros((4, 2)))


def test_a_loss_that_depends_on_phases_is_refused() -> None:
    x = autograd.from_numpy(matrix(3, 3, imaginary=True)).requires_grad_()
    with pytest.raises(GraphError, match="phases"):
        autograd.linalg.svd(x).U.imag.sum().backward()


@pytest.mark.parametrize("shape", [(3, 3), (2, 4, 2), (2, 2, 4)])
@pytest.mark.parametrize("full_matrices", [False, True])
@pytest.mark.parametrize("imaginary", [False, True])
def test_gradients_of_the_svd_are_those_of_torch(
    shape: tuple[int, ...], full_matrices: bool, imaginary: bool
) -> None:
    torch = pytest.importorskip("torch")
    A = matrix(*shape, imaginary=imaginary)

    def gradients(x: object, library: object, grad: object) -> list[object]:
        U, S, Vh = library.linalg.svd(x, full_matrices)
        k = S.shape[-1]
        product = (U[..., :k] * S[..., None, :] ** 2) @ Vh[..., :k, :]
        out = (
            product.abs().sum() + (U[..., :k].abs() ** 3).sum() + (Vh[..., :k, :].abs() ** 3).sum()
        )
        (first,) = grad(out, x, create_graph=True)
        (second,) = grad((first.abs() ** 3).sum(), x)
        return [value.detach() for value in (out, first, second)]

    found = gradients(autograd.from_numpy(A.copy()).requires_grad_(), autograd, autograd.grad)
    theirs = torch.from_numpy(A.copy()).requires_grad_()
    expected = gradients(theirs, torch, torch.autograd.grad)
    for mine, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine.numpy(), other.resolve_conj().numpy(), rtol=1e-7)


@pytest.mark.parametrize("shape", [(3, 3), (2, 4, 2), (2, 2, 4)])
def test_complex_gradients_of_qr_are_those_of_torch(shape: tuple[int, ...]) -> None:
    torch = pytest.importorskip("torch")
    A = matrix(*shape, imaginary=True)

    def gradients(x: object, library: object, grad: object) -> list[object]:
        Q, R = library.linalg.qr(x)
        out = (Q.real**3).sum() + (Q.imag * R[..., :1, :1].real).sum() + (R.abs() ** 2).sum()
        (first,) = grad(out, x, create_graph=True)
        (second,) = grad((first.abs() ** 3).sum(), x)
        return [value.detach() for value in (Q, R, first, second)]

    found = gradients(autograd.from_numpy(A.copy()).requires_grad_(), autograd, autograd.grad)
    theirs = torch.from_numpy(A.copy()).requires_grad_()
    expected = gradients(theirs, torch, torch.autograd.grad)
    for mine, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine.numpy(), other.resolve_conj().numpy(), rtol=1e-7, atol=1e-9)
