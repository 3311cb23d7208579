"""The less usual distributions that a tensor can be filled with."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import DTypeError, GraphError, ShapeError

N = 20_000


def filled(name: str, *args: float, dtype: str = "float64") -> np.ndarray:
    generator = autograd.Generator().manual_seed(0)
    return getattr(autograd.zeros(N, dtype=dtype), name)(*args, generator=generator).numpy()


def test_distributions() -> None:
    stats = pytest.importorskip("scipy.stats")
    assert stats.kstest(filled("cauchy_", 1.0, 0.5), "cauchy", (1.0, 0.5)).pvalue > 0.01
    assert stats.kstest(np.log(filled("log_normal_", 0.5, 2.0)), "norm", (0.5, 2.0)).pvalue > 0.01


def test_geometric_counts_the_tries() -> None:
    tries = filled("geometric_", 0.25, dtype="int64")
    assert tries.min() == 1
    np.testing.assert_allclose(tries.mean(), 4, rtol=0.03)
    np.testing.assert_allclose((tries == 2).mean(), 0.25 * 0.75, rtol=0.05)


def test_refusals() -> None:
    x = autograd.zeros(2)
    for name, args in (("cauchy_", (0, 0)), ("log_normal_", (0, 0)), ("geometric_", (1.0,))):
        with pytest.raises(ShapeError, match=name):
            getattr(x, name)(*args)
    with pytest.raises(DTypeError, match="real floating dtype"):
        autograd.zeros(2, dtype="int64").cauchy_()
    with pytest.raises(GraphError, match="leaf that requires grad"):
        autograd.zeros(2, requires_grad=True).geometric_(0.5)
