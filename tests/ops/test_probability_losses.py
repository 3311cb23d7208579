from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import ShapeError
from autograd.ops import probability_losses as ops


def test_certain_and_wrong_costs_100_not_infinity() -> None:
    x = autograd.tensor([0.0, 1.0], requires_grad=True)
    target = autograd.tensor([1.0, 0.0])
    loss = ops.binary_cross_entropy(x, target, reduction="none")
    assert loss.tolist() == [100.0, 100.0]
    loss.sum().backward()
    assert np.isfinite(x.grad.numpy()).all()


def test_large_logits_do_not_overflow() -> None:
    x, target = autograd.tensor([1e4, -1e4]), autograd.tensor([0.0, 1.0])
    loss = ops.binary_cross_entropy_with_logits(x, target, reduction="none")
    assert loss.tolist() == [1e4, 1e4]


def test_a_target_probability_of_0_costs_nothing() -> None:
    x, target = autograd.tensor([-3.0, -1.0]), autograd.tensor([0.0, 1.0])
    assert ops.kl_div(x, target, reduction="none").tolist() == [0.0, 1.0]


def test_a_variance_too_small_counts_as_eps_but_keeps_its_gradient() -> None:
    var = autograd.tensor([0.0, 0.5], requires_grad=True)
    x = autograd.tensor([1.0, 1.0])
    loss = ops.gaussian_nll_loss(x, autograd.zeros(2), var, eps=0.25, reduction="none")
    np.testing.assert_allclose(loss.tolist(), [np.log(0.25) / 2 + 2, np.log(0.5) / 2 + 1], 1e-6)
    loss.sum().backward()
    np.testing.assert_allclose(var.grad.tolist(), [2 - 8, 1 - 2], 1e-6)


def test_a_variance_may_be_a_number() -> None:
    x, target = autograd.tensor([1.0, 2.0]), autograd.zeros(2)
    number = ops.gaussian_nll_loss(x, target, 2.0)
    assert number.item() == ops.gaussian_nll_loss(x, target, autograd.full((2,), 2.0)).item()
    with pytest.raises(ShapeError, match="variances are positive"):
        ops.gaussian_nll_loss(x, target, -1.0)


def test_stirlings_formula_is_for_counts_above_1() -> None:
    x, target = autograd.zeros(3), autograd.tensor([0.0, 1.0, 10.0], requires_grad=True)
    short = ops.poisson_nll_loss(x, target, reduction="none")
    full = ops.poisson_nll_loss(x, target, full=True, reduction="none")
    extra = (full - short).detach().numpy()
    np.testing.assert_allclose(extra, [0, 0, np.log(3628800.0)], atol=0.01)
    full.sum().backward()
    assert np.isfinite(target.grad.numpy()).all()
