"""Whatever happens while a checkpoint is saved, and whatever happens to it later: what is loaded
is whole, the old state or the new one.

``STRESS=50`` makes the programs do 50 times as much, and damages every byte.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from autograd.errors import AutogradError
from tests.nn.checkpoint_programs import Part, load, model, save

STRESS = int(os.environ.get("STRESS", "0"))
ROOT = Path(__file__).parents[2]


def run(program: str, folder: Path, count: int) -> None:
    command = [sys.executable, "-m", "tests.nn.checkpoint_programs", program]
    done = subprocess.run(
        [*command, str(folder), str(count * max(STRESS, 1))],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # it forks
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the programs fork")
@pytest.mark.parametrize(
    ("program", "count"),
    [
        ("killed_at_random", 40),
        ("killed_at_each_operation", 1),
        ("too_large_files", 20),
        ("several_at_once", 20),
        ("killed_and_resumed", 30),
    ],
)
def test_programs_that_come_to_harm(program, count, tmp_path):
    run(program, tmp_path / "run", count)


def test_a_read_only_folder():
    folder = Path(tempfile.mkdtemp())  # those of pytest can be entered by nobody else
    run("read_only_folder", folder / "run", 1)
    shutil.rmtree(folder)


def test_a_full_disk(tmp_path):
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a file system needs root")
    try:
        run("full_disk", tmp_path, 100)
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


# -- operations that fail --------------------------------------------------------------------------


def failing(monkeypatch: pytest.MonkeyPatch, n: int) -> list[str]:
    """Have the nth of the operations on files fail; return the list of those that were called."""
    called: list[str] = []

    def patched(name: str, operation: Any) -> Any:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            called.append(name)
            if len(called) == n + 1:
                raise OSError(28, "No space left on device")
            return operation(*args, **kwargs)

        return wrapped

    for name in ("open", "fsync", "replace", "mkdir"):
        monkeypatch.setattr(os, name, patched(f"os.{name}", getattr(os, name)))
    monkeypatch.setattr("nn.saving.open", patched("open", open), raising=False)
    return called


def test_each_operation_may_fail(tmp_path):
    failures = set()
    for n in range(100):
        folder = tmp_path / str(n)
        save(folder, 1)
        with pytest.MonkeyPatch.context() as patches:
            called = failing(patches, n)
            try:
                save(folder, 2)
            except OSError as error:
                failures.add((called[n], error.strerror))
            else:
                assert len(called) <= n
                break
        assert load(folder) in (1, 2)
        assert not [path for path in folder.iterdir() if path.name.startswith(".0")]
        save(folder, 3)
        assert load(folder) == 3
    operations = ("os.open", "os.fsync", "os.replace", "open")
    assert failures == {(name, "No space left on device") for name in operations}


def test_the_order_of_operations(tmp_path, monkeypatch):
    """After a loss of power, there is a manifest only where there are the arrays."""
    called: list[str] = []

    def recorded(name: str, described: Any) -> None:
        operation = getattr(os, name)

        def wrapped(*args: Any) -> Any:
            called.append(f"{name} {described(args[0])}")
            return operation(*args)

        monkeypatch.setattr(os, name, wrapped)

    recorded("mkdir", lambda path: path.name)
    recorded("fsync", lambda file: "folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "file")
    recorded("replace", lambda path: path.split(".")[-2])
    recorded("unlink", lambda path: path.suffix[1:])
    whole = ["fsync file", "replace safetensors", "fsync folder"]
    whole += ["fsync file", "replace json", "fsync folder"]
    save(tmp_path / "runs" / "a", 1, keep=1)
    assert called == ["mkdir runs", "fsync folder", "mkdir a", "fsync folder", *whole]
    called.clear()
    save(tmp_path / "runs" / "a", 2, keep=1)
    assert called == [*whole, "unlink json", "unlink safetensors"]


def test_a_folder_that_can_not_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        save(tmp_path / "file" / "run", 1)
    with pytest.raises(OSError, match="file"):
        save(tmp_path / "file", 1)
    assert load(tmp_path / "other") == 0


# -- files that are damaged ------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A folder with the checkpoints of steps 1 and 2."""
    save(tmp_path / "run", 1)
    save(tmp_path / "run", 2)
    return tmp_path / "run"


def last(folder: Path, suffix: str) -> Path:
    return max(folder.glob(f"*{suffix}"))


def damaged(data: bytes, kind: str) -> Iterator[bytes]:
    """``data`` with each of its bytes changed, or missing from there on. Arrays make up most of it,
    and each of their bytes is like the next."""
    step = 1 if STRESS else 7
    for i in range(0, len(data), step):
        if kind == "truncated":
            yield data[:i]
        else:
            yield data[:i] + bytes([data[i] ^ (1 << i // step % 8)]) + data[i + 1 :]


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
@pytest.mark.parametrize("kind", ["truncated", "flipped"])
def test_damaged_files_are_noticed(two, suffix, kind):
    path = last(two, suffix)
    found = []
    for data in damaged(path.read_bytes(), kind):
        path.write_bytes(data)
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            step = load(two)
        assert step == 2 - len(warned)
        assert all(path.stem in str(warning.message) for warning in warned)
        found.append(step)
    # Some bytes say nothing: the padding of a header, say. What is loaded is right then, too.
    assert found.count(2) <= (0 if kind == "truncated" else len(found) / 50)


def test_what_was_skipped_and_why(two):
    last(two, ".safetensors").unlink()
    with pytest.warns(UserWarning, match="000001-step-1.json, for newer") as warned:
        assert load(two) == 1
    assert "000002-step-2.json: Checkpoint: there is no file" in str(warned[0].message)
    assert warned[0].filename.endswith("checkpoint_programs.py")


def test_nothing_whole_is_an_error(two):
    for path in two.glob("*.json"):
        path.write_text("{}")
    net, part = model(), Part()
    with pytest.raises(AutogradError, match=r"no checkpoint in .* is whole:") as caught:
        nn.Checkpoint(two).load(model=net, part=part)
    for line in ("000002-step-2.json: the manifest is damaged", "000001-step-1.json", "start anew"):
        assert line in str(caught.value)
    assert part.number() == -1
    assert all((np.asarray(x) == -1).all() for x in net.state_dict().values())


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "1", '"sha256"', "[" * 100_000, '{"sha256": 1}', "\xff", "NaN"]
)
def test_manifests_that_are_none(two, text):
    last(two, ".json").write_bytes(text.encode("latin-1"))
    with pytest.warns(UserWarning, match="the manifest is damaged"):
        assert load(two) == 1


def test_arrays_of_another_checkpoint(two):
    first, second = sorted(two.glob("*.safetensors"))
    shutil.copy(first, second)
    with pytest.warns(UserWarning, match="not those that were saved: .*model.0.weight"):
        assert load(two) == 1
