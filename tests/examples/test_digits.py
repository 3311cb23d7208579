"""The batches of digits, and the networks that recognise them."""

from __future__ import annotations

import pytest

import autograd
from examples import digits

pytestmark = pytest.mark.usefixtures("restored_seed")


def test_the_batches_are_whole_epochs():
    images, labels = autograd.arange(300), -autograd.arange(300)
    batches = list(digits.batches(images, labels, 7))
    assert [len(images) for images, _ in batches] == [128, 128, 44, 128, 128, 44, 128]
    assert all(autograd.equal(images, -labels) for images, labels in batches)
    seen = [images for images, _ in batches]
    for epoch in (seen[:3], seen[3:6]):
        assert sorted(autograd.cat(epoch).tolist()) == list(range(300))
    assert seen[0].tolist() != seen[3].tolist()
    assert digits.steps_of_an_epoch(images) == 3


@pytest.mark.parametrize("name", digits.MODELS)
def test_a_network_gives_ten_scores_for_each_image_alone(name):
    autograd.manual_seed(0)
    model = digits.MODELS[name](dropout=0.3).eval()
    images = autograd.rand(3, 1, 28, 28)
    scores = model(images)
    assert scores.shape == (3, 10)
    assert autograd.allclose(model(images[1:2]), scores[1:2], atol=1e-6)


def test_accuracy_is_the_share_of_right_digits():
    model = digits.perceptron()
    images = autograd.rand(10, 1, 28, 28)
    labels = model(images).argmax(1)
    labels[:3] = (labels[:3] + 1) % 10
    assert digits.accuracy(model, images, labels) == pytest.approx(0.7)
    assert model.training
