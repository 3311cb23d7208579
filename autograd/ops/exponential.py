"""Exponentials and logarithms."""

from __future__ import annotations

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import to_floating
from autograd.core.variable import Array
from autograd.ops.selection import zero_if_unused


@primitive(promote=to_floating, x=lambda g, out: zero_if_unused(g * out, g))
def exp(x: Array) -> Array:
    """``e ** x``, elementwise."""
    return np.exp(x)


@primitive(promote=to_floating, x=lambda g, x: zero_if_unused(g / x, g))
def log(x: Array) -> Array:
    """The natural logarithm, elementwise; -infinity at 0, NaN below."""
    return np.log(x)
