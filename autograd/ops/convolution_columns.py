"""Windows as the rows of matrices, a few images at a time ("im2col"), so that one matrix product
does the work of a convolution.

The matrix repeats each element of x once for each window it lies in. So it is never made whole: as
much of it as the cache has room for is written to one piece of memory, used, and overwritten.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from autograd.core.variable import Array
from autograd.ops.channels import channels_last, slices
from autograd.ops.windows import Sizes, Windows, padded, remembered

# So many elements are made at a time: 1 MB of float32. Both half and twice that were 5 to 10 %
# slower, a quarter 20 %, in a cache of 2 MB.
COLUMNS = 1 << 18
# Over so few channels, columns are made another way; and so few elements, by their places.
FEW = 4
SMALL = 1 << 14


def columns(x: Array, windows: Windows, groups: int) -> Iterator[tuple[slice, slice, Array]]:
    """The windows of x as rows of a matrix for each group, (groups, windows, elements of a window).

    Each comes with the images, and the rows of these images, where its windows lie. The next one
    overwrites it.
    """
    if windows.single:
        yield slice(None), slice(None), channel_rows(x, groups)
        return
    counts, few = windows.counts(x.shape[2:]), x.shape[1] <= FEW * groups
    line = math.prod(counts[1:]) * math.prod(windows.kernel) * x.shape[1]
    if 0 < len(x) * counts[0] * line <= SMALL:
        yield slice(None), slice(None), _taken(x, windows, counts, groups)
        return
    lines = max(1, COLUMNS // max(1, line))
    buffer = np.empty(line * min(lines, len(x) * counts[0]), x.dtype)
    for images, view in views(x, windows, lines // counts[0], channels_first=few):
        view = view.reshape(len(view), groups, x.shape[1] // groups, *view.shape[2:])
        for rows in slices(counts[0], lines):
            yield images, rows, _matrices(view[:, :, :, rows], windows.dims, few, buffer)


def _taken(x: Array, windows: Windows, counts: Sizes, groups: int) -> Array:
    """All windows as rows of matrices, by the places of their elements: of small images these are
    there sooner than a view of the windows.
    """
    places = _places(windows, counts, x.shape[1], groups)
    rows = padded(x, windows.padding).reshape(len(x), -1).take(places, 1)
    return rows.swapaxes(0, 1).reshape(len(places), -1, places.shape[-1])


@remembered
def _places(windows: Windows, counts: Sizes, channels: int, groups: int) -> Array:
    """Where the elements of each window are in one image: (groups, windows, elements)."""
    in_channel = windows.places(counts).reshape(math.prod(windows.kernel), -1)
    firsts = np.arange(channels) * math.prod(windows.size_padded(counts))
    places = np.add.outer(firsts.reshape(groups, -1), in_channel)
    return places.transpose(0, 3, 2, 1).reshape(groups, in_channel.shape[1], -1)


def _matrices(view: Array, dims: int, few: bool, buffer: Array) -> Array:
    """Windows (batch, groups, channels, *counts, *window) as rows of matrices in ``buffer``."""
    groups, size = view.shape[1], view.shape[2] * math.prod(view.shape[-dims:])
    if not few:
        view = view.transpose(1, 0, *range(3, view.ndim), 2)
        return _copied(view, buffer).reshape(groups, -1, size)
    # Runs along a row of the image are longer than runs over so few channels.
    view = view.transpose(1, *range(-dims, 0), 2, 0, *range(3, view.ndim - dims))
    return np.swapaxes(_copied(view, buffer).reshape(groups, size, -1), 1, 2)


def _copied(view: Array, buffer: Array) -> Array:
    copy = buffer[: view.size].reshape(view.shape)
    np.copyto(copy, view)
    return copy


def views(
    x: Array, windows: Windows, most: int, channels_first: bool = False
) -> Iterator[tuple[slice, Array]]:
    """A view of the windows of at most so many images at a time, (batch, channels, *counts,
    *window), and which images they are.

    The images have been copied, whatever the memory order of x, into a frame of zeros in
    channels-last memory, or with ``channels_first`` in the order of the dims; the next ones go
    there too.
    """
    chunks = list(slices(len(x), most))
    x = windows.cut(x)
    frame, inside = windows.frame(x, chunks[0].stop if chunks else 0, channels_first)
    view = windows.view(frame)
    for images in chunks:
        part = x[images]
        inside[: len(part)] = part
        yield images, view[: len(part)]


def channel_rows(y: Array, groups: int) -> Array:
    """The channels of y at each place as rows of a matrix for each group: (groups, places,
    channels).
    """
    rows = channels_last(y).reshape(-1, groups, y.shape[1] // groups)
    return np.swapaxes(rows, 0, 1)
