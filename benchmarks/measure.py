"""Timing two programs against each other in one process, after a look at what they compute."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Program = Callable[[], Any]

# A shorter stretch is repeated within one measurement: reading the clock takes some 0.1 us.
LEAST_SECONDS = 1e-4
LEAST_PAIRS, MOST_PAIRS = 15, 5000


class Comparison(NamedTuple):
    """Medians of ours and theirs, and the median and the quartiles of the ratio ours / theirs."""

    ours: float
    theirs: float
    low: float
    ratio: float
    high: float


class DifferenceError(Exception):
    """Two programs that should compute the same don't."""


def check(
    ours: Program, theirs: Program, times: int = 5, rtol: float = 1e-4, numbers: bool = True
) -> None:
    """Run both ``times`` times and compare what they return: a number, or some tensors.

    An array may differ by ``rtol`` times the largest number in it; with ``numbers`` False only its
    shape counts (for what is random). Raises DifferenceError.
    """
    for time_ in range(1, times + 1):
        mine, other = _arrays(ours()), _arrays(theirs())
        if [array.shape for array in mine] != [array.shape for array in other]:
            raise DifferenceError(f"run {time_}: other shapes")
        for ours_, theirs_ in zip(mine, other):
            if numbers and not _close(ours_, theirs_, rtol):
                raise DifferenceError(f"run {time_}: ours is {ours_}, theirs is {theirs_}")


def compare(ours: Program, theirs: Program, seconds: float = 2.0) -> Comparison:
    """Run both in turn for about ``seconds``, after a warm-up.

    The machine's moods then hit both, and the ratio of a pair means more than either time.
    """
    number = 1
    while (pair := _time(ours, number) + _time(theirs, number)) * number < 2 * LEAST_SECONDS:
        number *= 2
    pairs = min(max(LEAST_PAIRS, int(seconds / (pair * number))), MOST_PAIRS)
    times = [_pair(ours, theirs, number, first=i % 2) for i in range(pairs)]
    low, ratio, high = statistics.quantiles([a / b for a, b in times], n=4)
    return Comparison(
        statistics.median(a for a, _ in times),
        statistics.median(b for _, b in times),
        low,
        ratio,
        high,
    )


def _pair(ours: Program, theirs: Program, number: int, first: int) -> tuple[float, float]:
    """The times of both; ``first`` says which begins, for the second finds the cache full."""
    if first:
        time_of_theirs = _time(theirs, number)
        return _time(ours, number), time_of_theirs
    return _time(ours, number), _time(theirs, number)


def single(ours: float, theirs: float) -> Comparison:
    """What was measured once, or has no spread."""
    ratio = ours / theirs
    return Comparison(ours, theirs, ratio, ratio, ratio)


def _time(program: Program, number: int) -> float:
    """Seconds of one run, of ``number`` in a row."""
    start = time.perf_counter()
    for _ in range(number):
        program()
    return (time.perf_counter() - start) / number


def _arrays(results: Any) -> list[Any]:
    """What a program returned, as NumPy arrays."""
    results = results if isinstance(results, (list, tuple)) else [results]
    return [np.asarray(x.detach() if hasattr(x, "detach") else x) for x in results]


def _close(ours: Any, theirs: Any, rtol: float) -> bool:
    if not ours.size:
        return True
    scale = np.abs(theirs).max()
    # What is near 0, as a loss that has been learnt, is as precise as the numbers it is made of.
    return bool(np.isfinite(scale) and np.abs(ours - theirs).max() <= rtol * max(scale, 1e-2))
