"""Where elements are in a flattened array, and adding to those at given places."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autograd.dtypes import float16, int64
from autograd.ops.precision import sum_at

WIDE = 256  # elements; rows as long as that are added one by one


def steps_of(shape: Sequence[int]) -> list[int]:
    """How far apart neighbours along each dim are in a flattened array.

    >>> steps_of((2, 3, 4))
    [12, 4, 1]
    """
    return [math.prod(shape[dim + 1 :]) for dim in range(len(shape))]


def grid(sizes: Iterable[int], steps: Iterable[int]) -> Any:
    """Where the points of a grid of at least one dim are, if neighbours along a dim are its step
    apart.

    >>> grid((2, 3), (10, 1)).tolist()
    [[0, 1, 2], [10, 11, 12]]
    """
    return functools.reduce(np.add.outer, [np.arange(n) * step for n, step in zip(sizes, steps)])


def places_along(shape: Sequence[int], index: Any, dim: int) -> Any:
    """For each place in ``index``, where in a flattened array of ``shape`` the element at that
    place is, taking its position along ``dim`` from ``index``.

    >>> places_along((2, 3), np.array([[2], [0]]), 1).tolist()
    [[2], [3]]
    """
    if index.ndim < 2:
        return index
    steps = steps_of(shape)
    starts = grid((1 if d == dim else size for d, size in enumerate(index.shape)), steps)
    # An int32 index may be of a tensor with more elements than int32 can count.
    return np.multiply(index, steps[dim], dtype=np.int64) + starts


def any_outside(index: Any, size: int) -> bool:
    """Whether any of the integers ``index``, int32 or int64, is negative or not below ``size``.

    >>> any_outside(np.array([0, 2]), 2), any_outside(np.array([0, -1]), 2)
    (True, True)
    """
    # Without a sign, a negative number is larger than any size: one pass instead of two.
    unsigned = index.view(np.uint64 if index.dtype == int64 else np.uint32)
    return bool(index.size) and bool(np.maximum.reduce(unsigned, axis=None) >= size)


def add_at(out: Any, index: tuple[Any, ...], values: Any) -> None:
    """Add ``values`` to ``out[index]``, once for each time that an element is named.

    ``index`` holds integer arrays, masks and full slices. With flat positions ``np.add.at`` is
    three to ten times as fast as with an index of several dims.
    """
    dims = [dim for dim, item in enumerate(index) if type(item) is not slice]
    first = index[dims[0]]
    if len(dims) > 1 or first.dtype.kind == "b":
        places = np.arange(out.size).reshape(out.shape)[index]
    elif dims[0] == 0 and math.prod(out.shape[1:]) >= WIDE and out.dtype != float16:
        _add_rows(out, first, values)
        return
    else:  # the same without as many integers as the tensor has elements: a vocabulary can be large
        places = _places_of_slices(out.shape, dims[0], first)
    if np.shape(values) != places.shape:
        values = np.broadcast_to(values, places.shape)
    values = values.astype(out.dtype, copy=False)
    sum_at(out.reshape(-1), places.reshape(-1), values.reshape(-1))


def _add_rows(out: Any, rows: Any, values: Any) -> None:
    """`add_at` along the first dim, without a place for each element."""
    values = np.broadcast_to(values, rows.shape + out.shape[1:]).reshape(-1, *out.shape[1:])
    for row, value in zip(rows.reshape(-1).tolist(), values):
        np.add(out[row], value, out=out[row], casting="unsafe")


def _places_of_slices(shape: tuple[int, ...], dim: int, rows: Any) -> Any:
    """Where the elements of the slices ``rows`` along ``dim`` are."""
    if len(shape) == 1:
        return rows
    outer, size, inner = math.prod(shape[:dim]), shape[dim], math.prod(shape[dim + 1 :])
    places = np.arange(size)[rows.reshape(-1)]  # from 0 on; raises IndexError outside
    starts = np.add.outer(np.arange(outer) * size, places) * inner
    return np.add.outer(starts, np.arange(inner)).reshape(
        shape[:dim] + rows.shape + shape[dim + 1 :]
    )
