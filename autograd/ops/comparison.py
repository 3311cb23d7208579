"""Comparisons, tests of numbers, logic and bits. None of them has a derivative."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import to_common
from autograd.core.variable import Array, array_of, unwrap
from autograd.dtypes import result_type
from autograd.errors import DTypeError, ShapeError
from autograd.ops.checks import (
    needing_tensors,
    refuse_kind,
    refuse_only_numbers,
    refusing,
    refusing_any,
)

to_ordered = refusing("c", to_common, "they have no order; compare abs(), or real and imag")
to_shiftable = refusing("b", to_common, "only integers can be shifted")

# -- between two -----------------------------------------------------------------------------------


@needing_tensors(1)
@primitive(promote=to_common)
def eq(x: Array, y: Array) -> Array:
    """Where ``x == y``, elementwise, broadcasting. NaN equals nothing.

    >>> import autograd
    >>> autograd.eq(autograd.tensor([1, 2]), 2)
    tensor([False,  True])
    """
    return np.equal(x, y)


@needing_tensors(1)
@primitive(promote=to_common)
def ne(x: Array, y: Array) -> Array:
    """Where ``x != y``, elementwise, broadcasting."""
    return np.not_equal(x, y)


@needing_tensors(1)
@primitive(promote=to_ordered)
def lt(x: Array, y: Array) -> Array:
    """Where ``x < y``, elementwise, broadcasting; refused for complex numbers."""
    return np.less(x, y)


@needing_tensors(1)
@primitive(promote=to_ordered)
def le(x: Array, y: Array) -> Array:
    """Where ``x <= y``, elementwise, broadcasting; refused for complex numbers."""
    return np.less_equal(x, y)


@needing_tensors(1)
@primitive(promote=to_ordered)
def gt(x: Array, y: Array) -> Array:
    """Where ``x > y``, elementwise, broadcasting; refused for complex numbers."""
    return np.greater(x, y)


@needing_tensors(1)
@primitive(promote=to_ordered)
def ge(x: Array, y: Array) -> Array:
    """Where ``x >= y``, elementwise, broadcasting; refused for complex numbers."""
    return np.greater_equal(x, y)


not_equal, less, less_equal, greater, greater_equal = ne, lt, le, gt, ge


@needing_tensors(2)
def equal(input: Any, other: Any) -> bool:
    """Whether ``input`` and ``other`` have the same shape and the same elements.

    >>> import autograd
    >>> autograd.equal(autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 2.0]))
    True
    """
    return array_of(input).shape == array_of(other).shape and bool(np.all(unwrap(eq(input, other))))


@primitive(promote=to_common)
def _isclose(x: Array, y: Array, rtol: float, atol: float, equal_nan: bool) -> Array:
    return np.isclose(x, y, rtol=rtol, atol=atol, equal_nan=equal_nan)


@needing_tensors(2)
def isclose(
    input: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Any:
    """Where ``abs(input - other) <= atol + rtol * abs(other)`` or ``input == other``, elementwise,
    broadcasting.

    ``equal_nan``: NaN is close to NaN. Raises ShapeError for a negative tolerance, DTypeError
    for two dtypes.

    >>> import autograd
    >>> autograd.isclose(autograd.tensor([1.0, 1.1]), autograd.tensor([1.0, 1.0]))
    tensor([ True, False])
    """
    for name, tolerance in (("rtol", rtol), ("atol", atol)):
        if not tolerance >= 0:
            raise ShapeError(f"isclose: {name} must be 0 or more, got {tolerance}")
    dtype, other_dtype = array_of(input).dtype, array_of(other).dtype
    if dtype != other_dtype:
        raise DTypeError(
            f"isclose: input is {dtype} but other is {other_dtype}; convert one: "
            "other.to(input.dtype)"
        )
    return _isclose(input, other, rtol, atol, equal_nan)


def allclose(
    input: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> bool:
    """Whether `isclose` holds for all elements.

    >>> import autograd
    >>> autograd.allclose(autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 2.000001]))
    True
    """
    return bool(np.all(unwrap(isclose(input, other, rtol, atol, equal_nan))))


def isin(
    elements: Any, test_elements: Any, *, assume_unique: bool = False, invert: bool = False
) -> Any:
    """Which of ``elements`` are among ``test_elements``; with ``invert``, which are not.

    The result has the shape of ``elements``. ``assume_unique``: both are free of repetitions, which
    saves time. Raises DTypeError for bool and complex numbers.

    >>> import autograd
    >>> autograd.isin(autograd.tensor([1, 2, 3]), autograd.tensor([1, 3]))
    tensor([ True, False,  True])
    """
    return _isin(elements, test_elements, assume_unique, invert)


@primitive(promote=refusing_any("bc", to_common, "use == for each of the values"))
def _isin(elements: Array, test_elements: Array, assume_unique: bool, invert: bool) -> Array:
    refuse_only_numbers(elements, test_elements)
    dtype = result_type(elements, test_elements)
    elements, test_elements = np.asarray(elements, dtype), np.asarray(test_elements, dtype)
    return np.isin(elements, test_elements, assume_unique=assume_unique, invert=invert)


# -- tests of numbers ------------------------------------------------------------------------------


@primitive()
def isnan(x: Array) -> Array:
    """Where ``x`` is NaN, elementwise.

    >>> import autograd
    >>> autograd.isnan(autograd.tensor([1.0, float("nan")]))
    tensor([False,  True])
    """
    return np.isnan(x)


@primitive()
def isinf(x: Array) -> Array:
    """Where ``x`` is infinity or -infinity (or has such a part), elementwise."""
    return np.isinf(x)


@primitive()
def isfinite(x: Array) -> Array:
    """Where ``x`` is neither NaN nor infinite, elementwise."""
    return np.isfinite(x)


@primitive(promote=to_ordered)
def isposinf(x: Array) -> Array:
    """Where ``x`` is infinity, elementwise."""
    return np.equal(x, np.inf)


@primitive(promote=to_ordered)
def isneginf(x: Array) -> Array:
    """Where ``x`` is -infinity, elementwise."""
    return np.equal(x, -np.inf)


@primitive()
def isreal(x: Array) -> Array:
    """Where the imaginary part of ``x`` is 0, elementwise; real numbers have none."""
    return np.isreal(x)


# -- logic -----------------------------------------------------------------------------------------


@needing_tensors(2)
@primitive()
def logical_and(x: Array, y: Array) -> Array:
    """Where both ``x`` and ``y`` are true (not 0), elementwise, broadcasting.

    >>> import autograd
    >>> autograd.logical_and(autograd.tensor([True, True]), autograd.tensor([2.0, 0.0]))
    tensor([ True, False])
    """
    return np.logical_and(x, y)


@needing_tensors(2)
@primitive()
def logical_or(x: Array, y: Array) -> Array:
    """Where ``x`` or ``y`` or both are true (not 0), elementwise, broadcasting."""
    return np.logical_or(x, y)


@needing_tensors(2)
@primitive()
def logical_xor(x: Array, y: Array) -> Array:
    """Where exactly one of ``x`` and ``y`` is true (not 0), elementwise, broadcasting."""
    return np.logical_xor(x, y)


@primitive()
def logical_not(x: Array) -> Array:
    """Where ``x`` is false (0), elementwise."""
    return np.logical_not(x)


# -- bits ------------------------------------------------------------------------------------------


@primitive(promote=to_common)
def bitwise_and(x: Array, y: Array) -> Array:
    """The bits set in both, elementwise, broadcasting; of bools, ``logical_and``.

    >>> import autograd
    >>> autograd.bitwise_and(autograd.tensor([6, 5]), 3)
    tensor([2, 1])
    """
    return _of_bits(np.bitwise_and, x, y)


@primitive(promote=to_common)
def bitwise_or(x: Array, y: Array) -> Array:
    """The bits set in either, elementwise, broadcasting; of bools, ``logical_or``."""
    return _of_bits(np.bitwise_or, x, y)


@primitive(promote=to_common)
def bitwise_xor(x: Array, y: Array) -> Array:
    """The bits set in exactly one, elementwise, broadcasting; of bools, ``logical_xor``."""
    return _of_bits(np.bitwise_xor, x, y)


@primitive(promote=to_common)
def bitwise_not(x: Array) -> Array:
    """All bits exchanged, elementwise; of bools, ``logical_not``."""
    return _of_bits(np.bitwise_not, x)


@primitive(promote=to_shiftable)
def bitwise_left_shift(x: Array, y: Array) -> Array:
    """``x * 2 ** y`` by moving bits; 0 for ``y`` negative or not below the number of bits.

    >>> import autograd
    >>> autograd.bitwise_left_shift(autograd.tensor([1, 3]), 2)
    tensor([ 4, 12])
    """
    return _of_bits(np.left_shift, x, y)


@primitive(promote=to_shiftable)
def bitwise_right_shift(x: Array, y: Array) -> Array:
    """``floor(x / 2 ** y)`` by moving bits; for ``y`` out of range as for a large one."""
    return _of_bits(np.right_shift, x, y)


def _of_bits(function: Callable[..., Any], *arrays: Any) -> Any:
    refuse_only_numbers(*arrays)
    for array in arrays:
        refuse_kind("fc", array, "bits are those of integers and bools")
    return function(*arrays)
