"""What all recurrences share: their checks, the product of each step, the steps' gradients.

A recurrence works on the gates of one step at a time, and wants them one after the other in memory:
on the strided parts of ``(batch, gates * hidden)``, NumPy's operations take three times as long as
on ``(gates, batch, hidden)``. Nor does it pay to work on all time steps at once where that would be
possible: the numbers of one step, or a few, stay in the processor's cache, those of all don't.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import prod
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, Variable, array_of
from autograd.errors import DTypeError, ShapeError
from autograd.ops.arithmetic import add
from autograd.ops.joining import _cat, _cat_gradients, _stack, unbind
from autograd.ops.products import _rows, matmul


def check_recurrence(x: Any, rows: int, weight: Any, states: Sequence[Any], count: int) -> None:
    """Raise unless ``weight`` makes of a state ``count`` gates, ``rows`` numbers in all as of an
    input, and all fits ``x``, the inputs or what is made of them."""
    arrays = [x, weight, *states]
    if len({array.dtype for array in arrays}) > 1:
        raise DTypeError("the inputs, the weights and the states must have one dtype")
    if x.ndim != 3 or rows % count or not x.shape[0]:
        raise ShapeError("needs inputs (time, batch, features) of at least one time step")
    batch, hidden = x.shape[1], rows // count
    if weight.ndim != 2 or weight.shape[0] != rows:
        raise ShapeError(f"weight_hh must have {rows} rows, as weight_ih has")
    # The first state is what the weight is multiplied with; an LSTM may have projected it.
    sizes = [weight.shape[1], *[hidden] * (len(states) - 1)]
    if any(state.shape != (batch, size) for state, size in zip(states, sizes)):
        wanted = " and ".join(str((batch, size)) for size in sizes)
        raise ShapeError(f"the state at the start must be (batch, hidden): {wanted}")


def sum_of(bias: Any, other: Any) -> Any:
    """The sum of two biases, either of which may be None."""
    if bias is None or other is None:
        return other if bias is None else bias
    return add(bias, other)


# -- the product of each step ----------------------------------------------------------------------

_BLOCK = 32  # columns; a compromise between OpenBLAS's overhead for a call and its limit on a block
_SMALL_PRODUCT = 1_000_000  # multiplications


def _columns(matrices: Any, batch: int) -> Any:
    """``matrices (count, size, columns)`` as blocks ``(count, blocks, size, columns / blocks)``.

    OpenBLAS rearranges a whole matrix in every product, unless the product is small. Taking it in
    blocks of columns spares that: for a batch of 32 and 256 hidden units about a quarter of the
    time of a step's product, forward and backward.
    """
    count, size, columns = matrices.shape
    fits = columns % _BLOCK == 0 and batch * size * _BLOCK <= _SMALL_PRODUCT
    small = batch * count * size * columns <= _SMALL_PRODUCT
    width = _BLOCK if fits and not small else columns
    blocks = matrices.reshape(count, size, columns // max(width, 1), width).swapaxes(1, 2)
    return np.ascontiguousarray(blocks)


def _write_products(x: Any, blocks: Any, out: Any) -> None:
    """The products of ``x`` with matrices in `_columns` into ``out (count, batch, columns)``."""
    number, width = blocks.shape[1], blocks.shape[3]
    np.matmul(x, blocks, out=out.reshape(*out.shape[:2], number, width).swapaxes(1, 2))


def product_into(weight: Any, batch: int, count: int) -> Callable[[Any, Any], None]:
    """A function ``(h, out)`` that writes ``h @ weight.T`` gate by gate into ``out (count, batch,
    hidden)``."""
    rows, size = weight.shape
    blocks = _columns(weight.reshape(count, rows // count, size).swapaxes(1, 2), batch)
    return lambda h, out: _write_products(h, blocks, out)


def blocks_of(weight: Any, batch: int, count: int) -> Any:
    """What `_product_of_step` needs beside ``weight (count * hidden, size)``, made once for all
    steps."""
    array = array_of(weight)
    return _columns(array.reshape(count, array.shape[0] // count, array.shape[1]), batch)


@primitive(
    x=lambda g, weight: matmul(g, weight.swapaxes(0, 1)),
    weight=lambda g, x: matmul(x.swapaxes(0, 1), g),
)
def _product_of_step(x: Array, weight: Array, blocks: Any) -> Array:
    """``x @ weight``, for the gradients ``x (batch, count * hidden)`` by the gates of one step."""
    if blocks.shape[1] == 1:  # a single product, for the weight is small, or the batch large
        return np.matmul(x, weight)
    count, _, size, _ = blocks.shape
    products = np.empty_like(x, shape=(count, len(x), weight.shape[1]))
    _write_products(x.reshape(len(x), count, 1, size).transpose(1, 2, 0, 3), blocks, products)
    return products[0] if count == 1 else np.add.reduce(products, 0)


# -- the steps' gradients --------------------------------------------------------------------------


def room_for(x: Any, *shape: int) -> Any:
    """An array of ``shape`` for the numbers that a recurrence makes of ``x``."""
    return np.empty_like(array_of(x), order="C", shape=shape)


def parts_of(x: Any, count: int) -> list[Any]:
    """The last dim of ``x`` in ``count`` equal parts."""
    size = x.shape[-1] // count
    return [x[..., i * size : (i + 1) * size] for i in range(count)]


def gate_by_gate(x: Any, count: int) -> Any:
    """A view of ``x (time, batch, count * hidden)`` as ``(time, count, batch, hidden)``."""
    time, batch, rows = x.shape
    return x.reshape(time, batch, count, rows // count).swapaxes(1, 2)


def states_before(first: Any, states: Any, steps: slice = slice(None)) -> Any:
    """The states before the ``steps``: those before all are ``first`` and all ``states`` but the
    last."""
    start, stop, _ = steps.indices(len(states))
    if start:
        return states[start - 1 : stop - 1]
    return _cat(first.reshape((1, *first.shape)), states[: stop - 1], dim=0)


def backwards(*sequences: Any) -> Any:
    """The steps of several sequences together, the last first. A tuple is taken as the steps."""
    return zip(*(reversed(x if isinstance(x, tuple) else unbind(x)) for x in sequences))


_AT_ONCE = 1 << 14  # numbers of a state


def from_last_to_first(time: int, state: Any) -> Iterator[slice]:
    """All ``time`` steps in slices, the last first, of as many steps as have room in the cache: an
    operation on several steps takes hardly longer than on one, if a ``state`` is small."""
    some = max(1, _AT_ONCE // max(1, prod(state.shape)))
    return (slice(max(0, stop - some), stop) for stop in range(time, 0, -some))


@primitive(joint=lambda g, wanted, parts_shape: _cat_gradients(g, wanted, parts_shape, 1))
def _side_by_side(*parts: Array, out: Any) -> Array:
    """The ``parts`` of one step side by side; written into the array ``out``."""
    return np.concatenate(parts, 1, out)


def in_order(steps: list[Any], room: Any) -> Any:
    """As one sequence the ``steps`` that were made from the last to the first. Arrays were written
    into ``room`` at once."""
    return _stack(*steps[::-1], dim=0) if isinstance(steps[0], Variable) else room


def weight_gradient(g: Any, x: Any) -> Any:
    """The gradient by ``weight`` of ``x @ weight.T``, given ``g`` for every step."""
    return matmul(_rows(g, g.shape[-1]).swapaxes(0, 1), _rows(x, x.shape[-1]))


def recurrent_weight_gradient(g: Any, first: Any, states: Any) -> Any:
    """`weight_gradient` where ``x`` is the state before each step. That of the first step comes on
    its own, which spares a copy of all states."""
    return weight_gradient(g[1:], states[:-1]) + matmul(g[0].swapaxes(0, 1), first)
