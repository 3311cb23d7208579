"""The maps that poolings are made of: the maximum and the sum of each window, and their adjoints.

The windows slide over the last dims, so that everything before them may be batch, channels or
nothing at all.
"""

from __future__ import annotations

import math
import operator

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array
from autograd.errors import DTypeError
from autograd.ops.channels import in_cache, laid_out_as
from autograd.ops.places import grid
from autograd.ops.precision import sum_at
from autograd.ops.windows import Sizes, Windows, opposite, padded, remembered

# Fewer windows than these are copied, so that their elements can be compared in one step.
FEW = 1 << 10
# Windows of more elements than these get their gradients element by element.
NARROW = 9


@primitive(
    holomorphic=False,
    outputs=("values", "index"),
    x=lambda g, index, windows: _place(g[0], index, windows=windows),
)
def _max_pool(x: Array, windows: Windows) -> tuple[Array, Array]:
    """The maximum of each window, and which element of the window it is: the first; a NaN counts as
    the maximum.
    """
    if x.dtype.kind not in "iuf":
        raise DTypeError("needs real numbers; convert to float first")
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    counts = windows.counts(x.shape[-windows.dims :])
    values = np.empty_like(x, shape=(*x.shape[: -windows.dims], *counts))
    index = np.empty_like(values, np.min_scalar_type(math.prod(windows.kernel) - 1))
    index[...] = _first(windows, counts) if windows.has_padding else 0
    find = _compare if 0 < values.size < FEW else _scan
    for part in in_cache(x):
        chunk = padded(x[part], windows.padding, lowest)
        find(chunk, windows, values[part], index[part])
        if np.isnan(values[part]).any():
            _scan(chunk, windows, values[part], index[part], nan=True)
    return values, index


def _compare(x: Array, windows: Windows, values: Array, index: Array) -> None:
    """`_scan` in one step, with a copy of each window: faster where the many steps are short."""
    lead, counts = x.shape[: -windows.dims], values.shape[-windows.dims :]
    candidates = x.reshape(*lead, -1).take(windows.places(counts), -1)
    candidates = candidates.reshape(*lead, -1, *counts)
    np.maximum.reduce(candidates, len(lead), out=values)
    np.maximum(index, candidates.argmax(len(lead)), out=index, casting="unsafe")


def _scan(x: Array, windows: Windows, values: Array, index: Array, nan: bool = False) -> None:
    """Write the maxima to ``values`` and raise ``index`` to their places. Only with ``nan`` are the
    places of NaN right; looking for it takes time.
    """
    first, *others = windows.slices(values.shape[-windows.dims :])
    np.copyto(values, x[first])
    for place, where in enumerate(others, 1):
        candidate = x[where]
        better = candidate > values
        if nan:
            better |= np.isnan(candidate)
        # The places come in ascending order, so the largest of those that were better is the last.
        np.maximum(index, better.view(np.uint8) * index.dtype.type(place), out=index)
        np.maximum(values, candidate, out=values)


@remembered
def _first(windows: Windows, counts: Sizes) -> Array:
    """The first place of each window that is not padding: the maximum if all are minus infinity."""
    firsts = [
        -(-np.maximum(before - s * np.arange(count), 0) // d)
        for (before, _), s, count, d in zip(
            windows.padding, windows.stride, counts, windows.dilation
        )
    ]
    return np.ravel_multi_index(np.ix_(*firsts), windows.kernel)


@primitive(y=lambda g, index, windows: _pick(g, index, windows=windows))
def _place(y: Array, index: Array, windows: Windows) -> Array:
    """Zeros, with each y added to that element of its window which ``index`` tells."""
    size = windows.size_padded(y.shape[-windows.dims :])
    total = np.empty_like(index, y.dtype, shape=(*y.shape[: -windows.dims], *size))
    if windows.disjoint and math.prod(windows.kernel) <= NARROW:
        for part in in_cache(total):
            _choose(y[part], index[part], windows, total[part])
        return padded(total, opposite(windows.padding))
    total.fill(0)
    # Places take twice the memory of y: a part of the batch at a time, if it is one in memory too.
    parts = in_cache(total) if total.strides[0] == max(total.strides) else [slice(None)]
    for part in parts:
        places = _places(index[part], windows, total[part])
        values = laid_out_as(index[part], y[part])
        sum_at(total[part].ravel("K"), places.ravel("K"), values.ravel("K"))
    return padded(total, opposite(windows.padding))


def _choose(y: Array, index: Array, windows: Windows, out: Array) -> None:
    """Write to each element of a window its y if ``index`` tells that element, and else 0."""
    bits = np.dtype(f"i{y.itemsize}")
    for place, where in enumerate(windows.slices(y.shape[-windows.dims :])):
        # All ones or all zeros: for 0 * y is no 0 if y is infinite, and np.where is slow.
        chosen = np.negative((index == place).view(np.int8), dtype=bits)
        np.bitwise_and(y.view(bits), chosen, out=out.view(bits)[where])


@primitive(x=lambda g, index, windows: _place(g, index, windows=windows))
def _pick(x: Array, index: Array, windows: Windows) -> Array:
    """That element of each window of x which ``index`` tells: the adjoint of `_place`."""
    x = np.ascontiguousarray(padded(x, windows.padding))
    return x.ravel()[_places(index, windows, x)]


def _places(index: Array, windows: Windows, x: Array) -> Array:
    """Where the elements that ``index`` tells are in the memory of x, which is padded already."""
    steps, lead = [step // x.itemsize for step in x.strides], x.ndim - windows.dims
    within = grid(windows.kernel, map(operator.mul, windows.dilation, steps[lead:]))
    between = map(operator.mul, (*(1,) * lead, *windows.stride), steps)
    places = np.empty_like(index, np.intp)
    np.take(within, index, out=places, mode="clip")  # "raise" would need one more copy
    places += grid(index.shape, between)
    return places


@primitive(x=lambda g, windows: _spread(g, windows=windows))
def _sum_pool(x: Array, windows: Windows) -> Array:
    """The sum of each window, taken along one dim after the other."""
    x = padded(x, windows.padding)
    for line in windows.lines:
        first, *others = line.slices(line.counts(x.shape[-windows.dims :]))
        total = np.copy(x[first])
        for other in others:
            total += x[other]
        x = total
    return x


@primitive(y=lambda g, windows: _sum_pool(g, windows=windows))
def _spread(y: Array, windows: Windows) -> Array:
    """Each y added to all elements of its window: the adjoint of `_sum_pool`."""
    for line in reversed(windows.lines):
        y = line.scatter([y] * math.prod(line.kernel), y.shape[-windows.dims :])
    return padded(y, opposite(windows.padding))
