"""Arithmetic: sums, products, quotients and powers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import NUMBERS, convert, to_common, to_floating
from autograd.core.variable import Array, Variable, array_of, make
from autograd.dtypes import complex128, float64
from autograd.errors import DTypeError, ShapeError
from autograd.ops.checks import (
    in_range,
    needing_tensors,
    of_numbers_too,
    of_one_dtype,
    refuse_only_numbers,
    refusing,
    refusing_any,
)
from autograd.ops.comparison import eq as _equal
from autograd.ops.exponential import log, of_number_too, to_inexact
from autograd.ops.selection import _where, zero_if_unused

to_difference = refusing_any("b", to_common, "use logical_xor, or ~ for one of them")
to_divisible = refusing("bc", to_common, "only integers and floats have remainders")

to_numeric = in_range(refusing("b", to_common, "use logical_and, or convert to an integer dtype"))

# -- sums and products -----------------------------------------------------------------------------


@primitive(promote=to_common, x=lambda g: g, y=lambda g: g)
def _add(x: Array, y: Array) -> Array:
    """``x + y``, elementwise, broadcasting."""
    return np.add(x, y)


@primitive(promote=to_common, x=lambda g: g, y=lambda g, alpha: g * alpha)
def _add_scaled(x: Array, y: Array, alpha: float) -> Array:
    return np.add(x, _scaled(y, alpha, x))


@of_numbers_too
def add(input: Any, other: Any, *, alpha: float = 1) -> Any:
    """``input + alpha * other``, elementwise, broadcasting. Integers are refused an ``alpha`` that
    is none.

    >>> import autograd
    >>> autograd.add(autograd.tensor([1.0, 2.0]), autograd.tensor(1.0), alpha=10)
    tensor([11., 12.])
    """
    return _add(input, other) if alpha == 1 else _add_scaled(input, other, alpha)


@primitive(promote=to_difference, x=lambda g: g, y=lambda g: -g)
def _sub(x: Array, y: Array) -> Array:
    """``x - y``, elementwise, broadcasting."""
    return np.subtract(x, y)


@primitive(promote=to_difference, x=lambda g: g, y=lambda g, alpha: g * -alpha)
def _sub_scaled(x: Array, y: Array, alpha: float) -> Array:
    return np.subtract(x, _scaled(y, alpha, x))


@of_numbers_too
def sub(input: Any, other: Any, *, alpha: float = 1) -> Any:
    """``input - alpha * other``, elementwise, broadcasting; refused for bools."""
    return _sub(input, other) if alpha == 1 else _sub_scaled(input, other, alpha)


@needing_tensors(1)
def rsub(input: Any, other: Any, *, alpha: float = 1) -> Any:
    """``other - alpha * input``, elementwise, broadcasting; refused for bools."""
    return sub(other, input, alpha=alpha)


def _scaled(y: Any, alpha: Any, x: Any) -> Any:
    """``alpha * y`` without leaving the dtype that ``x`` and ``y`` have."""
    kind = np.result_type(x, y).kind
    if (isinstance(alpha, complex) and kind != "c") or (isinstance(alpha, float) and kind in "biu"):
        raise DTypeError(
            f"the factor {alpha} can't be held by the dtype of the arguments; convert x first"
        )
    if kind in "biu" and not isinstance(y, NUMBERS):
        alpha = np.asarray(alpha).astype(y.dtype)  # as PyTorch, which lets it wrap around
    scaled = np.multiply(y, alpha)
    # Of a Python number a Python number: NumPy's would widen a float32.
    return scaled.item() if isinstance(y, NUMBERS) else scaled


@primitive(
    promote=to_common,
    x=lambda g, y: g * y,
    y=lambda g, x: g * x,
    guard=lambda gradient, g: zero_if_unused(gradient, g),
)
def _mul(x: Array, y: Array) -> Array:
    """``x * y``, elementwise, broadcasting."""
    return np.multiply(x, y)


@of_numbers_too
def mul(input: Any, other: Any) -> Any:
    """``input * other``, elementwise, broadcasting.

    >>> import autograd
    >>> autograd.mul(autograd.tensor([1, 2]), 2.5)
    tensor([2.5000, 5.0000])
    """
    return _mul(input, other)


@primitive(promote=refusing("b", to_common, "use logical_not, or ~"), x=lambda g: -g)
def neg(x: Array) -> Array:
    """``-x``, elementwise; refused for bools."""
    return np.negative(x)


def positive(input: Any) -> Any:
    """``input`` itself; refused for bools, as `neg` is."""
    if array_of(input).dtype.kind == "b":
        raise DTypeError("positive: not defined for bool; convert to an integer dtype first")
    return input


@primitive(x=lambda g, x: g * 2 * x)
def square(x: Array) -> Array:
    """``x * x``, elementwise."""
    return np.square(x) if x.dtype.kind != "b" else x.astype(np.int64)


@primitive(
    promote=refusing("b", to_common, "convert to an integer dtype first"),
    x=lambda g: g,
    tensor1=lambda g, tensor2, value: g * tensor2 * value,
    tensor2=lambda g, tensor1, value: g * tensor1 * value,
)
def addcmul(x: Array, tensor1: Array, tensor2: Array, *, value: float = 1) -> Array:
    """``x + value * tensor1 * tensor2``, elementwise, broadcasting."""
    return np.add(x, np.multiply(_scaled(tensor1, value, x), tensor2))


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


@of_numbers_too
def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Any:
    """``input / other``, elementwise, broadcasting; integers give the default dtype.

    ``rounding_mode``: "floor" (as ``//``) or "trunc" (towards zero) rounds the quotient, and keeps
    integers integers.

    >>> import autograd
    >>> autograd.div(autograd.tensor([-7, 7]), 2, rounding_mode="trunc")
    tensor([-3,  3])
    """
    if rounding_mode is None:
        return _div(input, other)
    if rounding_mode == "floor":
        return floor_divide(input, other)
    if rounding_mode == "trunc":
        return _truncated_divide(input, other)
    raise DTypeError(f"div: rounding_mode must be None, 'floor' or 'trunc', got {rounding_mode!r}")


true_divide = divide = div


@of_numbers_too
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
    refuse_only_numbers(x, y)
    _refuse_zero(x, y)
    return np.remainder(x, y)


@needing_tensors(1)
@primitive(promote=to_divisible, x=lambda g: g, y=lambda g, x, y: -g * _truncated_divide(x, y))
def fmod(x: Array, y: Array) -> Array:
    """``x - y * trunc(x / y)``, elementwise, broadcasting: C's ``fmod``, with the sign of ``x``."""
    _refuse_zero(x, y)
    return np.fmod(x, y)


@primitive(promote=to_floating, x=lambda g, out: zero_if_unused(-g * (out * out), g))
def reciprocal(x: Array) -> Array:
    """``1 / x``, elementwise."""
    return np.reciprocal(x)


@primitive(
    promote=refusing("biu", to_common, "convert to a floating dtype first: x.to(autograd.float32)"),
    x=lambda g: g,
    tensor1=lambda g, tensor2, value: zero_if_unused(g * value / tensor2, g),
    tensor2=lambda g, tensor1, tensor2, value: zero_if_unused(
        -g * value * tensor1 / (tensor2 * tensor2), g
    ),
)
def addcdiv(x: Array, tensor1: Array, tensor2: Array, *, value: float = 1) -> Array:
    """``x + value * tensor1 / tensor2``, elementwise, broadcasting; refused for integers."""
    return np.add(x, np.divide(_scaled(tensor1, value, x), tensor2))


@primitive(
    promote=of_one_dtype(
        refusing_any("biu", to_common, "convert to a floating dtype first: x.to(autograd.float32)")
    ),
    x=lambda g, weight: g * (1 - weight),
    end=lambda g, weight: g * weight,
    weight=lambda g, x, end: g * (end - x),
)
def lerp(x: Array, end: Array, weight: Array) -> Array:
    """``x + weight * (end - x)``, elementwise, broadcasting; exactly ``end`` for weight 1.

    Raises DTypeError for integers, and for tensors of two dtypes.

    >>> import autograd
    >>> autograd.lerp(autograd.tensor([0.0, 1.0]), autograd.tensor([10.0, 3.0]), 0.5)
    tensor([5., 2.])
    """
    way = np.subtract(end, x)
    if np.ndim(weight) == 0:
        return x + weight * way if np.abs(weight) < 0.5 else end - way * (1 - weight)
    return np.where(np.abs(weight) < 0.5, x + weight * way, end - way * (1 - weight))


# -- powers and roots ------------------------------------------------------------------------------


def to_power(args: Sequence[Any]) -> Sequence[Any]:
    """The base and the exponent in one dtype. Raises DTypeError for bools, ShapeError for integers
    to a negative number."""
    promoted = to_numeric(args)
    whole = isinstance(args[1], (int, np.integer))
    if whole and args[1] < 0 and array_of(promoted[0]).dtype.kind in "iu":
        raise ShapeError("negative integer powers are no integers; convert x to float first")
    return promoted


@primitive(
    promote=to_power,
    x=lambda g, x, exponent: _base_gradient(g, x, exponent),
    exponent=lambda g, x, exponent, out: _exponent_gradient(g, x, exponent, out),
)
def pow(x: Array, exponent: Array) -> Array:
    """``x ** exponent``, elementwise, broadcasting.

    Raises ShapeError for integers to a negative number; to tensors of such, they are cut to whole
    numbers.

    >>> import autograd
    >>> autograd.pow(autograd.tensor([1.0, 2.0, 3.0]), 2)
    tensor([1., 4., 9.])
    """
    refuse_only_numbers(x, exponent)
    try:
        return x**exponent  # faster for the exponents -1, 0.5 and 2 than np.power
    except ValueError:  # NumPy refuses negative exponents of integers
        if np.result_type(x, exponent).kind not in "iu":
            raise
        return np.where(
            np.less(exponent, 0), _inverse_power(x, exponent), x ** np.maximum(exponent, 0)
        )


def _inverse_power(x: Any, y: Any) -> Any:
    """``x ** y`` of integers for negative ``y``: 1 and -1 to ``-y``; of all others, 0."""
    sign = np.where(np.equal(x, -1) & (np.bitwise_and(y, 1) == 1), -1, 1)
    return np.where(np.equal(np.abs(x), 1), sign, 0).astype(np.result_type(x, y))


def _base_gradient(g: Any, x: Any, y: Any) -> Any:
    """The derivative by ``x`` is 0 where ``y`` is 0, even at ``x = 0``."""
    if isinstance(y, NUMBERS):
        return g * 0 if y == 0 else zero_if_unused(g * (y * x ** (y - 1)), g)
    return zero_if_unused(_where(_equal(y, 0), 0, g * (y * x ** (y - 1))), g)


def _exponent_gradient(g: Any, x: Any, y: Any, out: Any) -> Any:
    """The derivative by ``y`` is 0 where ``x`` is 0 and ``y >= 0``, as in PyTorch."""
    slope = out * of_number_too(log, x)
    return zero_if_unused(g * _where(_zero_to_positive(x, y), 0, slope), g)


@primitive()
def _zero_to_positive(x: Array, y: Array) -> Array:
    return np.equal(x, 0) & (np.real(y) >= 0)


def float_power(input: Any, exponent: Any) -> Any:
    """``input ** exponent`` in float64 (complex128 for complex arguments), elementwise,
    broadcasting.

    >>> import autograd
    >>> autograd.float_power(autograd.tensor([2, 3]), 2)
    tensor([4., 9.], dtype=float64)
    """
    return pow(_to_double(input), _to_double(exponent))


def _to_double(x: Any) -> Any:
    if isinstance(x, NUMBERS):
        return x if isinstance(x, complex) else float(x)
    x = x if isinstance(x, Variable) else make(array_of(x))
    return convert(x, complex128 if x._array.dtype.kind == "c" else float64)


@primitive(promote=to_floating, x=lambda g, out: zero_if_unused(g / (2 * out), g))
def sqrt(x: Array) -> Array:
    """The square root, elementwise; NaN for negative numbers."""
    return np.sqrt(x)


@primitive(
    promote=to_floating,
    x=lambda g, out: zero_if_unused(g * -0.5 * (out * out * out), g),
)
def rsqrt(x: Array) -> Array:
    """``1 / sqrt(x)``, elementwise; infinity at 0."""
    return np.reciprocal(np.sqrt(x))


@needing_tensors(2)
@primitive(
    promote=refusing("c", to_inexact, "take abs of each first"),
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
