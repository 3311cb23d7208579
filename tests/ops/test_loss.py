from __future__ import annotations

import pytest

import autograd
from autograd.errors import DTypeError
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


@pytest.mark.parametrize(("one", "other"), [("float32", "float64"), ("float16", "int64")])
def test_the_mean_of_squares_has_the_dtype_of_both_together(one: str, other: str) -> None:
    x = autograd.tensor([1.0, 4.0], dtype=one, requires_grad=True)
    y = autograd.tensor([1.0, 1.0], dtype=other)
    loss = ops.mse_loss(x, y)
    assert loss.dtype == ops.mse_loss(x, y, reduction="sum").dtype
    assert loss.item() == 4.5
    loss.backward()
    assert x.grad.dtype == x.dtype
    assert x.grad.tolist() == [0.0, 3.0]


def test_the_mean_of_squares_of_no_elements_is_nan() -> None:
    x = autograd.ones(0, 3, requires_grad=True)
    loss = ops.mse_loss(x, autograd.ones(0, 3))
    loss.backward()
    assert loss.isnan()
    assert x.grad.shape == (0, 3)


def test_the_mean_of_squares_needs_floats() -> None:
    with pytest.raises(DTypeError, match="mean: needs a floating or complex dtype, got int64"):
        ops.mse_loss(autograd.tensor([1, 2]), autograd.tensor([1, 1]))
