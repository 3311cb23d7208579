"""The steps of the multilayer perceptrons under JAX's ``jit``: what a compiler makes of them."""

from __future__ import annotations

import importlib.util
import itertools
from collections.abc import Iterator
from typing import Any

from benchmarks import libraries
from benchmarks.measure import Program, check, compare
from benchmarks.programs import STEPS, Training, perceptron
from benchmarks.rows import Request, Row

RATE, MEAN, SQUARE, EPSILON = 1e-3, 0.9, 0.999, 1e-8  # Adam's, by default


def rows(request: Request) -> Iterator[Row]:
    """JAX against PyTorch, where JAX is installed."""
    if importlib.util.find_spec("jax") is None:
        return
    for title, maker in STEPS.items():
        if maker.func is perceptron and request.wants("jit", title):
            theirs = maker(libraries.theirs())
            compiled = step(theirs, maker.keywords["activation"])
            check(compiled, theirs)
            yield Row("jit", title, "", "s", compare(compiled, theirs, request.seconds))


def step(training: Training, activation: str) -> Program:
    """The step of ``training``, PyTorch's, from its weights, with the whole of it compiled."""
    import jax
    from jax import numpy as jnp

    act = {"Tanh": jnp.tanh, "ReLU": jax.nn.relu}[activation]
    weights = [jnp.array(p.detach().numpy()) for p in training.model.parameters()]
    x, target = jnp.array(training.x.numpy()), jnp.array(training.target.numpy())

    def loss(weights: Any) -> Any:
        layers = list(zip(weights[::2], weights[1::2]))
        hidden = x
        for weight, bias in layers[:-1]:
            hidden = act(hidden @ weight.T + bias)
        weight, bias = layers[-1]
        scores = jax.nn.log_softmax(hidden @ weight.T + bias)
        return -jnp.take_along_axis(scores, target[:, None], 1).mean()

    @jax.jit
    def update(weights: Any, means: Any, squares: Any, time: Any) -> Any:
        value, gradients = jax.value_and_grad(loss)(weights)
        means = [MEAN * m + (1 - MEAN) * g for m, g in zip(means, gradients)]
        squares = [SQUARE * v + (1 - SQUARE) * g**2 for v, g in zip(squares, gradients)]
        weights = [
            w - RATE * m / (1 - MEAN**time) / (jnp.sqrt(v / (1 - SQUARE**time)) + EPSILON)
            for w, m, v in zip(weights, means, squares)
        ]
        return value, (weights, means, squares)

    zeros = [jnp.zeros_like(weight) for weight in weights]
    state, times = (weights, zeros, zeros), itertools.count(1)

    def run() -> float:
        nonlocal state
        value, state = update(*state, float(next(times)))
        return float(value)

    return run
