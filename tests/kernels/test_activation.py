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
from autograd.ops.selection import where_not_0
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


def test_random_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of any number of dims and order in memory, with gaps and without, empty ones included."""
    monkeypatch.setattr(activation, "SHARE", 0)  # where ReLU's gradient begins to be handled
    pairs = [*((g, f) for _, g, _, f in ROWS), (activation.relu_gradient, where_not_0)]
    generator = np.random.default_rng(3)
    for seed in range(40):
        shape = tuple(generator.integers(0 if seed % 4 == 0 else 1, 9, generator.integers(5)))
        values = [generator.standard_normal(shape).astype(np.float32) for _ in range(2)]
        values[1][values[1] < -1] = 0
        for gradient, definition in pairs:
            with monkeypatch.context() as patch, guarding(patch.setattr, seed) as guards:
                orders = (generator.permutation(len(shape)) for _ in values)
                arrays = [
                    guards.array(v, bool(generator.integers(2)), o) for v, o in zip(values, orders)
                ]
                found = gradient(*arrays)
            exact = definition.primitive.implementation(*(v.astype(np.float64) for v in values))
            np.testing.assert_allclose(found, exact, rtol=2e-6, atol=1e-5)


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


@pytest.mark.parametrize("strided", [False, True])
def test_relu_gradient(strided: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the definition, to the bit: with NaN, infinities, and the sign of zeros."""
    generator = np.random.default_rng(2)
    special = [np.nan, np.inf, -np.inf, 0, -0.0, 1e-45]
    x, y = generator.choice([-1.5, 2.5, *special], (2, 7, 5, activation.SHARE // 32))
    with guarding(monkeypatch.setattr) as guards:
        arrays = [guards.array(a.astype(np.float32), strided, [2, 0, 1]) for a in (x, y)]
        with np.errstate(invalid="ignore"):
            found = activation.relu_gradient(*arrays)
            exact = where_not_0.primitive.implementation(*arrays)
    np.testing.assert_array_equal(found, exact)
    np.testing.assert_array_equal(np.signbit(found[found == 0]), np.signbit(exact[exact == 0]))
    assert found.strides == exact.strides


def test_float64_and_few_elements_are_declined() -> None:
    assert all(kernel(np.ones(3)) is NotImplemented for kernel, *_ in ROWS)
    few = np.ones(activation.SHARE - 1, np.float32)
    assert activation.relu_gradient(few, few) is NotImplemented
    many = np.ones(activation.SHARE)
    assert activation.relu_gradient(many, many) is NotImplemented
