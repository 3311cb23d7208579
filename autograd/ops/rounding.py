"""Rounding to integers and decimals, whose gradient is 0, and replacing what is not finite."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import to_common
from autograd.core.variable import Array
from autograd.errors import DTypeError
from autograd.ops.checks import refusing
from autograd.ops.selection import _where

to_real_numbers = refusing("bc", to_common, "integers and floats can be rounded")
to_floats = refusing("biuc", to_common, "convert to a floating dtype first: x.to(autograd.float32)")


@primitive(promote=to_real_numbers, x=lambda g: g * 0)
def floor(x: Array) -> Array:
    """The largest integer not above ``x``, elementwise, in the dtype of ``x``.

    >>> import autograd
    >>> autograd.floor(autograd.tensor([1.5, -1.5]))
    tensor([ 1., -2.])
    """
    return _unless_integer(np.floor, x)


@primitive(promote=to_real_numbers, x=lambda g: g * 0)
def ceil(x: Array) -> Array:
    """The smallest integer not below ``x``, elementwise, in the dtype of ``x``."""
    return _unless_integer(np.ceil, x)


@primitive(promote=to_real_numbers, x=lambda g: g * 0)
def trunc(x: Array) -> Array:
    """``x`` rounded towards 0, elementwise, in the dtype of ``x``."""
    return _unless_integer(np.trunc, x)


fix = trunc


@primitive(promote=to_real_numbers, x=lambda g: g * 0)
def round(x: Array, decimals: int = 0) -> Array:
    """The nearest number of so many decimals, elementwise; of two, that with an even last digit.

    With negative ``decimals``, to tens, hundreds, ... Raises DTypeError for integers, unless
    ``decimals`` is 0.

    >>> import autograd
    >>> x = autograd.tensor([0.5, 1.5, 2.26])
    >>> autograd.round(x), autograd.round(x, decimals=1)
    (tensor([0., 2., 2.]), tensor([0.5000, 1.5000, 2.3000]))
    """
    if decimals == 0:
        return _unless_integer(np.rint, x)
    if x.dtype.kind != "f":
        raise DTypeError(
            "integers can only be rounded to 0 decimals; convert to a floating dtype first"
        )
    shift = x.dtype.type(10.0 ** builtins.abs(decimals))
    return np.rint(x * shift) / shift if decimals > 0 else np.rint(x / shift) * shift


@primitive(promote=to_floats, x=lambda g: g)
def frac(x: Array) -> Array:
    """``x - trunc(x)``, elementwise: the digits behind the point, with the sign of ``x``.

    >>> import autograd
    >>> autograd.frac(autograd.tensor([1.5, -2.25]))
    tensor([ 0.5000, -0.2500])
    """
    return x - np.trunc(x)


@primitive(masks=True, x=lambda g, x: _where(_is_finite(x), g, 0))
def nan_to_num(
    x: Array, nan: float | None = None, posinf: float | None = None, neginf: float | None = None
) -> Array:
    """``x`` with ``nan``, ``posinf`` and ``neginf`` for what is not finite, elementwise.

    By default these are 0 and the limits of the dtype. The gradient of what is replaced is 0.

    >>> import autograd
    >>> autograd.nan_to_num(autograd.tensor([float("nan"), float("inf"), 1.0]), posinf=9.0)
    tensor([0., 9., 1.])
    """
    return np.nan_to_num(x, nan=0.0 if nan is None else nan, posinf=posinf, neginf=neginf)


@primitive()
def _is_finite(x: Array) -> Array:
    return np.isfinite(x)


def _unless_integer(rounding: Callable[[Any], Any], x: Any) -> Any:
    """``rounding(x)``; integers are round already, and older NumPys would make floats of them."""
    return rounding(x) if x.dtype.kind == "f" else np.copy(x)
