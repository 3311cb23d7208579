"""Workers that make batches in advance, each in a thread, or in a process that a thread serves."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from queue import SimpleQueue
from typing import Any, Protocol

from nn.data.fetching import Fetcher, Task, WorkerInfo, set_worker_info

_GRACE = 2.0  # seconds that a worker has to finish its batch when it is no longer needed


class Station(Protocol):
    """Where batches are made."""

    def __call__(self, task: Task) -> Any:
        """Make one."""

    def release(self) -> None:
        """Give back what it holds; called by the thread that uses it, when it has ended."""

    def abandon(self) -> bool:
        """Interrupt what it is doing, if that is possible; called by another thread."""


class ThreadStation:
    """Batches are made in the thread itself."""

    def __init__(
        self, fetcher: Fetcher, info: WorkerInfo, init_fn: Callable[[int], object] | None
    ) -> None:
        self._fetcher = replace(fetcher)  # whose iterators are its own; the data set is the same
        self._info, self._init_fn = info, init_fn
        self._ready = False

    def __call__(self, task: Task) -> Any:
        """Make a batch; the first time, initialise the worker before."""
        if not self._ready:
            set_worker_info(self._info)
            if self._init_fn is not None:
                self._init_fn(self._info.id)
            self._ready = True
        return self._fetcher(task)

    def release(self) -> None:
        """A thread holds nothing."""

    def abandon(self) -> bool:
        """A thread can't be interrupted: it ends with the batch that it is making."""
        return False


class Pool:
    """Some stations at work, each served by one thread that works off a queue of its own."""

    def __init__(self, stations: Sequence[Station]) -> None:
        self._stations = stations
        self._queues: list[SimpleQueue[tuple[Task, Future[Any]] | None]] = [
            SimpleQueue() for _ in stations
        ]
        # Daemons: a worker that hangs must not keep the program from ending. In a copy of the
        # caller's context, which says what the default dtype is.
        self._threads = [
            threading.Thread(
                target=contextvars.copy_context().run,
                args=(_serve, station, queue),
                name=f"DataLoader worker {i}",
                daemon=True,
            )
            for i, (station, queue) in enumerate(zip(stations, self._queues))
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, task: Task) -> Future[Any]:
        """Have ``task`` done by the worker whose turn it is."""
        future: Future[Any] = Future()
        self._queues[task.number % len(self._queues)].put((task, future))
        return future

    def close(self) -> None:
        """End the workers; those that don't end in time are abandoned. May be called again."""
        for queue in self._queues:
            queue.put(None)
        deadline = time.monotonic() + _GRACE
        try:
            for thread in self._threads:
                thread.join(max(0, deadline - time.monotonic()))
        finally:
            for thread, station in zip(self._threads, self._stations):
                if thread.is_alive() and station.abandon():
                    thread.join()


def _serve(station: Station, queue: SimpleQueue[tuple[Task, Future[Any]] | None]) -> None:
    """Work off ``queue`` until a None comes."""
    try:
        while (item := queue.get()) is not None:
            task, future = item
            if future.set_running_or_notify_cancel():
                _do(station, task, future)
            del item, task, future  # what has been handed over must not live on here
    finally:
        station.release()


def _do(station: Station, task: Task, future: Future[Any]) -> None:
    try:
        result = station(task)
    except BaseException as error:  # for the thread that waits, whatever it is
        future.set_exception(error)
    else:
        future.set_result(result)
