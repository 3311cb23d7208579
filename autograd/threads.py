"""One small pool of threads for the work that is worth dividing.

NumPy's loops and compiled kernels let go of Python's global lock, so threads are enough."""

from __future__ import annotations

import contextlib
import contextvars
import functools
import importlib.util
import itertools
import math
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, TypeVar

from autograd.errors import ShapeError

R = TypeVar("R")

SHARE = 1 << 23  # multiplications that are worth a thread: 0.1 ms
BLAS_ALONE = 1 << 18  # with no more multiplications, BLAS uses one thread by itself


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
_divides_products = False  # whether products may be given one thread each, to divide work by ours
_limiting = threading.Lock()  # held by the thread that changes the number of BLAS's
_here = threading.local()  # whether this thread is one of the pool's


def get_num_threads() -> int:
    """How many threads an operation may use: at first, as many as ``OPENBLAS_NUM_THREADS`` or
    ``OMP_NUM_THREADS`` says, or else as there are cores for us."""
    return _threads


def set_num_threads(threads: int) -> None:
    """Let an operation use so many threads, the caller's included. Raises ShapeError below 1.

    NumPy's matrix products have threads of their own, whose number is the environment's affair
    (``OPENBLAS_NUM_THREADS``) until this is called. Where threadpoolctl is installed, as it is by
    ``retrograd[fast]``, they then get so many too, and convolutions divide their images among our
    threads instead, with products of one thread each. As their number is the whole program's,
    several of your own threads that train at once change it for each other, which shows in the last
    digits; not so with ``set_num_threads(1)``.

    >>> import autograd
    >>> before = autograd.get_num_threads()
    >>> autograd.set_num_threads(1)
    >>> autograd.get_num_threads()
    1
    >>> autograd.set_num_threads(before)
    """
    global _threads, _divides_products
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise ShapeError(f"set_num_threads: needs an integer of at least 1, got {threads!r}")
    controller = _controller()
    _threads, _divides_products = threads, threads > 1 and controller is not None
    if controller is not None:
        with _limiting:
            controller.limit(limits=threads)
            # Else the calling thread would be the only one that may ever change the number.
            importlib.import_module("threadpoolctl").OpenBLASController.clear_controlling_thread()


def spread(work: Callable[[int, int], R], count: int, least: int = 1) -> list[R]:
    """Call ``work(start, stop)`` for ranges that make up ``range(count)``, at the same time; the
    results in the order of the ranges.

    Each has at least ``least`` elements, or there is only one: to hand over a range takes some
    60 us. What ``work`` raises is raised here, once all ranges have ended."""
    parts = 1 if getattr(_here, "in_pool", False) else min(_threads, count // max(least, 1))
    if parts <= 1:
        return [work(0, count)]
    bounds = [count * i // parts for i in range(parts + 1)]
    # In a copy of the caller's context: NumPy's errstate is a part of it.
    futures = [
        _pool(parts - 1).submit(contextvars.copy_context().run, work, start, stop)
        for start, stop in itertools.pairwise(bounds[1:])
    ]
    try:
        first = work(bounds[0], bounds[1])
    finally:
        wait(futures)
    return [first, *(future.result() for future in futures)]


def spread_products(work: Callable[[int, int], R], count: int, multiplications: int) -> list[R]:
    """`spread` of work that consists of matrix products, with so many ``multiplications`` in all.

    Meanwhile each product has one thread. Unless `set_num_threads` has been called for that,
    products keep their own threads, and there is only one range."""
    if not _divides_products or multiplications <= BLAS_ALONE:
        return [work(0, count)]
    with _single():
        return spread(work, count, count * SHARE // multiplications)


def product(x: Any, y: Any) -> Any:
    """``x @ y`` of a matrix x, with one thread where two of them would have too little to do."""
    if not _divides_products or not BLAS_ALONE < x.shape[0] * math.prod(y.shape) < 2 * SHARE:
        return x @ y
    with _single():
        return x @ y


@functools.cache
def _controller() -> Any:
    """What sets the number of threads of matrix products: threadpoolctl's controller, or None."""
    if importlib.util.find_spec("threadpoolctl") is None:
        return None
    controller = importlib.import_module("threadpoolctl").ThreadpoolController()
    return controller.select(user_api="blas")


@contextlib.contextmanager
def _single() -> Iterator[None]:
    """In this block products have one thread each, and then as many as before.

    Their threads wait in a loop for the next product, for up to 100 ms: so long they take a core
    from ours. The number is the whole program's: of several threads in such blocks the first one
    sets it and sets it back, the others find it as it is, which is a matter of speed alone."""
    if not _limiting.acquire(blocking=False):
        yield
        return
    try:
        with _controller().limit(limits=1):
            yield
    finally:
        _limiting.release()


@functools.cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, "autograd", initializer=_enter_pool)


def _enter_pool() -> None:
    _here.in_pool = True


# Threads do not survive a fork: the child starts its own.
os.register_at_fork(after_in_child=_pool.cache_clear)
