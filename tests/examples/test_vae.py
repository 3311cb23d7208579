"""The variational auto-encoder: its bound, its training, its pictures."""

from __future__ import annotations

import re

import pytest

import autograd
from autograd.distributions import Normal
from examples import vae

PICTURES = ("samples.png", "reconstructions.png", "mixed.png")
pytestmark = pytest.mark.usefixtures("restored_seed")


def test_it_learns_and_draws(digits, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(vae, "DATA", digits)
    vae.main(["--epochs", "3", "--out", str(tmp_path / "out")])
    captured = capsys.readouterr()
    elbos = [float(found) for found in re.findall(r"ELBO (\S+)", captured.out)]
    assert elbos == sorted(elbos)
    assert elbos[-1] > -784 * 0.69  # of an even chance for each pixel
    assert captured.err == ""
    names = {"checkpoints", *PICTURES, "vae.safetensors"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names


def test_a_short_run_does_not_reach_the_result(digits, tmp_path, monkeypatch):
    monkeypatch.setattr(vae, "DATA", digits)
    with pytest.raises(SystemExit):
        vae.main(["--epochs", "1", "--out", str(tmp_path / "out"), "--check"])


def test_a_resumed_run_ends_as_one_that_never_stopped(digits, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(vae, "DATA", digits)

    def run(folder: str, *more: str) -> list[str]:
        vae.main(["--epochs", "3", "--out", str(tmp_path / folder), *more])
        return re.findall(r"epoch .*", capsys.readouterr().out)

    whole = run("whole")
    forward, calls = vae.VAE.forward, iter(range(100))

    def interrupted(self, x):
        if next(calls) == 8:  # in the second epoch: there are 5 batches, and a test
            raise KeyboardInterrupt
        return forward(self, x)

    with monkeypatch.context() as patch:
        patch.setattr(vae.VAE, "forward", interrupted)
        assert run("parts") == whole[:1]
    assert run("parts", "--resume") == whole[1:]
    for name in (*PICTURES, "vae.safetensors"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "parts" / name).read_bytes()


def test_the_divergence_is_that_of_many_samples():
    autograd.manual_seed(0)
    q = Normal(autograd.tensor([0.5, -1.0]), autograd.tensor([0.5, 2.0]))
    z = q.sample((100_000,))
    sampled = (q.log_prob(z) - Normal(0.0, 1.0).log_prob(z)).mean(0)
    assert autograd.allclose(vae.divergence(q), sampled, rtol=0.02, atol=0.0)
