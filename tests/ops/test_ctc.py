from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import DTypeError
from autograd.ops import ctc as ops


def test_a_target_too_long_for_its_time_is_impossible() -> None:
    x = autograd.zeros(2, 2, 3, requires_grad=True)
    targets = autograd.tensor([[1, 1], [1, 2]])  # equal labels need a blank between them
    loss = ops.ctc_loss(x.log_softmax(2), targets, (2, 2), (2, 2), reduction="none")
    np.testing.assert_allclose(loss.tolist(), [np.inf, np.log(9)], rtol=1e-6)
    finite = ops.ctc_loss(
        x.log_softmax(2), targets, (2, 2), (2, 2), reduction="none", zero_infinity=True
    )
    np.testing.assert_allclose(finite.tolist(), [0, np.log(9)], rtol=1e-6)
    finite.sum().backward()
    assert x.grad[:, 0].tolist() == [[0.0] * 3] * 2
    assert np.isfinite(x.grad.numpy()).all()


def test_no_time_fits_no_label_only() -> None:
    x = autograd.zeros(2, 2, 3).log_softmax(2)
    loss = ops.ctc_loss(x, autograd.tensor([[1], [1]]), (0, 0), (0, 1), reduction="none")
    assert loss.tolist() == [0.0, float("inf")]


def test_a_class_that_is_impossible_has_a_finite_gradient() -> None:
    x = autograd.tensor([[[0.5, 0.5, 0.0]]] * 3).log().requires_grad_()
    loss = ops.ctc_loss(x, autograd.tensor([[1]]), (3,), (1,))
    loss.backward()
    np.testing.assert_allclose(loss.item(), -np.log(6 / 8), rtol=1e-6)
    assert np.isfinite(x.grad.numpy()).all()


def test_the_gradient_by_log_probs_sums_to_0_at_each_time() -> None:
    """Like PyTorch's, it is the gradient by logits: exp(log_probs) less the share of each class."""
    generator = np.random.default_rng(0)
    x = autograd.tensor(generator.standard_normal((5, 1, 4))).log_softmax(2).requires_grad_()
    ops.ctc_loss(x, autograd.tensor([[1, 3]]), (4,), (2,)).backward()
    np.testing.assert_allclose(x.grad.sum(2).numpy(), 0, atol=1e-12)
    assert x.grad[4].abs().sum().item() == 0  # after its time
    assert x.grad[:4].abs().sum().item() > 0.1


def test_halves_are_refused() -> None:
    x = autograd.zeros(3, 1, 2, dtype=autograd.float16)
    with pytest.raises(DTypeError, match="float32 or float64"):
        ops.ctc_loss(x, autograd.tensor([[1]]), (3,), (1,))
