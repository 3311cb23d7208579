"""The transformer on characters: it learns them, and can be resumed."""

from __future__ import annotations

import math
import re
from types import SimpleNamespace

import pytest

from examples import char_transformer

pytestmark = pytest.mark.usefixtures("restored_seed")

ABC = "abcdefghijklmnopqrstuvwxyz The\n"


@pytest.fixture
def _small(monkeypatch):
    for name, value in {"CONTEXT": 16, "WIDTH": 16, "HEADS": 2, "LAYERS": 1}.items():
        monkeypatch.setattr(char_transformer, name, value)
    monkeypatch.setattr(char_transformer, "TEST_EVERY", 50)
    monkeypatch.setattr(char_transformer, "topics", SimpleNamespace(topics={"abc": ABC * 100}))


def bits(captured) -> list[float]:
    return [float(found) for found in re.findall(r"step +\d+: test (\S+)", captured.out)]


@pytest.mark.usefixtures("_small")
def test_it_learns_the_alphabet(tmp_path, capsys):
    char_transformer.main(["--steps", "150", "--out", str(tmp_path / "out")])
    curve = bits(capsys.readouterr())
    assert curve[-1] < 0.5 < curve[0] < math.log2(len(ABC)) + 0.5
    assert (tmp_path / "out" / "bits.png").stat().st_size > 1000
    assert "defghijk" in (tmp_path / "out" / "sample.txt").read_text()


@pytest.mark.usefixtures("_small")
def test_a_resumed_run_ends_as_one_that_never_stopped(tmp_path, capsys, monkeypatch):
    options = ["--steps", "100", "--out"]
    char_transformer.main([*options, str(tmp_path / "whole")])
    whole = bits(capsys.readouterr())
    step, steps = char_transformer.Training.step, iter(range(200))

    def interrupted(self, text):
        if next(steps) == 70:
            raise KeyboardInterrupt
        step(self, text)

    monkeypatch.setattr(char_transformer.Training, "step", interrupted)
    with pytest.raises(SystemExit, match="--resume"):
        char_transformer.main([*options, str(tmp_path / "parts")])
    assert bits(capsys.readouterr()) == whole[:1]
    char_transformer.main([*options, str(tmp_path / "parts"), "--resume"])
    assert bits(capsys.readouterr()) == whole[1:]
