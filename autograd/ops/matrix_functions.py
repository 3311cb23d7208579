"""Functions of square matrices: powers, the exponential."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of
from autograd.dtypes import DIFFERENTIABLE
from autograd.errors import ShapeError
from autograd.ops.inverses import inv
from autograd.ops.joining import cat
from autograd.ops.products import _swap_last, matmul
from autograd.ops.selection import _where
from autograd.ops.solving import check_square


def matrix_power(A: Any, n: int) -> Any:
    """``A @ A @ ... @ A``, ``n`` times, for square matrices; for negative ``n``, of their inverses.

    By repeated squaring. ``n = 0`` gives identity matrices. Raises ShapeError for matrices that are
    not square, and for singular ones if ``n`` is negative.

    >>> import autograd
    >>> autograd.linalg.matrix_power(autograd.tensor([[1.0, 1.0], [0.0, 1.0]]), 5)
    tensor([[1., 5.],
            [0., 1.]])
    """
    array = array_of(A)
    if array.ndim < 2 or array.shape[-1] != array.shape[-2]:
        raise ShapeError(
            f"matrix_power: needs square matrices in the last two dims, got {array.shape}"
        )
    if n == 0:
        return _where(np.False_, A, np.eye(array.shape[-1], dtype=array.dtype))
    if n < 0:
        A, n = inv(A), -n
    result = None
    while n:
        n, odd = divmod(n, 2)
        if odd:
            result = A if result is None else matmul(result, A)
        A = matmul(A, A) if n else A
    return result


# -- the exponential -------------------------------------------------------------------------------

# For matrices of at most this 1-norm the approximation is exact to double precision (Higham 2005,
# table 2.3).
_LARGEST_NORM = 5.371920351148152

# The coefficients of the numerator of the diagonal Pade approximant of degree 13 of exp; those of
# the denominator differ in the signs of the odd ones.
_DEGREE = 13
_COEFFICIENTS = [
    math.factorial(2 * _DEGREE - k)
    // (math.factorial(_DEGREE - k) * math.factorial(k))
    * math.factorial(_DEGREE)
    / math.factorial(2 * _DEGREE)
    for k in range(_DEGREE + 1)
]


@primitive(A=lambda g, A: _exponential_derivative(_swap_last(A), g))
def matrix_exp(A: Array) -> Array:
    """The exponentials of the matrices in the last two dims: the sums of ``A ** k / k!``.

    By scaling and squaring: ``exp(A)`` is ``exp(A / 2**s)`` squared ``s`` times, and of the small
    matrix a quotient of polynomials is exact enough (Higham 2005). Raises ShapeError for matrices
    that are not square.

    >>> import autograd
    >>> autograd.matrix_exp(autograd.tensor([[0.0, 1.0], [0.0, 0.0]]))
    tensor([[1., 1.],
            [0., 1.]])
    """
    # In double precision, which the coefficients are made for, whatever the dtype.
    wide = A.astype(np.result_type(A.dtype, np.float64)) if A.dtype in DIFFERENTIABLE else A
    check_square(wide)
    return _scaled_and_squared(wide).astype(A.dtype) if A.size else A.copy()


def _scaled_and_squared(A: Any) -> Any:
    norms = np.max(np.sum(np.abs(A), -2), -1)
    squarings = np.ceil(np.log2(np.maximum(norms / _LARGEST_NORM, 1)))
    squarings = np.where(np.isfinite(squarings), squarings, 0).astype(int)
    out = _small_exponential(A / 2.0 ** squarings[..., None, None])
    for step in range(squarings.max()):
        out = np.where(step < squarings[..., None, None], np.matmul(out, out), out)
    return out


def _small_exponential(A: Any) -> Any:
    """The Pade approximant: with the odd powers U and the even ones V of its numerator,
    ``(V - U) ** -1 @ (V + U)``."""
    squared = np.matmul(A, A)
    identity = np.eye(A.shape[-1], dtype=A.dtype)
    odd, even = _polynomial(squared, identity, 1), _polynomial(squared, identity, 0)
    odd = np.matmul(A, odd)
    return np.linalg.solve(even - odd, even + odd)


def _polynomial(x: Any, identity: Any, start: int) -> Any:
    """Every other coefficient from ``start`` on, by Horner's scheme."""
    out = 0 * x
    for coefficient in reversed(_COEFFICIENTS[start::2]):
        out = np.matmul(out, x) + coefficient * identity
    return out


def _exponential_derivative(A: Any, direction: Any) -> Any:
    """The derivative of `matrix_exp` at ``A`` in a direction E: the upper right block of the
    exponential of [[A, E], [0, A]] (Najfeld and Havel 1995)."""
    n = array_of(A).shape[-1]
    upper = cat([A, direction], -1)
    lower = cat([np.zeros_like(array_of(A)), A], -1)
    return matrix_exp(cat([upper, lower], -2))[..., :n, n:]
