"""The examples' page: what it says about one's own data works, with data of one's own."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import autograd
import examples

FOLDER = Path(examples.__file__).parent
PAGE = (FOLDER / "README.md").read_text()
TABLE, IMAGES = re.findall(r"```py\n(.*?)```", PAGE, re.DOTALL)

pytestmark = pytest.mark.usefixtures("restored_seed")


def run(block: str, capsys) -> float:
    """Run a block as a program; the number with which its last line begins."""
    autograd.manual_seed(0)
    exec(compile(block, "block", "exec"), {"__name__": "block"})
    captured = capsys.readouterr()
    assert captured.err == ""
    return float(re.match(r"[\d.]+", captured.out.splitlines()[-1])[0])


def test_a_table(tmp_path, monkeypatch, capsys):
    """Of the price of houses, by their area and age, a tenth is chance."""
    random = np.random.default_rng(0)
    area, age = random.uniform(40, 200, 500), random.uniform(0, 100, 500)
    price = 3000 * area - 2000 * age + random.normal(0, 40_000, 500)
    rows = [f"{a:.1f},{b:.0f},{c:.0f}" for a, b, c in zip(area, age, price)]
    (tmp_path / "table.csv").write_text("\n".join(["area,age,price", *rows]))
    monkeypatch.chdir(tmp_path)
    chance = 40_000**2 / price.var()
    assert 0.5 * chance < run(TABLE, capsys) < 2 * chance


def test_folders_of_images(tmp_path, monkeypatch, capsys):
    """Suns and stripes, of any size, grey or in colours; and a file that is no image."""
    image = pytest.importorskip("PIL.Image")
    random = np.random.default_rng(0)
    for name in ("stripes", "suns"):
        (tmp_path / "photos" / name).mkdir(parents=True)
    for i in range(40):
        height, width = random.integers(20, 90, 2)
        y, x = np.mgrid[:height, :width] / np.array([height, width])[:, None, None]
        sun = np.hypot(x - 0.5, y - 0.5) < 0.3
        stripes = np.sin(30 * x + i) > 0
        image.fromarray((sun * 255).astype(np.uint8)).save(tmp_path / f"photos/suns/{i}.png")
        coloured = (stripes[..., None] * random.uniform(100, 255, 3)).astype(np.uint8)
        image.fromarray(coloured).save(tmp_path / f"photos/stripes/{i}.jpg")
    (tmp_path / "photos" / "suns" / "notes.txt").write_text("not an image")
    monkeypatch.chdir(tmp_path)
    assert run(IMAGES, capsys) > 90


def test_all_pictures_are_shown_and_small():
    shown = re.findall(r"!\[[^]]+\]\((pictures/[^)]+)\)", PAGE)
    there = sorted(f"pictures/{path.name}" for path in (FOLDER / "pictures").iterdir())
    assert sorted(shown) == there
    sizes = [(FOLDER / path).stat().st_size for path in shown]
    assert max(sizes) < 60_000
    assert sum(sizes) < 600_000
