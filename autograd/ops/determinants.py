"""Determinants and their logarithms."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of
from autograd.ops.arithmetic import add
from autograd.ops.comparison import lt
from autograd.ops.complex_parts import _as_complex, conj, imag
from autograd.ops.cumulative import products_of_others
from autograd.ops.diagonals import diagonal
from autograd.ops.exponential import log
from autograd.ops.inverses import inv, inverse_or_nan
from autograd.ops.products import _swap_last, matmul
from autograd.ops.reduction import sum
from autograd.ops.selection import _where, zero_if_unused
from autograd.ops.solving import check_square


@primitive(A=lambda g, A: _as_factor(g) * _cofactors(A))
def det(A: Array) -> Array:
    """The determinants of the matrices in the last two dims: ``(..., n, n)`` to ``(...)``.

    The gradient is the matrix of cofactors, for singular matrices too. Raises ShapeError for
    matrices that are not square.

    >>> import autograd
    >>> autograd.det(autograd.tensor([[1.0, 2.0], [0.0, 3.0]]))
    tensor(3.)
    """
    check_square(A)
    with np.errstate(over="ignore"):  # infinity is the right answer
        return np.linalg.det(A)


def _as_factor(x: Any) -> Any:
    """A number for each matrix, shaped to be multiplied by the matrices."""
    return x.reshape((*x.shape, 1, 1))


# -- derivatives of the determinant ----------------------------------------------------------------
#
# A determinant is a polynomial, so its derivatives exist for singular matrices too, where the
# formula ``det(A) * inv(A).mT`` is 0 * infinity. For a diagonal matrix they are products of
# the other elements. A singular value decomposition makes any matrix diagonal, and cofactors are
# multiplicative.


@primitive(A=lambda g, A: _second_derivative(g, A))
def _cofactors(A: Array) -> Array:
    """The derivative of ``det(A)`` by each element of ``A``."""
    left, others, right, factor = _diagonalized(A)
    return factor * np.matmul(left * products_of_others(others, -1)[..., None, :], right)


@primitive(
    x=lambda g, A: _second_derivative(g, A),
    A=lambda g, x, A: _third_derivative(g, x, A),
)
def _second_derivative(x: Array, A: Array) -> Array:
    """How the cofactors of ``A`` change in the direction ``x``, a symmetric map of ``x``.

    In the bases where ``A`` is diagonal, the second derivative of the determinant by the elements
    (i, i) and (j, j) is the product of all singular values but i and j, and by (i, j) and (j, i)
    minus that.
    """
    left, values, right, factor = _diagonalized(A)
    n = A.shape[-1]
    without = np.where(np.eye(n, dtype=bool), 1, values[..., None, :])
    products = products_of_others(without, -1) * (1 - np.eye(n, dtype=values.dtype))
    x = np.matmul(_swap_last(left), np.matmul(x, _swap_last(right)))
    change = -_swap_last(products * x)
    np.einsum("...ii->...i", change)[...] = np.einsum("...ij,...jj->...i", products, x)
    return factor * np.matmul(left, np.matmul(change, right))


def _diagonalized(A: Any) -> tuple[Any, Any, Any, Any]:
    """The singular value decomposition with conjugate factors, and the product of their
    determinants."""
    left, values, right = np.linalg.svd(A)
    factor = np.linalg.det(left) * np.linalg.det(right)
    return np.conj(left), values, np.conj(right), _as_factor(factor)


def _third_derivative(x: Any, y: Any, A: Any) -> Any:
    """The gradient of ``sum(x * _second_derivative(y, A))`` by ``A``, for invertible ``A`` only.

    With the inverse B, that sum is ``det(A) * (tr(Bx) * tr(By) - tr(BxBy))``. Raises ShapeError
    for a singular ``A``.
    """
    inverse = inv(A)
    x, y = matmul(inverse, x), matmul(inverse, y)
    xy = matmul(x, y)
    total = (_traces(x) * _traces(y) - _traces(xy)) * np.eye(A.shape[-1], dtype=A.dtype)
    total = total - _traces(y) * x - _traces(x) * y + xy + matmul(y, x)
    return _as_factor(det(A)) * _swap_last(matmul(total, inverse))


def _traces(x: Any) -> Any:
    return _as_factor(sum(diagonal(x, 0, -2, -1), -1))


# -- the logarithm ---------------------------------------------------------------------------------


class SignAndLogarithm(NamedTuple):
    """A determinant as ``sign * exp(logabsdet)``; the sign of a complex one has absolute value
    1."""

    sign: Any
    logabsdet: Any


def slogdet(A: Any) -> SignAndLogarithm:
    """The signs of the determinants, and the logarithms of their absolute values: where the
    determinants themselves would overflow.

    A singular matrix has 0 and -infinity, and a gradient of NaN. Raises ShapeError for matrices
    that are not square.

    >>> import autograd
    >>> autograd.slogdet(autograd.tensor([[-1.0, 0.0], [0.0, 1.0]]))
    SignAndLogarithm(sign=tensor(-1.), logabsdet=tensor(0.))
    """
    return SignAndLogarithm(*_slogdet(A))


@primitive(
    holomorphic=False,
    outputs=("sign", "logabsdet"),
    A=lambda g, A, sign: _slogdet_gradient(g, sign, A),
)
def _slogdet(A: Array) -> tuple[Array, Array]:
    check_square(A)
    sign, logarithm = np.linalg.slogdet(A)
    return sign, logarithm


def _slogdet_gradient(g: Any, sign: Any, A: Any) -> Any:
    """``tr(inv(A) @ dA)`` is the change of the logarithm, plus i times that of the angle of
    ``sign = exp(i * angle)``."""
    g_sign, g_logarithm = g
    inverse = inverse_or_nan(A)
    if inverse.dtype.kind == "c":
        g_angle = -imag(conj(g_sign) * sign)
        g_logarithm = _as_complex(g_logarithm) + _as_complex(g_angle) * 1j
        inverse = conj(inverse)
    factor = _as_factor(g_logarithm)
    return zero_if_unused(factor * _swap_last(inverse), factor)


def logdet(A: Any) -> Any:
    """The logarithms of the determinants; NaN for negative ones, -infinity for 0.

    >>> import autograd
    >>> autograd.logdet(autograd.tensor([[2.0, 0.0], [0.0, 0.5]]))
    tensor(0.)
    """
    sign, logarithm = slogdet(A)
    if array_of(sign).dtype.kind == "c":
        return add(log(sign), logarithm)
    return _where(lt(sign, 0), np.nan, logarithm)
