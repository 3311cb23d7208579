"""Padding beyond the table: memory, order of dims, special values."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.ops.padding import pad


@pytest.mark.parametrize("widths", [(), (0, 0), (-1, 0)])
def test_the_result_is_new_memory(widths):
    x = autograd.ones(2, 3)
    assert not np.shares_memory(pad(x, widths).numpy(), x.numpy())


def test_the_last_dim_comes_first():
    assert pad(autograd.ones(2, 3, 4), (1, 0, 0, 2)).shape == (2, 5, 5)


def test_infinite_and_missing_values():
    x = autograd.tensor([1.0], requires_grad=True)
    out = pad(x, (1, 1), value=-np.inf)
    assert out.tolist() == [-np.inf, 1, -np.inf]
    out.sum().backward()
    assert x.grad.tolist() == [1]
    assert np.isnan(pad(x, (1, 0), value=np.nan)[0].item())


def test_repeated_elements_collect_their_gradients():
    x = autograd.tensor([[1.0, 2.0, 3.0]], requires_grad=True)
    pad(x, (2, 1), "replicate").sum().backward()
    assert x.grad.tolist() == [[3, 1, 2]]
