"""A run that is resumed ends with the bits of one that never stopped."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn
from tests.nn.checkpoint_programs import Run

STEPS = 9  # an epoch has 6


@pytest.fixture(autouse=True)
def _generators_stay_as_they_are() -> Iterator[None]:
    states = random.getstate(), np.random.get_state(), autograd.get_rng_state()
    yield
    random.setstate(states[0])
    np.random.set_state(states[1])
    autograd.set_rng_state(states[2])


def only(step: int, folder: Path, other: Path) -> nn.Checkpoint:
    """The checkpoint of ``step`` in ``folder``, alone in ``other``."""
    other.mkdir()
    for path in folder.glob(f"*-step-{step}.*"):
        shutil.copy(path, other)
    return nn.Checkpoint(other)


@pytest.mark.parametrize("kind", ["mlp", "cnn"])
@pytest.mark.parametrize("workers", [0, 2])
def test_resumed_at_any_step(kind, workers, tmp_path):
    whole = Run(kind, num_workers=workers)
    whole.train(STEPS, nn.Checkpoint(tmp_path / "whole", keep=None))
    unsaved = Run(kind)
    unsaved.train(STEPS)
    assert unsaved.state() == whole.state()
    assert Run(kind).state() != whole.state()
    for step in range(1, STEPS):
        run = Run(kind, seed=step, num_workers=2 - workers)  # it does not matter how many
        run.resume(only(step, tmp_path / "whole", tmp_path / str(step)))
        assert run.step == step
        run.train(STEPS)
        assert run.state() == whole.state(), step


def test_resumed_with_workers_that_are_processes(tmp_path):
    whole = Run("mlp", num_workers=2, workers="processes")
    whole.train(STEPS, nn.Checkpoint(tmp_path / "whole", keep=None))
    run = Run("mlp", seed=1, num_workers=2, workers="processes")
    run.resume(only(4, tmp_path / "whole", tmp_path / "4"))
    run.train(STEPS)
    assert run.state() == whole.state()


def test_resumed_again_and_again(tmp_path):
    whole = Run("cnn")
    whole.train(STEPS)
    checkpoint = nn.Checkpoint(tmp_path)
    for step in range(1, STEPS + 1):
        run = Run("cnn", seed=0 if step == 1 else step)
        run.resume(checkpoint)
        run.train(step, checkpoint)
    assert run.state() == whole.state()


# -- the streams that this relies on ---------------------------------------------------------------

GOLDEN = {
    "rand": (lambda: autograd.rand(2).tolist(), [0.8506242036819458, 0.6369616389274597]),
    "randn": (lambda: autograd.randn(2).tolist(), [1.1176220178604126, -1.3871248960494995]),
    "randint": (lambda: autograd.randint(0, 100, (4,)).tolist(), [85, 63, 51, 26]),
    "randperm": (lambda: autograd.randperm(6).tolist(), [3, 2, 5, 4, 0, 1]),
    "dropout": (
        lambda: nn.functional.dropout(autograd.ones(8), 0.5).tolist(),
        [2, 2, 2, 0, 0, 0, 0, 0],
    ),
    "Dense": (lambda: nn.Dense(2, 1).weight.tolist(), [[0.4958575367927551, 0.19369298219680786]]),
    "shuffle": (
        lambda: shuffled().tolist(),
        [0, 3, 7, 4, 5, 1, 2, 6, 6, 2, 1, 0, 7, 5, 3, 4],
    ),
}


def shuffled() -> autograd.Tensor:
    dataset = nn.data.TensorDataset(autograd.arange(8))
    loader = nn.data.DataLoader(dataset, batch_size=3, shuffle=True)
    return autograd.cat([batch for _ in range(2) for (batch,) in loader])


@pytest.mark.parametrize("name", GOLDEN)
def test_a_seed_always_gives_the_same_numbers(name):
    draw, expected = GOLDEN[name]
    autograd.manual_seed(0)
    assert draw() == expected
