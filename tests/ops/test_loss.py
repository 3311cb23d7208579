from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.ops import loss as ops


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


def test_beta_0_is_the_absolute_difference() -> None:
    x, y = autograd.tensor([1.0, -2.0]), autograd.tensor([0.0, 0.0])
    assert ops.smooth_l1_loss(x, y, "none", beta=0).tolist() == [1.0, 2.0]


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss"])
def test_the_mean_is_weighted(name: str) -> None:
    x, y = autograd.tensor([1.0, 2.0]), autograd.tensor([0.0, 1.0])
    weight = autograd.tensor([1.0, 3.0])
    assert getattr(ops, name)(x, y, weight=weight).item() == 1.0  # not 2: the weights add up to 4
    assert (
        ops.huber_loss(x, y, weight=weight).item() == 1.0
    )  # PyTorch divides by 2 here: (0.5 + 1.5)
