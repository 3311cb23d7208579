"""How alike vectors are: cosines, and distances between pairs of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.variable import array_of, make
from autograd.dtypes import FLOATING, result_type
from autograd.errors import DTypeError, ShapeError
from autograd.ops.arithmetic import add, div, mul, sub
from autograd.ops.gathering import index_select
from autograd.ops.indexing import checked_dim
from autograd.ops.magnitude import clamp_min
from autograd.ops.norms import norm
from autograd.ops.reduction import sum
from autograd.ops.shaping import broadcast_tensors


def cosine_similarity(x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    """The cosine of the angle between the vectors along ``dim``: from -1 to 1, without that dim.

    The shapes broadcast, and ``dim`` counts in the broadcast shape. ``eps`` is the least norm that
    is divided by. Raises DTypeError unless the common dtype is floating.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.cosine_similarity(autograd.tensor([[1.0, 0.0]]), autograd.tensor([[3.0, 4.0]]))
    tensor([0.6000])
    """
    dtype = result_type(array_of(x1), array_of(x2))
    if dtype not in FLOATING:
        raise DTypeError(
            f"cosine_similarity: needs a floating dtype, got {dtype}; convert first: x1.float()"
        )
    try:
        x1, x2 = broadcast_tensors(x1, x2)
    except ShapeError as error:
        raise ShapeError(f"cosine_similarity: {error}") from None
    dim = checked_dim("cosine_similarity", dim, array_of(x1).ndim)
    return sum(mul(_unit(x1.to(dtype), dim, eps), _unit(x2.to(dtype), dim, eps)), dim)


def _unit(x: Any, dim: int, eps: float) -> Any:
    """The vectors along ``dim``, each over its norm."""
    return div(x, clamp_min(norm(x, 2, dim, keepdim=True), eps))


def pairwise_distance(
    x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False
) -> Any:
    """The ``p``-norm of ``x1 - x2 + eps`` along the last dim; the shapes broadcast.

    ``eps`` keeps the gradient of equal vectors away from the norm's corner.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.pairwise_distance(autograd.tensor([[3.0, 4.0]]), autograd.zeros(1, 2))
    tensor([5.0000])
    """
    difference = add(sub(x1, x2), eps)
    return norm(difference, p, array_of(difference).ndim - 1, keepdim)


def pdist(input: Any, p: float = 2.0) -> Any:
    """The ``p``-norms of the differences of all pairs of rows of ``input (n, m)``: ``n * (n - 1) /
    2`` of them, in the order (0, 1), (0, 2), ..., (1, 2), ...

    The gradient is 0 where two rows are equal. Raises ShapeError unless ``input`` has 2 dims, and
    for a negative ``p``.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.pdist(autograd.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]]))
    tensor([5.0000, 1.0000, 4.2426])
    """
    array = array_of(input)
    if array.ndim != 2:
        raise ShapeError(f"pdist: input must have 2 dims, (rows, columns), got shape {array.shape}")
    if array.dtype not in FLOATING:
        raise DTypeError(
            f"pdist: needs a floating dtype, got {array.dtype}; convert: input.float()"
        )
    if p < 0:
        raise ShapeError(f"pdist: p must not be negative, got {p}")
    first, second = (make(rows) for rows in np.triu_indices(len(array), 1))
    difference = sub(index_select(input, 0, first), index_select(input, 0, second))
    if not array.shape[1]:
        return sum(difference, 1)  # 0, whatever the norm
    return norm(difference, p, 1)
