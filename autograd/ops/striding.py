"""The memory of a tensor, read or written in steps of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of
from autograd.errors import ShapeError
from autograd.ops.indexing import _accumulate, _index, index_put
from autograd.ops.shaping import reshape, sizes_of


def as_strided(
    x: Any, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None
) -> Any:
    """A view of the memory of ``x``: element ``i, j, ...`` lies ``i * stride[0] + j * stride[1] +
    ...`` elements behind the one at ``storage_offset``.

    The offset counts from the beginning of the memory that ``x`` is a view of; by default it is
    where ``x`` begins. An element may appear repeatedly: its gradient is the sum. Raises ShapeError
    for places outside the memory, for negative strides, and unless ``x`` is contiguous.

    >>> import autograd
    >>> autograd.as_strided(autograd.arange(5), (3, 2), (1, 2)).tolist()
    [[0, 2], [1, 3], [2, 4]]
    """
    sizes, strides, start = _layout("as_strided", x, size, stride, storage_offset)
    return _as_strided(x, size=sizes, stride=strides, start=start)


@primitive(
    x=lambda g, x_shape, size, stride, start: _strided_gradient(g, x_shape, size, stride, start),
    view=True,
)
def _as_strided(x: Array, *, size: tuple[int, ...], stride: tuple[int, ...], start: int) -> Array:
    """``start`` counts from the first element of ``x``."""
    # Gradients come here too, in whatever layout: they are read as if laid out as x was.
    memory, offset = memory_of(np.ascontiguousarray(x))
    first = offset + start
    if 0 in size:
        return memory[:0].reshape(size)
    last = first + sum((n - 1) * step for n, step in zip(size, stride))
    if first < 0 or last >= memory.size:
        raise ShapeError(
            f"sizes {size} and strides {stride} reach from element {first} to {last} of a memory "
            f"of {memory.size}"
        )
    steps = [step * memory.itemsize for step in stride]
    view = np.ndarray(size, memory.dtype, memory, first * memory.itemsize, steps)
    if any(n > 1 and step == 0 for n, step in zip(size, stride)):
        view.flags.writeable = False  # as everything expanded: a change would show repeatedly
    return view


def _strided_gradient(
    g: Any, shape: tuple[int, ...], size: tuple[int, ...], stride: tuple[int, ...], start: int
) -> Any:
    """``g`` summed where it was read. What was read outside ``x`` has no part in its gradient."""
    places = _places(size, stride, start)
    total = int(np.prod(shape))
    inside = (places >= 0) & (places < total)
    if not inside.all():
        g, places = _index(g, index=(inside,), repeats=False), places[inside]
    return reshape(_accumulate(g, index=(places,), shape=(total,)), shape)


def as_strided_scatter(
    input: Any,
    src: Any,
    size: Sequence[int],
    stride: Sequence[int],
    storage_offset: int | None = None,
) -> Any:
    """A copy of ``input`` with ``src`` written where ``as_strided(input, size, stride,
    storage_offset)`` would read.

    Where places coincide, the last value stays. The gradient of ``input`` is 0 at what was replaced
    (PyTorch 2.13 has it the wrong way round). Raises ShapeError as `as_strided`, for places
    outside ``input``, and unless ``src`` has the shape ``size``.

    >>> import autograd
    >>> autograd.as_strided_scatter(autograd.zeros(4), autograd.ones(2), (2,), (3,))
    tensor([1., 0., 0., 1.])
    """
    sizes, strides, start = _layout("as_strided_scatter", input, size, stride, storage_offset)
    if array_of(src).shape != sizes:
        raise ShapeError(
            f"as_strided_scatter: src must have shape {sizes}, got {array_of(src).shape}"
        )
    places = _places(sizes, strides, start)
    total = array_of(input).size
    if places.size and not (places.min() >= 0 and places.max() < total):
        raise ShapeError(
            f"as_strided_scatter: sizes {sizes} and strides {strides} reach from element "
            f"{places.min()} to {places.max()} of input, which has {total}"
        )
    flat = index_put(reshape(input, -1), (places.reshape(-1),), reshape(src, -1))
    return reshape(flat, array_of(input).shape)


def _layout(
    name: str, x: Any, size: Any, stride: Any, storage_offset: int | None
) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """Sizes, strides, and the place of the first element counted from that of ``x``."""
    array = array_of(x)
    sizes, strides = sizes_of(name, (size,)), sizes_of(name, (stride,))
    if len(sizes) != len(strides):
        raise ShapeError(f"{name}: needs a stride for each size, got {strides} for {sizes}")
    if min((*sizes, *strides), default=0) < 0:
        raise ShapeError(f"{name}: sizes {sizes} and strides {strides} must not be negative")
    if storage_offset is not None and storage_offset < 0:
        raise ShapeError(f"{name}: storage_offset must not be negative, got {storage_offset}")
    if not array.flags.c_contiguous:
        raise ShapeError(f"{name}: x is not contiguous; use contiguous() first")
    offset = 0 if storage_offset is None else storage_offset - memory_of(array)[1]
    return sizes, strides, offset


def memory_of(array: Any) -> tuple[Any, int]:
    """All elements of the memory that ``array`` is a view of, in one dim, and at which of them it
    begins."""
    owner = array
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    if not owner.flags.c_contiguous or owner.dtype != array.dtype:
        owner = array  # its owner is laid out otherwise; what is certain is its own memory
    begin, owner_begin = (a.__array_interface__["data"][0] for a in (array, owner))
    return owner.reshape(-1), (begin - owner_begin) // array.itemsize


def _places(size: tuple[int, ...], stride: tuple[int, ...], start: int) -> Any:
    """For each element of the view, its place counted from the first element of ``x``."""
    places = np.full(size, start, np.int64)
    for index, step in zip(np.indices(size, sparse=True), stride):
        places += index * step
    return places
