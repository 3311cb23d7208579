"""What the examples share: their options, packages that may be missing, pictures, checks."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from typing import Any

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


def need(package: str) -> Any:
    """The module ``package``, which only examples need; without it, one line says what to do."""
    try:
        return importlib.import_module(package)
    except ImportError:
        raise SystemExit(f"this example needs {package}: {EXTRA}") from None


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


def check(is_reached: bool, result: str) -> None:
    """Print ``result``, the documented one of an example; exit with 1 unless it ``is_reached``."""
    print(f"check: {result}: {'reached' if is_reached else 'NOT REACHED'}")
    if not is_reached:
        raise SystemExit(1)
