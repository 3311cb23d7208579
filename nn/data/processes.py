"""Workers that are processes, started anew (spawned), so that they inherit no locks and no threads.

A worker is sent a task at a time through a pipe and answers with a batch. It ends when the pipe is
closed, and, whatever it is doing, when the process at the other end dies, however it does.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import random
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.shared_memory import SharedMemory
from typing import Any, NamedTuple

import numpy as np

from autograd import dtypes, generator, threads
from autograd.errors import AutogradError, DTypeError
from nn.data import shared_memory
from nn.data.fetching import Fetcher, Task, WorkerInfo, set_worker_info, worker_lost
from nn.data.randomness import derived

_DYING = 5.0  # seconds that a process may take to die after its pipe was closed


class Setup(NamedTuple):
    """What a worker needs to know; the data set and so on are packed apart from it."""

    num_workers: int
    seed: int
    default_dtype: Any
    data: bytes  # a Fetcher and a worker_init_fn
    memory: str | None  # the name of the shared memory with the arrays of ``data``
    sizes: list[int]


class Answer(NamedTuple):
    """What a worker sends back: a batch, or an exception, packed."""

    failed: bool
    data: bytes
    sizes: list[int]
    shared: bool  # whether the arrays lie in shared memory, or follow through the pipe


class Failure(NamedTuple):
    """An exception on its way from a worker: its traceback can't be sent, maybe it can't itself."""

    text: str
    trace: str
    data: bytes  # it, pickled, if it can be


# -- in the main process ---------------------------------------------------------------------------


def start(
    num_workers: int, fetcher: Fetcher, init_fn: Callable[[int], object] | None, seed: int
) -> list[ProcessStation]:
    """Start workers, each with a copy of ``fetcher``. Its arrays they share, read-only."""
    data, buffers = _packed(fetcher, init_fn)
    sizes = [len(buffer) for buffer in buffers]
    stations: list[ProcessStation] = []
    memory = None
    try:
        with _interrupts_blocked():
            for i in range(num_workers):
                stations.append(ProcessStation(i))
        memory = shared_memory.allocate(shared_memory.room_for(sizes)) if buffers else None
        if memory is not None:
            shared_memory.write(memory, buffers)
        name, dtype = None if memory is None else memory.name, dtypes.get_default_dtype()
        for station in stations:
            setup = Setup(num_workers, seed, dtype, data, name, sizes)
            station.set_up(setup, [] if memory else buffers)
        for station in stations:
            station.wait_until_ready()
    except BaseException:
        for station in stations:
            station.abandon()
            station.release()
        raise
    finally:
        shared_memory.free(memory)  # where it is attached, it stays
    return stations


def _packed(fetcher: Fetcher, init_fn: Any) -> tuple[bytes, list[memoryview]]:
    try:
        return shared_memory.pack((fetcher, init_fn))
    except Exception as error:  # whatever the objects' own methods raise
        raise DTypeError(
            "DataLoader: the data set, collate_fn and worker_init_fn can't be sent to other "
            f"processes ({error}); define them at the top of a module, or use workers='threads'"
        ) from error


class ProcessStation:
    """A worker process, and the memory in which it puts its batches."""

    def __init__(self, number: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._id = number
        self._memory: SharedMemory | None = None
        self._connection, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=run, args=(number, theirs), name=f"DataLoader worker {number}", daemon=True
        )
        self._process.start()
        theirs.close()  # else its end would not show here

    def set_up(self, setup: Setup, buffers: Sequence[memoryview]) -> None:
        """Send the data set over, and the arrays that are not in shared memory."""
        with self._starting():
            self._connection.send(setup)
            for buffer in buffers:
                self._connection.send_bytes(buffer)

    def wait_until_ready(self) -> None:
        """Return once the worker has the data set; raise what it raises."""
        with self._starting():
            failure = self._connection.recv()
        if failure is not None:
            raise _error(failure)

    @contextmanager
    def _starting(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, OSError) as gone:
            raise AutogradError(
                f"DataLoader: {self._death()} while it started; a script that starts processes "
                "must do so under if __name__ == '__main__':"
            ) from gone

    def __call__(self, task: Task) -> Any:
        """Have a batch made."""
        try:
            self._connection.send((task, None if self._memory is None else self._memory.name))
            answer, buffers = self._receive()
        except (EOFError, OSError) as error:
            raise worker_lost(self._death(), task) from error
        result = shared_memory.unpack(answer.data, buffers)
        if answer.failed:
            raise _error(result)
        return result

    def _receive(self) -> tuple[Answer, list[bytearray]]:
        answer: Answer = self._connection.recv()
        if answer.shared and self._memory is not None:
            views = shared_memory.read(self._memory, answer.sizes)
            return answer, shared_memory.copies(views)
        buffers = [bytearray(size) for size in answer.sizes]
        for buffer in buffers:
            self._connection.recv_bytes_into(buffer)
        self._make_room(shared_memory.room_for(answer.sizes))
        return answer, buffers

    def _make_room(self, size: int) -> None:
        """Have the next batches come through shared memory, if they are as large as this one."""
        if size >= shared_memory.WORTH_SHARING:
            shared_memory.free(self._memory)
            self._memory = shared_memory.allocate(size + size // 4)

    def _death(self) -> str:
        """How the worker died."""
        self._process.join(_DYING)
        code = self._process.exitcode
        killed = code is not None and code < 0
        how = (
            f"was killed by {signal.Signals(-code).name}" if killed and code else f"exited: {code}"
        )
        remedy = "; is there too little memory?" if code == -9 else ""
        return f"worker {self._id} (process {self._process.pid}) {how}{remedy}"

    def release(self) -> None:
        """Close the pipe, upon which the process ends, and remove the memory."""
        self._connection.close()
        self._process.join(_DYING)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        shared_memory.free(self._memory)
        self._memory = None

    def abandon(self) -> bool:
        """Kill the process, whatever it is doing. To wait for its end is `release`'s business: two
        threads can't."""
        self._process.kill()
        return True


def _error(failure: Failure) -> Exception:
    """What was raised in a worker, with a note of where; an AutogradError in the place of what
    can't be sent."""
    try:
        sent = shared_memory.unpack(failure.data, ())
    except Exception:  # whatever its own methods raise
        sent = None
    error = sent if isinstance(sent, Exception) else AutogradError(failure.text)
    error.add_note(f"in the worker:\n{failure.trace}")
    return error


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Processes started within the block don't get Ctrl-C, not even while they are starting: it is
    the main process that ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would let interrupts through when it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# -- in a worker -----------------------------------------------------------------------------------


def run(number: int, connection: Connection) -> None:
    """What a worker does, until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        worker = _Worker(number, connection)
        while True:
            worker.answer(*connection.recv())
    except (EOFError, BrokenPipeError, ConnectionResetError):
        sys.exit(0)


def _end_with_parent() -> None:
    """A sample may take forever: then nobody looks whether the pipe is closed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class _Worker:
    def __init__(self, number: int, connection: Connection) -> None:
        self._connection = connection
        self._memory: SharedMemory | None = None
        setup: Setup = connection.recv()
        threads.set_num_threads(1)
        dtypes.set_default_dtype(setup.default_dtype)
        try:
            buffers = self._arrays(setup)
            self._fetcher, self._init_fn = shared_memory.unpack(setup.data, buffers)
        except Exception as error:
            connection.send(_failure(error))
            raise EOFError from None
        connection.send(None)
        self._info = WorkerInfo(
            number, setup.num_workers, setup.seed + number, self._fetcher.dataset
        )
        set_worker_info(self._info)

    def _arrays(self, setup: Setup) -> list[memoryview]:
        if setup.memory is None:
            received = [self._connection.recv_bytes() for _ in setup.sizes]
            return [memoryview(buffer) for buffer in received]
        memory = _Attached(setup.memory)
        return [view.toreadonly() for view in shared_memory.read(memory, setup.sizes)]

    def answer(self, task: Task, memory: str | None) -> None:
        """Make a batch and send it."""
        failed, packed = False, None
        try:
            packed = shared_memory.pack(self._make(task))
        except Exception as error:
            failed, packed = True, shared_memory.pack(_failure(error))
        data, buffers = packed
        sizes = [len(buffer) for buffer in buffers]
        shared = self._attach(memory, shared_memory.room_for(sizes))
        if shared is not None:
            shared_memory.write(shared, buffers)
        self._connection.send(Answer(failed, data, sizes, shared is not None))
        if shared is None:
            for buffer in buffers:
                self._connection.send_bytes(buffer)

    def _make(self, task: Task) -> Any:
        # What draws from the default generators is reproducible too, in processes of our own.
        seed = derived(task.seed, task.epoch, task.number).initial_seed()
        generator.manual_seed(seed)
        random.seed(seed)
        np.random.seed(seed % 2**32)
        if self._init_fn is not None:
            self._init_fn(self._info.id)
            self._init_fn = None
        return self._fetcher(task)

    def _attach(self, name: str | None, size: int) -> SharedMemory | None:
        """The memory that the main process offers, if ``size`` bytes fit."""
        if self._memory is not None and self._memory.name != name:
            self._memory.close()
            self._memory = None
        if name is not None and self._memory is None:
            self._memory = SharedMemory(name)
        return self._memory if self._memory is not None and size <= self._memory.size else None


class _Attached(SharedMemory):
    """Memory that stays for as long as there are arrays in it."""

    def __del__(self) -> None:
        """Don't close it: the arrays hold it."""


def _failure(error: Exception) -> Failure:
    trace = "".join(traceback.format_exception(error))
    try:
        data = pickle.dumps(error)
    except Exception:  # whatever its own methods raise
        data = b""
    return Failure(f"{type(error).__name__}: {error}", trace, data)
