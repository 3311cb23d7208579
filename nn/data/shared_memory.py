"""Objects with large arrays between processes: the arrays' bytes travel apart from the rest,
through shared memory.

The process that starts the workers makes and removes all of the memory. So nothing is left behind
by a worker that is killed, and Python's resource tracker has nothing to complain of; should the
main process be killed, the tracker removes the memory.
"""

from __future__ import annotations

import io
import os
import pickle
from collections.abc import Iterable, Sequence
from multiprocessing.shared_memory import SharedMemory
from typing import Any

from autograd.core.variable import Variable, unwrap
from autograd.from_data import from_numpy

_ALIGNMENT = 64
WORTH_SHARING = 1 << 16  # bytes; fewer are quicker through a pipe


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        """A tensor is sent as its array: its history stays behind."""
        if type(value) is Variable.result_class:
            return from_numpy, (unwrap(value),)
        return NotImplemented


def pack(value: Any) -> tuple[bytes, list[memoryview]]:
    """``value`` pickled, and apart from it the memory of its arrays."""
    buffers: list[pickle.PickleBuffer] = []
    file = io.BytesIO()
    _Pickler(file, protocol=5, buffer_callback=buffers.append).dump(value)
    return file.getvalue(), [buffer.raw() for buffer in buffers]


def unpack(data: bytes, buffers: Iterable[Any]) -> Any:
    """What was packed; its arrays lie in ``buffers``."""
    return pickle.loads(data, buffers=buffers)


def room_for(sizes: Iterable[int]) -> int:
    """How many bytes of shared memory hold buffers of these ``sizes``."""
    return sum(_rounded(size) for size in sizes)


def allocate(size: int) -> SharedMemory | None:
    """New shared memory; None where there isn't enough, as in many containers."""
    name = f"retrograd-{os.getpid()}-{os.urandom(4).hex()}"
    try:
        memory = SharedMemory(name, create=True, size=max(size, 1))
    except OSError:
        return None
    try:
        # Otherwise a write to memory that isn't there would kill the process that writes.
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(memory._fd, 0, memory.size)  # type: ignore[attr-defined]
    except OSError:
        free(memory)
        return None
    return memory


def free(memory: SharedMemory | None) -> None:
    """Remove shared memory that this process has made."""
    if memory is not None:
        memory.close()
        memory.unlink()


def write(memory: SharedMemory, buffers: Sequence[memoryview]) -> None:
    """Copy ``buffers`` into ``memory``, one after the other."""
    for view, buffer in zip(read(memory, map(len, buffers)), buffers):
        view[:] = buffer
        view.release()


def read(memory: SharedMemory, sizes: Iterable[int]) -> list[memoryview]:
    """The buffers of these ``sizes`` in ``memory``, not copied."""
    views, start = [], 0
    for size in sizes:
        views.append(memoryview(memory.buf)[start : start + size])  # type: ignore[arg-type]
        start += _rounded(size)
    return views


def copies(views: Iterable[memoryview]) -> list[bytearray]:
    """``views`` copied out of shared memory, which then may be written to again."""
    copied = []
    for view in views:
        copied.append(bytearray(view))
        view.release()
    return copied


def _rounded(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT
