"""The elementary functions of the kernels, against double precision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import special

pytest.importorskip("numba")

from autograd.kernels.compiled import elementary
from autograd.kernels.compiled.common import compiled

exp, tanh, sigmoid, erf = elementary.exp, elementary.tanh, elementary.sigmoid, elementary.erf


@compiled
def all_exp(x: Any, out: Any) -> None:
    for i in range(x.size):
        out[i] = exp(x[i])


@compiled
def all_tanh(x: Any, out: Any) -> None:
    for i in range(x.size):
        out[i] = tanh(x[i])


@compiled
def all_sigmoid(x: Any, out: Any) -> None:
    for i in range(x.size):
        out[i] = sigmoid(x[i])


@compiled
def all_erf(x: Any, out: Any) -> None:
    for i in range(x.size):
        out[i] = erf(x[i])


ROWS = [
    (all_exp, np.exp, 1.0, (-103.97, 88.72)),
    (all_tanh, np.tanh, 3.0, (-12, 12)),
    (all_sigmoid, special.expit, 3.0, (-87, 120)),
    (all_erf, special.erf, 6.0, (-6, 6)),
]


@pytest.mark.parametrize(("kernel", "function", "units", "domain"), ROWS)
def test_error_in_units_of_the_last_place(
    kernel: Any, function: Callable[[Any], Any], units: float, domain: Any
) -> None:
    near_0 = np.logspace(-44, 0, 20_001)
    x = np.concatenate([np.linspace(*domain, 400_001), near_0, -near_0]).astype(np.float32)
    out = np.empty_like(x)
    kernel(x, out)
    exact = function(x.astype(np.float64))
    error = np.abs(out - exact) / np.spacing(np.abs(exact).astype(np.float32))
    assert error.max() <= units


@pytest.mark.parametrize(("kernel", "function", "units", "domain"), ROWS)
def test_special_values(kernel: Any, function: Any, units: float, domain: Any) -> None:
    x = np.array([np.nan, -np.nan, np.inf, -np.inf, 0.0, -0.0, 3e38, -3e38, 1e-45], np.float32)
    out = np.empty_like(x)
    kernel(x, out)
    with np.errstate(all="ignore"):
        expected = function(x.astype(np.float64)).astype(np.float32)
    np.testing.assert_allclose(out, expected, rtol=1e-7)
    np.testing.assert_array_equal(np.signbit(out[4:6]), np.signbit(expected[4:6]))
