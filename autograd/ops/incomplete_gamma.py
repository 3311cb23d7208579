"""The regularized incomplete gamma functions."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import to_common
from autograd.core.variable import Array
from autograd.errors import GraphError
from autograd.ops.approximation import by_region, in_double, polynomial
from autograd.ops.checks import needing_tensors, refusing
from autograd.ops.exponential import exp, xlogy
from autograd.ops.gamma import lgamma, lgamma_of, lgamma_of_1_plus, stirling_remainder
from autograd.ops.selection import zero_if_unused

to_real_floats = refusing(
    "biuc", to_common, "convert to a floating dtype first: x.to(autograd.float32)"
)


@needing_tensors(2)
@primitive(
    promote=to_real_floats,
    x=lambda g: _refuse_derivative("igamma"),
    y=lambda g, x, y: zero_if_unused(g * _density(x, y), g),
)
def igamma(x: Array, y: Array) -> Array:
    """The lower one: the integral of ``t**(x - 1) * exp(-t)`` from 0 to ``y``, over ``gamma(x)``.

    Elementwise, broadcasting; NaN for negative arguments. For ``y`` up to 1.5 by its power series
    (NIST Digital Library of Mathematical Functions, 8.7.1), for larger ``x`` and ``y`` by another
    one (there, 8.7.3), by Legendre's continued fraction (8.9.2), or by quadrature. It has no
    derivative by ``x`` here: a backward pass to it raises GraphError.

    >>> import autograd
    >>> autograd.igamma(autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 1.0]))
    tensor([0.6321, 0.2642])
    """
    return in_double(functools.partial(_regularized, upper=False), x, y)


@needing_tensors(2)
@primitive(
    promote=to_real_floats,
    x=lambda g: _refuse_derivative("igammac"),
    y=lambda g, x, y: zero_if_unused(-g * _density(x, y), g),
)
def igammac(x: Array, y: Array) -> Array:
    """The upper one, ``1 - igamma(x, y)``, elementwise, precise where that is small. See `igamma`.

    >>> import autograd
    >>> autograd.igammac(autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 100.0]))
    tensor([3.6788e-01, 3.7569e-42])
    """
    return in_double(functools.partial(_regularized, upper=True), x, y)


def _density(x: Any, y: Any) -> Any:
    return exp(xlogy(x - 1, y) - y - lgamma(x))


def _refuse_derivative(name: str) -> Any:
    raise GraphError(f"{name}: its derivative by x is not known; detach x")


# Below, as in the formulas' sources, a is the order and x the bound of the integral.


def _regularized(a: Any, x: Any, upper: bool) -> Any:
    none, all_of_it = (1.0, 0.0) if upper else (0.0, 1.0)
    regions = [
        ((a < 0) | (x < 0) | ((a == 0) & ~(x > 0)), np.nan),
        (a == 0, all_of_it),
        (x == 0, none),
        (np.isinf(a) & np.isinf(x), np.nan),
        (np.isinf(a), none),
        (np.isinf(x), all_of_it),
        (x <= 1.5, functools.partial(_power_series, upper=upper)),
        (a >= 20, functools.partial(_quadrature, upper=upper)),
        (x < a + 1, lambda a, x: 1 - _lower_series(a, x) if upper else _lower_series(a, x)),
        (x >= a + 1, lambda a, x: _fraction(a, x) if upper else 1 - _fraction(a, x)),
    ]
    return by_region(regions, a, x)


def _power_series(a: Any, x: Any, upper: bool) -> Any:
    """For small x. Written so that the upper function stays precise where a is small too."""
    order = np.where(a < 0.5, lgamma_of_1_plus(np.minimum(a, 0.5)), lgamma_of(a + 1))
    exponent = a * np.log(x) - order
    term, total = np.ones_like(x), np.zeros_like(x)
    for n in range(1, 28):
        term *= -x / n
        total += term / (a + n)
    correction = np.exp(exponent) * a * total
    return -np.expm1(exponent) - correction if upper else np.exp(exponent) + correction


def _lower_series(a: Any, x: Any) -> Any:
    total = np.ones_like(x)
    for n in range(80, 0, -1):
        total = 1 + total * x / (a + n)
    return total * _prefactor(a, x) / a


def _fraction(a: Any, x: Any) -> Any:
    """The upper function; the fraction is evaluated from its 100th level up."""
    rest = x + 201 - a
    for n in range(100, 0, -1):
        rest = x + (2 * n - 1) - a - n * (n - a) / rest
    return _prefactor(a, x) / rest


def _prefactor(a: Any, x: Any) -> Any:
    """``x**a * exp(-x) / gamma(a)`` for moderate a."""
    return np.exp(a * np.log(x) - x - lgamma_of(a))


# -- large orders ----------------------------------------------------------------------------------


def _quadrature(a: Any, x: Any, upper: bool) -> Any:
    """The smaller of the two functions by Gauss-Legendre quadrature of its integral, in which
    ``t = x * exp(v)`` makes the integrand ``exp(a * v - x * (exp(v) - 1))`` log-concave and
    decreasing away from v = 0; it is followed until it has fallen by ``exp(-40)``."""
    sign, distance = np.where(x < a, -1, 1), np.abs(x - a)
    right = 80 / (np.sqrt(distance * distance + 80 * x) + distance)
    fall = 2 * distance - 40
    left = 160 / (np.sqrt(fall * fall + 320 * a) + fall)
    length = np.where(x < a, left, right)
    total = np.zeros_like(x)
    for node, weight in zip(*_gauss_legendre(), strict=True):
        v = length * node
        total += weight * np.exp(-distance * v - x * _exp_remainder(sign * v))
    tail = total * length * _large_prefactor(a, x)
    return np.where((x < a) == upper, 1 - tail, tail)


@functools.cache
def _gauss_legendre() -> tuple[list[float], list[float]]:
    """Forty nodes and weights for the interval from 0 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    return ((nodes + 1) / 2).tolist(), (weights / 2).tolist()


def _exp_remainder(v: Any) -> Any:
    """``exp(v) - 1 - v``, with all digits near 0."""
    series = v * v * polynomial([1 / math.factorial(k) for k in range(2, 12)], v)
    return np.where(np.abs(v) < 0.1, series, np.expm1(v) - v)


def _large_prefactor(a: Any, x: Any) -> Any:
    """``x**a * exp(-x) / gamma(a)`` for large a, by Stirling's formula."""
    exponent = a * _log_remainder((x - a) / a) - stirling_remainder(a)
    return np.sqrt(a / (2 * math.pi)) * np.exp(exponent)


def _log_remainder(m: Any) -> Any:
    """``log(1 + m) - m``, with all digits near 0: there by the series of the inverse hyperbolic
    tangent, of which ``log(1 + m)`` is twice the value at ``w``."""
    w = m / (2 + m)
    series = 2 * w**3 * polynomial([1 / (2 * k + 3) for k in range(12)], w * w) - m * w
    return np.where(np.abs(w) < 0.2, series, np.log1p(m) - m)
