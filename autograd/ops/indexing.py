"""Reading and replacing elements by their place: every index of NumPy and PyTorch, masks, gather."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, Variable, make, unwrap
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops.selection import _where

# -- what an index means ----------------------------------------------------------------------------------------------


class Index(NamedTuple):
    """An index in two steps, as in PyTorch: a view by ``basic`` first, then a copy by ``advanced``.

    NumPy, which does both at once, counts an integer beside an array as another array, and puts their common dims
    first. ``advanced`` holds integer arrays, masks and full slices; it is None where there is nothing to copy.
    """

    basic: tuple[Any, ...]
    advanced: tuple[Any, ...] | None
    repeats: bool = False  # whether it may name an element twice


_FULL = slice(None)
_BASIC = frozenset((int, slice, type(None), type(Ellipsis)))


def parse_index(shape: tuple[int, ...], index: Any) -> Index:
    """What ``index`` selects from a tensor of ``shape``. Raises DimensionError for what is no index."""
    items = index if type(index) is tuple else (index,)
    for item in items:
        if type(item) not in _BASIC:
            return _parse_items(shape, [_item(item) for item in items])
    return Index(items if Ellipsis in items else (*items, ...), None)


def _item(item: Any) -> Any:
    """One part of an index: an int, a slice, None, Ellipsis, an integer array, or a mask."""
    if type(item) in _BASIC:
        return item
    array = unwrap(item)
    if not hasattr(array, "dtype"):
        if not isinstance(array, (bool, list, tuple, range)):
            raise DimensionError(_no_index(f"{type(item).__name__} {item!r}"))
        array = _from_list(array)
    if array.dtype.kind not in "iub":
        raise DimensionError(_no_index(f"a tensor of {array.dtype}"))
    if array.dtype == np.uint8 and array.ndim:
        raise DimensionError(
            "getitem: an index of uint8 is a mask to PyTorch but positions to NumPy; say which: index.bool() or "
            "index.long()"
        )
    return int(array) if array.ndim == 0 and array.dtype.kind != "b" else np.array(array)


def _from_list(items: Any) -> Any:
    try:
        array = np.asarray([unwrap(item) for item in items] if isinstance(items, list) else items)
    except ValueError:
        raise DimensionError(_no_index("lists of different lengths")) from None
    return array if array.size or array.dtype.kind == "b" else array.astype(np.int64)


def _no_index(got: str) -> str:
    return (
        f"getitem: got {got}; an index consists of integers, slices, None, Ellipsis, and integer or bool tensors or lists"
        " (x.long() makes integers of a float tensor)"
    )


def _parse_items(shape: tuple[int, ...], items: Sequence[Any]) -> Index:
    used = sum(map(_consumed, items))
    if used > len(shape):
        raise DimensionError(f"getitem: {used} indices for a tensor of {len(shape)} dims, of shape {shape}")
    gaps = [i for i, item in enumerate(items) if item is Ellipsis]
    if len(gaps) > 1:
        raise DimensionError("getitem: an index can have only one Ellipsis (...)")
    gap = gaps[0] if gaps else len(items)
    items = [*items[:gap], *[_FULL] * (len(shape) - used), *items[gap + 1 :]]
    basic: list[Any] = []
    advanced: list[Any] = []
    dim = 0
    for item in items:
        selects, copies = _steps(shape, dim, item)
        basic += selects
        advanced += copies
        dim += _consumed(item)
    arrays = [item for item in advanced if type(item) is not slice]
    repeats = any(array.dtype.kind != "b" for array in arrays)
    return Index((*basic, ...), tuple(advanced) if arrays else None, repeats)


def _consumed(item: Any) -> int:
    """How many dims of the tensor a part of an index stands for."""
    if item is None or item is Ellipsis:
        return 0
    return item.ndim if isinstance(item, np.ndarray) and item.dtype.kind == "b" else 1


def _steps(shape: tuple[int, ...], dim: int, item: Any) -> tuple[list[Any], list[Any]]:
    """What a part of an index adds to ``Index.basic`` and to ``Index.advanced``."""
    if not isinstance(item, np.ndarray):
        return [item], [] if isinstance(item, int) else [_FULL]
    if item.dtype.kind != "b":
        return [_FULL], [item]
    if item.ndim == 0:  # x[True] is x[None]; x[False], nothing of it
        return [None], [np.zeros(int(item), np.int64)]
    covered = shape[dim : dim + item.ndim]
    if item.shape != covered:
        raise DimensionError(
            f"getitem: a mask of shape {item.shape} can't select from dims of sizes {covered} (the tensor has shape "
            f"{shape}); it must have the same sizes"
        )
    return [_FULL] * item.ndim, [item]


# -- reading ----------------------------------------------------------------------------------------------------------


def getitem(x: Any, index: Any) -> Any:
    """``x[index]``: integers, slices, None and Ellipsis give a view; integer and bool tensors or lists give a copy.

    An integer tensor selects the elements at its positions, which may repeat; a bool one those where it is True.
    Raises DimensionError for positions outside ``x``, too many of them, masks of another shape, and float indices.

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> x[0], x[:, -1], x[x > 2]
    (tensor([1., 2.]), tensor([2., 4.]), tensor([3., 4.]))
    """
    if type(index) is int:
        return _getitem(x, index=(index, ...))
    parsed = parse_index(np.shape(unwrap(x)), index)
    return _read(x, parsed)


def _read(x: Any, index: Index) -> Any:
    if index.advanced is None:
        return _getitem(x, index=index.basic)
    if any(item != _FULL if type(item) is slice else item is not Ellipsis for item in index.basic):
        x = _getitem(x, index=index.basic)
    return _index(x, index=index.advanced, repeats=index.repeats)


@primitive(x=lambda g, x_shape, index: _place(g, index=index, shape=x_shape), view=True)
def _getitem(x: Array, *, index: tuple[Any, ...]) -> Array:
    """A view by integers, slices, None and Ellipsis (without which NumPy would return a copy of a single element)."""
    return x[index]


@primitive(x=lambda g, index: _getitem(g, index=index))
def _place(x: Array, *, index: tuple[Any, ...], shape: tuple[int, ...]) -> Array:
    """Zeros, but ``x`` at ``index``."""
    out = np.zeros_like(x, shape=shape)
    out[index] = x
    return out


@primitive(
    x=lambda g, x_shape, index, repeats: _accumulate(g, index=index, shape=x_shape, repeats=repeats)
)
def _index(x: Array, *, index: tuple[Any, ...], repeats: bool = True) -> Array:
    """A copy of what integer arrays and masks select."""
    return x[index]


@primitive(x=lambda g, index, repeats: _index(g, index=index, repeats=repeats))
def _accumulate(
    x: Array, *, index: tuple[Any, ...], shape: tuple[int, ...], repeats: bool = True
) -> Array:
    """Zeros, with ``x`` added at ``index``."""
    out = np.zeros_like(x, shape=shape)
    if repeats:
        add_at(out, index, x)
    else:
        out[index] = x
    return out


def add_at(out: Any, index: tuple[Any, ...], values: Any) -> None:
    """Add ``values`` to ``out[index]``, once for each time that an element is named.

    With flat positions ``np.add.at`` is three to ten times as fast as with an index of several dims.
    """
    places = _flat_places(out.shape, index)
    values = np.broadcast_to(values, places.shape).astype(out.dtype, copy=False)
    np.add.at(out.reshape(-1), places.reshape(-1), values.reshape(-1))


def _flat_places(shape: tuple[int, ...], index: tuple[Any, ...]) -> Any:
    """The positions in the flattened tensor of what ``index`` selects."""
    dims = [dim for dim, item in enumerate(index) if type(item) is not slice]
    rows = index[dims[0]]
    if len(dims) > 1 or rows.dtype.kind == "b":
        return np.arange(np.prod(shape, dtype=np.int64)).reshape(shape)[index]
    # The same without as many integers as the tensor has elements: a vocabulary can be large.
    dim = dims[0]
    before, size, after = shape[:dim], shape[dim], shape[dim + 1 :]
    inner = int(np.prod(after))
    outer = np.arange(int(np.prod(before)))[:, None, None] * size
    places = (outer + (rows.reshape(-1, 1) % max(size, 1))) * inner + np.arange(inner)
    return places.reshape(before + rows.shape + after)


# -- replacing --------------------------------------------------------------------------------------------------------


def set_item(x: Any, index: Any, value: Any) -> Any:
    """A copy of ``x`` in which ``x[index]`` is ``value``, broadcast to it: what ``x[index] = value`` leaves.

    Where ``index`` names an element repeatedly, the last value stays, and it alone has a gradient.
    Raises DimensionError as `getitem`; ShapeError if ``value`` doesn't broadcast.

    >>> import autograd
    >>> set_item(autograd.zeros(3), slice(1, None), 5.0)
    tensor([0., 5., 5.])
    """
    if isinstance(value, (list, tuple)):
        value = np.asarray(value)
    return _set_item(x, value, index=parse_index(np.shape(unwrap(x)), index))


def write_item(array: Any, index: Index, value: Any) -> None:
    """Store ``value`` in the memory of ``array`` at ``index``. Raises ShapeError, DTypeError."""
    if np.iscomplexobj(value) and array.dtype.kind != "c":
        raise DTypeError(f"setitem: a complex value can't be stored in {array.dtype}; take its real part: value.real")
    target = array[index.basic]
    try:
        target[... if index.advanced is None else index.advanced] = value
    except ValueError:
        needed = target.shape if index.advanced is None else target[index.advanced].shape
        raise ShapeError(
            f"setitem: a value of shape {np.shape(value)} can't be stored where the index selects {needed}; it must "
            "broadcast to that"
        ) from None


@primitive(
    x=lambda g, index: _set_item(g, 0, index=index),
    value=lambda g, x_shape, value_shape, index: _written(g, x_shape, value_shape, index),
)
def _set_item(x: Array, value: Array, *, index: Index) -> Array:
    out = np.array(x)
    write_item(out, index, value)
    return out


def _written(g: Any, x_shape: Any, value_shape: Any, index: Index) -> Any:
    """The gradient of the values written: what the index reads, where no later value has replaced it."""
    gradient = _read(g, index)
    if index.repeats:
        gradient = _where(_is_last(x_shape, index), gradient, 0)
    surplus = len(value_shape) - len(gradient.shape)  # a value may have more dims, of size 1
    return gradient.reshape((1,) * surplus + tuple(gradient.shape)) if surplus > 0 else gradient


def _is_last(shape: tuple[int, ...], index: Index) -> Any:
    """For each element that ``index`` names, whether it names it for the last time."""
    writer = np.empty(shape, np.int64)
    selected = writer[index.basic][index.advanced]
    order = np.arange(selected.size).reshape(selected.shape)
    write_item(writer, index, order)
    return writer[index.basic][index.advanced] == order


@primitive(x=lambda g: g, value=lambda g, index: _read(g, index))
def _add_item(x: Array, value: Array, *, index: Index) -> Array:
    """A copy of ``x`` with ``value`` added at ``index``, repeatedly where it names an element repeatedly."""
    out = np.array(x, order="C")
    if index.repeats and all(item in (_FULL, ...) for item in index.basic):
        add_at(out, index.advanced or (), value)
    elif index.repeats:
        np.add.at(out[index.basic], index.advanced, value)
    else:
        write_item(out, index, out[index.basic][... if index.advanced is None else index.advanced] + value)
    return out


def index_put(x: Any, indices: Any, values: Any, accumulate: bool = False) -> Any:
    """A copy of ``x`` in which ``x[indices]`` is ``values``; with ``accumulate``, to which they are added.

    >>> import autograd
    >>> index_put(autograd.zeros(3), (autograd.tensor([0, 0]),), autograd.tensor([1.0, 2.0]), accumulate=True)
    tensor([3., 0., 0.])
    """
    index = parse_index(np.shape(unwrap(x)), tuple(indices))
    return _add_item(x, values, index=index) if accumulate else _set_item(x, values, index=index)


# -- along one dim ----------------------------------------------------------------------------------------------------


def index_select(x: Any, dim: int, index: Any) -> Any:
    """The slices of ``x`` along ``dim`` at the positions in ``index`` (one dim, or none), which may repeat.

    >>> import autograd
    >>> autograd.index_select(autograd.tensor([[1, 2], [3, 4]]), 1, autograd.tensor([1, 1, 0]))
    tensor([[2, 2, 1],
            [4, 4, 3]])
    """
    if np.ndim(unwrap(x)) == 0:
        return index_select(x.reshape(1), dim, index).reshape(())
    return _index(x, index=along_dim("index_select", x, dim, index))


def along_dim(name: str, x: Any, dim: int, index: Any) -> tuple[Any, ...]:
    """The index of the positions ``index`` along ``dim`` of ``x``. Raises DimensionError, DTypeError, ShapeError."""
    shape = np.shape(unwrap(x))
    dim = checked_dim(name, dim, len(shape))
    positions = check_positions(unwrap(index), shape[dim], dim, f"{name}: ")
    if positions.ndim > 1:
        raise ShapeError(f"{name}: index must have one dim, got shape {positions.shape}; use x[..., index] for more")
    return (*[_FULL] * dim, np.array(positions.reshape(-1)))


def checked_dim(name: str, dim: Any, ndim: int) -> int:
    """``dim`` counted from the front. Raises DimensionError if there is no such dim among ``ndim``."""
    count = ndim or 1  # a 0-d tensor counts as one with a single dim
    if not -count <= dim < count:
        raise DimensionError(f"{name}: dim must lie between {-count} and {count - 1} for {ndim} dims, got {dim}")
    return int(dim) % count


def check_positions(index: Any, size: int, dim: int, prefix: str = "") -> Any:
    """``index`` as an array. Raises DTypeError unless it is of integers, DimensionError unless they are below ``size``."""
    index = np.asarray(index)
    if index.dtype.kind not in "iu" and index.size:
        raise DTypeError(f"{prefix}index must be of integers, got {index.dtype}; convert it: index.long()")
    if index.size and (index.min() < 0 or index.max() >= size):
        wrong = index.min() if index.min() < 0 else index.max()
        raise DimensionError(
            f"{prefix}index {wrong} is out of range for dim {dim} of size {size}; positions count from 0 to {size - 1}"
        )
    return index.astype(np.int64, copy=False)


def gather(x: Any, dim: int, index: Any) -> Any:
    """For each place in ``index``, the element of ``x`` at that place, but at the position ``index`` says along ``dim``.

    ``gather(x, 1, index)[i, j]`` is ``x[i, index[i, j]]``. The result has the shape of ``index``, which has the dims
    of ``x`` and is nowhere larger, except along ``dim``. Raises ShapeError, DimensionError.

    >>> import autograd
    >>> autograd.gather(autograd.tensor([[1, 2], [3, 4]]), 1, autograd.tensor([[1], [0]]))
    tensor([[2],
            [3]])
    """
    return _gather(x, index, dim=checked_dim("gather", dim, np.ndim(unwrap(x))))


@primitive(x=lambda g, x_shape, index, dim: _scatter_zeros(g, index, dim=dim, shape=x_shape))
def _gather(x: Array, index: Array, *, dim: int) -> Array:
    return x.reshape(-1)[flat_along(x.shape, index, dim)]


@primitive(x=lambda g, index, dim: _gather(g, index, dim=dim))
def _scatter_zeros(x: Array, index: Array, *, dim: int, shape: tuple[int, ...]) -> Array:
    """Zeros of ``shape`` with ``x`` added where `gather` would read."""
    out = np.zeros_like(x, shape=shape)
    np.add.at(out.reshape(-1), flat_along(shape, index, dim).reshape(-1), x.reshape(-1))
    return out


def flat_along(shape: tuple[int, ...], index: Any, dim: int) -> Any:
    """For each place in ``index``, where in the flattened tensor of ``shape`` the element at that place is, taking its
    position along ``dim`` from ``index``. Raises ShapeError, DimensionError, DTypeError.
    """
    if index.size == 0:
        return np.zeros(index.shape, np.int64)
    if index.ndim != len(shape) and max(index.ndim, 1) != max(len(shape), 1):
        raise ShapeError(f"index must have as many dims as x, {len(shape)}, got shape {index.shape}")
    shape = shape or (1,)
    index = check_positions(index, shape[dim], dim)
    if any(size > limit for d, (size, limit) in enumerate(zip(index.shape, shape)) if d != dim):
        raise ShapeError(f"index of shape {index.shape} is larger than {shape} in a dim other than {dim}")
    places = index * int(np.prod(shape[dim + 1 :]))
    for d, size in enumerate(index.shape):
        if d != dim:
            step = int(np.prod(shape[d + 1 :]))
            places += (np.arange(size) * step).reshape((size,) + (1,) * (index.ndim - d - 1))
    return places


def take(x: Any, index: Any) -> Any:
    """The elements of the flattened ``x`` at the positions ``index``, in the shape of ``index``."""
    if unwrap(index).dtype.kind not in "iu":
        raise DTypeError(f"take: index must be of integers, got {unwrap(index).dtype}; convert it: index.long()")
    return _index(x.reshape(-1), index=(np.array(unwrap(index)),))


def take_along_dim(x: Any, indices: Any, dim: int | None = None) -> Any:
    """As `gather`, with ``x`` and ``indices`` broadcast to each other except along ``dim``; flattened without ``dim``.

    >>> import autograd
    >>> autograd.take_along_dim(autograd.tensor([[3, 1], [2, 4]]), autograd.tensor([[0, 1]]), 1)
    tensor([[3, 1],
            [2, 4]])
    """
    if dim is None:
        return gather(x.reshape(-1), 0, indices.reshape(-1))
    shape, wanted = list(np.shape(unwrap(x))), list(np.shape(unwrap(indices)))
    if len(shape) != len(wanted):
        raise ShapeError(f"take_along_dim: indices must have as many dims as x, {len(shape)}, got {len(wanted)}")
    dim = checked_dim("take_along_dim", dim, len(shape))
    size, count = shape[dim], wanted[dim]
    shape[dim] = wanted[dim] = 1
    common = list(np.broadcast_shapes(tuple(shape), tuple(wanted)))
    x = x.expand(*common[:dim], size, *common[dim + 1 :])
    return gather(x, dim, np.broadcast_to(unwrap(indices), (*common[:dim], count, *common[dim + 1 :])))


# -- by a mask --------------------------------------------------------------------------------------------------------


def masked_select(x: Any, mask: Any) -> Any:
    """The elements of ``x`` where ``mask`` holds, in one dim; the two are broadcast to each other.

    >>> import autograd
    >>> autograd.masked_select(autograd.tensor([1, 2, 3]), autograd.tensor([True, False, True]))
    tensor([1, 3])
    """
    x, mask = _with_mask("masked_select", x, mask)
    return _index(x, index=(mask,), repeats=False) if mask.ndim else _read(x, parse_index((), mask))


def masked_scatter(x: Any, mask: Any, source: Any) -> Any:
    """``x`` with its elements where ``mask`` holds replaced by those of ``source``, in order.

    Raises ShapeError if ``source`` has fewer.
    """
    x, mask = _with_mask("masked_scatter", x, mask)
    count = int(np.count_nonzero(mask))
    if unwrap(source).size < count:
        raise ShapeError(f"masked_scatter: the mask selects {count} elements, but source has {unwrap(source).size}")
    return _set_item(x, getitem(source.reshape(-1), slice(count)), index=parse_index(mask.shape, mask))


def _with_mask(name: str, x: Any, mask: Any) -> tuple[Any, Any]:
    mask = unwrap(mask)
    if mask.dtype.kind != "b":
        raise DTypeError(f"{name}: mask must be bool, got {mask.dtype}; compare first: x != 0")
    shape = np.broadcast_shapes(np.shape(unwrap(x)), mask.shape)
    return x if np.shape(unwrap(x)) == shape else x.expand(shape), np.array(np.broadcast_to(mask, shape))


def nonzero(x: Any, *, as_tuple: bool = False) -> Any:
    """The indices of the elements that aren't 0: one row for each; ``as_tuple``: one tensor for each dim.

    >>> import autograd
    >>> autograd.nonzero(autograd.tensor([[0, 1], [2, 0]]))
    tensor([[0, 1],
            [1, 0]])
    """
    array = unwrap(x)
    if as_tuple:
        return tuple(make(places) for places in np.nonzero(np.atleast_1d(array)))
    return make(np.argwhere(array))


def argwhere(x: Any) -> Any:
    """The indices of the elements that aren't 0, one row for each: `nonzero`."""
    return nonzero(x)


def is_basic(x: Any, index: Any) -> bool:
    """Whether ``x[index]`` is a view."""
    return parse_index(np.shape(x._array if isinstance(x, Variable) else x), index).advanced is None
