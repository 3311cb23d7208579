"""Cholesky's factorization of positive definite matrices, and what solves with it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of, unwrap
from autograd.errors import DTypeError, ShapeError
from autograd.ops.diagonals import tril
from autograd.ops.products import matmul
from autograd.ops.rearranging import mH
from autograd.ops.solving import check_square, solve_triangular


class CholeskyInfo(NamedTuple):
    """A factor, and for each matrix 0 or the order of the first leading minor that isn't
    positive."""

    L: Any
    info: Any


# -- the factorization -----------------------------------------------------------------------------


@primitive(
    holomorphic=False,
    A=lambda g, out, upper: _cholesky_gradient(g[0], out[0], upper),
)
def _cholesky(A: Array, *, upper: bool) -> Any:
    check_square(A)
    L, info = _factored(mH(A) if upper else A)
    return mH(L) if upper else L, info


def _factored(A: Any) -> tuple[Any, Any]:
    try:
        L = np.linalg.cholesky(A)
    except np.linalg.LinAlgError:
        return _by_columns(A)
    # NumPy passes NaN through; as a minor it isn't positive.
    return _by_columns(A) if np.isnan(L).any() else (L, np.zeros(A.shape[:-2], np.int32))


def _by_columns(A: Any) -> tuple[Any, Any]:
    """The factors as far as they go, for matrices of which some are not positive definite: what
    follows the first negative pivot is left as it was, as LAPACK leaves it."""
    L, info = np.tril(A), np.zeros(A.shape[:-2], np.int32)
    for j in range(A.shape[-1]):
        row, below = L[..., j, :j].conj(), L[..., j + 1 :, j]
        pivot = L[..., j, j].real - np.sum(np.abs(row) ** 2, -1)
        going, positive = info == 0, pivot > 0
        root = np.sqrt(np.where(positive, pivot, 1))
        rest = below - np.matmul(L[..., j + 1 :, :j], row[..., None])[..., 0]
        L[..., j + 1 :, j] = np.where((going & positive)[..., None], rest / root[..., None], below)
        L[..., j, j] = np.where(going, np.where(positive, root, pivot), L[..., j, j])
        info[going & ~positive] = j + 1
    return L, info


def _cholesky_gradient(g: Any, L: Any, upper: bool) -> Any:
    """Of ``dL = L @ lower(inv(L) @ dA @ inv(L).mH)``, where the lower triangle has half the
    diagonal. (Murray, 2016: Differentiation of the Cholesky decomposition.)"""
    if upper:
        g, L = mH(g), mH(L)
    product = matmul(mH(L), g)
    inner = solve_triangular(mH(L), tril(product) + mH(tril(product, -1)), upper=True)
    return solve_triangular(L, inner, upper=False, left=False) / 2


def cholesky_ex(A: Any, *, upper: bool = False, check_errors: bool = False) -> CholeskyInfo:
    """As `cholesky`, but it reports failure in ``info`` rather than raising an error.

    ``info`` is 0, or the order of the first leading minor that is not positive; the factor ends
    there. With ``check_errors`` it raises ShapeError after all.

    >>> import autograd
    >>> autograd.linalg.cholesky_ex(autograd.tensor([[1.0, 2.0], [2.0, 1.0]])).info.item()
    2
    """
    L, info = _cholesky(A, upper=upper)
    if check_errors:
        _refuse_failures("cholesky_ex", info)
    return CholeskyInfo(L, info)


def cholesky(A: Any, upper: bool = False) -> Any:
    """The lower triangular ``L`` with ``L @ L.mH = A``, for positive definite matrices ``(..., n,
    n)``.

    With ``upper`` the upper triangular ``U`` with ``U.mH @ U = A``. Only that triangle of ``A`` is
    read; the gradient is shared between both. Raises ShapeError for matrices that aren't square,
    or not positive definite.

    >>> import autograd
    >>> autograd.linalg.cholesky(autograd.tensor([[4.0, 2.0], [2.0, 2.0]]))
    tensor([[2., 0.],
            [1., 1.]])
    """
    L, info = cholesky_ex(A, upper=upper)
    _refuse_failures("cholesky", info)
    return L


def _refuse_failures(operation: str, info: Any) -> None:
    failures = np.flatnonzero(unwrap(info))
    if failures.size:
        first, order = failures[0], array_of(info).reshape(-1)[failures[0]]
        which = f"matrix {first} of the batch" if array_of(info).ndim else "the matrix"
        raise ShapeError(
            f"{operation}: {which} is not positive definite: its leading minor of order {order} "
            "is not positive. Adding a multiple of the identity may help"
        )


# -- solving with it -------------------------------------------------------------------------------


@primitive(
    holomorphic=False,
    joint=lambda g, wanted, L, out, upper: _solve_gradients(g, wanted, L, out, upper),
)
def _cholesky_solve(B: Array, L: Array, *, upper: bool) -> Any:
    check_square(L)
    if B.ndim < 2 or B.shape[-2] != L.shape[-1]:
        raise ShapeError(f"B must be (..., {L.shape[-1]}, k), with as many rows as the factor")
    if B.dtype != L.dtype:
        raise DTypeError(f"B and the factor must have one dtype; convert: B.to({str(L.dtype)!r})")
    L = mH(L) if upper else L
    return solve_triangular(mH(L), solve_triangular(L, B, upper=False), upper=True)


def _solve_gradients(g: Any, wanted: Any, L: Any, out: Any, upper: bool) -> tuple[Any, Any]:
    """The one by the factor is that of the solution for ``A = L @ L.mH``: as in PyTorch it is not
    zero in the triangle that is never read, which does no harm where `cholesky` made ``L``."""
    by_B = _cholesky_solve(g, L, upper=upper)
    if not wanted[1]:
        return by_B, None
    product = matmul(by_B, mH(out))
    by_A = -(product + mH(product))
    return by_B, matmul(L, by_A) if upper else matmul(by_A, L)


def cholesky_solve(B: Any, L: Any, upper: bool = False) -> Any:
    """The solution ``X`` of ``A @ X = B``, given the factor ``L`` of ``A`` that `cholesky` returns.

    ``B`` is ``(..., n, k)``, ``L`` ``(..., n, n)``, upper triangular with ``upper``; leading dims
    broadcast. Raises ShapeError for sizes that don't fit, DTypeError for two dtypes.

    >>> import autograd
    >>> L = autograd.linalg.cholesky(autograd.tensor([[4.0, 0.0], [0.0, 1.0]]))
    >>> autograd.cholesky_solve(autograd.tensor([[4.0], [3.0]]), L)
    tensor([[1.],
            [3.]])
    """
    return _cholesky_solve(B, L, upper=upper)


def cholesky_inverse(L: Any, upper: bool = False) -> Any:
    """The inverse of ``A``, given the factor ``L`` of ``A`` that `cholesky` returns.

    Raises ShapeError for a factor that isn't square, or has a 0 on its diagonal.

    >>> import autograd
    >>> autograd.cholesky_inverse(autograd.tensor([[2.0, 0.0], [0.0, 1.0]]))
    tensor([[0.2500, 0.0000],
            [0.0000, 1.0000]])
    """
    array = array_of(L)
    if array.ndim < 2 or array.shape[-1] != array.shape[-2]:
        raise ShapeError(
            f"cholesky_inverse: needs square matrices in the last two dims, got {array.shape}"
        )
    if (np.diagonal(array, 0, -2, -1) == 0).any():
        raise ShapeError("cholesky_inverse: the factor has a 0 on its diagonal, so it is singular")
    return _cholesky_solve(np.eye(array.shape[-1], dtype=array.dtype), L, upper=upper)
