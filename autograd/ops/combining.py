"""All ways to combine the elements of vectors: grids, products and combinations."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from autograd.core.variable import array_of
from autograd.errors import DTypeError, ShapeError
from autograd.ops.checks import refuse_two_dtypes
from autograd.ops.indexing import getitem
from autograd.ops.joining import stack
from autograd.ops.shaping import broadcast_tensors, reshape


def meshgrid(*tensors: Any, indexing: str = "ij") -> tuple[Any, ...]:
    """The coordinates of the points of a grid, given those of its axes. ``indexing="xy"``
    exchanges the first two dims.

    >>> import autograd
    >>> autograd.meshgrid(autograd.arange(2), autograd.arange(3))[1]
    tensor([[0, 1, 2],
            [0, 1, 2]])
    """
    axes = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)) else tensors
    if indexing not in ("ij", "xy"):
        raise DTypeError(f"meshgrid: indexing must be 'ij' or 'xy', got {indexing!r}")
    if not axes or any(array_of(axis).ndim > 1 for axis in axes):
        raise ShapeError("meshgrid: needs vectors (or numbers), one for each dim of the grid")
    refuse_two_dtypes(*axes, operation="meshgrid: ")
    count = len(axes)
    grids = broadcast_tensors(
        *[axis.reshape((-1,) + (1,) * (count - i - 1)) for i, axis in enumerate(axes)]
    )
    return tuple(grid.swapaxes(0, 1) for grid in grids) if indexing == "xy" and count > 1 else grids


def cartesian_prod(*tensors: Any) -> Any:
    """Every choice of one element from each of the vectors, a row for each; of one vector, itself.

    The last vector varies fastest. Raises ShapeError unless all have one dim.

    >>> import autograd
    >>> autograd.cartesian_prod(autograd.tensor([1, 2]), autograd.tensor([3, 4])).tolist()
    [[1, 3], [1, 4], [2, 3], [2, 4]]
    """
    vectors = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)) else tensors
    if not vectors or any(array_of(vector).ndim != 1 for vector in vectors):
        raise ShapeError("cartesian_prod: needs one or more vectors: tensors with one dim")
    if len(vectors) == 1:
        return vectors[0]
    return stack([reshape(grid, -1) for grid in meshgrid(*vectors)], 1)


def combinations(input: Any, r: int = 2, with_replacement: bool = False) -> Any:
    """Every choice of ``r`` elements of the vector ``input`` in its order, a row for each.

    ``with_replacement``: an element may be chosen repeatedly. Raises ShapeError unless ``input``
    has one dim and ``r >= 0``.

    >>> import autograd
    >>> autograd.combinations(autograd.tensor([1, 2, 3])).tolist()
    [[1, 2], [1, 3], [2, 3]]
    """
    if array_of(input).ndim != 1:
        raise ShapeError(f"combinations: input must have one dim, got {array_of(input).ndim}")
    if r < 0:
        raise ShapeError(f"combinations: r must not be negative, got {r}")
    size = len(array_of(input))
    if r == 0:
        return getitem(input, slice(0))
    if with_replacement:
        count = math.comb(size + r - 1, r) if size else 0
        chosen: Any = itertools.combinations_with_replacement(range(size), r)
    else:
        count, chosen = math.comb(size, r), itertools.combinations(range(size), r)
    places = np.fromiter(itertools.chain.from_iterable(chosen), np.int64, count * r)
    return getitem(input, places.reshape(count, r))
