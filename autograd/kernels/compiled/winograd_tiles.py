"""The transforms of Winograd's method, between images and tiles: see
`autograd.kernels.compiled.winograd`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from autograd.kernels.compiled.common import compiled
from autograd.kernels.compiled.microkernel import address
from autograd.kernels.compiled.vectors import Vectors, index

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


@compiled
def transform_weight(size: int, taps: Any, out: Any, blocks: int, count: int) -> None:
    """Transform ``taps`` (blocks, 3, 3, count)."""
    plane = out.shape[1]
    for i in range(blocks):
        start, place = address(taps, i * 9 * count), address(out[0], i * count)
        to = (place, (size + 2) * plane, plane)
        _transform(size, WEIGHTS, start, 3 * count, count, *to, count, None)


@compiled
def transform_total(size: int, total: Any, out: Any, count: int) -> None:
    """Write to ``out (3, 3, ...)`` what becomes of the sums of products."""
    row, column = (size + 2) * total.shape[1], total.shape[1]
    start, place = address(total[0], 0), address(out[0, 0, 0], 0)
    _transform(size, TOTALS, start, row, column, place, 3 * count, count, count, None)


@compiled
def transform_tiles(
    size: int,
    which: int,
    x: Any,
    x_steps: Any,
    origin: Any,
    ends: Any,
    spare: Any,
    out: Any,
    tiles: Any,
    begin: int,
    end: int,
) -> None:
    """Transform some rows of ``tiles`` (images, rows, columns), of which the first begins at
    ``origin``; outside of the images, which have these ``ends``, there are zeros."""
    side = size if which == GRADIENTS else size + 2
    plane, channels = out.shape[1], spare.shape[2]
    for line in range(begin, end):
        image, i = line // tiles[1], line % tiles[1]
        top, goal = origin[0] + size * i, (line - begin) * tiles[2] * channels
        above, below = max(0, -top), min(side, ends[0] - top)
        for j in range(tiles[2]):
            left = origin[1] + size * j
            place = image * x_steps[0] + top * x_steps[1] + left * x_steps[2]
            before, behind = max(0, -left), min(side, ends[1] - left)
            start, row, column = address(x, place), x_steps[1], x_steps[2]
            if below - above < side or behind - before < side:
                spare[:] = 0
                for u in range(above, below):
                    for v in range(before, behind):
                        for c in range(channels):
                            spare[u, v, c] = x[place + u * row + v * column + c]
                start, row, column = address(spare[0, 0], 0), spare[0].size, channels
            to = (address(out[0], goal), (size + 2) * plane, plane)
            _transform(size, which, start, row, column, *to, channels, None)
            goal += channels


@compiled
def transform_back(
    size: int,
    sums: Any,
    spare: Any,
    out: Any,
    out_steps: Any,
    counts: Any,
    total: Any,
    tiles: Any,
    begin: int,
    end: int,
) -> None:
    """Write to ``out`` what becomes of these rows of tiles, ``counts`` (height, width) results in
    each image, and add it to the vector ``total``: another pass, to see whether all results are
    finite, would take a tenth of the time of a convolution."""
    plane, outputs, across = sums.shape[1], spare.shape[2], size * out_steps[2]
    for line in range(begin, end):
        image, i = line // tiles[1], line % tiles[1]
        place = image * out_steps[0] + size * i * out_steps[1]
        start = (line - begin) * tiles[2] * outputs
        height = min(size, counts[0] - size * i)
        for j in range(tiles[2]):
            width = min(size, counts[1] - size * j)
            goal, row, column = address(out, place), out_steps[1], out_steps[2]
            whole = height == size and width == size
            if not whole:
                goal, row, column = address(spare[0, 0], 0), spare[0].size, outputs
            at = (address(sums[0], start), (size + 2) * plane, plane)
            _transform(size, OUTPUTS, *at, goal, row, column, outputs, address(total, 0))
            if not whole:
                for u in range(height):
                    for v in range(width):
                        for c in range(outputs):
                            out[place + u * out_steps[1] + v * out_steps[2] + c] = spare[u, v, c]
            place += across
            start += outputs


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
    total: Any,
) -> Any:
    """``L d L^T`` with L the matrix ``which`` of MATRICES[size], for ``count`` channels.

    The matrix d lies at the address ``start``, with these steps; the result goes to ``out``.
    ``count`` is a multiple of the lanes of a vector. All results are added to the vector at the
    address ``total``, if that is not None."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        size, which, *rest = args
        sums = None if isinstance(total, types.NoneType) else rest[-1]
        chosen = builder.add(builder.mul(size, index(len(MATRICES[2]))), which)
        done = builder.append_basic_block("done")
        switch = builder.switch(chosen, done)
        for known, matrices in MATRICES.items():
            for i, matrix in enumerate(matrices):
                case = builder.append_basic_block("transform")
                switch.add_case(index(known * len(matrices) + i), case)
                builder.position_at_end(case)
                _generate_transform(builder, start.dtype, matrix, sums, *rest[:-1])
                builder.branch(done)
        builder.position_at_end(done)
        return context.get_dummy_value()

    step = types.int64
    return types.void(step, step, start, step, step, out, step, step, step, total), generate


def _generate_transform(
    builder: Any,
    dtype: Any,
    matrix: Sequence[Sequence[float]],
    total: Any,
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
        results = [_product(numbers, matrix, line) for line in zip(*columns)]
        for i, line in enumerate(results):
            for j, result in enumerate(line):
                numbers.store(result, at(out, out_row, i, out_column, j))
        if total is not None:
            terms = [(1, result) for line in results for result in line]
            numbers.store(numbers.combine([*terms, (1, numbers.load(total))]), total)


def _product(numbers: Vectors, matrix: Any, vectors: Sequence[Any]) -> list[Any]:
    """A matrix of constants times a column of vectors."""
    return [numbers.combine(list(zip(row, vectors))) for row in matrix]
