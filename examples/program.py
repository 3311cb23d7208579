"""What the examples share: options, checkpoints, packages that may be missing, pictures, checks."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

import nn
from nn.data import DataError

EXTRA = "pip install 'retrograd[examples]'"


def options(
    name: str, description: str, resumable: bool = False, **counts: int
) -> argparse.ArgumentParser:
    """The options of the example ``name``: how many ``epochs=20`` or ``steps=5000`` there are, and
    those that all examples have; ``--resume`` for those that save checkpoints."""
    parser = argparse.ArgumentParser(prog=f"python -m examples.{name}", description=description)
    for unit, number in counts.items():
        parser.add_argument(f"--{unit}", type=positive, default=number, help=f"default: {number}")
    parser.add_argument("--seed", type=int, default=0, help="of all random numbers; default: 0")
    parser.add_argument(
        "--out", type=folder, default=f"runs/{name}", help="where results go; default: %(default)s"
    )
    parser.add_argument(
        "--check", action="store_true", help="fail unless the documented result is reached"
    )
    if resumable:
        parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    return parser


def positive(text: str) -> int:
    """The value of an option that counts something."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {number}")
    return number


def folder(path: str) -> Path:
    """The folder of an option, made unless it is there: a training whose results can't be written
    is not to begin."""
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not os.access(path, os.W_OK):
        raise argparse.ArgumentTypeError(f"may not be written: {path!r}")
    return Path(path)


def run(main: Callable[[], None]) -> None:
    """Run an example's ``main``; one line says that it was interrupted, or which file is wrong."""
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit("interrupted") from None
    except (DataError, OSError) as error:
        raise SystemExit(str(error)) from None


@contextmanager
def interruptible(consequence: str) -> Iterator[None]:
    """Let Ctrl-C end the block only; one line says the ``consequence``."""
    try:
        yield
    except KeyboardInterrupt:
        print(f"interrupted: {consequence}", file=sys.stderr)


@contextmanager
def resumable() -> Iterator[None]:
    """Let Ctrl-C end the program, with a line that says how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit("interrupted: --resume goes on from the last checkpoint") from None


class Log:
    """The ``results`` of a training, and a checkpoint with each of them; ``--resume`` goes on from
    the last one, with the same ``parts`` of the training.

    ``done``: after how many steps, or epochs, the last result was.
    """

    def __init__(
        self, options: argparse.Namespace, folder: str = "checkpoints", **parts: Any
    ) -> None:
        self.checkpoint, self.parts = nn.Checkpoint(options.out / folder), parts
        restored = self.checkpoint.load(**parts) if options.resume else None
        self.done = restored.step if restored else 0
        self.results: list[Any] = restored.metrics["results"] if restored else []

    def add(self, done: int, result: Any, line: str) -> None:
        """Save a ``result`` and the parts, and print a ``line`` above any progress bar."""
        self.done = done
        self.results.append(result)
        self.checkpoint.save(done, **self.parts, metrics={"results": self.results})
        tqdm.write(line)
        sys.stdout.flush()


def need(package: str, remedy: str = EXTRA) -> Any:
    """The module ``package``, which only examples need; without it, one line says what to do."""
    try:
        return importlib.import_module(package)
    except ImportError:
        raise SystemExit(f"this example needs {package}: {remedy}") from None


def pyplot() -> Any:
    """Matplotlib's pyplot, drawing into files."""
    need("matplotlib").use("Agg")
    return need("matplotlib.pyplot")


def save_if_possible(draw: Callable[[Any], Any], path: Path) -> None:
    """Write the figure that ``draw`` makes with pyplot to ``path``; without matplotlib, say so."""
    try:
        importlib.import_module("matplotlib")
    except ImportError:
        print(f"no picture {path.name}, which needs matplotlib: {EXTRA}")
    else:
        save(draw(pyplot()), path)


def save(figure: Any, path: Path) -> None:
    """Write a figure of matplotlib's to ``path``, and say so."""
    figure.savefig(path, dpi=100)
    pyplot().close(figure)
    print(f"wrote {path}")


def save_images(images: Any, path: Path, columns: int) -> None:
    """Write grey images (N, 1, H, W), 0 black to 1 white, row by row into one picture, enlarged."""
    count, _, height, width = images.shape
    padded = np.zeros((-(-count // columns) * columns, height, width))
    padded[:count] = images.detach().numpy()[:, 0]
    rows = padded.reshape(-1, columns, height, width).transpose(0, 2, 1, 3)
    picture = rows.reshape(-1, columns * width).repeat(2, axis=0).repeat(2, axis=1)
    pyplot().imsave(path, picture, cmap="gray", vmin=0, vmax=1)
    print(f"wrote {path}")


def check(is_reached: bool, result: str) -> None:
    """Print ``result``, the documented one of an example; exit with 1 unless it ``is_reached``."""
    print(f"check: {result}: {'reached' if is_reached else 'NOT REACHED'}")
    if not is_reached:
        raise SystemExit(1)
