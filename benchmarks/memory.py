"""Peak memory of training steps, each in a process of its own.

What counts is the growth of the resident memory over three steps, at its peak, over what it was
before the first one, when the library, the model and the batch were there: activations, gradients,
the optimizer's state, and scratch. Before that, a step on a batch of 2 has loaded whatever a first
step loads. The smaller, the better.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import libraries
from benchmarks.measure import single
from benchmarks.programs import STEPS, Maker
from benchmarks.rows import Request, Row

# Linux's glibc learns from what is freed to keep larger and larger blocks for later. Fixed
# thresholds make it return them, so that what is resident is what is in use.
ENVIRONMENT = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}


def rows(request: Request) -> Iterator[Row]:
    """The peak of each training step."""
    for title in STEPS:
        if request.wants("memory", title):
            ours, theirs = (_in_process(title, name, request) for name in libraries.LIBRARIES)
            yield Row("memory", title, "", "B", single(ours, theirs))


def growth(maker: Maker, whose: str) -> int:
    """Bytes by which three steps of a fresh program raise the peak of this process."""
    library = libraries.LIBRARIES[whose]()
    maker(library, batch=2)()
    step = maker(library)
    gc.collect()
    # getrusage's ru_maxrss would not do: a process inherits its parent's, and it can't be reset.
    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    for _ in range(3):
        step()
    return _status("VmHWM") - before


def _status(field: str) -> int:
    """Bytes, from what Linux says of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (kilobytes,) = [line.split()[1] for line in lines if line.startswith(field)]
    return int(kilobytes) * 1024


def _in_process(title: str, whose: str, request: Request) -> int:
    settings = [str(request.threads), request.kernels or ""]
    command = [sys.executable, "-m", "benchmarks.memory", title, whose, *settings]
    return int(subprocess.check_output(command, env={**os.environ, **ENVIRONMENT}))


def _main(title: str, whose: str, threads: str, kernels: str) -> None:
    libraries.prepare(int(threads), kernels or None, (whose,))
    print(growth(STEPS[title], whose))


if __name__ == "__main__":
    _main(*sys.argv[1:])
