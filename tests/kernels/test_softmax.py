"""The kernels for softmax and what is made of it, against the definitions in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba")

from autograd.kernels.compiled import softmax
from autograd.ops.attention import _attention_weights, _scores_gradient
from autograd.ops.classification import _cross_entropy, _cross_entropy_gradient
from autograd.ops.softmax import _log_softmax, _log_softmax_gradient, _softmax, _softmax_gradient
from tests.kernels.guards import guarding, random_shapes

SHAPES = [(1,), (37,), (3, 1), (5, 10), (2, 3, 129), (70, 1000), *random_shapes(9, 300)]
SPECIAL = np.array([np.nan, -np.nan, np.inf, -np.inf, -np.inf, -np.inf, 3e38, -3e38], np.float32)


def draw(generator: np.random.Generator, shape: Any, special: bool = False) -> Any:
    values = (generator.standard_normal(shape) * 5).astype(np.float32)
    if special:
        chosen = generator.random(shape) < generator.choice([0.02, 0.5, 1.0], (*shape[:-1], 1))
        values = np.where(chosen, generator.choice(SPECIAL, shape), values)
    return values


def in_double(definition: Any, *args: Any) -> Any:
    widened = [a.astype(np.float64) if getattr(a, "dtype", 0) == np.float32 else a for a in args]
    with np.errstate(all="ignore"):
        return definition.primitive.implementation(*widened)


def close(found: Any, expected: Any, tolerance: float = 2e-6) -> None:
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("special", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_softmax(shape: Any, special: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(len(shape))
    for seed in range(5):
        values = draw(generator, shape, special)
        for kernel, definition in (
            (softmax.softmax, _softmax),
            (softmax.log_softmax, _log_softmax),
        ):
            with guarding(monkeypatch.setattr, seed) as guards:
                found = kernel(guards.array(values), -1)
            with np.errstate(over="ignore"):  # -3e38 - 3e38 is infinite in single precision
                expected = in_double(definition, values, -1).astype(np.float32)
            close(found, expected)


@pytest.mark.parametrize("shape", SHAPES)
def test_gradients(shape: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(len(shape))
    logs = in_double(_log_softmax, draw(generator, shape), -1).astype(np.float32)
    upstream = draw(generator, shape)
    rows = [
        (softmax.softmax_gradient, _softmax_gradient, (upstream, np.exp(logs), -1)),
        (softmax.log_softmax_gradient, _log_softmax_gradient, (upstream, logs, -1)),
        (softmax.scores_gradient, _scores_gradient, (np.exp(logs), upstream)),
    ]
    for kernel, definition, args in rows:
        with guarding(monkeypatch.setattr) as guards:
            given = [guards.array(a) if isinstance(a, np.ndarray) else a for a in args]
            found = kernel(*given)
        close(found, in_double(definition, *args), 2e-5)


@pytest.mark.parametrize("special", [False, True])
@pytest.mark.parametrize("shape", [(1, 1), (9, 10), (70, 1000), *random_shapes(90, 300)])
def test_cross_entropy(shape: Any, special: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(3)
    values, target = draw(generator, shape, special), generator.integers(0, shape[1], shape[0])
    upstream = draw(generator, shape[:1])
    with guarding(monkeypatch.setattr) as guards:
        x, classes = guards.array(values), guards.array(target)
        loss = softmax.cross_entropy(x, classes)
        gradient = softmax.cross_entropy_gradient(guards.array(upstream), x, classes)
    with np.errstate(all="ignore"):
        close(loss, in_double(_cross_entropy, values, target).astype(np.float32))
        close(gradient, in_double(_cross_entropy_gradient, upstream, values, target), 5e-6)
        alike = np.full_like(upstream, 0.5)
        gradient = softmax.cross_entropy_gradient(np.float32(0.5), x, classes)
        close(gradient, in_double(_cross_entropy_gradient, alike, values, target), 5e-6)


@pytest.mark.parametrize("safe", [False, True])
def test_attention(safe: bool) -> None:
    generator = np.random.default_rng(4)
    query, key = draw(generator, (2, 3, 7, 8)), draw(generator, (2, 3, 9, 8))
    bias = np.where(generator.random((7, 9)) < 0.5, np.float32(-np.inf), np.float32(0))
    bias[2] = -np.inf
    bias[3, 4] = -np.nan
    for given in (None, bias):
        args = (query, key, given, 0.1, safe)
        close(softmax.attention_weights(*args), in_double(_attention_weights, *args), 2e-5)


def test_what_is_declined() -> None:
    x = np.ones((4, 6), np.float32)
    assert softmax.softmax(x, 0) is NotImplemented
    assert softmax.softmax(x.T, -1) is NotImplemented
    assert softmax.softmax(x[:0], -1) is NotImplemented
    assert softmax.softmax(x.astype(np.float64), -1) is NotImplemented
    for wrong in (-1, 6):  # which would be read beyond the row
        target = np.array([0, 1, 2, wrong])
        assert softmax.cross_entropy(x, target) is NotImplemented
        assert softmax.cross_entropy_gradient(x[:, 0], x, target) is NotImplemented
