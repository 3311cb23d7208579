"""Activation functions.

Those that take ``inplace`` leave their result in ``x`` if that is True, as tensors' own in-place
operations do, and return ``x``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.core.formula import formula
from autograd.core.inplace import in_place
from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of, unwrap
from autograd.dtypes import DIFFERENTIABLE
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops.approximation import blockwise
from autograd.ops.arithmetic import _div, mul, sub
from autograd.ops.exponential import sigmoid, to_real_floating
from autograd.ops.magnitude import abs
from autograd.ops.selection import _where, where_not_0
from autograd.ops.standard_normal import density, probability_below
from autograd.ops.trigonometric import tanh


def _check_floating(x: Any) -> None:
    if x.dtype not in DIFFERENTIABLE:
        raise DTypeError(f"needs a floating x, got {x.dtype}; convert it first: x.to('float32')")


def _check_floating_in(name: str, x: Any) -> None:
    """`_check_floating` for a function that is no primitive, and so has to say its name itself."""
    array = array_of(x)
    try:
        _check_floating(array)
    except DTypeError as error:
        raise DTypeError(f"{name}: {error}") from None


# -- piecewise linear ------------------------------------------------------------------------------


@primitive(x=lambda g, out: where_not_0(g, out))
def _relu(x: Array) -> Array:
    if x.dtype.kind in "bc":
        raise DTypeError(
            f"is not defined for {x.dtype}, which has no order; convert it first: x.to('float32')"
        )
    return np.maximum(x, 0)


def relu(input: Any, inplace: bool = False) -> Any:
    """``max(input, 0)``, elementwise; its gradient at 0 is 0.

    >>> import autograd
    >>> autograd.relu(autograd.tensor([-1.0, 0.0, 2.0]))
    tensor([0., 0., 2.])
    """
    return relu_(input) if inplace else _relu(input)


@primitive(x=lambda g, x, min_val, max_val: g * _inside(x, min_val, max_val))
def _hardtanh(x: Array, min_val: float, max_val: float) -> Array:
    if x.dtype.kind in "iu":
        min_val, max_val = int(min_val), int(max_val)
    return np.minimum(np.maximum(x, min_val), max_val)


@primitive()
def _inside(x: Array, low: float, high: float) -> Array:
    """Whether ``x`` lies between ``low`` and ``high``, or is NaN."""
    return ~((x <= low) | (x >= high))


def hardtanh(input: Any, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Any:
    """``input``, but at least ``min_val`` and at most ``max_val``; its gradient at either is 0.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.hardtanh(autograd.tensor([-3.0, 0.5, 3.0]))
    tensor([-1.0000,  0.5000,  1.0000])
    """
    if min_val > max_val:
        raise ShapeError(f"hardtanh: min_val {min_val} must not be above max_val {max_val}")
    if inplace:
        return hardtanh_(input, min_val, max_val)
    return _hardtanh(input, min_val=min_val, max_val=max_val)


def relu6(input: Any, inplace: bool = False) -> Any:
    """``min(max(input, 0), 6)``, elementwise; its gradient at 0 and at 6 is 0."""
    return hardtanh(input, 0, 6, inplace)


@primitive(x=lambda g, x, negative_slope: g * _slopes(x, negative_slope))
def _leaky_relu(x: Array, negative_slope: float) -> Array:
    _check_floating(x)
    # np.where would do it for any slope, at several times the cost.
    return (np.maximum if negative_slope <= 1 else np.minimum)(x, x * negative_slope)


def leaky_relu(input: Any, negative_slope: float = 0.01, inplace: bool = False) -> Any:
    """``input`` where it is positive, ``negative_slope * input`` elsewhere; at 0 its derivative is
    ``negative_slope``.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.leaky_relu(autograd.tensor([-10.0, 10.0]), 0.1)
    tensor([-1., 10.])
    """
    return leaky_relu_(input, negative_slope) if inplace else _leaky_relu(input, negative_slope)


@primitive()
def _slopes(x: Array, negative_slope: float) -> Array:
    """1 where ``x`` is positive, ``negative_slope`` elsewhere."""
    positive = (x > 0).astype(x.dtype)
    if 0 <= negative_slope <= 1:
        return np.maximum(positive, negative_slope)
    return np.where(positive, x.dtype.type(1), x.dtype.type(negative_slope))


def prelu(input: Any, weight: Any) -> Any:
    """``input`` where it is positive, ``weight * input`` elsewhere, with one slope for all or one
    for each size of dim 1.

    Raises ShapeError for any other number of slopes.
    """
    shape, slopes = array_of(input).shape, array_of(weight).shape
    channels = shape[1] if len(shape) > 1 else 1
    if math.prod(slopes) not in (1, channels) or len(slopes) > 1:
        raise ShapeError(
            f"prelu: needs 1 or {channels} slopes (the size of dim 1 of input {shape}), got weight "
            f"{slopes}"
        )
    if not shape:
        weight = weight.reshape(())
    elif math.prod(slopes) > 1:
        weight = weight.reshape((channels, *(1,) * (len(shape) - 2)))
    return _where(array_of(input) > 0, input, mul(weight, input))


def threshold(input: Any, threshold: float, value: float, inplace: bool = False) -> Any:
    """``input`` where it is greater than ``threshold``, ``value`` elsewhere."""
    if inplace:
        return threshold_(input, threshold, value)
    return _where(array_of(input) <= threshold, value, input)


@primitive()
def _beyond(x: Array, lambd: float) -> Array:
    """Whether ``x`` is farther than ``lambd`` from 0, or NaN."""
    return ~(np.abs(x) <= lambd)


def hardshrink(input: Any, lambd: float = 0.5) -> Any:
    """``input`` where it is farther than ``lambd`` from 0, 0 elsewhere."""
    _check_floating_in("hardshrink", input)
    return mul(input, _beyond(input, lambd=lambd))


@primitive(x=lambda g, x, lambd: g * _beyond(x, lambd))
def softshrink(x: Array, lambd: float = 0.5) -> Array:
    """``x`` moved by ``lambd`` towards 0, where it stops; 0 and its gradient 0 within ``lambd`` of
    0.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.softshrink(autograd.tensor([-2.0, 0.25, 2.0]))
    tensor([-1.5000,  0.0000,  1.5000])
    """
    _check_floating(x)
    if lambd < 0:
        raise ShapeError(f"lambd must not be negative, got {lambd}")
    return x - np.minimum(np.maximum(x, -lambd), lambd)


def hardsigmoid(input: Any, inplace: bool = False) -> Any:
    """``input / 6 + 1 / 2``, but at least 0 and at most 1."""
    _check_floating_in("hardsigmoid", input)
    if inplace:
        return in_place(hardsigmoid)(input)
    return relu6(input + 3) / 6


def hardswish(input: Any, inplace: bool = False) -> Any:
    """``input * hardsigmoid(input)`` (Howard et al., 2019: Searching for MobileNetV3)."""
    _check_floating_in("hardswish", input)
    if inplace:
        return in_place(hardswish)(input)
    return mul(input, hardsigmoid(input))


# -- exponential -----------------------------------------------------------------------------------


def _elu_slope(x: Any, out: Any, alpha: float, scale: float, rate: float) -> Any:
    """The derivative of `_elu`; at 0 it is that from the left, but constant to the right, as in
    PyTorch."""
    right = scale if rate * alpha == 1 else _where(unwrap(x) == 0, rate * alpha * scale, scale)
    return _where(unwrap(x) < 0, rate * (out + scale * alpha), right)


@primitive(x=lambda g, x, out, alpha, scale, rate: g * _elu_slope(x, out, alpha, scale, rate))
def _elu(x: Array, alpha: float, scale: float, rate: float) -> Array:
    """``scale * x`` where ``x`` is positive, ``scale * alpha * (exp(rate * x) - 1)`` elsewhere."""
    _check_floating(x)
    out = np.expm1(np.minimum(x, 0) * rate)
    out *= alpha * scale
    out += np.maximum(x, 0) * scale  # one of the two is always 0
    return out


def elu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """``input`` where it is positive, ``alpha * (exp(input) - 1)`` elsewhere (Clevert, Unterthiner,
    Hochreiter, 2015).

    >>> import autograd
    >>> from nn import functional as F
    >>> F.elu(autograd.tensor([-1000.0, 2.0]))
    tensor([-1.,  2.])
    """
    return elu_(input, alpha) if inplace else _elu(input, alpha=alpha, scale=1.0, rate=1.0)


def selu(input: Any, inplace: bool = False) -> Any:
    """`elu`, scaled so that it keeps mean 0 and variance 1 (Klambauer et al., 2017:
    Self-Normalizing Neural Networks)."""
    if inplace:
        return selu_(input)
    return _elu(input, alpha=1.6732632423543772, scale=1.0507009873554805, rate=1.0)


def celu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """``max(input, 0) + min(0, alpha * (exp(input / alpha) - 1))``, elementwise (Barron, 2017).
    Raises ShapeError for alpha 0."""
    if alpha == 0:
        raise ShapeError("celu: alpha must not be 0; it divides input")
    if inplace:
        return celu_(input, alpha)
    return _elu(input, alpha=alpha, scale=1.0, rate=1.0 / alpha)


def gelu(input: Any, approximate: str = "none") -> Any:
    """``input`` times the probability that a standard normal variable is below ``input``
    (Hendrycks, Gimpel, 2016).

    ``approximate="tanh"``: the authors' formula with tanh, within 0.0005 of it.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.gelu(autograd.tensor([-1.0, 0.0, 1.0]))
    tensor([-0.1587,  0.0000,  0.8413])
    """
    _check_floating_in("gelu", input)
    if approximate == "tanh":
        return _gelu_tanh(input)
    if approximate != "none":
        raise ShapeError(f"gelu: approximate must be 'none' or 'tanh', got {approximate!r}")
    return _gelu(input)


@primitive(promote=to_real_floating, x=lambda g, x: _gelu_gradient(g, x))
def _gelu(x: Array) -> Array:
    return x * probability_below(x)


@formula
@blockwise
def _gelu_gradient(g: Any, x: Any) -> Any:
    return g * (probability_below(x) + x * density(x))


_SLOPE, _CUBIC = math.sqrt(2 / math.pi), 0.044715


@primitive(x=lambda g, x: _gelu_tanh_gradient(g, x))
def _gelu_tanh(x: Array) -> Array:
    out = x * x
    out *= _SLOPE * _CUBIC
    out += _SLOPE
    out *= x
    out = np.tanh(out)
    out += 1
    out *= x
    out *= 0.5
    return out


@formula
@blockwise
def _gelu_tanh_gradient(g: Any, x: Any) -> Any:
    square = x * x
    t = tanh((square * (_SLOPE * _CUBIC) + _SLOPE) * x)
    slope = square * (3 * _SLOPE * _CUBIC) + _SLOPE
    return g * ((t + 1) * ((1 - t) * slope * x + 1) * 0.5)


def silu(input: Any, inplace: bool = False) -> Any:
    """``input * sigmoid(input)``, elementwise; also known as swish."""
    _check_floating_in("silu", input)
    if inplace:
        return in_place(silu)(input)
    return _silu(input)


@primitive(x=lambda g, x: _silu_gradient(g, x))
def _silu(x: Array) -> Array:
    with np.errstate(over="ignore"):  # x / infinity is the right 0
        return x / (np.exp(-x) + 1)


@formula
@blockwise
def _silu_gradient(g: Any, x: Any) -> Any:
    s = sigmoid(x)
    return g * (s * (x * (1 - s) + 1))


def mish(input: Any, inplace: bool = False) -> Any:
    """``input * tanh(softplus(input))``, elementwise (Misra, 2019)."""
    if inplace:
        return in_place(mish)(input)
    return mul(input, tanh(softplus(input)))


@primitive(x=lambda g, x, beta, threshold: g * _where(x * beta > threshold, 1, sigmoid(x * beta)))
def softplus(x: Array, beta: float = 1.0, threshold: float = 20.0) -> Array:
    """``log(1 + exp(beta * x)) / beta``, elementwise: a smooth relu. Where ``beta * x >
    threshold`` it is ``x``.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.softplus(autograd.tensor([-1000.0, 0.0, 1000.0]))
    tensor([0.0000e+00, 6.9315e-01, 1.0000e+03])
    """
    _check_floating(x)
    z = x * beta
    out = _log1p_exp_of_minus(np.abs(z))
    out += np.maximum(z, 0)
    out /= beta
    return np.where(z > threshold, x, out)


@primitive(x=lambda g, x: g * sigmoid(-x))
def logsigmoid(x: Array) -> Array:
    """``log(sigmoid(x))``, elementwise, without overflow.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.logsigmoid(autograd.tensor([-1000.0, 0.0]))
    tensor([-1.0000e+03, -6.9315e-01])
    """
    _check_floating(x)
    return np.minimum(x, 0) - _log1p_exp_of_minus(np.abs(x))


def _log1p_exp_of_minus(x: Any) -> Any:
    """``log(1 + exp(-x))``, for an ``x`` that is not negative."""
    return np.log1p(np.exp(np.negative(x)))


def softsign(input: Any) -> Any:
    """``input / (1 + abs(input))``, elementwise."""
    return _div(input, abs(input) + 1)


def tanhshrink(input: Any) -> Any:
    """``input - tanh(input)``, elementwise."""
    return sub(input, tanh(input))


def glu(input: Any, dim: int = -1) -> Any:
    """The first half of ``input`` along ``dim`` times the sigmoid of the second (Dauphin et al.,
    2016).

    Raises ShapeError if the size of ``dim`` is odd.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.glu(autograd.tensor([1.0, 2.0, 0.0, 0.0]))
    tensor([0.5000, 1.0000])
    """
    shape = array_of(input).shape
    if not -len(shape) <= dim < len(shape):
        raise DimensionError(f"glu: dim {dim} is out of range for {len(shape)} dims")
    if shape[dim] % 2:
        raise ShapeError(f"glu: dim {dim} has size {shape[dim]}; it must be even, to be halved")
    before, half = (slice(None),) * (dim % len(shape)), shape[dim] // 2
    return mul(input[(*before, slice(None, half))], sigmoid(input[(*before, slice(half, None))]))


# -- in place --------------------------------------------------------------------------------------

relu_, leaky_relu_ = in_place(relu), in_place(leaky_relu)
hardtanh_, threshold_ = in_place(hardtanh), in_place(threshold)
elu_, selu_, celu_ = in_place(elu), in_place(selu), in_place(celu)
