"""Triangular systems of linear equations, by substitution."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of
from autograd.dtypes import DIFFERENTIABLE, float16
from autograd.errors import DTypeError, ShapeError, describe
from autograd.ops.conversion import clone
from autograd.ops.diagonals import tril, triu
from autograd.ops.products import _swap_last, check_dtypes, matmul


def check_matrices(A: Any, operation: str = "") -> None:
    """Raise ShapeError unless ``A`` holds matrices, DTypeError unless of a dtype that LAPACK takes.

    ``operation`` names the caller in the messages, where the engine does not.
    """
    prefix, suffix = (f"{operation}: ", f" (A {describe(A)})") if operation else ("", "")
    if A.ndim < 2:
        raise ShapeError(f"{prefix}needs matrices in the last two dims: at least 2 dims{suffix}")
    if A.dtype not in DIFFERENTIABLE or A.dtype == float16:
        remedy = "convert first: A.to('float32')"
        raise DTypeError(f"{prefix}needs float32, float64 or complex; {remedy}{suffix}")


def check_square(A: Any, operation: str = "") -> None:
    """As `check_matrices`; the matrices must be square as well."""
    check_matrices(A, operation)
    if A.shape[-1] != A.shape[-2]:
        prefix, suffix = (f"{operation}: ", f" (A {describe(A)})") if operation else ("", "")
        raise ShapeError(f"{prefix}needs square matrices in the last two dims: (..., n, n){suffix}")


def check_system(A: Any, B: Any) -> None:
    """Raise ShapeError or DTypeError unless ``A @ X = B`` is a system of equations with square
    ``A``."""
    check_square(A)
    check_dtypes(A, B, "B", "A")
    if A.shape[-1] != B.shape[-2]:
        raise ShapeError(
            f"A has {A.shape[-1]} rows but B has {B.shape[-2]}; they must have as many"
        )


def solve_triangular(
    A: Any, B: Any, *, upper: bool, left: bool = True, unitriangular: bool = False
) -> Any:
    """The solution ``X`` of ``A @ X = B`` (``X @ A = B`` if not ``left``) for triangular ``A``.

    ``A`` is ``(..., n, n)``, ``B`` ``(..., n, k)`` (``(..., k, n)`` if not ``left``); leading dims
    broadcast. What lies in the other triangle of ``A`` is never read, nor is its diagonal if it is
    ``unitriangular``: that counts as ones then. A 0 on the diagonal gives infinities and NaN.
    Raises ShapeError for sizes that don't fit, DTypeError for two dtypes.

    >>> import autograd
    >>> A = autograd.tensor([[2.0, 1.0], [0.0, 4.0]])
    >>> autograd.linalg.solve_triangular(A, autograd.tensor([[4.0], [8.0]]), upper=True)
    tensor([[1.],
            [2.]])
    """
    if len(array_of(A).shape) < 2 or len(array_of(B).shape) < 2:
        raise ShapeError(
            "solve_triangular: needs matrices A (..., n, n) and B (..., n, k), got shapes "
            f"{array_of(A).shape} and {array_of(B).shape}; a vector becomes one by "
            "b.unsqueeze(-1)"
        )
    if left:
        return _solve_triangular(A, B, upper=upper, unitriangular=unitriangular)
    # X @ A = B transposed is A.mT @ X.mT = B.mT.
    A, B, upper = _swap_last(A), _swap_last(B), not upper
    return _swap_last(_solve_triangular(A, B, upper=upper, unitriangular=unitriangular))


@primitive(
    joint=lambda g, wanted, A, out, upper, unitriangular: _triangular_gradients(
        g, wanted, A, out, upper, unitriangular
    )
)
def _solve_triangular(A: Array, B: Array, *, upper: bool, unitriangular: bool) -> Array:
    check_system(A, B)
    if unitriangular:
        A = A.copy()
        np.einsum("...ii->...i", A)[...] = 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return _substituted(A, B, upper)


def _substituted(A: Any, B: Any, upper: bool) -> Any:
    """Substitution by halves: what the unknowns of one half contribute to the other's equations
    is one matrix product."""
    n = A.shape[-1]
    if n <= 1:
        batch = np.broadcast_shapes(A.shape[:-2], B.shape[:-2])
        return B / A if n else np.zeros_like(B, shape=batch + B.shape[-2:])
    first, second = slice(n // 2), slice(n // 2, None)
    if upper:
        first, second = second, first
    solved = _substituted(A[..., first, first], B[..., first, :], upper)
    rest = B[..., second, :] - np.matmul(A[..., second, first], solved)
    remaining = _substituted(A[..., second, second], rest, upper)
    return np.concatenate((remaining, solved) if upper else (solved, remaining), -2)


def _triangular_gradients(
    g: Any, wanted: Any, A: Any, out: Any, upper: bool, unitriangular: bool
) -> tuple[Any, Any]:
    by_b = _solve_triangular(_swap_last(A), g, upper=not upper, unitriangular=unitriangular)
    if not wanted[0]:
        return None, by_b
    by_a = -matmul(by_b, _swap_last(out))
    outside = 1 if unitriangular else 0  # a diagonal that counts as ones has no gradient
    return triu(by_a, outside) if upper else tril(by_a, -outside), by_b


class TriangularSolution(NamedTuple):
    """The solution of a triangular system, and a copy of its coefficients."""

    solution: Any
    cloned_coefficient: Any


def triangular_solve(
    b: Any, A: Any, upper: bool = True, transpose: bool = False, unitriangular: bool = False
) -> TriangularSolution:
    """`linalg.solve_triangular` under its older name: ``A @ X = b``, or ``A.mT @ X = b`` with
    ``transpose``.

    >>> import autograd
    >>> A = autograd.tensor([[2.0, 1.0], [0.0, 4.0]])
    >>> autograd.triangular_solve(autograd.tensor([[4.0], [8.0]]), A).solution
    tensor([[1.],
            [2.]])
    """
    shape, coefficients = array_of(b).shape, array_of(A).shape
    if len(shape) < 2 or len(coefficients) < 2:
        raise ShapeError(
            "triangular_solve: needs matrices b (..., n, k) and A (..., n, n), got shapes "
            f"{shape} and {coefficients}"
        )
    solution = _solve_triangular(
        _swap_last(A) if transpose else A,
        b,
        upper=upper is not transpose,
        unitriangular=unitriangular,
    )
    return TriangularSolution(solution, clone(A))
