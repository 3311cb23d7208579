"""The kernels for normalization, against the definitions in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba")

from autograd.kernels.compiled import normalization, standardization
from autograd.ops.normalization import (
    _batch_norm,
    _batch_norm_gradients,
    _normalize_rows,
    _normalize_rows_gradients,
)
from tests.kernels.guards import Guards, guarding, random_shapes

DTYPES = [np.float32, np.float64]
SHAPES = [
    *[(2, 1), (7, 3), (300, 70), (1, 5, 9), (4, 6, 5, 5), (3, 64, 7, 9), (40, 3, 33, 60)],
    *random_shapes(90, 90),
    *random_shapes(9, 70, 40),
    *random_shapes(5, 70, 9, 9),
]


def close(found: Any, expected: Any, dtype: Any) -> None:
    """The error is measured by the largest number: sums cancel."""
    assert found.dtype == dtype
    assert found.shape == expected.shape
    largest = np.max(np.abs(expected), initial=1e-30, where=np.isfinite(expected))
    tolerance = 100 * np.finfo(np.float32).eps if dtype == np.float32 else 1e-12
    np.testing.assert_allclose(found, expected, rtol=0, atol=largest * tolerance)


def in_double(formula: Any, *args: Any) -> Any:
    def widened(value: Any) -> Any:
        if isinstance(value, tuple) and value and isinstance(value[0], np.ndarray):
            return tuple(map(widened, value))
        return value.astype(np.float64) if isinstance(value, np.ndarray) else value

    return formula.primitive.implementation(*map(widened, args))


def laid_out(guards: Guards, values: Any, last: bool) -> Any:
    order = (0, *range(2, values.ndim), 1) if last else None
    return guards.array(values, order=order)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("last", [True, False])
def test_batch_norm(
    last: bool, affine: bool, shape: Any, dtype: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = np.random.default_rng(len(shape))

    def draw(*size: int) -> Any:
        return generator.standard_normal(size).astype(dtype)

    channels = shape[1]
    values = draw(*shape) * 3 + np.arange(channels, dtype=dtype).reshape(
        -1, *[1] * (len(shape) - 2)
    )
    weight, bias = (draw(channels), draw(channels)) if affine else (None, None)
    expected = in_double(_batch_norm, values, weight, bias, 1e-5)
    with guarding(monkeypatch.setattr) as guards:
        x = laid_out(guards, values, last)
        found = normalization.batch_norm(x, weight, bias, 1e-5)
    for one, other in zip(found, expected, strict=True):
        close(one, other, dtype)
    assert (np.moveaxis(found[0], 1, -1) if last else found[0]).flags.c_contiguous
    upstream = (draw(*shape), draw(channels), draw(channels))
    rest = (weight, found[1], found[2], 1e-5)
    expected = in_double(_batch_norm_gradients, upstream, (True,) * 3, values, *rest)
    with guarding(monkeypatch.setattr) as guards:
        x = laid_out(guards, values, last)
        g = (laid_out(guards, upstream[0], bool(generator.integers(2))), *upstream[1:])
        gradients = normalization.batch_norm_gradients(g, (True,) * 3, x, *rest)
    assert (gradients[1] is None) == (weight is None)
    for one, other in zip(gradients, expected, strict=True):
        if other is not None:
            close(one, other, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "shape",
    [(1, 3), (9, 33), (300, 257), (4, 3, 35), (5, 9000), *random_shapes(9, 700)],
)
@pytest.mark.parametrize("affine", [True, False])
def test_rows(affine: bool, shape: Any, dtype: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(5)

    def draw(*size: int) -> Any:
        return generator.standard_normal(size).astype(dtype)

    values, upstream = draw(*shape) * 2 + 1, draw(*shape)
    weight, bias = (draw(shape[-1]), draw(shape[-1])) if affine else (None, None)
    expected = in_double(_normalize_rows, values, weight, bias, 1e-5)
    with guarding(monkeypatch.setattr) as guards:
        x = guards.array(values)
        rows = [row if row is None else guards.array(row) for row in (weight, bias)]
        found = standardization.normalize_rows(x, *rows, 1e-5)
    close(found, expected, dtype)
    for wanted in ((True, affine, affine), (True, False, affine), (True, False, False)):
        expected = in_double(_normalize_rows_gradients, upstream, wanted, values, weight, 1e-5)
        with guarding(monkeypatch.setattr) as guards:
            x, g = guards.array(values), guards.array(upstream)
            row = weight if weight is None else guards.array(weight)
            gradients = standardization.normalize_rows_gradients(g, wanted, x, row, 1e-5)
        assert [gradient is not None for gradient in gradients] == list(wanted)
        for one, other in zip(gradients, expected, strict=True):
            if other is not None:
                close(one, other, dtype)


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_stays_in_its_channel(wrong: float, last: bool) -> None:
    x = np.random.default_rng(6).standard_normal((64, 16, 5, 5)).astype(np.float32)
    x[3, 2, 1, 1] = wrong
    x = np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 1, -1)), -1, 1) if last else x
    with np.errstate(invalid="ignore"):
        expected = in_double(_batch_norm, x, None, None, 1e-5)
        found = normalization.batch_norm(x, None, None, 1e-5)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_a_mean_far_from_0_costs_no_digits() -> None:
    x = np.random.default_rng(7).standard_normal((4000, 64)).astype(np.float32) + 1000
    found, center, variance = normalization.batch_norm(x, None, None, 1e-5)
    expected = in_double(_batch_norm, x, None, None, 1e-5)
    np.testing.assert_allclose(center, expected[1], rtol=1e-7)
    np.testing.assert_allclose(variance, expected[2], rtol=1e-5)
    np.testing.assert_allclose(found, expected[0], atol=2e-4)


def test_what_is_declined() -> None:
    x = np.ones((4, 6, 5), np.float32)
    assert normalization.batch_norm(x[:, ::2], None, None, 1e-5) is NotImplemented
    assert normalization.batch_norm(x[:0], None, None, 1e-5) is NotImplemented
    assert normalization.batch_norm(x.astype(np.float16), None, None, 1e-5) is NotImplemented
    assert normalization.batch_norm(x, np.ones(6), None, 1e-5) is NotImplemented
    assert standardization.normalize_rows(x.T, None, None, 1e-5) is NotImplemented
    assert standardization.normalize_rows(x, np.ones(5), None, 1e-5) is NotImplemented
    assert standardization.normalize_rows(x[:0], None, None, 1e-5) is NotImplemented
