"""What it takes to have the library: the time to import it, the size of the wheel."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import single
from benchmarks.report import amount
from benchmarks.rows import Request, Row

ROOT = Path(__file__).parent.parent
NOT_PACKAGED = shutil.ignore_patterns(".*", "benchmarks", "build", "examples", "runs", "tests")


def rows(request: Request) -> Iterator[Row]:
    """Import time and installed size; the size of the wheel is printed."""
    if request.wants("installation", title := "import, over NumPy's own"):
        numpy = import_time("numpy")
        ours, theirs = import_time("autograd, nn, optim") - numpy, import_time("torch") - numpy
        yield Row("installation", title, "", "s", single(ours, theirs))
    if request.wants("installation", title := "size, installed"):
        if importlib.util.find_spec("build") is None:
            print("The wheel's size is not known: it needs `pip install build`.")
            return
        packed, size = wheel_size()
        yield Row("installation", title, "", "B", single(size, installed_size("torch")))
        print(f"\nThe wheel: {amount(packed, 'B')}.")


def import_time(modules: str) -> float:
    """Seconds to import ``modules`` in a fresh interpreter: the least of ten runs."""
    code = f"import time; t = time.perf_counter(); import {modules}; print(time.perf_counter() - t)"
    # With the bytecode that the first run leaves, as everywhere outside of a container's build.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code]
    return min(
        float(subprocess.check_output(command, env=environment, cwd=ROOT)) for _ in range(10)
    )


def wheel_size() -> tuple[int, int]:
    """Bytes of our wheel, and of what is in it, built from a copy of the source."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "source"), Path(folder, "wheel")
        shutil.copytree(ROOT, source, ignore=NOT_PACKAGED)
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
        done = subprocess.run(command, cwd=source, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"python -m build failed:\n{done.stdout}{done.stderr}")
        (wheel,) = out.iterdir()
        with zipfile.ZipFile(wheel) as archive:
            return wheel.stat().st_size, sum(file.file_size for file in archive.infolist())


def installed_size(distribution: str) -> int:
    """Bytes of a distribution's files, bytecode apart."""
    files = importlib.metadata.files(distribution) or []
    return sum(file.size or 0 for file in files if file.suffix != ".pyc")
