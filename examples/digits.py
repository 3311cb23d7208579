"""MNIST as tensors and batches, and networks that recognise its digits."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from itertools import chain, islice, repeat
from pathlib import Path

import numpy as np

import autograd
import nn
from autograd import Tensor
from nn.data import DataError, idx

DATA = Path(__file__).parent / "data" / "mnist"
BATCH = 128


def tensors(folder: Path, split: str) -> tuple[Tensor, Tensor]:
    """The images of ``split`` ("train" or "t10k") as float32 (N, 1, 28, 28) in [0, 1], and their
    labels as int64 (N,)."""
    images, labels = idx.load(folder, split)
    if images.shape[1:] != (28, 28) or labels.max() > 9:
        height, width = images.shape[1:]
        raise DataError(
            f"{folder}: needs images of 28 x 28 pixels with labels from 0 to 9; {split} has "
            f"{height} x {width}, and labels up to {labels.max()}"
        )
    scaled = images[:, None].astype(np.float32) / 255
    return autograd.from_numpy(scaled), autograd.from_numpy(labels.astype(np.int64))


def batches(images: Tensor, labels: Tensor, steps: int) -> Iterator[tuple[Tensor, Tensor]]:
    """A batch for each of ``steps``: all examples once in random order, then in another one."""
    epochs = (autograd.randperm(len(images)).split(BATCH) for _ in repeat(None))
    for chosen in islice(chain.from_iterable(epochs), steps):
        yield images[chosen], labels[chosen]


def steps_of_an_epoch(images: Tensor) -> int:
    """How many batches it takes to see all ``images`` once."""
    return -(-len(images) // BATCH)


@autograd.no_grad()
def accuracy(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    """The share of ``images`` that ``model`` recognises."""
    model.eval()
    scores = autograd.cat([model(batch) for batch in images.split(1000)])
    model.train()
    return float((scores.argmax(1) == labels).float().mean())


def perceptron(dropout: float = 0.0) -> nn.Module:
    """784-400-100-10 with ReLU, and the article's initial weights: Glorot's, biases zero.

    Dropout, if any, comes before each layer but the first.
    """
    return nn.Sequential(
        nn.Flatten(),
        nn.Dense(784, 400),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Dense(400, 100),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Dense(100, 10),
    ).apply(initialise)


def initialise(module: nn.Module) -> None:
    """Glorot's initial weights and zero biases for a dense layer."""
    if isinstance(module, nn.Dense):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)


def convolutional(dropout: float = 0.0) -> nn.Module:
    """A LeNet-size network: two convolutions with pooling, two dense layers."""
    return nn.Sequential(
        nn.Conv2D(1, 16, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2D(2),
        nn.Conv2D(16, 32, 5),
        nn.ReLU(),
        nn.MaxPool2D(2),
        nn.Flatten(),
        nn.Dropout(dropout),
        nn.Dense(32 * 5 * 5, 120),
        nn.ReLU(),
        nn.Dense(120, 10),
    )


class Rows(nn.Module):
    """Reads an image row by row, from the top; what it remembers in the end decides."""

    def __init__(self, kind: type[nn.RNN] | type[nn.LSTM], dropout: float = 0.0) -> None:
        self.recurrent = kind(28, 128, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Dense(128, 10)

    def forward(self, images: Tensor) -> Tensor:
        states, _ = self.recurrent(images.squeeze(1))
        scores: Tensor = self.head(self.dropout(states[:, -1]))
        return scores


MODELS: dict[str, Callable[..., nn.Module]] = {
    "mlp": perceptron,
    "cnn": convolutional,
    "rnn": functools.partial(Rows, nn.RNN),
    "lstm": functools.partial(Rows, nn.LSTM),
}
