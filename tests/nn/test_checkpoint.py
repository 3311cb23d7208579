"""Checkpoints: what is saved, what is kept, and what is refused."""

from __future__ import annotations

import itertools
import json
import random
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd.errors import AutogradError, DTypeError, ShapeError
from tests.nn.checkpoint_programs import Part


@pytest.fixture(autouse=True)
def _generators_stay_as_they_are() -> Iterator[None]:
    states = random.getstate(), np.random.get_state(), autograd.get_rng_state()
    yield
    random.setstate(states[0])
    np.random.set_state(states[1])
    autograd.set_rng_state(states[2])


def steps(folder: Path) -> list[int]:
    return sorted(json.loads(path.read_text())["step"] for path in folder.glob("*.json"))


def test_nothing_saved_is_none(tmp_path):
    assert nn.Checkpoint(tmp_path / "not" / "there").load(part=Part()) is None
    assert nn.Checkpoint(tmp_path).load(part=Part()) is None
    (tmp_path / "notes.json").write_text("another file")
    assert nn.Checkpoint(tmp_path).load(part=Part()) is None
    assert [path.name for path in tmp_path.iterdir()] == ["notes.json"]


def test_what_was_saved_comes_back(tmp_path):
    net, other = nn.Dense(2, 3), nn.Dense(2, 3)
    metrics = {"loss": float("nan"), "history": [1, 2.5], "accuracy": autograd.tensor(0.5)}
    checkpoint = nn.Checkpoint(tmp_path / "runs" / "a")
    path = checkpoint.save(np.int64(7), model=net, metrics=metrics)
    restored = nn.Checkpoint(str(tmp_path / "runs" / "a")).load(model=other)
    assert restored is not None
    assert (restored.step, restored.path) == (7, path)
    assert repr(restored.metrics) == repr(metrics)
    assert np.array_equal(net.weight, other.weight)
    assert nn.load(path.with_suffix(".safetensors"))["model.bias"].tolist() == net.bias.tolist()


def test_the_last_ones_saved_are_kept(tmp_path):
    (tmp_path / "notes.json").write_text("1")
    checkpoint = nn.Checkpoint(tmp_path, keep=2)
    for step in (10, 20, 30, 5, 5):
        checkpoint.save(step, part=Part(step))
    (tmp_path / "notes.json").unlink()
    assert steps(tmp_path) == [5, 5]  # a run begun anew, not the largest steps
    assert checkpoint.load().step == 5
    nn.Checkpoint(tmp_path, keep=None).save(6)
    nn.Checkpoint(tmp_path, keep=None).save(7)
    assert steps(tmp_path) == [5, 5, 6, 7]
    nn.Checkpoint(tmp_path, keep=1).save(8)
    assert steps(tmp_path) == [8]
    assert len(list(tmp_path.iterdir())) == 3


def test_what_a_killed_program_left_is_deleted_and_nothing_else(tmp_path):
    left = ["000001-step-3.safetensors", ".000001-step-3.json." + "0a" * 8]
    others = ["000001-step-3.txt", "best.safetensors", ".best.safetensors." + "0a" * 8, "1.json"]
    for name in (*left, *others):
        (tmp_path / name).write_text("")
    assert nn.Checkpoint(tmp_path).load() is None
    path = nn.Checkpoint(tmp_path).save(4)
    assert path.name == "000002-step-4.json"
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {*others, ".lock", path.name, path.with_suffix(".safetensors").name}


def test_what_was_left_behind_makes_room_first(tmp_path, monkeypatch):
    """On a disk with no room for it and a new checkpoint, no save would ever succeed again."""
    left = ["000007-step-3.safetensors", ".000007-step-3.json." + "0a" * 8]
    for name in left:
        (tmp_path / name).write_text("")
    write, there = nn.checkpoint.write_atomically, []
    monkeypatch.setattr(
        "nn.checkpoint.write_atomically",
        lambda *args: (
            there.extend(name for name in left if (tmp_path / name).exists()),
            write(*args),
        ),
    )
    assert nn.Checkpoint(tmp_path).save(4).name == "000008-step-4.json"
    assert there == []


@pytest.mark.parametrize("dtype", [">f4", ">i8", ">c8", "<f8", "?"])
def test_arrays_of_any_byte_order_come_back(tmp_path, dtype):
    saved, loaded = Part(), Part()
    saved.load_state_dict({"x": np.arange(4).astype(dtype)})
    checkpoint = nn.Checkpoint(tmp_path)
    checkpoint.save(1, part=saved)
    checkpoint.load(part=loaded)
    assert loaded.state["x"].tolist() == saved.state["x"].tolist()
    assert loaded.state["x"].dtype == np.dtype(dtype).newbyteorder("=")


# -- randomness ------------------------------------------------------------------------------------


def draws(generator: autograd.Generator) -> list[Any]:
    return [
        autograd.randn(3).tolist(),
        autograd.rand(3, generator=generator).tolist(),
        random.random(),
        random.gauss(0, 1),
        np.random.randn(3).tolist(),
        np.random.randint(100),
    ]


def test_all_random_states(tmp_path):
    generator = autograd.Generator(seed=3)
    draws(generator)  # one of two normal numbers that were drawn together is left
    checkpoint = nn.Checkpoint(tmp_path)
    checkpoint.save(1, generator=generator)
    expected = draws(generator)
    assert draws(generator) != expected
    checkpoint.load(generator=generator)
    assert draws(generator) == expected


def test_random_states_may_be_left_alone(tmp_path):
    part, generator = Drawing(), autograd.Generator(seed=3)
    checkpoint = nn.Checkpoint(tmp_path)
    checkpoint.save(1, part=part)
    autograd.manual_seed(5)
    random.seed(5)
    np.random.seed(5)
    expected = draws(generator)
    autograd.manual_seed(5)
    random.seed(5)
    np.random.seed(5)
    checkpoint.load(part=part, random_state=False)
    assert draws(autograd.Generator(seed=3)) == expected


class Drawing(Part):
    """As a loader, which may draw its seed when it is asked for its state."""

    def state_dict(self) -> dict[str, Any]:
        return {"seed": autograd.randint(1000, (1,)).item()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        autograd.rand(3)


def test_a_part_may_draw_while_it_is_saved_or_loaded(tmp_path):
    checkpoint = nn.Checkpoint(tmp_path)
    checkpoint.save(1, part=Drawing())
    expected = autograd.rand(3).tolist()
    checkpoint.load(part=Drawing())
    assert autograd.rand(3).tolist() == expected


# -- all or nothing --------------------------------------------------------------------------------


def run(width: int = 3, seed: int = 0, cls: Any = optim.Adam) -> dict[str, Any]:
    autograd.manual_seed(seed)
    model = nn.Sequential(nn.Dense(2, width), nn.BatchNorm1D(width))
    optimizer = cls(model.parameters(), lr=0.1 + seed)
    model(autograd.rand(4, 2)).sum().backward()
    optimizer.step()
    scheduler = optim.lr_scheduler.StepLR(optimizer, 2 + seed)
    return {"model": model, "optimizer": optimizer, "scheduler": scheduler}


def snapshot(parts: dict[str, Any]) -> str:
    states = {
        name: part.get_state() if isinstance(part, autograd.Generator) else part.state_dict()
        for name, part in parts.items()
    }
    return repr((states, autograd.get_rng_state().tolist(), random.getstate()))


class Refusing(Part):
    def load_state_dict(self, state: dict[str, Any]) -> None:
        super().load_state_dict(state)
        if state["number"] == 1:
            raise ValueError("not this one")


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (
            lambda: run(width=4, seed=1),
            "(?s)model does not fit .*changed: .*size mismatch",
        ),
        (
            lambda: {**run(seed=1), "optimizer": run(width=4)["optimizer"]},
            "optimizer does not fit .* and nothing has been changed: .*shape",
        ),
        (lambda: run(seed=1, cls=optim.AdamW), "optimizer is a AdamW, but .* is a Adam"),
        (lambda: run(seed=1) | {"loader": Part()}, "has no 'loader'; there are model, optimizer"),
        (lambda: run(seed=1) | {"modle": Part()}, "has no 'modle'; did you mean 'model'"),
        (lambda: run(seed=1) | {"part": Refusing()}, "part does not fit .*: not this one"),
    ],
)
def test_if_anything_does_not_fit_nothing_is_changed(other, message, tmp_path):
    checkpoint = nn.Checkpoint(tmp_path)
    checkpoint.save(1, **run(), part=Refusing(1))
    parts = other()
    before = snapshot(parts)
    with pytest.raises(AutogradError, match=message):
        checkpoint.load(**parts)
    assert snapshot(parts) == before


class Stubborn(Part):
    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.state = state
        raise ValueError("never")


def test_a_part_that_refuses_its_own_state_too(tmp_path):
    checkpoint = nn.Checkpoint(tmp_path)
    checkpoint.save(1, **run(), part=Stubborn())
    parts = run(seed=1)
    before = snapshot(parts)
    with pytest.raises(
        AutogradError,
        match=r"and part \(ValueError: never\) did not take the old state back; .*: never",
    ):
        checkpoint.load(**parts, part=Stubborn())
    assert snapshot(parts) == before


class Interrupt:
    """Raises KeyboardInterrupt at the ``n``th line that is executed in nn or optim. (Not in
    autograd: a trace function can interrupt where a signal can't, before a lock is released.)"""

    def __init__(self, n: int) -> None:
        self.left = n

    def __call__(self, frame: Any, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(PACKAGES):
            return None
        if event == "line":
            self.left -= 1
            if self.left < 0:
                sys.settrace(None)
                raise KeyboardInterrupt
        return self


PACKAGES = tuple(str(Path(package.__file__).parent) for package in (nn, optim))


def test_ctrl_c_at_any_moment_leaves_the_old_state_or_the_new_one(tmp_path):
    checkpoint = nn.Checkpoint(tmp_path)
    saved = {**run(), "loader": nn.data.DataLoader(range(6)), "generator": autograd.Generator(3)}
    checkpoint.save(1, **saved)
    parts = {
        **run(seed=1),
        "loader": nn.data.DataLoader(range(6)),
        "generator": autograd.Generator(4),
    }
    parts["loader"].state_dict()  # draws its seed
    before, outcomes, trace = snapshot(parts), [], sys.gettrace()
    for n in itertools.count(0, 7):
        try:
            sys.settrace(Interrupt(n))
            checkpoint.load(**parts)
        except KeyboardInterrupt:
            outcomes.append(snapshot(parts) == before)
        else:
            break
        finally:
            sys.settrace(trace)
        if not outcomes[-1]:
            assert snapshot(parts) == snapshot(saved)
            break
    after = snapshot(parts)
    checkpoint.load(**saved)
    assert after == snapshot(saved) != before
    assert outcomes.count(True) > 100


def test_a_random_state_that_does_not_fit(tmp_path, monkeypatch):
    """NumPy's global generator may be another: then it refuses."""
    checkpoint = nn.Checkpoint(tmp_path)
    state = {"bit_generator": "PCG64", "state": {"state": 2**100, "inc": 1}}
    monkeypatch.setattr(np.random, "get_state", lambda **options: state)
    checkpoint.save(1, **run())
    monkeypatch.undo()
    parts = run(seed=1)
    before = snapshot(parts)
    with pytest.raises(AutogradError, match=r"random state does not fit .*MT19937"):
        checkpoint.load(**parts)
    assert snapshot(parts) == before
    assert checkpoint.load(**parts, random_state=False).step == 1


class Counting(nn.Dense):
    seen: Any = None

    def get_extra_state(self) -> Any:
        return self.seen

    def set_extra_state(self, state: Any) -> None:
        self.seen = state


def test_extra_states_of_modules(tmp_path):
    saved, loaded = nn.Sequential(Counting(1, 1)), nn.Sequential(Counting(1, 1))
    saved[0].seen = {"batches": 3, "mean": autograd.ones(2)}
    checkpoint = nn.Checkpoint(tmp_path)
    checkpoint.save(1, model=saved)
    checkpoint.load(model=loaded)
    assert repr(loaded[0].seen) == repr(saved[0].seen)
    assert loaded.state_dict()._metadata == saved.state_dict()._metadata


def test_threads_wait_for_each_other(tmp_path):
    checkpoint, found = nn.Checkpoint(tmp_path, keep=1), []
    checkpoint.save(0, part=Part(0))

    def work(first: int) -> None:
        for step in range(first, first + 10):
            checkpoint.save(step, part=Part(step))
            part = Part()
            found.append(checkpoint.load(part=part, random_state=False).step == part.number())

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, (0, 100, 200)))
    assert found == [True] * 30
    assert len(list(tmp_path.iterdir())) == 3


def test_a_lazy_model_gets_its_shapes(tmp_path):
    checkpoint = nn.Checkpoint(tmp_path)
    checkpoint.save(1, model=nn.Dense(2, 3))
    lazy = nn.LazyDense(3)
    checkpoint.load(model=lazy)
    assert lazy.weight.shape == (3, 2)


def test_tensors_are_not_shared_with_what_was_loaded(tmp_path):
    parts = run()
    checkpoint = nn.Checkpoint(tmp_path)
    checkpoint.save(1, **parts)
    expected = snapshot(parts)
    for _ in range(2):
        checkpoint.load(**parts)
        assert snapshot(parts) == expected
        parts["model"](autograd.rand(4, 2)).sum().backward()
        parts["optimizer"].step()
        assert snapshot(parts) != expected


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"step": -1}, ShapeError, "step must not be negative, got -1"),
        ({"step": 1.0}, DTypeError, "step: needs integers"),
        ({"step": True}, DTypeError, "step: needs integers"),
        ({"step": 1, "model": 3}, DTypeError, r"model must have state_dict\(\) and .* got a int"),
        ({"step": 1, "metrics": {"f": print}}, DTypeError, "metrics.f is a builtin_function"),
        ({"step": 1, "x": Part(np.float16)}, DTypeError, "x.number is a type; a state may hold"),
    ],
)
def test_what_can_not_be_saved(arguments, error, message, tmp_path):
    if arguments.get("x"):
        arguments["x"].load_state_dict({"number": np.float16})
    with pytest.raises(error, match=message):
        nn.Checkpoint(tmp_path / "run").save(**arguments)
    assert not (tmp_path / "run").exists()


def test_arguments_that_make_no_sense(tmp_path):
    with pytest.raises(ShapeError, match="keep must be positive, or None to keep all, got 0"):
        nn.Checkpoint(tmp_path, keep=0)
    with pytest.raises(DTypeError, match="keep: needs integers"):
        nn.Checkpoint(tmp_path, keep=1.5)
    with pytest.raises(DTypeError, match="scheduler must have state_dict"):
        nn.Checkpoint(tmp_path).load(scheduler=None)


def test_a_later_format_is_not_guessed_at(tmp_path, monkeypatch):
    monkeypatch.setattr("nn.checkpoint._FORMAT", 2)
    nn.Checkpoint(tmp_path).save(1)
    monkeypatch.undo()
    with pytest.raises(AutogradError, match="has format 2; update this library"):
        nn.Checkpoint(tmp_path).load()
