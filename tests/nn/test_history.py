"""The history as a dict, as files, as a picture."""

from __future__ import annotations

import csv
import json
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import AutogradError, DTypeError, ShapeError


def example() -> nn.History:
    return nn.History(
        [
            {"epoch": 1, "loss": 0.1 + 0.2, "validation_loss": 1e-17, "name": 'a,"b"\n'},
            {"epoch": 2, "loss": float("inf"), "confusion": np.array([[1, 2], [3, 4]])},
            {"epoch": 3, "loss": 5, "validation_loss": None, "flag": True, "by": {"a": [1.5]}},
        ]
    )


def test_a_dict_of_lists():
    history = example()
    assert list(history) == [
        *("epoch", "loss", "validation_loss", "name", "confusion", "flag", "by")
    ]
    assert len(history) == 7
    assert history["validation_loss"] == [1e-17, None, None]
    assert history["confusion"] == [None, [[1, 2], [3, 4]], None]
    assert dict(history)["epoch"] == [1, 2, 3]
    assert history == example()
    assert "flag" in history
    assert "losses" not in history
    assert repr(nn.History([{"epoch": 1, "loss": 2}])) == "History(1 epochs: epoch, loss)"
    with pytest.raises(KeyError, match=r"no 'validation_los'; did you mean 'validation_loss'\?"):
        history["validation_los"]


def test_entries_become_plain():
    record = nn.History().append(
        {"a": np.float32(0.5), "b": autograd.tensor([1, 2]), "c": np.int64(3), "d": {1: (2,)}}
    )
    assert repr(record) == "{'a': 0.5, 'b': [1, 2], 'c': 3, 'd': {'1': [2]}}"
    with pytest.raises(DTypeError, match=r"b\.c is a set; a metric must give numbers"):
        nn.History([{"b": {"c": {1}}}])


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
@pytest.mark.parametrize("history", [example(), nn.History(), nn.History([{"loss": 0.5}])])
def test_files_hold_it_to_the_last_bit(suffix, history, tmp_path):
    history = nn.History(history.records)
    path = tmp_path / f"history{suffix}"
    history.save(path)
    assert nn.History.load(str(path)).records == history.records
    history.append({"loss": float("nan")})
    history.save(path)
    assert math.isnan(nn.History.load(path)["loss"][-1])
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_others_can_read_the_files(tmp_path):
    history = nn.History([{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25}])
    history.save(tmp_path / "a.csv")
    history.save(tmp_path / "a.jsonl")
    assert (tmp_path / "a.csv").read_text() == "epoch,loss\n1,0.5\n2,0.25\n"
    rows = list(csv.reader((tmp_path / "a.csv").read_text().splitlines()))
    assert rows == [["epoch", "loss"], ["1", "0.5"], ["2", "0.25"]]
    lines = (tmp_path / "a.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == history.records


def test_files_that_are_no_history(tmp_path):
    for operation in (example().save, nn.History.load):
        with pytest.raises(ShapeError, match=r"must end in .csv or .jsonl, got 'a.txt'"):
            operation("a.txt")
    with pytest.raises(FileNotFoundError, match=r"there is no file .*none.csv"):
        nn.History.load(tmp_path / "none.csv")
    contents: dict[str, Any] = {"a.csv": "epoch\nx\n", "b.jsonl": "{", "c.jsonl": "[1]\n"}
    contents |= {"d.jsonl": "3\n", "e.csv": "a\n1,2\n", "f.csv": "a,b\n1\n"}
    for name, text in contents.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(AutogradError, match="is no history"):
            nn.History.load(tmp_path / name)


def test_a_picture(tmp_path):
    pytest.importorskip("matplotlib")
    path = tmp_path / "curve.png"
    history = example()
    figure = history.plot(path)
    assert path.read_bytes().startswith(b"\x89PNG")
    (axes,) = figure.axes
    assert axes.get_title() == "loss"
    lines = [(line.get_label(), line.get_xdata().tolist()) for line in axes.get_lines()]
    assert lines == [("training", [1, 2, 3]), ("validation", [1])]
    history.append({"lr": 0.1, "validation_accuracy": 1.0})
    assert [axes.get_title() for axes in history.plot().axes] == ["loss", "lr", "accuracy"]
    legends = [axes.get_legend() is not None for axes in history.plot().axes]
    assert legends == [True, False, True]
    assert history.plot()._repr_png_().startswith(b"\x89PNG")
    with pytest.raises(ShapeError, match="there is nothing to draw; call fit"):
        nn.History([{"epoch": 1}]).plot()


def test_many_panels_stand_in_rows():
    pytest.importorskip("matplotlib")
    history = nn.History([{f"score {i}": i for i in range(7)}])
    assert history.plot().get_size_inches().tolist() == [15, 12]


def test_training_and_validation_have_colours_of_their_own():
    pytest.importorskip("matplotlib")
    history = nn.History([{"loss": 1.0, "validation_loss": 2.0, "validation_accuracy": 0.5}])
    loss, accuracy = history.plot().axes
    first, second = (line.get_color() for line in loss.get_lines())
    assert first != second
    assert [line.get_color() for line in accuracy.get_lines()] == [second]


def test_a_table_for_jupyter():
    html = nn.History([{"epoch": 1, "loss": 0.123456}, {"note": "<b>"}])._repr_html_()
    assert html.count("<tr>") == 3
    assert "0.1235" in html
    assert "&lt;b&gt;" in html


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delitem(sys.modules, "nn.plotting", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(AutogradError, match="needs matplotlib; install it: pip install matplotlib"):
        example().plot(tmp_path / "a.png")
