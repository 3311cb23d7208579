"""What the rows for interpolation.py don't say: bytes, and half precision."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from nn import functional as F


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize("size", [(3, 8), (9, 4)])
def test_bytes_are_pytorchs(mode: str, antialias: bool, size: tuple[int, int]) -> None:
    torch = pytest.importorskip("torch")
    image = np.random.default_rng(0).integers(0, 256, (1, 2, 6, 7), np.uint8)
    expected = torch.nn.functional.interpolate(
        torch.tensor(image), size, mode=mode, antialias=antialias
    )
    result = F.interpolate(autograd.tensor(image), size, mode=mode, antialias=antialias)
    assert result.dtype == autograd.uint8
    np.testing.assert_array_equal(result.numpy(), expected.numpy())


def test_antialiasing_keeps_the_mean_and_a_constant_stays_constant() -> None:
    x = autograd.full((1, 1, 9, 9), 3.0, dtype="float64")
    for mode in ("bilinear", "bicubic"):
        for antialias in (False, True):
            y = F.interpolate(x, (4, 13), mode=mode, antialias=antialias)
            np.testing.assert_allclose(y.numpy(), 3.0)


def test_half_precision_is_rounded_once() -> None:
    x = autograd.tensor(np.random.default_rng(0).random((1, 1, 5, 5)), dtype=autograd.float16)
    exact = F.interpolate(x.float(), (7, 8), mode="bicubic")
    result = F.interpolate(x, (7, 8), mode="bicubic")
    np.testing.assert_array_equal(result.numpy(), exact.numpy().astype(np.float16))
