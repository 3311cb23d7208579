"""Inverses, and systems of linear equations with any square matrix."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, Variable, array_of, make
from autograd.errors import ShapeError
from autograd.ops.products import _swap_last, column, matmul
from autograd.ops.rearranging import movedim
from autograd.ops.shaping import checked_dims
from autograd.ops.solving import check_square, check_system

# -- inverses --------------------------------------------------------------------------------------


@primitive(A=lambda g, out: -matmul(_swap_last(out), matmul(g, _swap_last(out))))
def inv(A: Array) -> Array:
    """The inverses of the matrices in the last two dims. Raises ShapeError for a singular one.

    >>> import autograd
    >>> autograd.linalg.inv(autograd.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """
    check_square(A)
    return np.linalg.inv(A)


inverse = inv


def inverse_or_nan(A: Any) -> Any:
    """As `inv`; a singular matrix has NaN for its inverse, and does not spoil the others."""
    return inv(_nan_if_singular("inv", A))


def _nan_if_singular(operation: str, A: Any) -> Any:
    array = array_of(A)
    check_square(array, operation)
    regular = is_regular(array)
    factors = np.where(regular, 1, np.nan)[..., None, None].astype(array.real.dtype)
    return A if regular.all() else A * factors


def is_regular(A: Any) -> Any:
    """Which of the matrices can be inverted: those with no pivot that is exactly 0."""
    return np.linalg.slogdet(A)[0] != 0


class InverseAndInfo(NamedTuple):
    """Inverses, and for each 0, or the number of the first pivot that is 0."""

    inverse: Any
    info: Any


def inv_ex(A: Any, *, check_errors: bool = False) -> InverseAndInfo:
    """The inverses, and ``info``: 0, or the number (from 1) of the pivot that shows a singular
    matrix.

    The inverse of a singular matrix is NaN, unless ``check_errors`` has it raise ShapeError.

    >>> import autograd
    >>> autograd.linalg.inv_ex(autograd.tensor([[1.0, 2.0], [2.0, 4.0]])).info
    tensor(2, dtype=int32)
    """
    inverses = inv(A) if check_errors else inverse_or_nan(A)
    return InverseAndInfo(inverses, _info(A))


def _info(A: Any) -> Any:
    info = _first_zero_pivot(array_of(A))
    return make(info) if isinstance(A, Variable) else info


def _first_zero_pivot(A: Any) -> Any:
    """For each matrix the number of the first pivot that is 0, counted from 1; 0 if there is none.

    The k-th pivot is the first 0 where the first k columns are the first that are dependent.
    """
    info = np.zeros(A.shape[:-2], np.int32)
    for index in map(tuple, np.argwhere(~is_regular(A))):
        ranks = [np.linalg.matrix_rank(A[index][:, :k]) for k in range(1, A.shape[-1] + 1)]
        info[index] = next((k for k, rank in enumerate(ranks, 1) if rank < k), A.shape[-1])
    return info


# -- systems of linear equations -------------------------------------------------------------------


@primitive(joint=lambda g, wanted, A, out: _solution_gradients(g, wanted, A, out))
def _solve(A: Array, B: Array) -> Array:
    """``inv(A) @ B``, for columns ``B (..., n, k)``."""
    check_system(A, B)
    return np.linalg.solve(A, B)


def _solution_gradients(g: Any, wanted: Any, A: Any, out: Any) -> tuple[Any, Any]:
    by_b = _solve(_swap_last(A), g)
    return -matmul(by_b, _swap_last(out)) if wanted[0] else None, by_b


def solve(A: Any, B: Any, *, left: bool = True) -> Any:
    """The solution ``X`` of ``A @ X = B`` (``X @ A = B`` if not ``left``) for square ``A (..., n,
    n)``.

    ``B`` is ``(..., n, k)``, or ``(..., n)`` with one dim less than ``A``. Raises ShapeError for a
    singular ``A``.

    >>> import autograd
    >>> A = autograd.tensor([[2.0, 0.0], [0.0, 4.0]])
    >>> autograd.linalg.solve(A, autograd.tensor([2.0, 2.0]))
    tensor([1.0000, 0.5000])
    """
    if not array_of(B).shape:
        raise ShapeError("solve: needs B (..., n, k) or (..., n) with at least 1 dim, got ()")
    if _is_vector(A, B):
        out = _solve(A if left else _swap_last(A), column(B))
        return out.reshape(out.shape[:-1])
    return _solve(A, B) if left else _swap_last(_solve(_swap_last(A), _swap_last(B)))


def _is_vector(A: Any, B: Any) -> bool:
    """Whether the right-hand side ``B`` of a system holds vectors ``(..., n)``, not matrices."""
    A, B = array_of(A), array_of(B)
    return bool(B.ndim == 1 or (B.ndim == A.ndim - 1 and B.shape == A.shape[:-1]))


class ResultAndInfo(NamedTuple):
    """Solutions, and for each matrix 0, or the number of the first pivot that is 0."""

    result: Any
    info: Any


def solve_ex(A: Any, B: Any, *, left: bool = True, check_errors: bool = False) -> ResultAndInfo:
    """As `solve`; a singular matrix gives NaN, and its ``info`` is the number of the pivot that
    shows it.

    Raises ShapeError for it all the same with ``check_errors``.

    >>> import autograd
    >>> A = autograd.tensor([[1.0, 2.0], [2.0, 4.0]])
    >>> autograd.linalg.solve_ex(A, autograd.tensor([1.0, 1.0])).info
    tensor(2, dtype=int32)
    """
    coefficients = A if check_errors else _nan_if_singular("solve_ex", A)
    return ResultAndInfo(solve(coefficients, B, left=left), _info(A))


def tensorsolve(A: Any, B: Any, dims: Sequence[int] | None = None) -> Any:
    """The solution ``X`` of ``tensordot(A, X, X.ndim) = B``.

    The dims of ``A`` are those of ``B``, then those of ``X``; the products of the sizes of the two
    groups must agree. ``dims`` of ``A`` are moved to the end first. Raises ShapeError.

    >>> import autograd
    >>> A = autograd.eye(6).reshape(2, 3, 6)
    >>> autograd.linalg.tensorsolve(A, autograd.ones(2, 3)).shape
    (6,)
    """
    if dims is not None:
        axes = checked_dims("tensorsolve", dims, array_of(A).ndim)
        A = movedim(A, axes, tuple(range(-len(axes), 0)))
    shape, wanted = array_of(A).shape, array_of(B).shape
    unknowns = shape[len(wanted) :]
    if prod(unknowns) != prod(wanted) or prod(shape) != prod(wanted) ** 2:
        raise ShapeError(
            f"tensorsolve: A {shape} must have as many elements in its first {len(wanted)} dims as "
            f"in the others, and B {wanted} as many"
        )
    size = prod(wanted)
    return solve(A.reshape((size, size)), B.reshape((size,))).reshape(unknowns)


def tensorinv(A: Any, ind: int = 2) -> Any:
    """The inverse of ``A`` as a map from its last dims to its first ``ind``.

    ``tensordot(tensorinv(A), B, ind)`` is what `tensorsolve` finds for ``A`` and ``B``.

    The result has the last dims of ``A`` first. Raises ShapeError unless the products of the sizes
    of the two groups agree.

    >>> import autograd
    >>> autograd.linalg.tensorinv(autograd.eye(6).reshape(6, 2, 3), ind=1).shape
    (2, 3, 6)
    """
    if ind <= 0:
        raise ShapeError(f"tensorinv: ind must be positive, got {ind}")
    shape = array_of(A).shape
    first, last = shape[:ind], shape[ind:]
    if prod(first) != prod(last):
        raise ShapeError(
            f"tensorinv: A {shape} must have as many elements in its first {ind} dims as in the "
            f"others, got {prod(first)} and {prod(last)}"
        )
    return inv(A.reshape((prod(first), prod(last)))).reshape(last + first)
