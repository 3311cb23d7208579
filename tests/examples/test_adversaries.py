"""The pairs of networks: what one makes, the other one can judge."""

from __future__ import annotations

import pytest

import autograd
from examples.adversaries import MODELS

pytestmark = pytest.mark.usefixtures("restored_seed")


@pytest.mark.parametrize("name", MODELS)
def test_a_discriminator_scores_a_generator_s_images(name):
    autograd.manual_seed(0)
    generator, discriminator = MODELS[name](30)
    images = generator(autograd.randn(4, 30))
    assert images.shape == (4, 1, 28, 28)
    assert -1 <= images.min() < 0 < images.max() <= 1
    assert discriminator(images).shape == (4, 10)
