"""Trainings that come to harm. `test_trainer_resume` runs them here, and in processes that are
killed: ``python -m tests.nn.trainer_programs FOLDER KIND HARM STEP`` prints what was learnt."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import autograd
import nn
import optim

EPOCHS = 3
EXAMPLES = 26


class Killed(BaseException):
    """In the place of a signal that can't be caught."""


class At(nn.callbacks.Callback):
    """Does ``harm`` at the end of ``step``, once all else is done."""

    last = True

    def __init__(self, step: int, harm: Callable[[], object]) -> None:
        self.step, self.harm = step, harm

    def on_step_end(self, trainer: nn.Trainer) -> None:
        if trainer.step == self.step:
            self.harm()


class Shuffled:
    """A loader without a state, which draws its order from the default generator."""

    def __init__(self, x: Any, y: Any) -> None:
        self.x, self.y = x, y

    def __iter__(self) -> Iterator[Any]:
        for chosen in autograd.randperm(len(self.x)).split(4):
            yield self.x[chosen], self.y[chosen]


def examples(seed: int) -> tuple[Any, Any]:
    numbers = np.random.default_rng(seed).standard_normal((EXAMPLES, 3)).astype(np.float32)
    return autograd.tensor(numbers), autograd.tensor((numbers.sum(1) > 0).astype(np.int64))


def noisy(samples: list[Any]) -> Any:
    x, y = nn.data.default_collate(samples)
    return x + 0.1 * autograd.randn(*x.shape, generator=nn.data.get_generator()), y


def loaders(kind: str) -> tuple[Any, Any]:
    if kind == "list":
        return list(zip(*(part.split(4) for part in examples(0)))), [examples(1)]
    if kind == "shuffled":
        return Shuffled(*examples(0)), [examples(1)]
    training = nn.data.TensorDataset(*examples(0))
    workers = 2 if kind == "workers" else 0
    return (
        nn.data.DataLoader(training, 4, shuffle=True, collate_fn=noisy, num_workers=workers),
        nn.data.DataLoader(nn.data.TensorDataset(*examples(1)), 5),
    )


def training(
    kind: str = "loader", checkpointing: Any = None, harm: Any = None, accumulate: int = 1
) -> Callable[[], nn.Trainer]:
    """A program that begins as if in a new process; what it returns is a trainer that has fit."""
    autograd.manual_seed(3)
    loader, validation = loaders(kind)
    model = nn.Sequential(
        nn.Dense(3, 8), nn.BatchNorm1D(8), nn.ReLU(), nn.Dropout(0.3), nn.Dense(8, 2)
    )
    optimizer = optim.AdamW(model.parameters(), lr=0.02)
    schedulers = optim.lr_scheduler
    callbacks = [
        checkpointing,  # first, and called last all the same
        nn.callbacks.Schedule(schedulers.CosineAnnealingLR(optimizer, 21), every="step"),
        nn.callbacks.Schedule(
            schedulers.ReduceLROnPlateau(optimizer, patience=0), monitor="validation_loss"
        ),
        nn.callbacks.EarlyStopping(patience=2),
        harm,
    ]
    trainer = nn.Trainer(
        model,
        nn.CrossEntropyLoss(),
        optimizer,
        metrics={"accuracy": nn.metrics.Accuracy()},
        callbacks=[callback for callback in callbacks if callback is not None],
        accumulate=accumulate,
        clip_norm=1.0,
    )

    def fit() -> nn.Trainer:
        trainer.fit(loader, EPOCHS, validation)
        return trainer

    return fit


def learnt(trainer: nn.Trainer) -> str:
    """All of its state."""
    states = [trainer.model.state_dict(), trainer.optimizer.state_dict(), trainer.state_dict()]
    states += [part.state_dict() for name, part in trainer.parts().items() if name != "trainer"]
    return _described([*states, autograd.get_rng_state()])


def summary(trainer: nn.Trainer) -> str:
    digest = hashlib.sha256(learnt(trainer).encode()).hexdigest()
    return f"step {trainer.step}, interrupted {trainer.interrupted}: {digest}"


def _described(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_described(entry)}" for key, entry in value.items())
    if isinstance(value, (list, tuple)):
        return "\n".join(map(_described, value))
    if hasattr(value, "tolist"):
        return repr(value.tolist())
    return repr(value)


def main(folder: str, kind: str, harm: str, step: str) -> None:
    harms = {
        "nothing": lambda: None,
        "SIGKILL": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "SIGINT": lambda: os.kill(os.getpid(), signal.SIGINT),
        "two SIGINTs": lambda: [os.kill(os.getpid(), signal.SIGINT) for _ in range(2)],
    }
    signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs ignore it
    checkpointing = nn.callbacks.Checkpointing(Path(folder), every=2)
    trainer = training(kind, checkpointing, At(int(step), harms[harm]))()
    print(summary(trainer))


if __name__ == "__main__":
    main(*sys.argv[1:])
