"""Norms of matrices, and the condition numbers made of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.core.variable import array_of
from autograd.errors import ShapeError
from autograd.ops.arithmetic import div, mul
from autograd.ops.extremes import amax, amin
from autograd.ops.inverses import inv, is_regular
from autograd.ops.magnitude import abs
from autograd.ops.norms import in_wider_dtype, over_singular_values, vector_norm
from autograd.ops.reduction import Dims, count, sum
from autograd.ops.selection import _where
from autograd.ops.shaping import checked_dims, reshape
from autograd.ops.solving import check_matrices, check_square

_ORDERS = ("fro", "nuc", 1, -1, 2, -2, math.inf, -math.inf)


def matrix_norm(
    A: Any, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """A norm of the matrices in the two dims ``dim``.

    "fro" (Frobenius): of all elements as one vector. "nuc" (nuclear): the sum of the singular
    values; 2, -2: the largest, the smallest of them. 1, -1: the largest, the smallest sum of
    magnitudes of a column; infinity, -infinity: of a row. ``dtype``: convert ``A`` to it first.
    Raises ShapeError for any other ``ord``, DTypeError for integers.

    >>> import autograd
    >>> autograd.linalg.matrix_norm(autograd.tensor([[1.0, -2.0], [3.0, 4.0]]), ord=1)
    tensor(6.)
    """
    A = in_wider_dtype("matrix_norm", A, dtype)
    shape = array_of(A).shape
    if len(shape) < 2 or not isinstance(dim, (tuple, list)) or len(dim) != 2:
        raise ShapeError(
            f"matrix_norm: needs a tensor of at least 2 dims and two of them, got shape {shape} "
            f"and dim={dim}"
        )
    if ord not in _ORDERS:
        raise ShapeError(
            f"matrix_norm: ord must be 'fro', 'nuc', 1, -1, 2, -2, inf or -inf, got {ord!r}"
        )
    rows, columns = checked_dims("matrix_norm", dim, len(shape))
    if ord == "fro":
        return vector_norm(A, 2, (rows, columns), keepdim)
    reduce = sum if ord == "nuc" else _largest if ord > 0 else amin
    if ord in ("nuc", 2, -2):
        return over_singular_values(reduce, A, (rows, columns), keepdim)
    summed, compared = (rows, columns) if ord in (1, -1) else (columns, rows)
    out = reduce(vector_norm(A, 1, summed, True), compared, True)
    kept = tuple(size for i, size in enumerate(shape) if i not in (rows, columns))
    return out if keepdim else reshape(out, kept)


def _largest(x: Any, dim: Any, keepdim: bool = False) -> Any:
    """`amax` of magnitudes; 0 of none, as befits the norm of an empty matrix."""
    return amax(x, dim, keepdim) if count(array_of(x).shape, dim) else sum(x, dim, keepdim)


def linalg_norm(
    A: Any, ord: Any = None, dim: Dims = None, keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """`vector_norm`, or `matrix_norm` if there is an ``ord`` and it has two dims to work on.

    ``dim``: one dim of vectors, or two of matrices; by default all. Without ``ord``, the root of
    the sum of all squares along ``dim``. Raises ShapeError for an ``ord`` and neither one nor two
    dims.

    >>> import autograd
    >>> x = autograd.tensor([[1.0, -2.0], [3.0, 4.0]])
    >>> autograd.linalg.norm(x), autograd.linalg.norm(x, 1), autograd.linalg.norm(x, 1, dim=0)
    (tensor(5.4772), tensor(6.), tensor([4., 6.]))
    """
    if ord is None:
        return vector_norm(A, 2, dim, keepdim, dtype=dtype)
    dims = tuple(range(array_of(A).ndim)) if dim is None else dim
    number = 1 if isinstance(dims, int) else len(dims)
    if number not in (1, 2):
        raise ShapeError(
            f"norm: with ord={ord!r}, needs one dim of vectors or two of matrices, got {dims}; "
            "vector_norm takes any number"
        )
    if number == 2 or isinstance(ord, str):
        return matrix_norm(A, ord, dims, keepdim, dtype=dtype)
    return vector_norm(A, ord, dims, keepdim, dtype=dtype)


# -- condition numbers -----------------------------------------------------------------------------


def cond(A: Any, p: Any = None) -> Any:
    """The condition numbers of the matrices in the last two dims: how much they may magnify a
    relative error.

    The norm of order ``p`` (see `matrix_norm`; None means 2) times that of the inverse; infinite
    for singular matrices, 0 for empty ones. Only for 2 and -2 matrices need not be square. Raises
    ShapeError, DTypeError.

    >>> import autograd
    >>> autograd.linalg.cond(autograd.tensor([[2.0, 0.0], [0.0, 0.5]]))
    tensor(4.)
    """
    if p is not None and p not in _ORDERS:
        raise ShapeError(f"cond: p must be None or an order of matrix_norm, got {p!r}")
    array = array_of(A)
    of_any_shape = p in (None, 2, -2)
    (check_matrices if of_any_shape else check_square)(array, "cond")
    if not array.size:
        return sum(abs(A), (-2, -1))
    if of_any_shape:
        order = 2 if p is None else p
        return div(matrix_norm(A, order), matrix_norm(A, -order))
    regular = is_regular(array)
    invertible = _where(regular[..., None, None], A, np.eye(array.shape[-1], dtype=array.dtype))
    product = mul(matrix_norm(A, p), matrix_norm(inv(invertible), p))
    return _where(regular, product, np.inf)
