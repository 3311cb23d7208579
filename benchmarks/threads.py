"""The time of the programs with 2 threads over that with 1, for either library."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import single
from benchmarks.rows import Request, Row


def rows(request: Request) -> Iterator[Row]:
    """A process for each number of threads: BLAS reads it when it is loaded."""
    one, two = (_in_process(request._replace(threads=threads)) for threads in (1, 2))
    for title, times in two.items():
        for field, case in (("ours", "Retrograd"), ("theirs", "PyTorch")):
            yield Row("threads", title, case, "s", single(times[field], one[title][field]))


def _in_process(request: Request) -> dict[str, dict[str, Any]]:
    """The comparisons of the page of programs, by their titles."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder, "results.json")
        command = [sys.executable, "-m", "benchmarks", "--pages", "programs"]
        command += [f"--threads={request.threads}", f"--seconds={request.seconds}"]
        command += ["--only", *request.words] if request.words else []
        command += [f"--kernels={request.kernels}"] if request.kernels else []
        subprocess.run([*command, f"--json={results}"], check=True, stdout=subprocess.DEVNULL)
        records = json.loads(results.read_text())["rows"]
    return {record["title"]: record["comparison"] for record in records}
