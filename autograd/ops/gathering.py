"""Elements chosen by an index along one dim, or by a mask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.broadcast import broadcast_to
from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of, checked_tensor, make
from autograd.dtypes import int32, int64
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops.indexing import _index, _read, _set_item, checked_dim, getitem, parse_index
from autograd.ops.places import any_outside, places_along
from autograd.ops.precision import sum_at

# -- along one dim ---------------------------------------------------------------------------------


def index_select(input: Any, dim: int, index: Any) -> Any:
    """The slices of ``input`` along ``dim`` at the positions in ``index`` (one dim, or none), which
    may repeat.

    >>> import autograd
    >>> autograd.index_select(autograd.tensor([[1, 2], [3, 4]]), 1, autograd.tensor([1, 1, 0]))
    tensor([[2, 2, 1],
            [4, 4, 3]])
    """
    if array_of(input).ndim == 0:
        return index_select(input.reshape(1), dim, index).reshape(())
    return _index(input, index=along_dim("index_select", input, dim, index))


def along_dim(name: str, x: Any, dim: int, index: Any) -> tuple[Any, ...]:
    """The index of the positions ``index`` along ``dim`` of ``x``. Raises DimensionError,
    DTypeError, ShapeError."""
    shape = array_of(x).shape
    dim = checked_dim(name, dim, len(shape))
    positions = check_positions(array_of(index), shape[dim], dim, f"{name}: ")
    if positions.ndim > 1:
        raise ShapeError(
            f"{name}: index must have one dim, got shape {positions.shape}; use x[..., index] "
            f"for more"
        )
    return (*[slice(None)] * dim, np.array(positions.reshape(-1)))


def check_positions(index: Any, size: int, dim: int, prefix: str = "") -> Any:
    """``index`` as an array. Raises DTypeError unless it is of int32 or int64, DimensionError
    unless all are below ``size``."""
    index = np.asarray(index)
    if index.dtype not in (int64, int32) and index.size:
        raise DTypeError(
            f"{prefix}index must be of integers, int32 or int64, got {index.dtype}; convert it: "
            "index.long()"
        )
    if index.size and any_outside(index, size):
        wrong = index.min() if index.min() < 0 else index.max()
        raise DimensionError(
            f"{prefix}index {wrong} is out of range for dim {dim} of size {size}; positions "
            f"count from 0 to {size - 1}"
        )
    return index.astype(np.int64, copy=False)


def gather(input: Any, dim: int, index: Any) -> Any:
    """For each place in ``index``, the element of ``input`` at that place, but at the position
    ``index`` says along ``dim``.

    ``gather(input, 1, index)[i, j]`` is ``input[i, index[i, j]]``. The result has the shape of
    ``index``, which has the dims of ``input`` and is nowhere larger, except along ``dim``. Raises
    ShapeError, DimensionError.

    >>> import autograd
    >>> autograd.gather(autograd.tensor([[1, 2], [3, 4]]), 1, autograd.tensor([[1], [0]]))
    tensor([[2],
            [3]])
    """
    return _gather(input, index, dim=checked_dim("gather", dim, array_of(input).ndim))


@primitive(
    masks=True,
    x=lambda g, x_shape, index, dim: _scatter_zeros(g, index, dim=dim, shape=x_shape),
)
def _gather(x: Array, index: Array, *, dim: int) -> Array:
    return x.reshape(-1).take(flat_along(x.shape, index, dim))


@primitive(x=lambda g, index, dim: _gather(g, index, dim=dim))
def _scatter_zeros(x: Array, index: Array, *, dim: int, shape: tuple[int, ...]) -> Array:
    """Zeros of ``shape`` with ``x`` added where `gather` would read."""
    out = np.zeros_like(x, shape=shape, order="C")
    sum_at(out.reshape(-1), flat_along(shape, index, dim).reshape(-1), x.reshape(-1))
    return out


def flat_along(shape: tuple[int, ...], index: Any, dim: int) -> Any:
    """`places_along` of an ``index`` that comes from the user. Raises ShapeError, DimensionError,
    DTypeError.
    """
    if index.size == 0:
        return np.zeros(index.shape, np.int64)
    if index.ndim != len(shape) and max(index.ndim, 1) != max(len(shape), 1):
        raise ShapeError(
            f"index must have as many dims as x, {len(shape)}, got shape {index.shape}"
        )
    shape = shape or (1,)
    index = check_positions(index, shape[dim], dim)
    if any(size > limit for d, (size, limit) in enumerate(zip(index.shape, shape)) if d != dim):
        raise ShapeError(
            f"index of shape {index.shape} is larger than {shape} in a dim other than {dim}"
        )
    return places_along(shape, index, dim)


def take(input: Any, index: Any) -> Any:
    """The elements of the flattened ``input`` at the positions ``index``, in the shape of
    ``index``."""
    if array_of(index).dtype != np.int64:
        raise DTypeError(
            f"take: index must be of integers, int64, got {array_of(index).dtype}; convert it: "
            "index.long()"
        )
    return _index(checked_tensor(input).reshape(-1), index=(np.array(array_of(index)),))


def take_along_dim(input: Any, indices: Any, dim: int | None = None) -> Any:
    """As `gather`, with ``input`` and ``indices`` broadcast to each other except along ``dim``;
    flattened without ``dim``.

    >>> import autograd
    >>> autograd.take_along_dim(autograd.tensor([[3, 1], [2, 4]]), autograd.tensor([[0, 1]]), 1)
    tensor([[3, 1],
            [2, 4]])
    """
    if dim is None:
        return gather(checked_tensor(input).reshape(-1), 0, checked_tensor(indices).reshape(-1))
    shape, wanted = list(array_of(input).shape), list(array_of(indices).shape)
    if len(shape) != len(wanted):
        raise ShapeError(
            f"take_along_dim: indices must have as many dims as input, {len(shape)}, got "
            f"{len(wanted)}"
        )
    dim = checked_dim("take_along_dim", dim, len(shape))
    size, count = shape[dim], wanted[dim]
    shape[dim] = wanted[dim] = 1
    common = list(np.broadcast_shapes(tuple(shape), tuple(wanted)))
    input = broadcast_to(input, shape=(*common[:dim], size, *common[dim + 1 :]))
    places = np.broadcast_to(array_of(indices), (*common[:dim], count, *common[dim + 1 :]))
    return gather(input, dim, np.where(places < 0, places + size, places))


# -- by a mask -------------------------------------------------------------------------------------


def masked_select(input: Any, mask: Any) -> Any:
    """The elements of ``input`` where ``mask`` holds, in one dim; the two are broadcast to each
    other.

    >>> import autograd
    >>> autograd.masked_select(autograd.tensor([1, 2, 3]), autograd.tensor([True, False, True]))
    tensor([1, 3])
    """
    input, mask = _with_mask("masked_select", input, mask)
    return (
        _index(input, index=(mask,), repeats=False)
        if mask.ndim
        else _read(input, parse_index((), mask))
    )


def masked_scatter(input: Any, mask: Any, source: Any) -> Any:
    """``input`` with its elements where ``mask`` holds replaced by those of ``source``, in order.

    Raises ShapeError if ``source`` has fewer.
    """
    input, mask = _with_mask("masked_scatter", input, mask)
    count = int(np.count_nonzero(mask))
    if array_of(source).size < count:
        raise ShapeError(
            f"masked_scatter: the mask selects {count} elements, but source has "
            f"{array_of(source).size}"
        )
    return _set_item(
        input, getitem(source.reshape(-1), slice(count)), index=parse_index(mask.shape, mask)
    )


def _with_mask(name: str, x: Any, mask: Any) -> tuple[Any, Any]:
    mask = array_of(mask)
    if mask.dtype.kind != "b":
        raise DTypeError(f"{name}: mask must be bool, got {mask.dtype}; compare first: x != 0")
    shape = np.broadcast_shapes(array_of(x).shape, mask.shape)
    return broadcast_to(x, shape=shape), np.array(np.broadcast_to(mask, shape))


def nonzero(input: Any, *, as_tuple: bool = False) -> Any:
    """The indices of the elements that aren't 0: one row for each; ``as_tuple``: one tensor for
    each dim.

    >>> import autograd
    >>> autograd.nonzero(autograd.tensor([[0, 1], [2, 0]]))
    tensor([[0, 1],
            [1, 0]])
    """
    array = array_of(input)
    if as_tuple:
        return tuple(make(places) for places in np.nonzero(np.atleast_1d(array)))
    return make(np.argwhere(array))


def nonzero_static(input: Any, *, size: int, fill_value: int = -1) -> Any:
    """The first ``size`` rows that `nonzero` gives; where there are fewer, rows of ``fill_value``.

    >>> import autograd
    >>> autograd.nonzero_static(autograd.tensor([0, 1, 2]), size=3).tolist()
    [[1], [2], [-1]]
    """
    if size < 0:
        raise ShapeError(f"nonzero_static: size must not be negative, got {size}")
    found = np.argwhere(array_of(input))[:size]
    rows = np.full((size, found.shape[1]), fill_value, np.int64)
    rows[: len(found)] = found
    return make(rows)


def unravel_index(indices: Any, shape: int | Sequence[int]) -> tuple[Any, ...]:
    """The positions in a tensor of ``shape`` of the elements at ``indices`` of it flattened: a
    tensor for each dim.

    Raises DTypeError unless all are integers, ShapeError for negative sizes.

    >>> import autograd
    >>> autograd.unravel_index(autograd.tensor([3, 5]), (2, 3))
    (tensor([1, 1]), tensor([0, 2]))
    """
    sizes = shape if isinstance(shape, (tuple, list)) else (shape,)
    array = np.asarray(array_of(indices))
    if array.dtype.kind not in "iu" or not all(type(size) is int for size in sizes):
        raise DTypeError(
            f"unravel_index: indices and shape must be integers, got {array.dtype} and {shape!r}"
        )
    if min(sizes, default=0) < 0:
        raise ShapeError(f"unravel_index: sizes must not be negative, got {shape}")
    array, positions = array.astype(np.int64), []
    for size in reversed(sizes):
        array, position = np.divmod(array, size) if size else (array, array)
        positions.append(make(np.asarray(position)))
    return tuple(positions[::-1])


def argwhere(input: Any) -> Any:
    """The indices of the elements that aren't 0, one row for each: `nonzero`."""
    return nonzero(input)
