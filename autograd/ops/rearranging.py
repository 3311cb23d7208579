"""The elements of a tensor in another order, or repeated: transposing, flipping, rotating,
tiling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.broadcast import sum_to
from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of, unwrap
from autograd.errors import DimensionError, DTypeError, ShapeError, describe
from autograd.ops.conversion import clone
from autograd.ops.gathering import index_select
from autograd.ops.indexing import checked_dim
from autograd.ops.shaping import checked_dims, ravel, sizes_of


def _shape(x: Any) -> tuple[int, ...]:
    shape: tuple[int, ...] = array_of(x).shape
    return shape


# -- other orders of the dims ----------------------------------------------------------------------


@primitive(x=lambda g, dims: _permute(g, dims=tuple(map(dims.index, range(len(dims))))), view=True)
def _permute(x: Array, *, dims: tuple[int, ...]) -> Array:
    return np.transpose(x, dims)


def permute(input: Any, *order: Any, dims: Any = None) -> Any:
    """``input`` with its dims in another order: dim ``i`` of the result is ``dims[i]`` of
    ``input``; a view.

    >>> import autograd
    >>> autograd.permute(autograd.ones(2, 3, 4), (2, 0, 1)).shape
    (4, 2, 3)
    """
    ndim = len(_shape(input))
    named = sizes_of("permute", order, dims)
    if len(named) != ndim:
        raise ShapeError(f"permute: needs each of the {ndim} dims of input once, got {named}")
    return _permute(input, dims=checked_dims("permute", named, ndim))


@primitive(x=lambda g, dim0, dim1: transpose(g, dim0, dim1), view=True)
def transpose(x: Array, dim0: int, dim1: int) -> Array:
    """``x`` with two dims exchanged; a view.

    >>> import autograd
    >>> autograd.transpose(autograd.ones(2, 3, 4), 0, -1).shape
    (4, 3, 2)
    """
    return np.swapaxes(x, dim0, dim1) if x.ndim else _scalar_view(x, dim0, dim1)


def _scalar_view(x: Any, *dims: int) -> Any:
    for dim in dims:
        checked_dim("transpose", dim, 0)
    return x[...]


swapaxes = swapdims = transpose


def t(input: Any) -> Any:
    """The transpose of a matrix; a vector or a number as it is. Raises ShapeError for more dims."""
    ndim = len(_shape(input))
    if ndim > 2:
        raise ShapeError(
            f"t: needs at most 2 dims, got {ndim}; use mT for a stack of matrices, or permute"
        )
    return _permute(input, dims=tuple(range(ndim))[::-1])


def T(x: Any) -> Any:
    """``x`` with its dims in reverse order."""
    return _permute(x, dims=tuple(range(len(_shape(x))))[::-1])


def mT(x: Any) -> Any:
    """The transpose of each matrix in a stack of them: the last two dims exchanged."""
    if len(_shape(x)) == 0:
        return T(x)
    if len(_shape(x)) < 2:
        raise ShapeError(f"mT: needs at least 2 dims, got shape {_shape(x)}")
    return transpose(x, -2, -1)


def H(x: Any) -> Any:
    """The conjugate transpose of a matrix."""
    if len(_shape(x)) != 2:
        raise ShapeError(
            f"H: needs a matrix, got shape {_shape(x)}; use mH for a stack of matrices"
        )
    return mH(x)


def mH(input: Any) -> Any:
    """The conjugate transpose of each matrix in a stack of them."""
    return mT(input).conj() if array_of(input).dtype.kind == "c" else mT(input)


adjoint = mH


def movedim(input: Any, source: int | Sequence[int], destination: int | Sequence[int]) -> Any:
    """``input`` with the dims ``source`` moved to the places ``destination``; the others keep their
    order.

    >>> import autograd
    >>> autograd.movedim(autograd.ones(2, 3, 4), 0, -1).shape
    (3, 4, 2)
    """
    ndim = len(_shape(input))
    origins = checked_dims("movedim", (source,) if isinstance(source, int) else source, ndim)
    places = checked_dims(
        "movedim", (destination,) if isinstance(destination, int) else destination, ndim
    )
    if len(origins) != len(places):
        raise ShapeError(f"movedim: {len(origins)} dims can't move to {len(places)} places")
    order = [dim for dim in range(ndim) if dim not in origins]
    for place, origin in sorted(zip(places, origins)):
        order.insert(place, origin)
    return _permute(input, dims=tuple(order[:ndim]))


moveaxis = movedim


# -- repeating -------------------------------------------------------------------------------------


@primitive(x=lambda g, x_shape, repeats: _sum_repeats(g, x_shape, repeats))
def _repeat(x: Array, *, repeats: tuple[int, ...]) -> Array:
    return np.tile(x, repeats)


def _sum_repeats(g: Any, shape: tuple[int, ...], repeats: tuple[int, ...]) -> Any:
    shape_in = (1,) * (len(repeats) - len(shape)) + tuple(shape)
    apart = tuple(n for pair in zip(repeats, shape_in) for n in pair)
    once = tuple(n for size in shape_in for n in (1, size))
    return sum_to(g.reshape(apart), shape=once).reshape(shape)


def repeat(x: Any, *times: Any, repeats: Any = None) -> Any:
    """A copy of ``x`` repeated ``repeats[i]`` times along dim ``i``; more repeats than dims add
    leading dims.

    >>> import autograd
    >>> autograd.tensor([1, 2]).repeat(2, 2)
    tensor([[1, 2, 1, 2],
            [1, 2, 1, 2]])
    """
    counts = sizes_of("repeat", times, repeats)
    if len(counts) < len(_shape(x)) or min(counts, default=0) < 0:
        raise ShapeError(
            f"repeat: needs a number of repeats, none negative, for each of the {len(_shape(x))} "
            f"dims of x, got {counts}"
        )
    return _repeat(x, repeats=counts)


def tile(input: Any, *times: Any, dims: Any = None) -> Any:
    """As `repeat`; where there are fewer numbers than dims, they are those of the last dims."""
    counts = sizes_of("tile", times, dims)
    return repeat(input, (1,) * (len(_shape(input)) - len(counts)) + counts)


def repeat_interleave(
    input: Any, repeats: Any, dim: int | None = None, *, output_size: int | None = None
) -> Any:
    """Each element of ``input`` along ``dim`` (of the flattened ``input`` without one) ``repeats``
    times in a row.

    ``repeats``: a number, or an integer tensor with one for each element. ``output_size`` is not
    needed.

    >>> import autograd
    >>> autograd.repeat_interleave(autograd.tensor([1, 2]), autograd.tensor([1, 3]))
    tensor([1, 2, 2, 2])
    """
    if dim is None:
        input, dim = ravel(input), 0
    dim = checked_dim("repeat_interleave", dim, len(_shape(input)))
    size, counts = (_shape(input) or (1,))[dim], np.asarray(unwrap(repeats))
    if counts.dtype.kind not in "iu":
        raise DTypeError(
            "repeat_interleave: repeats must be an integer, or a tensor of them, got "
            f"{describe(repeats)}"
        )
    if counts.ndim > 1 or np.any(counts < 0):
        raise ShapeError("repeat_interleave: repeats must have at most one dim, none negative")
    if counts.size not in (1, size):
        raise ShapeError(
            f"repeat_interleave: {counts.size} repeats for the {size} elements of dim {dim}; "
            f"needs one each"
        )
    places = np.repeat(np.arange(size), counts)
    if output_size is not None and output_size != places.size:
        raise ShapeError(
            f"repeat_interleave: output_size is {output_size}, but the repeats make {places.size}"
        )
    return index_select(input.reshape(_shape(input) or (1,)), dim, places)


# -- flipping and rotating -------------------------------------------------------------------------


@primitive(x=lambda g, dims: _flip(g, dims=dims))
def _flip(x: Array, *, dims: tuple[int, ...]) -> Array:
    return np.flip(x, dims).copy()  # a copy, as in PyTorch: changing it in place leaves x alone


def flip(input: Any, *order: Any, dims: Any = None) -> Any:
    """A copy of ``input`` with the order of its elements along ``dims`` reversed.

    >>> import autograd
    >>> autograd.flip(autograd.tensor([[1, 2], [3, 4]]), (0,))
    tensor([[3, 4],
            [1, 2]])
    """
    named = sizes_of("flip", order, dims)
    return _flip(
        input, dims=checked_dims("flip", named, len(_shape(input))) if _shape(input) else ()
    )


def fliplr(input: Any) -> Any:
    """``input`` with its columns (dim 1) reversed."""
    if len(_shape(input)) < 2:
        raise ShapeError(f"fliplr: needs at least 2 dims, got shape {_shape(input)}")
    return flip(input, 1)


def flipud(input: Any) -> Any:
    """``input`` with its rows (dim 0) reversed."""
    if not _shape(input):
        raise ShapeError("flipud: needs at least 1 dim, got none")
    return flip(input, 0)


@primitive(x=lambda g, shifts, dims: _roll(g, shifts=tuple(-n for n in shifts), dims=dims))
def _roll(x: Array, *, shifts: tuple[int, ...], dims: tuple[int, ...]) -> Array:
    return np.roll(x, shifts, dims)


def roll(input: Any, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Any:
    """``input`` with its elements moved ``shifts`` places along ``dims``, what leaves at one end
    entering at the other.

    Without ``dims``, in the flattened ``input``.

    >>> import autograd
    >>> autograd.roll(autograd.tensor([1, 2, 3]), 1)
    tensor([3, 1, 2])
    """
    moves = sizes_of("roll", (shifts,))
    if dims is None:
        if len(moves) != 1:
            raise ShapeError(f"roll: without dims there is one shift, got {moves}")
        return _roll(ravel(input), shifts=moves, dims=(0,)).reshape(_shape(input))
    axes = sizes_of("roll", (dims,))
    if len(moves) != len(axes):
        raise ShapeError(f"roll: needs a shift for each dim, got shifts {moves} and dims {axes}")
    if axes and not _shape(input):
        raise DimensionError("roll: input has no dims to roll along")
    axes = tuple(checked_dim("roll", dim, len(_shape(input))) for dim in axes)
    return _roll(input, shifts=moves, dims=axes)


def rot90(input: Any, k: int = 1, dims: Sequence[int] = (0, 1)) -> Any:
    """``input`` turned by ``k`` right angles in the plane of two ``dims``, from the first towards
    the second.

    >>> import autograd
    >>> autograd.rot90(autograd.tensor([[1, 2], [3, 4]]))
    tensor([[2, 4],
            [1, 3]])
    """
    if len(dims) != 2:
        raise ShapeError(f"rot90: needs two dims, got {tuple(dims)}")
    first, second = checked_dims("rot90", dims, len(_shape(input)))
    if k % 4 == 1:
        return transpose(flip(input, second), first, second)
    if k % 4 == 3:
        return transpose(flip(input, first), first, second)
    return flip(input, first, second) if k % 4 else clone(input)
