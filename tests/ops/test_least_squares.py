from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd import gradcheck, gradgradcheck
from autograd.ops import least_squares as ops


def test_the_gradient_of_a_pseudoinverse_holds_where_the_rank_stays() -> None:
    # The product keeps rank 2 whatever its factors.
    generator = np.random.default_rng(0)
    factors = [
        autograd.tensor(generator.normal(size=s), requires_grad=True) for s in ((4, 2), (2, 3))
    ]
    assert gradcheck(lambda x, y: ops.pinv(x @ y), factors)
    assert gradgradcheck(lambda x, y: ops.pinv(x @ y), factors)


def test_a_complex_pseudoinverse_has_pytorch_s_gradient() -> None:
    torch = pytest.importorskip("torch")
    generator = np.random.default_rng(0)
    array = generator.normal(size=(3, 2)) + 1j * generator.normal(size=(3, 2))
    ours, theirs = (
        autograd.tensor(array, requires_grad=True),
        torch.tensor(array, requires_grad=True),
    )
    (first,) = autograd.grad((ops.pinv(ours) ** 2).abs().sum(), ours, create_graph=True)
    (wanted,) = torch.autograd.grad(
        (torch.linalg.pinv(theirs) ** 2).abs().sum(), theirs, create_graph=True
    )
    np.testing.assert_allclose(first.detach().numpy(), wanted.detach().numpy())
    (second,) = autograd.grad(first.abs().sum(), ours)
    (wanted,) = torch.autograd.grad(wanted.abs().sum(), theirs)
    np.testing.assert_allclose(second.numpy(), wanted.numpy())


def test_a_hermitian_pseudoinverse_reads_the_lower_triangle_alone() -> None:
    A = np.array([[2.0, np.nan], [1.0, 3.0]])
    whole = np.array([[2.0, 1.0], [1.0, 3.0]])
    np.testing.assert_allclose(ops.pinv(A, hermitian=True), np.linalg.inv(whole))


def test_tolerances_may_differ_among_matrices() -> None:
    A = np.stack([np.diag([4.0, 1.0])] * 2)
    assert ops.matrix_rank(A, atol=np.array([0.5, 2.0])).tolist() == [2, 1]
    assert ops.pinv(A, rtol=np.array([0.5, 0.1]))[:, 1, 1].tolist() == [0.0, 1.0]


def test_what_each_driver_returns() -> None:
    A, B = (
        autograd.tensor(np.eye(3)[:, :2]),
        autograd.tensor([[1.0], [2.0], [3.0]], dtype="float64"),
    )
    for driver, residuals, rank, values in (
        ("gels", [9.0], [], []),
        ("gelsy", [], 2, []),
        ("gelsd", [9.0], 2, [1.0, 1.0]),
        ("gelss", [9.0], 2, [1.0, 1.0]),
    ):
        found = ops.lstsq(A, B, driver=driver)
        assert found.solution.tolist() == [[1.0], [2.0]]
        assert found.residuals.tolist() == residuals
        assert (found.rank.tolist(), found.singular_values.tolist()) == (rank, values)
        assert found.rank.dtype == autograd.int64


def test_a_solution_of_deficient_rank_is_the_shortest() -> None:
    found = ops.lstsq(np.ones((3, 2)), np.array([1.0, 2.0, 6.0]), driver="gelsd")
    np.testing.assert_allclose(found.solution, [1.5, 1.5])
    assert found.residuals.shape == (0,)
    assert found.rank == 1
