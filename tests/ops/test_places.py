"""Adding at places of a flattened array, beside NumPy's way without flattening it."""

from __future__ import annotations

import numpy as np
import pytest

from autograd.ops import places
from autograd.ops.places import add_at, any_outside, places_along

FULL = slice(None)
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("wide", [1, 1000])
@pytest.mark.parametrize(
    "index",
    [
        (np.array([3, 0, -1, 0]),),
        (np.array([[3, 0], [-1, 0]]), FULL),
        (FULL, np.array([1, 1, -1])),
        (FULL, np.array([[1], [0]]), FULL),
        (np.array([1, 1]), FULL, np.array([0, 0])),
        (np.array([True, False, True, False]),),
        (np.array([], np.int64),),
    ],
)
def test_the_same_as_without_flattening(monkeypatch, wide, index):
    monkeypatch.setattr(places, "WIDE", wide)
    out = RNG.standard_normal((4, 2, 3))
    values = RNG.standard_normal(out[index].shape)
    for value in (values, values[..., :1], np.float32(2)):
        found, expected = np.copy(out), np.copy(out)
        add_at(found, index, value)
        np.add.at(expected, index, value)
        np.testing.assert_allclose(found, expected, rtol=1e-15)


@pytest.mark.parametrize("wide", [1, 1000])
@pytest.mark.parametrize("shape", [(3,), (3, 2)])
@pytest.mark.parametrize("position", [3, -4])
def test_positions_outside_are_refused(monkeypatch, wide, shape, position):
    monkeypatch.setattr(places, "WIDE", wide)
    with pytest.raises(IndexError, match="out of bounds"):
        add_at(np.zeros(shape), (np.array([position]),), np.ones((1, *shape[1:])))


def test_wide_rows_of_half_precision_are_rounded_once():
    out = np.zeros((1, places.WIDE), np.float16)
    add_at(out, (np.zeros(5000, np.int64),), np.ones((5000, places.WIDE), np.float16))
    assert (out == 5000).all()


@pytest.mark.parametrize("dim", [0, 1, 2])
def test_places_along_a_dim(dim):
    x = RNG.standard_normal((2, 3, 4))
    index = RNG.integers(0, x.shape[dim], x.shape)
    found = x.reshape(-1)[places_along(x.shape, index, dim)]
    np.testing.assert_array_equal(found, np.take_along_axis(x, index, dim))


@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_outside(dtype):
    for index, outside in (([], False), ([0, 1], False), ([2], True), ([[1], [-1]], True)):
        assert any_outside(np.array(index, dtype), 2) is outside
    assert any_outside(np.array([0], dtype), 0)


def test_places_beyond_what_int32_counts():
    index = np.array([[3], [1]], np.int32)
    assert places_along((4, 1 << 30), index, 0).tolist() == [[3 << 30], [1 << 30]]
