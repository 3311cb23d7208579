"""Arithmetic: sums, products, quotients, powers, and choices between two values."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import convert, to_common, to_floating
from autograd.core.variable import Array, Variable, unwrap
from autograd.dtypes import complex128, float64
from autograd.errors import DTypeError, ShapeError
from autograd.ops.exponential import log
from autograd.ops.selection import _where, zero_if_unused

# -- sums and products ------------------------------------------------------------------------------------------------


@primitive(promote=to_common, x=lambda g: g, y=lambda g: g)
def _add(x: Array, y: Array) -> Array:
    """``x + y``, elementwise, broadcasting."""
    return np.add(x, y)


def add(x: Any, y: Any, *, alpha: float = 1) -> Any:
    """``x + alpha * y``, elementwise, broadcasting.

    >>> import autograd
    >>> autograd.add(autograd.tensor([1.0, 2.0]), autograd.tensor(1.0), alpha=10)
    tensor([11., 12.])
    """
    return _add(x, y if alpha == 1 else y * alpha)


@primitive(promote=to_common, x=lambda g: g, y=lambda g: -g)
def _sub(x: Array, y: Array) -> Array:
    """``x - y``, elementwise, broadcasting."""
    _refuse_bool("-", "logical_xor", x, y)
    return np.subtract(x, y)


def sub(x: Any, y: Any, *, alpha: float = 1) -> Any:
    """``x - alpha * y``, elementwise, broadcasting."""
    return _sub(x, y if alpha == 1 else y * alpha)


def rsub(x: Any, y: Any, *, alpha: float = 1) -> Any:
    """``y - alpha * x``, elementwise, broadcasting."""
    return sub(y, x, alpha=alpha)


@primitive(promote=to_common, x=lambda g, y: g * y, y=lambda g, x: g * x)
def mul(x: Array, y: Array) -> Array:
    """``x * y``, elementwise, broadcasting.

    >>> import autograd
    >>> autograd.mul(autograd.tensor([1, 2]), 2.5)
    tensor([2.5000, 5.0000])
    """
    return np.multiply(x, y)


@primitive(x=lambda g: -g)
def neg(x: Array) -> Array:
    """``-x``, elementwise."""
    _refuse_bool("-", "logical_not", x)
    return np.negative(x)


def positive(x: Any) -> Any:
    """``x`` itself; refused for bools, as ``+`` is."""
    _refuse_bool("+", "int()", unwrap(x))
    return x


@primitive(x=lambda g, x: g * 2 * x)
def square(x: Array) -> Array:
    """``x * x``, elementwise."""
    return np.square(x) if x.dtype.kind != "b" else x.astype(np.int64)


def addcmul(x: Any, y: Any, z: Any, *, value: float = 1) -> Any:
    """``x + value * y * z``, elementwise, broadcasting."""
    return add(x, mul(y, z), alpha=value)


# -- quotients --------------------------------------------------------------------------------------------------------


@primitive(
    promote=to_floating,
    x=lambda g, y: zero_if_unused(g / y, g),
    y=lambda g, y, out: zero_if_unused(-g * out / y, g),
)
def _div(x: Array, y: Array) -> Array:
    """``x / y``, elementwise, broadcasting; integers give the default dtype."""
    return np.divide(x, y)


def div(x: Any, y: Any, *, rounding_mode: str | None = None) -> Any:
    """``x / y``, elementwise, broadcasting; integers give the default dtype.

    ``rounding_mode``: "floor" (as ``//``) or "trunc" (towards zero) rounds the quotient, and keeps integers integers.

    >>> import autograd
    >>> autograd.div(autograd.tensor([-7, 7]), 2, rounding_mode="trunc")
    tensor([-3,  3])
    """
    if rounding_mode is None:
        return _div(x, y)
    if rounding_mode == "floor":
        return floor_divide(x, y)
    if rounding_mode == "trunc":
        return _truncated_divide(x, y)
    raise DTypeError(f"div: rounding_mode must be None, 'floor' or 'trunc', got {rounding_mode!r}")


true_divide = divide = div


@primitive(promote=to_common, x=lambda g: g * 0, y=lambda g, y: g * 0 * y)
def floor_divide(x: Array, y: Array) -> Array:
    """``x / y`` rounded down; its gradient is 0 where it has one. Raises ZeroDivisionError for integers by 0."""
    _refuse_zero(y)
    return np.floor_divide(x, y)


@primitive(promote=to_common, x=lambda g: g * 0, y=lambda g, y: g * 0 * y)
def _truncated_divide(x: Array, y: Array) -> Array:
    _refuse_zero(y)
    quotient = np.trunc(np.divide(x, y))
    return quotient.astype(np.result_type(x, y)) if np.result_type(x, y).kind in "iu" else quotient


@primitive(promote=to_common, x=lambda g: g, y=lambda g, x, y: -g * floor_divide(x, y))
def remainder(x: Array, y: Array) -> Array:
    """``x - y * floor(x / y)``: Python's ``%``, with the sign of ``y``.

    >>> import autograd
    >>> autograd.remainder(autograd.tensor([-3.0, 3.0]), 2)
    tensor([1., 1.])
    """
    _refuse_zero(y)
    return np.remainder(x, y)


@primitive(promote=to_common, x=lambda g: g, y=lambda g, x, y: -g * _truncated_divide(x, y))
def fmod(x: Array, y: Array) -> Array:
    """``x - y * trunc(x / y)``: C's ``fmod``, with the sign of ``x``."""
    _refuse_zero(y)
    return np.fmod(x, y)


@primitive(promote=to_floating, x=lambda g, out: zero_if_unused(-g * out * out, g))
def reciprocal(x: Array) -> Array:
    """``1 / x``, elementwise."""
    return np.reciprocal(x)


def addcdiv(x: Any, y: Any, z: Any, *, value: float = 1) -> Any:
    """``x + value * y / z``, elementwise, broadcasting."""
    return add(x, _div(y, z), alpha=value)


def lerp(x: Any, end: Any, weight: Any) -> Any:
    """``x + weight * (end - x)``, elementwise, broadcasting."""
    return _add(x, mul(weight, _sub(end, x)))


# -- powers and roots -------------------------------------------------------------------------------------------------


@primitive(
    promote=to_common,
    # The derivative by x is 0 where y is 0, even at x = 0; that by y is 0 where x is 0 and y >= 0, as in PyTorch.
    x=lambda g, x, y: zero_if_unused(g * _where(_equal(y, 0), 0, y * pow(x, y - 1)), g),
    y=lambda g, x, y, out: zero_if_unused(g * _where(_zero_to_positive(x, y), 0, out * log(x)), g),
)
def pow(x: Array, y: Array) -> Array:
    """``x ** y``, elementwise, broadcasting. Raises ShapeError for integers to negative powers.

    >>> import autograd
    >>> autograd.pow(autograd.tensor([1.0, 2.0, 3.0]), 2)
    tensor([1., 4., 9.])
    """
    return np.power(x, y)


@primitive()
def _equal(x: Array, y: Array) -> Array:
    return np.equal(x, y)


@primitive()
def _zero_to_positive(x: Array, y: Array) -> Array:
    return np.equal(x, 0) & (np.real(y) >= 0)


def float_power(x: Any, y: Any) -> Any:
    """``x ** y`` in float64 (complex128 for complex arguments)."""
    return pow(_to_double(x), _to_double(y))


def _to_double(x: Any) -> Any:
    if not isinstance(x, Variable):
        return x if isinstance(x, complex) else float(x)
    return convert(x, complex128 if x._array.dtype.kind == "c" else float64)


@primitive(promote=to_floating, x=lambda g, out: zero_if_unused(g / (2 * out), g))
def sqrt(x: Array) -> Array:
    """The square root, elementwise; NaN for negative numbers."""
    return np.sqrt(x)


@primitive(promote=to_floating, x=lambda g, out: zero_if_unused(g * -0.5 * out * out * out, g))
def rsqrt(x: Array) -> Array:
    """``1 / sqrt(x)``, elementwise."""
    return np.reciprocal(np.sqrt(x))


# -- magnitude, sign, and choices between two -------------------------------------------------------------------------


@primitive(holomorphic=False, x=lambda g, x: g * sgn(x))
def abs(x: Array) -> Array:
    """The absolute value, elementwise; its gradient at 0 is 0."""
    return np.absolute(x)


@primitive(holomorphic=False, x=lambda g, x, out: _sgn_gradient(g, x, out))
def sgn(x: Array) -> Array:
    """``x / abs(x)``, and 0 for 0: the sign, of complex numbers too."""
    return np.sign(x) if x.dtype.kind != "b" else x


def _sgn_gradient(g: Any, x: Any, out: Any) -> Any:
    """0 for real numbers; for complex ones, the part of ``g`` at right angles to ``x``, over ``abs(x)``."""
    if x.dtype.kind != "c":
        return g * 0
    along = (g * out.conj()).real * out
    return zero_if_unused((g - along) / abs(x), g)


@primitive(x=lambda g: g * 0)
def sign(x: Array) -> Array:
    """-1, 0 or 1, elementwise; NaN stays NaN. Its gradient is 0."""
    if x.dtype.kind == "c":
        raise DTypeError("sign is not defined for complex numbers; use sgn")
    return np.sign(x) if x.dtype.kind != "b" else x


@primitive(
    promote=to_common,
    x=lambda g, x, y: g * _share(x, y),
    y=lambda g, x, y: g * _share(y, x),
)
def maximum(x: Array, y: Array) -> Array:
    """The larger of ``x`` and ``y``, elementwise, broadcasting; NaN if either is. A tie shares the gradient equally."""
    return np.maximum(x, y)


@primitive(
    promote=to_common,
    x=lambda g, x, y: g * _share(y, x),
    y=lambda g, x, y: g * _share(x, y),
)
def minimum(x: Array, y: Array) -> Array:
    """The smaller of ``x`` and ``y``, elementwise, broadcasting; NaN if either is. A tie shares the gradient equally."""
    return np.minimum(x, y)


@primitive()
def _share(x: Array, y: Array) -> Array:
    """1 where ``x > y``, 1/2 where they are equal, 0 elsewhere."""
    return np.heaviside(x - y, 0.5)


def _refuse_bool(operator: str, instead: str, *arrays: Any) -> None:
    if any(getattr(array, "dtype", None) == np.bool_ for array in arrays):
        raise DTypeError(f"{operator} is not defined for bool; use {instead}")


def _refuse_zero(y: Any) -> None:
    if np.result_type(y).kind in "iu" and np.any(np.equal(y, 0)):
        raise ShapeError("y contains 0, and integers have no infinity to return; convert to float first")
