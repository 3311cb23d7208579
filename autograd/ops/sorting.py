"""Sorting, the largest and smallest few, places in a sorted sequence, distinct values, and
counting."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of
from autograd.dtypes import int32, int64
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops.along import ValuesIndices, _take_along, axis_of, refuse_complex
from autograd.ops.checks import checked_number, refuse_kind

# -- order -----------------------------------------------------------------------------------------


def sort(
    input: Any, dim: int = -1, descending: bool = False, stable: bool = False
) -> ValuesIndices:
    """The elements in order along ``dim``, and where they were; NaN counts as the largest.

    Equal elements always keep their order, whether ``stable`` asks for it or not.

    >>> import autograd
    >>> values, indices = autograd.sort(autograd.tensor([3.0, 1.0, 2.0]))
    >>> values, indices
    (tensor([1., 2., 3.]), tensor([1, 2, 0]))
    """
    axis = axis_of(input, dim, "sort")
    indices = _argsort(input, dim=axis, descending=descending)
    return ValuesIndices(_take_along(input, indices, dim=axis), indices)


def argsort(input: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    """The indices that `sort` returns.

    >>> import autograd
    >>> autograd.argsort(autograd.tensor([3.0, 1.0, 2.0]), descending=True)
    tensor([0, 2, 1])
    """
    return _argsort(input, dim=dim, descending=descending)


def msort(input: Any) -> Any:
    """The elements in order along the first dim.

    >>> import autograd
    >>> autograd.msort(autograd.tensor([[3, 1], [2, 4]])).tolist()
    [[2, 1], [3, 4]]
    """
    return sort(input, dim=0).values


@primitive()
def _argsort(x: Array, dim: int, descending: bool = False) -> Array:
    refuse_complex(x)
    axis = axis_of(x, dim)
    if not x.ndim:
        return np.zeros_like(x, dtype=int64)
    return _descending(x, axis) if descending else x.argsort(axis, kind="stable")


def _descending(x: Any, axis: int) -> Any:
    """The order from the largest element on. Reversed twice, so that equal elements keep theirs."""
    order = np.argsort(np.flip(x, axis), axis, kind="stable")
    return x.shape[axis] - 1 - np.flip(order, axis)


# -- some of the elements in order -----------------------------------------------------------------


def topk(
    input: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True
) -> ValuesIndices:
    """The ``k`` largest (or smallest) elements along ``dim`` in order, and where they were.

    Raises ShapeError if there are fewer than ``k``. NaN counts as the largest.

    >>> import autograd
    >>> autograd.topk(autograd.tensor([3.0, 1.0, 2.0]), 2).values
    tensor([3., 2.])
    """
    axis = axis_of(input, dim, "topk")
    indices = _topk(input, k=k, dim=axis, largest=largest)
    return ValuesIndices(_take_along(input, indices, dim=axis), indices)


@primitive()
def _topk(x: Array, k: int, dim: int, largest: bool) -> Array:
    refuse_complex(x)
    refuse_kind("b", x, "convert first: x.int()")
    size = x.shape[dim] if x.ndim else 1
    if not 0 <= k <= size:
        raise ShapeError(f"k must lie between 0 and {size}, the size of dim {dim}, got {k}")
    if not x.ndim:
        return np.zeros_like(x, dtype=int64)
    if k == 0:
        return np.take(np.zeros_like(x, dtype=int64), range(0), dim)
    few = np.argpartition(x, size - k if largest else k - 1, dim)
    few = np.sort(np.take(few, range(size - k, size) if largest else range(k), dim), dim)
    candidates = np.take_along_axis(x, few, dim)
    order = _descending(candidates, dim) if largest else np.argsort(candidates, dim, kind="stable")
    return np.take_along_axis(few, order, dim)


def kthvalue(input: Any, k: int, dim: int = -1, keepdim: bool = False) -> ValuesIndices:
    """The ``k``-th smallest element along ``dim``, counted from 1, and where it was.

    Raises ShapeError if there are fewer than ``k``. NaN counts as the largest.

    >>> import autograd
    >>> autograd.kthvalue(autograd.tensor([3.0, 1.0, 2.0]), 2).values
    tensor(2.)
    """
    axis = axis_of(input, dim, "kthvalue")
    indices = _kthvalue(input, k=k, dim=axis, keepdim=keepdim)
    return ValuesIndices(_take_along(input, indices, dim=axis, keepdim=keepdim), indices)


@primitive()
def _kthvalue(x: Array, k: int, dim: int, keepdim: bool) -> Array:
    refuse_complex(x)
    refuse_kind("b", x, "convert first: x.int()")
    if not hasattr(k, "__index__"):
        raise DTypeError(f"k must be an integer, got {k!r}")
    size = x.shape[dim] if x.ndim else 1
    if not 1 <= k <= size:
        raise ShapeError(f"k must lie between 1 and {size}, the size of dim {dim}, got {k}")
    if not x.ndim:
        return np.zeros_like(x, dtype=int64)
    order = np.argsort(x, dim, kind="stable")
    return np.take(order, [k - 1] if keepdim else k - 1, dim)


# -- places in a sorted sequence -------------------------------------------------------------------


def searchsorted(
    sorted_sequence: Any,
    values: Any,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Any = None,
) -> Any:
    """Before which index of the last dim of ``sorted_sequence`` each of ``values`` would keep it
    sorted.

    An equal element ends up behind it, with ``right`` (or ``side="right"``) before it. A sequence
    with several dims is one sequence for each row of ``values``. ``sorter``: indices that sort the
    sequence. Raises ShapeError where the rows do not agree.

    >>> import autograd
    >>> autograd.searchsorted(autograd.tensor([1.0, 3.0, 5.0]), autograd.tensor([3.0, 9.0]))
    tensor([1, 3])
    """
    if side not in (None, "left", "right") or (right and side == "left"):
        raise DTypeError(
            f"searchsorted: side must be 'left' or 'right', got {side!r} with right={right}"
        )
    dtype = int32 if out_int32 else int64
    checked_number("searchsorted", values)
    return _searchsorted(
        sorted_sequence, values, sorter, right=right or side == "right", dtype=dtype
    )


def bucketize(input: Any, boundaries: Any, *, out_int32: bool = False, right: bool = False) -> Any:
    """In which of the buckets between the sorted ``boundaries`` each element of ``input`` lies.

    An element equal to a boundary lies before it, with ``right`` behind it. Raises ShapeError
    unless boundaries is 1-D.

    >>> import autograd
    >>> autograd.bucketize(autograd.tensor([3, 6, 9]), autograd.tensor([1, 3, 5, 7]))
    tensor([1, 3, 4])
    """
    shape = array_of(boundaries).shape
    if len(shape) != 1:
        raise ShapeError(f"bucketize: boundaries must have one dim, got shape {shape}")
    dtype = int32 if out_int32 else int64
    checked_number("bucketize", input)
    return _searchsorted(boundaries, input, None, right=right, dtype=dtype)


@primitive()
def _searchsorted(
    sorted_sequence: Array, values: Array, sorter: Array, right: bool, dtype: Any
) -> Array:
    sequence, values = sorted_sequence, np.asarray(values)
    refuse_kind("b", sequence, "convert first: x.int()")
    if sorter is not None:
        if sorter.shape != sequence.shape or sorter.dtype != int64:
            raise ShapeError("sorter must hold an int64 index for each element of the sequence")
        sequence = np.take_along_axis(sequence, sorter, -1)
    if sequence.ndim == 1:
        return np.searchsorted(sequence, values, "right" if right else "left").astype(dtype)
    if not sequence.ndim or sequence.shape[:-1] != values.shape[:-1]:
        raise ShapeError(
            "the sequence must have one dim, or the dims of values with another last one"
        )
    return _search_rows(sequence, values, right).astype(dtype)


def _search_rows(sequence: Any, values: Any, right: bool) -> Any:
    """Binary search in all rows at once."""
    size = sequence.shape[-1]
    low, high = np.zeros_like(values, dtype=int64), np.full_like(values, size, dtype=int64)
    for _ in range(size.bit_length()):
        middle = (low + high) // 2
        found = np.take_along_axis(sequence, np.minimum(middle, size - 1), -1)
        behind = ~(found > values if right else found >= values) & (low < high)
        low, high = np.where(behind, middle + 1, low), np.where(behind, high, middle)
    return low


# -- distinct values -------------------------------------------------------------------------------


def unique(
    input: Any,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """The distinct elements in order (with ``dim``: the distinct slices along it); always sorted.

    ``return_inverse``: also the index among them of each element; ``return_counts``: also how often
    each occurs. NaNs are all distinct.

    >>> import autograd
    >>> autograd.unique(autograd.tensor([3, 1, 3]), return_counts=True)
    (tensor([1, 3]), tensor([1, 2]))
    """
    return _asked_for(_unique(input, dim=dim), return_inverse, return_counts)


@primitive()
def _unique(x: Array, dim: int | None) -> Array:
    refuse_complex(x)
    axis = _slices_axis(x, dim)
    distinct, inverse, counts = np.unique(
        x, return_inverse=True, return_counts=True, axis=axis, equal_nan=False
    )
    shape = x.shape if axis is None else x.shape[axis : axis + 1]
    return distinct, inverse.reshape(shape).astype(int64), counts.astype(int64)


def unique_consecutive(
    input: Any, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    """One element of each run of equal ones in the flattened ``input`` (with ``dim``: of equal
    slices along it).

    ``return_inverse``: also the run that each element is in; ``return_counts``: also the length of
    each.

    >>> import autograd
    >>> autograd.unique_consecutive(autograd.tensor([1, 1, 2, 1]))
    tensor([1, 2, 1])
    """
    return _asked_for(_unique_consecutive(input, dim=dim), return_inverse, return_counts)


@primitive()
def _unique_consecutive(x: Array, dim: int | None) -> Array:
    axis = _slices_axis(x, dim)
    slices = x.reshape(-1) if axis is None else np.moveaxis(x, axis, 0)
    is_new = np.ones_like(slices, shape=len(slices), dtype=bool)
    differs = slices[1:] != slices[:-1]
    is_new[1:] = differs.any(tuple(range(1, slices.ndim)))
    starts = np.flatnonzero(is_new)
    inverse = np.cumsum(is_new) - 1
    counts = np.diff(starts, append=len(slices))
    shape = x.shape if dim is None else inverse.shape
    return np.moveaxis(slices[starts], 0, axis or 0), inverse.reshape(shape), counts


def _slices_axis(x: Any, dim: int | None) -> int | None:
    if dim is not None and not x.ndim:
        raise DimensionError("a number has no slices; leave dim out")
    return None if dim is None else axis_of(x, dim)


def _asked_for(results: Any, inverse: bool, counts: bool) -> Any:
    distinct, *others = results
    chosen = [result for result, wanted in zip(others, (inverse, counts), strict=True) if wanted]
    return (distinct, *chosen) if chosen else distinct


# -- counting --------------------------------------------------------------------------------------


@primitive()
def bincount(x: Array, weights: Array = None, minlength: int = 0) -> Array:
    """How often 0, 1, 2, ... occur in ``x``, up to its maximum or ``minlength - 1``; or the sums of
    their ``weights``.

    Raises ShapeError unless ``x`` has one dim and no negative numbers, DTypeError unless it holds
    integers.

    >>> import autograd
    >>> autograd.bincount(autograd.tensor([0, 2, 2]))
    tensor([1, 0, 2])
    """
    if x.dtype.kind not in "iu":
        raise DTypeError(f"counts integers, got {x.dtype}; convert first: x.long()")
    if x.ndim != 1 or (x.size and x.min() < 0):
        raise ShapeError("x must have one dim and no negative numbers")
    if minlength < 0:
        raise ShapeError(f"minlength must be at least 0, got {minlength}")
    if weights is not None and weights.shape != x.shape:
        raise ShapeError("weights must have the shape of x, one for each of its elements")
    out = np.bincount(x, weights, minlength)
    return out.astype(
        weights.dtype if weights is not None and weights.dtype.kind == "f" else out.dtype
    )


@primitive()
def histc(x: Array, bins: int = 100, min: float = 0, max: float = 0) -> Array:
    """How many elements lie in each of ``bins`` equal intervals from ``min`` to ``max``, in the
    dtype of ``x``.

    Equal bounds mean the smallest and the largest element. What lies outside is not counted. Raises
    ShapeError if ``max < min``, if there are no bins, or if the bounds are not finite; DTypeError
    for integers.

    >>> import autograd
    >>> autograd.histc(autograd.tensor([0.0, 1.0, 1.5, 4.0]), bins=2)
    tensor([3., 1.])
    """
    if x.dtype.kind != "f":
        raise DTypeError(f"needs a floating dtype, got {x.dtype}; convert first: x.float()")
    if bins < 1 or max < min:
        raise ShapeError(f"needs at least one bin and min <= max, got {bins} from {min} to {max}")
    if min == max and x.size:
        min, max = float(np.min(x)), float(np.max(x))
    if min == max:
        min, max = min - 1, max + 1
    if not np.isfinite([min, max]).all():
        raise ShapeError(f"the bounds must be finite, got {min} and {max}; give min and max")
    dtype = x.dtype
    if (max - min) * bins > np.finfo(dtype).max:  # the products below would overflow
        x = x.astype(np.float64)
    low, high = x.dtype.type(min), x.dtype.type(max)
    inside = x[(x >= low) & (x <= high)]
    # In the dtype of x, as in PyTorch: what lies next to an edge depends on the rounding.
    places = ((inside - low) * x.dtype.type(bins) / (high - low)).astype(int64)
    return np.bincount(np.minimum(places, bins - 1), minlength=bins).astype(dtype)
