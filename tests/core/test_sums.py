"""Sums by BLAS, against NumPy's of double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd.core.sums import added

SHAPES: list[tuple[tuple[int, ...], Any]] = [
    ((3, 4), (0,)),
    ((0, 5000), (0,)),
    ((5000, 0), (1,)),
    ((5000,), (0,)),
    ((5000, 7), None),
    ((5000, 7), ()),
    ((5000, 7), (0,)),
    ((5000, 7), (1,)),
    ((5000, 7), (0, 1)),
    ((300, 257), (0,)),
    ((300, 257), (1,)),
    ((3, 4097), (1,)),
    ((70_000, 5), (0,)),  # in several parts
    ((70_000, 5), (1,)),
    ((20, 30, 4, 5), (0, 1)),
    ((20, 30, 4, 5), (2, 3)),
    ((20, 30, 4, 5), (3, 2)),
    ((20, 30, 4, 5), (0, 3)),
    ((20, 30, 4, 5), (1, 2)),
]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.complex64])
@pytest.mark.parametrize("keepdims", [True, False])
@pytest.mark.parametrize(("shape", "axes"), SHAPES)
def test_sums_over_whatever_axes(shape: Any, axes: Any, keepdims: bool, dtype: Any) -> None:
    x = np.random.default_rng(0).uniform(0.5, 9.5, shape).astype(dtype)
    found = added(x, axes, keepdims)
    exact = x.astype(np.complex128).sum(axes, keepdims=keepdims)
    assert found.dtype == dtype
    assert found.shape == exact.shape
    np.testing.assert_allclose(found, exact, rtol=1e-12 if dtype == np.float64 else 1e-5)


@pytest.mark.parametrize("axes", [(0,), (1,)])
def test_memory_in_another_order(axes: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).standard_normal((600, 600))
    for view in (x.T, x[::-2, ::-1], np.broadcast_to(x[:, :1], x.shape)):
        np.testing.assert_allclose(added(view, axes), view.sum(axes), atol=1e-9)


@pytest.mark.parametrize("axes", [(0,), (1,)])
def test_what_is_not_finite_stays_in_its_own_sum(axes: tuple[int, ...]) -> None:
    x = np.ones((1000, 200), np.float32)
    x[3, 5], x[4, 6], x[5, 7] = np.nan, np.inf, -np.inf
    np.testing.assert_array_equal(added(x, axes), np.sum(x, axes))
