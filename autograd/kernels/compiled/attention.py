"""Attention that never has all of its weights in memory, and its gradients, for float32.

Of one head after the other, a block of queries goes through all steps while its weights stay in the
second cache. For the gradients they are computed again, which takes less time than to fetch them
from memory, as in Dao et al. (2022): FlashAttention. A block here has all keys, so that no maximum
and no sum has to be corrected later; if it is causal, all that one of its queries sees: later ones,
which have weights 0, don't matter even if they are NaN.

The products are made by `microkernel.contract`: for matrices as small as those of a head, BLAS
takes 1.4 times as long.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import carray

from autograd.kernels.compiled import common
from autograd.kernels.compiled.common import accepts, compiled, primitive_of
from autograd.kernels.compiled.microkernel import ROWS, VECTORS, address, contract
from autograd.kernels.compiled.packing import first, is_regular, least, steps
from autograd.kernels.compiled.softmax import dot, to_weights
from autograd.kernels.compiled.vectors import BYTES
from autograd.ops.attention import _attention, _attention_gradients
from autograd.threads import spread

# So many queries at a time: of more, a causal block would see more that it does not need. And so
# many weights, unless one tile of a product has more.
QUERIES, WEIGHTS = 4 * ROWS, 1 << 16
COLUMNS = VECTORS * BYTES // 4  # of a tile
_ONE = np.float32(1)


class Heads(NamedTuple):
    """Matrices of an array (batch, heads, rows, columns): the element where it begins, and its
    steps."""

    start: Any
    steps: Any


class Matrix(NamedTuple):
    """Memory, and the steps in it from row to row and from column to column."""

    data: Any
    row: int
    column: int


class Packed(NamedTuple):
    """A matrix as a product takes it from the right: (blocks, rows, COLUMNS)."""

    data: Any
    rows: int


class Task(NamedTuple):
    """What attention is for each head."""

    heads: int  # in each of the batch
    queries: int
    keys: int
    features: int  # of a query and of a key
    width: int  # of a value
    block: int  # queries at a time
    scale: Any
    bias: Heads
    biased: bool
    safe: bool
    causal: bool


# -- matrices --------------------------------------------------------------------------------------


@compiled
def _matrix(of: Any, head: int, heads: int, rows: int, columns: int) -> Any:
    """The matrix of a head."""
    place = head // heads * of.steps[0] + head % heads * of.steps[1]
    step = of.steps[2]
    return Matrix(carray(address(of.start, place), ((rows - 1) * step + columns,)), step, 1)


@compiled
def _below(x: Any, row: int) -> Any:
    """The matrix x from this row on."""
    return Matrix(x.data[row * x.row :], x.row, x.column)


@compiled
def _transposed(x: Any) -> Any:
    return Matrix(x.data, x.column, x.row)


@compiled
def _packed(x: Any, rows: int, columns: int, factor: Any, room: Any) -> Any:
    """The matrix x (rows, columns) times ``factor``, filled up with zeros."""
    for begin in range(0, columns, COLUMNS):
        width = min(COLUMNS, columns - begin)
        for row in range(rows):
            line = x.data[row * x.row + begin * x.column :]
            written = room[begin * rows + row * COLUMNS :][:COLUMNS]
            for i in range(width):
                written[i] = line[i * x.column] * factor
            written[width:] = 0
    return Packed(room, rows)


@compiled
def _multiply(rows: int, count: int, columns: int, x: Any, y: Any, base: Any, out: Any) -> None:
    """``out = base + x @ y`` for x (rows, count) and y (count, columns): the first rows of what is
    packed."""
    contract(
        out.data,
        (0, 0, out.row),
        base.data,
        (0, 0, base.row),
        x.data,
        (0, 0, x.row),
        (0, 0, x.column),
        y.data,
        y.rows * COLUMNS,
        (0, 0, COLUMNS),
        (1, 1, rows),
        (1, 1, count),
        columns,
        False,
    )


# -- blocks of queries -----------------------------------------------------------------------------


@compiled
def _extent(task: Any, top: int) -> Any:
    """The queries of the block that begins with ``top``, and the keys that one of them sees."""
    rows = min(task.block, task.queries - top)
    return rows, min(task.keys, top + rows) if task.causal else task.keys


@compiled
def _weigh(task: Any, head: int, top: int, rows: int, seen: int, weights: Any) -> None:
    """Make weights of the scores of a block."""
    bias = _matrix(task.bias, head, task.heads, task.queries, task.keys)
    for row in range(rows):
        line = weights.data[row * weights.row :][:seen]
        if task.biased:
            added = bias.data[(top + row) * bias.row :]
            for i in range(seen):
                line[i] += added[i]
        own = min(seen, top + row + 1) if task.causal else seen
        to_weights(line[:own], task.safe)
        line[own:] = 0


@compiled
def _to_slopes(rows: int, seen: int, weights: Any, upstream: Any) -> None:
    """Make the gradients of the scores of those of the weights: in their place."""
    for row in range(rows):
        line = weights.data[row * weights.row :][:seen]
        slopes = upstream.data[row * upstream.row :][:seen]
        along = dot(line, slopes)
        for i in range(seen):
            slopes[i] = line[i] * (slopes[i] - along)


@compiled
def _attend(
    task: Any, query: Any, key: Any, value: Any, out: Any, rooms: Any, start: int, stop: int
) -> None:
    """Attention of the heads from ``start`` to ``stop``."""
    nothing, weights, keys_room, values_room = rooms
    for head in range(start, stop):
        q = _matrix(query, head, task.heads, task.queries, task.features)
        k = _matrix(key, head, task.heads, task.keys, task.features)
        v = _matrix(value, head, task.heads, task.keys, task.width)
        o = _matrix(out, head, task.heads, task.queries, task.width)
        keys = _packed(_transposed(k), task.features, task.keys, task.scale, keys_room)
        values = _packed(v, task.keys, task.width, _ONE, values_room)
        for top in range(0, task.queries, task.block):
            rows, seen = _extent(task, top)
            _multiply(rows, task.features, seen, _below(q, top), keys, nothing, weights)
            _weigh(task, head, top, rows, seen, weights)
            _multiply(rows, seen, task.width, weights, values, nothing, _below(o, top))


@compiled
def _attend_backward(
    task: Any,
    g: Any,
    query: Any,
    key: Any,
    value: Any,
    by_query: Any,
    by_key: Any,
    by_value: Any,
    rooms: Any,
    start: int,
    stop: int,
) -> None:
    """The gradients of `_attend`; those by keys and values must be 0 before."""
    nothing, weights, slopes, keys_room, values_room, rows_room, queries_room, g_room = rooms
    for head in range(start, stop):
        up = _matrix(g, head, task.heads, task.queries, task.width)
        q = _matrix(query, head, task.heads, task.queries, task.features)
        k = _matrix(key, head, task.heads, task.keys, task.features)
        v = _matrix(value, head, task.heads, task.keys, task.width)
        dq = _matrix(by_query, head, task.heads, task.queries, task.features)
        dk = _matrix(by_key, head, task.heads, task.keys, task.features)
        dv = _matrix(by_value, head, task.heads, task.keys, task.width)
        keys = _packed(_transposed(k), task.features, task.keys, task.scale, keys_room)
        values = _packed(_transposed(v), task.width, task.keys, _ONE, values_room)
        key_rows = _packed(k, task.keys, task.features, task.scale, rows_room)
        for top in range(0, task.queries, task.block):
            rows, seen = _extent(task, top)
            some, some_up = _below(q, top), _below(up, top)
            _multiply(rows, task.features, seen, some, keys, nothing, weights)
            _weigh(task, head, top, rows, seen, weights)
            _multiply(rows, task.width, seen, some_up, values, nothing, slopes)
            _to_slopes(rows, seen, weights, slopes)
            _multiply(rows, seen, task.features, slopes, key_rows, nothing, _below(dq, top))
            queries = _packed(some, rows, task.features, task.scale, queries_room)
            _multiply(seen, rows, task.features, _transposed(slopes), queries, dk, dk)
            upstream = _packed(some_up, rows, task.width, _ONE, g_room)
            _multiply(seen, rows, task.width, _transposed(weights), upstream, dv, dv)


# -- the kernels -----------------------------------------------------------------------------------


def attention(
    query: Any, key: Any, value: Any, bias: Any, scale: float, safe: bool, causal: bool
) -> Any:
    """`autograd.ops.attention._attention`."""
    if not _takes(query, key, value, bias):
        return NotImplemented
    batch = _batch(query, key, value, bias)
    task = _task(batch, query, key, value, bias, scale, safe, causal)
    out = _room_like(query, (*batch, task.queries, task.width))
    given = [_heads(x, (*batch, *x.shape[-2:])) for x in (query, key, value, out)]

    def work(start: int, stop: int) -> None:
        rooms = (
            _nothing(task),
            _weights_room(task),
            _room(task.features, task.keys),
            _room(task.keys, task.width),
        )
        _attend(task, *given, rooms, start, stop)

    _spread(work, task, batch)
    return out


def attention_gradients(
    g: Any,
    wanted: Any,
    query: Any,
    key: Any,
    value: Any,
    bias: Any,
    scale: float,
    safe: bool,
    causal: bool,
) -> Any:
    """`autograd.ops.attention._attention_gradients`, but not of a bias."""
    g = common.plain(g)
    if wanted[3] or not _takes(query, key, value, bias) or not accepts(query, g):
        return NotImplemented
    batch = _batch(query, key, value, bias)
    task = _task(batch, query, key, value, bias, scale, safe, causal)
    gradients = [_room_like(x, (*batch, *x.shape[-2:])) for x in (query, key, value)]
    for gradient in gradients[1:]:
        gradient.fill(0)
    given = [_heads(x, (*batch, *x.shape[-2:])) for x in (g, query, key, value, *gradients)]

    def work(start: int, stop: int) -> None:
        rooms = (
            _nothing(task),
            _weights_room(task),
            _weights_room(task),
            _room(task.features, task.keys),
            _room(task.width, task.keys),
            _room(task.keys, task.features),
            _room(task.block, task.features),
            _room(task.block, task.width),
        )
        _attend_backward(task, *given, rooms, start, stop)

    _spread(work, task, batch)
    return *gradients, None


def _takes(query: Any, key: Any, value: Any, bias: Any) -> bool:
    arrays = (query, key, value) if bias is None else (query, key, value, bias)
    return (
        query.dtype == np.float32
        and accepts(*arrays)
        and all(2 <= array.ndim <= 4 and array.size > 0 for array in arrays)
        and query.shape[-1] == key.shape[-1]
        and key.shape[-2] == value.shape[-2]
        and (bias is None or bias.shape[-1] == key.shape[-2])
    )


def _batch(*arrays: Any) -> tuple[int, ...]:
    return np.broadcast_shapes(*(array.shape[:-2] for array in arrays if array is not None))


def _task(
    batch: tuple[int, ...],
    query: Any,
    key: Any,
    value: Any,
    bias: Any,
    scale: float,
    safe: bool,
    causal: bool,
) -> Task:
    (queries, features), (keys, width) = query.shape[-2:], value.shape[-2:]
    rows = (*batch, queries, keys)
    return Task(
        heads=batch[-1] if batch else 1,
        queries=queries,
        keys=keys,
        features=features,
        width=width,
        block=min(queries, QUERIES, max(ROWS, WEIGHTS // keys)),
        scale=np.float32(scale),
        bias=Heads(first(query), (0, 0, 0)) if bias is None else _heads(bias, rows),
        biased=bias is not None,
        safe=safe,
        causal=causal,
    )


def _heads(x: Any, shape: tuple[int, ...]) -> Heads:
    """The matrices of x broadcast to ``shape``."""
    x = x if is_regular(x) else np.ascontiguousarray(x)
    return Heads(first(x), steps(np.broadcast_to(x, (*(1,) * (4 - len(shape)), *shape))))


def _room_like(x: Any, shape: tuple[int, ...]) -> Any:
    """Memory for ``shape``, laid out as x if that has the same dims."""
    alike = x.shape[:-1] == shape[:-1] and is_regular(x)
    return common.allocate(shape, x.dtype, x if alike else None)


def _nothing(task: Task) -> Matrix:
    """A row of zeros, again and again."""
    return Matrix(np.zeros(max(task.keys, task.features, task.width), np.float32), 0, 1)


def _weights_room(task: Task) -> Matrix:
    step = task.keys + COLUMNS  # not a power of 2: rows would share the same lines of the cache
    return Matrix(common.allocate((task.block * step,), np.float32), step, 1)


def _room(rows: int, columns: int) -> Any:
    """Memory for a packed matrix."""
    return common.allocate((rows * -(-columns // COLUMNS) * COLUMNS,), np.float32)


def _spread(work: Any, task: Task, batch: tuple[int, ...]) -> None:
    heads = int(np.prod(batch))
    products = heads * task.queries * task.keys * (task.features + task.width)
    spread(work, heads, least(products, heads))


KERNELS = {
    primitive_of(_attention): attention,
    primitive_of(_attention_gradients): attention_gradients,
}
