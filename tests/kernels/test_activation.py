"""The kernels for activation functions, against the definitions in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba")

from autograd.kernels.compiled import activation
from autograd.ops.activation import (
    _gelu,
    _gelu_gradient,
    _gelu_tanh,
    _gelu_tanh_gradient,
    _silu,
    _silu_gradient,
)
from tests.kernels.guards import guarding

ROWS = [
    (activation.gelu, activation.gelu_gradient, _gelu, _gelu_gradient),
    (activation.gelu_tanh, activation.gelu_tanh_gradient, _gelu_tanh, _gelu_tanh_gradient),
    (activation.silu, activation.silu_gradient, _silu, _silu_gradient),
]


@pytest.mark.parametrize(("kernel", "gradient", "definition", "formula"), ROWS)
@pytest.mark.parametrize("shape", [(), (1,), (0, 3), (31,), (5, 7, 3)])
@pytest.mark.parametrize("strided", [False, True])
def test_values_and_gradients(
    strided: bool,
    shape: Any,
    kernel: Any,
    gradient: Any,
    definition: Any,
    formula: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    generator = np.random.default_rng(1)
    values, upstream = (generator.standard_normal(shape).astype(np.float32) * 4 for _ in range(2))
    order = generator.permutation(len(shape))
    with guarding(monkeypatch.setattr) as guards:
        x = guards.array(values, strided, order)
        found = kernel(x)
        slope = gradient(guards.array(upstream), x)
    assert found.dtype == slope.dtype == np.float32
    exact = definition.primitive.implementation(values.astype(np.float64))
    np.testing.assert_allclose(found, exact, rtol=2e-6, atol=1e-6)
    exact = formula.primitive.implementation(upstream.astype(np.float64), values.astype(np.float64))
    np.testing.assert_allclose(slope, exact, rtol=2e-6, atol=1e-5)


@pytest.mark.parametrize(("kernel", "gradient", "definition", "formula"), ROWS)
def test_special_values(kernel: Any, gradient: Any, definition: Any, formula: Any) -> None:
    x = np.array([np.nan, -np.nan, np.inf, 20.0, -20.0], np.float32)
    with np.errstate(all="ignore"):
        g = np.ones_like(x)
        for found, expected in (
            (kernel(x), definition.primitive.implementation(x)),
            (gradient(g, x), formula.primitive.implementation(g, x)),
        ):
            np.testing.assert_allclose(found, expected, rtol=1e-6, atol=3e-6)


def test_float64_is_declined() -> None:
    assert all(kernel(np.ones(3)) is NotImplemented for kernel, *_ in ROWS)
