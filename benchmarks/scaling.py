"""How the time of a step grows with the size of the work.

The slope of a line through the points, both axes logarithmic, is the power with which time grows:
0 where overhead rules, 1 where the work does; 2 for the width of a perceptron.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.measure import check, compare
from benchmarks.programs import Maker, pair, perceptron, recurrent
from benchmarks.report import pyplot
from benchmarks.rows import Request, Row


def mlp(batch: int = 32, width: int = 64, depth: int = 3) -> Maker:
    """A perceptron of ``depth`` layers."""
    sizes = (*(width,) * depth, 10)
    return functools.partial(perceptron, sizes=sizes, activation="Tanh", batch=batch)


def lstm(length: int) -> Maker:
    """An LSTM of 64 on sequences of this length."""
    return functools.partial(recurrent, length=length, batch=8, width=64)


class Curve(NamedTuple):
    """A program for each value of what grows."""

    title: str
    what: str
    values: tuple[int, ...]
    maker: Callable[[int], Maker]


CURVES = (
    Curve("MLP, width 64, 3 layers", "batch", (8, 32, 128, 512, 2048), lambda n: mlp(batch=n)),
    Curve("MLP, batch 32, 3 layers", "width", (16, 64, 256, 512, 1024), lambda n: mlp(width=n)),
    Curve("MLP, batch 32, width 64", "depth", (1, 4, 16, 64), lambda n: mlp(depth=n)),
    Curve("LSTM, batch 8, width 64", "length", (4, 16, 64, 256), lstm),
)


def rows(request: Request) -> Iterator[Row]:
    """The points of all curves."""
    for curve in CURVES:
        for value in curve.values if request.wants("scaling", curve.title) else ():
            programs = pair(curve.maker(value))
            check(*programs)
            comparison = compare(*programs, request.seconds)
            yield Row("scaling", curve.title, f"{curve.what} {value}", "s", comparison)


def slope(rows: list[Row], field: str) -> float:
    """The power with which a field of the comparisons grows: a fit by least squares."""
    values = [int(row.case.split()[1]) for row in rows]
    times = [getattr(row.comparison, field) for row in rows]
    return float(np.polyfit(np.log(values), np.log(times), 1)[0])


def curves(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows of each curve."""
    return [list(group) for _, group in itertools.groupby(rows, lambda row: row.title)]


def slopes(rows: Iterable[Row]) -> Iterator[str]:
    """A sentence for each curve; its last two points tell what it tends to."""
    for curve in curves(rows):
        overall, last = (
            f"{slope(part, 'ours'):.2f} (PyTorch {slope(part, 'theirs'):.2f})"
            for part in (curve, curve[-2:])
        )
        what = curve[0].case.split()[0]
        yield f"{curve[0].title}: time grows as {what} to the power {overall}; at the end {last}."


def plot(path: Path, title: str, rows: Iterable[Row]) -> None:
    """The curves, both axes logarithmic."""
    drawn = curves(rows)
    figure, panels = pyplot().subplots(
        1, len(drawn), squeeze=False, figsize=(4 * len(drawn), 4), layout="constrained"
    )
    for curve, panel in zip(drawn, panels[0]):
        values = [int(row.case.split()[1]) for row in curve]
        for field, label in (("ours", "Retrograd"), ("theirs", "PyTorch")):
            times = [getattr(row.comparison, field) * 1e3 for row in curve]
            panel.loglog(values, times, marker="o", label=f"{label}: {slope(curve, field):.2f}")
        panel.set(title=curve[0].title, xlabel=curve[0].case.split()[0], ylabel="ms")
        panel.grid(alpha=0.3)
        panel.legend(title="slope")
    figure.suptitle(title, fontsize="small")
    figure.savefig(path, dpi=100)
    pyplot().close(figure)
