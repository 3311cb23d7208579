from __future__ import annotations

import pytest

import autograd
from autograd.ops import loss as ops


def test_beta_0_is_the_absolute_difference() -> None:
    x, y = autograd.tensor([1.0, -2.0]), autograd.tensor([0.0, 0.0])
    assert ops.smooth_l1_loss(x, y, reduction="none", beta=0).tolist() == [1.0, 2.0]


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss"])
def test_the_mean_is_weighted(name: str) -> None:
    x, y = autograd.tensor([1.0, 2.0]), autograd.tensor([0.0, 1.0])
    weight = autograd.tensor([1.0, 3.0])
    assert getattr(ops, name)(x, y, weight=weight).item() == 1.0  # not 2: the weights add up to 4
    assert (
        ops.huber_loss(x, y, weight=weight).item() == 1.0
    )  # PyTorch divides by 2 here: (0.5 + 1.5)
