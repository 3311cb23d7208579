"""What the rows for embedding.py don't say: changes in place, and gradients that are not the
derivative."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd
from autograd.errors import GraphError
from nn import functional as F

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")

INDEX = np.array([[1, 2, 1, 0], [4, 1, 0, 3]])


def both(function: str, params: dict[str, Any], index: Any = INDEX) -> tuple[Any, ...]:
    """The result, the table and its gradient, of the library and of PyTorch."""
    values = np.random.default_rng(0).standard_normal((5, 3))
    ours, theirs = (
        autograd.tensor(values, requires_grad=True),
        torch.tensor(values, requires_grad=True),
    )
    result = getattr(F, function)(autograd.tensor(index), ours, **params)
    expected = getattr(torch.nn.functional, function)(torch.tensor(index), theirs, **params)
    g = np.random.default_rng(1).standard_normal(expected.shape)
    result.backward(autograd.tensor(g))
    expected.backward(torch.tensor(g))
    return result, ours, expected, theirs


def test_an_index_without_dims_and_one_that_changes_later() -> None:
    weight = autograd.tensor(np.eye(3), requires_grad=True)
    index = autograd.tensor(np.array([1, 1]))
    out = F.embedding(index, weight)
    index[0] = 2
    (out.sum() + F.embedding(autograd.tensor(2), weight).sum()).backward()
    assert weight.grad.tolist() == [[0] * 3, [2] * 3, [1] * 3]


@pytest.mark.parametrize("function", ["embedding", "embedding_bag"])
@pytest.mark.parametrize(
    "params",
    [
        {"padding_idx": 1},
        {"padding_idx": -1},
        {"max_norm": 1.0},
        {"max_norm": 0.7, "norm_type": 1.0, "padding_idx": 0},
    ],
)
def test_values_gradients_and_the_table_are_pytorchs(function: str, params: Any) -> None:
    result, ours, expected, theirs = both(function, params)
    np.testing.assert_allclose(result.detach().numpy(), expected.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(ours.detach().numpy(), theirs.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(ours.grad.numpy(), theirs.grad.numpy(), atol=1e-12)


@pytest.mark.parametrize("function", ["embedding", "embedding_bag"])
def test_scale_grad_by_freq_divides_by_how_often_a_row_is_used(function: str) -> None:
    # PyTorch's own embedding_bag divides by the counts of other rows (2.13), so it is no oracle.
    _, plain, _, _ = both(function, {})
    _, scaled, _, _ = both(function, {"scale_grad_by_freq": True})
    counts = np.maximum(np.bincount(INDEX.reshape(-1), minlength=5), 1)[:, None]
    np.testing.assert_allclose(scaled.grad.numpy(), plain.grad.numpy() / counts, atol=1e-12)


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
def test_padding_is_left_out_of_bags(mode: str) -> None:
    index = np.array([[1, 1], [1, 2], [3, 0]])
    result, ours, expected, theirs = both("embedding_bag", {"mode": mode, "padding_idx": 1}, index)
    assert result[0].tolist() == [0, 0, 0]
    np.testing.assert_allclose(result.detach().numpy(), expected.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(ours.grad.numpy(), theirs.grad.numpy(), atol=1e-12)


def test_a_table_changed_by_max_norm_is_noticed() -> None:
    table = autograd.full((3, 2), 5.0, requires_grad=True)
    product = (table * table).sum()
    F.embedding(autograd.tensor([0]), table, max_norm=1.0)
    np.testing.assert_allclose(np.linalg.norm(table.detach().numpy()[0]), 1, atol=1e-6)
    assert table[1].tolist() == [5, 5]
    with pytest.raises(GraphError):
        product.backward()


def test_the_last_offset_may_end_before_the_indices_do() -> None:
    # PyTorch 2.13 does this in float32, but lets the last bag go on in float64.
    index, offsets = autograd.tensor([0, 1, 2]), autograd.tensor([0, 2])
    bags = F.embedding_bag(index, autograd.eye(3), offsets, mode="sum", include_last_offset=True)
    assert bags.tolist() == [[1, 1, 0]]
