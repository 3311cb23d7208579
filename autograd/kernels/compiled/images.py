"""Images in the form that the kernels for convolutions read, a part at a time."""

from __future__ import annotations

import math
from typing import Any

from autograd.kernels.compiled import common
from autograd.kernels.compiled.packing import in_vectors, is_regular
from autograd.ops.windows import Sizes, Windows
from autograd.threads import get_num_threads

# So many bytes are prepared at a time: they are still in the second cache when they are used.
CHUNK = 1 << 18


class Images:
    """Images x (batch, height, width, channels) under windows.

    ``parts``: slices of the batch and of the rows of windows that make up all of them, each with
    about CHUNK bytes and ``places`` windows at most.
    ``by_channel``: channels are filled up to whole vectors."""

    def __init__(
        self,
        x: Any,
        windows: Windows,
        places: int | None = None,
        by_channel: bool = False,
    ) -> None:
        self.x, self.windows = x, windows
        self.counts = windows.counts(x.shape[1:3])
        self.channels = in_vectors(x) if by_channel else x.shape[3]
        self.ready = (
            is_regular(x) and self.channels == x.shape[3] and max(map(max, windows.padding)) <= 0
        )
        self.size = tuple(n + b + a for n, (b, a) in zip(x.shape[1:3], windows.padding))
        self.step, self.rows = self._step(places or math.prod(self.counts) * len(x))
        self.parts = [
            (slice(i, min(i + self.step, len(x))), slice(j, min(j + self.rows, self.counts[0])))
            for i in range(0, len(x), self.step)
            for j in range(0, self.counts[0], self.rows)
        ]

    def _step(self, places: int) -> Sizes:
        """How many images, or rows of windows in one, make a part; enough parts for all threads."""
        batch, (count, width), threads = len(self.x), self.counts, get_num_threads()
        fit = CHUNK // (self.size[1] * self.channels * self.x.itemsize)  # rows of images
        images = min(fit // self.size[0], places // (count * width), -(-batch // threads))
        if images and batch >= threads:
            return images, count
        rows = (fit - self.windows.span[0]) // self.windows.stride[0] + 1
        rows = min(rows, places // width, -(-count * batch // threads))
        return 1, max(rows, 1)

    def room(self) -> Any:
        """Memory for `part`, for one thread."""
        if self.ready:
            return None
        shape = (self.step, self._length(self.rows), self.size[1], self.channels)
        room = common.allocate(shape, self.x.dtype)
        room.fill(0)
        return room

    def part(self, images: slice, rows: slice, room: Any) -> Any:
        """From the first element of the first window on: these images, channels together, with
        zeros around them."""
        (top, _), (left, _) = self.windows.padding
        start = rows.start * self.windows.stride[0] - top
        if self.ready:
            return self.x[images, start:, -left:]
        room = room[: images.stop - images.start, : self._length(rows.stop - rows.start)]
        if self.rows < self.counts[0]:  # else all parts have their zeros at the same places
            room.fill(0)
        below, right = (
            _overlap(first, n, size)
            for first, n, size in zip((start, -left), room.shape[1:], self.x.shape[1:])
        )
        inner = slice(below.start - start, below.stop - start)
        across = slice(right.start + left, right.stop + left)
        room[:, inner, across, : self.x.shape[3]] = self.x[images, below, right]
        return room

    def _length(self, rows: int) -> int:
        """How many rows of images so many rows of windows take."""
        return (rows - 1) * self.windows.stride[0] + self.windows.span[0]


def _overlap(first: int, count: int, size: int) -> slice:
    """Which of ``count`` elements from ``first`` on are in ``range(size)``."""
    start = max(first, 0)
    return slice(start, max(start, min(first + count, size)))
