from __future__ import annotations

import numpy as np

import autograd
from autograd.ops import margin_losses as ops


def test_a_score_far_on_the_wrong_side_does_not_overflow() -> None:
    x = autograd.tensor([1e4, -1e4], requires_grad=True)
    loss = ops.soft_margin_loss(x, autograd.tensor([-1.0, 1.0]), reduction="none")
    loss.sum().backward()
    assert loss.tolist() == [1e4, 1e4]
    assert x.grad.tolist() == [1.0, -1.0]


def test_exactly_at_the_margin() -> None:
    """PyTorch's subgradients: a clamp passes the gradient on, a comparison of classes does not."""
    x, y = autograd.tensor([1.0], requires_grad=True), autograd.tensor([0.0])
    ops.margin_ranking_loss(x, y, autograd.tensor([1.0]), margin=1.0).backward()
    assert x.grad.tolist() == [-1.0]
    scores = autograd.tensor([[1.0, 0.0]], requires_grad=True)
    ops.multi_margin_loss(scores, autograd.tensor([0])).backward()
    assert scores.grad.tolist() == [[0.0, 0.0]]


def test_labels_after_the_first_minus_1_do_not_count() -> None:
    x = autograd.tensor([0.5, 0.0, 1.0])
    short = ops.multilabel_margin_loss(x, autograd.tensor([1, -1, -1]))
    assert ops.multilabel_margin_loss(x, autograd.tensor([1, -1, 2])).item() == short.item()
    np.testing.assert_allclose(short.item(), (1.5 + 2.0) / 3)


def test_a_target_that_is_neither_1_nor_minus_1_counts_both_ways() -> None:
    x = autograd.tensor([0.25])
    assert ops.hinge_embedding_loss(x, autograd.tensor([0.0])).item() == 0.75 + 0.25
