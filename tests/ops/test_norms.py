"""Norms at 0 and of infinite numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd
from autograd.ops import norms
from tests.ops.test_reduction import gradient

inf, nan = math.inf, math.nan


@pytest.mark.parametrize("p", ["fro", 2, 1, 3, 0.5, 1.5, -1, 0, inf, -inf])
def test_the_gradient_at_0_is_0(p: Any) -> None:
    assert gradient(lambda x: norms.norm(x, p), [0.0, 0.0]) == [0, 0]
    assert gradient(lambda x: norms.norm(x, p, 1), [[0.0, 0.0]]) == [[0, 0]]


@pytest.mark.parametrize("p", [2, 1, 3, 1.5])
def test_so_is_the_second(p: float) -> None:
    x = autograd.tensor([0.0, 0.0], requires_grad=True)
    (first,) = autograd.grad(norms.norm(x, p), x, create_graph=True)
    (second,) = autograd.grad((first * first).sum(), x, materialize_grads=True)
    assert second.tolist() == [0, 0]


def test_largest_elements_share_the_gradient_of_the_infinity_norm() -> None:
    assert gradient(lambda x: norms.norm(x, inf), [-3.0, 3.0, 1.0]) == [-0.5, 0.5, 0]


def test_the_norm_of_complex_numbers_is_real() -> None:
    x = autograd.tensor([3 + 4j, 0], requires_grad=True)
    for p in (1, 2, 3, inf, 0):
        out = norms.norm(x, p)
        assert out.dtype == autograd.float32
        assert out.item() == pytest.approx(1 if p == 0 else 5)
    norms.norm(x).backward()
    np.testing.assert_allclose(x.grad.numpy(), [0.6 + 0.8j, 0], rtol=1e-6)


def test_an_empty_norm_is_0() -> None:
    for p in (0, 1, 2, 3):
        assert norms.norm(autograd.ones(0), p).item() == 0


@pytest.mark.parametrize(
    ("values", "value", "slope"),
    [
        ([-inf, -inf], -inf, [0, 0]),
        ([-inf, 1.0], 1, [0, 1]),
        ([inf, 1.0], inf, [1, 0]),
        ([1000.0, 1000.0], 1000 + math.log(2), [0.5, 0.5]),
        ([-1000.0, 0.0], 0, [0, 1]),
    ],
)
def test_logsumexp_of_infinite_and_large_numbers(values: Any, value: float, slope: Any) -> None:
    out = norms.logsumexp(autograd.tensor(values, dtype=autograd.float64), 0)
    assert out.item() == pytest.approx(value)
    np.testing.assert_allclose(gradient(lambda x: norms.logsumexp(x, 0), values), slope)


def test_logsumexp_of_nan_nothing_and_integers() -> None:
    assert math.isnan(norms.logsumexp(autograd.tensor([1.0, nan]), 0).item())
    assert norms.logsumexp(autograd.ones(0), 0).item() == -inf
    assert norms.logsumexp(autograd.tensor([0, 0]), 0).item() == pytest.approx(math.log(2))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64])
@pytest.mark.parametrize("size", [0, 1, 4096, 4097, 100_000])
def test_a_norm_of_many_elements_loses_no_digits(size: int, dtype: Any) -> None:
    x = np.random.default_rng(0).standard_normal((2, size, 2)).astype(dtype)[..., 0]
    exact = np.sqrt(np.sum(np.abs(x.astype(np.complex128)) ** 2))
    tolerance = 2 * np.finfo(dtype).eps
    np.testing.assert_allclose(norms.norm(autograd.tensor(x)).numpy(), exact, rtol=tolerance)
    kept = norms.norm(autograd.tensor(x), keepdim=True)
    assert kept.shape == (1, 1)
    np.testing.assert_allclose(kept.numpy()[0, 0], exact, rtol=tolerance)
