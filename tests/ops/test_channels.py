"""Sums, factors and shifts by channel: values, derivatives, memory order."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.ops import channels
from autograd.ops.channels import _blend, _dot_by_channel, _scale_and_shift, laid_out_as, slices

SHAPES = [(5, 3), (2, 3, 4), (3, 2, 4, 5)]


def draw(*shape, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, shape)


def spread(numbers, x):
    return numbers.reshape(-1, *(1,) * (x.ndim - 2))


def leaves(*arrays):
    return tuple(autograd.tensor(array, requires_grad=True) for array in arrays)


@pytest.fixture(params=[1, 1 << 16])
def cached(request, monkeypatch):
    monkeypatch.setattr(channels, "CACHED", request.param)


@pytest.mark.usefixtures("cached")
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("last", [False, True])
def test_values(shape, last):
    x, y = draw(*shape), draw(*shape, seed=1)
    a, b, c = (draw(shape[1], seed=seed) for seed in (2, 3, 4))
    if last:
        y = np.moveaxis(np.ascontiguousarray(np.moveaxis(y, 1, -1)), -1, 1)
    rest = (0, *range(2, x.ndim))
    np.testing.assert_allclose(_scale_and_shift(y, a, b), y * spread(a, x) + spread(b, x))
    np.testing.assert_allclose(
        _blend(x, y, a, b, c), x * spread(a, x) + y * spread(b, x) + spread(c, x)
    )
    np.testing.assert_allclose(
        _dot_by_channel(x, y, a), np.sum(x * (y - spread(a, x)), axis=rest), atol=1e-12
    )


@pytest.mark.usefixtures("cached")
def test_derivatives():
    x, y, a, b, c = leaves(
        draw(2, 3, 2), draw(2, 3, 2, seed=1), *(draw(3, seed=seed) for seed in (2, 3, 4))
    )
    for operation, inputs in ((_blend, (x, y, a, b, c)), (_dot_by_channel, (x, y, a))):
        assert autograd.gradcheck(operation, inputs)
        assert autograd.gradgradcheck(operation, inputs)


@pytest.mark.parametrize(("count", "most"), [(0, 3), (7, 0), (7, 3), (7, 7), (12, 5), (1, 9)])
def test_slices_are_all_and_none_is_too_long(count, most):
    parts = [list(range(count))[part] for part in slices(count, most)]
    assert [i for part in parts for i in part] == list(range(count))
    lengths = [len(part) for part in parts]
    assert all(0 < length <= max(1, most) for length in lengths)
    assert not lengths or max(lengths) == lengths[0]


def test_laid_out_as_copies_only_where_the_order_differs():
    like = np.moveaxis(np.zeros((2, 4, 5, 3), np.uint8), -1, 1)
    same = np.moveaxis(draw(2, 4, 5, 3), -1, 1)
    assert laid_out_as(like, same) is same
    other = draw(2, 3, 4, 5)
    out = laid_out_as(like, other)
    np.testing.assert_array_equal(out, other)
    assert np.moveaxis(out, 1, -1).flags.c_contiguous
