"""Modified Bessel functions of the first kind."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array
from autograd.ops.approximation import by_region, in_double, polynomial
from autograd.ops.exponential import to_real_floating
from autograd.ops.magnitude import sign
from autograd.ops.selection import zero_if_unused

FAR = 20.0  # from here on the asymptotic series has all digits of a double


def i0(input: Any) -> Any:
    """The modified Bessel function of the first kind of order 0, elementwise.

    By its power series (NIST Digital Library of Mathematical Functions, 10.25.2) up to abs(x) = 20,
    beyond by Hankel's asymptotic series (there, 10.40.1).

    >>> import autograd
    >>> autograd.i0(autograd.tensor([0.0, 1.0]))
    tensor([1.0000, 1.2661])
    """
    return _bessel_i(input, 0)


def i1(input: Any) -> Any:
    """The modified Bessel function of the first kind of order 1, elementwise. Source: see `i0`.

    >>> import autograd
    >>> autograd.special.i1(autograd.tensor([0.0, 1.0]))
    tensor([0.0000, 0.5652])
    """
    return _bessel_i(input, 1)


def i0e(input: Any) -> Any:
    """``exp(-abs(input)) * i0(input)``, elementwise, without overflow.

    >>> import autograd
    >>> autograd.special.i0e(autograd.tensor([0.0, 1000.0]))
    tensor([1.0000, 0.0126])
    """
    return _scaled_bessel_i(input, 0)


def i1e(input: Any) -> Any:
    """``exp(-abs(input)) * i1(input)``, elementwise, without overflow."""
    return _scaled_bessel_i(input, 1)


# One function for all orders: the derivative of each is the mean of its neighbours' (DLMF 10.29.1),
# which stays precise at 0, where the usual I1' = I0 - I1 / x does not.


@primitive(
    promote=to_real_floating, x=lambda g, x, order: zero_if_unused(g * _neighbours(x, order), g)
)
def _bessel_i(x: Array, order: int) -> Array:
    return in_double(lambda x: _by_size(x, order, scaled=False), x)


def _neighbours(x: Any, order: int) -> Any:
    """The mean of the functions of the orders below and above; that of order -1 is that of 1."""
    return (_bessel_i(x, abs(order - 1)) + _bessel_i(x, order + 1)) * 0.5


@primitive(
    promote=to_real_floating,
    x=lambda g, x, out, order: g * (_scaled_neighbours(x, order) - sign(x) * out),
)
def _scaled_bessel_i(x: Array, order: int) -> Array:
    return in_double(lambda x: _by_size(x, order, scaled=True), x)


def _scaled_neighbours(x: Any, order: int) -> Any:
    return (_scaled_bessel_i(x, abs(order - 1)) + _scaled_bessel_i(x, order + 1)) * 0.5


def _by_size(x: Any, order: int, scaled: bool) -> Any:
    size = np.abs(x)
    near = (size < FAR, lambda x: _near(x, order) * (np.exp(-np.abs(x)) if scaled else 1))
    return by_region([near, (size >= FAR, lambda x: _far(x, order, scaled))], x)


def _near(x: Any, order: int) -> Any:
    return (x / 2) ** order * polynomial(_power_series(order), x * x / 4)


def _far(x: Any, order: int, scaled: bool) -> Any:
    size = np.abs(x)
    series = polynomial(_asymptotic_series(order), 1 / size) / np.sqrt(2 * math.pi * size)
    series *= np.sign(x) ** order
    # exp(size) in two steps: it alone would overflow before the product does.
    return series if scaled else series * np.exp(size / 2) * np.exp(size / 2)


@functools.cache
def _power_series(order: int) -> tuple[float, ...]:
    """Its coefficients in ``x * x / 4``."""
    return tuple(1 / (math.factorial(k) * math.factorial(k + order)) for k in range(52))


@functools.cache
def _asymptotic_series(order: int) -> tuple[float, ...]:
    """Its coefficients in ``1 / abs(x)``."""
    coefficients = [1.0]
    for k in range(1, 30):
        coefficients.append(coefficients[-1] * ((2 * k - 1) ** 2 - 4 * order**2) / (8 * k))
    return tuple(coefficients)
