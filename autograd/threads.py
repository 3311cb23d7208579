"""One small pool of threads for the work that is worth dividing.

NumPy's loops and compiled kernels let go of Python's global lock, so threads are enough."""

from __future__ import annotations

import contextvars
import functools
import importlib.util
import itertools
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

from autograd.errors import ShapeError


def _at_first() -> int:
    """What the environment says, as it says it to NumPy's matrix products, or one thread a core."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        number = os.environ.get(name, "")
        if number.isdecimal() and int(number):
            return int(number)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_threads = _at_first()
_here = threading.local()  # whether this thread is one of the pool's


def get_num_threads() -> int:
    """How many threads an operation may use: at first, as many as ``OPENBLAS_NUM_THREADS`` or
    ``OMP_NUM_THREADS`` says, or else as there are cores for us."""
    return _threads


def set_num_threads(threads: int) -> None:
    """Let an operation use so many threads, the caller's included. Raises ShapeError below 1.

    NumPy's matrix products have threads of their own: they are limited too where threadpoolctl is
    installed, as it is by ``retrograd[fast]``; else their number is the environment's affair
    (``OPENBLAS_NUM_THREADS``).

    >>> import autograd
    >>> before = autograd.get_num_threads()
    >>> autograd.set_num_threads(1)
    >>> autograd.get_num_threads()
    1
    >>> autograd.set_num_threads(before)
    """
    global _threads
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise ShapeError(f"set_num_threads: needs an integer of at least 1, got {threads!r}")
    _threads = threads
    if importlib.util.find_spec("threadpoolctl") is not None:
        importlib.import_module("threadpoolctl").threadpool_limits(threads, "blas")


def spread(work: Callable[[int, int], None], count: int, least: int = 1) -> None:
    """Call ``work(start, stop)`` for ranges that make up ``range(count)``, at the same time.

    Each has at least ``least`` elements, or there is only one: to hand over a range takes some
    60 us. What ``work`` raises is raised here, once all ranges have ended."""
    parts = 1 if getattr(_here, "in_pool", False) else min(_threads, count // max(least, 1))
    if parts <= 1:
        work(0, count)
        return
    bounds = [count * i // parts for i in range(parts + 1)]
    # In a copy of the caller's context: NumPy's errstate is a part of it.
    futures = [
        _pool(parts - 1).submit(contextvars.copy_context().run, work, start, stop)
        for start, stop in itertools.pairwise(bounds[1:])
    ]
    try:
        work(bounds[0], bounds[1])
    finally:
        wait(futures)
    for future in futures:
        future.result()


@functools.cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, "autograd", initializer=_enter_pool)


def _enter_pool() -> None:
    _here.in_pool = True


# Threads do not survive a fork: the child starts its own.
os.register_at_fork(after_in_child=_pool.cache_clear)
