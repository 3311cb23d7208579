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

import math
import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from autograd.errors import ShapeError
from autograd.kernels.compiled import common
from autograd.kernels.compiled.common import compiled
from autograd.kernels.compiled.images import Images
from autograd.kernels.compiled.microkernel import VECTORS, address, contract
from autograd.kernels.compiled.packing import added, first, is_regular, lanes, least, packed, steps
from autograd.kernels.compiled.vectors import BYTES, Vectors, index
from autograd.ops.windows import Windows
from autograd.threads import spread

# The m of F(m, 3), or 0.
CHOSEN = os.environ.get("RETROGRAD_WINOGRAD", "2")
if CHOSEN not in ("0", "2", "4"):
    raise ShapeError(f"kernels: RETROGRAD_WINOGRAD must be 0, 2 or 4, got {CHOSEN!r}")
SIZE = int(CHOSEN)
# So many bytes of transformed numbers are made at a time.
CHUNK = 1 << 21
# With fewer channels the transforms take more time than they save.
CHANNELS = 32

# B^T, G and A^T of each. The points are 0, 1, -1 and for m = 4 also 2, -2: the column of A^T for
# the point 1, the second, is all ones, so a bias may be added to that one element of every tile.
Matrix = Sequence[Sequence[float]]
KNOWN: dict[int, tuple[Matrix, Matrix, Matrix]] = {
    2: (
        ((1, 0, -1, 0), (0, 1, 1, 0), (0, -1, 1, 0), (0, 1, 0, -1)),
        ((1, 0, 0), (1 / 2, 1 / 2, 1 / 2), (1 / 2, -1 / 2, 1 / 2), (0, 0, 1)),
        ((1, 1, 1, 0), (0, 1, -1, -1)),
    ),
    4: (
        (
            (4, 0, -5, 0, 1, 0),
            (0, -4, -4, 1, 1, 0),
            (0, 4, -4, -1, 1, 0),
            (0, -2, -1, 2, 1, 0),
            (0, 2, -1, -2, 1, 0),
            (0, 4, 0, -5, 0, 1),
        ),
        (
            (1 / 4, 0, 0),
            (-1 / 6, -1 / 6, -1 / 6),
            (-1 / 6, 1 / 6, -1 / 6),
            (1 / 24, 1 / 12, 1 / 6),
            (1 / 24, -1 / 12, 1 / 6),
            (0, 0, 1),
        ),
        ((1, 1, 1, 1, 1, 0), (0, 1, -1, 2, -2, 0), (0, 1, 1, 4, 4, 0), (0, 1, -1, 8, -8, 1)),
    ),
}
# And the transposes of the last two, A and G^T.
INPUTS, WEIGHTS, OUTPUTS, GRADIENTS, TOTALS = range(5)
MATRICES: dict[int, tuple[Matrix, ...]] = {
    size: (*matrices, tuple(zip(*matrices[OUTPUTS])), tuple(zip(*matrices[WEIGHTS])))
    for size, matrices in KNOWN.items()
}


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
    images, tiles = _parts(x, windows, outputs)
    transformed, base, sound = _transformed(weight), np.zeros((2, outputs), x.dtype), []
    if bias is not None:
        base[1] = bias

    def work(start: int, stop: int) -> None:
        room = images.room()
        inputs, sums = (_planes(tiles * count, x.dtype) for count in (channels, outputs))
        spare = _spare(max(channels, outputs), x.dtype)
        for chosen, rows in images.parts[start:stop]:
            a, part = images.part(chosen, rows, room), out[chosen, rows]
            count = _transform_tiles(INPUTS, a, part, spare, inputs)
            _multiply(SIZE, inputs, transformed, base, sums, count, channels, outputs)
            _transform_back(SIZE, sums, spare, first(part), steps(part), part.shape[:3], outputs)
            line = (1, 1, 1, part.size) if part.flags.c_contiguous else part.shape
            # While it is in the cache; NumPy's sum would take a tenth of the time of all.
            sound.append(math.isfinite(_sum(first(part), steps(part), line)))

    spread(work, len(images.parts), least(_products(out, channels), len(images.parts)))
    return all(sound)


def correlate_weight(x: Any, y: Any, windows: Windows) -> Any:
    """As `autograd.kernels.compiled.correlation.correlate_weight`, where it `suits`, or None as
    above.

    It is the derivative of `correlate` by the weight, so all transforms are transposed."""
    y = y if is_regular(y) else np.ascontiguousarray(y)
    channels, outputs = x.shape[3], y.shape[3]
    images, tiles = _parts(x, windows, outputs)
    totals: dict[int, Any] = {}

    def work(start: int, stop: int) -> None:
        total = totals[start] = _planes(channels * outputs, x.dtype)
        total.fill(0)
        room = images.room()
        inputs, gradients = (_planes(tiles * count, x.dtype) for count in (channels, outputs))
        spare = _spare(max(channels, outputs), x.dtype)
        for chosen, rows in images.parts[start:stop]:
            a, part = images.part(chosen, rows, room), y[chosen, rows]
            count = _transform_tiles(INPUTS, a, part, spare, inputs)
            _transform_tiles(GRADIENTS, part, part, spare, gradients)
            _multiply_transposed(inputs, gradients, total, count, channels, outputs)

    spread(work, len(images.parts), least(_products(y, channels), len(images.parts)))
    out = common.allocate((3, 3, channels, outputs), x.dtype)
    _transform_total(SIZE, added(totals), out, channels * outputs)
    with np.errstate(all="ignore"):
        return out if np.isfinite(out.sum()) else None


def _parts(x: Any, windows: Windows, outputs: int) -> tuple[Images, int]:
    """The images, and how many tiles a part of them has at most."""
    tiles = CHUNK // ((SIZE + 2) ** 2 * (x.shape[3] + outputs) * x.itemsize)
    images = Images(x, windows, max(tiles, 1) * SIZE**2, SIZE)
    height, width = (-(-count // SIZE) for count in (images.rows, images.counts[1]))
    return images, images.step * height * width


def _products(y: Any, channels: int) -> int:
    return int(y.size) * channels * (SIZE + 2) ** 2 // SIZE**2


def _planes(size: int, dtype: Any) -> Any:
    """Memory for ``size`` numbers or more for each element of a tile."""
    # A line of the cache more: else, where sizes are powers of two, the elements of a tile would
    # all compete for the same few places in the cache.
    return common.allocate(((SIZE + 2) ** 2, size + BYTES // dtype.itemsize), dtype)


def _spare(channels: int, dtype: Any) -> Any:
    """Memory for a tile that does not lie in the images as a whole."""
    return common.allocate((SIZE + 2, SIZE + 2, channels), dtype)


def _transformed(weight: Any) -> Any:
    """G g G^T: (elements, blocks * channels * out_channels of a block or more)."""
    taps = packed(weight)
    out = _planes(taps[:, 0, 0].size, weight.dtype)
    _transform_weight(SIZE, first(taps), out, len(taps), taps[0, 0, 0].size)
    return out


def _transform_tiles(which: int, x: Any, y: Any, spare: Any, out: Any) -> int:
    """Transform the tiles of x, if those of the results are y, and say how many there are."""
    tiles = (len(y), *(-(-count // SIZE) for count in y.shape[1:3]))
    sides = SIZE if which == GRADIENTS else SIZE + 2
    limits = (y.shape[1] + sides - SIZE, y.shape[2] + sides - SIZE)
    _transform_all(SIZE, which, sides, first(x), steps(x), limits, spare, out, tiles, x.shape[3])
    return math.prod(tiles)


@compiled
def _transform_weight(size: int, taps: Any, out: Any, blocks: int, count: int) -> None:
    plane = out.shape[1]
    for i in range(blocks):
        start, place = address(taps, i * 9 * count), address(out[0], i * count)
        _transform(size, WEIGHTS, start, 3 * count, count, place, (size + 2) * plane, plane, count)


@compiled
def _transform_total(size: int, total: Any, out: Any, count: int) -> None:
    row, column = (size + 2) * total.shape[1], total.shape[1]
    start, place = address(total[0], 0), address(out[0, 0, 0], 0)
    _transform(size, TOTALS, start, row, column, place, 3 * count, count, count)


@compiled
def _transform_all(
    size: int,
    which: int,
    side: int,
    x: Any,
    x_steps: Any,
    limits: Any,
    spare: Any,
    out: Any,
    tiles: Any,
    channels: int,
) -> None:
    """All tiles, with sides so long; beyond ``limits`` (height, width) there are zeros."""
    plane = out.shape[1]
    for t in range(tiles[0] * tiles[1] * tiles[2]):
        image, i, j = t // (tiles[1] * tiles[2]), t // tiles[2] % tiles[1], t % tiles[2]
        place = image * x_steps[0] + size * (i * x_steps[1] + j * x_steps[2])
        height, width = min(side, limits[0] - size * i), min(side, limits[1] - size * j)
        start, row, column = address(x, place), x_steps[1], x_steps[2]
        if height < side or width < side:
            spare[:] = 0
            for u in range(height):
                for v in range(width):
                    for c in range(channels):
                        spare[u, v, c] = x[place + u * x_steps[1] + v * x_steps[2] + c]
            start, row, column = address(spare[0, 0], 0), spare[0].size, spare[0, 0].size
        goal = address(out[0], t * channels)
        _transform(size, which, start, row, column, goal, (size + 2) * plane, plane, channels)


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


@compiled
def _transform_back(
    size: int, sums: Any, spare: Any, out: Any, out_steps: Any, counts: Any, outputs: int
) -> None:
    """Write to ``out`` the ``counts`` (images, height, width) of results."""
    rows, columns = -(-counts[1] // size), -(-counts[2] // size)
    plane = sums.shape[1]
    for t in range(counts[0] * rows * columns):
        image, i, j = t // (rows * columns), t // columns % rows, t % columns
        place = image * out_steps[0] + size * (i * out_steps[1] + j * out_steps[2])
        height, width = min(size, counts[1] - size * i), min(size, counts[2] - size * j)
        goal, row, column = address(out, place), out_steps[1], out_steps[2]
        whole = height == size and width == size
        if not whole:
            goal, row, column = address(spare[0, 0], 0), spare[0].size, spare[0, 0].size
        start = address(sums[0], t * outputs)
        _transform(size, OUTPUTS, start, (size + 2) * plane, plane, goal, row, column, outputs)
        if not whole:
            for u in range(height):
                for v in range(width):
                    for c in range(outputs):
                        out[place + u * out_steps[1] + v * out_steps[2] + c] = spare[u, v, c]


@compiled(reorder=True)
def _sum(x: Any, x_steps: Any, counts: Any) -> Any:
    total = x[0] - x[0]
    for i in range(counts[0]):
        for j in range(counts[1]):
            for k in range(counts[2]):
                start = i * x_steps[0] + j * x_steps[1] + k * x_steps[2]
                for c in range(counts[3]):
                    total += x[start + c]
    return total


@intrinsic  # type: ignore[untyped-decorator]  # Numba has no types
def _transform(
    typing: Any,
    size: Any,
    which: Any,
    start: Any,
    row: Any,
    column: Any,
    out: Any,
    out_row: Any,
    out_column: Any,
    count: Any,
) -> Any:
    """``L d L^T`` with L the matrix ``which`` of MATRICES[size], for ``count`` channels.

    The matrix d lies at the address ``start``, with these steps; the result goes to ``out``.
    ``count`` is a multiple of the lanes of a vector."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        size, which, *rest = args
        chosen = builder.add(builder.mul(size, index(len(MATRICES[2]))), which)
        done = builder.append_basic_block("done")
        switch = builder.switch(chosen, done)
        for known, matrices in MATRICES.items():
            for i, matrix in enumerate(matrices):
                case = builder.append_basic_block("transform")
                switch.add_case(index(known * len(matrices) + i), case)
                builder.position_at_end(case)
                _generate_transform(builder, start.dtype, matrix, *rest)
                builder.branch(done)
        builder.position_at_end(done)
        return context.get_dummy_value()

    step = types.int64
    return types.void(step, step, start, step, step, out, step, step, step), generate


def _generate_transform(
    builder: Any,
    dtype: Any,
    matrix: Sequence[Sequence[float]],
    start: Any,
    row: Any,
    column: Any,
    out: Any,
    out_row: Any,
    out_column: Any,
    count: Any,
) -> None:
    """The instructions of `_transform` for one matrix."""
    numbers, side = Vectors(builder, dtype), range(len(matrix[0]))

    def at(place: Any, row: Any, i: int, column: Any, j: int) -> Any:
        offset = builder.add(builder.mul(row, index(i)), builder.mul(column, index(j)))
        return builder.gep(place, [offset])

    with cgutils.for_range(builder, builder.sdiv(count, index(numbers.lanes))) as loop:
        channel = builder.mul(loop.index, index(numbers.lanes))
        start, out = builder.gep(start, [channel]), builder.gep(out, [channel])
        columns = [
            _product(numbers, matrix, [numbers.load(at(start, row, i, column, j)) for i in side])
            for j in side
        ]
        for i, line in enumerate(zip(*columns)):
            for j, result in enumerate(_product(numbers, matrix, line)):
                numbers.store(result, at(out, out_row, i, out_column, j))


def _product(numbers: Vectors, matrix: Any, vectors: Sequence[Any]) -> list[Any]:
    """A matrix of constants times a column of vectors."""
    return [numbers.combine(list(zip(row, vectors))) for row in matrix]
