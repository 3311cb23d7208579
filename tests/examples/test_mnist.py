"""The main example trains, saves, obeys Ctrl-C, and says what is wrong with its data."""

from __future__ import annotations

import re

import pytest

import nn
from examples import mnist

pytestmark = pytest.mark.usefixtures("restored_seed")


@pytest.mark.parametrize(
    ("model", "recipe", "epochs"),
    [
        ("mlp", "article", 2),
        ("mlp", "modern", 2),
        ("cnn", "modern", 2),
        ("rnn", "modern", 4),
        ("lstm", "modern", 15),
    ],
)
def test_it_learns_and_its_weights_can_be_loaded(digits, tmp_path, capsys, model, recipe, epochs):
    out = tmp_path / "out"
    options = ["--data", str(digits), "--out", str(out), "--epochs", str(epochs)]
    mnist.main([*options, "--model", model, "--recipe", recipe, "--plot", "--check"])
    captured = capsys.readouterr()
    assert "test accuracy: best 1.0000" in captured.out
    assert captured.err == ""  # no progress bar where there is no terminal
    assert (out / f"{model}.png").stat().st_size > 1000
    trained = mnist.MODELS[model]()
    trained.load_state_dict(nn.load(out / f"{model}.safetensors"))
    images, labels = mnist.tensors(mnist.idx.load(digits, "t10k"))
    assert mnist.accuracy(trained, images, labels) == 1.0


def test_a_result_that_is_not_reached_is_a_failure(digits, tmp_path, capsys):
    out = ["--data", str(digits), "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit, match="1"):
        mnist.main([*out, "--model", "lstm", "--epochs", "1", "--check"])
    assert "a test accuracy of 0.985: NOT REACHED" in capsys.readouterr().out


def test_a_seed_repeats_a_run(digits, tmp_path, capsys):
    def run(seed: int) -> str:
        out = ["--out", str(tmp_path / "out")]
        mnist.main(["--data", str(digits), "--epochs", "1", "--seed", str(seed), *out])
        return re.sub(r"[\d,]+ samples/s", "", capsys.readouterr().out)

    assert run(1) == run(1) != run(2)


def test_ctrl_c_saves_and_ends(digits, tmp_path, capsys, monkeypatch):
    steps = iter(range(3))

    def interrupted(self, images, labels):
        if next(steps) == 2:
            raise KeyboardInterrupt
        return 1.0

    monkeypatch.setattr(mnist.Training, "step", interrupted)
    out = tmp_path / "out"
    mnist.main(["--data", str(digits), "--out", str(out)])
    assert "interrupted" in capsys.readouterr().err
    assert (out / "mlp.safetensors").is_file()


def test_bad_data_ends_with_one_line(tmp_path):
    with pytest.raises(SystemExit, match=r"mnist: .*needs train-images"):
        mnist.main(["--data", str(tmp_path)])
