"""Pooling over one or two dims.

Where the channels lie next to each other in memory, a window is taken place by place, along the
channels, which vectorizes; elsewhere element by element. Padding is never written down: a window
leaves out what lies beyond the edges.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.kernels.compiled import common
from autograd.kernels.compiled.common import accepts, compiled, primitive_of
from autograd.ops.pooling_maps import _max_pool, _place, _spread, _sum_pool
from autograd.ops.windows import Windows
from autograd.threads import spread

SHARE = 1 << 16  # elements; as much work as handing them to another thread
FEWEST = 8  # channels; along fewer of them a loop costs more than its steps

Line = tuple[int, int, int, int]  # of the windows along one dim: kernel, stride, padding, dilation


@compiled
def _inside(line: Line, i: int, size: int) -> Any:
    """Where window ``i`` begins, and the first and the end of its places that are not padding."""
    kernel, stride, before, dilation = line
    start = i * stride - before
    first = (-start + dilation - 1) // dilation if start < 0 else 0
    return start, min(first, kernel), min(kernel, (size - start + dilation - 1) // dilation)


@compiled
def _maximum_along(x: Any, out: Any, index: Any, h: Line, w: Line, first: int, last: int) -> None:
    """Of (batch, height, width, channels); ``first`` to ``last`` are rows of ``out``."""
    rows, columns, channels = out.shape[1:]
    for row in range(first, last):
        n, i = row // rows, row % rows
        top, first_i, end_i = _inside(h, i, x.shape[1])
        for j in range(columns):
            left, first_j, end_j = _inside(w, j, x.shape[2])
            best, places = out[n, i, j], index[n, i, j]
            best[:] = -np.inf
            # If all are minus infinity, or padding, it is the first.
            places[:] = min(first_i, h[0] - 1) * w[0] + min(first_j, w[0] - 1)
            for a in range(first_i, end_i):
                for b in range(first_j, end_j):
                    candidates = x[n, top + a * h[3], left + b * w[3]]
                    place = np.uint8(a * w[0] + b)
                    for c in range(channels):
                        candidate = candidates[c]
                        better = (candidate > best[c]) | (candidate != candidate)
                        best[c] = candidate if better else best[c]
                        places[c] = place if better else places[c]


@compiled
def _maximum_each(x: Any, out: Any, index: Any, h: Line, w: Line, first: int, last: int) -> None:
    """The arrays are (flat, shape, strides); ``first`` to ``last`` are rows of ``out``."""
    flat, (_, _, height, width), (x_n, x_c, x_h, x_w) = x
    written, (_, channels, rows, columns), (out_n, out_c, out_h, out_w) = out
    places, _, (index_n, index_c, index_h, index_w) = index
    for row in range(first, last):
        n, i = row // rows, row % rows
        top, first_i, end_i = _inside(h, i, height)
        for j in range(columns):
            left, first_j, end_j = _inside(w, j, width)
            start = min(first_i, h[0] - 1) * w[0] + min(first_j, w[0] - 1)
            for c in range(channels):
                best, place = flat.dtype.type(-np.inf), start
                corner = n * x_n + c * x_c + top * x_h + left * x_w
                for a in range(first_i, end_i):
                    for b in range(first_j, end_j):
                        candidate = flat[corner + a * h[3] * x_h + b * w[3] * x_w]
                        better = (candidate > best) | (candidate != candidate)
                        best = candidate if better else best
                        place = a * w[0] + b if better else place
                written[n * out_n + c * out_c + i * out_h + j * out_w] = best
                places[n * index_n + c * index_c + i * index_h + j * index_w] = place


@compiled
def _place_along(y: Any, index: Any, out: Any, h: Line, w: Line, first: int, last: int) -> None:
    zero = y.dtype.type(0)
    rows, columns, channels = y.shape[1:]
    for n in range(first, last):
        out[n] = 0
        for i in range(rows):
            top, first_i, end_i = _inside(h, i, out.shape[1])
            for j in range(columns):
                left, first_j, end_j = _inside(w, j, out.shape[2])
                added, places = y[n, i, j], index[n, i, j]
                for a in range(first_i, end_i):
                    for b in range(first_j, end_j):
                        target = out[n, top + a * h[3], left + b * w[3]]
                        place = np.uint8(a * w[0] + b)
                        for c in range(channels):
                            target[c] += added[c] if places[c] == place else zero


@compiled
def _place_each(y: Any, index: Any, out: Any, h: Line, w: Line, first: int, last: int) -> None:
    """The arrays are (flat, shape, strides); ``out`` is all zeros before."""
    added, (_, channels, rows, columns), (y_n, y_c, y_h, y_w) = y
    places, _, (index_n, index_c, index_h, index_w) = index
    total, (_, _, height, width), (out_n, out_c, out_h, out_w) = out
    for n in range(first, last):
        for i in range(rows):
            for j in range(columns):
                for c in range(channels):
                    place = places[n * index_n + c * index_c + i * index_h + j * index_w]
                    a, b = divmod(place, np.uint8(w[0]))
                    row = i * h[1] - h[2] + a * h[3]
                    column = j * w[1] - w[2] + b * w[3]
                    if 0 <= row < height and 0 <= column < width:
                        value = added[n * y_n + c * y_c + i * y_h + j * y_w]
                        total[n * out_n + c * out_c + row * out_h + column * out_w] += value


@compiled
def _sum_along(x: Any, out: Any, h: Line, w: Line, first: int, last: int) -> None:
    rows, columns, channels = out.shape[1:]
    for row in range(first, last):
        n, i = row // rows, row % rows
        top, first_i, end_i = _inside(h, i, x.shape[1])
        for j in range(columns):
            left, first_j, end_j = _inside(w, j, x.shape[2])
            total = out[n, i, j]
            total[:] = 0
            for a in range(top + first_i, top + end_i):
                for b in range(left + first_j, left + end_j):
                    added = x[n, a, b]
                    for c in range(channels):
                        total[c] += added[c]


@compiled
def _spread_along(y: Any, out: Any, h: Line, w: Line, first: int, last: int) -> None:
    rows, columns, channels = y.shape[1:]
    for n in range(first, last):
        out[n] = 0
        for i in range(rows):
            top, first_i, end_i = _inside(h, i, out.shape[1])
            for j in range(columns):
                left, first_j, end_j = _inside(w, j, out.shape[2])
                added = y[n, i, j]
                for a in range(top + first_i, top + end_i):
                    for b in range(left + first_j, left + end_j):
                        total = out[n, a, b]
                        for c in range(channels):
                            total[c] += added[c]


# -- from arrays of any number of dims to these, and back ------------------------------------------


def _lines(windows: Windows) -> tuple[Line, ...]:
    """The windows along the height, which may be missing, and along the width."""
    befores = [before for before, _ in windows.padding]
    lines = tuple(zip(windows.kernel, windows.stride, befores, windows.dilation))
    return ((1, 1, 0, 1), *lines)[-2:]


def _images(x: Any, windows: Windows) -> Any:
    """``x`` as (batch, channels, height, width)."""
    if windows.dims == 1:
        x = x[..., None, :]
    return x[None] if x.ndim == 3 else x


def _handles(x: Any, windows: Windows) -> bool:
    return accepts(x) and windows.dims <= 2 and x.ndim - windows.dims in (1, 2)


def _last(images: Any) -> Any:
    """``images`` as (batch, height, width, channels) if they lie in memory like that."""
    last = images.transpose(0, 2, 3, 1)
    return last if images.shape[1] >= FEWEST and last.flags.c_contiguous else None


def _flat(images: Any) -> Any:
    """The elements of ``images`` as they lie in memory, the shape, and the strides in elements.

    So any order of the dims is one type for Numba, which compiles anew for each."""
    flat = images.ravel(order="K")
    if not np.may_share_memory(flat, images):  # there were gaps
        images = np.copy(images, order="K")
        flat = images.ravel(order="K")
    return flat, images.shape, tuple(stride // images.itemsize for stride in images.strides)


def _run(
    kernel: Callable[..., None], arrays: tuple[Any, ...], windows: Windows, count: int
) -> None:
    """Call ``kernel`` for its ``count`` rows or images."""
    lines, first = _lines(windows), arrays[0]
    size = first[0].size if isinstance(first, tuple) else first.size
    least = SHARE * count // max(size, 1) + 1
    spread(lambda first, last: kernel(*arrays, *lines, first, last), count, least)


def max_pool(x: Any, windows: Windows) -> Any:
    """`autograd.ops.pooling_maps._max_pool`."""
    if not _handles(x, windows) or np.prod(windows.kernel) > 256:
        return NotImplemented
    counts = windows.counts(x.shape[-windows.dims :])
    shape = (*x.shape[: -windows.dims], *counts)
    values = common.allocate(shape, x.dtype, x)
    index = common.allocate(shape, np.dtype(np.uint8), x)
    images = [_images(array, windows) for array in (x, values, index)]
    last = [_last(image) for image in images]
    count = images[1].shape[0] * images[1].shape[2]
    if any(array is None for array in last):
        _run(_maximum_each, tuple(map(_flat, images)), windows, count)
    else:
        _run(_maximum_along, tuple(last), windows, count)
    return values, index


def place(y: Any, index: Any, windows: Windows) -> Any:
    """`autograd.ops.pooling_maps._place`; what is not chosen gets 0, also of what is not finite."""
    y = common.plain(y)
    if not _handles(y, windows) or index.dtype != np.uint8 or not index.flags.writeable:
        return NotImplemented
    size = windows.size(y.shape[-windows.dims :])
    out = common.allocate((*y.shape[: -windows.dims], *size), y.dtype, index)
    images = [_images(array, windows) for array in (y, index, out)]
    last = [_last(image) for image in images]
    if last[0] is None and last[1] is not None:
        last[0] = np.ascontiguousarray(images[0].transpose(0, 2, 3, 1))
    if any(array is None for array in last):
        out[...] = 0
        _run(_place_each, tuple(map(_flat, images)), windows, len(images[0]))
    else:
        _run(_place_along, tuple(last), windows, len(images[0]))
    return out


def sum_pool(x: Any, windows: Windows) -> Any:
    """`autograd.ops.pooling_maps._sum_pool`, along channels."""
    last = _last(_images(x, windows)) if _handles(x, windows) else None
    if last is None:
        return NotImplemented
    counts = windows.counts(x.shape[-windows.dims :])
    out = common.allocate((*x.shape[: -windows.dims], *counts), x.dtype, x)
    images = _images(out, windows).transpose(0, 2, 3, 1)
    _run(_sum_along, (last, images), windows, images.shape[0] * images.shape[1])
    return out


def spread_out(y: Any, windows: Windows) -> Any:
    """`autograd.ops.pooling_maps._spread`, along channels."""
    last = _last(_images(y, windows)) if _handles(y, windows) else None
    if last is None:
        return NotImplemented
    size = windows.size(y.shape[-windows.dims :])
    out = common.allocate((*y.shape[: -windows.dims], *size), y.dtype, y)
    images = _images(out, windows).transpose(0, 2, 3, 1)
    _run(_spread_along, (last, images), windows, len(images))
    return out


KERNELS = {
    primitive_of(_max_pool): max_pool,
    primitive_of(_place): place,
    primitive_of(_sum_pool): sum_pool,
    primitive_of(_spread): spread_out,
}
