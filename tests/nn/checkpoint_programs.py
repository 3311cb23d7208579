"""Programs that save checkpoints and come to harm. `test_checkpoint_faults` runs them in a process
of its own, which may fork: ``python -m tests.nn.checkpoint_programs NAME FOLDER COUNT``."""

from __future__ import annotations

import builtins
import itertools
import os
import random
import resource
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
import nn
import nn.data
import optim
from nn.checkpoint_random import RandomStates
from nn.checkpoint_state import to_json


class Part:
    """A state that is whole if the same number is everywhere in it."""

    def __init__(self, number: int = -1) -> None:
        self.state = {"number": number, "array": np.full(50, number), "text": str(number)}

    def state_dict(self) -> dict[str, Any]:
        return self.state

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.state = state

    def number(self) -> int:
        number = self.state["number"]
        assert self.state["text"] == str(number)
        assert (self.state["array"] == number).all()
        return int(number)


def model(number: int = -1) -> nn.Module:
    """Its weights are all ``number``."""
    net = nn.Sequential(nn.Dense(3, 4), nn.BatchNorm1D(4))
    net.load_state_dict({key: np.full_like(x, number) for key, x in net.state_dict().items()})
    return net


def save(folder: Path, step: int, keep: int = 2) -> None:
    parts = {"model": model(step), "part": Part(step)}
    nn.Checkpoint(folder, keep).save(step, metrics={"step": step}, **parts)


def load(folder: Path) -> int:
    """The step of the last checkpoint in ``folder``, which is whole; 0 if there is none."""
    net, part = model(), Part()
    restored = nn.Checkpoint(folder).load(model=net, part=part)
    if restored is None:
        assert part.number() == -1
        return 0
    assert restored.metrics == {"step": restored.step}
    assert part.number() == restored.step
    assert all((np.asarray(x) == restored.step).all() for x in net.state_dict().values())
    return restored.step


def child(function: Callable[[], object]) -> int:
    """Run ``function`` in a child process; return the process's number."""
    if pid := os.fork():
        return pid
    try:
        function()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def exit_code(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def save_on_and_on(folder: Path, steps: Iterator[int], done: int) -> None:
    """Save all ``steps``; report each that is saved to the pipe ``done``."""
    for step in steps:
        save(folder, step)
        os.write(done, step.to_bytes(8, "little"))


def last_reported(pipe: int, otherwise: int) -> int:
    data = os.read(pipe, 2**16)
    return int.from_bytes(data[-8:], "little") if data else otherwise


# -- the programs ----------------------------------------------------------------------------------


def killed_at_random(folder: Path, count: int) -> None:
    """After each kill, the last checkpoint that was saved is there, or the one after it."""
    chance, saved = random.Random(count), 0
    for _ in range(count):
        reading, writing = os.pipe()
        steps = itertools.count(saved + 1)
        pid = child(lambda steps=steps, done=writing: save_on_and_on(folder, steps, done))
        time.sleep(chance.uniform(0, 0.08))
        os.kill(pid, signal.SIGKILL)
        assert exit_code(pid) == -signal.SIGKILL
        os.close(writing)
        reported = last_reported(reading, saved)
        os.close(reading)
        all_are_whole(folder)
        saved = load(folder)
        assert saved in (reported, reported + 1), (saved, reported)
    print(saved, "saved")
    nothing_is_left(folder, saved + 1)


def all_are_whole(folder: Path) -> None:
    """The last one is not the only one that counts: it may be damaged later."""
    for manifest in folder.glob("*.json"):
        assert manifest.with_suffix(".safetensors").exists()


def nothing_is_left(folder: Path, step: int) -> None:
    """The next save cleans up."""
    save(folder, step)
    assert len(list(folder.iterdir())) <= 2 * 2 + 1, sorted(folder.iterdir())
    assert load(folder) == step


OPERATIONS = [(os, "open"), (os, "fsync"), (os, "replace"), (os, "unlink"), (builtins, "open")]


def kill_at(n: int) -> None:
    """Have this process killed before or after one of its operations on files, the nth of these
    moments."""
    moments = itertools.count()

    def killing(operation: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if next(moments) == n:
                os.kill(os.getpid(), signal.SIGKILL)
            result = operation(*args, **kwargs)
            if next(moments) == n:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return wrapped

    for module, name in OPERATIONS:
        setattr(module, name, killing(getattr(module, name)))


def killed_at_each_operation(folder: Path, count: int) -> None:
    """The first ``count`` saves take as many attempts as they have moments."""
    saved = 0
    for _ in range(count):
        saved += killed_at_each_moment(folder, saved + 1)
    nothing_is_left(folder, saved + 2)


def killed_at_each_moment(folder: Path, step: int) -> int:
    """How many steps were saved until a process was not killed any more."""
    saved = step - 1
    for n in itertools.count():
        pid = child(lambda n=n, step=saved + 1: (kill_at(n), save(folder, step)))
        code = exit_code(pid)
        all_are_whole(folder)
        found = load(folder)
        assert found in (saved, saved + 1)
        if code == 0:
            assert found == saved + 1
            assert n > 20
            break
        assert code == -signal.SIGKILL
        saved = found
    return found - step + 1


def too_large_files(folder: Path, count: int) -> None:
    """The disk is full after ``limit`` bytes of a file, for every limit."""
    save(folder, 1)
    largest = max(path.stat().st_size for path in folder.iterdir())
    for limit in range(0, largest, max(1, largest // count)):

        def limited(limit: int = limit) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            with pytest.raises(OSError, match=r"File too large: .*000002-step-2\."):
                save(folder, 2)

        assert exit_code(child(limited)) == 0
        assert load(folder) == 1
        assert len(list(folder.iterdir())) == 3, sorted(folder.iterdir())
    nothing_is_left(folder, 2)


def full_disk(folder: Path, count: int) -> None:
    """In a file system of its own, of 64 KiB at ``folder``, that is filled in ``count`` steps."""
    save(folder, 1)
    failures, filled = list[str](), 0
    while filled == fill(folder / "filler", filled):
        try:
            save(folder, 2)
        except OSError as error:
            failures.append(str(error))
        assert load(folder) in (1, 2)
        filled += 2**16 // count
    (folder / "filler").unlink()
    assert failures
    assert all("No space left" in failure for failure in failures)
    nothing_is_left(folder, 3)


def fill(path: Path, size: int) -> int:
    """Have ``path`` take up ``size`` bytes, or what there is; return how many it does."""
    with open(path, "wb", buffering=0) as file:
        return file.write(bytes(size)) or 0


def several_at_once(folder: Path, count: int) -> None:
    """Two programs save, one of them the odd steps, while this one loads."""
    save(folder, 1, keep=1)

    def writer(first: int) -> None:
        for step in range(first, first + 2 * count, 2):
            save(folder, step, keep=1)

    writers = [child(lambda first=first: writer(first)) for first in (2, 3)]
    steps = set()
    while writers:
        steps.add(load(folder))
        for pid in list(writers):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                assert status == 0
                writers.remove(pid)
    assert 0 not in steps
    assert len(steps) > 2
    print(len(steps), "of", 2 * count, "loaded")
    nothing_is_left(folder, 2 * count + 4)


def read_only_folder(folder: Path, count: int) -> None:
    """Whoever may only read loads, and is told why saving fails."""
    save(folder, 1)
    before = sorted(folder.iterdir())
    for path in (folder, *before):
        path.chmod(0o555 if path.is_dir() else 0o444)
    folder.parent.chmod(0o755)

    def reader() -> None:
        if os.geteuid() == 0:  # who may always write
            os.setuid(65534)
        assert load(folder) == 1
        with pytest.raises(PermissionError, match=str(folder)):
            save(folder, 2)

    assert exit_code(child(reader)) == 0
    assert sorted(folder.iterdir()) == before


# -- training --------------------------------------------------------------------------------------


class Run:
    """A training run with everything in it that is random or has a state."""

    def __init__(self, kind: str = "mlp", seed: int = 0, **options: Any) -> None:
        random.seed(seed)
        np.random.seed(seed)
        autograd.manual_seed(seed)
        numbers = np.random.default_rng(0)
        images = autograd.from_numpy(numbers.standard_normal((21, 1, 6, 6), np.float32))
        labels = autograd.from_numpy(numbers.integers(0, 3, 21))
        dataset = nn.data.TensorDataset(images, labels)
        model = MODELS[kind]()
        optimizer = optim.Adam(model.parameters(), lr=0.01, weight_decay=0.01, amsgrad=True)
        self.step = 0
        self.parts: dict[str, Any] = {
            "model": model,
            "optimizer": optimizer,
            "scheduler": optim.lr_scheduler.OneCycleLR(optimizer, 0.05, 10**6),
            "loader": nn.data.DataLoader(dataset, batch_size=4, shuffle=True, **options),
        }

    def resume(self, checkpoint: nn.Checkpoint) -> None:
        restored = checkpoint.load(**self.parts)
        self.step = 0 if restored is None else restored.step

    def train(self, until: int, checkpoint: nn.Checkpoint | None = None) -> None:
        """Train up to the step ``until``, and save each."""
        while self.step < until:
            for images, labels in self.parts["loader"]:
                self.learn(images, labels)
                self.step += 1
                if checkpoint is not None:
                    checkpoint.save(self.step, **self.parts)
                if self.step == until:
                    break

    def learn(self, images: Any, labels: Any) -> None:
        model, optimizer = self.parts["model"], self.parts["optimizer"]
        images = images + 0.1 * autograd.randn_like(images) * random.random()
        images = images.flip(3) if np.random.rand() < 0.5 else images
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()
        self.parts["scheduler"].step()

    def state(self) -> str:
        """All bits of it, and of the random numbers that are to come."""
        arrays: dict[str, Any] = {}
        states = {name: part.state_dict() for name, part in self.parts.items()}
        described = to_json([states, RandomStates().state_dict()], "state", arrays)
        return repr((described, [(name, x.tobytes()) for name, x in arrays.items()]))


MODELS: dict[str, Callable[[], nn.Module]] = {
    "mlp": lambda: nn.Sequential(
        nn.Flatten(), nn.Dense(36, 20), nn.ReLU(), nn.Dropout(0.5), nn.Dense(20, 3)
    ),
    "cnn": lambda: nn.Sequential(
        nn.Conv2D(1, 4, 3), nn.BatchNorm2D(4), nn.ReLU(), nn.MaxPool2D(2), nn.Dropout2D(0.2),
        nn.Flatten(), nn.Dense(16, 3),
    ),
}  # fmt: skip


def killed_and_resumed(folder: Path, count: int) -> None:
    """However often it is killed, at the end the run is where it would be otherwise."""
    whole = nn.Checkpoint(folder / "whole")
    assert exit_code(child(lambda: Run("cnn").train(count, whole))) == 0
    checkpoint, chance, kills = nn.Checkpoint(folder / "killed"), random.Random(0), 0

    def resumed(seed: int, moment: int) -> None:
        kill_at(moment)
        run = Run("cnn", seed)
        run.resume(checkpoint)
        run.train(count, checkpoint)

    # The first one begins with the seed of the whole run; whatever seed the next have is no matter.
    while True:
        seed = 0 if checkpoint.load(random_state=False) is None else kills
        moment = chance.randrange(300)  # a save has 40
        code = exit_code(child(lambda seed=seed, moment=moment: resumed(seed, moment)))
        if code == 0:
            break
        assert code == -signal.SIGKILL
        kills += 1
    states = []
    for each in (whole, checkpoint):
        run = Run("cnn", seed=5)
        run.resume(each)
        states.append(run.state())
        assert run.step == count
    print(kills, "kills")
    assert kills >= count / 10
    assert states[0] == states[1]


if __name__ == "__main__":
    warnings.simplefilter("error")  # that a checkpoint was skipped, say
    globals()[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
