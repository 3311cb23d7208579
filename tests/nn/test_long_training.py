"""Trainings of all kinds of models: in threads at once, and so long that a leak would show.

With STRESS in the environment it is 10,000 steps of each, else some hundred.
"""

from __future__ import annotations

import gc
import os
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
import optim
from tests.garbage import collect_all

STEPS = 10_000 if os.environ.get("STRESS") else 150


@pytest.fixture(autouse=True)
def _generators_stay_as_they_are() -> Iterator[None]:
    state = autograd.get_rng_state()
    yield
    autograd.set_rng_state(state)


def numbers(*shape: int) -> Any:
    return autograd.tensor(np.random.default_rng(0).standard_normal(shape), dtype="float32")


class Last(nn.Module):
    """A recurrent model's last output."""

    def __init__(self, recurrent: Any) -> None:
        self.recurrent, self.head = recurrent, nn.Dense(4, 2)

    def forward(self, x: Any) -> Any:
        return self.head(self.recurrent(x)[0][-1])


def perceptron() -> Any:
    return nn.Sequential(nn.Dense(3, 8), nn.ReLU(), nn.Dropout(0.2), nn.Dense(8, 2))


def convolution() -> Any:
    return nn.Sequential(
        nn.Conv2D(1, 3, 3), nn.BatchNorm2D(3), nn.MaxPool2D(2), nn.Flatten(), nn.Dense(12, 2)
    )


def transformer() -> Any:
    layer = nn.TransformerEncoderLayer(4, 2, 8, dropout=0.1, batch_first=True)
    return nn.Sequential(nn.TransformerEncoder(layer, 1), nn.Flatten(), nn.Dense(12, 2))


def words() -> Any:
    return nn.Sequential(nn.Embedding(5, 4), nn.LayerNorm(4), nn.Flatten(), nn.Dense(12, 2))


MODELS: dict[str, tuple[Callable[[], Any], Any]] = {
    "perceptron": (perceptron, numbers(4, 3)),
    "convolution": (convolution, numbers(4, 1, 6, 6)),
    "LSTM": (lambda: Last(nn.LSTM(3, 4)), numbers(5, 4, 3)),
    "GRU": (lambda: Last(nn.GRU(3, 4)), numbers(5, 4, 3)),
    "transformer": (transformer, numbers(4, 3, 4)),
    "words": (words, autograd.tensor([[0, 1, 2], [2, 3, 4], [4, 4, 4], [1, 0, 1]])),
}
CLASSES = autograd.tensor([0, 1, 1, 0])


def program(name: str, optimizer: Any = optim.Adam) -> tuple[Any, Callable[[], None]]:
    """A model, and a step of its training."""
    make, x = MODELS[name]
    model = make()
    updates = optimizer(model.parameters(), lr=0.01)

    def step() -> None:
        updates.zero_grad()
        F.cross_entropy(model(x), CLASSES).backward()
        updates.step()

    return model, step


class Growth(NamedTuple):
    """What some steps leave behind."""

    bytes: int
    containers: int  # objects that refer to others: tensors, nodes, tuples
    cycles: int  # of these, such as only the collector finds

    @property
    def is_none(self) -> bool:
        # Python remembers up to 4096 names of attributes that were looked up, some 60 bytes each.
        return self.bytes < 300_000 and self.containers < 10 and self.cycles == 0


def growth(step: Callable[[], None], steps: int) -> Growth:
    """What ``steps`` calls leave behind, after some to begin with."""
    for _ in range(20):
        step()
    tracemalloc.start()
    try:
        step()
        collect_all()  # which empties Python's lists of free objects, too
        containers, (memory, _) = len(gc.get_objects()), tracemalloc.get_traced_memory()
        for _ in range(steps):
            step()
        cycles = gc.collect()
        memory = tracemalloc.get_traced_memory()[0] - memory
        return Growth(memory, len(gc.get_objects()) - containers, cycles)
    finally:
        tracemalloc.stop()


def stays_flat(step: Callable[[], None], steps: int) -> bool:
    """Whether calls leave nothing behind. A leak grows every time; a cache that fills, or another
    test's thread, does not."""
    return any(growth(step, steps).is_none for _ in range(3))


@pytest.fixture
def _no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_no_collector")
@pytest.mark.parametrize("name", MODELS)
def test_memory_stays_flat(name: str) -> None:
    _, step = program(name)
    assert stays_flat(step, STEPS)


@pytest.mark.usefixtures("_no_collector")
def test_leaks_would_be_seen() -> None:
    _, step = program("perceptron")
    kept: list[Any] = []

    def keep(make: Callable[[], Any]) -> Growth:
        def leaking() -> None:
            step()
            kept.append(make())

        return growth(leaking, STEPS)

    def cycle() -> None:
        made: list[Any] = []
        made.append(made)

    assert stays_flat(step, STEPS)
    assert not stays_flat(lambda: kept.append([]), STEPS)
    # What other tests have left may go meanwhile: an object fewer has been seen.
    assert keep(lambda: autograd.ones(1)).containers > STEPS - 10
    assert keep(lambda: bytes(3000)).bytes > 3000 * (STEPS - 10)
    assert keep(cycle).cycles >= STEPS


@pytest.mark.usefixtures("_no_collector")
def test_a_trainers_memory_stays_flat() -> None:
    make, x = MODELS["perceptron"]
    model = make()
    trainer = nn.Trainer(model, nn.CrossEntropyLoss(), optim.AdamW(model.parameters()))
    batches = [(x, CLASSES)] * (STEPS // 10)

    def epoch() -> None:
        trainer.fit(batches, trainer.epoch + 1)
        trainer.history.records.clear()

    assert stays_flat(epoch, 10)


def weights(name: str) -> list[Any]:
    """Those after some steps, from a start of its own that draws nothing."""
    model, step = program(name, optim.SGD)
    for parameter in model.parameters():
        values = np.random.default_rng(parameter.numel()).standard_normal(parameter.shape)
        parameter.data = autograd.tensor(values * 0.3, dtype="float32")
    for module in model.modules():  # all threads share the generator of dropout
        module.training = isinstance(module, nn.BatchNorm2D)
    for _ in range(20):
        step()
    return [parameter.detach().numpy() for parameter in model.parameters()]


def test_eight_threads_learn_what_one_learns() -> None:
    names = [*MODELS, "perceptron", "convolution"]
    expected = [weights(name) for name in names]
    barrier = threading.Barrier(len(names))

    def learn(name: str) -> list[Any]:
        barrier.wait()
        return weights(name)

    with ThreadPoolExecutor(len(names)) as pool:
        found = list(pool.map(learn, names))
    for ours, theirs in zip(found, expected, strict=True):
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(one, other)
