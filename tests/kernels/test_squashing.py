"""The tanh and the sigmoid of the recurrent kernels, against double precision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import special

pytest.importorskip("numba")

from autograd.kernels.compiled.common import compiled
from autograd.kernels.compiled.squashing import sigmoid, tanh

UNIT = 2.0**-23


@compiled
def all_tanh(x: Any, out: Any) -> None:
    for i in range(x.size):
        out[i] = tanh(x[i])


@compiled
def all_sigmoid(x: Any, out: Any) -> None:
    for i in range(x.size):
        out[i] = sigmoid(x[i])


def drawn() -> Any:
    near_0 = np.logspace(-37, 0, 20_001)
    return np.concatenate([np.linspace(-30, 30, 400_001), near_0, -near_0]).astype(np.float32)


@pytest.mark.parametrize(
    ("kernel", "function", "relative", "absolute"),
    [(all_tanh, np.tanh, 3 * UNIT, 0.0), (all_sigmoid, special.expit, 0.0, 2e-7)],
)
def test_error(
    kernel: Any, function: Callable[[Any], Any], relative: float, absolute: float
) -> None:
    x = drawn()
    out = np.empty_like(x)
    kernel(x, out)
    np.testing.assert_allclose(out, function(x.astype(np.float64)), relative, absolute)
    assert abs(out).max() <= 1


@pytest.mark.parametrize(("kernel", "limits"), [(all_tanh, [-1, 0, 1]), (all_sigmoid, [0, 0.5, 1])])
def test_nan_and_infinities(kernel: Any, limits: list[float]) -> None:
    x = np.array([-np.inf, 0, np.inf, np.nan], np.float32)
    out = np.empty_like(x)
    kernel(x, out)
    np.testing.assert_allclose(out, np.float32([*limits, np.nan]), atol=UNIT)
