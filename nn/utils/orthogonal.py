"""Orthogonal matrices as functions of any matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.core.variable import make, unwrap
from autograd.creation import eye, zeros
from autograd.errors import ShapeError
from autograd.modes import no_grad
from autograd.ops.diagonals import tril
from autograd.ops.inverses import solve
from autograd.ops.joining import cat
from autograd.ops.magnitude import sgn
from autograd.ops.matrix_functions import matrix_exp
from autograd.random import randn
from nn.module import Module


def _skew(x: Any) -> Any:
    """The skew-symmetric matrix whose lower triangle is that of ``x (..., n, k)``, filled up with
    zeros to n columns."""
    n, k = x.shape[-2:]
    lower = tril(x)
    if n != k:
        lower = cat([lower, zeros(*x.shape[:-1], n - k, dtype=x.dtype)], -1)
    return lower - lower.mH


def _exponential(x: Any) -> Any:
    return matrix_exp(_skew(x))[..., : x.shape[-1]]


def _cayley(x: Any) -> Any:
    """``(1 - A / 2) ** -1 (1 + A / 2)`` of a skew-symmetric A (Cayley, 1846)."""
    half = _skew(x) / 2
    identity = eye(half.shape[-1], dtype=x.dtype)
    return solve(identity - half, identity + half)[..., : x.shape[-1]]


def _householder(x: Any) -> Any:
    """The product of the reflections by the columns below the diagonal of ``x``, with the signs
    that stand on its diagonal (Householder, 1958).

    The signs are not learned: they have no gradient.
    """
    n, k = x.shape[-2:]
    vectors = tril(x, -1) + eye(n, k, dtype=x.dtype)
    result = eye(n, k, dtype=x.dtype)
    for i in reversed(range(k)):
        v = vectors[..., i : i + 1]
        result = result - v @ (v.mT @ result) * (2 / (v * v).sum(-2, keepdim=True))
    return result * sgn(x.detach().diagonal(dim1=-2, dim2=-1)).unsqueeze(-2)


MAPS: dict[str, Callable[[Any], Any]] = {
    "matrix_exp": _exponential,
    "cayley": _cayley,
    "householder": _householder,
}


class _Orthogonal(Module):
    """An orthogonal matrix, or one with orthonormal rows or columns, of the lower triangle of any
    matrix.

    With ``use_trivialization``, times ``base``: the matrix that it was last set to.
    """

    base: Any

    def __init__(
        self, weight: Any, orthogonal_map: str, *, use_trivialization: bool = True
    ) -> None:
        if weight.is_complex() and orthogonal_map == "householder":
            raise ShapeError("orthogonal: the map 'householder' is for real matrices only")
        self.shape, self.orthogonal_map = weight.shape, orthogonal_map
        if use_trivialization:
            self.register_buffer("base", None)

    def forward(self, x: Any) -> Any:
        wide = x.shape[-2] < x.shape[-1]
        result = MAPS[self.orthogonal_map](x.mT if wide else x)
        if hasattr(self, "base"):
            result = self.base @ result
        return result.mT if wide else result

    @no_grad()
    def right_inverse(self, matrix: Any) -> Any:
        """The matrix of which ``forward`` gives ``matrix``; with a base, one that stands for the
        identity. What is not orthogonal is made so.

        Raises ShapeError for another shape, NotImplementedError where only a base would do.
        """
        if matrix.shape != self.shape:
            raise ShapeError(
                f"orthogonal: needs a tensor of shape {self.shape}, got {matrix.shape}"
            )
        wide = matrix.shape[-2] < matrix.shape[-1]
        tall = matrix.mT if wide else matrix
        if hasattr(self, "base"):
            self.base = _completed(tall)
            return -eye(*matrix.shape[-2:], dtype=matrix.dtype).expand(matrix.shape)
        if self.orthogonal_map != "householder":
            raise NotImplementedError(
                f"orthogonal: {self.orthogonal_map!r} has no inverse here; pass "
                "use_trivialization=True"
            )
        reflections = _reflections(tall)
        return reflections.mT if wide else reflections


def _completed(tall: Any) -> Any:
    """An orthogonal matrix that begins with the columns of ``tall``, made orthonormal."""
    n, k = tall.shape[-2:]
    if n == k and _is_orthogonal(tall):
        return tall.clone()
    if n != k:
        others = randn(*tall.shape[:-1], n - k, dtype=tall.dtype)
        tall = cat([tall, others], -1)
    q, r = np.linalg.qr(unwrap(tall))
    # A matrix has one such factorisation if the diagonal of r is to be positive.
    return make(q * np.sign(np.diagonal(r, axis1=-2, axis2=-1))[..., None, :])


def _is_orthogonal(x: Any) -> bool:
    array, n = unwrap(x), x.shape[-1]
    tolerance = 10 * n * np.finfo(array.dtype).eps
    return bool(np.allclose(unwrap(x.mH @ x), np.eye(n), atol=tolerance))


def _reflections(tall: Any) -> Any:
    """The vectors whose reflections have the product ``tall``, below a diagonal of signs."""
    raw, tau = np.linalg.qr(unwrap(tall), mode="raw")
    vectors = np.swapaxes(raw, -2, -1).copy()
    diagonal = np.einsum("...ii->...i", vectors[..., : tau.shape[-1], :])
    diagonal[...] = np.sign(diagonal) * np.where(tau == 0, -1, 1)
    return make(vectors)
