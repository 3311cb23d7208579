"""Newton-Schulz iterations, against what they do to singular values."""

import numpy as np
import pytest

from autograd.errors import ShapeError
from optim.muon import COEFFICIENTS, orthogonal

TRAINED = (3.4445, -4.7750, 2.0315)


@pytest.mark.parametrize("shape", [(3, 3), (20, 7), (7, 20), (1, 5), (64, 64)])
@pytest.mark.parametrize("steps", [0, 1, 3])
@pytest.mark.parametrize("coefficients", [TRAINED, (1.5, -0.5, 0.0)])
def test_the_polynomial_acts_on_the_singular_values(shape, steps, coefficients):
    matrix = np.random.default_rng(0).standard_normal(shape)
    u, values, vh = np.linalg.svd(matrix, full_matrices=False)
    values /= np.linalg.norm(values)
    a, b, c = coefficients
    for _ in range(steps):
        values = a * values + b * values**3 + c * values**5
    found = orthogonal(matrix, coefficients, steps)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, u * values @ vh, atol=0.03)  # bfloat16 has 8 bits


def test_singular_values_come_near_one():
    matrix = np.random.default_rng(1).standard_normal((30, 20))
    values = np.linalg.svd(orthogonal(matrix), compute_uv=False)
    assert values.min() > 0.6
    assert values.max() < 1.3


def test_zeros_stay_zeros_and_nan_is_not_hidden():
    assert not orthogonal(np.zeros((2, 3))).any()
    assert np.isnan(orthogonal(np.full((2, 2), np.nan))).all()


def test_defaults_are_the_published_ones():
    assert COEFFICIENTS == TRAINED


@pytest.mark.parametrize(("coefficients", "steps"), [((1.0, 2.0), 5), (TRAINED, 100)])
def test_bad_arguments(coefficients, steps):
    with pytest.raises(ShapeError, match="three ns_coefficients and less than 100 ns_steps"):
        orthogonal(np.ones((2, 2)), coefficients, steps)
