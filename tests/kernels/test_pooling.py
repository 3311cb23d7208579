"""The kernels for pooling, against the definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba")

from autograd.errors import ShapeError
from autograd.kernels.compiled import pooling
from autograd.ops.pooling_maps import _max_pool, _place, _spread, _sum_pool
from autograd.ops.windows import Windows
from tests.kernels.guards import Guards, guarding

LAYOUTS = ("channels last", "planes", "strided")


def random_windows(generator: np.random.Generator, dilates: bool) -> tuple[Windows, Any]:
    """Windows over one or two dims, and the shape of an array for them."""
    while True:
        dims = int(generator.integers(1, 3))
        size = tuple(generator.integers(1, 12, dims))
        kernel = tuple(int(k) for k in generator.integers(1, 5, dims))
        stride = tuple(int(s) for s in generator.integers(1, 5, dims))
        dilation = tuple(int(d) for d in generator.integers(1, 3 if dilates else 2, dims))
        pads = [int(generator.integers(0, k // 2 + 1)) for k in kernel]
        padding = tuple((pad, pad) for pad in pads)
        ceil_mode = bool(generator.integers(2))
        channels = int(generator.choice([1, 3, 8, 17, 32]))
        try:
            windows = Windows.over("", size, kernel, stride, padding, dilation, ceil_mode)
        except ShapeError:
            continue
        lead = (channels,) if generator.integers(3) == 0 else (int(generator.integers(4)), channels)
        return windows, (*lead, *size)


def laid_out(guards: Guards, values: Any, dims: int, layout: str) -> Any:
    channel = values.ndim - dims - 1
    others = [dim for dim in range(values.ndim) if dim != channel]
    order = (*others, channel) if layout == "channels last" else None
    return guards.array(values, strided=layout == "strided", order=order)


def random_values(generator: np.random.Generator, shape: Any, dtype: Any) -> Any:
    """Numbers with ties among them, NaN and infinities."""
    values = generator.integers(-4, 5, shape).astype(dtype)
    special = np.array([np.nan, np.inf, -np.inf], dtype)
    chosen = generator.random(shape) < generator.choice([0, 0.1, 0.9])
    return np.where(chosen, generator.choice(special, shape), values)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_maximum(layout: str, dtype: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(1)
    for seed in range(60):
        monkeypatch.setattr(pooling, "SHARE", (1, 1 << 16)[seed % 2])
        windows, shape = random_windows(generator, dilates=True)
        values = random_values(generator, shape, dtype)
        expected, expected_index = _max_pool.primitive.implementation(values, windows)
        with guarding(monkeypatch.setattr, seed) as guards:
            x = laid_out(guards, values, windows.dims, layout)
            found, index = pooling.max_pool(x, windows)
        np.testing.assert_array_equal(found, expected)
        np.testing.assert_array_equal(index, expected_index)
        assert found.dtype == dtype
        assert index.dtype == expected_index.dtype


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_place(layout: str, dtype: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(2)
    for seed in range(60):
        monkeypatch.setattr(pooling, "SHARE", (1, 1 << 16)[seed % 2])
        windows, shape = random_windows(generator, dilates=True)
        x = generator.standard_normal(shape)
        pooled, chosen = _max_pool.primitive.implementation(x, windows)
        upstream = generator.integers(-9, 10, pooled.shape).astype(dtype)  # sums are exact
        expected = _place.primitive.implementation(upstream, chosen, windows)
        with guarding(monkeypatch.setattr, seed) as guards:
            y = laid_out(guards, upstream, windows.dims, layout)
            index = laid_out(guards, chosen, windows.dims, generator.choice(LAYOUTS))
            found = pooling.place(y, index, windows)
        np.testing.assert_array_equal(found, expected)
        assert found.dtype == dtype


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sums(dtype: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(3)
    ran = 0
    for seed in range(80):
        monkeypatch.setattr(pooling, "SHARE", (1, 1 << 16)[seed % 2])
        windows, shape = random_windows(generator, dilates=False)
        values = generator.integers(-9, 10, shape).astype(dtype)
        summed = _sum_pool.primitive.implementation(values, windows)
        expected = _spread.primitive.implementation(summed, windows)
        with guarding(monkeypatch.setattr, seed) as guards:
            found = pooling.sum_pool(laid_out(guards, values, windows.dims, LAYOUTS[0]), windows)
            y = laid_out(guards, summed, windows.dims, LAYOUTS[0])
            back = pooling.spread_out(y, windows)
        if found is not NotImplemented:
            np.testing.assert_array_equal(found, summed)
            ran += 1
        if back is not NotImplemented:
            np.testing.assert_array_equal(back, expected)
    assert ran > 20


def test_what_is_declined() -> None:
    cube = Windows.over("", (4, 4, 4), (2, 2, 2), (2, 2, 2), ((0, 0),) * 3, (1, 1, 1))
    assert pooling.max_pool(np.ones((1, 8, 4, 4, 4)), cube) is NotImplemented
    square = Windows.over("", (20, 20), (17, 17), (1, 1), ((0, 0),) * 2, (1, 1))
    assert pooling.max_pool(np.ones((1, 8, 20, 20)), square) is NotImplemented
    small = Windows.over("", (4, 4), (2, 2), (2, 2), ((0, 0),) * 2, (1, 1))
    assert pooling.max_pool(np.ones((1, 8, 4, 4), np.int64), small) is NotImplemented
    assert pooling.max_pool(np.ones((2, 2, 2, 8, 4, 4)), small) is NotImplemented


def test_a_gradient_that_repeats_its_elements() -> None:
    windows = Windows.over("", (4, 4), (2, 2), (2, 2), ((0, 0),) * 2, (1, 1))
    index = np.zeros((1, 8, 2, 2), np.uint8)
    upstream = np.broadcast_to(np.float32(1), index.shape)
    found = pooling.place(upstream, index, windows)
    np.testing.assert_array_equal(found, _place.primitive.implementation(upstream, index, windows))
