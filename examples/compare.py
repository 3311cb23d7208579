"""One program, two libraries: train a perceptron on MNIST with Retrograd and with PyTorch.

`Training` is written once; it gets the modules of either library as an argument. Both begin with
the same weights and see the same batches, in float32 and in float64, so their losses are the same
but for the order in which sums are rounded. The second plot shows these differences; equal losses
have no point there.

python -m examples.compare                  # 10 seconds; the plot is runs/compare/losses.png
python -m examples.compare --steps 50       # a shorter run

The headline: over the first 100 steps, the losses agree to 1e-3 in float32 and to 1e-9 in float64,
relatively. The times of a step are printed too. PyTorch is not among the packages of the extra
"examples": pip install torch.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

# One thread for each library, or those of one would wait for those of the other. NumPy's matrix
# products want to know when NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from tqdm import trange

import autograd
import nn
import optim
from examples import program
from examples.mnist import DATA
from nn.data import DataError, idx

Array = np.ndarray[Any, Any]
AGREEMENT = {"float32": 1e-3, "float64": 1e-9}
BATCH = 128


class Library(NamedTuple):
    """The modules that a program for PyTorch imports."""

    name: str
    tensors: Any  # autograd or torch
    nn: Any
    optim: Any


def libraries() -> tuple[Library, Library]:
    """Retrograd and PyTorch."""
    torch = program.need("torch", "pip install torch")
    for tensors in (autograd, torch):
        tensors.set_num_threads(1)
    return (
        Library("Retrograd", autograd, nn, optim),
        Library("PyTorch", torch, torch.nn, torch.optim),
    )


def perceptron(layers: Any) -> Any:
    """784-100-10 with ReLU, of the ``layers`` of either library."""
    return layers.Sequential(layers.Linear(784, 100), layers.ReLU(), layers.Linear(100, 10))


class Training:
    """A model in ``library`` that begins with ``weights``, its loss at each step, and the seconds
    that the step took."""

    def __init__(self, library: Library, weights: Mapping[str, Array], dtype: str) -> None:
        self.library, self.dtype = library, getattr(library.tensors, dtype)
        self.model = perceptron(library.nn).to(self.dtype)
        self.model.load_state_dict({name: self.tensor(weights[name]) for name in weights})
        self.optimizer = library.optim.Adam(self.model.parameters(), lr=1e-3)
        self.loss = library.nn.CrossEntropyLoss()
        self.losses: list[float] = []
        self.seconds: list[float] = []

    def tensor(self, values: Array) -> Any:
        """``values`` as a tensor of the library, in the dtype of the training."""
        return self.library.tensors.from_numpy(values).to(self.dtype)

    def step(self, images: Array, labels: Array) -> None:
        """One step of the optimizer on one batch."""
        x, target = self.tensor(images), self.library.tensors.from_numpy(labels)
        start = time.perf_counter()
        self.optimizer.zero_grad()
        loss = self.loss(self.model(x), target)
        loss.backward()
        self.optimizer.step()
        self.seconds.append(time.perf_counter() - start)
        self.losses.append(loss.item())


class Pair:
    """The same training in both libraries."""

    def __init__(self, dtype: str, weights: Mapping[str, Array]) -> None:
        self.dtype = dtype
        self.ours, self.theirs = (Training(each, weights, dtype) for each in libraries())

    def differences(self) -> Array:
        """How far the losses of each step are apart, relatively."""
        ours, theirs = np.array(self.ours.losses), np.array(self.theirs.losses)
        apart: Array = np.abs(ours - theirs) / theirs
        return apart

    def agrees(self) -> bool:
        """Print how far the first 100 losses are apart and what a step took; whether they are as
        near as promised."""
        apart = self.differences()[:100].max()
        ours, theirs = (1e3 * statistics.median(x.seconds) for x in (self.ours, self.theirs))
        print(
            f"{self.dtype}: the first 100 losses differ by at most {apart:.1e}; a step takes "
            f"{ours:.2f} ms with Retrograd, {theirs:.2f} ms with PyTorch"
        )
        return bool(apart < AGREEMENT[self.dtype])


def random_batches(steps: int, seed: int) -> Iterator[tuple[Array, Array]]:
    """``steps`` random batches of images (BATCH, 784) from 0 to 1, with their labels."""
    try:
        digits = idx.load(DATA, "train")
    except DataError as error:
        raise SystemExit(f"compare: {error}") from None
    images, labels = digits.images.reshape(-1, 784), digits.labels.astype(np.int64)
    generator = np.random.default_rng(seed)
    for _ in trange(steps, leave=False, disable=None):
        chosen = generator.integers(len(labels), size=BATCH)
        yield images[chosen].astype(np.float32) / 255, labels[chosen]


def train(pairs: list[Pair], batches: Iterable[tuple[Array, Array]]) -> None:
    """Take all trainings through the batches, side by side; Ctrl-C ends it early."""
    try:
        for images, labels in batches:
            for pair in pairs:
                pair.ours.step(images, labels)
                pair.theirs.step(images, labels)
    except KeyboardInterrupt:
        print("interrupted: comparing as far as it has come", file=sys.stderr)
        for pair in pairs:
            del pair.ours.losses[len(pair.theirs.losses) :]


def draw(pyplot: Any, pairs: list[Pair]) -> Any:
    """The losses in float32, and the differences in both dtypes."""
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(12, 4), layout="constrained")
    left.plot(pairs[0].ours.losses, label="Retrograd", linewidth=4, alpha=0.4)
    left.plot(pairs[0].theirs.losses, "k", label="PyTorch", linewidth=0.7)
    left.set(xlabel="step", ylabel="loss", title="losses in float32")
    for pair in pairs:
        right.plot(pair.differences(), ".", markersize=3, label=pair.dtype)
    right.set(xlabel="step", yscale="log", title="relative difference of the losses")
    left.legend()
    right.legend()
    return figure


def main(arguments: list[str] | None = None) -> None:
    """Train with both libraries in both dtypes, compare, draw."""
    options = program.options("compare", __doc__.split("\n")[0], steps=300).parse_args(arguments)
    pyplot = program.pyplot()
    autograd.manual_seed(options.seed)
    weights = {name: x.numpy() for name, x in perceptron(nn).state_dict().items()}
    pairs = [Pair(dtype, weights) for dtype in AGREEMENT]
    train(pairs, random_batches(options.steps, options.seed))
    if not pairs[-1].theirs.losses:
        return  # interrupted in the first step
    agree = [pair.agrees() for pair in pairs]
    program.save(draw(pyplot, pairs), options.out / "losses.png")
    if options.check:
        program.check(all(agree), "losses agree to 1e-3 in float32, to 1e-9 in float64")


if __name__ == "__main__":
    main()
