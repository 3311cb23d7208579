"""One program, two libraries: the perceptron of examples.mnist, with Retrograd and with PyTorch.

`Training` is written once; it gets the modules of either library as an argument. Both begin with
the same weights and see the same batches, in float32 and in float64, so their losses are the same
but for the order in which sums are rounded. The second plot of runs/compare/losses.png shows these
differences; equal losses have no point there. Once a value before a ReLU is so near to 0 that its
sign is a matter of rounding, one network learns from it and the other does not: from there on they
part. In float32 this may take less than 100 steps (seed 0: 87).

python -m examples.compare                  # three seeds, 20 seconds; plots the first one
python -m examples.compare --steps 50 --seeds 1     # a shorter run

The headline: over the first 100 steps, the losses agree to 1e-3 in float32 and to 1e-9 in float64,
relatively. The times of a step are printed too. PyTorch is not among the packages of the extra
"examples": pip install torch.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import Any, NamedTuple

# One thread for each library, or those of one would wait for those of the other. NumPy's matrix
# products want to know when NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from tqdm import tqdm

import autograd
import nn
import optim
from autograd import Tensor
from examples import digits, program

Array = np.ndarray[Any, Any]
AGREEMENT = {"float32": 1e-3, "float64": 1e-9}


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
    """The network of `digits.perceptron`, of the ``layers`` of either library."""
    return layers.Sequential(
        layers.Flatten(),
        layers.Linear(784, 400),
        layers.ReLU(),
        layers.Linear(400, 100),
        layers.ReLU(),
        layers.Linear(100, 10),
    )


class Training:
    """The recipe of examples.mnist in ``library``, from given ``weights`` on: the loss of each
    step, and the seconds that the step took."""

    def __init__(self, library: Library, weights: list[Tensor], dtype: str) -> None:
        self.library, self.dtype = library, getattr(library.tensors, dtype)
        self.model = perceptron(library.nn).to(self.dtype)
        values = (self.tensor(weight.numpy()) for weight in weights)
        self.model.load_state_dict(dict(zip(self.model.state_dict(), values)))
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

    def __init__(self, seed: int, dtype: str, weights: list[Tensor]) -> None:
        self.seed, self.dtype = seed, dtype
        self.ours, self.theirs = (Training(each, weights, dtype) for each in libraries())

    def step(self, images: Tensor, labels: Tensor) -> None:
        """One step with each library on one batch."""
        for training in (self.ours, self.theirs):
            training.step(images.numpy(), labels.numpy())

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
            f"seed {self.seed}, {self.dtype}: the first 100 losses differ by at most {apart:.1e}; "
            f"a step takes {ours:.2f} ms with Retrograd, {theirs:.2f} ms with PyTorch"
        )
        return bool(apart < AGREEMENT[self.dtype])


def train(seed: int, images: Tensor, labels: Tensor, steps: int) -> list[Pair]:
    """Train with both libraries in both dtypes, side by side."""
    autograd.manual_seed(seed)
    weights = list(digits.perceptron().parameters())
    pairs = [Pair(seed, dtype, [x.detach() for x in weights]) for dtype in AGREEMENT]
    batches = digits.batches(images, labels, steps)
    for batch in tqdm(batches, total=steps, leave=False, disable=None):
        for pair in pairs:
            pair.step(*batch)
    return pairs


def draw(pyplot: Any, pairs: list[Pair]) -> Any:
    """The losses of the first of ``pairs``, and how far those of each are apart."""
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(12, 4), layout="constrained")
    left.plot(pairs[0].ours.losses, label="Retrograd", linewidth=4, alpha=0.4)
    left.plot(pairs[0].theirs.losses, "k", label="PyTorch", linewidth=0.7)
    left.set(xlabel="step", ylabel="loss", title=f"losses in {pairs[0].dtype}")
    for pair in pairs:
        right.plot(pair.differences(), ".", markersize=3, label=pair.dtype)
    right.set(xlabel="step", yscale="log", title="relative difference of the losses")
    left.legend()
    right.legend()
    return figure


def main(arguments: list[str] | None = None) -> None:
    """Train with both libraries from some seeds on, compare, draw."""
    parser = program.options("compare", __doc__.split("\n")[0], steps=300, seeds=3)
    options = parser.parse_args(arguments)
    pyplot = program.pyplot()
    images, labels = digits.tensors(digits.DATA, "train")
    pairs: list[Pair] = []
    for seed in range(options.seed, options.seed + options.seeds):
        pairs += train(seed, images, labels, options.steps)
    agree = [pair.agrees() for pair in pairs]
    program.save(draw(pyplot, pairs[: len(AGREEMENT)]), options.out / "losses.png")
    if options.check:
        program.check(all(agree), "losses agree to 1e-3 in float32, to 1e-9 in float64")


if __name__ == "__main__":
    program.run(main)
