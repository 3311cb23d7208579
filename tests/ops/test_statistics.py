"""Statistics of few, equal, missing and tied elements."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd
from autograd.ops import statistics
from tests.ops.test_reduction import gradient

nan = math.nan


@pytest.mark.parametrize("name", ["var", "std"])
def test_too_few_elements_give_nan_without_a_warning(name: str) -> None:
    function: Any = getattr(statistics, name)
    assert math.isnan(function(autograd.tensor([1.0])).item())
    assert math.isnan(function(autograd.ones(0)).item())
    assert math.isnan(function(autograd.ones(2), correction=2).item())
    assert function(autograd.tensor([1.0, 2.0]), correction=2).item() == math.inf
    assert function(autograd.tensor([1.0]), correction=0).item() == 0


def test_the_gradient_of_std_at_0_is_0() -> None:
    assert gradient(statistics.std, [1.0, 1.0, 1.0]) == [0, 0, 0]
    values = [[1.0, 1.0], [1.0, 3.0]]
    expected = [[0, 0], [-math.sqrt(0.5), math.sqrt(0.5)]]
    np.testing.assert_allclose(gradient(lambda x: statistics.std(x, 1), values), expected)


def test_a_bool_in_place_of_dim_is_unbiased() -> None:
    x = autograd.tensor([1.0, 3.0])
    assert statistics.var(x, False).item() == statistics.var(x, unbiased=False).item() == 1
    assert statistics.std(x, True).item() == pytest.approx(math.sqrt(2))


def test_the_variance_of_float16_does_not_overflow_on_the_way() -> None:
    x = autograd.tensor([200.0, -200.0, 200.0, -200.0], dtype=autograd.float16)
    assert statistics.var(x, correction=0).item() == 40000


def test_elements_equal_to_the_median_share_its_gradient() -> None:
    assert gradient(statistics.median, [1.0, 2.0, 2.0]) == [0, 0.5, 0.5]
    assert gradient(lambda x: statistics.median(x, 0).values, [1.0, 2.0, 2.0]) == [0, 1, 0]


def test_medians_with_nan() -> None:
    x = autograd.tensor([[3.0, nan, 2.0, nan], [nan, nan, nan, nan]])
    values, indices = statistics.median(x, 1)
    assert np.isnan(values.numpy()).all()
    assert indices.tolist() == [1, 0]
    values, indices = statistics.nanmedian(x, 1, keepdim=True)
    np.testing.assert_array_equal(values.numpy(), [[2], [nan]])
    assert indices.tolist() == [[2], [0]]
    assert statistics.nanmedian(x).item() == 2
    assert math.isnan(statistics.median(x).item())
    assert math.isnan(statistics.median(autograd.ones(0)).item())
    assert gradient(statistics.median, [1.0, nan]) == [0, 1]


def test_mode_prefers_the_smallest_and_its_last_place() -> None:
    values, indices = statistics.mode(autograd.tensor([2.0, 1.0, 2.0, 1.0, 3.0]))
    assert (values.item(), indices.item()) == (1, 3)
    assert gradient(lambda x: statistics.mode(x).values, [2.0, 1.0, 1.0]) == [0, 0, 1]
    assert statistics.mode(autograd.tensor([5.0, 5.0])).indices.item() == 1


def test_quantiles_with_nan() -> None:
    x = autograd.tensor([[1.0, nan, 3.0], [nan, nan, nan], [1.0, 2.0, 4.0]])
    np.testing.assert_array_equal(statistics.quantile(x, 0.5, 1).numpy(), [nan, nan, 2])
    np.testing.assert_array_equal(statistics.nanquantile(x, 0.5, 1).numpy(), [2, nan, 2])


def test_quantiles_are_differentiated_by_q_too() -> None:
    x = autograd.tensor([1.0, 2.0, 4.0, 8.0])
    q = autograd.tensor([0.5, 0.9], requires_grad=True)
    statistics.quantile(x, q).sum().backward()
    assert q.grad.tolist() == [6, 12]
