"""Eigenvalues and eigenvectors.

The derivatives are those of perturbation theory: an eigenvector turns towards each other one by
their coupling over the gap between the eigenvalues. (Giles, 2008: An extended collection of matrix
derivative results; Magnus, 1985: On differentiating eigenvalues and eigenvectors.) The phases of
complex eigenvectors are arbitrary, and a loss that depends on them has no gradient.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of
from autograd.errors import GraphError
from autograd.ops.complex_parts import real
from autograd.ops.diagonals import diag_embed, diagonal
from autograd.ops.inverses import solve
from autograd.ops.products import column, matmul
from autograd.ops.rearranging import mH
from autograd.ops.selection import zero_if_unused
from autograd.ops.solving import check_square


class Eigen(NamedTuple):
    """Eigenvalues ``(..., n)``, and eigenvectors in the columns of ``(..., n, n)``."""

    eigenvalues: Any
    eigenvectors: Any


# -- what the derivatives share --------------------------------------------------------------------


def row(x: Any) -> Any:
    """``x`` with a new next to last dim of size 1."""
    return x.reshape((*x.shape[:-1], 1, x.shape[-1]))


def over_gaps(x: Any, values: Any) -> Any:
    """``x[i, j] / (values[j] - values[i])``, and 0 on the diagonal.

    Equal values give infinities, but only where ``x`` isn't 0: what no loss asks about does no
    harm.
    """
    eye = np.eye(values.shape[-1], dtype=array_of(values).dtype)
    coupling = x * (1 - eye)
    return zero_if_unused(coupling / (row(values) - column(values) + eye), coupling)


def refuse_phases(operation: str, turn: Any) -> None:
    """Raise GraphError if the diagonals of ``turn``, the gradient in the frame of the vectors, have
    imaginary parts: the loss changes with the phases of the vectors."""
    array = array_of(turn)
    if array.dtype.kind == "c":
        by_phase = np.abs(np.diagonal(array, 0, -2, -1).imag)
        if (by_phase > 1e-2 * max(1.0, np.max(np.abs(array), initial=0.0))).any():
            raise GraphError(
                f"{operation}: the loss depends on the phases of the vectors, which are arbitrary, "
                "so it has no gradient. Use what they cancel in: magnitudes, V @ D @ V.mH"
            )


# -- of Hermitian matrices -------------------------------------------------------------------------


@primitive(holomorphic=False, A=lambda g, out: _eigh_gradient(g, *out))
def _eigh(A: Array, *, UPLO: Any) -> Any:
    check_square(A)
    return tuple(np.linalg.eigh(A, UPLO))


def _eigh_gradient(g: Any, values: Any, vectors: Any) -> Any:
    by_values, by_vectors = g
    turn = matmul(mH(vectors), by_vectors)
    refuse_phases("eigh", turn)
    middle = over_gaps(turn - mH(turn), values) / 2 + diag_embed(by_values)
    return matmul(matmul(vectors, middle), mH(vectors))


def eigh(A: Any, UPLO: str = "L") -> Eigen:
    """The eigenvalues of symmetric or Hermitian matrices ``(..., n, n)``, ascending and real, and
    orthonormal eigenvectors: ``A = V @ diag(eigenvalues) @ V.mH``.

    Only the lower triangle is read, with ``UPLO="U"`` the upper one; the gradient is Hermitian.
    That of the eigenvectors is infinite where eigenvalues are equal. Raises ShapeError for matrices
    that aren't square, or not finite.

    >>> import autograd
    >>> autograd.linalg.eigh(autograd.tensor([[2.0, 0.0], [0.0, 1.0]])).eigenvalues
    tensor([1., 2.])
    """
    return Eigen(*_eigh(A, UPLO=UPLO))


def eigvalsh(A: Any, UPLO: str = "L") -> Any:
    """The eigenvalues of symmetric or Hermitian matrices, ascending, as by `eigh`."""
    return eigh(A, UPLO).eigenvalues


# -- of any square matrix --------------------------------------------------------------------------


@primitive(holomorphic=False, A=lambda g, out: _eig_gradient(g, *out))
def _eig(A: Array) -> Any:
    check_square(A)
    dtype = np.result_type(A.dtype, np.complex64)
    return tuple(part.astype(dtype) for part in np.linalg.eig(A))


def _eig_gradient(g: Any, values: Any, vectors: Any) -> Any:
    """Each eigenvector keeps its length 1: turning towards the others must not stretch it."""
    by_values, by_vectors = g
    turn = matmul(mH(vectors), by_vectors)
    refuse_phases("eig", turn)
    stretch = matmul(mH(vectors), vectors) * row(real(diagonal(turn, 0, -2, -1)))
    middle = over_gaps(turn - stretch, values.conj()) + diag_embed(by_values)
    return solve(mH(vectors), matmul(middle, mH(vectors)))


def eig(A: Any) -> Eigen:
    """The eigenvalues of square matrices ``(..., n, n)``, in no order, and eigenvectors of length
    1: ``A @ V = V @ diag(eigenvalues)``. Both are complex, for real matrices too.

    The gradient is boundless where there is no basis of eigenvectors. Raises ShapeError for
    matrices that aren't square, or not finite.

    >>> import autograd
    >>> autograd.linalg.eig(autograd.tensor([[0.0, 1.0], [-1.0, 0.0]])).eigenvalues
    tensor([0.+1.j, 0.-1.j])
    """
    return Eigen(*_eig(A))


def eigvals(A: Any) -> Any:
    """The eigenvalues of square matrices, complex and in no order, as by `eig`."""
    return eig(A).eigenvalues
