"""Print what our programs take in terms of PyTorch's.

    python -m benchmarks [--pages PAGE ...] [--only WORD ...] [--threads N] [--kernels numba]
                         [--json FILE] [--plot FILE]
    python -m benchmarks --scaling [...]

Both run in turn in this process with the same number of threads; the ratio is the median over
pairs of runs, with its quartiles. A difference between what they compute is an error.
"""

from __future__ import annotations

import argparse
import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.rows import Request, Row

# Each is a module, with a function `rows`. Those of SCALING take minutes.
PAGES = ("programs", "trainer", "jit", "memory", "installation", "operations")
SCALING = ("scaling", "threads")
ENVIRONMENT = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NPROC")
COLUMNS = {"jit": ("JAX jit", "PyTorch"), "threads": ("2 threads", "1 thread"),
           "trainer": ("nn.Trainer", "by hand")}  # fmt: skip


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Speed and memory, as ratios to PyTorch."
    )
    add = parser.add_argument
    add("--pages", nargs="+", choices=PAGES + SCALING, default=list(PAGES), metavar="PAGE",
        help=f"of {', '.join(PAGES + SCALING)}")  # fmt: skip
    add("--scaling", dest="pages", action="store_const", const=list(SCALING),
        help="time against size, and 2 threads against 1; with --plot log-log")  # fmt: skip
    add("--only", nargs="+", default=[], metavar="WORD", help="rows with one of these in the title")
    add("--threads", type=int, default=1, help="of both libraries (1)")
    add("--kernels", help="kernels of ours, such as numba")
    add("--seconds", type=float, default=3.0, help="for each program; an operation gets a tenth")
    add("--json", type=Path, metavar="FILE", help="where the results go")
    add("--plot", type=Path, metavar="FILE", help="where a PNG of the ratios goes")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    options = parse(arguments)
    # Before NumPy, PyTorch and JAX are imported: this is when they read it.
    os.environ.update(dict.fromkeys(ENVIRONMENT, str(options.threads)))
    from benchmarks import libraries, report, scaling
    from benchmarks.rows import Request

    if options.plot:
        report.pyplot()  # whether it is there, before minutes have passed
    libraries.prepare(options.threads, options.kernels)
    request = Request(tuple(options.only), options.seconds, options.threads, options.kernels)
    title = f"{report.machine()}; threads: {options.threads}, kernels: {options.kernels}"
    print(title)
    rows = [row for page in options.pages for row in printed(page, request)]
    if options.json:
        report.save(options.json, title, rows)
    points = [row for row in rows if row.page == "scaling"]
    for sentence in scaling.slopes(points):
        print(sentence)
    if options.plot and rows:
        draw, drawn = (scaling.plot, points) if points else (report.plot, rows)
        draw(options.plot, title, drawn)


def printed(page: str, request: Request) -> Iterator[Row]:
    """The rows of a page, which are printed as they come."""
    from benchmarks import report

    module = importlib.import_module(f"benchmarks.{page}")
    if page == "operations":
        return report.grid(module.rows(request), module.CASES)
    return report.table(module.rows(request), *COLUMNS.get(page, ("Retrograd", "PyTorch")))


if __name__ == "__main__":
    main()
