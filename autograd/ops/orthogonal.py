"""Factorizations with orthogonal (unitary) factors: QR and singular values."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of, make, unwrap
from autograd.errors import GraphError, ShapeError
from autograd.ops.diagonals import diag_embed, diagonal, tril
from autograd.ops.eigenvalues import over_gaps, refuse_phases, row
from autograd.ops.joining import cat
from autograd.ops.products import column, matmul
from autograd.ops.rearranging import mH
from autograd.ops.selection import zero_if_unused
from autograd.ops.solving import check_matrices, solve_triangular


class QR(NamedTuple):
    """A factor with orthonormal columns, and an upper triangular one."""

    Q: Any
    R: Any


class SVD(NamedTuple):
    """Left singular vectors in columns, singular values, right singular vectors in rows."""

    U: Any
    S: Any
    Vh: Any


# -- QR --------------------------------------------------------------------------------------------


@primitive(holomorphic=False, A=lambda g, out: _qr_gradient(g, *out))
def _qr(A: Array, *, mode: Literal["reduced", "complete"]) -> Any:
    check_matrices(A)
    return tuple(np.linalg.qr(A, mode))


def _qr_gradient(g: Any, Q: Any, R: Any) -> Any:
    """Of the square block of ``R``: ``dQ = dA @ inv(R) - Q @ dR @ inv(R)``, where ``dR @ inv(R)``
    is upper triangular. Columns of ``A`` beyond it are ``Q`` times those of ``R``. (Walter,
    Lehmann, 2010: Algorithmic differentiation of linear algebra functions.)"""
    by_Q, by_R = g
    k = Q.shape[-1]
    if k > R.shape[-1]:
        raise GraphError(
            "qr: with mode='complete' the columns of Q beyond those of A are arbitrary, so they "
            "have no gradient; use mode='reduced'"
        )
    by_rest = by_R[..., k:]
    if R.shape[-1] > k:
        by_Q = by_Q + matmul(Q, matmul(R[..., k:], mH(by_rest)))
    R = R[..., :k]
    lower = matmul(R, mH(by_R[..., :k])) - matmul(mH(by_Q), Q)
    inner = by_Q + matmul(Q, _mirrored(lower))
    by_block = solve_triangular(mH(R), inner, upper=False, left=False)
    return cat([by_block, matmul(Q, by_rest)], -1) if by_rest.shape[-1] else by_block


def _mirrored(x: Any) -> Any:
    """The Hermitian matrices with the lower triangles of ``x``."""
    half = (tril(x) + tril(x, -1)) / 2
    return half + mH(half)


def qr(A: Any, mode: str = "reduced") -> QR:
    """The factors of ``A = Q @ R``: ``Q`` with orthonormal columns, ``R`` upper triangular.

    For ``A (..., m, n)`` they are ``(..., m, k)`` and ``(..., k, n)`` with ``k = min(m, n)``, with
    ``mode="complete"`` ``k = m``; with ``"r"`` the ``Q`` is empty. The signs of the diagonal of
    ``R`` are LAPACK's. There is a gradient if the first ``k`` columns of ``A`` are independent, and
    none by a ``Q`` that has more columns than ``A``. Raises ShapeError.

    >>> import autograd
    >>> abs(autograd.linalg.qr(autograd.tensor([[3.0], [4.0]])).R)
    tensor([[5.]])
    """
    if mode not in ("reduced", "complete", "r"):
        raise ShapeError(f"qr: mode must be 'reduced', 'complete' or 'r', got {mode!r}")
    Q, R = _qr(A, mode="complete" if mode == "complete" else "reduced")
    return QR(make(np.empty_like(unwrap(Q), shape=(0,))) if mode == "r" else Q, R)


# -- singular values -------------------------------------------------------------------------------


@primitive(holomorphic=False, A=lambda g, out: _svd_gradient(g, *out))
def _svd(A: Array, *, full_matrices: bool) -> Any:
    check_matrices(A)
    return tuple(np.linalg.svd(A, full_matrices))


def _svd_gradient(g: Any, U: Any, S: Any, Vh: Any) -> Any:
    """The vectors of one side turn among themselves, and out of their span where that isn't all of
    the space. (Townsend, 2016: Differentiating the singular value decomposition.)"""
    by_U, by_S, by_Vh = g
    k = S.shape[-1]
    U, by_U, V, by_V = U[..., :k], by_U[..., :k], mH(Vh)[..., :k], mH(by_Vh)[..., :k]
    turn_U, turn_V = matmul(mH(U), by_U), matmul(mH(V), by_V)
    refuse_phases("svd", turn_U + turn_V)
    middle = over_gaps(turn_U - mH(turn_U), S * S) * row(S)
    middle = middle + column(S) * over_gaps(turn_V - mH(turn_V), S * S) + diag_embed(by_S)
    if array_of(U).dtype.kind == "c":  # the phases of U and V turn against each other
        phase = diagonal(turn_U - mH(turn_U), 0, -2, -1) / 2
        middle = middle + diag_embed(zero_if_unused(phase / S, phase))
    gradient = matmul(matmul(U, middle), mH(V))
    if U.shape[-2] > k:
        gradient = gradient + matmul(_out_of_span(U, by_U, turn_U, S), mH(V))
    if V.shape[-2] > k:
        gradient = gradient + matmul(U, mH(_out_of_span(V, by_V, turn_V, S)))
    return gradient


def _out_of_span(vectors: Any, g: Any, turn: Any, S: Any) -> Any:
    outside = g - matmul(vectors, turn)
    return zero_if_unused(outside / row(S), outside)


def svd(A: Any, full_matrices: bool = True, *, driver: str | None = None) -> SVD:
    """The factors of ``A = U @ diag(S) @ Vh``: orthonormal singular vectors, and the singular
    values, not negative and descending.

    For ``A (..., m, n)``, ``U`` is ``(..., m, m)`` and ``Vh`` ``(..., n, n)``; with
    ``full_matrices=False`` they are ``(..., m, k)`` and ``(..., k, n)``, ``k = min(m, n)``. The
    gradients of vectors beyond ``k``, which are arbitrary, are ignored; those of others are
    infinite where singular values are equal or, unless ``m = n``, 0. ``driver`` chooses among
    algorithms of a GPU and must be None. Raises ShapeError, also for matrices that aren't finite.

    >>> import autograd
    >>> autograd.linalg.svd(autograd.tensor([[3.0, 0.0], [0.0, 4.0]])).S
    tensor([4., 3.])
    """
    if driver is not None:
        raise ShapeError(f"svd: driver={driver!r} is for GPUs; leave it None")
    return SVD(*_svd(A, full_matrices=full_matrices))


def svdvals(A: Any, *, driver: str | None = None) -> Any:
    """The singular values of ``A (..., m, n)``, descending, as by `svd`: ``(..., min(m, n))``."""
    return svd(A, False, driver=driver).S
