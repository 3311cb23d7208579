from __future__ import annotations

import numpy as np

import autograd
from autograd.ops import linalg as ops


def test_the_gradient_of_a_distance_of_0_is_0() -> None:
    for p in (1.0, 2.0, 3.0, float("inf")):
        x = autograd.tensor(np.ones((2, 3)), requires_grad=True)
        ops.cdist(x, x, p).sum().backward()
        assert x.grad.tolist() == [[0.0] * 3] * 2


def test_multi_dot_takes_the_cheaper_order() -> None:
    # (1000 x 1) @ (1 x 1000) first would need a million numbers.
    assert ops._splits([1000, 1, 1000, 1]) == {(0, 1): 0, (1, 2): 1, (0, 2): 0}


def test_the_powers_of_a_matrix_and_of_its_inverse_cancel() -> None:
    x = autograd.tensor([[2.0, 1.0], [0.0, 4.0]], dtype="float64")
    np.testing.assert_allclose(
        (ops.matrix_power(x, 3) @ ops.matrix_power(x, -3)).numpy(), np.eye(2), atol=1e-12
    )
