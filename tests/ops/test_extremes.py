"""Who wins, and who gets the gradient: ties and NaN."""

from __future__ import annotations

import math
from typing import Any

import pytest

import autograd
from autograd.ops import extremes
from tests.ops.test_reduction import gradient

nan = math.nan


@pytest.mark.parametrize("name", ["amax", "amin", "max", "min"])
def test_a_tie_shares_the_gradient(name: str) -> None:
    assert gradient(getattr(extremes, name), [2.0, 2.0, 2.0, 2.0]) == [0.25] * 4


def test_ties_are_shared_along_each_dim_by_itself() -> None:
    values = [[1.0, 1.0], [0.0, 1.0]]
    assert gradient(lambda x: extremes.amax(x, 1), values) == [[0.5, 0.5], [0, 1]]
    assert gradient(lambda x: extremes.amin(x, 0, True), values) == [[0, 0.5], [1, 0.5]]
    assert gradient(lambda x: extremes.amax(x, ()), values) == [[1 / 3, 1 / 3], [0, 1 / 3]]


@pytest.mark.parametrize("name", ["max", "min"])
@pytest.mark.parametrize("keepdim", [False, True])
def test_with_dim_the_first_index_gets_the_whole_gradient(name: str, keepdim: bool) -> None:
    function: Any = getattr(extremes, name)
    values = [[2.0, 2.0], [nan, nan]]
    assert gradient(lambda x: function(x, 1, keepdim).values, values) == [[1, 0], [1, 0]]
    assert function(autograd.tensor(values), 1).indices.tolist() == [0, 0]


def test_nan_wins_and_gets_the_gradient() -> None:
    x = autograd.tensor([1.0, nan, 2.0])
    for function in (extremes.amax, extremes.amin, extremes.max, extremes.min):
        assert math.isnan(function(x).item())
        assert gradient(function, [1.0, nan, 2.0]) == [0, 1, 0]
    assert extremes.argmax(x).item() == extremes.argmin(x).item() == 1


def test_names_of_the_results() -> None:
    x = autograd.tensor([3.0, 1.0])
    assert extremes.max(x, 0)._fields == ("values", "indices")
    low, high = extremes.aminmax(x)
    assert (low.item(), high.item()) == (1, 3)


def test_no_elements_along_other_dims_are_no_error() -> None:
    empty = autograd.ones(0, 3)
    assert extremes.amax(empty, 1).shape == extremes.argmin(empty, 1).shape == (0,)
    assert extremes.max(empty, 1).indices.dtype == autograd.int64


def test_changing_the_indices_in_place_is_noticed() -> None:
    x = autograd.tensor([3.0, 1.0], requires_grad=True)
    values, indices = extremes.max(x, 0)
    indices.add_(1)
    with pytest.raises(autograd.errors.GraphError, match="changed in place"):
        values.backward()
