from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd
from autograd.ops import activation as ops

# At each kink: the derivative that PyTorch gives.
KINKS = [
    (ops.relu, 0.0, 0.0),
    (ops.relu6, 6.0, 0.0),
    (ops.leaky_relu, 0.0, 0.01),
    (ops.hardtanh, 1.0, 0.0),
    (ops.hardtanh, -1.0, 0.0),
    (ops.hardsigmoid, 3.0, 0.0),
    (ops.hardshrink, 0.5, 0.0),
    (ops.softshrink, -0.5, 0.0),
    (ops.elu, 0.0, 1.0),
    (ops.softsign, 0.0, 1.0),
]


@pytest.mark.parametrize(("function", "place", "slope"), KINKS)
def test_the_derivative_at_a_kink(function: Callable[..., Any], place: float, slope: float) -> None:
    x = autograd.tensor(place, dtype="float64", requires_grad=True)
    function(x).backward()
    assert x.grad.item() == pytest.approx(slope)


@pytest.mark.parametrize(
    "function",
    [ops.relu, ops.leaky_relu, ops.hardtanh, ops.elu, ops.softplus, ops.gelu, ops.hardshrink],
)
def test_nan_stays_nan(function: Callable[..., Any]) -> None:
    assert np.isnan(function(autograd.tensor(np.nan)).item())


@pytest.mark.parametrize(
    ("function", "limit"),
    [(ops.softplus, 0.0), (ops.elu, -1.0), (ops.logsigmoid, -1000.0), (ops.silu, 0.0)],
)
def test_far_below_0_nothing_overflows(function: Callable[..., Any], limit: float) -> None:
    x = autograd.tensor(-1000.0, requires_grad=True)
    out = function(x)
    out.backward()
    assert out.item() == limit
    assert np.isfinite(x.grad.item())


def test_relu_keeps_integers() -> None:
    assert ops.relu(autograd.tensor([-1, 2])).tolist() == [0, 2]
    assert ops.relu(autograd.tensor([-1, 2])).dtype == autograd.int64
