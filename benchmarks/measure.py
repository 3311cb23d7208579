"""Timing two programs against each other in one process."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Comparison(NamedTuple):
    """Median seconds of ours and theirs, and the quartiles of the ratio ours / theirs."""

    ours: float
    theirs: float
    low: float
    ratio: float
    high: float


def compare(
    ours: Callable[[], object], theirs: Callable[[], object], seconds: float = 2.0
) -> Comparison:
    """Run both in turn for about ``seconds``, after a warm-up; the machine's moods then hit
    both."""
    for _ in range(3):
        pair = _time(ours) + _time(theirs)
    pairs = max(15, int(seconds / max(pair, 1e-6)))
    times = [(_time(ours), _time(theirs)) for _ in range(min(pairs, 5000))]
    low, ratio, high = statistics.quantiles([a / b for a, b in times], n=4)
    return Comparison(
        statistics.median(a for a, _ in times),
        statistics.median(b for _, b in times),
        low,
        ratio,
        high,
    )


def _time(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
