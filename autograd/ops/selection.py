"""Choosing elements by a condition."""

from __future__ import annotations

import cmath
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import convert, to_common
from autograd.core.variable import Array, Variable, array_of, make, unwrap
from autograd.dtypes import FLOATING, result_type
from autograd.errors import DTypeError, ShapeError
from autograd.ops.checks import as_scalar, checked_number


@primitive(
    masks=True,
    x=lambda g, condition: _where(condition, g, 0),
    y=lambda g, condition: _where(condition, 0, g),
)
def _where(condition: Array, x: Array, y: Array) -> Array:
    """``x`` where ``condition`` holds, ``y`` elsewhere, broadcasting."""
    return np.where(condition, x, y)


def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """``x`` where ``condition`` holds, ``y`` elsewhere, broadcasting.

    With ``condition`` alone: the indices of what is not 0 in it, one tensor for each dim.
    Raises DTypeError unless ``condition`` is a bool tensor.

    >>> import autograd
    >>> autograd.where(autograd.tensor([True, False]), autograd.tensor([1.0, 2.0]), 0.0)
    tensor([1., 0.])
    """
    if x is None and y is None:
        return tuple(make(index) for index in np.nonzero(np.atleast_1d(unwrap(condition))))
    kind = getattr(unwrap(condition), "dtype", np.dtype("O")).kind
    if kind not in "bu":  # uint8 served as bool in PyTorch once, and is still accepted there
        raise DTypeError(
            f"where: condition must be a bool tensor, got {_kind_of(condition)}; "
            "compare first: x != 0"
        )
    if x is None or y is None:
        raise DTypeError("where: needs both x and y, or neither")
    if isinstance(x, Variable) or isinstance(y, Variable):
        return _where(condition, *(x, y) if _agree(x, y) else to_common((x, y)))
    if isinstance(condition, Variable):  # numbers get the dtype that a tensor of them would have
        dtype = result_type(x, y)
        return _where(condition, np.asarray(x, dtype), np.asarray(y, dtype))
    return _where(condition, x, y)


def _agree(x: Any, y: Any) -> bool:
    """Whether ``x`` and ``y``, at least one of them a tensor, need no promotion."""
    if not isinstance(x, Variable):
        x, y = y, x
    dtype = x._array.dtype
    if isinstance(y, Variable):
        return bool(y._array.dtype is dtype)
    return type(y) in (int, float) and dtype in FLOATING


def masked_fill(input: Any, mask: Any, value: Any) -> Any:
    """``input`` with ``value`` where ``mask`` holds, broadcasting, in the dtype of ``input``.

    ``value`` is a number or a tensor without dims. Raises DTypeError unless ``mask`` is bool and
    ``value`` fits the dtype.

    >>> import autograd
    >>> autograd.masked_fill(autograd.tensor([1.0, 2.0]), autograd.tensor([True, False]), -1)
    tensor([-1.,  2.])
    """
    if getattr(unwrap(mask), "dtype", None) != np.bool_:
        raise DTypeError(
            f"masked_fill: mask must be a bool tensor, got {_kind_of(mask)}; "
            "compare first: mask != 0"
        )
    dtype = array_of(input).dtype
    if np.ndim(unwrap(value)):
        raise ShapeError(
            "masked_fill: value must be a number or have no dims, "
            f"got {np.shape(unwrap(value))}; use where"
        )
    if not isinstance(value, Variable):
        checked_number("masked_fill", value)
        return _where(mask, as_scalar(value, dtype, "masked_fill: "), input)
    if value._array.dtype.kind == "c" and dtype.kind != "c":
        raise DTypeError(
            f"masked_fill: value is {value._array.dtype}, which does not fit input of {dtype}; "
            "use its real part"
        )
    return _where(mask, convert(value, dtype), input)


def _kind_of(value: Any) -> str:
    return str(getattr(unwrap(value), "dtype", type(value).__name__))


# -- zeros that must stay zero ---------------------------------------------------------------------


@primitive(x=lambda g, y: where_not_0(g, y))
def where_not_0(x: Array, y: Array) -> Array:
    """``x * (y != 0)``, for arrays of one shape. The factors are made where the products will be:
    without memory of their own, for large arrays it takes four fifths of the time.

    >>> where_not_0(np.array([2.0, 3.0]), np.array([0.0, 5.0]))
    array([0., 3.])
    """
    products = np.empty_like(y, x.dtype)
    np.not_equal(y, 0, out=products)
    products *= x
    return products


@primitive(
    masks=True,
    gradient=lambda g, gradient, upstream: _where(_is_unused(gradient, upstream), 0, g),
)
def zero_if_unused(gradient: Array, upstream: Array) -> Array:
    """``gradient``, but 0 where it is not finite although it was made from an ``upstream`` of 0.

    Zero times infinity is no number. But an upstream gradient of 0 says that the result does not
    matter there: ``where(x > 0, sqrt(x), 0)`` has derivative 0 at 0, whatever sqrt's is. Rules
    with a singularity end in this.
    """
    # A sum is finite only if all its terms are: this reads every element once and makes no array.
    # By the ufunc itself: gradient.sum() would warn of infinity - infinity in NumPy's name.
    if cmath.isfinite(np.add.reduce(gradient, axis=None)):
        return gradient
    return np.where(_is_unused(gradient, upstream), gradient.dtype.type(0), gradient)


@primitive()
def _is_unused(gradient: Array, upstream: Array) -> Array:
    return ~np.isfinite(gradient) & (upstream == 0)
