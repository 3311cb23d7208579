"""Window functions beside SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import get_window

import autograd
from autograd.errors import DTypeError, ShapeError

WINDOWS = {
    "hann_window": "hann",
    "hamming_window": "hamming",
    "blackman_window": "blackman",
    "bartlett_window": "bartlett",
    "kaiser_window": ("kaiser", 12.0),
}


@pytest.mark.parametrize("name", WINDOWS)
@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize("length", [1, 2, 5, 8])
def test_values(name, periodic, length):
    window = getattr(autograd, name)(length, periodic, dtype=autograd.float64)
    expected = get_window(WINDOWS[name], length, fftbins=periodic)
    np.testing.assert_allclose(window.numpy(), expected, atol=1e-12)


@pytest.mark.parametrize("name", WINDOWS)
def test_lengths_and_dtypes(name):
    create = getattr(autograd, name)
    assert create(0).shape == (0,)
    assert create(3).dtype == autograd.float32
    assert create(3, requires_grad=True).requires_grad
    with pytest.raises(ShapeError, match=f"{name}: sizes must not be negative"):
        create(-1)
    with pytest.raises(DTypeError, match="needs a floating dtype"):
        create(3, dtype=autograd.int64)


def test_parameters():
    window = autograd.hamming_window(4, True, 0.5, 0.5, dtype=autograd.float64)
    expected = autograd.hann_window(4, dtype=autograd.float64)
    np.testing.assert_allclose(window.numpy(), expected.numpy(), atol=1e-15)
    window = autograd.kaiser_window(6, False, beta=3.0, dtype=autograd.float64)
    np.testing.assert_allclose(window.numpy(), np.kaiser(6, 3.0), atol=1e-12)
