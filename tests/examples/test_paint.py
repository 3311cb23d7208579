"""The painter paints any picture, better with every step, and shows how."""

from __future__ import annotations

import re

import numpy as np
import pytest

import autograd
from examples import paint

pytest.importorskip("matplotlib")
image = pytest.importorskip("PIL.Image")
pytestmark = pytest.mark.usefixtures("restored_seed")


@pytest.fixture
def rings(tmp_path):
    """A picture of coloured rings, 48 by 36 pixels."""
    y, x = np.mgrid[:36, :48]
    waves = [np.sin(np.hypot(x - 20, y - 18) * pace) for pace in (0.3, 0.5, 0.7)]
    picture = (127.5 + 127.5 * np.stack(waves, axis=2)).astype(np.uint8)
    path = tmp_path / "rings.png"
    image.fromarray(picture).save(path)
    return path


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(paint, "BATCH", 256)


def psnr(output: str) -> float:
    return float(re.search(r"PSNR (\S+) dB", output).group(1))


def test_it_learns_a_file_and_saves_what_it_painted(rings, tmp_path, capsys):
    out = tmp_path / "out"
    options = ["--image", str(rings), "--size", "24", "--out", str(out), "--features", "32"]
    paint.main([*options, "--steps", "1", "--scale", "2"])
    first = psnr(capsys.readouterr().out)
    paint.main([*options, "--steps", "60", "--scale", "2"])
    captured = capsys.readouterr()
    assert "24 x 18 pixels" in captured.out
    assert psnr(captured.out) > first + 6
    assert captured.err == ""
    with image.open(out / "painting.gif") as film:
        assert film.n_frames > 10
        assert film.size == (24, 18)
    with image.open(out / "painting.png") as pair:
        assert pair.size == (48, 18)
        left, right = np.split(np.asarray(pair, float), 2, axis=1)
    error = np.mean((left - right) ** 2) / 255**2  # rounded to 8 bits, which adds little
    assert paint.decibels(error) == pytest.approx(psnr(captured.out), abs=0.3)


def test_without_fourier_features_it_is_blurred(rings):
    def error(features: int) -> float:
        autograd.manual_seed(0)
        painting = paint.Painting(paint.read(rings, 48), paint.Painter(features, 4.0), 60)
        paint.paint(painting, 60)
        return painting.look()[1]

    assert error(64) > error(0) + 3


def test_a_short_run_does_not_reach_the_result(tmp_path):
    with pytest.raises(SystemExit):
        paint.main(["--steps", "2", "--size", "32", "--out", str(tmp_path / "out"), "--check"])


def test_the_places_are_centred_and_the_longer_side_spans_them():
    places = paint.coordinates(2, 4)
    assert places.shape == (8, 2)
    assert autograd.allclose(places.mean(dim=0), autograd.zeros(2))
    assert places[0].tolist() == [-0.75, -0.25]  # the middle of the upper left pixel
    assert places[-1].tolist() == [0.75, 0.25]


def test_ctrl_c_ends_with_what_there_is(rings, capsys, monkeypatch):
    def interrupted(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(paint.Painting, "step", interrupted)
    painting = paint.Painting(paint.read(rings, 24), paint.Painter(8, 2.0), 10)
    assert len(paint.paint(painting, 10)) == 2
    assert "interrupted" in capsys.readouterr().err
