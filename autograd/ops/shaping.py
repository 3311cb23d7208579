"""Other shapes of the same elements: reshaping, broadcasting, windows."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.broadcast import broadcast_to, sum_to
from autograd.core.primitive import primitive
from autograd.core.promotion import convert
from autograd.core.variable import Array, Variable, array_of, unwrap
from autograd.dtypes import DType, as_dtype, int64
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops.conversion import clone
from autograd.ops.indexing import checked_dim, getitem
from autograd.ops.precision import half_in_single

# -- arguments -------------------------------------------------------------------------------------


def sizes_of(name: str, sizes: tuple[Any, ...], named: Any = None) -> tuple[int, ...]:
    """The integers meant by ``op(x, 2, 3)`` or ``op(x, (2, 3))``, or given by name. Raises
    DTypeError for anything else."""
    if named is not None:
        if sizes:
            raise DTypeError(f"{name}: got {sizes} by position and {named} by name; give one")
        sizes = (named,)
    if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
        sizes = tuple(sizes[0])
    try:
        return tuple(map(operator.index, sizes))
    except TypeError:
        raise DTypeError(f"{name}: needs integers, as 2, 3 or as (2, 3), got {sizes}") from None


def checked_dims(name: str, dims: Sequence[int], ndim: int) -> tuple[int, ...]:
    """``dims`` counted from the front. Raises DimensionError if there is no such dim, ShapeError
    for one named twice."""
    found = tuple(checked_dim(name, dim, ndim) for dim in dims)
    if len(set(found)) != len(found):
        raise ShapeError(f"{name}: names a dim more than once: {tuple(dims)}")
    return found


def _shape(x: Any) -> tuple[int, ...]:
    shape: tuple[int, ...] = array_of(x).shape
    return shape


# -- the same elements in another shape ------------------------------------------------------------


@primitive(x=lambda g, x_shape: g.reshape(x_shape), view=True)
def _reshape(x: Array, *, shape: tuple[int, ...]) -> Array:
    if -1 in shape and x.size == 0 and 0 in shape:
        raise ShapeError(
            f"any size would do for the -1 in {shape}, for x has no elements; say which"
        )
    if min(shape, default=0) < -1:  # NumPy takes any negative size for -1
        raise ShapeError(_not_reshapable(x.size, shape))
    try:
        return x.reshape(shape)
    except ValueError:
        raise ShapeError(_not_reshapable(x.size, shape)) from None


def _not_reshapable(size: int, shape: tuple[int, ...]) -> str:
    if shape.count(-1) > 1:
        return f"only one size can be -1, to be inferred, got {shape}"
    if any(n < -1 for n in shape):
        return f"sizes must not be negative (except one -1, to be inferred), got {shape}"
    if -1 in shape:
        given = int(np.prod([n for n in shape if n != -1]))
        return f"{size} elements don't fill {shape}: {given}, the rest of it, doesn't divide {size}"
    return f"{size} elements don't fill {shape}; a size of -1 stands for the one that fits"


def reshape(input: Any, *sizes: Any, shape: Any = None) -> Any:
    """``input`` in another shape with as many elements, row by row; a view where possible. One size
    may be -1: what fits.

    >>> import autograd
    >>> autograd.reshape(autograd.arange(6), (2, -1))
    tensor([[0, 1, 2],
            [3, 4, 5]])
    """
    return _reshape(input, shape=sizes_of("reshape", sizes, shape))


def view(x: Any, *shape: Any) -> Any:
    """``x`` in another shape, or its memory read as another dtype, without a copy.

    Raises ShapeError where only a copy could have that shape, as after a transpose.

    >>> import autograd
    >>> autograd.ones(2).view(autograd.int32)
    tensor([1065353216, 1065353216], dtype=int32)
    """
    if len(shape) == 1 and (isinstance(shape[0], (np.dtype, str, type))):
        return _reinterpret(x, dtype=as_dtype(shape[0]))
    if isinstance(x, Variable) and x._version is None and x._array.ndim > 1:
        # Nobody else has seen this memory. It may be in another order, for convolutions prefer
        # channels last, where PyTorch's result would be row-major.
        x._array = np.ascontiguousarray(x._array)
    result = _reshape(x, shape=sizes_of("view", shape))
    array = array_of(x)
    if array.size and not np.may_share_memory(unwrap(result), array):
        raise ShapeError(
            f"view: x is not contiguous, so its elements ({array.shape}) can't be seen as "
            f"{shape} without a copy; "
            "use reshape"
        )
    return result


@primitive(view=True)
def _reinterpret(x: Array, *, dtype: DType) -> Array:
    return x.view(dtype)


def reshape_as(x: Any, other: Any) -> Any:
    """``x`` in the shape of ``other``."""
    return _reshape(x, shape=_shape(other))


def view_as(x: Any, other: Any) -> Any:
    """``x`` in the shape of ``other``, without a copy."""
    return view(x, _shape(other))


def ravel(input: Any) -> Any:
    """``input`` in one dim."""
    return _reshape(input, shape=(-1,))


def flatten(input: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    """``input`` with the dims from ``start_dim`` to ``end_dim`` made into one.

    >>> import autograd
    >>> autograd.flatten(autograd.ones(2, 3, 4), 1).shape
    (2, 12)
    """
    shape = _shape(input) or (1,)
    start, end = checked_dims_apart("flatten", start_dim, end_dim, len(shape))
    if start > end:
        raise ShapeError(
            f"flatten: start_dim must not come after end_dim, got {start_dim} and {end_dim}"
        )
    return _reshape(
        input, shape=(*shape[:start], int(np.prod(shape[start : end + 1])), *shape[end + 1 :])
    )


def checked_dims_apart(name: str, first: int, second: int, ndim: int) -> tuple[int, int]:
    """Two dims, which may be the same, counted from the front. Raises DimensionError."""
    return checked_dim(name, first, ndim), checked_dim(name, second, ndim)


def unflatten(input: Any, dim: int, sizes: Sequence[int]) -> Any:
    """``input`` with ``dim`` made into several, of the given ``sizes``; one may be -1.

    >>> import autograd
    >>> autograd.unflatten(autograd.ones(2, 12), 1, (3, -1)).shape
    (2, 3, 4)
    """
    shape = _shape(input)
    if not shape:
        raise ShapeError("unflatten: input has no dims; use reshape")
    dim = checked_dim("unflatten", dim, len(shape))
    parts = list(sizes_of("unflatten", (tuple(sizes),)))
    size = shape[dim]
    known = int(np.prod([n for n in parts if n != -1]))
    if parts.count(-1) == 1 and known and size % known == 0:
        parts[parts.index(-1)] = size // known
    if not parts or min(parts) < 0 or int(np.prod(parts)) != size:
        raise ShapeError(
            f"unflatten: sizes {tuple(sizes)} don't multiply to {size}, the size of dim {dim} of "
            f"{shape}"
        )
    return _reshape(input, shape=(*shape[:dim], *parts, *shape[dim + 1 :]))


def squeeze(input: Any, dim: int | Sequence[int] | None = None) -> Any:
    """``input`` without its dims of size 1, or without those among ``dim``.

    >>> import autograd
    >>> x = autograd.ones(1, 2, 1)
    >>> autograd.squeeze(x).shape, autograd.squeeze(x, 0).shape
    ((2,), (2, 1))
    """
    shape = _shape(input)
    named = range(len(shape)) if dim is None else dim if isinstance(dim, (tuple, list)) else (dim,)
    dims = checked_dims("squeeze", named, len(shape))
    return _reshape(input, shape=tuple(n for i, n in enumerate(shape) if n != 1 or i not in dims))


def unsqueeze(input: Any, dim: int) -> Any:
    """``input`` with a new dim of size 1, which becomes its ``dim``."""
    shape = _shape(input)
    dim = checked_dim("unsqueeze", dim, len(shape) + 1)
    return _reshape(input, shape=(*shape[:dim], 1, *shape[dim:]))


def contiguous(x: Any) -> Any:
    """``x`` with its elements in memory in row-major order: itself if they are, else a copy."""
    return x if array_of(x).flags.c_contiguous else _row_major(x)


@primitive(x=lambda g: g)
def _row_major(x: Array) -> Array:
    return np.copy(x, order="C")


# -- broadcasting ----------------------------------------------------------------------------------


def expand(x: Any, *sizes: Any, size: Any = None) -> Any:
    """``x`` repeated along its dims of size 1, and along new leading dims, to ``sizes``; a view.
    -1 keeps a size.

    >>> import autograd
    >>> autograd.tensor([[1], [2]]).expand(-1, 3)
    tensor([[1, 1, 1],
            [2, 2, 2]])
    """
    wanted = sizes_of("expand", sizes, size)
    shape = _shape(x)
    new = len(wanted) - len(shape)
    if new < 0:
        raise ShapeError(
            f"expand: sizes must be given for all {len(shape)} dims of x {shape}, got {wanted}"
        )
    if any(size < 0 if i < new else size < -1 for i, size in enumerate(wanted)):
        raise ShapeError(
            f"expand: new dims need a size, and -1 is the only negative one, got {wanted} for x "
            f"{shape}"
        )
    target = (
        *wanted[:new],
        *(old if size == -1 else size for size, old in zip(wanted[new:], shape)),
    )
    if any(old not in (1, size) for size, old in zip(target[new:], shape)):
        raise ShapeError(
            f"expand: only dims of size 1 can be expanded, got {wanted} for x {shape}; repeat() "
            f"copies"
        )
    return broadcast_to(x, shape=target)


def expand_as(x: Any, other: Any) -> Any:
    """``x`` expanded to the shape of ``other``; a view."""
    return expand(x, _shape(other))


def broadcast_shapes(*shapes: Any) -> tuple[int, ...]:
    """The shape that tensors of these shapes broadcast to. Raises ShapeError if they don't.

    >>> broadcast_shapes((2, 1), (3,))
    (2, 3)
    """
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        listed = ", ".join(map(str, shapes))
        raise ShapeError(
            f"broadcast_shapes: {listed} don't broadcast; sizes counted from the last dim must "
            f"be equal or 1"
        ) from None


def broadcast_tensors(*tensors: Any) -> tuple[Any, ...]:
    """All ``tensors`` expanded to the shape they broadcast to."""
    shape = broadcast_shapes(*map(_shape, tensors))
    return tuple(broadcast_to(tensor, shape=shape) for tensor in tensors)


def sum_to_size(x: Any, *sizes: Any, size: Any = None) -> Any:
    """``x`` summed down to ``size``, which must broadcast to its shape; integers to int64."""
    shape = sizes_of("sum_to_size", sizes, size)
    if shape and shape == _shape(x):
        return x
    if isinstance(x, Variable) and x._array.dtype.kind in "biu":
        x = convert(x, int64)
    return half_in_single(sum_to)(x, shape=shape)


# -- parts along a dim -----------------------------------------------------------------------------


def narrow(input: Any, dim: int, start: Any, length: int) -> Any:
    """The ``length`` slices of ``input`` along ``dim`` from ``start`` on; a view. Raises
    DimensionError outside ``input``."""
    shape = _shape(input)
    if not shape:
        raise DimensionError("narrow: input has no dims to narrow")
    place = np.asarray(unwrap(start))
    if place.dtype.kind not in "iu" or place.ndim:
        raise DTypeError("narrow: start must be an integer, or an integer tensor without dims")
    dim, start = checked_dim("narrow", dim, len(shape)), int(start)
    first = start + shape[dim] if start < 0 else start
    if length < 0 or not 0 <= first <= shape[dim] - length:
        raise DimensionError(
            f"narrow: start {start} and length {length} reach outside dim {dim} of size "
            f"{shape[dim]} (input {shape})"
        )
    return getitem(input, (slice(None),) * dim + (slice(first, first + length),))


def narrow_copy(input: Any, dim: int, start: int, length: int) -> Any:
    """A copy of what `narrow` gives."""
    return clone(narrow(input, dim, start, length))


def select(input: Any, dim: int, index: int) -> Any:
    """The slice of ``input`` at ``index`` along ``dim``, without that dim; a view."""
    if not _shape(input):
        raise DimensionError("select: input has no dims to select from")
    return getitem(
        input,
        (slice(None),) * checked_dim("select", dim, len(_shape(input))) + (operator.index(index),),
    )


@primitive(
    x=lambda g, x_shape, dim, size, step: _fold(g, shape=x_shape, dim=dim, size=size, step=step),
    view=True,
)
def _unfold(x: Array, *, dim: int, size: int, step: int) -> Array:
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=dim)
    return windows[(slice(None),) * dim + (slice(None, None, step),)]


@primitive(x=lambda g, dim, size, step: _unfold(g, dim=dim, size=size, step=step))
def _fold(x: Array, *, shape: tuple[int, ...], dim: int, size: int, step: int) -> Array:
    """Zeros of ``shape`` with windows added where `unfold` would read them: one offset in all
    windows at a time."""
    out = np.zeros_like(x, shape=shape)
    target = np.moveaxis(out, dim, -1)
    windows = np.moveaxis(x, dim, -2)
    for offset in range(size):
        reached = offset + step * windows.shape[-2]
        target[..., offset:reached:step] += windows[..., offset]
    return out


def unfold(x: Any, dimension: int, size: int, step: int) -> Any:
    """All windows of ``size`` elements along a dim, ``step`` apart, each in a new last dim; a view.

    >>> import autograd
    >>> autograd.arange(5).unfold(0, 3, 2)
    tensor([[0, 1, 2],
            [2, 3, 4]])
    """
    if not _shape(x):
        return unfold(x.reshape(1), dimension, size, step)[0]
    dim = checked_dim("unfold", dimension, len(_shape(x)))
    if step < 1 or not 0 <= size <= _shape(x)[dim]:
        raise ShapeError(
            f"unfold: windows of {size}, {step} apart, don't fit dim {dim} of size {_shape(x)[dim]}"
        )
    return _unfold(x, dim=dim, size=size, step=step)


# -- at least so many dims -------------------------------------------------------------------------


def _each(convert: Any, tensors: tuple[Any, ...]) -> Any:
    """``convert`` of one tensor, or of several (given apart or in a list), in a tuple."""
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        return tuple(map(convert, tensors[0]))
    return convert(tensors[0]) if len(tensors) == 1 else tuple(map(convert, tensors))


def atleast_1d(*tensors: Any) -> Any:
    """A tensor (or each of several) with at least one dim."""
    return _each(lambda x: x if _shape(x) else x.reshape(1), tensors)


def atleast_2d(*tensors: Any) -> Any:
    """A tensor (or each of several) with at least two dims; new ones come first."""
    return _each(lambda x: x if len(_shape(x)) >= 2 else x.reshape(1, -1), tensors)


def atleast_3d(*tensors: Any) -> Any:
    """A tensor (or each of several) with at least three dims: a matrix gets one at its end, a
    vector one on each side."""

    def convert(x: Any) -> Any:
        shape = _shape(x)
        return x if len(shape) >= 3 else x.reshape((*shape, 1) if len(shape) == 2 else (1, -1, 1))

    return _each(convert, tensors)
