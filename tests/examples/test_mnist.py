"""The main example trains, saves, obeys Ctrl-C, and says what is wrong with its data."""

from __future__ import annotations

import re
import sys
from contextlib import nullcontext

import numpy as np
import pytest

import nn
from examples import mnist, program
from nn.data import DataError
from tests.nn.data.test_idx import encode

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
    mnist.main([*options, "--model", model, "--recipe", recipe, "--check"])
    captured = capsys.readouterr()
    assert "test accuracy: last 1.0000, best 1.0000" in captured.out
    assert captured.err == ""  # no progress bar where there is no terminal
    assert (out / f"{model}.png").stat().st_size > 1000
    trained = mnist.digits.MODELS[model]()
    trained.load_state_dict(nn.load(out / f"{model}.safetensors"))
    test = mnist.digits.tensors(digits, "t10k")
    assert mnist.digits.accuracy(trained, *test) == 1.0


def test_a_result_that_is_not_reached_is_a_failure(digits, tmp_path, capsys):
    out = ["--data", str(digits), "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit, match="1"):
        mnist.main([*out, "--model", "lstm", "--epochs", "1", "--check"])
    assert "a test accuracy of 0.985 after the last epoch: NOT REACHED" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("recipe", "epoch", "is_reached"),
    [("article", "best", True), ("modern", "last", False)],
)
def test_the_article_s_best_epoch_counts_else_the_last(recipe, epoch, is_reached, capsys):
    curve = [(1.0, 0.5), (0.5, 0.99), (0.4, 0.97)]
    with nullcontext() if is_reached else pytest.raises(SystemExit, match="1"):
        mnist.check(curve, "mlp", recipe)
    assert f"after the {epoch} epoch" in capsys.readouterr().out


def test_without_matplotlib_it_trains_and_says_that_there_is_no_picture(
    digits, tmp_path, capsys, monkeypatch
):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    out = tmp_path / "out"
    mnist.main(["--data", str(digits), "--epochs", "1", "--out", str(out)])
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "no picture mlp.png, which needs matplotlib: pip install 'retrograd[examples]'"
    assert not list(out.glob("*.png"))
    assert (out / "mlp.safetensors").is_file()


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


def interrupt(monkeypatch, after: int) -> None:
    """Ctrl-C in one of the steps of the trainings to come, once."""
    step, steps = mnist.Training.step, iter(range(10_000))

    def interrupted(self, images, labels):
        if next(steps) == after:
            raise KeyboardInterrupt
        return step(self, images, labels)

    monkeypatch.setattr(mnist.Training, "step", interrupted)


@pytest.mark.parametrize(("model", "recipe"), [("mlp", "article"), ("rnn", "modern")])
def test_a_resumed_run_ends_as_one_that_never_stopped(
    digits, tmp_path, capsys, monkeypatch, model, recipe
):
    options = ["--data", str(digits), "--epochs", "3", "--model", model, "--recipe", recipe]

    def epochs(folder: str, *more: str) -> list[str]:
        mnist.main([*options, "--out", str(tmp_path / folder), *more])
        return re.findall(r"epoch .*accuracy \S+", capsys.readouterr().out)

    whole = epochs("whole")
    interrupt(monkeypatch, after=7)
    assert epochs("parts") == whole[:1]
    assert epochs("parts", "--resume") == whole[1:]
    weights = [tmp_path / folder / f"{model}.safetensors" for folder in ("whole", "parts")]
    assert weights[0].read_bytes() == weights[1].read_bytes()


def test_an_interrupted_run_has_not_reached_the_result(digits, tmp_path, capsys, monkeypatch):
    interrupt(monkeypatch, after=0)
    with pytest.raises(SystemExit, match="1"):
        mnist.main(["--data", str(digits), "--out", str(tmp_path), "--check"])
    assert "NOT REACHED" in capsys.readouterr().out


def test_a_check_needs_a_documented_result(tmp_path, capsys):
    with pytest.raises(SystemExit):
        mnist.main(["--model", "cnn", "--recipe", "article", "--check", "--out", str(tmp_path)])
    assert "no result of cnn by article" in capsys.readouterr().err


def write(folder, images, labels) -> None:
    for split in ("train", "t10k"):
        (folder / f"{split}-images-idx3-ubyte").write_bytes(encode(images.astype(np.uint8)))
        (folder / f"{split}-labels-idx1-ubyte").write_bytes(encode(labels.astype(np.uint8)))


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (np.zeros((2, 8, 9)), np.zeros(2), "8 x 9"),
        (np.zeros((2, 28, 28)), np.full(2, 26), "labels up to 26"),
        (np.zeros((2, 28, 28)), np.zeros(3), "2 images but 3 labels"),
        (np.zeros((0, 28, 28)), np.zeros(0), "no images"),
    ],
)
def test_other_data_says_what_is_wrong(tmp_path, images, labels, message):
    write(tmp_path, images, labels)
    with pytest.raises(DataError, match=message):
        mnist.main(["--data", str(tmp_path), "--out", str(tmp_path / "out")])


def test_a_folder_without_data_is_one_line(tmp_path):
    with pytest.raises(SystemExit, match=r"needs train-images"):
        program.run(lambda: mnist.main(["--data", str(tmp_path), "--out", str(tmp_path)]))
