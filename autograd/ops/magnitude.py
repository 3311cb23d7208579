"""Magnitudes and signs; the larger or smaller of two, and the nearest in a range."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import to_common
from autograd.core.variable import Array
from autograd.errors import DTypeError
from autograd.ops.checks import in_range, needing_tensors, of_one_dtype, refusing, refusing_any
from autograd.ops.exponential import to_real_floating
from autograd.ops.selection import _where, zero_if_unused

to_real = refusing("c", to_common, "they have no order; take abs, real or imag")
to_range = in_range(to_real)

# -- magnitude and sign ----------------------------------------------------------------------------


@primitive(
    promote=refusing("b", to_common, "a bool is its own absolute value"),
    holomorphic=False,
    x=lambda g, x: g * sgn(x),
)
def abs(x: Array) -> Array:
    """The absolute value, elementwise; its gradient at 0 is 0. Of a complex number, a real one.

    >>> import autograd
    >>> autograd.abs(autograd.tensor([-1.5, 2.0]))
    tensor([1.5000, 2.0000])
    """
    return np.absolute(x)


@primitive(holomorphic=False, x=lambda g, x, out: _sgn_gradient(g, x, out))
def sgn(x: Array) -> Array:
    """The sign, of complex numbers too: ``x / abs(x)``, and 0 for 0; of NaN, 0."""
    if x.dtype.kind != "c":
        return _sign(x)
    with np.errstate(invalid="ignore"):
        return np.where(x == 0, x.dtype.type(0), x / np.abs(x))


def _sgn_gradient(g: Any, x: Any, out: Any) -> Any:
    """0 for real ``x``; else the part of ``g`` at right angles to ``x``, over ``abs(x)``."""
    if x.dtype.kind != "c":
        return g * 0
    along = (g * out.conj()).real * out
    return _where(x == 0, 0, zero_if_unused((g - along) / abs(x), g))


@primitive(promote=refusing("c", to_common, "use sgn"), x=lambda g: g * 0)
def sign(x: Array) -> Array:
    """-1, 0 or 1, elementwise; of NaN, 0. Its gradient is 0.

    >>> import autograd
    >>> autograd.sign(autograd.tensor([-3.0, 0.0, 0.5]))
    tensor([-1.,  0.,  1.])
    """
    return _sign(x)


def _sign(x: Any) -> Any:
    # np.sign leaves NaN what it is.
    return np.greater(x, 0).astype(x.dtype) - np.less(x, 0) if x.dtype.kind != "b" else np.copy(x)


@needing_tensors(1)
@primitive(promote=to_real_floating, x=lambda g, x, out: g * (sgn(x) * sgn(out)), y=lambda g: g * 0)
def copysign(x: Array, y: Array) -> Array:
    """``abs(x)`` with the sign of ``y``, elementwise, broadcasting; zeros have signs, too.

    >>> import autograd
    >>> autograd.copysign(autograd.tensor([1.0, -2.0]), -0.0)
    tensor([-1., -2.])
    """
    return np.copysign(x, y)


@needing_tensors(2)
@primitive(
    promote=refusing_any("c", of_one_dtype(to_common), "they have no order; use real"),
    x=lambda g: g * 0,
    values=lambda g, x: _where(x == 0, g, 0),
)
def heaviside(x: Array, values: Array) -> Array:
    """1 where ``x > 0``, ``values`` where ``x == 0``, else 0, elementwise, broadcasting.

    Raises DTypeError unless both have one dtype.

    >>> import autograd
    >>> autograd.heaviside(autograd.tensor([-1.0, 0.0, 2.0]), autograd.tensor(0.5))
    tensor([0.0000, 0.5000, 1.0000])
    """
    return np.where(np.equal(x, 0), values, np.greater(x, 0).astype(np.result_type(x, values)))


# -- the larger, the smaller -----------------------------------------------------------------------


@needing_tensors(2)
@primitive(
    masks=True,
    promote=to_real,
    x=lambda g, x, y: _share(g, y, x),
    y=lambda g, x, y: _share(g, x, y),
)
def maximum(x: Array, y: Array) -> Array:
    """The larger of ``x`` and ``y``, elementwise, broadcasting; NaN if either is.

    A tie shares the gradient equally.

    >>> import autograd
    >>> autograd.maximum(autograd.tensor([1.0, 5.0]), autograd.tensor([3.0, 2.0]))
    tensor([3., 5.])
    """
    return np.maximum(x, y)


@needing_tensors(2)
@primitive(
    masks=True,
    promote=to_real,
    x=lambda g, x, y: _share(g, x, y),
    y=lambda g, x, y: _share(g, y, x),
)
def minimum(x: Array, y: Array) -> Array:
    """The smaller of ``x`` and ``y``, elementwise, broadcasting; NaN if either is.

    A tie shares the gradient equally.
    """
    return np.minimum(x, y)


@primitive(gradient=lambda g, lower, upper: _share(g, lower, upper))
def _share(gradient: Array, lower: Array, upper: Array) -> Array:
    """0 where ``lower > upper``, half of ``gradient`` where equal, else (at NaN too) all of it."""
    return np.where(lower > upper, 0, np.where(lower == upper, gradient / 2, gradient))


@needing_tensors(2)
@primitive(
    masks=True,
    promote=to_real,
    x=lambda g, x, y: _where((x >= y) | (y != y), g, 0),
    y=lambda g, x, y: _where((x >= y) | (y != y), 0, g),
)
def fmax(x: Array, y: Array) -> Array:
    """The larger of ``x`` and ``y``, elementwise, broadcasting; the other one if one is NaN.

    A tie gives the gradient to ``x``.

    >>> import autograd
    >>> autograd.fmax(autograd.tensor([1.0, float("nan")]), autograd.tensor([3.0, 2.0]))
    tensor([3., 2.])
    """
    return np.fmax(x, y)


@needing_tensors(2)
@primitive(
    masks=True,
    promote=to_real,
    x=lambda g, x, y: _where((x <= y) | (y != y), g, 0),
    y=lambda g, x, y: _where((x <= y) | (y != y), 0, g),
)
def fmin(x: Array, y: Array) -> Array:
    """The smaller of ``x`` and ``y``, elementwise, broadcasting; the other one if one is NaN.

    A tie gives the gradient to ``x``.
    """
    return np.fmin(x, y)


# -- the nearest in a range ------------------------------------------------------------------------


@primitive(
    masks=True,
    promote=to_range,
    x=lambda g, x, min, max: _where((x >= min) & (x <= max), g, 0),
    min=lambda g, x, min, max: _where((x < min) & (min < max), g, 0),
    max=lambda g, x, min, max: _where((x > max) | (max < min), g, 0),
)
def _clamp(x: Array, min: Array, max: Array) -> Array:
    return x.clip(min, max)


@needing_tensors(1)
@primitive(
    masks=True,
    promote=to_range,
    x=lambda g, x, min: _where(x >= min, g, 0),
    min=lambda g, x, min: _where(x < min, g, 0),
)
def clamp_min(x: Array, min: Array) -> Array:
    """The larger of ``x`` and ``min``, elementwise, broadcasting; a tie counts as ``x``.

    >>> import autograd
    >>> autograd.clamp_min(autograd.tensor([-1.0, 2.0]), 0)
    tensor([0., 2.])
    """
    return np.maximum(x, min)


@needing_tensors(1)
@primitive(
    masks=True,
    promote=to_range,
    x=lambda g, x, max: _where(x <= max, g, 0),
    max=lambda g, x, max: _where(x > max, g, 0),
)
def clamp_max(x: Array, max: Array) -> Array:
    """The smaller of ``x`` and ``max``, elementwise, broadcasting; a tie counts as ``x``."""
    return np.minimum(x, max)


def clamp(input: Any, min: Any = None, max: Any = None) -> Any:
    """``input``, but ``min`` where below that, and ``max`` where above, elementwise, broadcasting.

    ``min`` and ``max`` are numbers, tensors or None; where ``min > max``, the result is ``max``.
    The gradient is that of ``input`` in the range and at its ends. Raises DTypeError if both are
    None.

    >>> import autograd
    >>> autograd.clamp(autograd.tensor([-1.0, 0.5, 2.0]), 0, 1)
    tensor([0.0000, 0.5000, 1.0000])
    """
    if min is None and max is None:
        raise DTypeError("clamp: needs min or max or both; got None for both")
    if max is None:
        return clamp_min(input, min)
    return clamp_max(input, max) if min is None else _clamp(input, min, max)


absolute, clip = abs, clamp
