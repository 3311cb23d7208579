"""Print how long our programs take in terms of PyTorch's.

    python -m benchmarks [--only WORDS] [--threads N]

Both run in turn in this process with the same number of threads; the ratio is the median over
pairs of runs, with its quartiles.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--only", default="", help="programs whose name contains this")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=3.0, help="for each program")
    return parser.parse_args()


def import_time(modules: str) -> float:
    """Milliseconds to import ``modules`` in a fresh interpreter: the least of ten runs."""
    code = f"import time; t = time.perf_counter(); import {modules}; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", code]
    # With the bytecode that the first run leaves, as everywhere outside of a container's build.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    runs = [
        subprocess.run(command, capture_output=True, check=True, env=environment) for _ in range(10)
    ]
    return min(float(run.stdout) for run in runs) * 1000


def main() -> None:
    options = parse()
    # Before NumPy and PyTorch are imported: this is when they read it.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(options.threads)
    import torch

    from benchmarks.measure import compare
    from benchmarks.programs import PROGRAMS

    torch.set_num_threads(options.threads)
    print(
        f"| program ({options.threads} threads) | ours | PyTorch {torch.__version__} | ratio "
        "(quartiles) |"
    )
    print("|---|---|---|---|")
    for name, make in PROGRAMS.items():
        if options.only in name:
            result = compare(*make(), seconds=options.seconds)
            print(
                f"| {name} | {result.ours * 1e6:,.0f} us | {result.theirs * 1e6:,.0f} us "
                f"| {result.ratio:.2f} ({result.low:.2f}-{result.high:.2f}) |",
                flush=True,
            )
    if options.only in "import":
        ours = import_time("autograd, nn, optim") - import_time("numpy")
        theirs = import_time("torch") - import_time("numpy")
        print(
            f"| import, over NumPy's own | {ours:.0f} ms | {theirs:.0f} ms | {ours / theirs:.3f} |"
        )


if __name__ == "__main__":
    main()
