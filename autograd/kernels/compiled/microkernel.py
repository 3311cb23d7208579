"""The sums of products that convolutions are made of, over memory as it lies.

`contract` multiplies and adds over three strided dims for each of three other strided dims and all
channels. Its innermost part, a tile of the result that stays in registers until its sums are
complete, is made of LLVM's instructions: of loops in Numba the best had a fourth of its speed (34
against 145 GFLOP/s on a core with AVX-512), for Numba keeps no array in registers.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from autograd.kernels.compiled.common import compiled
from autograd.kernels.compiled.vectors import BYTES, INDEX, REGISTERS, Vectors, index

VECTORS = 2  # in each row of a tile
# Two registers are left for a row of b, and one or two for a number of a.
ROWS = REGISTERS // VECTORS - 2
# Sums of so many products are taken from zero, for accuracy, and so that b stays in the first cache
# while it is used for one tile after the other.
DEPTH = 256
# So many rows of a tile have their addresses from one base.
BASE = 5


@compiled
def contract(
    out: Any,
    out_steps: Any,
    base: Any,
    base_steps: Any,
    a: Any,
    a_steps: Any,
    a_inner: Any,
    b: Any,
    b_block: int,
    b_inner: Any,
    places: Any,
    counts: Any,
    width: int,
    by_channel: bool,
) -> None:
    """For each p of ``places`` and the channels c below ``width``: ``out[p, c] = base[p, c] +
    sum(a[p, i] * b[i, c] for i in counts)``; if ``by_channel``, with ``a[p, i, c]``.

    An array is given by the one of its elements where it begins; memory is addressed by steps, in
    elements: three for the places, and three for the sums (``a_inner``, ``b_inner``). Channels
    follow each other; ``b_block`` is the step of b to the next block of as many as a tile has. Of
    b, and of a ``by_channel``, whole vectors are read, whatever ``width`` is.
    """
    lanes = BYTES // out.itemsize
    columns = VECTORS * lanes
    deep = _share(counts[2], DEPTH)
    middle = _share(counts[1], DEPTH // counts[2])
    outer = _share(counts[0], DEPTH // (counts[1] * counts[2]))
    for block in range(-(-width // columns)):
        for i in range(0, counts[0], outer):
            for j in range(0, counts[1], middle):
                for k in range(0, counts[2], deep):
                    first, channel = i + j + k == 0, block * columns
                    a_at = i * a_inner[0] + j * a_inner[1] + k * a_inner[2]
                    b_at = i * b_inner[0] + j * b_inner[1] + k * b_inner[2]
                    _add(
                        address(out, channel),
                        out_steps,
                        address(base, channel) if first else address(out, channel),
                        base_steps if first else out_steps,
                        address(a, a_at + (channel if by_channel else 0)),
                        a_steps,
                        a_inner,
                        address(b, b_at + block * b_block),
                        b_inner,
                        places,
                        (
                            min(outer, counts[0] - i),
                            min(middle, counts[1] - j),
                            min(deep, counts[2] - k),
                        ),
                        min(width - channel, columns),
                        lanes,
                        by_channel,
                    )


@compiled
def _share(count: int, most: int) -> int:
    """``count`` over as few equal parts as have at most ``most``, or 1."""
    parts = -(-count // max(most, 1))
    return -(-count // parts)


@compiled
def _add(
    out: Any,
    out_steps: Any,
    base: Any,
    base_steps: Any,
    a: Any,
    a_steps: Any,
    a_inner: Any,
    b: Any,
    b_inner: Any,
    places: Any,
    counts: Any,
    width: int,
    lanes: int,
    by_channel: bool,
) -> None:
    """`contract` for one block of channels, and no more numbers in a sum than are added at once."""
    tiles = _share(places[2], ROWS)
    vectors = -(-width // lanes)
    for i in range(places[0]):
        for j in range(places[1]):
            for k in range(0, places[2], tiles):
                _tile(
                    min(tiles, places[2] - k),
                    vectors,
                    by_channel,
                    width,
                    address(out, i * out_steps[0] + j * out_steps[1] + k * out_steps[2]),
                    out_steps[2],
                    address(base, i * base_steps[0] + j * base_steps[1] + k * base_steps[2]),
                    base_steps[2],
                    address(a, i * a_steps[0] + j * a_steps[1] + k * a_steps[2]),
                    a_steps[2],
                    a_inner,
                    b,
                    b_inner,
                    counts,
                )


@intrinsic  # type: ignore[untyped-decorator]  # Numba has no types
def address(typing: Any, start: Any, offset: Any) -> Any:
    """The address so many elements after ``start``, an address or a one-dimensional array."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        first = args[0]
        if isinstance(start, types.Array):
            first = context.make_array(start)(context, builder, first).data
        return builder.gep(first, [args[1]])

    return types.CPointer(start.dtype)(start, types.int64), generate


@intrinsic  # type: ignore[untyped-decorator]  # Numba has no types
def _tile(
    typing: Any,
    rows: Any,
    vectors: Any,
    by_channel: Any,
    width: Any,
    out: Any,
    out_row: Any,
    base: Any,
    base_row: Any,
    a: Any,
    a_row: Any,
    a_inner: Any,
    b: Any,
    b_inner: Any,
    counts: Any,
) -> Any:
    """One tile of `contract`: so many rows, at most ROWS, of so many vectors, at most VECTORS.

    Here arrays are addresses, and ``*_row`` is the step to the next row.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        # A case for every shape: LLVM must know how many registers it has.
        double = builder.add(builder.add(args[0], args[0]), builder.zext(args[2], INDEX))
        shape = builder.add(builder.mul(double, index(VECTORS + 1)), args[1])
        done = builder.append_basic_block("done")
        switch = builder.switch(shape, done)
        for known in itertools.product(range(1, ROWS + 1), range(1, VECTORS + 1), (False, True)):
            case = builder.append_basic_block("tile")
            switch.add_case(index((2 * known[0] + known[2]) * (VECTORS + 1) + known[1]), case)
            builder.position_at_end(case)
            _Tile(builder, out.dtype, *known).generate(*args[3:])
            builder.branch(done)
        builder.position_at_end(done)
        return context.get_dummy_value()

    step, steps = types.int64, types.UniTuple(types.int64, 3)
    places = (out, step, base, step, a, step, steps, b, steps)
    return types.void(step, step, types.boolean, step, *places, steps), generate


class _Tile:
    """The instructions for a tile of one shape."""

    def __init__(self, builder: Any, dtype: Any, rows: int, vectors: int, by_channel: bool) -> None:
        self.builder, self.numbers = builder, Vectors(builder, dtype)
        self.rows, self.by_channel = range(rows), by_channel
        self.offsets = [index(self.numbers.lanes * i) for i in range(vectors)]

    def generate(
        self,
        width: Any,
        out: Any,
        out_row: Any,
        base: Any,
        base_row: Any,
        a: Any,
        a_row: Any,
        a_inner: Any,
        b: Any,
        b_inner: Any,
        counts: Any,
    ) -> None:
        """All of them; the arguments are those of `_tile`."""
        builder, numbers = self.builder, self.numbers
        sums = [[numbers.variable() for _ in self.offsets] for _ in self.rows]
        a_steps = [self._hidden(builder.mul(a_row, index(i))) for i in range(BASE + 1)]
        dims = [[builder.extract_value(v, i) for v in (counts, a_inner, b_inner)] for i in range(3)]
        self._nest(dims, a, b, lambda a, b: self._add_products(sums, a, a_steps, b))
        masks = [numbers.mask(builder.sub(width, offset)) for offset in self.offsets]
        for i in self.rows:
            for offset, mask, total in zip(self.offsets, masks, sums[i]):
                first = numbers.load_masked(self._place(base, base_row, i, offset), mask)
                result = builder.fadd(first, builder.load(total))
                numbers.store_masked(result, self._place(out, out_row, i, offset), mask)

    def _nest(self, dims: Sequence[Any], a: Any, b: Any, body: Callable[[Any, Any], None]) -> None:
        """Loops over ``dims`` (count, step of a, step of b), with ``body`` for the addresses."""
        if not dims:
            body(a, b)
            return
        builder, ((count, a_step, b_step), *inner) = self.builder, dims
        with cgutils.for_range(builder, count) as loop:
            next_a = builder.gep(a, [builder.mul(loop.index, a_step)])
            next_b = builder.gep(b, [builder.mul(loop.index, b_step)])
            self._nest(inner, next_a, next_b, body)

    def _rows_of(self, a: Any, steps: Sequence[Any]) -> list[Any]:
        """The addresses of the rows, of which ``a`` is the first: every few rows from another base.

        What LLVM would do, step from row to row or keep a register for each, took up to twice as
        long as the products, for every step waits for the one before, and there are too few
        registers.
        """
        bases = [self._hidden(a)]
        for _ in self.rows[len(steps) - 1 :: len(steps) - 1]:
            bases.append(self._hidden(self.builder.gep(bases[-1], [steps[-1]])))
        return [self.builder.gep(base, [step]) for base in bases for step in steps[:-1]]

    def _hidden(self, value: Any) -> Any:
        """``value``, but LLVM knows nothing of it: it has been through no instructions at all."""
        kind = ir.FunctionType(value.type, [value.type])
        return self.builder.asm(kind, "", "=r,0", [value], False)

    def _add_products(self, sums: Any, a: Any, a_steps: Sequence[Any], b: Any) -> None:
        """Add to each of ``sums`` a number of a column of a times a vector of a row of b."""
        builder, numbers = self.builder, self.numbers
        row = [numbers.load(builder.gep(b, [offset])) for offset in self.offsets]
        for totals, start in zip(sums, self._rows_of(a, a_steps)):
            factors = self._factors(start)
            for total, factor, vector in zip(totals, factors, row):
                added = numbers.multiply_add(factor, vector, builder.load(total))
                builder.store(added, total)

    def _factors(self, a: Any) -> list[Any]:
        """What the vectors of a row of b are multiplied by."""
        builder, numbers = self.builder, self.numbers
        if self.by_channel:
            return [numbers.load(builder.gep(a, [offset])) for offset in self.offsets]
        return [numbers.spread(builder.load(a))] * len(self.offsets)

    def _place(self, start: Any, step: Any, row: int, offset: Any) -> Any:
        builder = self.builder
        return builder.gep(start, [builder.add(builder.mul(step, index(row)), offset)])
