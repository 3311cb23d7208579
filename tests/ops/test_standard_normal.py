"""The normal distribution in single precision, everywhere."""

import numpy as np
import pytest
from scipy import stats

import autograd
from autograd.ops.standard_normal import density, probability_below

X = np.concatenate([np.linspace(-40, 40, 100_001), [np.inf, -np.inf]]).astype(np.float32)


@pytest.mark.parametrize(
    ("function", "oracle", "error"),
    [(probability_below, stats.norm.cdf, 1.2e-7), (density, stats.norm.pdf, 1.2e-7)],
)
def test_the_error_is_that_of_single_precision(function, oracle, error):
    out = function(autograd.tensor(X)).numpy()
    assert out.dtype == np.float32
    assert np.abs(out - oracle(X.astype(np.float64))).max() < error


@pytest.mark.parametrize("function", [probability_below, density])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_nan_stays_nan_and_the_dtype_what_it_is(function, dtype):
    out = function(autograd.tensor(np.nan, dtype=dtype))
    assert np.isnan(out.item())
    assert str(out.numpy().dtype) == dtype
