"""The error function, the normal distribution, and their inverses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array
from autograd.ops.approximation import by_region, in_blocks, in_double, polynomial
from autograd.ops.exponential import exp, to_real_floating
from autograd.ops.selection import zero_if_unused

SLOPE_AT_0 = 2 / math.sqrt(math.pi)  # of the error function
ROOT_2, ROOT_2_PI = math.sqrt(2), math.sqrt(2 * math.pi)

# -- the error function ----------------------------------------------------------------------------


@primitive(promote=to_real_floating, x=lambda g, x: g * SLOPE_AT_0 * exp(-x * x))
def erf(x: Array) -> Array:
    """The error function ``2 / sqrt(pi) * integral of exp(-t * t) from 0 to x``, elementwise.

    In double precision by its series (Abramowitz and Stegun, 1964, 7.1.5) and through `erfcx`, in
    single precision by a rational approximation.

    >>> import autograd
    >>> autograd.erf(autograd.tensor([0.0, 1.0]))
    tensor([0.0000, 0.8427])
    """
    if x.dtype == np.float64:
        return in_double(_erf, x)
    return in_blocks(_erf_single, x.dtype, (x,))


@primitive(promote=to_real_floating, x=lambda g, x: g * -SLOPE_AT_0 * exp(-x * x))
def erfc(x: Array) -> Array:
    """``1 - erf(x)``, elementwise; precise for large ``x``, where that is not.

    >>> import autograd
    >>> autograd.erfc(autograd.tensor([0.0, 3.0]))
    tensor([1.0000e+00, 2.2090e-05])
    """
    return in_double(_erfc, x)


@primitive(
    promote=to_real_floating, x=lambda g, x, out: zero_if_unused(g * (2 * x * out - SLOPE_AT_0), g)
)
def erfcx(x: Array) -> Array:
    """``exp(x * x) * erfc(x)``, elementwise: for large ``x`` about ``1 / (x * sqrt(pi))``.

    By one polynomial for all ``x >= 0``, after M. M. Shepherd and J. G. Laframboise, "Chebyshev
    approximation of (1 + 2x) exp(x^2) erfc x in 0 <= x < infinity", Mathematics of Computation 36
    (1981).

    >>> import autograd
    >>> autograd.special.erfcx(autograd.tensor([0.0, 1.0, 100.0]))
    tensor([1.0000, 0.4276, 0.0056])
    """
    return in_double(_erfcx, x)


# The series of erf(x) / x in x * x.
MACLAURIN = [SLOPE_AT_0 * (-1) ** n / (math.factorial(n) * (2 * n + 1)) for n in range(18)]

# (1 + 2x) * erfcx(x) in t = (x - 2.5) / (x + 2.5), from the constant up: its Chebyshev series in t,
# computed with 40 digits, cut off at 1e-17 and reordered by powers.
TAIL = (
    1.2648381843668615,
    -0.12235676308240418,
    -0.09902453957360054,
    0.15762991902320476,
    -0.10296705603863399,
    0.032760893269129732,
    0.00093189281843529628,
    -0.0043820783475390352,
    0.0004918658041021489,
    0.00063212439994718352,
    -8.8479206876698282e-5,
    -0.00011352263330159166,
    6.2660107849729754e-6,
    2.2700321802206235e-5,
    2.6086713496937895e-6,
    -4.2187143531727952e-6,
    -1.5844422539027936e-6,
    5.2700424064411441e-7,
    5.3238570551775472e-7,
    3.4821591847815383e-8,
    -1.250612981958526e-7,
    -4.3049254302659386e-8,
    1.9289162118600858e-8,
    1.1903099290545922e-8,
    -1.4759816086462546e-9,
    -1.3684070995217538e-9,
)

# erf(x) / x as a quotient of polynomials in x * x for abs(x) <= 3.93, where single precision
# reaches 1: the smallest relative error (2e-8), by iteratively reweighted least squares.
SINGLE_TOP = (1.12837915, 0.190783826, 0.0527902864, 0.00377960944, 0.000284808679, 2.04197168e-6)
SINGLE_BOTTOM = (1.0, 0.502410483, 0.114257521, 0.0149974376, 0.00116521291, 3.80040883e-5)


def _erf_single(x: Any) -> Any:
    x = x.astype(np.float32, copy=False)
    square = np.minimum(x * x, 3.93**2)
    out = x * polynomial(SINGLE_TOP, square)
    out /= polynomial(SINGLE_BOTTOM, square)
    return np.clip(out, -1, 1, out=out)


def _erf(x: Any) -> Any:
    size = np.abs(x)
    beyond = (size >= 1, lambda x: np.copysign(1 - _erfc_right(np.abs(x)), x))
    return by_region([(size < 1, _erf_series), beyond], x)


def _erf_series(x: Any) -> Any:
    return x * polynomial(MACLAURIN, x * x)


def _erfc(x: Any) -> Any:
    near = (np.abs(x) < 0.5, lambda x: 1 - _erf_series(x))
    return by_region([near, (x > 0, _erfc_right), (x < 0, lambda x: 2 - _erfc_right(-x))], x)


def _erfc_right(x: Any) -> Any:
    """``erfc(x)`` for x >= 0."""
    return _erfcx_right(x) * _exp_of_square(x, -1)


def _erfcx(x: Any) -> Any:
    left = (x < 0, lambda x: 2 * _exp_of_square(x, 1) - _erfcx_right(-x))
    return by_region([left, (x >= 0, _erfcx_right)], x)


def _erfcx_right(x: Any) -> Any:
    """``erfcx(x)`` for x >= 0."""
    return polynomial(TAIL, 1 - 5 / (x + 2.5)) / (1 + 2 * x)


def _exp_of_square(x: Any, sign: int) -> Any:
    """``exp(sign * x * x)``, with the square in two parts: the rounding of a large one would spoil
    the result."""
    x = np.clip(x, -30, 30)  # beyond, the result is 0 or infinity anyhow
    coarse = np.trunc(x * 16) / 16
    return np.exp(sign * coarse * coarse) * np.exp(sign * (x - coarse) * (x + coarse))


# -- its inverse -----------------------------------------------------------------------------------


@primitive(
    promote=to_real_floating, x=lambda g, out: zero_if_unused(g * exp(out * out) / SLOPE_AT_0, g)
)
def erfinv(x: Array) -> Array:
    """The inverse of `erf`, elementwise: infinite at -1 and 1, NaN outside of them.

    By Newton's method from the closed formula of S. Winitzki, "A handy approximation for the error
    function and its inverse" (2008), which is right to 0.2 %.

    >>> import autograd
    >>> autograd.erfinv(autograd.tensor([0.0, 0.5, 1.0]))
    tensor([0.0000, 0.4769,    inf])
    """
    return in_double(_erfinv, x)


def _erfinv(x: Any) -> Any:
    size = np.abs(x)
    tail = (size < 1, lambda x: np.copysign(_erfc_inverse(1 - np.abs(x)), x))
    return by_region([(size < 0.5, _erfinv_near_0), tail, (size == 1, lambda x: x * np.inf)], x)


def _erfinv_near_0(x: Any) -> Any:
    """By Halley's method: each step triples the digits."""
    y = np.copysign(_winitzki(np.log1p(-x * x)), x)
    for _ in range(2):
        step = (_erf_series(y) - x) * np.exp(y * y) / SLOPE_AT_0
        y -= step / (1 + step * y)
    return y


def _erfc_inverse(q: Any) -> Any:
    """The ``y`` with ``erfc(y) == q``, for 0 < q <= 0.5.

    By Newton's method on the logarithms: that of erfc is nearly a parabola, so that three steps do.
    """
    y = _winitzki(np.log(q * (2 - q)))
    for _ in range(3):
        scaled = _erfcx_right(y)
        y += (np.log(scaled / q) - y * y) * scaled / SLOPE_AT_0
    return y


def _winitzki(log_rest: Any) -> Any:
    """``erfinv(x)`` for x >= 0, roughly, from ``log(1 - x * x)``."""
    a = 0.147
    b = 2 / (math.pi * a) + log_rest / 2
    root = np.sqrt(b * b - log_rest / a)
    return np.sqrt(-log_rest / a / (root + b))  # root - b without its cancellation


# -- the normal distribution -----------------------------------------------------------------------


@primitive(promote=to_real_floating, x=lambda g, x: g * exp(x * x * -0.5) / ROOT_2_PI)
def ndtr(x: Array) -> Array:
    """The standard normal distribution function, elementwise: the probability of being below ``x``.

    >>> import autograd
    >>> autograd.special.ndtr(autograd.tensor([-1.96, 0.0, 1.96]))
    tensor([0.0250, 0.5000, 0.9750])
    """
    return in_double(lambda x: _erfc(x / -ROOT_2) / 2, x)


@primitive(promote=to_real_floating, x=lambda g, x: g * _inverse_mills(x))
def log_ndtr(x: Array) -> Array:
    """``log(ndtr(x))``, elementwise; precise for very negative ``x`` too, where `ndtr` is 0.

    >>> import autograd
    >>> autograd.special.log_ndtr(autograd.tensor([-100.0, 0.0]))
    tensor([-5.0055e+03, -6.9315e-01])
    """
    return in_double(_log_ndtr, x)


def _log_ndtr(x: Any) -> Any:
    left = (x < -1, lambda x: np.log(_erfcx(x / -ROOT_2) / 2) - x * x / 2)
    return by_region([left, (x >= -1, lambda x: np.log1p(_erfc(x / ROOT_2) / -2))], x)


@primitive(x=lambda g, x, out: zero_if_unused(-g * out * (x + out), g))
def _inverse_mills(x: Array) -> Array:
    """The normal density over `ndtr`: the inverse of Mills' ratio at ``-x``."""
    return in_double(lambda x: 2 / ROOT_2_PI / _erfcx(x / -ROOT_2), x)


@primitive(
    promote=to_real_floating,
    x=lambda g, out: zero_if_unused(g * ROOT_2_PI * exp(out * out * 0.5), g),
)
def ndtri(x: Array) -> Array:
    """The inverse of `ndtr`, elementwise: the quantiles of the standard normal distribution.

    Infinite at 0 and 1, NaN outside of them. Source: see `erfinv`.

    >>> import autograd
    >>> autograd.special.ndtri(autograd.tensor([0.025, 0.5, 0.975]))
    tensor([-1.9600,  0.0000,  1.9600])
    """
    return in_double(_ndtri, x)


def _ndtri(x: Any) -> Any:
    regions = [
        ((x < 0) | (x > 1), np.nan),
        (x == 0, -np.inf),
        (x == 1, np.inf),
        (x < 0.25, lambda x: -ROOT_2 * _erfc_inverse(2 * x)),
        (x > 0.75, lambda x: ROOT_2 * _erfc_inverse(2 * (1 - x))),
        (x == x, lambda x: ROOT_2 * _erfinv_near_0(2 * x - 1)),
    ]
    return by_region(regions, x)
