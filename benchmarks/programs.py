"""The programs that are compared: each returns ours and PyTorch's, from equal numbers."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import torch

import autograd
import nn
import optim

Pair = tuple[Callable[[], object], Callable[[], object]]


def small_operations(size: int) -> Pair:
    """``z = z * y + x`` ten times, the sum, and its gradient: 21 operations on ``size`` floats."""
    x, y = np.random.default_rng(0).uniform(-0.9, 0.9, (2, size)).astype(np.float32)

    def program(library, x, y):
        def run():
            z = x
            for _ in range(10):
                z = z * y + x
            library.sum(z).backward()

        return run

    return (
        program(
            autograd,
            autograd.tensor(x, requires_grad=True),
            autograd.tensor(y, requires_grad=True),
        ),
        program(torch, torch.tensor(x, requires_grad=True), torch.tensor(y, requires_grad=True)),
    )


def perceptron_step(sizes: tuple[int, ...], batch: int, activation: str) -> Pair:
    """One training step of a multilayer perceptron: cross-entropy, Adam."""
    generator = np.random.default_rng(0)
    x = generator.standard_normal((batch, sizes[0])).astype(np.float32)
    target = generator.integers(0, sizes[-1], batch)

    def network(module):
        layers = []
        for inputs, outputs in itertools.pairwise(sizes):
            layers += [module.Linear(inputs, outputs), getattr(module, activation)()]
        return module.Sequential(*layers[:-1])

    def program(library, loss, model, optimizer):
        data, targets = library.tensor(x), library.tensor(target)

        def run():
            optimizer.zero_grad()
            value = loss(model(data), targets)
            value.backward()
            optimizer.step()
            return value.item()

        return run

    ours, theirs = network(nn), network(torch.nn)
    weights = {key: autograd.tensor(value.numpy()) for key, value in theirs.state_dict().items()}
    ours.load_state_dict(weights)
    return (
        program(autograd, nn.CrossEntropyLoss(), ours, optim.Adam(ours.parameters())),
        program(torch, torch.nn.CrossEntropyLoss(), theirs, torch.optim.Adam(theirs.parameters())),
    )


def adam(shapes: tuple[tuple[int, ...], ...]) -> Pair:
    """One step of Adam on parameters of these shapes."""

    def program(parameters, optimizer):
        return optimizer(parameters).step

    ours = [nn.Parameter(autograd.ones(*shape)) for shape in shapes]
    theirs = [torch.nn.Parameter(torch.ones(*shape)) for shape in shapes]
    for mine, other in zip(ours, theirs):
        mine.grad, other.grad = autograd.ones_like(mine), torch.ones_like(other)
    return program(ours, optim.Adam), program(theirs, torch.optim.Adam)


MLP = ((400, 784), (400,), (100, 400), (100,), (10, 100), (10,))

PROGRAMS: dict[str, Callable[[], Pair]] = {
    "21 small operations and backward, 1 float": lambda: small_operations(1),
    "21 small operations and backward, 64 floats": lambda: small_operations(64),
    "21 small operations and backward, 1024 floats": lambda: small_operations(1024),
    "4-64-64-2 tanh MLP, batch 32, step": lambda: perceptron_step((4, 64, 64, 2), 32, "Tanh"),
    "784-400-100-10 ReLU MLP, batch 128, step": lambda: perceptron_step(
        (784, 400, 100, 10), 128, "ReLU"
    ),
    "Adam, 355,000 floats in 6 tensors": lambda: adam(MLP),
}
