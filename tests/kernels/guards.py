"""Arrays in the midst of guard areas, for whoever tests a kernel.

The guards hold NaN: a kernel that reads beyond its arrays computes NaN, and one that writes there
is caught.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

GUARD = 256  # bytes on each side; more than the widest vector


def random_shapes(*most: int, count: int = 6) -> list[tuple[int, ...]]:
    """So many shapes with sizes from 2 to ``most``, the same ones at each call."""
    generator = np.random.default_rng(len(most))
    return [tuple(int(generator.integers(2, size + 1)) for size in most) for _ in range(count)]


class Guards:
    """Makes guarded arrays, and tells which guards were overwritten."""

    def __init__(self, seed: int = 0) -> None:
        self.generator = np.random.default_rng(seed)
        self.buffers: list[tuple[Any, slice, Any]] = []

    def empty(self, shape: tuple[int, ...], dtype: Any, like: Any = None) -> Any:
        """An array full of NaN, at an address that only its dtype aligns: `common.allocate`."""
        if like is not None:
            order = sorted(range(like.ndim), key=lambda dim: -like.strides[dim])
            memory = self.empty(tuple(shape[dim] for dim in order), dtype)
            return memory.transpose(np.argsort(order))
        dtype = np.dtype(dtype)
        size = int(np.prod(shape)) * dtype.itemsize
        buffer = np.full(size + 2 * GUARD + 64, 0xFF, np.uint8)  # 0xFF... is a NaN in every width
        start = GUARD + int(self.generator.integers(64 // dtype.itemsize)) * dtype.itemsize
        inside = slice(start, start + size)
        self.buffers.append((buffer, inside, None))
        return buffer[inside].view(dtype).reshape(shape)

    def array(self, values: Any, strided: bool = False, order: Any = None) -> Any:
        """A copy of ``values``, which must stay as it is. ``order`` is that of the dims in memory,
        by default the usual one; ``strided`` leaves gaps of NaN between the elements."""
        values = np.asarray(values)
        order = tuple(range(values.ndim)) if order is None else order
        shape = tuple(values.shape[dim] for dim in order)
        room = self.empty((*shape, 2) if strided else shape, values.dtype)
        out = (room[..., 0] if strided else room).transpose(np.argsort(order))
        out[...] = values
        buffer, inside, _ = self.buffers[-1]
        self.buffers[-1] = (buffer, inside, buffer.copy())
        return out

    def check(self) -> None:
        """Raise AssertionError if anything was written outside of the arrays of `empty`, or
        anywhere to those of `array`."""
        for buffer, inside, before in self.buffers:
            if before is not None:
                np.testing.assert_array_equal(buffer, before, "an input was changed")
            outside = np.concatenate([buffer[: inside.start], buffer[inside.stop :]])
            if (outside != 0xFF).any():
                raise AssertionError("written outside of an array")


@contextmanager
def guarding(patch: Callable[..., Any], seed: int = 0) -> Iterator[Guards]:
    """Within it, kernels get guarded memory; at its end it is checked.

    ``patch`` is pytest's ``monkeypatch.setattr``."""
    from autograd.kernels.compiled import common

    guards = Guards(seed)
    patch(common, "allocate", guards.empty)
    yield guards
    guards.check()
