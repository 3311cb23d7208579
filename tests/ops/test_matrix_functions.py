from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.ops import matrix_functions as ops


def test_powers_of_a_matrix_and_of_its_inverse_cancel() -> None:
    A = autograd.tensor([[2.0, 1.0], [0.0, 4.0]], dtype="float64")
    np.testing.assert_allclose(
        (ops.matrix_power(A, 3) @ ops.matrix_power(A, -3)).numpy(), np.eye(2), atol=1e-12
    )


def test_the_zeroth_power_forgets_what_is_not_finite() -> None:
    A = autograd.tensor([[np.inf, np.nan], [0.0, 1.0]], requires_grad=True)
    out = ops.matrix_power(A, 0)
    assert out.tolist() == np.eye(2).tolist()
    out.sum().backward()
    assert A.grad.tolist() == np.zeros((2, 2)).tolist()


def test_the_exponential_of_a_diagonal_matrix_is_that_of_its_elements() -> None:
    numbers = np.array([-700.0, -1.0, 0.0, 1e-9, 3.0, 50.0, 700.0])
    out = ops.matrix_exp(numbers[:, None, None])[:, 0, 0]
    np.testing.assert_allclose(out, np.exp(numbers), rtol=1e-12)


def test_each_matrix_of_a_batch_is_scaled_by_itself() -> None:
    generator = np.random.default_rng(0)
    batch = generator.normal(size=(2, 3, 3)) * np.array([0.01, 20.0])[:, None, None]
    for together, alone in zip(ops.matrix_exp(batch), batch):
        np.testing.assert_array_equal(together, ops.matrix_exp(alone))


def test_an_exponential_is_scipy_s() -> None:
    linalg = pytest.importorskip("scipy.linalg")
    generator = np.random.default_rng(0)
    for size in (1e-6, 0.1, 1.0, 5.0, 30.0):
        A = generator.normal(size=(4, 4)) * size
        expected = linalg.expm(A)
        np.testing.assert_allclose(ops.matrix_exp(A), expected, atol=1e-11 * abs(expected).max())


def test_an_exponential_in_float32_keeps_its_digits() -> None:
    A = np.random.default_rng(0).normal(size=(5, 5)) * 3
    out = ops.matrix_exp(A.astype(np.float32))
    assert out.dtype == np.float32
    expected = ops.matrix_exp(A.astype(np.float32).astype(np.float64))
    np.testing.assert_allclose(out, expected, rtol=1e-6)


def test_the_exponential_of_what_is_not_finite_is_not_either() -> None:
    assert np.isnan(ops.matrix_exp(np.array([[np.nan, 1.0], [0.0, 1.0]]))).any()
    assert not np.isfinite(ops.matrix_exp(np.array([[np.inf]]))).any()
