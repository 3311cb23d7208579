"""The programs that are compared, each for either library.

A program's maker takes a `Library` and returns a function to call again and again: one run, whose
results tell whether both libraries do the same. Data come from NumPy's seeded generator. Pairs of
training steps start from PyTorch's initial weights.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks import libraries
from benchmarks.libraries import Library
from benchmarks.measure import Program, check, compare
from benchmarks.rows import Request, Row

Maker = functools.partial[Any]  # called with a Library, it returns a Program


class Training:
    """Training steps of a model on one batch; a call is one step and returns the loss before it."""

    def __init__(
        self,
        library: Library,
        model: Any,
        loss: Callable[[Any, Any], Any],
        batch: tuple[Any, Any],
    ) -> None:
        self.model, self.loss = model, loss
        self.x, self.target = map(library.tensors.tensor, batch)
        self.optimizer = library.optim.Adam(model.parameters())

    def __call__(self) -> float:
        """Train."""
        self.optimizer.zero_grad()
        loss = self.loss(self.model(self.x), self.target)
        loss.backward()
        self.optimizer.step()
        return float(loss.item())


def normal(*shape: int) -> Any:
    """Float32 numbers from the normal distribution, always the same."""
    return np.random.default_rng(0).standard_normal(shape, np.float32)


def labels(classes: int, batch: int) -> Any:
    """One class for each example."""
    return np.random.default_rng(1).integers(0, classes, batch)


def small_operations(library: Library, size: int) -> Program:
    """``z = z * y + x`` ten times, the sum, and its gradient: 21 operations on ``size`` floats."""
    numbers = np.random.default_rng(0).uniform(-0.9, 0.9, (2, size)).astype(np.float32)
    x, y = (library.tensors.tensor(part, requires_grad=True) for part in numbers)

    def run() -> tuple[Any, ...]:
        x.grad = y.grad = None
        z = x
        for _ in range(10):
            z = z * y + x
        total = z.sum()
        total.backward()
        return total, x.grad, y.grad

    return run


def optimizer_step(library: Library, name: str, **options: float) -> Program:
    """One step of an optimizer for the parameters of a 784-400-100-10 perceptron."""
    shapes = ((400, 784), (400,), (100, 400), (100,), (10, 100), (10,))
    parameters = [library.nn.Parameter(library.tensors.ones(*shape)) for shape in shapes]
    for parameter in parameters:
        parameter.grad = library.tensors.tensor(normal(*parameter.shape))
    step = getattr(library.optim, name)(parameters, **options).step

    def run() -> list[Any]:
        step()
        return parameters

    return run


def perceptron(library: Library, sizes: Sequence[int], activation: str, batch: int) -> Training:
    """A step of a multilayer perceptron that classifies."""
    layers = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [library.nn.Linear(inputs, outputs), getattr(library.nn, activation)()]
    model = library.nn.Sequential(*layers[:-1])
    examples = normal(batch, sizes[0]), labels(sizes[-1], batch)
    return Training(library, model, library.nn.CrossEntropyLoss(), examples)


def digits_network(library: Library, batch: int) -> Training:
    """A step of the LeNet of ``examples/digits.py``: images of 28 x 28."""
    layer = library.nn
    model = layer.Sequential(
        layer.Conv2d(1, 16, 5, padding=2),
        layer.ReLU(),
        layer.MaxPool2d(2),
        layer.Conv2d(16, 32, 5),
        layer.ReLU(),
        layer.MaxPool2d(2),
        layer.Flatten(),
        layer.Linear(32 * 5 * 5, 120),
        layer.ReLU(),
        layer.Linear(120, 10),
    )
    images = normal(batch, 1, 28, 28), labels(10, batch)
    return Training(library, model, library.nn.CrossEntropyLoss(), images)


def pictures_network(library: Library, batch: int) -> Training:
    """A step of four 3 x 3 convolutions with batch norm and two pools: images of 3 x 32 x 32."""
    layer = library.nn
    layers = []
    for inputs, outputs in ((3, 32), (32, 32), (32, 64), (64, 64)):
        convolution = layer.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        layers += [convolution, layer.BatchNorm2d(outputs), layer.ReLU()]
        if inputs == outputs:
            layers.append(layer.MaxPool2d(2))
    model = layer.Sequential(*layers, layer.Flatten(), layer.Linear(64 * 8 * 8, 10))
    images = normal(batch, 3, 32, 32), labels(10, batch)
    return Training(library, model, library.nn.CrossEntropyLoss(), images)


def recurrent(library: Library, length: int, batch: int, width: int = 256) -> Training:
    """A step of an LSTM whose outputs should be its inputs: (length, batch, width)."""
    error = library.nn.MSELoss()
    sequence = normal(length, batch, width)

    def loss(results: Any, target: Any) -> Any:
        outputs, _ = results
        return error(outputs, target)

    return Training(library, library.nn.LSTM(width, width), loss, (sequence, sequence))


def transformer(library: Library, batch: int) -> Training:
    """A step of one block of a transformer: 8 heads, sequences of 128 vectors of 256 numbers."""
    layer = library.nn.TransformerEncoderLayer(256, 8, 1024, dropout=0.0, batch_first=True)
    sequence = normal(batch, 128, 256)
    return Training(library, layer, library.nn.MSELoss(), (sequence, -sequence))


STEPS: dict[str, Maker] = {
    "4-64-64-2 tanh MLP, batch 32, step": functools.partial(
        perceptron, sizes=(4, 64, 64, 2), activation="Tanh", batch=32
    ),
    "784-400-100-10 ReLU MLP, batch 128, step": functools.partial(
        perceptron, sizes=(784, 400, 100, 10), activation="ReLU", batch=128
    ),
    "MNIST-size CNN, batch 64, step": functools.partial(digits_network, batch=64),
    "CIFAR-size CNN, batch 32, step": functools.partial(pictures_network, batch=32),
    "LSTM, T 64, batch 32, hidden 256, step": functools.partial(recurrent, length=64, batch=32),
    "transformer block, d 256, 8 heads, T 128, batch 8, step": functools.partial(
        transformer, batch=8
    ),
}

PROGRAMS: dict[str, Maker] = {
    **{
        f"21 small operations and backward, floats: {size}": functools.partial(
            small_operations, size=size
        )
        for size in (1, 64, 1024)
    },
    "Adam, 355,000 floats in 6 tensors": functools.partial(optimizer_step, name="Adam"),
    "SGD with momentum, 355,000 floats in 6 tensors": functools.partial(
        optimizer_step, name="SGD", lr=1e-3, momentum=0.9
    ),
    **STEPS,
}


def pair(maker: Maker) -> tuple[Program, Program]:
    """Ours and PyTorch's; a model of ours gets the weights of PyTorch's."""
    own, other = libraries.ours(), libraries.theirs()
    other.tensors.manual_seed(0)
    ours, theirs = maker(own), maker(other)
    if isinstance(ours, Training) and isinstance(theirs, Training):
        state = theirs.model.state_dict()
        ours.model.load_state_dict(
            {name: own.tensors.tensor(value.numpy()) for name, value in state.items()}
        )
    return ours, theirs


def rows(request: Request) -> Iterator[Row]:
    """All programs; first the results of their first five runs must agree."""
    for title, maker in PROGRAMS.items():
        if request.wants("programs", title):
            programs = pair(maker)
            check(*programs)
            yield Row("programs", title, "", "s", compare(*programs, request.seconds))
