from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd import gradcheck, gradgradcheck
from autograd.errors import ShapeError
from autograd.ops import determinants as ops

RANK_TWO = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.0, 1.0, 5.0]])
RANK_ONE = np.outer([1.0, 2.0, 3.0], [1.0, -1.0, 0.5])


def leaf(array: np.ndarray) -> autograd.Tensor:
    return autograd.tensor(array, requires_grad=True)


@pytest.mark.parametrize(
    "A", [RANK_TWO, RANK_ONE, np.zeros((3, 3)), np.eye(3), np.diag([1.0, 1, 0]), np.ones((4, 4))]
)
def test_the_determinant_of_a_singular_matrix_is_differentiable_twice(A: np.ndarray) -> None:
    assert gradcheck(ops.det, (leaf(A),))
    assert gradgradcheck(ops.det, (leaf(A),))


def test_the_gradient_is_the_matrix_of_cofactors() -> None:
    A = leaf(RANK_TWO)
    ops.det(A).backward()
    cofactors = [[14, -10, 2], [-7, 5, -1], [0, 0, 0]]
    np.testing.assert_allclose(A.grad.numpy(), cofactors, atol=1e-12)


def test_nearly_singular_matrices_have_exact_second_derivatives() -> None:
    A = leaf(np.diag([1.0, 1e-9, 1e-9]))
    (gradient,) = autograd.grad(ops.det(A), A, create_graph=True)
    (second,) = autograd.grad(gradient[0, 0], A)
    np.testing.assert_allclose(second.numpy(), np.diag([0, 1e-9, 1e-9]), rtol=1e-6, atol=1e-20)


def test_the_third_derivative_of_a_regular_matrix() -> None:
    # det is linear in each row: the derivative by the elements of the diagonal, one after the
    # other, is 1.
    A = leaf(np.random.default_rng(0).normal(size=(3, 3)))
    derivative = ops.det(A)
    for i in range(3):
        (gradient,) = autograd.grad(derivative, A, create_graph=True)
        derivative = gradient[i, i]
    assert abs(derivative.item() - 1) < 1e-9


def test_the_third_derivative_of_a_singular_matrix_is_refused() -> None:
    A = leaf(np.zeros((3, 3)))
    (gradient,) = autograd.grad(ops.det(A), A, create_graph=True)
    (second,) = autograd.grad(gradient.sum(), A, create_graph=True)
    with pytest.raises(ShapeError, match="ingular"):
        autograd.grad(second.sum(), A)


def test_the_logarithm_does_not_overflow() -> None:
    A = np.eye(200) * 1e10
    assert np.isinf(ops.det(A))
    np.testing.assert_allclose(ops.logdet(autograd.tensor(A)).item(), 200 * np.log(1e10))


def test_logarithms_of_zero_and_of_negative_determinants() -> None:
    A = autograd.tensor(np.stack([np.zeros((2, 2)), np.diag([1.0, -1.0])]))
    assert np.array_equal(ops.logdet(A).numpy(), [-np.inf, np.nan], equal_nan=True)
    sign, logarithm = ops.slogdet(A)
    assert (sign.tolist(), logarithm.tolist()) == ([0, -1], [-np.inf, 0])


def test_a_singular_matrix_that_does_not_matter_leaves_the_gradient_alone() -> None:
    A = leaf(np.stack([np.zeros((2, 2)), np.eye(2)]))
    ops.slogdet(A).logabsdet[1].backward()
    assert A.grad.tolist() == [np.zeros((2, 2)).tolist(), np.eye(2).tolist()]


def test_complex_determinants_are_pytorch_s() -> None:
    torch = pytest.importorskip("torch")
    generator = np.random.default_rng(0)
    array = generator.normal(size=(2, 3, 3)) + 1j * generator.normal(size=(2, 3, 3))
    for name in ("det", "logdet", "slogdet"):
        ours, theirs = leaf(array), torch.tensor(array, requires_grad=True)
        results = getattr(ops, name)(ours), getattr(torch, name)(theirs)
        parts = zip(*results) if name == "slogdet" else [results]
        for mine, expected in parts:
            np.testing.assert_allclose(mine.detach().numpy(), expected.detach().numpy())
            (first,) = autograd.grad(mine.abs().sum(), ours, create_graph=True)
            (wanted,) = torch.autograd.grad(expected.abs().sum(), theirs, create_graph=True)
            np.testing.assert_allclose(
                first.detach().numpy(), wanted.detach().numpy(), rtol=1e-9, atol=1e-12
            )
            (second,) = autograd.grad(first.abs().sum(), ours, retain_graph=True)
            (wanted,) = torch.autograd.grad(wanted.abs().sum(), theirs, retain_graph=True)
            if name != "slogdet":  # the first gradient of |sign| is 0, and only rounding is left
                np.testing.assert_allclose(second.numpy(), wanted.numpy(), rtol=1e-8, atol=1e-10)
