from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import ShapeError
from autograd.ops import inverses as ops

SINGULAR = np.array([[1.0, 2.0], [2.0, 4.0]])
BATCH = np.stack([SINGULAR, np.eye(2)])


def test_a_singular_matrix_does_not_spoil_the_others() -> None:
    inverse, info = ops.inv_ex(autograd.tensor(BATCH))
    assert np.isnan(inverse[0].numpy()).all()
    assert inverse[1].tolist() == np.eye(2).tolist()
    assert (info.tolist(), info.dtype) == ([2, 0], autograd.int32)


def test_the_info_is_the_number_of_the_pivot() -> None:
    zero_column = np.array([[1.0, 0.0, 2.0], [3.0, 0.0, 4.0], [5.0, 0.0, 7.0]])
    for A, pivot in ((np.zeros((3, 3)), 1), (zero_column, 2), (np.eye(3), 0)):
        assert ops.inv_ex(A).info == pivot
        assert ops.solve_ex(A, np.ones(3)).info == pivot


def test_a_singular_system_has_nan_for_its_solution_or_is_refused() -> None:
    result, info = ops.solve_ex(BATCH, np.ones((2, 2, 1)))
    assert np.isnan(result[0]).all()
    assert result[1].tolist() == [[1.0], [1.0]]
    assert info.tolist() == [2, 0]
    with pytest.raises(ShapeError, match="ingular"):
        ops.solve_ex(BATCH, np.ones((2, 2, 1)), check_errors=True)


def test_a_complex_system_has_the_gradient_of_its_conjugate() -> None:
    A = autograd.tensor(np.array([[2j]]), requires_grad=True)
    ops.inv(A).real.sum().backward()
    # Re(1 / z) grows the fastest in the direction of the conjugate of its derivative, -1 / z ** 2.
    np.testing.assert_allclose(A.grad.numpy(), [[0.25]])
