"""Odd or even: the ROC curve, and that the network learns."""

from __future__ import annotations

import re

import numpy as np
import pytest

import autograd
import nn
from examples import odd_even, program

pytestmark = pytest.mark.usefixtures("restored_seed")


def test_it_learns_and_its_weights_can_be_loaded(digits, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(odd_even, "DATA", digits)
    odd_even.main(["--epochs", "3", "--check", "--out", str(tmp_path / "out")])
    captured = capsys.readouterr()
    losses = [float(loss) for loss in re.findall(r"loss (\S+),", captured.out)]
    assert losses[2] < losses[0]
    assert "AUC 1.00000" in captured.out
    assert captured.err == ""
    assert (tmp_path / "out" / "roc.png").stat().st_size > 1000
    model = odd_even.network()
    model.load_state_dict(nn.load(tmp_path / "out" / "model.safetensors"))


def test_the_area_is_the_share_of_pairs_in_the_right_order():
    autograd.manual_seed(0)
    odd = (autograd.rand(200) > 0.4).float()
    logits = autograd.randn(200) + odd
    above = logits.numpy()[odd.numpy() == 1][:, None] > logits.numpy()[odd.numpy() == 0]
    assert odd_even.area(odd_even.roc(logits, odd)) == pytest.approx(above.mean(), abs=1e-5)


def test_the_curve_begins_at_0_and_ends_at_1():
    odd = autograd.tensor([1.0, 0.0, 1.0, 0.0])
    false, true = odd_even.roc(autograd.tensor([4.0, 3.0, 2.0, 1.0]), odd)
    assert false.tolist() == [0, 0, 0.5, 0.5, 1]
    assert true.tolist() == [0, 0.5, 0.5, 1, 1]


def test_odd_is_1():
    assert odd_even.oddness(np.array([0, 1, 2, 9])).tolist() == [0, 1, 0, 1]


def test_missing_data_end_with_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(odd_even, "DATA", tmp_path)
    with pytest.raises(SystemExit, match="needs train-images"):
        program.run(lambda: odd_even.main(["--out", str(tmp_path)]))
