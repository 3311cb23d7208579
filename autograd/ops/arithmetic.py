"""Arithmetic: sums, products, quotients and powers."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import NUMBERS, convert, to_common, to_floating
from autograd.core.variable import Array, Variable, make, unwrap
from autograd.dtypes import complex128, float64
from autograd.errors import DTypeError, ShapeError
from autograd.ops.checks import in_range, refusing, refusing_any
from autograd.ops.comparison import eq as _equal
from autograd.ops.exponential import log, of_number_too, to_real_floating
from autograd.ops.selection import _where, zero_if_unused

to_difference = refusing_any("b", to_common, "use logical_xor, or ~ for one of them")
to_divisible = refusing("bc", to_common, "only integers and floats have remainders")
to_power = in_range(refusing("b", to_common, "use logical_and, or convert to an integer dtype"))

# -- sums and products -----------------------------------------------------------------------------


@primitive(promote=to_common, x=lambda g: g, y=lambda g: g)
def _add(x: Array, y: Array) -> Array:
    """``x + y``, elementwise, broadcasting."""
    return np.add(x, y)


@primitive(promote=to_common, x=lambda g: g, y=lambda g, alpha: g * alpha)
def _add_scaled(x: Array, y: Array, alpha: float) -> Array:
    return np.add(x, _scaled(y, alpha, x))


def add(x: Any, y: Any, *, alpha: float = 1) -> Any:
    """``x + alpha * y``, elementwise, broadcasting. Integers are refused an ``alpha`` that is none.

    >>> import autograd
    >>> autograd.add(autograd.tensor([1.0, 2.0]), autograd.tensor(1.0), alpha=10)
    tensor([11., 12.])
    """
    return _add(x, y) if alpha == 1 else _add_scaled(x, y, alpha)


@primitive(promote=to_difference, x=lambda g: g, y=lambda g: -g)
def _sub(x: Array, y: Array) -> Array:
    """``x - y``, elementwise, broadcasting."""
    return np.subtract(x, y)


@primitive(promote=to_difference, x=lambda g: g, y=lambda g, alpha: g * -alpha)
def _sub_scaled(x: Array, y: Array, alpha: float) -> Array:
    return np.subtract(x, _scaled(y, alpha, x))


def sub(x: Any, y: Any, *, alpha: float = 1) -> Any:
    """``x - alpha * y``, elementwise, broadcasting; refused for bools."""
    return _sub(x, y) if alpha == 1 else _sub_scaled(x, y, alpha)


def rsub(x: Any, y: Any, *, alpha: float = 1) -> Any:
    """``y - alpha * x``, elementwise, broadcasting; refused for bools."""
    return sub(y, x, alpha=alpha)


def _scaled(y: Any, alpha: Any, x: Any) -> Any:
    """``alpha * y`` without leaving the dtype that ``x`` and ``y`` have."""
    kind = np.result_type(x, y).kind
    if (isinstance(alpha, complex) and kind != "c") or (isinstance(alpha, float) and kind in "biu"):
        raise DTypeError(
            f"the factor {alpha} can't be held by the dtype of the arguments; convert x first"
        )
    scaled = np.multiply(y, bool(alpha) if kind == "b" else alpha)
    # Of a Python number a Python number: NumPy's would widen a float32.
    return scaled.item() if isinstance(y, NUMBERS) else scaled


@primitive(promote=to_common, x=lambda g, y: g * y, y=lambda g, x: g * x)
def mul(x: Array, y: Array) -> Array:
    """``x * y``, elementwise, broadcasting.

    >>> import autograd
    >>> autograd.mul(autograd.tensor([1, 2]), 2.5)
    tensor([2.5000, 5.0000])
    """
    return np.multiply(x, y)


@primitive(
    x=lambda g, y: zero_if_unused(g * y, g),
    y=lambda g, x: zero_if_unused(g * x, g),
)
def _times(x: Array, y: Array) -> Array:
    """`mul` in rules whose factors may be infinite: an unused one must not make the second
    derivative NaN."""
    return np.multiply(x, y)


@primitive(promote=refusing("b", to_common, "use logical_not, or ~"), x=lambda g: -g)
def neg(x: Array) -> Array:
    """``-x``, elementwise; refused for bools."""
    return np.negative(x)


def positive(x: Any) -> Any:
    """``x`` itself; refused for bools, as `neg` is."""
    if unwrap(x).dtype.kind == "b":
        raise DTypeError("positive: not defined for bool; convert to an integer dtype first")
    return x


@primitive(x=lambda g, x: g * 2 * x)
def square(x: Array) -> Array:
    """``x * x``, elementwise."""
    return np.square(x) if x.dtype.kind != "b" else x.astype(np.int64)


@primitive(
    promote=refusing("b", to_common, "convert to an integer dtype first"),
    x=lambda g: g,
    y=lambda g, z, value: g * z * value,
    z=lambda g, y, value: g * y * value,
)
def addcmul(x: Array, y: Array, z: Array, *, value: float = 1) -> Array:
    """``x + value * y * z``, elementwise, broadcasting."""
    return np.add(x, np.multiply(_scaled(y, value, x), z))


multiply, subtract, negative = mul, sub, neg

# -- quotients -------------------------------------------------------------------------------------


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

    ``rounding_mode``: "floor" (as ``//``) or "trunc" (towards zero) rounds the quotient, and keeps
    integers integers.

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


@primitive(promote=to_divisible, x=lambda g: g * 0, y=lambda g: g * 0)
def floor_divide(x: Array, y: Array) -> Array:
    """``x / y`` rounded down, elementwise, broadcasting. Raises ShapeError for integers by 0.

    >>> import autograd
    >>> autograd.floor_divide(autograd.tensor([-7, 7]), 2)
    tensor([-4,  3])
    """
    _refuse_zero(x, y)
    return np.floor_divide(x, y)


@primitive(promote=to_divisible, x=lambda g: g * 0, y=lambda g: g * 0)
def _truncated_divide(x: Array, y: Array) -> Array:
    _refuse_zero(x, y)
    if np.result_type(x, y).kind == "f":
        return np.trunc(np.divide(x, y))
    quotient = np.floor_divide(x, y)
    return quotient + ((quotient < 0) & (quotient * y != x))


@primitive(promote=to_divisible, x=lambda g: g, y=lambda g, x, y: -g * floor_divide(x, y))
def remainder(x: Array, y: Array) -> Array:
    """``x - y * floor(x / y)``, elementwise, broadcasting: Python's ``%``, with the sign of ``y``.

    >>> import autograd
    >>> autograd.remainder(autograd.tensor([-3.0, 3.0]), 2)
    tensor([1., 1.])
    """
    _refuse_zero(x, y)
    return np.remainder(x, y)


@primitive(promote=to_divisible, x=lambda g: g, y=lambda g, x, y: -g * _truncated_divide(x, y))
def fmod(x: Array, y: Array) -> Array:
    """``x - y * trunc(x / y)``, elementwise, broadcasting: C's ``fmod``, with the sign of ``x``."""
    _refuse_zero(x, y)
    return np.fmod(x, y)


@primitive(promote=to_floating, x=lambda g, out: zero_if_unused(-g * _times(out, out), g))
def reciprocal(x: Array) -> Array:
    """``1 / x``, elementwise."""
    return np.reciprocal(x)


@primitive(
    promote=refusing("biu", to_common, "convert to a floating dtype first: x.to(autograd.float32)"),
    x=lambda g: g,
    y=lambda g, z, value: zero_if_unused(g * value / z, g),
    z=lambda g, y, z, value: zero_if_unused(-g * value * y / (z * z), g),
)
def addcdiv(x: Array, y: Array, z: Array, *, value: float = 1) -> Array:
    """``x + value * y / z``, elementwise, broadcasting; refused for integers."""
    return np.add(x, np.divide(_scaled(y, value, x), z))


@primitive(
    promote=refusing("biu", to_common, "convert to a floating dtype first: x.to(autograd.float32)"),
    x=lambda g, weight: g * (1 - weight),
    end=lambda g, weight: g * weight,
    weight=lambda g, x, end: g * (end - x),
)
def lerp(x: Array, end: Array, weight: Array) -> Array:
    """``x + weight * (end - x)``, elementwise, broadcasting; exactly ``end`` for weight 1.

    >>> import autograd
    >>> autograd.lerp(autograd.tensor([0.0, 1.0]), autograd.tensor([10.0, 3.0]), 0.5)
    tensor([5., 2.])
    """
    way = np.subtract(end, x)
    if np.ndim(weight) == 0:
        return x + weight * way if np.abs(weight) < 0.5 else end - way * (1 - weight)
    return np.where(np.abs(weight) < 0.5, x + weight * way, end - way * (1 - weight))


# -- powers and roots ------------------------------------------------------------------------------


@primitive(
    promote=to_power,
    x=lambda g, x, y: _base_gradient(g, x, y),
    y=lambda g, x, y, out: _exponent_gradient(g, x, y, out),
)
def pow(x: Array, y: Array) -> Array:
    """``x ** y``, elementwise, broadcasting. Raises ShapeError for integers to negative powers.

    >>> import autograd
    >>> autograd.pow(autograd.tensor([1.0, 2.0, 3.0]), 2)
    tensor([1., 4., 9.])
    """
    return x**y  # faster for the exponents -1, 0.5 and 2 than np.power


def _base_gradient(g: Any, x: Any, y: Any) -> Any:
    """The derivative by ``x`` is 0 where ``y`` is 0, even at ``x = 0``."""
    if isinstance(y, NUMBERS):
        return g * 0 if y == 0 else zero_if_unused(g * (y * x ** (y - 1)), g)
    return zero_if_unused(g * _where(_equal(y, 0), 0, y * x ** (y - 1)), g)


def _exponent_gradient(g: Any, x: Any, y: Any, out: Any) -> Any:
    """The derivative by ``y`` is 0 where ``x`` is 0 and ``y >= 0``, as in PyTorch."""
    slope = _times(out, of_number_too(log, x))
    return zero_if_unused(g * _where(_zero_to_positive(x, y), 0, slope), g)


@primitive()
def _zero_to_positive(x: Array, y: Array) -> Array:
    return np.equal(x, 0) & (np.real(y) >= 0)


def float_power(x: Any, y: Any) -> Any:
    """``x ** y`` in float64 (complex128 for complex arguments), elementwise, broadcasting."""
    return pow(_to_double(x), _to_double(y))


def _to_double(x: Any) -> Any:
    if isinstance(x, NUMBERS):
        return x if isinstance(x, complex) else float(x)
    x = x if isinstance(x, Variable) else make(x)
    return convert(x, complex128 if x._array.dtype.kind == "c" else float64)


@primitive(promote=to_floating, x=lambda g, out: zero_if_unused(g / (2 * out), g))
def sqrt(x: Array) -> Array:
    """The square root, elementwise; NaN for negative numbers."""
    return np.sqrt(x)


@primitive(
    promote=to_floating,
    x=lambda g, out: zero_if_unused(g * -0.5 * _times(_times(out, out), out), g),
)
def rsqrt(x: Array) -> Array:
    """``1 / sqrt(x)``, elementwise; infinity at 0."""
    return np.reciprocal(np.sqrt(x))


@primitive(
    promote=to_real_floating,
    x=lambda g, x, out: zero_if_unused(g * (x / out), g),
    y=lambda g, y, out: zero_if_unused(g * (y / out), g),
)
def hypot(x: Array, y: Array) -> Array:
    """``sqrt(x * x + y * y)``, elementwise, broadcasting, without overflow.

    >>> import autograd
    >>> autograd.hypot(autograd.tensor([3.0, 5.0]), autograd.tensor([4.0, 12.0]))
    tensor([ 5., 13.])
    """
    return np.hypot(x, y)


def _refuse_zero(x: Any, y: Any) -> None:
    if np.result_type(x, y).kind in "iu" and np.any(np.equal(y, 0)):
        raise ShapeError(
            "y contains 0, and integers have no infinity to return; convert to float first"
        )
