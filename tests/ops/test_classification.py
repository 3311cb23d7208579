from __future__ import annotations

import numpy as np

import autograd
from autograd.ops import classification as ops

INF = float("inf")


def test_an_ignored_place_counts_nothing_whatever_it_holds() -> None:
    x = autograd.tensor([[0.0, 0.0], [-INF, 0.0]], requires_grad=True)
    loss = ops.nll_loss(x, autograd.tensor([1, 0]), ignore_index=0)
    loss.backward()
    assert loss.item() == 0.0
    assert x.grad.tolist() == [[0.0, -1.0], [0.0, 0.0]]


def test_the_mean_over_no_target_is_nan() -> None:
    with np.errstate(invalid="ignore"):
        loss = ops.cross_entropy(autograd.ones(2, 3), autograd.tensor([1, 1]), ignore_index=1)
    assert np.isnan(loss.item())


def test_one_example_without_a_batch() -> None:
    x = autograd.tensor([1.0, 2.0, 3.0], requires_grad=True)
    loss = ops.cross_entropy(x, autograd.tensor(2))
    loss.backward()
    probabilities = np.exp([1.0, 2.0, 3.0]) / np.exp([1.0, 2.0, 3.0]).sum()
    np.testing.assert_allclose(loss.item(), -np.log(probabilities[2]), rtol=1e-6)
    np.testing.assert_allclose(x.grad.numpy(), probabilities - [0, 0, 1], rtol=1e-5)


def test_logits_of_any_size_do_not_overflow() -> None:
    x = autograd.tensor([[1e5, 0.0]], requires_grad=True)
    loss = ops.cross_entropy(x, autograd.tensor([1]))
    loss.backward()
    assert loss.item() == 1e5
    assert x.grad.tolist() == [[1.0, -1.0]]


def test_the_target_is_left_alone() -> None:
    target = autograd.tensor([0, -100])
    ops.cross_entropy(autograd.ones(2, 3), target)
    assert target.tolist() == [0, -100]
