"""What all compiled kernels share."""

from __future__ import annotations

import functools
import hashlib
import inspect
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, overload

import numba
import numpy as np
from numba.core import event

FLOATS = (np.dtype(np.float32), np.dtype(np.float64))


@overload
def compiled(function: Callable[..., Any]) -> Any: ...


@overload
def compiled(*, reorder: bool) -> Callable[[Callable[..., Any]], Any]: ...


def compiled(function: Any = None, *, reorder: bool = False) -> Any:
    """``function`` compiled by Numba at its first call with each combination of types, and kept on
    disk for the next program.

    It lets go of Python's global lock, divides as NumPy does, and may multiply and add at once.
    ``reorder``: sums may be taken in another order, which vectorizes them; NaN and infinities are
    respected all the same.
    """
    if function is None:
        return functools.partial(compiled, reorder=reorder)
    # Numba looks up what is on disk by this name, and whether the file that holds the function has
    # changed: not whether another has, from which functions and constants are compiled in.
    function.__qualname__ += f".{_elsewhere(function.__module__)}"
    fastmath = {"contract", "reassoc"} if reorder else {"contract"}
    dispatcher = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=fastmath)(
        function
    )
    _announced.dispatchers[dispatcher] = function.__name__.strip("_")
    return dispatcher


@functools.cache
def _elsewhere(module: str) -> str:
    """A digest of what ``module`` has from other files: those of this package, and numbers."""
    digest = hashlib.sha256()
    for name, value in sorted(vars(sys.modules[module]).items()):
        source = value.__name__ if inspect.ismodule(value) else getattr(value, "__module__", None)
        if isinstance(value, (int, float, np.generic)):
            digest.update(f"{name} = {value!r}".encode())
        elif isinstance(source, str) and source.startswith(f"{__package__}.") and source != module:
            digest.update(Path(str(sys.modules[source].__file__)).read_bytes())
            digest.update(_elsewhere(source).encode())
    return digest.hexdigest()[:12]


class _Announcements(event.Listener):  # type: ignore[misc]  # Numba has no types
    """Tells on stderr what is being compiled: it takes seconds, and nobody has asked for it.
    ``RETROGRAD_QUIET=1`` in the environment leaves that out.

    Numba reports real compilations only, not what it finds on disk."""

    def __init__(self) -> None:
        self.dispatchers: dict[Any, str] = {}
        self.depth = 0  # a kernel's helpers are compiled while it is; Numba holds a lock meanwhile

    def on_start(self, event: Any) -> None:
        name = self.dispatchers.get(event.data["dispatcher"])
        if name is not None and self.depth == 0 and not os.environ.get("RETROGRAD_QUIET"):
            print(
                f"autograd.kernels: compiling {name} (some seconds, once on this machine)",
                file=sys.stderr,
                flush=True,
            )
        self.depth += 1

    def on_end(self, event: Any) -> None:
        self.depth -= 1


_announced = _Announcements()
event.register("numba:compile", _announced)


def accepts(*arrays: Any) -> bool:
    """Whether these are plain arrays of one floating dtype, as the compiled code expects.

    Read-only ones are declined: for Numba they are a type of their own, to be compiled anew."""
    dtype = getattr(arrays[0], "dtype", None)
    return dtype in FLOATS and all(
        type(array) is np.ndarray
        and array.dtype == dtype
        and array.flags.aligned
        and array.flags.writeable
        for array in arrays
    )


def allocate(shape: tuple[int, ...], dtype: Any, like: Any = None) -> Any:
    """An uninitialized array, C-contiguous, or with its dims in the order in which those of
    ``like`` lie in memory.

    Every kernel gets the memory that it writes from here, so that the tests can put guards around
    it."""
    return np.empty(shape, dtype) if like is None else np.empty_like(like, dtype, shape=shape)


def plain(x: Any) -> Any:
    """``x``, or a copy of it if it is read-only or repeats its elements, as gradients may that come
    from a sum."""
    return x if x.flags.writeable and 0 not in x.strides else np.copy(x, order="C")


def primitive_of(operation: Any) -> Any:
    """The primitive, or the formula, under the function ``operation``."""
    return operation.primitive
