from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.ops import similarity as ops


def test_a_zero_vector_is_similar_to_nothing_and_has_a_finite_gradient() -> None:
    x = autograd.zeros(1, 3, requires_grad=True)
    similarity = ops.cosine_similarity(x, autograd.ones(1, 3))
    similarity.sum().backward()
    assert similarity.tolist() == [0.0]
    assert np.isfinite(x.grad.numpy()).all()


def test_cosines_stay_within_1_for_vectors_of_any_length() -> None:
    for size in (1e-5, 1e15):
        x = autograd.full((1, 3), size)
        np.testing.assert_allclose(ops.cosine_similarity(x, x).tolist(), [1.0], rtol=1e-5)


@pytest.mark.parametrize("p", [0.5, 1.0, 2.0, 3.0, float("inf")])
def test_equal_rows_have_no_gradient(p: float) -> None:
    x = autograd.ones(2, 3, requires_grad=True)
    distances = ops.pdist(x, p)
    distances.sum().backward()
    assert distances.tolist() == [0.0]
    assert x.grad.tolist() == [[0.0] * 3] * 2


def test_p_0_counts_the_coordinates_that_differ() -> None:
    x = autograd.tensor([[0.0, 1.0, 2.0], [0.0, 5.0, 6.0], [0.0, 1.0, 6.0]])
    assert ops.pdist(x, 0).tolist() == [2.0, 1.0, 1.0]


def test_rows_without_columns_have_no_distance() -> None:
    assert ops.pdist(autograd.zeros(3, 0)).tolist() == [0.0, 0.0, 0.0]
    assert ops.pdist(autograd.zeros(0, 3)).shape == (0,)
