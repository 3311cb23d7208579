from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.ops import softmax as ops

INF = float("inf")


def test_large_numbers_do_not_overflow() -> None:
    x = autograd.tensor([1e30, 0.0, -1e30])
    assert ops.softmax(x, 0).tolist() == [1.0, 0.0, 0.0]
    assert ops.log_softmax(autograd.tensor([1000.0, 0.0]), 0).tolist() == [0.0, -1000.0]


def test_a_masked_element_has_probability_and_gradient_0() -> None:
    x = autograd.tensor([0.0, -INF], requires_grad=True)
    out = ops.softmax(x, 0)
    assert out.tolist() == [1.0, 0.0]
    (out * autograd.tensor([2.0, 3.0])).sum().backward()
    assert x.grad.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("function", [ops.softmax, ops.log_softmax])
def test_a_slice_that_is_all_masked_is_nan(function: object) -> None:
    assert np.isnan(function(autograd.tensor([-INF, -INF]), 0).numpy()).all()


def test_dtype_converts_first() -> None:
    out = ops.softmax(autograd.tensor([1, 1]), 0, dtype=autograd.float64)
    assert out.tolist() == [0.5, 0.5]
    assert out.dtype == autograd.float64


def test_one_hot_counts_the_classes_itself() -> None:
    assert ops.one_hot(autograd.tensor([[0], [2]])).tolist() == [[[1, 0, 0]], [[0, 0, 1]]]
