"""Exponentials, logarithms, and the functions made of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import NUMBERS, to_floating
from autograd.core.variable import Array
from autograd.ops.checks import refusing
from autograd.ops.selection import _where, zero_if_unused

LN_2, LN_10 = math.log(2), math.log(10)

to_real_floating = refusing("c", to_floating, "take its real and imag")

# -- exponentials ----------------------------------------------------------------------------------


@primitive(promote=to_floating, x=lambda g, out: zero_if_unused(g * out, g))
def exp(x: Array) -> Array:
    """``e ** x``, elementwise.

    >>> import autograd
    >>> autograd.exp(autograd.tensor([0.0, 1.0]))
    tensor([1.0000, 2.7183])
    """
    return np.exp(x)


@primitive(promote=to_floating, x=lambda g, out: zero_if_unused(g * (out * LN_2), g))
def exp2(x: Array) -> Array:
    """``2 ** x``, elementwise.

    >>> import autograd
    >>> autograd.exp2(autograd.tensor([0.0, 3.0]))
    tensor([1., 8.])
    """
    return np.exp(x * LN_2) if x.dtype.kind == "c" else np.exp2(x)


@primitive(promote=to_floating, x=lambda g, out: zero_if_unused(g * (out + 1), g))
def expm1(x: Array) -> Array:
    """``e ** x - 1``, elementwise; precise near 0, where ``exp(x) - 1`` is not."""
    return np.expm1(x)


@primitive(promote=to_floating, x=lambda g, out: g * (out * (1 - out)))
def sigmoid(x: Array) -> Array:
    """``1 / (1 + e ** -x)``, elementwise: between 0 and 1.

    >>> import autograd
    >>> autograd.sigmoid(autograd.tensor([0.0, 100.0]))
    tensor([0.5000, 1.0000])
    """
    with np.errstate(over="ignore"):  # 1 / infinity is the right 0
        out = np.exp(-x)
    out += 1
    return np.reciprocal(out)


# -- logarithms ------------------------------------------------------------------------------------


@primitive(promote=to_floating, x=lambda g, x: zero_if_unused(g / x, g))
def log(x: Array) -> Array:
    """The natural logarithm, elementwise; -infinity at 0, NaN below.

    >>> import autograd
    >>> autograd.log(autograd.tensor([1.0, 10.0]))
    tensor([0.0000, 2.3026])
    """
    return np.log(x)


@primitive(promote=to_floating, x=lambda g, x: zero_if_unused(g / (x * LN_2), g))
def log2(x: Array) -> Array:
    """The logarithm to base 2, elementwise; -infinity at 0, NaN below."""
    return np.log2(x)


@primitive(promote=to_floating, x=lambda g, x: zero_if_unused(g / (x * LN_10), g))
def log10(x: Array) -> Array:
    """The logarithm to base 10, elementwise; -infinity at 0, NaN below."""
    return np.log10(x)


@primitive(promote=to_floating, x=lambda g, x: zero_if_unused(g / (x + 1), g))
def log1p(x: Array) -> Array:
    """``log(1 + x)``, elementwise; precise near 0, where that is not."""
    return np.log1p(x)


@primitive(
    promote=to_real_floating,
    x=lambda g, x, y: zero_if_unused(g * sigmoid(x - y), g),
    y=lambda g, x, y: zero_if_unused(g * sigmoid(y - x), g),
)
def logaddexp(x: Array, y: Array) -> Array:
    """``log(exp(x) + exp(y))``, elementwise, broadcasting, without overflow.

    >>> import autograd
    >>> autograd.logaddexp(autograd.tensor([0.0, 90.0]), autograd.tensor([0.0, 90.0]))
    tensor([ 0.6931, 90.6931])
    """
    return np.logaddexp(x, y)


@primitive(
    promote=to_real_floating,
    x=lambda g, x, y: zero_if_unused(g * sigmoid((x - y) * LN_2), g),
    y=lambda g, x, y: zero_if_unused(g * sigmoid((y - x) * LN_2), g),
)
def logaddexp2(x: Array, y: Array) -> Array:
    """``log2(2 ** x + 2 ** y)``, elementwise, broadcasting, without overflow."""
    return np.logaddexp2(x, y)


@primitive(
    promote=to_real_floating,
    # At x = 0 the function is 0 wherever log(y) is not defined, and so is its derivative by x.
    x=lambda g, x, y: zero_if_unused(g * _where((x == 0) & (y <= 0), 0, of_number_too(log, y)), g),
    y=lambda g, x, y: zero_if_unused(g * x / y, g),
)
def xlogy(x: Array, y: Array) -> Array:
    """``x * log(y)``, elementwise, broadcasting; 0 where ``x`` is 0, unless ``y`` is NaN.

    >>> import autograd
    >>> autograd.xlogy(autograd.tensor([0.0, 2.0]), autograd.tensor([0.0, 1.0]))
    tensor([0., 0.])
    """
    return _zero_times(x, y, np.log)


@primitive(
    promote=to_real_floating,
    x=lambda g, x, y: zero_if_unused(
        g * _where((x == 0) & (y <= -1), 0, of_number_too(log1p, y)), g
    ),
    y=lambda g, x, y: zero_if_unused(g * x / (y + 1), g),
)
def xlog1py(x: Array, y: Array) -> Array:
    """``x * log1p(y)``, elementwise, broadcasting; 0 where ``x`` is 0, unless ``y`` is NaN."""
    return _zero_times(x, y, np.log1p)


def _zero_times(x: Any, y: Any, logarithm: Any) -> Any:
    """``x * logarithm(y)``, but 0 where ``x`` is 0, whatever the logarithm is there."""
    with np.errstate(divide="ignore", invalid="ignore"):
        product = x * of_number_too(logarithm, y)
    return np.where(np.equal(x, 0) & ~np.isnan(y), np.zeros_like(product), product)


def of_number_too(function: Any, value: Any) -> Any:
    """``function(value)``; of a Python number a Python number, which does not widen a float32."""
    return function(value * 1.0).item() if isinstance(value, NUMBERS) else function(value)


@primitive(promote=to_real_floating, x=lambda g, x, eps: _logit_gradient(g, x, eps))
def logit(x: Array, eps: float | None = None) -> Array:
    """``log(x / (1 - x))``, elementwise: the inverse of `sigmoid`; NaN outside of [0, 1].

    With ``eps``, ``x`` is first brought into [eps, 1 - eps]; the gradient is 0 outside of that.

    >>> import autograd
    >>> autograd.logit(autograd.tensor([0.5, 1.0]), eps=0.25)
    tensor([0.0000, 1.0986])
    """
    if eps is not None and eps >= 0:
        x = np.where(x < eps, x.dtype.type(eps), np.minimum(x, 1 - eps))
    return np.log(x / (1 - x))


def _logit_gradient(g: Any, x: Any, eps: float | None) -> Any:
    gradient = zero_if_unused(g / (x * (1 - x)), g)
    if eps is None:
        return _where((x < 0) | (x > 1), math.nan, gradient)
    return _where((x < eps) | (x > 1 - eps), 0, gradient)


# -- the error function ----------------------------------------------------------------------------

SLOPE_AT_0 = 2 / math.sqrt(math.pi)


@primitive(promote=to_real_floating, x=lambda g, x: g * SLOPE_AT_0 * exp(-x * x))
def erf(x: Array) -> Array:
    """The error function ``2 / sqrt(pi) * integral of exp(-t * t) from 0 to x``, elementwise.

    By the rational approximations of W. J. Cody, "Rational Chebyshev approximations for the error
    function", Mathematics of Computation 23 (1969), in double precision.

    >>> import autograd
    >>> autograd.erf(autograd.tensor([0.0, 1.0]))
    tensor([0.0000, 0.8427])
    """
    return _by_region(x, _erf_near_0, lambda y: np.copysign(1 - _erfc_above(np.abs(y)), y))


@primitive(promote=to_real_floating, x=lambda g, x: g * -SLOPE_AT_0 * exp(-x * x))
def erfc(x: Array) -> Array:
    """``1 - erf(x)``, elementwise; precise for large ``x``, where that is not. Source: see `erf`.

    >>> import autograd
    >>> autograd.erfc(autograd.tensor([0.0, 3.0]))
    tensor([1.0000e+00, 2.2090e-05])
    """
    return _by_region(x, lambda y: 1 - _erf_near_0(y), _erfc_away_from_0)


# Cody's coefficients, from the highest power down: of erf(x) / x in x**2 for abs(x) <= 15/32, of
# erfc(x) * exp(x**2) in x up to 4, and of its asymptotic remainder in 1 / x**2 above.
NEAR = (
    (
        1.85777706184603153e-1,
        3.16112374387056560,
        1.13864154151050156e2,
        3.77485237685302021e2,
        3.20937758913846947e3,
    ),
    (
        1.0,
        2.36012909523441209e1,
        2.44024637934444173e2,
        1.28261652607737228e3,
        2.84423683343917062e3,
    ),
)
MIDDLE = (
    (
        2.15311535474403846e-8,
        5.64188496988670089e-1,
        8.88314979438837594,
        6.61191906371416295e1,
        2.98635138197400131e2,
        8.81952221241769090e2,
        1.71204761263407058e3,
        2.05107837782607147e3,
        1.23033935479799725e3,
    ),
    (
        1.0,
        1.57449261107098347e1,
        1.17693950891312499e2,
        5.37181101862009858e2,
        1.62138957456669019e3,
        3.29079923573345963e3,
        4.36261909014324716e3,
        3.43936767414372164e3,
        1.23033935480374942e3,
    ),
)
FAR = (
    (
        1.63153871373020978e-2,
        3.05326634961232344e-1,
        3.60344899949804439e-1,
        1.25781726111229246e-1,
        1.60837851487422766e-2,
        6.58749161529837803e-4,
    ),
    (
        1.0,
        2.56852019228982242,
        1.87295284992346725,
        5.27905102951428412e-1,
        6.05183413124413191e-2,
        2.33520497626869185e-3,
    ),
)


def _by_region(x: Any, near: Any, away: Any) -> Any:
    """``near(x)`` for abs(x) <= 15/32, ``away(x)`` elsewhere; computed in double precision."""
    values = np.asarray(x, np.float64)
    is_near = np.abs(values) <= 0.46875
    out = np.empty_like(values)
    out[is_near] = near(values[is_near])
    out[~is_near] = away(values[~is_near])
    return out.astype(x.dtype, copy=False)


def _erf_near_0(x: Any) -> Any:
    return x * _ratio(NEAR, x * x)


def _erfc_away_from_0(x: Any) -> Any:
    tail = _erfc_above(np.abs(x))
    return np.where(x < 0, 2 - tail, tail)


def _erfc_above(x: Any) -> Any:
    """``erfc(x)`` for x > 15/32."""
    out = np.empty_like(x)
    far = x > 4
    out[~far] = _ratio(MIDDLE, x[~far])
    y = np.minimum(x[far], 30.0)  # beyond, the result is 0 anyhow
    z = 1 / (y * y)
    out[far] = (1 / math.sqrt(math.pi) - z * _ratio(FAR, z)) / y
    # x * x in two parts: the rounding of a large exponent would spoil the result.
    y = np.minimum(x, 30.0)
    coarse = np.trunc(y * 16) / 16
    out *= np.exp(-coarse * coarse) * np.exp((coarse - y) * (coarse + y))
    return out


def _ratio(coefficients: Any, x: Any) -> Any:
    """The quotient of the two polynomials in ``x``, by Horner's scheme."""
    top, bottom = (np.full_like(x, highest) for highest, *_ in coefficients)
    for a, b in zip(coefficients[0][1:], coefficients[1][1:], strict=True):
        top *= x
        top += a
        bottom *= x
        bottom += b
    return top / bottom
