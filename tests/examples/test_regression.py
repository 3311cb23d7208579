"""The regressions: what they fit, that they learn and are the same again for a seed."""

from __future__ import annotations

import re

import pytest

import autograd
from examples import regression

pytestmark = pytest.mark.usefixtures("restored_seed")


def test_the_losses_fall_and_a_picture_is_drawn(tmp_path, capsys):
    regression.main(["--steps", "150", "--out", str(tmp_path)])
    captured = capsys.readouterr()
    losses = re.findall(r"loss (\S+) -> (\S+)", captured.out)
    assert len(losses) == 3
    assert all(float(last) < 0.7 * float(first) for first, last in losses)
    assert captured.err == ""
    assert (tmp_path / "fits.png").stat().st_size > 1000


def test_a_seed_repeats_a_run(tmp_path, capsys):
    def run(seed: int) -> str:
        regression.main(["--steps", "5", "--seed", str(seed), "--out", str(tmp_path)])
        return capsys.readouterr().out

    assert run(1) == run(1) != run(2)


def test_the_polynomial_is_the_sum_of_powers():
    c = autograd.tensor([1.0, -2.0, 3.0])
    x = autograd.linspace(-2, 2, 5)
    assert autograd.allclose(regression.polynomial(c, x), 1 - 2 * x + 3 * x**2)


def test_a_short_run_misses_the_headline(tmp_path, capsys):
    with pytest.raises(SystemExit):
        regression.main(["--steps", "2", "--check", "--out", str(tmp_path)])
    assert "NOT REACHED" in capsys.readouterr().out


def test_ctrl_c_shows_what_has_been_learnt(tmp_path, capsys, monkeypatch):
    def interrupted(self, steps):
        raise KeyboardInterrupt

    monkeypatch.setattr(regression.Problem, "fit", interrupted)
    regression.main(["--out", str(tmp_path)])
    assert "interrupted" in capsys.readouterr().err
    assert (tmp_path / "fits.png").is_file()
