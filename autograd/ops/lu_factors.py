"""The factorization into triangular matrices with partial pivoting, and what solves with it.

The two factors share one array, as in LAPACK: ``U`` lies on and above the diagonal, ``L`` below it,
whose own diagonal is ones. ``pivots[j]`` is the row, counted from 1, that was exchanged with row
``j`` in step ``j``.
"""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of, make
from autograd.dtypes import int32
from autograd.errors import DTypeError, ShapeError
from autograd.ops.diagonals import tril, triu
from autograd.ops.joining import cat
from autograd.ops.products import matmul
from autograd.ops.rearranging import mH, mT
from autograd.ops.solving import check_matrices, solve_triangular


class LUFactors(NamedTuple):
    """Both factors in one array, and the rows that were exchanged."""

    LU: Any
    pivots: Any


class LUFactorsInfo(NamedTuple):
    """As `LUFactors`, and for each matrix 0 or the place of the first 0 on the diagonal of U."""

    LU: Any
    pivots: Any
    info: Any


class PLU(NamedTuple):
    """A permutation matrix, and the lower and the upper triangular factor."""

    P: Any
    L: Any
    U: Any


# -- the factorization -----------------------------------------------------------------------------


@primitive(holomorphic=False, A=lambda g, out: _lu_gradient(g[0], *out))
def _lu_factor(A: Array) -> Any:
    """Gaussian elimination, of all matrices of a batch at once."""
    check_matrices(A)
    *batch, m, n = A.shape
    LU = np.array(A).reshape(prod(batch), m, n)
    pivots = np.empty((len(LU), min(m, n)), np.int64)
    for j in range(min(m, n)):
        pivots[:, j] = j + np.argmax(_sizes(LU[:, j:, j]), axis=1)
        _exchange(LU, j, pivots[:, j])
        pivot = LU[:, j, j, None]
        LU[:, j + 1 :, j] /= np.where(pivot == 0, 1, pivot)  # there is nothing to divide below a 0
        LU[:, j + 1 :, j + 1 :] -= LU[:, j + 1 :, j, None] * LU[:, None, j, j + 1 :]
    return LU.reshape(A.shape), (pivots + 1).astype(np.int32).reshape(*batch, min(m, n))


def _sizes(x: Any) -> Any:
    """What LAPACK compares to find the pivot."""
    return np.abs(x.real) + np.abs(x.imag) if x.dtype.kind == "c" else np.abs(x)


def _exchange(x: Any, row: int, others: Any) -> None:
    """Exchange, in each matrix of ``x (b, m, ...)``, ``row`` and that of its row in ``others
    (b,)``."""
    batch = np.arange(len(x))
    x[batch, others], x[:, row] = x[:, row].copy(), x[batch, others]


def _lu_gradient(g: Any, LU: Any, pivots: Any) -> Any:
    """From ``inv(L) @ dA @ inv(U) = inv(L) @ dL + dU @ inv(U)`` (``P`` left out): a strictly lower
    and an upper triangular part. Columns or rows beyond the square block follow from it: ``U2 =
    inv(L) @ A2`` or ``L2 = A2 @ inv(U)``, and one of the two is always empty."""
    m, n = LU.shape[-2:]
    k = min(m, n)
    block, upper, lower = LU[..., :k, :k], LU[..., :k, k:], LU[..., k:, :k]
    by_block, by_upper, by_lower = g[..., :k, :k], g[..., :k, k:], g[..., k:, :k]
    unit = tril(block, -1) + np.eye(k, dtype=LU.dtype)
    below = matmul(mH(unit), tril(by_block, -1)) - matmul(by_upper, mH(upper))
    above = matmul(triu(by_block), mH(triu(block))) - matmul(mH(lower), by_lower)
    middle = cat([tril(below, -1) + triu(above), by_lower], -2)
    left = solve_triangular(mH(block), middle, upper=False, left=False)
    top = cat([left[..., :k, :], by_upper], -1)
    top = solve_triangular(mH(block), top, upper=True, unitriangular=True)
    rows = top if m <= n else cat([top, left[..., k:, :]], -2)
    return matmul(_permutation(pivots, size=m, dtype=LU.dtype), rows)


@primitive()
def _permutation(pivots: Array, *, size: int, dtype: Any) -> Any:
    """The permutation matrices of ``size`` with ``A = P @ L @ U``."""
    steps = pivots.reshape(prod(pivots.shape[:-1]), pivots.shape[-1]) - 1
    rows = np.tile(np.arange(size), (len(steps), 1))
    for j in range(steps.shape[-1]):
        _exchange(rows, j, steps[:, j])
    # Row i of L @ U is row rows[i] of A.
    P = np.arange(size)[:, None] == rows[:, None, :]
    return P.astype(dtype).reshape(*pivots.shape[:-1], size, size)


def lu_factor_ex(A: Any, *, pivot: bool = True, check_errors: bool = False) -> LUFactorsInfo:
    """As `lu_factor`, but it reports singular matrices in ``info`` rather than raising an error.

    ``info`` is 0, or the place, counted from 1, of the first 0 on the diagonal of ``U``. With
    ``check_errors`` it raises ShapeError after all.
    """
    return _factored("lu_factor_ex", A, pivot, check_errors)


def lu_factor(A: Any, *, pivot: bool = True) -> LUFactors:
    """The triangular factors of the matrices ``A (..., m, n)`` in one array, and the rows that were
    exchanged: for `lu_solve` and `lu_unpack`.

    The pivot of each column is its largest element: ``pivot=False`` is refused, as on PyTorch's
    CPU. Raises ShapeError for a singular matrix.

    >>> import autograd
    >>> autograd.linalg.lu_factor(autograd.tensor([[1.0, 2.0], [2.0, 0.0]]))
    LUFactors(LU=tensor([[2.0000, 0.0000],
            [0.5000, 2.0000]]), pivots=tensor([2, 2], dtype=int32))
    """
    return LUFactors(*_factored("lu_factor", A, pivot, True)[:2])


def _factored(operation: str, A: Any, pivot: bool, check_errors: bool) -> LUFactorsInfo:
    if not pivot:
        raise ShapeError(
            f"{operation}: without pivoting the factors may not exist and are never accurate; "
            "leave pivot=True"
        )
    LU, pivots = _lu_factor(A)
    zero = np.diagonal(array_of(LU), 0, -2, -1) == 0
    found = zero.any(-1)
    info = np.where(found, np.argmax(zero, -1) + 1 if zero.shape[-1] else 0, 0).astype(np.int32)
    if check_errors and found.any():
        which = f"matrix {np.flatnonzero(found)[0]} of the batch" if found.ndim else "the matrix"
        raise ShapeError(
            f"{operation}: {which} is singular: element {info[found][0]} on the diagonal of U is "
            "0. To have the factors all the same, use linalg.lu or lu_factor_ex"
        )
    return LUFactorsInfo(LU, pivots, make(info))


def lu(A: Any, *, pivot: bool = True) -> PLU:
    """The factors of ``A = P @ L @ U``: a permutation, a lower triangular matrix with ones on its
    diagonal, and an upper triangular one.

    For ``A (..., m, n)`` they are ``(..., m, m)``, ``(..., m, k)`` and ``(..., k, n)`` with ``k =
    min(m, n)``. The pivot of each column is its largest element: ``pivot=False`` is refused, as on
    PyTorch's CPU.

    >>> import autograd
    >>> P, L, U = autograd.linalg.lu(autograd.tensor([[1.0, 2.0], [2.0, 0.0]]))
    >>> L
    tensor([[1.0000, 0.0000],
            [0.5000, 1.0000]])
    """
    LU, pivots, _ = _factored("lu", A, pivot, False)
    return lu_unpack(LU, pivots)


def lu_unpack(
    LU_data: Any, LU_pivots: Any, unpack_data: bool = True, unpack_pivots: bool = True
) -> PLU:
    """``P, L, U`` of what `lu_factor` returns; empty where they aren't asked for.

    Raises DTypeError unless the pivots are int32, ShapeError unless they fit.

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 2.0], [2.0, 0.0]])
    >>> autograd.lu_unpack(*autograd.linalg.lu_factor(x)).P
    tensor([[0., 1.],
            [1., 0.]])
    """
    array, pivots = array_of(LU_data), array_of(LU_pivots)
    _check_fit("lu_unpack", array, pivots)
    m, n = array.shape[-2:]
    k = min(m, n)
    P = L = U = make(np.empty_like(array, shape=(0,)))
    if unpack_pivots:
        P = _permutation(LU_pivots, size=m, dtype=array.dtype)
    if unpack_data:
        L = tril(LU_data[..., :k], -1) + np.eye(m, k, dtype=array.dtype)
        U = triu(LU_data[..., :k, :])
    return PLU(P, L, U)


def _check_fit(operation: str, LU: Any, pivots: Any) -> None:
    if LU.ndim < 2 or pivots.shape != (*LU.shape[:-2], min(LU.shape[-2:])):
        raise ShapeError(
            f"{operation}: needs LU (..., m, n) and pivots (..., min(m, n)), got shapes "
            f"{LU.shape} and {pivots.shape}; pass what lu_factor returns"
        )
    if pivots.dtype != int32:
        raise DTypeError(
            f"{operation}: the pivots must be int32, as those of lu_factor are, got {pivots.dtype}"
        )
    m = LU.shape[-2]
    if pivots.size and not 1 <= pivots.min() <= pivots.max() <= m:
        raise ShapeError(
            f"{operation}: the pivots must lie between 1 and {m}, as those of lu_factor do"
        )


# -- solving with it -------------------------------------------------------------------------------


def lu_solve(LU: Any, pivots: Any, B: Any, *, left: bool = True, adjoint: bool = False) -> Any:
    """The solution ``X`` of ``A @ X = B`` (``X @ A = B`` if not ``left``), given what `lu_factor`
    returns for ``A (..., n, n)``.

    With ``adjoint``, of ``A.mH @ X = B`` (``X @ A.mH = B``). Leading dims broadcast. Raises
    ShapeError for sizes that don't fit, DTypeError for two dtypes.

    >>> import autograd
    >>> LU, pivots = autograd.linalg.lu_factor(autograd.tensor([[1.0, 2.0], [2.0, 0.0]]))
    >>> autograd.linalg.lu_solve(LU, pivots, autograd.tensor([[5.0], [2.0]]))
    tensor([[1.],
            [2.]])
    """
    _check_fit("lu_solve", array_of(LU), array_of(pivots))
    _check_system(array_of(LU), array_of(B), left)
    return _solved(LU, pivots, B, adjoint) if left else mH(_solved(LU, pivots, mH(B), not adjoint))


def _check_system(LU: Any, B: Any, left: bool) -> None:
    n = LU.shape[-1]
    needed = f"B (..., {n}, k)" if left else f"B (..., k, {n})"
    if LU.shape[-2] != n or B.ndim < 2 or B.shape[-2 if left else -1] != n:
        raise ShapeError(
            f"lu_solve: needs LU (..., {n}, {n}) and {needed}, got shapes {LU.shape} and {B.shape}"
        )
    if LU.dtype != B.dtype:
        raise DTypeError(
            f"lu_solve: LU is {LU.dtype} but B is {B.dtype}; convert one: B.to({str(LU.dtype)!r})"
        )


def _solved(LU: Any, pivots: Any, B: Any, adjoint: bool) -> Any:
    P = _permutation(pivots, size=LU.shape[-1], dtype=array_of(LU).dtype)
    if adjoint:
        inner = solve_triangular(mH(LU), B, upper=False)
        return matmul(P, solve_triangular(mH(LU), inner, upper=True, unitriangular=True))
    inner = solve_triangular(LU, matmul(mT(P), B), upper=False, unitriangular=True)
    return solve_triangular(LU, inner, upper=True)
