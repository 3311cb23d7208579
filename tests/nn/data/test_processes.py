"""Loaders with processes: the same batches, and nothing left behind, whatever happens."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd.errors import AutogradError, DTypeError
from nn import data

SEGMENTS = Path("/dev/shm")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and /dev/shm")


def segments(process):
    """The shared memory that a process, by its id, has made."""
    return list(SEGMENTS.glob(f"retrograd-{process}-*"))


@pytest.fixture(autouse=True)
def _nothing_is_left():
    """No worker, no memory."""
    yield
    assert not segments(os.getpid())
    assert not [child for child in active_children() if "DataLoader" in child.name]


class Images(data.Dataset):
    """Large samples, so that batches go through shared memory; some are special."""

    def __init__(self, special=None, at=None):
        self.images = np.random.default_rng(0).standard_normal((40, 3, 32, 32)).astype("f4")
        self.special, self.at = special, at

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        if index == self.at:
            self.special()
        noise = autograd.rand(2, generator=data.get_generator())
        sample = {"x": self.images[index], "noise": noise, "index": index}
        if data.get_worker_info() is not None:  # here, the default generators are the tests'
            sample["default"] = autograd.rand(1).item(), np.random.random(), random.random()
        return sample


class DisguisedError(Exception):
    """Comes out of a pickle as something else."""

    def __reduce__(self):
        return str, ("no exception",)


class Unsendable:
    def __reduce__(self):
        raise RuntimeError("not to be sent")


class UnpicklableError(Exception):
    def __init__(self, first, second):
        super().__init__(first)


def die():
    os._exit(7)


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def fail():
    raise ValueError("special")


def fail_oddly():
    raise UnpicklableError("odd", 2)


def fail_in_disguise():
    raise DisguisedError("disguised")


def hang():
    time.sleep(100)


def write():
    data.get_worker_info().dataset.images += 1


def loader(dataset, workers="processes", num_workers=2, **options):
    generator = autograd.Generator(seed=0)
    return data.DataLoader(
        dataset, 8, True, num_workers=num_workers, workers=workers, generator=generator, **options
    )


def plain(batches, names=("x", "noise", "index")):
    return [[batch[name].tolist() for name in names] for batch in batches]


def test_batches_are_those_of_one_process_and_state_goes_on():
    expected = loader(Images(), num_workers=0)
    first, second = plain(expected), plain(expected)
    ours = loader(Images(), persistent_workers=True)
    assert plain(ours) == first
    if SEGMENTS.is_dir():
        assert segments(os.getpid())  # large batches take this way
    iterator = iter(ours)
    assert plain([next(iterator), next(iterator)]) == second[:2]
    state = ours.state_dict()
    iterator.close()
    ours.load_state_dict(state)
    batches = list(ours)
    assert plain(batches) == second[2:]
    batches[0]["x"] += 1  # it is the caller's own
    del ours, iterator


def test_default_generators_are_reproducible_for_any_number_of_processes():
    def drawn(count):
        batches = loader(Images(), num_workers=count)
        return [[part.tolist() for part in batch["default"]] for batch in batches]

    assert drawn(1) == drawn(2)


@pytest.mark.parametrize(
    ("special", "kind", "message"),
    [
        (fail, ValueError, "special"),
        (fail_oddly, AutogradError, "UnpicklableError: odd"),
        (fail_in_disguise, AutogradError, "DisguisedError: disguised"),
        (write, ValueError, "read-only"),
        (die, AutogradError, r"exited: 7 \(batch 1 of epoch 0, samples \["),
        (kill, AutogradError, "was killed by SIGKILL"),
    ],
)
def test_what_goes_wrong_in_a_worker_is_told(special, kind, message):
    at = next(iter(data.DataLoader(range(40), 40, True, generator=autograd.Generator(seed=0))))[9]
    failing = loader(Images(special, int(at)), num_workers=1)
    with pytest.raises(kind, match=message) as caught:
        list(failing)
    if special in (fail, fail_oddly):
        notes = "\n".join(caught.value.__notes__)
        assert f"while fetching sample {int(at)}" in notes
        assert f"in {special.__name__}\n" in notes  # the worker's traceback


def test_a_hanging_worker_is_killed(monkeypatch):
    monkeypatch.setattr("nn.data.workers._GRACE", 0.1)
    with pytest.raises(AutogradError, match=r"timeout of 0.5 s"):
        list(loader(Images(hang, 3), timeout=0.5, num_workers=1))


def test_what_cannot_be_sent_is_refused_before_anything_starts():
    with pytest.raises(DTypeError, match="workers='threads'"):
        list(loader(Images(lambda: None, 1)))
    with pytest.raises(DTypeError, match="not to be sent"):
        list(loader(Images(Unsendable(), 1)))


def test_without_shared_memory_the_pipe_serves(monkeypatch):
    monkeypatch.setattr("nn.data.shared_memory.allocate", lambda size: None)
    assert plain(loader(Images(), num_workers=1)) == plain(loader(Images(), num_workers=0))


SCRIPT = """
    import os, signal, sys, threading, time
    import numpy as np
    from multiprocessing import active_children
    from nn import data
    from tests.nn.data.test_processes import Images

    if __name__ == "__main__":
        signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs ignore it
        workers = data.DataLoader(
            Images(), 4, num_workers=2, workers="processes", persistent_workers=True
        )
        for batch in workers:
            pass
        for batch in workers:
            print(*(child.pid for child in active_children()), flush=True)
            time.sleep(60)
"""


HANGING = """
    import signal
    from multiprocessing import active_children
    from nn import data
    from tests.nn.data.test_processes import Images, hang

    if __name__ == "__main__":
        signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs ignore it
        loader = data.DataLoader(Images(hang, 8), 4, num_workers=2, workers="processes")
        for batch in loader:
            print(*(child.pid for child in active_children()), flush=True)
"""


def run_script(tmp_path, program=SCRIPT):
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(program))
    root = Path(data.__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-W", "error", str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
        start_new_session=True,  # a group of its own, as a terminal gives it
    )
    pids = [int(word) for word in process.stdout.readline().split()]
    assert len(pids) == 2
    return process, pids


def all_gone(pids):
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks processes up in /proc")
@pytest.mark.parametrize("program", [SCRIPT, HANGING], ids=["waiting", "hanging"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_end_of_the_program_is_the_end_of_its_workers(tmp_path, number, program):
    process, pids = run_script(tmp_path, program)
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # what Ctrl-C does
    else:
        process.kill()
    _, errors = process.communicate(timeout=120)
    assert process.returncode == -number
    assert all_gone(pids)
    if number == signal.SIGINT:
        assert errors.count("Traceback") == 1  # the main process's alone
        assert "resource_tracker" not in errors
        assert not segments(process.pid)
