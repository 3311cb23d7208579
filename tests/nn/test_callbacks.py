"""Schedules, early stopping, checkpoints and TensorBoard, at the events of a fit."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd.errors import AutogradError, ShapeError
from nn.callbacks import Callback, Checkpointing, EarlyStopping, Schedule, TensorBoard
from optim import lr_scheduler


class Scripted(Callback):
    """Has the history say of each epoch what ``values`` says, and the weight be its number."""

    def __init__(self, *values: float) -> None:
        self.values = values

    def on_epoch_end(self, trainer: nn.Trainer, record: dict[str, Any]) -> None:
        record["score"] = self.values[trainer.epoch - 1]
        trainer.model.weight.data = autograd.full((1, 1), float(trainer.epoch))


class Rates(Callback):
    def __init__(self) -> None:
        self.seen: list[float] = []

    def on_gradients(self, trainer: nn.Trainer) -> None:
        self.seen.append(trainer.optimizer.param_groups[0]["lr"])


BATCHES = [(autograd.ones(2, 1), autograd.zeros(2, 1))] * 2


def trainer(*callbacks: Callback, rate: float = 1.0, make: Any = None) -> nn.Trainer:
    model = nn.Dense(1, 1, bias=False)
    optimizer = optim.SGD(model.parameters(), lr=rate)
    made = [] if make is None else [make(optimizer)]
    return nn.Trainer(model, nn.MSELoss(), optimizer, callbacks=[*callbacks, *made])


# -- schedules -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every", "rates"),
    [("epoch", [1, 1, 0.5, 0.5, 0.25, 0.25]), ("step", [2.0**-i for i in range(6)])],
)
def test_a_schedule_for_every(every, rates):
    seen = Rates()
    fitted = trainer(
        seen, make=lambda o: Schedule(lr_scheduler.StepLR(o, 1, gamma=0.5), every=every)
    )
    history = fitted.fit(BATCHES, 3)
    assert seen.seen == rates
    assert history["lr"] == rates[1::2]


def test_a_schedule_that_follows_a_metric():
    seen = Rates()
    fitted = trainer(
        Scripted(0.1, 0.3, 0.3, 0.2, 0.9),
        seen,
        make=lambda o: Schedule(
            lr_scheduler.ReduceLROnPlateau(o, mode="max", factor=0.5, patience=0), monitor="score"
        ),
    )
    fitted.fit(BATCHES[:1], 5)
    assert seen.seen == [1, 1, 1, 0.5, 0.25]


@pytest.mark.parametrize(
    ("options", "plateau", "message"),
    [
        ({}, True, "ReduceLROnPlateau follows a metric; name it: monitor='validation_loss'"),
        ({"monitor": "loss"}, False, "StepLR follows no metric; leave out monitor='loss'"),
        ({"monitor": "loss", "every": "step"}, True, "leave out every='step'"),
        ({"every": "batch"}, False, "every must be 'epoch' or 'step', got 'batch'"),
    ],
)
def test_schedules_that_make_no_sense(options, plateau, message):
    optimizer = optim.SGD([autograd.ones(1, requires_grad=True)], lr=1.0)
    scheduler: Any = lr_scheduler.StepLR(optimizer, 1)
    if plateau:
        scheduler = lr_scheduler.ReduceLROnPlateau(optimizer)
    with pytest.raises(ShapeError, match=message):
        Schedule(scheduler, **options)


def test_the_state_of_another_schedule_is_refused():
    optimizer = optim.SGD([autograd.ones(1, requires_grad=True)], lr=1.0)
    state = Schedule(lr_scheduler.StepLR(optimizer, 1)).state_dict()
    with pytest.raises(AutogradError, match="the state of a StepLR for a ExponentialLR"):
        Schedule(lr_scheduler.ExponentialLR(optimizer, 0.5)).load_state_dict(state)


@pytest.mark.parametrize(
    "callback",
    [
        lambda o: EarlyStopping("scor"),
        lambda o: Schedule(lr_scheduler.ReduceLROnPlateau(o), monitor="scor"),
    ],
)
def test_what_is_monitored_must_be_there(callback):
    with pytest.raises(ShapeError, match=r"no number 'scor' .*; did you mean 'score'\?; there are"):
        trainer(Scripted(1.0), make=callback).fit(BATCHES, 1)


# -- early stopping --------------------------------------------------------------------------------

NAN = float("nan")


@pytest.mark.parametrize(
    ("values", "options", "epochs", "best"),
    [
        ([3, 2, 4, 2, 1], {"patience": 2}, 4, 2),
        ([3, 2, 4, 1, 5, 5], {"patience": 2}, 6, 4),
        ([1, 2, 3, 2, 3, 9], {"patience": 2, "mode": "max"}, 5, 3),
        ([3, 2.5, 2.4, 1], {"patience": 2, "min_delta": 1.0}, 3, 1),
        ([NAN, NAN, 1, NAN, NAN, 0], {"patience": 2}, 2, 0),
        ([NAN, 5, NAN, 4, NAN, NAN], {"patience": 2}, 6, 4),
        ([2, 1, 3, 3], {"patience": 9}, 4, 2),
        ([1, 2, 3], {"patience": 1, "restore_best": False}, 2, 2),
    ],
)
def test_early_stopping_restores_the_best_weights(values, options, epochs, best):
    stopping = EarlyStopping("score", **options)
    fitted = trainer(Scripted(*map(float, values)), stopping)
    fitted.fit(BATCHES, len(values))
    assert fitted.epoch == epochs
    assert fitted.model.weight.item() == (best or epochs)
    assert fitted.finished == (stopping.waited >= stopping.patience)


def test_ctrl_c_keeps_the_last_weights():
    class Interrupting(Callback):
        def on_epoch_end(self, trainer: nn.Trainer, record: dict[str, Any]) -> None:
            if trainer.epoch == 2:
                raise KeyboardInterrupt

    fitted = trainer(Scripted(1.0, 2.0, 3.0), EarlyStopping("score"), Interrupting())
    fitted.fit(BATCHES, 3)
    assert fitted.model.weight.item() == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "lowest"}, "mode must be 'min' or 'max', got 'lowest'"),
        ({"patience": 0}, "needs patience of at least 1 .*, got 0 and 0.0"),
        ({"min_delta": -1.0}, "min_delta of at least 0, got 5 and -1.0"),
    ],
)
def test_early_stopping_that_makes_no_sense(options, message):
    with pytest.raises(ShapeError, match=message):
        EarlyStopping(**options)


# -- checkpoints -----------------------------------------------------------------------------------


def saved(folder: Path) -> list[int]:
    return [json.loads(path.read_text())["step"] for path in sorted(folder.glob("*.json"))]


@pytest.mark.parametrize(
    ("every", "steps"), [(None, [3, 6]), (2, [2, 3, 4, 6, 6]), (4, [3, 4, 6]), (6, [3, 6, 6])]
)
def test_when_checkpoints_are_saved(every, steps, tmp_path):
    checkpoint = nn.Checkpoint(tmp_path, keep=None)
    fitted = trainer(Checkpointing(checkpoint, every))
    fitted.fit([*BATCHES, *BATCHES[:1]], 2)
    assert saved(tmp_path) == steps
    restored = checkpoint.load(model=fitted.model)
    assert restored is not None
    assert restored.metrics == fitted.history.records[-1]


class Ending(Callback):
    """Raises ``error`` after the nth step."""

    def __init__(self, step: int, error: type[BaseException]) -> None:
        self.step, self.error = step, error

    def on_step_end(self, trainer: nn.Trainer) -> None:
        if trainer.step == self.step:
            raise self.error


def test_ctrl_c_saves(tmp_path):
    trainer(Checkpointing(tmp_path), Ending(3, KeyboardInterrupt)).fit(BATCHES, 9)
    assert saved(tmp_path) == [2, 3]


def test_early_stopping_waits_on_after_a_crash_and_stays_stopped(tmp_path):
    def make(*others: Callback) -> nn.Trainer:
        stopping = EarlyStopping("score", patience=3)
        return trainer(Scripted(1, 2, 2, 2, 0, 0), stopping, Checkpointing(tmp_path), *others)

    with pytest.raises(MemoryError):
        make(Ending(7, MemoryError)).fit(BATCHES, 6)
    again = make()
    again.fit(BATCHES, 6)
    assert (again.epoch, again.finished, again.model.weight.item()) == (4, True, 1)
    stopped = make()
    stopped.fit(BATCHES, 6)
    assert (stopped.epoch, stopped.finished, stopped.model.weight.item()) == (4, True, 1)


def test_an_error_saves_nothing(tmp_path):
    fitted = trainer(Checkpointing(tmp_path))
    with pytest.raises(AutogradError):
        fitted.fit([*BATCHES, (autograd.ones(2, 7), autograd.ones(2, 1))], 1)
    assert saved(tmp_path) == []


def test_checkpointing_that_makes_no_sense(tmp_path):
    with pytest.raises(ShapeError, match="every must be a positive number, got 0"):
        Checkpointing(tmp_path, every=0)


# -- TensorBoard -----------------------------------------------------------------------------------


def events(folder: Path) -> Iterator[Any]:
    from tensorboardX.proto.event_pb2 import Event

    for path in sorted(folder.iterdir()):
        data, position = path.read_bytes(), 0
        while position < len(data):  # a length, its checksum, the event, its checksum
            length = int.from_bytes(data[position : position + 8], "little")
            yield Event.FromString(data[position + 12 : position + 12 + length])
            position += length + 16


def written(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """The numbers in ``folder`` by name, each with its step."""
    found: dict[str, list[tuple[int, float]]] = {}
    for event in events(folder):
        for value in event.summary.value:
            found.setdefault(value.tag, []).append((event.step, value.simple_value))
    return found


def test_tensorboard(tmp_path):
    pytest.importorskip("tensorboardX")
    fitted = trainer(Scripted(1.0, 0.5), TensorBoard(tmp_path, every=3), rate=0.1)
    history = fitted.fit(BATCHES, 2)
    found = written(tmp_path)
    assert set(found) == {"epochs/loss", "epochs/lr", "epochs/score", "steps/loss", "steps/lr"}
    assert found["epochs/score"] == [(2, 1.0), (4, 0.5)]
    assert [step for step, _ in found["steps/loss"]] == [3]
    losses = [value for _, value in found["epochs/loss"]]
    np.testing.assert_allclose(losses, history["loss"], rtol=1e-6)
    fitted.fit(BATCHES, 2)  # nothing to do, nothing to write
    # What a killed run may have written from here on does not count.
    assert [event.step for event in events(tmp_path) if event.HasField("session_log")] == [2]
    with pytest.raises(ShapeError, match="every must be a positive number, got 0"):
        TensorBoard(tmp_path, every=0)


def test_without_tensorboard(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(AutogradError, match="needs tensorboardX; install it: pip install tensorb"):
        TensorBoard(tmp_path)
