"""The comparison with PyTorch: same losses, and what it says without PyTorch."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest

import autograd
from examples import compare

pytestmark = pytest.mark.usefixtures("restored_seed")


@pytest.fixture
def torch():
    torch = pytest.importorskip("torch")
    before = autograd.get_num_threads(), torch.get_num_threads()
    yield torch
    autograd.set_num_threads(before[0])
    torch.set_num_threads(before[1])


def test_the_losses_are_the_same(torch, digits, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(compare, "DATA", digits)
    compare.main(["--steps", "20", "--check", "--out", str(tmp_path / "out")])
    captured = capsys.readouterr()
    assert len(re.findall(r"float\d\d: .* differ by at most", captured.out)) == 2
    assert captured.err == ""
    assert (tmp_path / "out" / "losses.png").stat().st_size > 1000


def pair_of(dtype: str, torch) -> compare.Pair:
    weights = {k: x.numpy() for k, x in compare.perceptron(compare.nn).state_dict().items()}
    return compare.Pair(dtype, weights)


def random_batch() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    return generator.random((8, 784), np.float32), generator.integers(0, 10, 8)


def test_the_loss_falls_and_a_difference_is_seen(torch):
    pair = pair_of("float64", torch)
    for _ in range(5):
        pair.ours.step(*random_batch())
        pair.theirs.step(*random_batch())
    assert pair.ours.losses[-1] < pair.ours.losses[0]
    assert pair.agrees()
    pair.theirs.losses[2] *= 1 + 1e-8
    assert not pair.agrees()


def test_ctrl_c_leaves_as_many_losses_of_each(torch, capsys, monkeypatch):
    pair = pair_of("float32", torch)
    monkeypatch.setattr(
        pair.theirs, "step", lambda *batch: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    compare.train([pair], [random_batch()])
    assert len(pair.ours.losses) == len(pair.theirs.losses) == 0
    assert "interrupted" in capsys.readouterr().err


def test_without_pytorch_one_line_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(SystemExit, match="needs torch: pip install torch"):
        compare.libraries()
