"""How good are made-up digits? The classifier of examples.mnist says which it recognises."""

from __future__ import annotations

from tqdm import tqdm

import autograd
import nn
from autograd import Tensor
from examples import digits, mnist

SURE = 0.9  # the chance from which an image counts as recognised


@autograd.no_grad()
def recognised(classifier: nn.Module, images: Tensor, labels: Tensor) -> float:
    """The share of ``images`` (N, 1, 28, 28) of which ``classifier`` is sure that they show
    the digits ``labels`` (N,)."""
    chances = [classifier(batch).softmax(1) for batch in images.split(1000)]
    right = autograd.cat(chances).gather(1, labels[:, None])
    return float((right > SURE).float().mean())


def trained_classifier(images: Tensor, labels: Tensor, steps: int) -> nn.Module:
    """The convolutional network of examples.mnist after two epochs, or fewer ``steps``."""
    steps = min(steps, 2 * digits.steps_of_an_epoch(images))
    training = mnist.Training("cnn", "modern", steps)
    batches = digits.batches(images, labels, steps)
    for batch in tqdm(batches, "classifier", steps, leave=False, disable=None):
        training.step(*batch)
    return training.model.eval()
