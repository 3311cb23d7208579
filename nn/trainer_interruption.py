"""Ctrl-C during a fit: the first ends it after the step, the second at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Interruptible(Protocol):
    """What can be ended at a good moment."""

    interrupted: bool


@contextmanager
def interruptible(work: Interruptible) -> Iterator[None]:
    """Have Ctrl-C set ``work.interrupted`` in the block, and raise KeyboardInterrupt if it is set.

    An exception in the midst of a step would leave weights of which half are updated. Only the main
    thread can do this, and a program with a handler of its own keeps that.
    """
    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return

    def interrupt(number: int, frame: object) -> None:
        if work.interrupted:
            raise KeyboardInterrupt
        work.interrupted = True

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
