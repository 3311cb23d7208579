"""The comparison with PyTorch: same losses, and what it says without PyTorch."""

from __future__ import annotations

import re
import sys

import pytest

import autograd
from examples import compare, mnist

pytestmark = pytest.mark.usefixtures("restored_seed")


@pytest.fixture
def torch(monkeypatch):
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    # Of autograd's there is no way back: where the environment gives NumPy's products one thread,
    # to set the number from before would give them as many as there are cores.
    monkeypatch.setattr(autograd, "set_num_threads", lambda threads: None)
    yield torch
    torch.set_num_threads(before)


@pytest.mark.usefixtures("torch")
def test_the_losses_are_the_same(tmp_path, capsys):
    options = ["--steps", "4", "--seeds", "2", "--check", "--out", str(tmp_path / "out")]
    compare.main(options)
    captured = capsys.readouterr()
    pairs = re.findall(r"seed (\d), (float\d\d): .* differ by at most", captured.out)
    assert pairs == [("0", "float32"), ("0", "float64"), ("1", "float32"), ("1", "float64")]
    assert captured.err == ""
    assert (tmp_path / "out" / "losses.png").stat().st_size > 1000


def pair_of(dtype: str) -> compare.Pair:
    weights = [x.detach() for x in compare.digits.perceptron().parameters()]
    return compare.Pair(0, dtype, weights)


def random_batch() -> tuple[autograd.Tensor, autograd.Tensor]:
    return autograd.rand(8, 1, 28, 28), autograd.randint(0, 10, (8,))


@pytest.mark.usefixtures("torch")
def test_it_is_the_training_of_the_mnist_example():
    autograd.manual_seed(0)
    example = mnist.Training("mlp", "article", steps=5)
    weights = [x.detach().clone() for x in example.model.parameters()]
    pair = compare.Pair(0, "float32", weights)
    for _ in range(5):
        batch = random_batch()
        pair.step(*batch)
        assert example.step(*batch) == pair.ours.losses[-1]


@pytest.mark.usefixtures("torch")
def test_the_loss_falls_and_a_difference_is_seen():
    autograd.manual_seed(0)
    pair, batch = pair_of("float64"), random_batch()
    for _ in range(5):
        pair.step(*batch)
    assert pair.ours.losses[-1] < pair.ours.losses[0]
    assert pair.agrees()
    pair.theirs.losses[2] *= 1 + 1e-8
    assert not pair.agrees()


def test_without_pytorch_one_line_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(SystemExit, match="needs torch: pip install torch"):
        compare.libraries()
