"""Convolutions with windows of 3 x 3 by Winograd's method: fewer products than by definition.

F(m, 3) computes m neighbouring sums of three products with m + 2 multiplications: inputs d and taps
g are transformed by matrices B and G, multiplied element by element, and transformed back by A:
``A^T ((G g) * (B^T d))``. In two dims every transform is applied to rows and columns; a tile of m x
m outputs then takes (m + 2)^2 multiplications instead of 9 m^2, and for all channels they are
matrix products, one for each of the (m + 2)^2 elements: `contract` again.

F(2, 3), which has 0.44 of the products, is as accurate as the definition. F(4, 3) has 0.25 of them
and errors some ten times larger, so it is for those who ask: ``RETROGRAD_WINOGRAD=4`` in the
environment; ``0`` is for no such method at all.

Source: A. Lavin, S. Gray: Fast Algorithms for Convolutional Neural Networks, 2015.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from autograd.errors import ShapeError
from autograd.kernels.compiled import common
from autograd.kernels.compiled.common import compiled
from autograd.kernels.compiled.microkernel import VECTORS, contract
from autograd.kernels.compiled.packing import added, first, is_regular, lanes, least, packed, steps
from autograd.kernels.compiled.vectors import BYTES
from autograd.kernels.compiled.winograd_tiles import (
    GRADIENTS,
    INPUTS,
    MATRICES,
    transform_back,
    transform_tiles,
    transform_total,
    transform_weight,
)
from autograd.ops.windows import Windows
from autograd.threads import spread

# The m of F(m, 3), or 0.
CHOSEN = os.environ.get("RETROGRAD_WINOGRAD", "2")
if CHOSEN not in ("0", "2", "4"):
    raise ShapeError(f"kernels: RETROGRAD_WINOGRAD must be 0, 2 or 4, got {CHOSEN!r}")
SIZE = int(CHOSEN)
# So many bytes of transformed numbers are made at a time: they stay in the second cache.
CHUNK = 1 << 20
# So many lines of the cache are left free after each of the elements of a tile: if their distance
# were a power of two, they would all compete for the same few places in the cache.
APART = 5
# With fewer channels the transforms take more time than they save.
CHANNELS = 32


def suits(x: Any, outputs: int, windows: Windows) -> bool:
    """Whether this method is right for such a convolution, and faster."""
    channels = (x.shape[3], outputs)
    return (
        SIZE in MATRICES
        and windows[:2] == ((3, 3), (1, 1))
        and windows.dilation == (1, 1)
        and x.dtype == np.float32  # in double precision the products take twice as long as there
        and min(channels) >= CHANNELS
        and not any(count % lanes(x) for count in channels)
    )


def correlate(x: Any, weight: Any, bias: Any, windows: Windows, out: Any) -> bool:
    """As `autograd.kernels.compiled.correlation.correlate`, where it `suits`.

    False if a result is infinite or NaN: within a tile that spreads to others, which are wrong
    then."""
    outputs, channels = weight.shape[:2]
    grid = _Grid(x, windows, outputs)
    weight, base, sound = _transformed(weight), np.zeros((2, outputs), x.dtype), []
    if bias is not None:
        base[1] = bias
    images = (*grid.images, first(out), steps(out), out.shape[1:3])

    def work(begin: int, end: int) -> None:
        inputs, sums, spares = grid.room()
        total = common.allocate((lanes(x),), x.dtype)
        total.fill(0)
        rows = (grid.tiles, grid.step, begin, end)
        _correlate(SIZE, *images, weight, base, inputs, sums, spares, total, *rows)
        sound.append(bool(np.isfinite(total).all()))

    spread(work, grid.lines, least(_products(out, channels), grid.lines))
    return all(sound)


def correlate_weight(x: Any, y: Any, windows: Windows) -> Any:
    """As `autograd.kernels.compiled.correlation.correlate_weight`, where it `suits`, or None as
    above.

    It is the derivative of `correlate` by the weight, so all transforms are transposed."""
    y = y if is_regular(y) else np.ascontiguousarray(y)
    channels, outputs = x.shape[3], y.shape[3]
    grid = _Grid(x, windows, outputs)
    images = (*grid.images, first(y), steps(y), y.shape[1:3])
    totals: dict[int, Any] = {}

    def work(begin: int, end: int) -> None:
        total = totals[begin] = _planes(channels * outputs, x.dtype)
        total.fill(0)
        _correlate_weight(SIZE, *images, total, *grid.room(), grid.tiles, grid.step, begin, end)

    spread(work, grid.lines, least(_products(y, channels), grid.lines))
    out = common.allocate((3, 3, channels, outputs), x.dtype)
    transform_total(SIZE, added(totals), out, channels * outputs)
    with np.errstate(all="ignore"):
        return out if np.isfinite(out.sum()) else None


class _Grid:
    """The tiles over images x (batch, height, width, channels) for 3 x 3 windows.

    ``tiles`` (images, rows, columns), in ``lines`` rows, of which ``step`` with so many outputs
    have about CHUNK bytes. ``images``: x for the transforms."""

    def __init__(self, x: Any, windows: Windows, outputs: int) -> None:
        x = x if is_regular(x) else np.ascontiguousarray(x)
        counts = windows.counts(x.shape[1:3])
        rows, columns = (-(-count // SIZE) for count in counts)
        self.tiles, self.lines, self.dtype = (len(x), rows, columns), len(x) * rows, x.dtype
        self.channels = (x.shape[3], outputs)
        of_line = (SIZE + 2) ** 2 * columns * sum(self.channels) * x.itemsize
        self.step = min(max(1, CHUNK // of_line), self.lines)
        origin = tuple(-before for before, _ in windows.padding)
        # Padding may be negative: then no window sees the last rows or columns.
        ends = (min(n, start + count + 2) for n, start, count in zip(x.shape[1:3], origin, counts))
        self.images = (first(x), steps(x), origin, tuple(ends))

    def room(self) -> tuple[Any, ...]:
        """Memory for one thread: for the transformed tiles of x, and for those of the outputs; and
        for one of each that does not lie in its image as a whole."""
        tiles, sides = self.step * self.tiles[2], (SIZE + 2, SIZE + 2)
        planes = (_planes(tiles * count, self.dtype) for count in self.channels)
        spares = (common.allocate((*sides, count), self.dtype) for count in self.channels)
        return (*planes, tuple(spares))


def _products(y: Any, channels: int) -> int:
    return int(y.size) * channels * (SIZE + 2) ** 2 // SIZE**2


def _planes(size: int, dtype: Any) -> Any:
    """Memory for ``size`` numbers or more for each element of a tile."""
    return common.allocate(((SIZE + 2) ** 2, size + APART * BYTES // dtype.itemsize), dtype)


def _transformed(weight: Any) -> Any:
    """G g G^T: (elements, blocks * channels * out_channels of a block or more)."""
    taps = packed(weight)
    out = _planes(taps[:, 0, 0].size, weight.dtype)
    transform_weight(SIZE, first(taps), out, len(taps), taps[0, 0, 0].size)
    return out


@compiled
def _correlate(
    size: int,
    x: Any,
    x_steps: Any,
    origin: Any,
    ends: Any,
    out: Any,
    out_steps: Any,
    counts: Any,
    weight: Any,
    base: Any,
    inputs: Any,
    sums: Any,
    spares: Any,
    total: Any,
    tiles: Any,
    step: int,
    first_line: int,
    last_line: int,
) -> None:
    """Write to ``out`` the results of these rows of tiles, and add all to ``total``.

    ``step`` rows at a time: they are in the cache while they are multiplied."""
    channels, outputs = spares[0].shape[2], spares[1].shape[2]
    for begin in range(first_line, last_line, step):
        end = min(begin + step, last_line)
        rows = (tiles, begin, end)
        transform_tiles(size, INPUTS, x, x_steps, origin, ends, spares[0], inputs, *rows)
        _multiply(size, inputs, weight, base, sums, (end - begin) * tiles[2], channels, outputs)
        transform_back(size, sums, spares[1], out, out_steps, counts, total, *rows)


@compiled
def _correlate_weight(
    size: int,
    x: Any,
    x_steps: Any,
    origin: Any,
    ends: Any,
    y: Any,
    y_steps: Any,
    counts: Any,
    total: Any,
    inputs: Any,
    gradients: Any,
    spares: Any,
    tiles: Any,
    step: int,
    first_line: int,
    last_line: int,
) -> None:
    """Add to ``total`` the products of these rows of tiles."""
    channels, outputs = spares[0].shape[2], spares[1].shape[2]
    for begin in range(first_line, last_line, step):
        end = min(begin + step, last_line)
        rows = (tiles, begin, end)
        transform_tiles(size, INPUTS, x, x_steps, origin, ends, spares[0], inputs, *rows)
        transform_tiles(size, GRADIENTS, y, y_steps, (0, 0), counts, spares[1], gradients, *rows)
        count = (end - begin) * tiles[2]
        _multiply_transposed(inputs, gradients, total, count, channels, outputs)


@compiled
def _multiply(
    size: int,
    inputs: Any,
    weight: Any,
    base: Any,
    sums: Any,
    tiles: int,
    channels: int,
    outputs: int,
) -> None:
    """For each element of the tiles, the inputs times the weight, plus base[1] for one of them."""
    columns = VECTORS * BYTES // sums.itemsize
    for k in range(len(weight)):
        contract(
            sums[k], (0, 0, outputs), base[1 if k == size + 3 else 0], (0, 0, 0), inputs[k],
            (0, 0, channels), (0, 0, 1), weight[k], channels * columns, (0, 0, columns),
            (1, 1, tiles), (1, 1, channels), outputs, False,
        )  # fmt: skip


@compiled
def _multiply_transposed(
    inputs: Any, gradients: Any, total: Any, tiles: int, channels: int, outputs: int
) -> None:
    """For each element of the tiles, add the inputs' transpose times the gradients to the total."""
    columns = VECTORS * BYTES // total.itemsize
    for k in range(len(total)):
        contract(
            total[k], (0, 0, outputs), total[k], (0, 0, outputs), inputs[k],
            (0, 0, 1), (0, 0, channels), gradients[k], columns, (0, 0, outputs),
            (1, 1, channels), (1, 1, tiles), outputs, False,
        )  # fmt: skip
