"""What `nn.Trainer` adds to a loop that is written by hand: an epoch of each, from equal weights.

The loop by hand computes the same, the mean loss over the examples. Both are of this library.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import autograd
import nn
import optim
from benchmarks.measure import Program, check, compare
from benchmarks.programs import labels, normal
from benchmarks.rows import Request, Row


def perceptron(*sizes: int) -> nn.Module:
    autograd.manual_seed(0)
    layers: list[nn.Module] = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [nn.Dense(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def batches(count: int, width: int, classes: int, batch: int) -> list[tuple[Any, Any]]:
    x = autograd.tensor(normal(count, batch, width))
    return list(zip(x, autograd.tensor(labels(classes, count * batch)).reshape(count, batch)))


def by_trainer(model: nn.Module, loader: list[tuple[Any, Any]]) -> Program:
    trainer = nn.Trainer(model, nn.CrossEntropyLoss(), optim.Adam(model.parameters()))

    def epoch() -> float:
        history = trainer.fit(loader, trainer.epoch + 1)
        return float(history.records[-1]["loss"])

    return epoch


def by_hand(model: nn.Module, loader: list[tuple[Any, Any]]) -> Program:
    criterion, optimizer = nn.CrossEntropyLoss(), optim.Adam(model.parameters())

    def epoch() -> float:
        model.train()
        total, examples = 0.0, 0
        for x, target in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), target)
            loss.backward()
            optimizer.step()
            total += loss.item() * target.size(0)
            examples += target.size(0)
        return total / examples

    return epoch


EPOCHS: dict[str, Callable[[], tuple[nn.Module, Any]]] = {
    "784-400-100-10 ReLU MLP, batch 128, 50 steps": lambda: (
        perceptron(784, 400, 100, 10),
        batches(50, 784, 10, 128),
    ),
    "4-64-64-2 ReLU MLP, batch 32, 500 steps": lambda: (
        perceptron(4, 64, 64, 2),
        batches(500, 4, 2, 32),
    ),
}


def pair(make: Callable[[], tuple[nn.Module, Any]]) -> tuple[Program, Program]:
    """The Trainer's epoch and the one by hand; the weights are the same."""
    return by_trainer(*make()), by_hand(*make())


def rows(request: Request) -> Iterator[Row]:
    """Both, once their losses have been found equal."""
    for title, make in EPOCHS.items():
        if request.wants("trainer", title):
            programs = pair(make)
            check(*programs, rtol=1e-12)
            yield Row("trainer", title, "", "s", compare(*programs, request.seconds))
