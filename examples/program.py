"""What the examples share: their options, packages that may be missing, pictures, checks."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from typing import Any

import numpy as np

EXTRA = "pip install 'retrograd[examples]'"


def options(name: str, description: str, **repeats: int) -> argparse.ArgumentParser:
    """The options of the example ``name``: how long (``epochs=20`` or ``steps=5000``), and those
    that all examples have."""
    parser = argparse.ArgumentParser(prog=f"python -m examples.{name}", description=description)
    for unit, number in repeats.items():
        parser.add_argument(f"--{unit}", type=int, default=number, help=f"default: {number}")
    parser.add_argument("--seed", type=int, default=0, help="of all random numbers; default: 0")
    parser.add_argument("--out", type=Path, default=Path("runs") / name, help="where results go")
    parser.add_argument(
        "--check", action="store_true", help="fail unless the documented result is reached"
    )
    return parser


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


def save(figure: Any, path: Path) -> None:
    """Write a figure of matplotlib's to ``path``, and say so."""
    path.parent.mkdir(parents=True, exist_ok=True)
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
    path.parent.mkdir(parents=True, exist_ok=True)
    pyplot().imsave(path, picture, cmap="gray", vmin=0, vmax=1)
    print(f"wrote {path}")


def check(is_reached: bool, result: str) -> None:
    """Print ``result``, the documented one of an example; exit with 1 unless it ``is_reached``."""
    print(f"check: {result}: {'reached' if is_reached else 'NOT REACHED'}")
    if not is_reached:
        raise SystemExit(1)
