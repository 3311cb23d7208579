"""Recognise handwritten digits: train a network on MNIST, test it on all 10,000 test images.

python -m examples.mnist                    # the multilayer perceptron of tinynn's article
python -m examples.mnist --recipe modern    # the same net with dropout, decay and a schedule
python -m examples.mnist --model cnn --epochs 6 --plot
python -m examples.mnist --model lstm --epochs 10   # reads the images row by row; so does rnn
python -m examples.mnist --data DIR         # Fashion-MNIST or other IDX files
python -m examples.mnist --resume           # goes on after Ctrl-C, with the same result
"""

from __future__ import annotations

import argparse
import functools
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

import autograd
import nn
import optim
from autograd import Tensor
from examples import program
from nn.data import DataError, idx

DATA = Path(__file__).parent / "data" / "mnist"
BATCH = 128

Curve = list[tuple[float, float]]  # the mean training loss and the test accuracy of each epoch


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
# The best test accuracy to be reached: by the perceptron in 20 epochs, the CNN in 6, the RNN in 14,
# the LSTM in 10.
RESULTS = {
    ("mlp", "article"): 0.980,
    ("mlp", "modern"): 0.985,
    ("cnn", "modern"): 0.992,
    ("rnn", "modern"): 0.970,
    ("lstm", "modern"): 0.985,
}


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


def batches(images: Tensor, labels: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
    """All examples once, in random order, ``size`` at a time."""
    order = autograd.randperm(len(images))
    for start in range(0, len(images), size):
        chosen = order[start : start + size]
        yield images[chosen], labels[chosen]


@autograd.no_grad()
def accuracy(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    """The share of ``images`` that ``model`` recognises."""
    model.eval()
    scores = autograd.cat([model(batch) for batch in images.split(1000)])
    model.train()
    return float((scores.argmax(1) == labels).float().mean())


class Training:
    """A model with what trains it."""

    def __init__(self, model: str, recipe: str, steps: int) -> None:
        self.loss = nn.CrossEntropyLoss()
        if recipe == "article":
            self.model = MODELS[model]()
            self.optimizer: optim.Optimizer = optim.Adam(self.model.parameters(), lr=1e-3)
            self.schedule: optim.lr_scheduler.LRScheduler = optim.lr_scheduler.ConstantLR(
                self.optimizer, factor=1
            )
        else:
            self.model = MODELS[model](dropout=0.3)
            self.optimizer = optim.AdamW(self.model.parameters(), lr=2e-3, weight_decay=0.05)
            self.schedule = optim.lr_scheduler.CosineAnnealingLR(self.optimizer, T_max=steps)

    def step(self, images: Tensor, labels: Tensor) -> float:
        """One step of the optimizer on one batch; the loss before it."""
        self.optimizer.zero_grad()
        loss = self.loss(self.model(images), labels)
        loss.backward()
        self.optimizer.step()
        self.schedule.step()
        return float(loss.item())

    def epoch(self, images: Tensor, labels: Tensor, title: str) -> float:
        """One pass over the training set, with a progress bar on a terminal; the mean loss."""
        total = 0.0
        with tqdm(total=len(images), desc=title, unit=" samples", leave=False, disable=None) as bar:
            for batch, targets in batches(images, labels, BATCH):
                total += self.step(batch, targets) * len(batch)
                bar.set_postfix(loss=f"{total / (bar.n + len(batch)):.4f}", refresh=False)
                bar.update(len(batch))
        return total / len(images)


def train(options: argparse.Namespace) -> Curve:
    """Train as the command line says, report each epoch, save the weights; Ctrl-C ends it early."""
    autograd.manual_seed(options.seed)
    images, labels = tensors(options.data, "train")
    test = tensors(options.data, "t10k")
    training = Training(options.model, options.recipe, options.epochs * -(-len(images) // BATCH))
    folder = options.out / f"checkpoints-{options.model}-{options.recipe}"
    checkpoint = nn.Checkpoint(folder, keep=1)
    done, metrics = program.resume(checkpoint, options, **vars(training))
    curve: Curve = metrics.get("curve", [])
    try:
        for epoch in range(done + 1, options.epochs + 1):
            start = time.perf_counter()
            loss = training.epoch(images, labels, f"epoch {epoch}/{options.epochs}")
            pace = len(images) / (time.perf_counter() - start)
            curve.append((loss, accuracy(training.model, *test)))
            checkpoint.save(epoch, **vars(training), metrics={"curve": curve})
            print(
                f"epoch {epoch:2}: loss {loss:.4f}, test accuracy {curve[-1][1]:.4f}, "
                f"{pace:,.0f} samples/s",
                flush=True,
            )
    except KeyboardInterrupt:
        print("interrupted: saving what has been learnt; --resume goes on", file=sys.stderr)
    nn.save(training.model, options.out / f"{options.model}.safetensors")
    print(f"wrote {options.out / options.model}.safetensors")
    return curve


def draw(pyplot: Any, curve: Curve) -> Any:
    """The learning curve."""
    epochs = range(1, len(curve) + 1)
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4), layout="constrained")
    left.plot(epochs, [loss for loss, _ in curve], marker=".")
    left.set(title="training loss", xlabel="epoch", yscale="log")
    right.plot(epochs, [accuracy for _, accuracy in curve], marker=".")
    right.set(title="test accuracy", xlabel="epoch")
    return figure


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = program.options("mnist", __doc__.split("\n")[0], resumable=True, epochs=20)
    parser.add_argument("--model", choices=MODELS, default="mlp", help="default: mlp")
    recipe = "the article's Adam, or AdamW with dropout, decay and a cosine schedule"
    parser.add_argument("--recipe", choices=("article", "modern"), help=f"{recipe} (but for mlp)")
    parser.add_argument("--data", type=Path, default=DATA, help="a folder of IDX files")
    parser.add_argument("--plot", action="store_true", help="draw the learning curve into a PNG")
    options = parser.parse_args(arguments)
    options.recipe = options.recipe or ("article" if options.model == "mlp" else "modern")
    if options.check and (options.model, options.recipe) not in RESULTS:
        parser.error(f"--check: no result of {options.model} by {options.recipe} is documented")
    return options


def main(arguments: list[str] | None = None) -> None:
    """Train, and report the best and the last results."""
    options = parse(arguments)
    pyplot = program.pyplot() if options.plot else None  # the one package that is not required
    curve = train(options)
    accuracies = [accuracy for _, accuracy in curve]
    best = max(accuracies, default=0.0)
    if curve:
        print(f"test accuracy: best {best:.4f}, mean of the last 5 {np.mean(accuracies[-5:]):.4f}")
    if pyplot is not None:
        program.save(draw(pyplot, curve), options.out / f"{options.model}.png")
    if options.check:
        wanted = RESULTS[options.model, options.recipe]
        program.check(best >= wanted, f"a test accuracy of {wanted}")


if __name__ == "__main__":
    program.run(main)
