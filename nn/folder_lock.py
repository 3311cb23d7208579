"""Locks on a folder, which the system releases when a program ends, however it ends."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NAME = ".lock"
_NO_LOCKS = (errno.ENOSYS, errno.ENOTSUP, errno.ENOLCK)


@contextmanager
def lock_to_write(folder: Path) -> Iterator[None]:
    """Wait until nobody reads or writes in ``folder``, and keep others waiting meanwhile."""
    with _locked(os.open(folder / _NAME, os.O_RDWR | os.O_CREAT, 0o666), "LOCK_EX"):
        yield


@contextmanager
def lock_to_read(folder: Path) -> Iterator[None]:
    """Wait until nobody writes in ``folder``, and keep writers waiting meanwhile. Changes nothing
    there: where nobody has ever written, there is nothing to wait for."""
    if not (folder / _NAME).exists():
        yield
        return
    with _locked(os.open(folder / _NAME, os.O_RDONLY), "LOCK_SH"):
        yield


@contextmanager
def _locked(descriptor: int, kind: str) -> Iterator[None]:
    try:
        _flock(descriptor, kind)
        yield
    finally:
        _flock(descriptor, "LOCK_UN")  # before closing: a child process may have it open too
        os.close(descriptor)


def _flock(descriptor: int, kind: str) -> None:
    if sys.platform == "win32":
        return
    import fcntl  # here, for Windows has none

    try:
        fcntl.flock(descriptor, getattr(fcntl, kind))
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
