"""The denoising auto-encoder: its comparison, its training, its pictures."""

from __future__ import annotations

import re

import pytest

import autograd
from examples import autoencoder

pytestmark = pytest.mark.usefixtures("restored_seed")


def test_it_learns_and_draws(digits, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(autoencoder, "DATA", digits)
    autoencoder.main(["--epochs", "3", "--out", str(tmp_path / "out")])
    captured = capsys.readouterr()
    noise, *_, first, _, last = [float(found) for found in re.findall(r"MSE (\S+)", captured.out)]
    assert noise > first > last
    assert captured.err == ""
    names = {"denoised.png", "walks.png", "autoencoder.safetensors"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names


def test_a_projection_keeps_what_lies_in_its_directions():
    autograd.manual_seed(0)
    basis = autograd.randn(autoencoder.CODE, 784)
    images = 1 + (autograd.randn(200, autoencoder.CODE) @ basis).reshape(200, 1, 28, 28)
    projection = autoencoder.Projection(images)
    assert autograd.allclose(projection(images), images, rtol=0.0, atol=0.01)
    others = autograd.randn(10, 1, 28, 28)
    assert not autograd.allclose(projection(others), others, rtol=0.0, atol=0.5)
