"""Rows of results: printed as tables, written as JSON, drawn as a PNG."""

from __future__ import annotations

import importlib.metadata
import itertools
import json
import os
import platform
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.rows import Row


def machine() -> str:
    """The processor and its cores, and the versions of what was measured."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:  # not Linux
        lines = []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    versions = [
        f"{label} {importlib.metadata.version(name)}"
        for label, name in (("NumPy", "numpy"), ("PyTorch", "torch"))
    ]
    processor = names[0] if names else platform.processor() or platform.machine()
    python = f"Python {platform.python_version()}"
    return ", ".join([processor, f"{os.cpu_count()} cores", platform.system(), python, *versions])


def amount(value: float, unit: str) -> str:
    """A quantity in the prefix that suits it.

    >>> amount(0.0123, "s"), amount(2_500_000, "B")
    ('12.3 ms', '2.50 MB')
    """
    steps = {"s": ((1e-6, "us"), (1e-3, "ms"), (1, "s")), "B": ((1e3, "kB"), (1e6, "MB"))}[unit]
    size, prefix = next((s for s in reversed(steps) if abs(value) >= s[0]), steps[0])
    digits = max(0, 2 - len(str(int(abs(value) / size))) + 1)
    return f"{value / size:,.{digits}f} {prefix}"


def table(rows: Iterable[Row], ours: str, theirs: str) -> Iterator[Row]:
    """Print ``rows`` as they come, one a line, and pass them on."""
    for page, group in itertools.groupby(rows, lambda row: row.page):
        print(f"\n| {page} | {ours} | {theirs} | ratio (quartiles) |\n|---|---|---|---|")
        for row in group:
            result = row.comparison
            spread = f" ({result.low:.2f}-{result.high:.2f})" if result.low < result.high else ""
            print(
                f"| {row.title}{row.case and ', '}{row.case} | {amount(result.ours, row.unit)} "
                f"| {amount(result.theirs, row.unit)} | {result.ratio:.2f}{spread} |",
                flush=True,
            )
            yield row


def grid(rows: Iterable[Row], cases: list[str]) -> Iterator[Row]:
    """Print the ratios of all cases of a title in one line."""
    header = ""
    for title, group in itertools.groupby(rows, lambda row: row.title):
        cells = {row.case: row for row in group}
        if not header:
            (page,) = {row.page for row in cells.values()}
            header = f"\n| {page}: ratios | {' | '.join(cases)} |\n|{'---|' * (len(cases) + 1)}"
            print(header)
        ratios = [f"{cells[case].comparison.ratio:.2f}" if case in cells else "" for case in cases]
        print(f"| {title} | {' | '.join(ratios)} |", flush=True)
        yield from cells.values()


def save(path: Path, title: str, rows: list[Row]) -> None:
    """Everything as JSON."""
    results = {"measured with": title, "rows": [row.record() for row in rows]}
    path.write_text(json.dumps(results, indent=1) + "\n")


def pyplot() -> Any:
    """Matplotlib's interface, for files."""
    try:
        import matplotlib
    except ImportError:
        raise SystemExit("--plot needs matplotlib: pip install 'retrograd[examples]'") from None
    matplotlib.use("Agg")
    from matplotlib import pyplot as interface

    return interface


def plot(path: Path, title: str, rows: list[Row]) -> None:
    """Draw the ratios: a panel for each page, a line for each title, a mark for each case."""
    pages = {page: list(group) for page, group in itertools.groupby(rows, lambda row: row.page)}
    heights = [len({row.title for row in page}) + 2 for page in pages.values()]
    figure, panels = pyplot().subplots(
        len(pages),
        squeeze=False,
        figsize=(10, 1 + 0.25 * sum(heights)),
        height_ratios=heights,
        layout="constrained",
    )
    for (page, group), panel in zip(pages.items(), panels[:, 0]):
        for case in dict.fromkeys(row.case for row in group):
            drawn = [row for row in group if row.case == case]
            ratios = [row.comparison.ratio for row in drawn]
            spread = [
                [row.comparison.ratio - row.comparison.low for row in drawn],
                [row.comparison.high - row.comparison.ratio for row in drawn],
            ]
            titles = [row.title for row in drawn]
            panel.errorbar(ratios, titles, xerr=spread, fmt="o", markersize=4, label=case)
        panel.axvline(1, color="black", linewidth=0.8)
        panel.set(xscale="log", title=page, xlabel="ratio to PyTorch: less is better")
        panel.invert_yaxis()
        panel.grid(alpha=0.3)
        if any(row.case for row in group):
            panel.legend(fontsize="small")
    figure.suptitle(title, fontsize="small")
    figure.savefig(path, dpi=100)
    pyplot().close(figure)
