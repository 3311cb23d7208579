"""What holds for every example: its options, and one line where something is missing or wrong."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

import autograd
import examples
import nn
from examples import program

NETWORKS = {"adversaries", "digits", "transformer"}
SHARED = {"__init__", "cartpole", "ngrams", "program", "recognition"} | NETWORKS
PATHS = Path(examples.__file__).parent.glob("*.py")
NAMES = sorted({path.stem for path in PATHS} - SHARED)

pytestmark = pytest.mark.usefixtures("restored_seed")


def main(name: str):
    return importlib.import_module(f"examples.{name}").main


def repeats(name: str, capsys) -> str:
    """The option that says how long an example takes."""
    with pytest.raises(SystemExit, match="0"):
        main(name)(["--help"])
    text = capsys.readouterr().out
    (found,) = [each for each in ("--epochs", "--steps", "--episodes") if f"{each} " in text]
    assert all(f" {option}" in text for option in ("--seed", "--out", "--check"))
    return found


@pytest.mark.parametrize("number", ["0", "-2", "many"])
@pytest.mark.parametrize("name", NAMES)
def test_something_is_to_be_done(name, number, tmp_path, capsys):
    option = repeats(name, capsys)
    with pytest.raises(SystemExit, match="2"):
        main(name)([option, number, "--out", str(tmp_path)])
    assert f"argument {option}: " in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_that_cannot_be_made_is_found_out_first(name, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SystemExit, match="2"):
        main(name)(["--out", str(tmp_path / "file" / "out")])
    assert "argument --out: " in capsys.readouterr().err.splitlines()[-1]


def test_a_folder_that_cannot_be_written_is_found_out_first(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(program.os, "access", lambda path, mode: False)  # root may write anywhere
    with pytest.raises(SystemExit, match="2"):
        program.options("mnist", "").parse_args(["--out", str(tmp_path)])
    assert "may not be written" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted({*NAMES} - {"mnist"}))  # it runs without any extra
def test_without_matplotlib_one_line_says_what_to_do(name, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(SystemExit, match=r"needs matplotlib: pip install 'retrograd\[examples\]'"):
        main(name)(["--out", str(tmp_path)])
    assert capsys.readouterr().out == ""  # it is said before there is a result to be lost


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (KeyboardInterrupt(), "interrupted"),
        (program.DataError("data: needs an image"), "data: needs an image"),
        (PermissionError(13, "Permission denied", "picture.png"), "Permission denied: 'picture"),
    ],
)
def test_what_is_not_a_bug_ends_with_one_line(error, line):
    def interrupted() -> None:
        raise error

    with pytest.raises(SystemExit, match=line):
        program.run(interrupted)


def test_a_result_is_reached_or_not(capsys):
    program.check(True, "accuracy 0.99")
    assert capsys.readouterr().out == "check: accuracy 0.99: reached\n"
    with pytest.raises(SystemExit, match="1"):
        program.check(False, "accuracy 0.09")


def test_ctrl_c_ends_an_interruptible_block_only(capsys):
    with program.interruptible("showing what has been learnt"):
        raise KeyboardInterrupt
    assert capsys.readouterr().err == "interrupted: showing what has been learnt\n"


def test_ctrl_c_ends_a_resumable_program():
    with pytest.raises(SystemExit, match="interrupted: --resume goes on"), program.resumable():
        raise KeyboardInterrupt


@pytest.mark.parametrize("block", [lambda: program.interruptible("ended"), program.resumable])
def test_another_exception_goes_through(block):
    with pytest.raises(ZeroDivisionError), block():
        raise ZeroDivisionError


def test_a_log_goes_on_where_it_was(tmp_path, capsys):
    parser = program.options("mnist", "", resumable=True)
    options = parser.parse_args(["--out", str(tmp_path)])
    layer = nn.Dense(2, 1)
    log = program.Log(options, layer=layer)
    assert (log.done, log.results) == (0, [])
    log.add(10, 0.5, "step 10")
    log.add(20, 0.25, "step 20")
    assert capsys.readouterr().out == "step 10\nstep 20\n"

    other = nn.Dense(2, 1)
    assert program.Log(options, layer=other).results == []
    assert not autograd.equal(other.weight, layer.weight)
    options.resume = True
    log = program.Log(options, layer=other)
    assert (log.done, log.results) == (20, [0.5, 0.25])
    assert autograd.equal(other.weight, layer.weight)


def test_a_log_without_a_checkpoint_begins(tmp_path):
    parser = program.options("mnist", "", resumable=True)
    options = parser.parse_args(["--out", str(tmp_path), "--resume"])
    assert program.Log(options, layer=nn.Dense(2, 1)).done == 0
