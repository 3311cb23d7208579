"""Ranks, pseudoinverses, and systems of linear equations without, or with many, solutions."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, Variable, array_of, make, unwrap
from autograd.errors import DTypeError, ShapeError
from autograd.ops.arithmetic import square, sub
from autograd.ops.complex_parts import conj
from autograd.ops.magnitude import abs
from autograd.ops.products import _swap_last, column, matmul
from autograd.ops.reduction import sum
from autograd.ops.solving import check_matrices, check_square

# -- which singular values count as 0 --------------------------------------------------------------


def _tolerance(A: Any, values: Any, atol: Any, rtol: Any) -> Any:
    """The largest number that counts as 0 among the singular ``values`` of each ``A``, with a last
    dim of size 1.

    It is ``atol`` or ``rtol`` times the largest value, whichever is more. Unless given, ``rtol`` is
    0 if ``atol`` is positive, otherwise the rounding error of the decomposition: the larger size
    of ``A`` times the epsilon of its dtype.
    """
    atol, rtol = unwrap(atol), unwrap(rtol)
    if any(getattr(each, "dtype", np.dtype(float)).kind == "c" for each in (atol, rtol)):
        raise DTypeError("atol and rtol must be real")
    if atol is None:
        atol = 0
    if rtol is None:
        epsilon = float(np.finfo(A.dtype).eps) * max(A.shape[-2:])
        rtol = np.where(np.greater(atol, 0), 0, epsilon)
    largest = np.max(values, -1, initial=0)
    return np.maximum(atol, np.multiply(rtol, largest))[..., None]


def _singular_values(A: Any, hermitian: bool) -> Any:
    """The singular values; of hermitian matrices, of which the lower triangle is read, in any
    order."""
    if not hermitian:
        return np.linalg.svd(A, compute_uv=False)
    return np.abs(np.linalg.eigvalsh(A))


def matrix_rank(
    A: Any,
    tol: Any = None,
    hermitian: bool = False,
    *,
    atol: Any = None,
    rtol: Any = None,
) -> Any:
    """How many singular values of each matrix are more than 0, as far as rounding lets one say.

    More than ``atol`` and than ``rtol`` times the largest, that is: numbers, or one for each
    matrix. By default ``rtol`` is the larger size of the matrices times the epsilon of the dtype
    (0 if ``atol`` is positive); ``tol`` is ``atol`` with ``rtol = 0``. ``hermitian``: read the
    lower triangles alone, and faster. Has no gradient.

    >>> import autograd
    >>> autograd.linalg.matrix_rank(autograd.tensor([[1.0, 2.0], [2.0, 4.0]]))
    tensor(1)
    """
    if tol is not None:
        atol, rtol = tol, 0.0
    return _matrix_rank(A, hermitian=hermitian, atol=atol, rtol=rtol)


@primitive()
def _matrix_rank(A: Array, hermitian: bool, atol: Any, rtol: Any) -> Array:
    (check_square if hermitian else check_matrices)(A)
    values = _singular_values(A, hermitian)
    return np.count_nonzero(values > _tolerance(A, values, atol, rtol), -1)


# -- pseudoinverses --------------------------------------------------------------------------------


def pinv(
    A: Any,
    rcond: Any = None,
    hermitian: bool = False,
    *,
    atol: Any = None,
    rtol: Any = None,
) -> Any:
    """The pseudoinverses of the matrices ``(..., m, n)``: ``(..., n, m)`` (Moore 1920, Penrose
    1955).

    ``pinv(A) @ b`` is the shortest of the vectors ``x`` for which ``A @ x`` comes closest to ``b``.
    Singular values up to ``atol``, or up to ``rtol`` times the largest, count as 0; see
    `matrix_rank`. ``rcond`` is an older name of ``rtol``. ``hermitian``: read the lower triangles
    alone. The gradient holds as long as the rank does not change.

    >>> import autograd
    >>> autograd.linalg.pinv(autograd.tensor([[2.0, 0.0], [0.0, 0.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.0000]])
    """
    if rcond is not None:
        atol, rtol = 0.0, rcond
    return _pinv(A, hermitian=hermitian, atol=atol, rtol=rtol)


def pinverse(input: Any, rcond: Any = 1e-15) -> Any:
    """`linalg.pinv` under its older name.

    >>> import autograd
    >>> autograd.pinverse(autograd.tensor([[2.0], [0.0]]))
    tensor([[0.5000, 0.0000]])
    """
    return pinv(input, rcond)


@primitive(holomorphic=False, A=lambda g, A, out: _pinv_gradient(g, A, out))
def _pinv(A: Array, hermitian: bool, atol: Any, rtol: Any) -> Array:
    (check_square if hermitian else check_matrices)(A)
    if 0 in A.shape[-2:]:
        return np.zeros_like(A, shape=(*A.shape[:-2], A.shape[-1], A.shape[-2]))
    if hermitian:
        values, left = np.linalg.eigh(A)
        right = _adjoint(left)
    else:
        left, values, right = np.linalg.svd(A, full_matrices=False)
    sizes = np.abs(values)
    counts = sizes > _tolerance(A, sizes, atol, rtol)
    inverses = np.where(counts, 1 / np.where(counts, values, 1), 0).astype(values.dtype)
    return np.matmul(_adjoint(right) * inverses[..., None, :], _adjoint(left))


def _adjoint(x: Any) -> Any:
    return conj(_swap_last(x))


def _pinv_gradient(g: Any, A: Any, out: Any) -> Any:
    """For a rank that stays the same (Golub and Pereyra 1973)."""
    adjoint, g_adjoint = _adjoint(out), _adjoint(g)
    rows = matmul(matmul(g_adjoint, out), adjoint)
    columns = matmul(adjoint, matmul(out, g_adjoint))
    return (
        rows
        - matmul(A, matmul(out, rows))
        + columns
        - matmul(matmul(columns, out), A)
        - matmul(adjoint, matmul(g, adjoint))
    )


# -- least squares ---------------------------------------------------------------------------------

_DRIVERS = ("gels", "gelsy", "gelsd", "gelss")


class LeastSquares(NamedTuple):
    """The solutions of least-squares problems, and what else their driver computes; the rest is
    empty."""

    solution: Any
    residuals: Any
    rank: Any
    singular_values: Any


def lstsq(A: Any, B: Any, rcond: float | None = None, *, driver: str | None = None) -> LeastSquares:
    """The ``X`` for which ``A @ X`` comes closest to ``B``, in the sum of the squares of the
    differences; of several the smallest.

    ``A`` is ``(..., m, n)``, ``B`` ``(..., m, k)``, or ``(..., m)`` with one dim less than ``A``.
    Singular values of ``A`` up to ``rcond`` times the largest count as 0 (by default as in
    `matrix_rank`). ``driver``, the name of LAPACK's routine in PyTorch, says what is returned:
    "gelsy" (by default) the rank of ``A``, "gelsd" and "gelss" the rank and the singular values,
    "gels", for which ``A`` must have full rank, neither; all but "gelsy" the squared residuals of
    each column if all ranks are ``n < m``. Raises ShapeError, DTypeError.

    >>> import autograd
    >>> A = autograd.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    >>> autograd.linalg.lstsq(A, autograd.tensor([1.0, 3.0, 5.0])).solution
    tensor([1.0000, 2.0000])
    """
    driver = "gelsy" if driver is None else driver
    _check_least_squares(A, B, driver)
    vectors = array_of(B).ndim < array_of(A).ndim
    columns = column(B) if vectors else B
    solution = matmul(pinv(A, rtol=rcond), columns)
    values = _singular_values(array_of(A), False)
    rank = _matrix_rank(array_of(A), hermitian=False, atol=None, rtol=rcond)
    n = array_of(A).shape[-1]
    overdetermined = array_of(A).shape[-2] > n and (driver == "gels" or np.all(rank == n))
    residuals = None
    if overdetermined and driver != "gelsy":
        residuals = sum(square(abs(sub(matmul(A, solution), columns))), -2)
    return LeastSquares(
        solution.reshape(solution.shape[:-1]) if vectors else solution,
        solution.real.reshape(-1)[:0] if residuals is None else residuals,
        _like(A, np.zeros(0, np.int64) if driver == "gels" else rank),
        _like(A, values if driver in ("gelsd", "gelss") else values.reshape(-1)[:0]),
    )


def _check_least_squares(A: Any, B: Any, driver: str) -> None:
    A, B = array_of(A), array_of(B)
    if A.ndim < 2 or A.ndim - B.ndim not in (0, 1):
        raise ShapeError(
            "lstsq: needs A (..., m, n) with at least 2 dims, and B with as many or one less, got "
            f"{A.shape} and {B.shape}"
        )
    if driver not in _DRIVERS:
        raise ShapeError(f"lstsq: driver must be one of {', '.join(_DRIVERS)}, got {driver!r}")
    rows = B.shape[-1 if B.ndim < A.ndim else -2]
    if A.shape[-2] != rows:
        raise ShapeError(
            f"lstsq: A has {A.shape[-2]} rows but B has {rows}; they must have as many"
        )
    if A.dtype != B.dtype:
        raise DTypeError(f"lstsq: A is {A.dtype} but B is {B.dtype}; convert one of them")


def _like(A: Any, array: Any) -> Any:
    """``array`` as a tensor, if ``A`` is one."""
    return make(np.asarray(array)) if isinstance(A, Variable) else array
