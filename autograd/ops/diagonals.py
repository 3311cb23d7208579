"""Diagonals and triangles of matrices, and of stacks of matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.broadcast import broadcast_to
from autograd.core.primitive import primitive
from autograd.core.promotion import NUMBERS
from autograd.core.variable import Array, array_of, checked_tensor, make
from autograd.dtypes import as_dtype
from autograd.errors import DimensionError, ShapeError
from autograd.ops.conversion import check_device
from autograd.ops.indexing import checked_dim
from autograd.ops.joining import cat

# -- diagonals -------------------------------------------------------------------------------------


def _diagonal_view(x: Any, offset: int, dim1: int, dim2: int) -> Any:
    """The diagonal as a view that can be written to, which ``np.diagonal`` is not."""
    rows, columns = x.shape[dim1], x.shape[dim2]
    length = max(0, min(rows, columns - offset) if offset >= 0 else min(rows + offset, columns))
    others = [dim for dim in range(x.ndim) if dim not in (dim1, dim2)]
    start = [slice(None)] * x.ndim
    if length:
        start[dim1], start[dim2] = slice(max(-offset, 0), None), slice(max(offset, 0), None)
    return np.lib.stride_tricks.as_strided(
        x[tuple(start)],
        (*(x.shape[dim] for dim in others), length),
        (*(x.strides[dim] for dim in others), x.strides[dim1] + x.strides[dim2]),
        writeable=x.flags.writeable,
    )


@primitive(
    x=lambda g, x_shape, offset, dim1, dim2: _place_diagonal(
        g, shape=x_shape, offset=offset, dim1=dim1, dim2=dim2
    ),
    view=True,
)
def _diagonal(x: Array, *, offset: int, dim1: int, dim2: int) -> Array:
    return _diagonal_view(x, offset, dim1, dim2)


@primitive(
    x=lambda g, offset, dim1, dim2: _diagonal(g, offset=offset, dim1=dim1, dim2=dim2),
)
def _place_diagonal(
    x: Array, *, shape: tuple[int, ...], offset: int, dim1: int, dim2: int
) -> Array:
    """Zeros of ``shape`` with ``x`` on a diagonal."""
    out = np.zeros_like(x, shape=shape)
    _diagonal_view(out, offset, dim1, dim2)[...] = x
    return out


def diagonal(input: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """The diagonals of the matrices that ``dim1`` and ``dim2`` span, in a new last dim; a view.

    ``offset`` counts the diagonals above the main one (negative: below). Raises ShapeError,
    DimensionError.

    >>> import autograd
    >>> x = autograd.tensor([[1, 2], [3, 4]])
    >>> autograd.diagonal(x), autograd.diagonal(x, 1)
    (tensor([1, 4]), tensor([2]))
    """
    dim1, dim2 = _two_dims("diagonal", dim1, dim2, array_of(input).ndim)
    return _diagonal(input, offset=offset, dim1=dim1, dim2=dim2)


def _two_dims(name: str, dim1: int, dim2: int, ndim: int) -> tuple[int, int]:
    if ndim < 2:
        raise DimensionError(f"{name}: needs at least 2 dims, got {ndim}")
    first, second = checked_dim(name, dim1, ndim), checked_dim(name, dim2, ndim)
    if first == second:
        raise ShapeError(
            f"{name}: needs two different dims, got {dim1} and {dim2}, which are the same"
        )
    return first, second


def diag_embed(input: Any, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """Matrices, spanned by the new dims ``dim1`` and ``dim2``, with the last dim of ``input`` on a
    diagonal, 0 elsewhere.

    >>> import autograd
    >>> autograd.diag_embed(autograd.tensor([1, 2]))
    tensor([[1, 0],
            [0, 2]])
    """
    shape = array_of(input).shape
    if not shape:
        raise ShapeError("diag_embed: needs at least 1 dim, got none")
    first, second = _two_dims("diag_embed", dim1, dim2, len(shape) + 1)
    size = shape[-1] + abs(offset)
    result = list(shape[:-1])
    for dim in sorted((first, second)):
        result.insert(dim, size)
    return _place_diagonal(input, shape=tuple(result), offset=offset, dim1=first, dim2=second)


def diag(input: Any, diagonal: int = 0) -> Any:
    """The diagonal of a matrix (a copy), or the matrix with a vector on its diagonal.

    >>> import autograd
    >>> autograd.diag(autograd.tensor([[1, 2], [3, 4]]))
    tensor([1, 4])
    """
    ndim = array_of(input).ndim
    if ndim not in (1, 2):
        raise ShapeError(
            f"diag: needs a vector or a matrix, got {ndim} dims; see diagonal and diag_embed"
        )
    if ndim == 1:
        return diag_embed(input, diagonal)
    return _diagonal_copy(input, offset=diagonal)


@primitive(
    x=lambda g, x_shape, offset: _place_diagonal(g, shape=x_shape, offset=offset, dim1=0, dim2=1)
)
def _diagonal_copy(x: Array, *, offset: int) -> Array:
    return _diagonal_view(x, offset, 0, 1).copy()


def diagflat(input: Any, offset: int = 0) -> Any:
    """The matrix with the flattened ``input`` on a diagonal."""
    return diag_embed(checked_tensor(input).reshape(-1), offset)


@primitive(
    x=lambda g, offset, dim1, dim2: _set_diagonal(g, 0, offset=offset, dim1=dim1, dim2=dim2),
    value=lambda g, offset, dim1, dim2: _diagonal(g, offset=offset, dim1=dim1, dim2=dim2),
)
def _set_diagonal(x: Array, value: Array, *, offset: int, dim1: int, dim2: int) -> Array:
    out = np.array(x)
    target = _diagonal_view(out, offset, dim1, dim2)
    if np.shape(value) not in ((), target.shape):
        raise ShapeError(f"the value must have the shape of the diagonal, {target.shape}")
    target[...] = value
    return out


def diagonal_scatter(input: Any, src: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """A copy of ``input`` with the diagonal that `diagonal` would give replaced by ``src``.

    >>> import autograd
    >>> autograd.diagonal_scatter(autograd.zeros(2, 2), autograd.ones(2))
    tensor([[1., 0.],
            [0., 1.]])
    """
    dim1, dim2 = _two_dims("diagonal_scatter", dim1, dim2, array_of(input).ndim)
    src = src if isinstance(src, NUMBERS) else checked_tensor(src)
    return _set_diagonal(input, src, offset=offset, dim1=dim1, dim2=dim2)


@primitive(x=lambda g, x_shape: _spread(g, shape=x_shape))
def trace(x: Array) -> Array:
    """The sum of the diagonal of a matrix. Raises ShapeError for any other number of dims.

    >>> import autograd
    >>> autograd.trace(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(5.)
    """
    if x.ndim != 2:
        raise ShapeError(
            "needs a matrix; sum the diagonal of a stack of them: x.diagonal(dim1=-2, "
            "dim2=-1).sum(-1)"
        )
    return np.trace(x, dtype=np.int64 if x.dtype.kind in "iub" else x.dtype)


def _spread(g: Any, *, shape: tuple[int, ...]) -> Any:
    """``g``, a number, along the diagonal."""
    return _place_diagonal(
        broadcast_to(g, shape=(min(shape),)), shape=tuple(shape), offset=0, dim1=0, dim2=1
    )


def block_diag(*tensors: Any) -> Any:
    """The matrix with these matrices along its diagonal and 0 elsewhere; vectors count as rows.

    >>> import autograd
    >>> autograd.block_diag(autograd.tensor([[1, 2]]), autograd.tensor(3))
    tensor([[1, 2, 0],
            [0, 0, 3]])
    """
    blocks = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)) else tensors
    if any(array_of(block).ndim > 2 for block in blocks):
        raise ShapeError("block_diag: the blocks must have at most 2 dims")
    blocks = [block.reshape(1, -1) if array_of(block).ndim < 2 else block for block in blocks]
    if not blocks:
        raise ShapeError("block_diag: needs at least one tensor")
    widths = [block.shape[1] for block in blocks]
    rows, before = [], 0
    for block, width in zip(blocks, widths):
        array = array_of(block)
        left = np.zeros_like(array, shape=(array.shape[0], before))
        right = np.zeros_like(array, shape=(array.shape[0], sum(widths) - before - width))
        rows.append(cat([make(left), block, make(right)], 1))
        before += width
    return cat(rows)


# -- triangles -------------------------------------------------------------------------------------


@primitive(x=lambda g, diagonal: tril(g, diagonal))
def tril(x: Array, diagonal: int = 0) -> Array:
    """The matrices in ``x`` with 0 above the main diagonal, or the one ``diagonal`` above it.

    >>> import autograd
    >>> autograd.tril(autograd.ones(2, 2))
    tensor([[1., 0.],
            [1., 1.]])
    """
    _check_matrix(x)
    return np.tril(x, diagonal)


@primitive(x=lambda g, diagonal: triu(g, diagonal))
def triu(x: Array, diagonal: int = 0) -> Array:
    """The matrices in ``x`` with 0 below the main diagonal, or the one ``diagonal`` above it."""
    _check_matrix(x)
    return np.triu(x, diagonal)


def _check_matrix(x: Any) -> None:
    if x.ndim < 2:
        raise ShapeError("needs at least 2 dims")


def tril_indices(
    row: int, col: int, offset: int = 0, *, dtype: Any = np.int64, device: Any = None
) -> Any:
    """The rows and columns of the elements that `tril` keeps of a ``row`` by ``col`` matrix, as a
    (2, n) tensor.

    >>> tril_indices(2, 2)
    tensor([[0, 1, 1],
            [0, 0, 1]])
    """
    check_device(device)
    return make(np.stack(np.tril_indices(row, offset, col)).astype(as_dtype(dtype)))


def triu_indices(
    row: int, col: int, offset: int = 0, *, dtype: Any = np.int64, device: Any = None
) -> Any:
    """The rows and columns of the elements that `triu` keeps of a ``row`` by ``col`` matrix, as a
    (2, n) tensor."""
    check_device(device)
    return make(np.stack(np.triu_indices(row, offset, col)).astype(as_dtype(dtype)))
