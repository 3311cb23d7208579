"""Convolutions of images with channels last, as sums of products over strided memory.

Of images x (batch, height, width, channels), weights w (out_channels, channels, *window) and
results y (batch, *counts, out_channels), products x * w belong to y, for all places of the window
and all taps in it. Where in x a place begins is a sum of steps, one for each dim, and where a tap
is from there is another: so nothing need be gathered in columns. `correlate` adds over the taps,
for each place; `correlate_weight` over the places, for each tap. To `contract` they are the same.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds

from autograd.kernels.compiled import common, winograd
from autograd.kernels.compiled.images import CHUNK, Images
from autograd.kernels.compiled.microkernel import ROWS, VECTORS, contract
from autograd.kernels.compiled.packing import (
    added,
    first,
    in_vectors,
    is_regular,
    lanes,
    least,
    packed,
    steps,
)
from autograd.ops.windows import Sizes, Windows
from autograd.threads import spread

# At most so many products are added up from zero and only then to a gradient: for accuracy.
RUN = 4096


def correlate(x: Any, weight: Any, bias: Any, windows: Windows, out: Any) -> None:
    """Write to ``out`` (batch, *counts, out_channels) each window of x times weight, plus bias
    (out_channels), which may be None. If weight has only one channel, though x has more, out has as
    many as x, each from its own.
    """
    by_channel = x.shape[3] != weight.shape[1]
    if not by_channel and winograd.suits(x, len(weight), windows):
        sound = winograd.correlate(x, weight, bias, windows, out)
        if sound:
            return
    images, matrix = Images(x, windows, by_channel=by_channel), packed(weight)
    base = np.zeros(len(weight), x.dtype) if bias is None else np.ascontiguousarray(bias)

    def work(start: int, stop: int) -> None:
        room = images.room()
        for chosen, rows in images.parts[start:stop]:
            a, y = images.part(chosen, rows, room), out[chosen, rows]
            counts, a_taps, weight_taps = _taps(a, windows, *matrix.shape[-2:])
            places, a_steps, y_steps = _longest_last(y.shape[:3], _places(a, windows), steps(y))
            contract(
                first(y),
                y_steps,
                first(base),
                (0, 0, 0),
                first(a),
                a_steps,
                a_taps,
                first(matrix),
                matrix[0].size,
                weight_taps,
                places,
                counts,
                len(weight),
                by_channel,
            )

    spread(work, len(images.parts), least(out.size * weight[0].size, len(images.parts)))


def correlate_weight(x: Any, y: Any, windows: Windows, by_channel: bool) -> Any:
    """The sum over all places of x in the window times y: (*window, channels, out_channels), or
    ``by_channel`` (*window, 1, channels).
    """
    if not by_channel and winograd.suits(x, y.shape[3], windows):
        total = winograd.correlate_weight(x, y, windows)
        if total is not None:
            return total
    places = min(RUN, max(1, CHUNK // (y.shape[3] * y.itemsize)))
    images = Images(x, windows, places, by_channel=by_channel)
    shape = (*windows.kernel, 1 if by_channel else x.shape[3], y.shape[3])
    totals: dict[int, Any] = {}

    def work(start: int, stop: int) -> None:
        total = totals[start] = common.allocate(shape, x.dtype)
        total.fill(0)
        room, y_room = images.room(), _room_of_vectors(y, images)
        for chosen, rows in images.parts[start:stop]:
            a, b = images.part(chosen, rows, room), _in_vectors(y, y[chosen, rows], y_room)
            places, a_taps, total_taps = _longest_last(*_taps(a, windows, *shape[2:]))
            contract(
                first(total),
                total_taps,
                first(total),
                total_taps,
                first(a),
                a_taps,
                _places(a, windows),
                first(b),
                VECTORS * lanes(x),
                steps(b),
                places,
                b.shape[:3],
                y.shape[3],
                by_channel,
            )

    spread(work, len(images.parts), least(y.size * math.prod(shape[:3]), len(images.parts)))
    return added(totals)


def _places(a: Any, windows: Windows) -> Sizes:
    """The steps in ``a`` from image to image, and from window to window."""
    image, row, pixel = steps(a)
    return image, row * windows.stride[0], pixel * windows.stride[1]


def _taps(a: Any, windows: Windows, channels: int, outputs: int) -> tuple[Sizes, Sizes, Sizes]:
    """The taps' numbers, their steps in ``a`` and in weights (*window, channels, outputs).

    Where all channels of a row of the window follow each other they are one dim."""
    height, width = windows.kernel
    _, row, pixel = steps(a)
    row, pixel = row * windows.dilation[0], pixel * windows.dilation[1]
    line = width * channels * outputs
    if width == 1 or pixel == channels:
        return (1, height, width * channels), (0, row, 1), (0, line, outputs)
    if channels == 1:
        return (1, height, width), (0, row, pixel), (0, line, outputs)
    return (height, width, channels), (row, pixel, 1), (line, channels * outputs, outputs)


def _longest_last(counts: Sizes, *steps: Sizes) -> tuple[Sizes, ...]:
    """``counts`` and ``steps`` with the last dim that gives tiles enough rows in the last place."""
    last = next((dim for dim in (2, 1, 0) if counts[dim] >= ROWS // 2), int(np.argmax(counts)))
    order = [dim for dim in range(3) if dim != last]
    return tuple((*(values[dim] for dim in order), values[last]) for values in (counts, *steps))


def _room_of_vectors(y: Any, images: Images) -> Any:
    """Memory for `_in_vectors`, or None if all of y is in whole vectors already."""
    width = in_vectors(y)
    if is_regular(y) and y.shape[3] == width:
        return None
    room = common.allocate((images.step, images.rows, y.shape[2], width), y.dtype)
    room.fill(0)
    return room


def _in_vectors(y: Any, part: Any, room: Any) -> Any:
    """A part of y of which whole vectors may be read, copied to ``room`` if need be."""
    if room is None:
        return part
    beyond = (in_vectors(y) - y.shape[3]) * y.itemsize
    if is_regular(y) and byte_bounds(part)[1] + beyond <= byte_bounds(y)[1]:
        return part  # what is read beyond its channels is of y too, and is left out in the end
    room = room[: part.shape[0], : part.shape[1]]
    room[..., : y.shape[3]] = part
    return room
