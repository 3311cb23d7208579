"""A fit that is killed at any step, and started again, ends with the same bits."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd.errors import AutogradError
from nn.callbacks import Checkpointing
from tests.nn.trainer_programs import At, Killed, learnt, summary, training

# Harm comes to each 4th step only, or with STRESS in the environment to every one.
EVERY_NTH = 1 if os.environ.get("STRESS") else 4
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _generators_stay_as_they_are() -> Iterator[None]:
    states = random.getstate(), np.random.get_state(), autograd.get_rng_state()
    yield
    random.setstate(states[0])
    np.random.set_state(states[1])
    autograd.set_rng_state(states[2])


@pytest.fixture(autouse=True)
def _disks_are_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No power is lost here: `test_checkpoint_faults` is about that."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


def kill() -> None:
    raise Killed


def ctrl_c() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("kind", ["list", "shuffled", "loader", "workers"])
@pytest.mark.parametrize(("accumulate", "every"), [(1, 3), (2, 1)])
def test_killed_and_started_again(kind, accumulate, every, tmp_path):
    whole = training(kind, Checkpointing(tmp_path / "whole", every), accumulate=accumulate)()
    expected = learnt(whole)
    assert whole.step == (21 if accumulate == 1 else 12)
    for step in {7, *range(EVERY_NTH, whole.step + 1, EVERY_NTH)}:  # the ends of epochs, too
        for harm in (kill, ctrl_c):
            folder = tmp_path / f"{harm.__name__}{step}"
            first = training(kind, Checkpointing(folder, every), At(step, harm), accumulate)
            if harm is kill:
                with pytest.raises(Killed):
                    first()
            else:
                assert first().interrupted
            again = training(kind, Checkpointing(folder, every), At(0, kill), accumulate)
            assert learnt(again()) == expected, (harm.__name__, step)


def test_killed_again_and_again(tmp_path):
    expected = learnt(training("loader", Checkpointing(tmp_path / "whole", 1))())
    for step in range(1, 22):
        with pytest.raises(Killed):
            training("loader", Checkpointing(tmp_path / "killed", 1), At(step, kill))()
    assert learnt(training("loader", Checkpointing(tmp_path / "killed", 1))()) == expected


def test_the_order_and_the_noise_count():
    """Otherwise, the tests above could not fail."""
    results = [learnt(training(kind)()) for kind in ("loader", "list", "shuffled", "loader")]
    assert len({*results}) == 3
    assert results[0] == results[3]


@pytest.mark.parametrize("kind", ["list", "shuffled", "loader"])
def test_after_ctrl_c_the_same_trainer_goes_on(kind):
    expected = learnt(training(kind)())
    fit = training(kind, harm=At(10, ctrl_c))
    trainer = fit()
    assert (trainer.interrupted, trainer.step, trainer.epoch, trainer.batch) == (True, 10, 1, 3)
    trainer = fit()
    assert not trainer.interrupted
    assert learnt(trainer) == expected


def test_a_finished_training_stays_as_it_is(tmp_path):
    trainer = training("loader", Checkpointing(tmp_path))()
    files = sorted(tmp_path.iterdir())
    again = training("loader", Checkpointing(tmp_path), At(22, kill))()
    assert learnt(again) == learnt(trainer)
    assert sorted(tmp_path.iterdir()) == files


def test_more_epochs_go_on_from_the_last_weights_not_the_best(tmp_path):
    x, y = autograd.ones(4, 1), autograd.zeros(4, 1)

    def fit(epochs: int) -> nn.Trainer:
        model = nn.Dense(1, 1, bias=False)
        model.weight.data = autograd.ones(1, 1)
        optimizer = optim.SGD(model.parameters(), lr=1.5)  # away from the minimum
        stopping = nn.callbacks.EarlyStopping(patience=9)
        trainer = nn.Trainer(
            model, nn.MSELoss(), optimizer, callbacks=[Checkpointing(tmp_path), stopping]
        )
        trainer.fit([(x, y)], epochs, [(x, y)])
        return trainer

    first = fit(2)
    assert first.history["validation_loss"] == [4.0, 16.0]
    assert first.model.weight.item() == -2
    more = fit(3)
    assert more.history["validation_loss"] == [4.0, 16.0, 64.0]


def test_callbacks_without_a_state_may_come_and_go(tmp_path):
    first = training("list", Checkpointing(tmp_path), At(7, ctrl_c))()
    assert first.step == 7
    whole = learnt(training("list")())
    again = training("list", Checkpointing(tmp_path))()
    assert learnt(again) == whole


class Counting(nn.callbacks.Callback):
    def state_dict(self) -> dict[str, int]:
        return {}

    def load_state_dict(self, state: dict[str, int]) -> None:
        raise AssertionError("there is nothing to load")


@pytest.mark.parametrize(
    ("width", "callbacks", "message"),
    [
        (4, [], "model does not fit .*, and nothing has been changed"),
        (3, [Counting()], "has no 'callbacks.0'"),
    ],
)
def test_a_checkpoint_of_another_training_is_refused(width, callbacks, message, tmp_path):
    def fit(width: int, *callbacks: nn.callbacks.Callback) -> None:
        model = nn.Dense(1, width)
        trainer = nn.Trainer(
            model,
            nn.MSELoss(),
            optim.SGD(model.parameters(), lr=0.1),
            callbacks=[*callbacks, Checkpointing(tmp_path)],
        )
        trainer.fit([(autograd.ones(2, 1), autograd.ones(2, width))], 1)

    fit(3)
    with pytest.raises(AutogradError, match=message):
        fit(width, *callbacks)


# -- processes -------------------------------------------------------------------------------------


def run(folder: Path, kind: str, harm: str, step: int = 0) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "tests.nn.trainer_programs", str(folder), kind, harm]
    result = subprocess.run(
        [*command, str(step)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    return result.returncode, result.stdout.strip(), result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_processes_that_are_killed_and_interrupted(tmp_path):
    expected = summary(training("loader", Checkpointing(tmp_path / "whole", every=2))())
    assert expected.startswith("step 21, interrupted False: ")
    code, _, _ = run(tmp_path / "killed", "loader", "SIGKILL", 11)
    assert code == -signal.SIGKILL
    assert run(tmp_path / "killed", "loader", "nothing") == (0, expected, "")
    code, printed, errors = run(tmp_path / "interrupted", "loader", "SIGINT", 9)
    assert (code, errors) == (0, "")
    assert printed.startswith("step 9, interrupted True: ")
    assert run(tmp_path / "interrupted", "loader", "nothing") == (0, expected, "")
    code, printed, errors = run(tmp_path / "twice", "loader", "two SIGINTs", 5)
    assert (code, printed) == (-signal.SIGINT, "")
    assert "KeyboardInterrupt" in errors


@pytest.fixture
def _default_handler():
    """Background jobs ignore SIGINT."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_default_handler")
def test_the_signal_handler_is_there_only_meanwhile():
    found: list[Any] = []

    def look() -> None:
        found.append(signal.getsignal(signal.SIGINT))

    training("list", harm=At(1, look))()
    assert found[0] is not signal.default_int_handler
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        training("list", harm=At(1, look))()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    assert found[1] is signal.SIG_IGN
    with pytest.raises(Killed):
        training("list", harm=At(1, kill))()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_in_a_thread():
    results: list[nn.Trainer] = []
    thread = threading.Thread(target=lambda: results.append(training("list")()))
    thread.start()
    thread.join()
    assert results[0].epoch == 3
