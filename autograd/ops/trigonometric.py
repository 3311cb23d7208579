"""Trigonometric and hyperbolic functions, and their inverses. Angles are in radians."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import to_floating
from autograd.core.variable import Array
from autograd.ops.arithmetic import rsqrt
from autograd.ops.checks import needing_tensors
from autograd.ops.exponential import to_real_floating
from autograd.ops.precision import half_in_single
from autograd.ops.selection import _where, zero_if_unused

# -- trigonometric ---------------------------------------------------------------------------------


@primitive(promote=to_floating, x=lambda g, x: g * cos(x))
def sin(x: Array) -> Array:
    """The sine, elementwise.

    >>> import autograd
    >>> autograd.sin(autograd.tensor([0.0, 1.0]))
    tensor([0.0000, 0.8415])
    """
    return np.sin(x)


@primitive(promote=to_floating, x=lambda g, x: -g * sin(x))
def cos(x: Array) -> Array:
    """The cosine, elementwise.

    >>> import autograd
    >>> autograd.cos(autograd.tensor([0.0, 1.0]))
    tensor([1.0000, 0.5403])
    """
    return np.cos(x)


@primitive(promote=to_floating, x=lambda g, out: zero_if_unused(g * (1 + out * out), g))
def tan(x: Array) -> Array:
    """The tangent, elementwise."""
    return np.tan(x)


@primitive(promote=to_floating, x=lambda g, x: zero_if_unused(g * rsqrt(1 - x * x), g))
def asin(x: Array) -> Array:
    """The inverse sine, elementwise: from [-1, 1] to [-pi/2, pi/2], NaN outside."""
    return np.arcsin(x)


@primitive(promote=to_floating, x=lambda g, x: zero_if_unused(-g * rsqrt(1 - x * x), g))
def acos(x: Array) -> Array:
    """The inverse cosine, elementwise: from [-1, 1] to [0, pi], NaN outside."""
    return np.arccos(x)


@primitive(promote=to_floating, x=lambda g, x: zero_if_unused(g / (x * x + 1), g))
def atan(x: Array) -> Array:
    """The inverse tangent, elementwise: to (-pi/2, pi/2)."""
    return np.arctan(x)


@needing_tensors(2)
@primitive(
    promote=to_real_floating,
    x=lambda g, x, y: g * _over_square_sum(y, x, y),
    y=lambda g, x, y: g * _over_square_sum(-x, x, y),
)
def atan2(x: Array, y: Array) -> Array:
    """The angle of the point (``y``, ``x``), elementwise, broadcasting, in [-pi, pi].

    It is `atan` of ``x / y`` in the right quadrant; its gradient at the origin is 0.

    >>> import autograd
    >>> autograd.atan2(autograd.tensor([1.0, 1.0]), autograd.tensor([1.0, -1.0]))
    tensor([0.7854, 2.3562])
    """
    return np.arctan2(x, y)


def _over_square_sum(numerator: Any, x: Any, y: Any) -> Any:
    squares = x * x + y * y
    return _where(squares == 0, 0, numerator / squares)


@half_in_single
@primitive(promote=to_floating, x=lambda g, x, out: g * _sinc_slope(x, out))
def sinc(x: Array) -> Array:
    """``sin(pi * x) / (pi * x)``, elementwise; 1 at 0.

    >>> import autograd
    >>> autograd.sinc(autograd.tensor([0.0, 0.5]))
    tensor([1.0000, 0.6366])
    """
    return np.sinc(x)


def _sinc_slope(x: Any, out: Any) -> Any:
    """The derivative of `sinc`, whose value is ``out``."""
    # Near 0 a difference of nearly equal numbers would lose the digits; there, the Taylor series.
    z = x * math.pi
    square = z * z
    series = -math.pi / 3 * z * (1 - square / 10 * (1 - square / 28 * (1 - square / 54)))
    return _where(abs(x) < 0.03, series, (cos(z) - out) / x)


# -- hyperbolic ------------------------------------------------------------------------------------


@primitive(promote=to_floating, x=lambda g, x: zero_if_unused(g * cosh(x), g))
def sinh(x: Array) -> Array:
    """The hyperbolic sine, elementwise."""
    return np.sinh(x)


@primitive(promote=to_floating, x=lambda g, x: zero_if_unused(g * sinh(x), g))
def cosh(x: Array) -> Array:
    """The hyperbolic cosine, elementwise."""
    return np.cosh(x)


@primitive(promote=to_floating, x=lambda g, out: g * (1 - out * out))
def tanh(x: Array) -> Array:
    """The hyperbolic tangent, elementwise: between -1 and 1.

    >>> import autograd
    >>> autograd.tanh(autograd.tensor([0.0, 1.0]))
    tensor([0.0000, 0.7616])
    """
    return np.tanh(x)


@primitive(promote=to_floating, x=lambda g, x: zero_if_unused(g * rsqrt(x * x + 1), g))
def asinh(x: Array) -> Array:
    """The inverse hyperbolic sine, elementwise."""
    return np.arcsinh(x)


@primitive(promote=to_floating, x=lambda g, x: zero_if_unused(g * _acosh_slope(x), g))
def acosh(x: Array) -> Array:
    """The inverse hyperbolic cosine, elementwise: 0 or above, NaN for ``x`` below 1."""
    return np.arccosh(x)


def _acosh_slope(x: Any) -> Any:
    # In the left half of the complex plane the root of a product is not the product of the roots.
    return rsqrt(x * x - 1) if x.dtype.kind == "f" else rsqrt(x - 1) * rsqrt(x + 1)


@primitive(promote=to_floating, x=lambda g, x: zero_if_unused(g / (1 - x * x), g))
def atanh(x: Array) -> Array:
    """The inverse hyperbolic tangent, elementwise: infinite at 1 and -1, NaN beyond."""
    return np.arctanh(x)


# -- units -----------------------------------------------------------------------------------------

DEGREE = math.pi / 180


@primitive(promote=to_real_floating, x=lambda g: g * DEGREE)
def deg2rad(x: Array) -> Array:
    """Degrees to radians.

    >>> import autograd
    >>> autograd.deg2rad(autograd.tensor(180.0))
    tensor(3.1416)
    """
    return np.deg2rad(x)


@primitive(promote=to_real_floating, x=lambda g: g * (1 / DEGREE))
def rad2deg(x: Array) -> Array:
    """Radians to degrees."""
    return np.rad2deg(x)


arcsin, arccos, arctan, arctan2 = asin, acos, atan, atan2
arcsinh, arccosh, arctanh = asinh, acosh, atanh
