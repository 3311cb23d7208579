"""The parts of floating numbers: sign, mantissa, exponent; and the floats next to them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import to_common
from autograd.core.variable import Array, array_of
from autograd.ops.arithmetic import mul, pow
from autograd.ops.checks import needing_tensors, refuse_kind, refusing
from autograd.ops.selection import _where


class MantissaExponent(NamedTuple):
    """What `frexp` takes a number apart into."""

    mantissa: Any
    exponent: Any


@primitive(promote=refusing("c", to_common, "take real or imag"))
def signbit(x: Array) -> Array:
    """Where the sign of ``x`` is minus, elementwise; zeros have signs, too.

    >>> import autograd
    >>> autograd.signbit(autograd.tensor([-0.0, 0.0, -3.0]))
    tensor([ True, False,  True])
    """
    return np.signbit(x) if x.dtype.kind == "f" else np.less(x, 0)


def frexp(input: Any) -> MantissaExponent:
    """``mantissa`` in ±[0.5, 1) and int32 ``exponent`` with ``input = mantissa * 2 ** exponent``.

    Elementwise; 0, infinity and NaN are their own mantissa. Raises DTypeError unless ``input`` is
    real and floating.

    >>> import autograd
    >>> autograd.frexp(autograd.tensor([0.75, 6.0]))
    MantissaExponent(mantissa=tensor([0.7500, 0.7500]), exponent=tensor([0, 3], dtype=int32))
    """
    return MantissaExponent(_mantissa(input), _exponent(input))


@primitive(x=lambda g, x: _scaled_down(g, _exponent(x)))
def _mantissa(x: Array) -> Array:
    refuse_kind("biuc", x, "convert to a floating dtype first: x.to(autograd.float32)")
    return np.frexp(x)[0]


@primitive(x=lambda g, exponent: _scaled_down(g, exponent))
def _scaled_down(x: Array, exponent: Array) -> Array:
    """``x / 2 ** exponent`` without a power that may overflow."""
    return np.ldexp(x, -exponent)


@primitive()
def _exponent(x: Array) -> Array:
    return np.where(np.isfinite(x), np.frexp(x)[1], np.int32(0))


@needing_tensors(2)
def ldexp(input: Any, other: Any) -> Any:
    """``input * 2 ** other``, elementwise, broadcasting.

    >>> import autograd
    >>> autograd.ldexp(autograd.tensor([1.0]), autograd.tensor([0, 3]))
    tensor([1., 8.])
    """
    exact = array_of(input).dtype.kind in "fc" and array_of(other).dtype.kind in "biu"
    return mul(input, pow(2.0, other.to(array_of(input).dtype) if exact else other))


@needing_tensors(2)
@primitive(
    promote=refusing("biuc", to_common, "only floats have neighbours"),
    x=lambda g, x, y: _where(x == y, 0, g),
    y=lambda g: g * 0,
)
def nextafter(x: Array, y: Array) -> Array:
    """The float next to ``x`` on the way to ``y``, elementwise, broadcasting.

    >>> import autograd
    >>> autograd.nextafter(autograd.tensor([0.0]), autograd.tensor([1.0]))
    tensor([1.4013e-45])
    """
    return np.nextafter(x, y)
