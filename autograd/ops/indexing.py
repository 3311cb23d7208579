"""Reading and replacing elements by their place: every index of NumPy and PyTorch, masks,
gather."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import NUMBERS
from autograd.core.variable import Array, Variable, array_of, unwrap
from autograd.errors import DimensionError, DTypeError, ShapeError, describe
from autograd.ops.places import add_at
from autograd.ops.precision import sum_at
from autograd.ops.selection import _where

# -- what an index means ---------------------------------------------------------------------------


class Index(NamedTuple):
    """An index in two steps, as in PyTorch: a view by ``basic`` first, then a copy by ``advanced``.

    NumPy, which does both at once, counts an integer beside an array as another array, and puts
    their common dims
    first. ``advanced`` holds integer arrays, masks and full slices; it is None where there is
    nothing to copy.
    """

    basic: tuple[Any, ...]
    advanced: tuple[Any, ...] | None
    repeats: bool = False  # whether it may name an element twice


_FULL = slice(None)
_BASIC = frozenset((int, slice, type(None), type(Ellipsis)))


def parse_index(shape: tuple[int, ...], index: Any) -> Index:
    """What ``index`` selects from a tensor of ``shape``. Raises DimensionError for what is no
    index."""
    items = index if type(index) is tuple else (index,)
    if _BASIC.issuperset(map(type, items)):
        return Index(items if Ellipsis in items else (*items, ...), None)
    return _parse_items(shape, [_item(item) for item in items])


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
            "index: uint8 is a mask to PyTorch but positions to NumPy; say which: index.bool() "
            "or index.long()"
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
        f"index: got {got}; an index consists of integers, slices, None, Ellipsis, and integer "
        f"or bool tensors or lists"
        " (x.long() makes integers of a float tensor)"
    )


def _parse_items(shape: tuple[int, ...], items: Sequence[Any]) -> Index:
    used = sum(map(_consumed, items))
    if used > len(shape):
        raise DimensionError(
            f"index: {used} indices for a tensor of {len(shape)} dims, of shape {shape}"
        )
    gaps = [i for i, item in enumerate(items) if item is Ellipsis]
    if len(gaps) > 1:
        raise DimensionError("index: it can have only one Ellipsis (...)")
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
            f"index: a mask of shape {item.shape} can't select from dims of sizes {covered} (the "
            f"tensor has shape "
            f"{shape}); it must have the same sizes"
        )
    return [_FULL] * item.ndim, [item]


def checked_dim(name: str, dim: Any, ndim: int) -> int:
    """``dim`` counted from the front. Raises DimensionError if there is no such dim among
    ``ndim``."""
    count = ndim or 1  # a 0-d tensor counts as one with a single dim
    if not -count <= dim < count:
        raise DimensionError(
            f"{name}: dim must lie between {-count} and {count - 1} for {ndim} dims, got {dim}"
        )
    return int(dim) % count


# -- reading ---------------------------------------------------------------------------------------


def getitem(x: Any, index: Any) -> Any:
    """``x[index]``: integers, slices, None and Ellipsis give a view; integer and bool tensors or
    lists give a copy.

    An integer tensor selects the elements at its positions, which may repeat; a bool one those
    where it is True.
    Raises DimensionError for positions outside ``x``, too many of them, masks of another shape,
    and float indices.

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> x[0], x[:, -1], x[x > 2]
    (tensor([1., 2.]), tensor([2., 4.]), tensor([3., 4.]))
    """
    if type(index) is int:
        return _getitem(x, index=(index, ...))
    items = index if type(index) is tuple else (index,)
    # As parse_index does, but without its cost: loops come here.
    if _BASIC.issuperset(map(type, items)):
        return _getitem(x, index=items if Ellipsis in items else (*items, ...))
    return _read(x, _parse_items(array_of(x).shape, list(map(_item, items))))


def _read(x: Any, index: Index) -> Any:
    if index.advanced is None:
        return _getitem(x, index=index.basic)
    if any(item != _FULL if type(item) is slice else item is not Ellipsis for item in index.basic):
        x = _getitem(x, index=index.basic)
    return _index(x, index=index.advanced, repeats=index.repeats)


@primitive(x=lambda g, x_shape, index: _place(g, index=index, shape=x_shape), view=True, masks=True)
def _getitem(x: Array, *, index: tuple[Any, ...]) -> Array:
    """A view by integers, slices, None and Ellipsis (without which NumPy would return a copy of a
    single element)."""
    return x[index]


@primitive(x=lambda g, index: _getitem(g, index=index))
def _place(x: Array, *, index: tuple[Any, ...], shape: tuple[int, ...]) -> Array:
    """Zeros, but ``x`` at ``index``."""
    out = np.zeros_like(x, shape=shape, order="C")
    out[index] = x
    return out


@primitive(
    masks=True,
    x=lambda g, x_shape, index, repeats: _accumulate(
        g, index=index, shape=x_shape, repeats=repeats
    ),
)
def _index(x: Array, *, index: tuple[Any, ...], repeats: bool = True) -> Array:
    """A copy of what integer arrays and masks select."""
    return x[index]


@primitive(x=lambda g, index, repeats: _index(g, index=index, repeats=repeats))
def _accumulate(
    x: Array, *, index: tuple[Any, ...], shape: tuple[int, ...], repeats: bool = True
) -> Array:
    """Zeros, with ``x`` added at ``index``."""
    out = np.zeros_like(x, shape=shape, order="C")
    if repeats:
        add_at(out, index, x)
    else:
        out[index] = x
    return out


# -- replacing -------------------------------------------------------------------------------------


def set_item(x: Any, index: Any, value: Any) -> Any:
    """A copy of ``x`` in which ``x[index]`` is ``value``, broadcast to it: what ``x[index] =
    value`` leaves.

    Where ``index`` names an element repeatedly, the last value stays, and it alone has a gradient.
    Raises DimensionError as `getitem`; ShapeError if ``value`` doesn't broadcast.

    >>> import autograd
    >>> set_item(autograd.zeros(3), slice(1, None), 5.0)
    tensor([0., 5., 5.])
    """
    where = parse_index(array_of(x).shape, index)
    return _set_item(x, storable(array_of(x), where, value), index=where)


def storable(array: Any, index: Index, value: Any) -> Any:
    """``value``, a list as an array. Raises DTypeError for what is no value of ``array``.

    A tensor of another dtype is converted for slices, and for one mask if it is a single number.
    """
    if isinstance(value, (list, tuple)):
        return np.asarray(value)
    if not isinstance(value, (Variable, *NUMBERS)) and not hasattr(value, "__array__"):
        raise DTypeError(f"setitem: needs a tensor, an array or a number, got {describe(value)}")
    if isinstance(value, Variable) and value._array.dtype != array.dtype and index.advanced:
        one_mask = not index.repeats and sum(type(item) is not slice for item in index.advanced) < 2
        if not one_mask or value._array.size != 1:
            raise DTypeError(
                f"setitem: the value is {value._array.dtype}, the tensor {array.dtype}; at "
                f"positions it is not converted: write value.to({str(array.dtype)!r})"
            )
    return value


def write_item(array: Any, index: Index, value: Any) -> None:
    """Store ``value`` in the memory of ``array`` at ``index``. Raises ShapeError, DTypeError,
    DimensionError."""
    if np.iscomplexobj(value) and array.dtype.kind not in "cb":
        raise DTypeError(
            f"setitem: a complex value can't be stored in {array.dtype}; take its real part: "
            f"value.real"
        )
    target = _getitem(array, index=index.basic)
    if index.advanced is not None and np.ndim(value) > 1:
        # NumPy lets a value have surplus leading dims of size 1, but not where a mask is involved.
        value = value.reshape(tuple(itertools.dropwhile(lambda size: size == 1, value.shape)))
    where = ... if index.advanced is None else index.advanced
    try:
        target[where] = value
    except IndexError as error:
        raise DimensionError(f"setitem: {error}") from None
    except ValueError:
        selected = target if index.advanced is None else _index(target, index=index.advanced)
        raise ShapeError(
            f"setitem: a value of shape {np.shape(value)} can't be stored where the index "
            f"selects {selected.shape}; it must broadcast to that"
        ) from None


@primitive(
    masks=True,
    x=lambda g, index: _set_item(g, 0, index=index),
    value=lambda g, x_shape, value_shape, index: _written(g, x_shape, value_shape, index),
)
def _set_item(x: Array, value: Array, *, index: Index) -> Array:
    out = np.array(x)
    write_item(out, index, value)
    return out


def _written(g: Any, x_shape: Any, value_shape: Any, index: Index) -> Any:
    """The gradient of the values written: what the index reads, where no later value has replaced
    it."""
    gradient = _read(g, index)
    if index.repeats:
        gradient = _where(_is_last(x_shape, index), gradient, 0)
    return _read_back(gradient, value_shape)


def _read_back(gradient: Any, value_shape: Any) -> Any:
    """The gradient of a value, which may have surplus leading dims of size 1."""
    surplus = len(value_shape) - len(gradient.shape)
    return gradient.reshape((1,) * surplus + tuple(gradient.shape)) if surplus > 0 else gradient


def _is_last(shape: tuple[int, ...], index: Index) -> Any:
    """For each element that ``index`` names, whether it names it for the last time."""
    writer = np.empty(shape, np.int64)
    selected = writer[index.basic][index.advanced]
    order = np.arange(selected.size).reshape(selected.shape)
    write_item(writer, index, order)
    return writer[index.basic][index.advanced] == order


@primitive(
    x=lambda g: g, value=lambda g, value_shape, index: _read_back(_read(g, index), value_shape)
)
def _add_item(x: Array, value: Array, *, index: Index) -> Array:
    """A copy of ``x`` with ``value`` added at ``index``, repeatedly where it names an element
    repeatedly."""
    out = np.array(x, order="C")
    if index.repeats and all(item in (_FULL, ...) for item in index.basic):
        add_at(out, index.advanced or (), value)
    elif index.repeats:
        sum_at(out[index.basic], index.advanced or (), value)
    else:
        old = out[index.basic]
        write_item(out, index, (old if index.advanced is None else old[index.advanced]) + value)
    return out


def put(input: Any, index: Any, source: Any, accumulate: bool = False) -> Any:
    """A copy of ``input`` with the elements of ``source`` written (or added) at the positions
    ``index`` of the flattened ``input``, in order.

    Raises ShapeError unless ``index`` and ``source`` have equally many elements, DTypeError unless
    ``source`` has the dtype of ``input``.

    >>> import autograd
    >>> places, values = autograd.tensor([0, 3]), autograd.tensor([1.0, 2.0])
    >>> autograd.put(autograd.zeros(2, 2), places, values).tolist()
    [[1.0, 0.0], [0.0, 2.0]]
    """
    array, places, values = array_of(input), array_of(index), array_of(source)
    if places.dtype != np.int64 or values.dtype != array.dtype:
        raise DTypeError(
            f"put: index must be int64 and source {array.dtype}, the dtype of input, got "
            f"{places.dtype} and {values.dtype}"
        )
    if places.size != values.size:
        raise ShapeError(f"put: {values.size} elements can't be put at {places.size} places")
    flat = index_put(input.reshape(-1), (places.reshape(-1),), source.reshape(-1), accumulate)
    return flat.reshape(array.shape)


def index_put(input: Any, indices: Any, values: Any, accumulate: bool = False) -> Any:
    """A copy of ``input`` in which ``input[indices]`` is ``values``; with ``accumulate``, to which
    they are added.

    >>> import autograd
    >>> places, values = autograd.tensor([0, 0]), autograd.tensor([1.0, 2.0])
    >>> autograd.index_put(autograd.zeros(3), (places,), values, accumulate=True)
    tensor([3., 0., 0.])
    """
    index = parse_index(array_of(input).shape, tuple(map(array_of, indices)))
    values = storable(array_of(input), index._replace(repeats=True), values)
    return (
        _add_item(input, values, index=index)
        if accumulate
        else _set_item(input, values, index=index)
    )
