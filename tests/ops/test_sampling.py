"""What the rows for sampling.py don't say."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from nn import functional as F


@pytest.mark.parametrize("corners", [False, True])
@pytest.mark.parametrize("mode", ["bilinear", "nearest", "bicubic"])
def test_the_identity_gives_the_image_back(mode: str, corners: bool) -> None:
    image = autograd.tensor(np.random.default_rng(0).random((2, 3, 4, 5)))
    theta = autograd.eye(2, 3, dtype="float64").repeat(2, 1, 1)
    grid = F.affine_grid(theta, image.shape, align_corners=corners)
    same = F.grid_sample(image, grid, mode, align_corners=corners)
    np.testing.assert_allclose(same.numpy(), image.numpy(), atol=1e-12)


@pytest.mark.parametrize("padding_mode", ["border", "reflection"])
def test_a_place_that_is_no_number_is_the_first(padding_mode: str) -> None:
    image = autograd.tensor([[[[1.0, 2.0, 3.0]]]])
    grid = autograd.tensor([[[[float("nan"), 0.0]]]])
    assert F.grid_sample(image, grid, "bilinear", padding_mode, False).item() == 1


def test_far_outside_is_zero() -> None:
    grid = autograd.tensor([[[[1e20, 0.0], [-1e20, 0.0], [0.0, 1e9]]]])
    assert F.grid_sample(autograd.ones(1, 1, 2, 2), grid).tolist() == [[[[0.0, 0.0, 0.0]]]]


def test_the_nearest_has_no_gradient_by_the_place() -> None:
    grid = autograd.zeros(1, 1, 1, 2, requires_grad=True)
    image = autograd.ones(1, 1, 2, 2, requires_grad=True)
    F.grid_sample(image, grid, "nearest").sum().backward()
    assert image.grad.sum().item() == 1
    assert grid.grad is None or grid.grad.tolist() == [[[[0.0, 0.0]]]]
