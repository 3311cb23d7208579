"""The logarithm of the gamma function, its derivatives, and the Hurwitz zeta function."""

from __future__ import annotations

import functools
import math
import operator
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, checked_tensor
from autograd.errors import DTypeError, GraphError, ShapeError
from autograd.ops.approximation import by_region, in_double, polynomial
from autograd.ops.arithmetic import sub
from autograd.ops.exponential import to_real_floating
from autograd.ops.selection import zero_if_unused

# The Bernoulli numbers B_2, B_4, ..., B_24.
BERNOULLI = (
    1 / 6,
    -1 / 30,
    1 / 42,
    -1 / 30,
    5 / 66,
    -691 / 2730,
    7 / 6,
    -3617 / 510,
    43867 / 798,
    -174611 / 330,
    854513 / 138,
    -236364091 / 2730,
)
ENOUGH = 10  # from here on the asymptotic series have all digits of a double

# -- the gamma function ----------------------------------------------------------------------------


@primitive(promote=to_real_floating, x=lambda g, x: zero_if_unused(g * digamma(x), g))
def lgamma(x: Array) -> Array:
    """``log(abs(gamma(x)))``, elementwise: infinite at 0, -1, -2, ...

    By Stirling's series, the recurrence and the reflection formula (Abramowitz and Stegun, 1964,
    6.1.40, 6.1.15, 6.1.17), near its zeros at 1 and 2 by its Taylor series there (6.1.33).

    >>> import autograd
    >>> autograd.lgamma(autograd.tensor([0.5, 1.0, 5.0]))
    tensor([0.5724, 0.0000, 3.1781])
    """
    return in_double(lgamma_of, x)


@primitive(promote=to_real_floating, x=lambda g, x: zero_if_unused(g * _polygamma(x, 1), g))
def digamma(x: Array) -> Array:
    """The derivative of `lgamma`, elementwise: -infinity at 0, NaN at -1, -2, ...

    By its asymptotic series, the recurrence and the reflection formula (Abramowitz and Stegun,
    1964, 6.3.18, 6.3.5, 6.3.7).

    >>> import autograd
    >>> autograd.digamma(autograd.tensor([1.0, 10.0]))
    tensor([-0.5772,  2.2518])
    """
    return in_double(_digamma, x)


def polygamma(n: int, x: Any) -> Any:
    """The ``n``-th derivative of `digamma`, elementwise. Raises ShapeError for a negative ``n``.

    By ``(-1)**(n + 1) * n! * zeta(n + 1, x)`` (Abramowitz and Stegun, 1964, 6.4.10).

    >>> import autograd
    >>> autograd.polygamma(1, autograd.tensor([1.0, 2.0]))
    tensor([1.6449, 0.6449])
    """
    if not isinstance(n, int) or isinstance(n, bool):
        raise DTypeError(f"polygamma: n must be an integer, got {type(n).__name__}")
    if n < 0:
        raise ShapeError(f"polygamma: n must not be negative, got {n}")
    return digamma(x) if n == 0 else _polygamma(x, n)


@primitive(promote=to_real_floating, x=lambda g, x, n: zero_if_unused(g * _polygamma(x, n + 1), g))
def _polygamma(x: Array, n: int) -> Array:
    factor = math.factorial(n) if n <= 170 else math.inf  # 171! is no double
    return in_double(lambda x: (-1) ** (n + 1) * factor * _zeta(np.full_like(x, n + 1), x), x)


def mvlgamma(input: Any, p: int) -> Any:
    """The logarithm of the multivariate gamma function of dimension ``p``, elementwise.

    ``p * (p - 1) / 4 * log(pi)`` plus the sum of ``lgamma(input - j / 2)`` over j < p. Raises
    ShapeError unless ``p`` is at least 1.

    >>> import autograd
    >>> autograd.mvlgamma(autograd.tensor([2.0, 3.0]), 2)
    tensor([0.4516, 1.5502])
    """
    if not isinstance(p, int) or isinstance(p, bool):
        raise DTypeError(f"mvlgamma: p must be an integer, got {type(p).__name__}")
    if p < 1:
        raise ShapeError(f"mvlgamma: p must be at least 1, got {p}")
    checked_tensor(input)
    terms = (lgamma(sub(input, j / 2)) for j in range(p))
    return functools.reduce(operator.add, terms) + p * (p - 1) / 4 * math.log(math.pi)


def lgamma_of(x: Any) -> Any:
    """`lgamma` of an array in double precision."""
    regions = [
        (np.isinf(x), np.inf),
        (x < 0, _lgamma_left),
        (np.abs(x - 1) < 0.5, lambda x: lgamma_of_1_plus(x - 1)),
        (np.abs(x - 2) <= 0.5, lambda x: _lgamma_of_2_plus(x - 2)),
        (x < ENOUGH, lambda x: _stirling(x + ENOUGH) - np.log(_rising(x))),
        (x >= ENOUGH, _stirling),
    ]
    return by_region(regions, x)


def _lgamma_left(x: Any) -> Any:
    sine = np.abs(np.sin(math.pi * (x - np.rint(x))))
    return math.log(math.pi) - np.log(sine) - lgamma_of(1 - x)


def lgamma_of_1_plus(z: Any) -> Any:
    """``lgamma(1 + z)`` for abs(z) <= 1/2, with all digits near 0."""
    return _lgamma_of_2_plus(z) - np.log1p(z)


def _lgamma_of_2_plus(z: Any) -> Any:
    return z * polynomial(_taylor_at_2(), z)


@functools.cache
def _taylor_at_2() -> tuple[float, ...]:
    """The coefficients of ``lgamma(2 + z) / z`` in ``z``."""
    k = np.arange(2.0, 30.0)
    rest = _zeta_right(k, np.full_like(k, 2.0)) / k
    return (1 - np.euler_gamma, *(rest * (-1) ** k).tolist())


def _rising(x: Any) -> Any:
    """``x * (x + 1) * ...``: what divides ``gamma(x + ENOUGH)`` to give ``gamma(x)``."""
    product = x.copy()
    for k in range(1, ENOUGH):
        product *= x + k
    return product


def _stirling(x: Any) -> Any:
    """``lgamma(x)`` for x >= ENOUGH, without overflow before its end."""
    main = (x - 0.5) * (np.log(x) - 1) + (math.log(2 * math.pi) - 1) / 2
    return main + stirling_remainder(x)


STIRLING = [b / ((2 * k + 1) * (2 * k + 2)) for k, b in enumerate(BERNOULLI)]
ASYMPTOTIC = [b / (2 * k + 2) for k, b in enumerate(BERNOULLI)]


def stirling_remainder(x: Any) -> Any:
    """What Stirling's formula lacks of ``lgamma(x)``, for x >= ENOUGH."""
    return polynomial(STIRLING, 1 / (x * x)) / x


def _digamma(x: Any) -> Any:
    regions = [
        (x == 0, lambda x: np.copysign(np.inf, -x)),
        ((x < 0) & (x == np.floor(x)), np.nan),
        (x < 0, lambda x: _digamma(1 - x) - math.pi / np.tan(math.pi * (x - np.rint(x)))),
        (x < ENOUGH, lambda x: _digamma_far(x + ENOUGH) - sum(1 / (x + k) for k in range(ENOUGH))),
        (x >= ENOUGH, _digamma_far),
    ]
    return by_region(regions, x)


def _digamma_far(x: Any) -> Any:
    square = 1 / (x * x)
    return np.log(x) - 0.5 / x - square * polynomial(ASYMPTOTIC, square)


# -- the zeta function -----------------------------------------------------------------------------


@primitive(
    promote=to_real_floating,
    x=lambda g: _refuse_derivative(),
    y=lambda g, x, y: zero_if_unused(-g * x * zeta(x + 1, y), g),
)
def zeta(x: Array, y: Array) -> Array:
    """The Hurwitz zeta function, the sum of ``(y + k) ** -x`` over k = 0, 1, ..., elementwise.

    Broadcasting. Infinite for ``x = 1`` and for the ``y`` 0, -1, -2, ...; NaN for ``x`` below 1,
    and for negative ``y`` unless ``x`` is an integer. By the Euler-Maclaurin formula (DLMF
    25.11.28). It has no derivative by ``x`` here: a backward pass to it raises GraphError.

    >>> import autograd
    >>> autograd.special.zeta(autograd.tensor([2.0, 4.0]), 1.0)
    tensor([1.6449, 1.0823])
    """
    return in_double(_zeta, x, y)


def _refuse_derivative() -> Any:
    raise GraphError("zeta: its derivative by x is not known; detach x")


def _zeta(s: Any, q: Any) -> Any:
    regions = [
        (s == 1, np.inf),
        (s < 1, np.nan),
        ((q <= 0) & (q == np.floor(q)), np.inf),
        (q > 0, _zeta_right),
        ((q < 0) & (s == np.floor(s)), _zeta_left),
    ]
    return by_region(regions, s, q)


def _zeta_left(s: Any, q: Any) -> Any:
    """The sum over the negative ``q + k`` is, but for its sign, one over positive numbers too."""
    shift = q - np.rint(q)
    right = np.where(shift > 0, shift, 1 + shift)  # the first positive q + k
    left = np.where(shift > 0, 1 - shift, -shift)  # minus the last negative one
    sign = np.where(s % 2 == 0, 1, -1)
    return _zeta_right(s, right) + sign * (_zeta_right(s, left) - _zeta_right(s, 1 - q))


def _zeta_right(s: Any, q: Any) -> Any:
    """For s > 1 and q > 0: ten terms of the sum, and the Euler-Maclaurin formula for the rest."""
    total = np.zeros_like(q)
    for k in range(ENOUGH):
        total += (q + k) ** -s
    start = q + ENOUGH
    power, factor, series = start**-s, s / start, 0.5
    for k, bernoulli in enumerate(BERNOULLI, 1):
        series = series + bernoulli / math.factorial(2 * k) * factor
        factor = factor * ((s + 2 * k - 1) / start) * ((s + 2 * k) / start)
    rest = start ** (1 - s) / (s - 1)
    return total + rest + np.where(power == 0, 0, power * series)
