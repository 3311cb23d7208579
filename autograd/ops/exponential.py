"""Exponentials, logarithms, and the functions made of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import NUMBERS, to_common, to_floating
from autograd.core.variable import Array
from autograd.ops.checks import needing_tensors, refuse_only_numbers, refusing
from autograd.ops.selection import _where, zero_if_unused

LN_2, LN_10 = math.log(2), math.log(10)

to_real_floating = refusing("c", to_floating, "take its real and imag")
to_inexact = refusing("biu", to_common, "convert to a floating dtype first: x.to(autograd.float32)")

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
    if x.dtype.kind != "c":
        return np.exp2(x)
    scaled = np.empty_like(x)  # a product of complex numbers would make NaN of infinities
    scaled.real, scaled.imag = x.real * LN_2, x.imag * LN_2
    return np.exp(scaled)


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


@needing_tensors(2)
@primitive(
    promote=to_inexact,
    x=lambda g, x, y: zero_if_unused(g * sigmoid(x - y), g),
    y=lambda g, x, y: zero_if_unused(g * sigmoid(y - x), g),
)
def logaddexp(x: Array, y: Array) -> Array:
    """``log(exp(x) + exp(y))``, elementwise, broadcasting, without overflow.

    >>> import autograd
    >>> autograd.logaddexp(autograd.tensor([0.0, 90.0]), autograd.tensor([0.0, 90.0]))
    tensor([ 0.6931, 90.6931])
    """
    return log_of_sum(x, y)


def log_of_sum(x: Any, y: Any) -> Any:
    """`logaddexp` of arrays. Complex ones stay near the one with the larger real part, instead of
    having their imaginary parts brought into [-pi, pi]."""
    if x.dtype.kind != "c":
        return np.logaddexp(x, y)
    swap = x.real < y.real
    low, high = np.where(swap, x, y), np.where(swap, y, x)
    with np.errstate(invalid="ignore"):  # it warns of every NaN
        out = high + np.log1p(np.exp(low - high))
    return np.where(np.isneginf(high.real), high, out)  # a sum of zeros, whatever their angles


@needing_tensors(2)
@primitive(
    promote=refusing("c", to_inexact, "take its real and imag"),
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
    refuse_only_numbers(x, y)
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
    refuse_only_numbers(x, y)
    return _zero_times(x, y, np.log1p)


@primitive(promote=to_real_floating, x=lambda g, x: zero_if_unused(-g - g * log(x), g))
def entr(x: Array) -> Array:
    """``-x * log(x)``, elementwise: 0 at 0, -infinity below. The entropy's terms.

    >>> import autograd
    >>> autograd.special.entr(autograd.tensor([0.0, 0.5, 1.0]))
    tensor([0.0000, 0.3466, -0.0000])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(x < 0, x.dtype.type(-np.inf), _zero_times(-x, x, np.log))


def _zero_times(x: Any, y: Any, logarithm: Any) -> Any:
    """``x * logarithm(y)``, but 0 where ``x`` is 0, whatever the logarithm is there."""
    with np.errstate(divide="ignore", invalid="ignore"):
        product = x * of_number_too(logarithm, y)
    return np.where(np.equal(x, 0) & ~np.isnan(y), np.zeros_like(product), product)


def of_number_too(function: Any, value: Any) -> Any:
    """``function(value)``; of a Python number a Python number, which does not widen a float32."""
    return function(np.asarray(value * 1.0)).item() if type(value) in NUMBERS else function(value)


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
