"""Linear algebra, under the names of ``torch.linalg``."""

from __future__ import annotations

from typing import Any

from autograd.ops import diagonals, linalg as ops
from autograd.ops.linalg import (
    inv as inv,
    matrix_norm as matrix_norm,
    matrix_power as matrix_power,
    multi_dot as multi_dot,
    solve as solve,
    vector_norm as vector_norm,
)
from autograd.ops.products import matmul as matmul


def cross(x: Any, y: Any, *, dim: int = -1) -> Any:
    """The vector product along ``dim``, which must have size 3; the other dims broadcast.

    Unlike `autograd.cross`, which looks for a dim of size 3, it takes the last one by default.
    Raises ShapeError, DimensionError.

    >>> import autograd
    >>> autograd.linalg.cross(autograd.tensor([1, 0, 0]), autograd.tensor([0, 1, 0]))
    tensor([0, 0, 1])
    """
    return ops.cross(x, y, dim)


def diagonal(x: Any, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """The diagonals of the matrices in the last two dims, or in ``dim1`` and ``dim2``; a view.

    They lie in a new last dim. ``offset`` counts the diagonals above the main one (negative:
    below). Raises ShapeError, DimensionError.

    >>> import autograd
    >>> x = autograd.tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    >>> autograd.linalg.diagonal(x)
    tensor([[1, 4],
            [5, 8]])
    """
    return diagonals.diagonal(x, offset, dim1, dim2)
