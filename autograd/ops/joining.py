"""Putting tensors together, and taking them apart again."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import to_common
from autograd.core.variable import Array, Variable, array_of, unwrap
from autograd.errors import DimensionError, DTypeError, ShapeError, describe
from autograd.ops.conversion import clone
from autograd.ops.indexing import checked_dim
from autograd.ops.shaping import atleast_1d, atleast_2d, atleast_3d

# -- together --------------------------------------------------------------------------------------


def _tensors(name: str, tensors: Any) -> tuple[Any, ...]:
    if isinstance(tensors, Variable) or not isinstance(tensors, (tuple, list)):
        raise DTypeError(f"{name}: needs a list or tuple of tensors, got {type(tensors).__name__}")
    if not tensors:
        raise ShapeError(f"{name}: needs at least one tensor, got none")
    for i, tensor in enumerate(tensors):
        if not hasattr(unwrap(tensor), "dtype"):
            raise DTypeError(f"{name}: needs tensors, but element {i} is {describe(tensor)}")
    return tuple(tensors)


def _cat_gradients(g: Any, wanted: Any, tensors_shape: Any, dim: int) -> list[Any]:
    sizes = [0 if _is_legacy_empty(shape, g) else shape[dim] for shape in tensors_shape]
    ends = itertools.accumulate(sizes)
    before = (slice(None),) * dim
    return [
        None
        if not flag
        else g.reshape(-1)[:0]
        if _is_legacy_empty(shape, g)
        else g[(*before, slice(end - size, end))]
        for flag, shape, size, end in zip(wanted, tensors_shape, sizes, ends)
    ]


def _is_legacy_empty(shape: tuple[int, ...], result: Any) -> bool:
    """PyTorch lets `cat` have empty vectors among tensors of any number of dims, and skips them."""
    return shape == (0,) and len(result.shape) != 1


@primitive(joint=_cat_gradients, promote=to_common)
def _cat(*tensors: Array, dim: int) -> Array:
    full = [array for array in tensors if array.shape != (0,)] or tensors
    return np.concatenate(full, dim)


def cat(tensors: Any, dim: int = 0) -> Any:
    """The ``tensors`` one after the other along an existing ``dim``; all other sizes are the same.

    Empty vectors are skipped. Raises ShapeError, DimensionError.

    >>> import autograd
    >>> autograd.cat([autograd.tensor([1, 2]), autograd.tensor([3.5])])
    tensor([1.0000, 2.0000, 3.5000])
    """
    tensors = _tensors("cat", tensors)
    shapes = [array_of(tensor).shape for tensor in tensors]
    if () in shapes:
        raise ShapeError(
            f"cat: tensor {shapes.index(())} has no dims to concatenate along; use stack"
        )
    ndim = max(map(len, shapes))
    dim = checked_dim("cat", dim, ndim)
    if shapes.count(shapes[0]) < len(shapes):
        _check_sizes([shape for shape in shapes if shape != (0,)], dim)
    return _cat(*tensors, dim=dim)


def _check_sizes(shapes: Sequence[tuple[int, ...]], dim: int) -> None:
    rests = [(*shape[:dim], *shape[dim + 1 :]) for shape in shapes]
    for i, rest in enumerate(rests):
        if rest != rests[0] or len(shapes[i]) != len(shapes[0]):
            raise ShapeError(
                f"cat: all sizes except in dim {dim} must be the same, but one tensor has shape "
                f"{shapes[0]} and "
                f"another {shapes[i]}"
            )


concat = concatenate = cat


def _stack_gradients(g: Any, wanted: Any, dim: int) -> list[Any]:
    before = (slice(None),) * dim
    return [g[(*before, i, ...)] if flag else None for i, flag in enumerate(wanted)]


@primitive(joint=_stack_gradients, promote=to_common)
def _stack(*tensors: Array, dim: int) -> Array:
    return np.stack(tensors, dim)


def stack(tensors: Any, dim: int = 0) -> Any:
    """The ``tensors``, all of one shape, along a new ``dim``.

    >>> import autograd
    >>> autograd.stack([autograd.tensor([1, 2]), autograd.tensor([3, 4])], dim=1)
    tensor([[1, 3],
            [2, 4]])
    """
    tensors = _tensors("stack", tensors)
    shapes = [array_of(tensor).shape for tensor in tensors]
    for shape in shapes:
        if shape != shapes[0]:
            raise ShapeError(
                f"stack: all tensors must have one shape, but one has {shapes[0]} and another "
                f"{shape}"
            )
    return _stack(*tensors, dim=checked_dim("stack", dim, len(shapes[0]) + 1))


def hstack(tensors: Any) -> Any:
    """The ``tensors`` side by side: along dim 1, vectors along their only one."""
    parts = atleast_1d(_tensors("hstack", tensors))
    return cat(parts, 0 if array_of(parts[0]).ndim == 1 else 1)


def vstack(tensors: Any) -> Any:
    """The ``tensors`` one below the other: along dim 0; vectors count as rows."""
    return cat(atleast_2d(_tensors("vstack", tensors)), 0)


row_stack = vstack


def dstack(tensors: Any) -> Any:
    """The ``tensors`` one behind the other: along dim 2, with new dims where that is missing."""
    return cat(atleast_3d(_tensors("dstack", tensors)), 2)


def column_stack(tensors: Any) -> Any:
    """The ``tensors`` side by side; vectors count as columns."""
    parts = _tensors("column_stack", tensors)
    return hstack([part.reshape(-1, 1) if array_of(part).ndim < 2 else part for part in parts])


# -- apart -----------------------------------------------------------------------------------------


@primitive(x=lambda g, dim: _cat(*g, dim=dim), view=True, holomorphic=False)
def _split(x: Array, *, ends: tuple[int, ...], dim: int) -> tuple[Array, ...]:
    """Views of ``x`` from each end to the next, the first from 0."""
    before = (slice(None),) * dim
    return tuple(x[(*before, slice(start, end))] for start, end in itertools.pairwise((0, *ends)))


@primitive(x=lambda g, dim: _stack(*g, dim=dim), view=True, holomorphic=False)
def _unbind(x: Array, *, dim: int) -> tuple[Array, ...]:
    before = (slice(None),) * dim
    return tuple(x[(*before, i, ...)] for i in range(x.shape[dim]))


def unbind(input: Any, dim: int = 0) -> Any:
    """The slices of ``input`` along ``dim``, without that dim: views, in a tuple.

    >>> import autograd
    >>> autograd.unbind(autograd.tensor([[1, 2], [3, 4]]))
    (tensor([1, 2]), tensor([3, 4]))
    """
    return _unbind(input, dim=_dim_of("unbind", input, dim))


def _dim_of(name: str, x: Any, dim: int) -> int:
    ndim = array_of(x).ndim
    if not ndim:
        # PyTorch's unbind looks for the dim before it counts them.
        error = DimensionError if name == "unbind" else ShapeError
        raise error(f"{name}: x has no dims to take apart")
    return checked_dim(name, dim, ndim)


def split(input: Any, split_size_or_sections: int | Sequence[int], dim: int = 0) -> Any:
    """``input`` in parts of one size along ``dim`` (the last may be smaller), or of the sizes
    given: views, in a tuple.

    Raises ShapeError if sizes don't add up to that of the dim.

    >>> import autograd
    >>> autograd.split(autograd.arange(5), 2)
    (tensor([0, 1]), tensor([2, 3]), tensor([4]))
    """
    if not isinstance(split_size_or_sections, int):
        return split_with_sizes(input, split_size_or_sections, dim)
    dim = _dim_of("split", input, dim)
    size, total = split_size_or_sections, array_of(input).shape[dim]
    if size < 0 or (size == 0 and total):
        raise ShapeError(
            f"split: the size of the parts must be positive, got {size} for a dim of size {total}"
        )
    ends = [*range(size, total, size), total] if size else [total]
    return _split(input, ends=tuple(ends), dim=dim)


def split_with_sizes(input: Any, split_sizes: Sequence[int], dim: int = 0) -> Any:
    """``input`` in parts of the given sizes along ``dim``: views, in a tuple."""
    dim = _dim_of("split", input, dim)
    sizes, total = list(split_sizes), array_of(input).shape[dim]
    if min(sizes, default=0) < 0 or sum(sizes) != total:
        raise ShapeError(
            f"split: the sizes {sizes} add up to {sum(sizes)}; they must add up to {total}, the "
            f"size of dim {dim}, and "
            "none may be negative"
        )
    return _split(input, ends=tuple(itertools.accumulate(sizes)), dim=dim)


def chunk(input: Any, chunks: int, dim: int = 0) -> Any:
    """``input`` in at most ``chunks`` parts of one size along ``dim``, the last of which may be
    smaller.

    >>> import autograd
    >>> [len(part) for part in autograd.chunk(autograd.arange(6), 4)]
    [2, 2, 2]
    """
    dim = _dim_of("chunk", input, dim)
    if chunks < 1:
        raise ShapeError(f"chunk: chunks must be at least 1, got {chunks}")
    total = array_of(input).shape[dim]
    if total == 0:
        return _split(input, ends=(0,) * chunks, dim=dim)
    return split(input, -(-total // chunks), dim)


def unsafe_split(input: Any, split_size: int, dim: int = 0) -> Any:
    """The parts that `split` gives as copies, so that each can be changed in place."""
    return tuple(map(clone, split(input, split_size, dim)))


def unsafe_split_with_sizes(input: Any, split_sizes: Sequence[int], dim: int = 0) -> Any:
    """The parts that `split_with_sizes` gives as copies, so that each can be changed in place."""
    return tuple(map(clone, split_with_sizes(input, split_sizes, dim)))


def unsafe_chunk(input: Any, chunks: int, dim: int = 0) -> Any:
    """The parts that `chunk` gives as copies, so that each can be changed in place."""
    return tuple(map(clone, chunk(input, chunks, dim)))


def tensor_split(input: Any, indices_or_sections: Any, dim: int = 0) -> Any:
    """``input`` in so many parts along ``dim``, as equal as possible, or cut before the given
    positions.

    >>> import autograd
    >>> autograd.tensor_split(autograd.arange(5), (1, 3))
    (tensor([0]), tensor([1, 2]), tensor([3, 4]))
    """
    dim = _dim_of("tensor_split", input, dim)
    total = array_of(input).shape[dim]
    cuts = np.asarray(unwrap(indices_or_sections))
    if cuts.size and cuts.dtype.kind not in "iu":
        raise DTypeError(
            "tensor_split: needs a number of parts, or positions; got "
            f"{describe(indices_or_sections)}"
        )
    if cuts.ndim == 0:
        count = int(cuts)
        if count < 1:
            raise ShapeError(f"tensor_split: the number of parts must be at least 1, got {count}")
        size, larger = divmod(total, count)
        return _split(
            input, ends=tuple((i + 1) * size + min(i + 1, larger) for i in range(count)), dim=dim
        )
    places = [slice(None, cut).indices(total)[1] for cut in cuts.tolist()]
    starts, ends = [0, *places], [*places, total]
    if any(start > end for start, end in zip(starts, ends)):
        return tuple(
            input[(slice(None),) * dim + (slice(start, end),)] for start, end in zip(starts, ends)
        )
    return _split(input, ends=tuple(ends), dim=dim)


def hsplit(input: Any, indices_or_sections: Any) -> Any:
    """``input`` split along dim 1 (a vector along its only one); a number of parts must divide the
    size."""
    return _even_split(
        "hsplit", input, indices_or_sections, 1, 1 if array_of(input).ndim > 1 else 0
    )


def vsplit(input: Any, indices_or_sections: Any) -> Any:
    """``input`` split along dim 0; a number of parts must divide the size."""
    return _even_split("vsplit", input, indices_or_sections, 2, 0)


def dsplit(input: Any, indices_or_sections: Any) -> Any:
    """``input`` split along dim 2; a number of parts must divide the size."""
    return _even_split("dsplit", input, indices_or_sections, 3, 2)


def _even_split(name: str, x: Any, indices_or_sections: Any, needed: int, dim: int) -> Any:
    shape = array_of(x).shape
    if isinstance(indices_or_sections, str):
        raise DTypeError(f"{name}: needs a number of parts, or positions; got a str")
    if len(shape) < needed:
        raise ShapeError(f"{name}: needs at least {needed} dims, got shape {shape}")
    if isinstance(indices_or_sections, int) and (
        indices_or_sections < 1 or shape[dim] % indices_or_sections
    ):
        raise ShapeError(
            f"{name}: {indices_or_sections} parts don't divide dim {dim} of size {shape[dim]} "
            f"evenly"
        )
    return tensor_split(x, indices_or_sections, dim)
