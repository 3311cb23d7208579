"""The elements of a tensor in another order, or repeated: transposing, flipping, rotating,
tiling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.broadcast import sum_to
from autograd.core.primitive import primitive
from autograd.core.variable import Array, unwrap
from autograd.errors import DimensionError, ShapeError
from autograd.ops.conversion import clone
from autograd.ops.gathering import index_select
from autograd.ops.indexing import checked_dim
from autograd.ops.shaping import checked_dims, ravel, sizes_of


def _shape(x: Any) -> tuple[int, ...]:
    return np.shape(unwrap(x))


# -- other orders of the dims ----------------------------------------------------------------------


@primitive(x=lambda g, dims: _permute(g, dims=tuple(map(dims.index, range(len(dims))))), view=True)
def _permute(x: Array, *, dims: tuple[int, ...]) -> Array:
    return np.transpose(x, dims)


def permute(x: Any, *dims: Any) -> Any:
    """``x`` with its dims in another order: dim ``i`` of the result is ``dims[i]`` of ``x``; a
    view.

    >>> import autograd
    >>> autograd.permute(autograd.ones(2, 3, 4), (2, 0, 1)).shape
    (4, 2, 3)
    """
    ndim = len(_shape(x))
    order = sizes_of("permute", dims)
    if len(order) != ndim:
        raise ShapeError(f"permute: needs each of the {ndim} dims of x once, got {order}")
    return _permute(x, dims=checked_dims("permute", order, ndim))


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


def t(x: Any) -> Any:
    """The transpose of a matrix; a vector or a number as it is. Raises ShapeError for more dims."""
    ndim = len(_shape(x))
    if ndim > 2:
        raise ShapeError(
            f"t: needs at most 2 dims, got {ndim}; use mT for a stack of matrices, or permute"
        )
    return _permute(x, dims=tuple(range(ndim))[::-1])


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


def mH(x: Any) -> Any:
    """The conjugate transpose of each matrix in a stack of them."""
    return mT(x).conj() if unwrap(x).dtype.kind == "c" else mT(x)


adjoint = mH


def movedim(x: Any, source: int | Sequence[int], destination: int | Sequence[int]) -> Any:
    """``x`` with the dims ``source`` moved to the places ``destination``; the others keep their
    order.

    >>> import autograd
    >>> autograd.movedim(autograd.ones(2, 3, 4), 0, -1).shape
    (3, 4, 2)
    """
    ndim = len(_shape(x))
    origins = checked_dims("movedim", (source,) if isinstance(source, int) else source, ndim)
    places = checked_dims(
        "movedim", (destination,) if isinstance(destination, int) else destination, ndim
    )
    if len(origins) != len(places):
        raise ShapeError(f"movedim: {len(origins)} dims can't move to {len(places)} places")
    order = [dim for dim in range(ndim) if dim not in origins]
    for place, origin in sorted(zip(places, origins)):
        order.insert(place, origin)
    return _permute(x, dims=tuple(order[:ndim]))


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


def repeat(x: Any, *repeats: Any) -> Any:
    """A copy of ``x`` repeated ``repeats[i]`` times along dim ``i``; more repeats than dims add
    leading dims.

    >>> import autograd
    >>> autograd.tensor([1, 2]).repeat(2, 2)
    tensor([[1, 2, 1, 2],
            [1, 2, 1, 2]])
    """
    times = sizes_of("repeat", repeats)
    if len(times) < len(_shape(x)) or min(times, default=0) < 0:
        raise ShapeError(
            f"repeat: needs a number of repeats, none negative, for each of the {len(_shape(x))} "
            f"dims of x, got {times}"
        )
    return _repeat(x, repeats=times)


def tile(x: Any, *dims: Any) -> Any:
    """As `repeat`; where there are fewer numbers than dims, they are those of the last dims."""
    times = sizes_of("tile", dims)
    return repeat(x, (1,) * (len(_shape(x)) - len(times)) + times)


def repeat_interleave(
    x: Any, repeats: Any, dim: int | None = None, *, output_size: int | None = None
) -> Any:
    """Each element of ``x`` along ``dim`` (of the flattened ``x`` without one) ``repeats`` times
    in a row.

    ``repeats``: a number, or an integer tensor with one for each element. ``output_size`` is not
    needed.

    >>> import autograd
    >>> autograd.repeat_interleave(autograd.tensor([1, 2]), autograd.tensor([1, 3]))
    tensor([1, 2, 2, 2])
    """
    if dim is None:
        x, dim = ravel(x), 0
    dim = checked_dim("repeat_interleave", dim, len(_shape(x)))
    size, counts = (_shape(x) or (1,))[dim], np.asarray(unwrap(repeats))
    if counts.dtype.kind not in "iu" or counts.ndim > 1 or np.any(counts < 0):
        raise ShapeError(
            "repeat_interleave: repeats must be an integer or a tensor of them in one dim, none "
            "negative"
        )
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
    return index_select(x.reshape(_shape(x) or (1,)), dim, places)


# -- flipping and rotating -------------------------------------------------------------------------


@primitive(x=lambda g, dims: _flip(g, dims=dims))
def _flip(x: Array, *, dims: tuple[int, ...]) -> Array:
    return np.flip(x, dims).copy()  # a copy, as in PyTorch: changing it in place leaves x alone


def flip(x: Any, *dims: Any) -> Any:
    """A copy of ``x`` with the order of its elements along ``dims`` reversed.

    >>> import autograd
    >>> autograd.flip(autograd.tensor([[1, 2], [3, 4]]), (0,))
    tensor([[3, 4],
            [1, 2]])
    """
    named = sizes_of("flip", dims)
    return _flip(x, dims=checked_dims("flip", named, len(_shape(x))) if _shape(x) else ())


def fliplr(x: Any) -> Any:
    """``x`` with its columns (dim 1) reversed."""
    if len(_shape(x)) < 2:
        raise ShapeError(f"fliplr: needs at least 2 dims, got shape {_shape(x)}")
    return flip(x, 1)


def flipud(x: Any) -> Any:
    """``x`` with its rows (dim 0) reversed."""
    if not _shape(x):
        raise ShapeError("flipud: needs at least 1 dim, got none")
    return flip(x, 0)


@primitive(x=lambda g, shifts, dims: _roll(g, shifts=tuple(-n for n in shifts), dims=dims))
def _roll(x: Array, *, shifts: tuple[int, ...], dims: tuple[int, ...]) -> Array:
    return np.roll(x, shifts, dims)


def roll(x: Any, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Any:
    """``x`` with its elements moved ``shifts`` places along ``dims``, what leaves at one end
    entering at the other.

    Without ``dims``, in the flattened ``x``.

    >>> import autograd
    >>> autograd.roll(autograd.tensor([1, 2, 3]), 1)
    tensor([3, 1, 2])
    """
    moves = sizes_of("roll", (shifts,))
    if dims is None:
        if len(moves) != 1:
            raise ShapeError(f"roll: without dims there is one shift, got {moves}")
        return _roll(ravel(x), shifts=moves, dims=(0,)).reshape(_shape(x))
    axes = sizes_of("roll", (dims,))
    if len(moves) != len(axes):
        raise ShapeError(f"roll: needs a shift for each dim, got shifts {moves} and dims {axes}")
    if axes and not _shape(x):
        raise DimensionError("roll: x has no dims to roll along")
    axes = tuple(checked_dim("roll", dim, len(_shape(x))) for dim in axes)
    return _roll(x, shifts=moves, dims=axes)


def rot90(x: Any, k: int = 1, dims: Sequence[int] = (0, 1)) -> Any:
    """``x`` turned by ``k`` right angles in the plane of two ``dims``, from the first towards the
    second.

    >>> import autograd
    >>> autograd.rot90(autograd.tensor([[1, 2], [3, 4]]))
    tensor([[2, 4],
            [1, 3]])
    """
    if len(dims) != 2:
        raise ShapeError(f"rot90: needs two dims, got {tuple(dims)}")
    first, second = checked_dims("rot90", dims, len(_shape(x)))
    if k % 4 == 1:
        return transpose(flip(x, second), first, second)
    if k % 4 == 3:
        return transpose(flip(x, first), first, second)
    return flip(x, first, second) if k % 4 else clone(x)
