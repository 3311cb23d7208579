"""Activation functions whose definitions pass over their arguments several times, and their
gradients, for float32."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.kernels.compiled import common
from autograd.kernels.compiled.common import accepts, compiled, primitive_of
from autograd.kernels.compiled.elementary import erf, exp, sigmoid, tanh
from autograd.ops.activation import (
    _CUBIC,
    _SLOPE,
    _gelu,
    _gelu_gradient,
    _gelu_tanh,
    _gelu_tanh_gradient,
    _silu,
    _silu_gradient,
)
from autograd.ops.selection import where_not_0
from autograd.threads import spread

SHARE = 1 << 15  # elements; as much work as handing them to another thread

_ONE, _HALF = np.float32(1), np.float32(0.5)
_ROOT_HALF = np.float32(math.sqrt(0.5))
_DENSITY_AT_0 = np.float32(1 / math.sqrt(2 * math.pi))
_LINEAR, _BY_SQUARE = np.float32(_SLOPE), np.float32(_SLOPE * _CUBIC)
_BY_SQUARE_3 = np.float32(3 * _SLOPE * _CUBIC)


@compiled
def _gelus(x: Any, out: Any) -> None:
    for i in range(x.size):
        out[i] = x[i] * (erf(x[i] * _ROOT_HALF) * _HALF + _HALF)


@compiled
def _gelu_gradients(g: Any, x: Any, out: Any) -> None:
    for i in range(x.size):
        density = exp(x[i] * x[i] * -_HALF) * _DENSITY_AT_0
        out[i] = g[i] * (erf(x[i] * _ROOT_HALF) * _HALF + _HALF + x[i] * density)


@compiled
def _gelus_by_tanh(x: Any, out: Any) -> None:
    for i in range(x.size):
        t = tanh((x[i] * x[i] * _BY_SQUARE + _LINEAR) * x[i])
        out[i] = (t + _ONE) * x[i] * _HALF


@compiled
def _gelu_by_tanh_gradients(g: Any, x: Any, out: Any) -> None:
    for i in range(x.size):
        square = x[i] * x[i]
        t = tanh((square * _BY_SQUARE + _LINEAR) * x[i])
        slope = square * _BY_SQUARE_3 + _LINEAR
        out[i] = g[i] * ((t + _ONE) * ((_ONE - t) * slope * x[i] + _ONE) * _HALF)


@compiled
def _silus(x: Any, out: Any) -> None:
    for i in range(x.size):
        out[i] = x[i] * sigmoid(x[i])


@compiled
def _silu_gradients(g: Any, x: Any, out: Any) -> None:
    for i in range(x.size):
        s = sigmoid(x[i])
        out[i] = g[i] * (s * (x[i] * (_ONE - s) + _ONE))


@compiled
def _where_not_0(x: Any, y: Any, out: Any) -> None:
    for i in range(x.size):
        out[i] = x[i] * x.dtype.type(y[i] != 0)


def _elementwise(kernel: Callable[..., None], *arrays: Any) -> Any:
    """``kernel`` of the elements of ``arrays``, in the memory order of the last of them."""
    x = arrays[-1]
    if x.dtype != np.float32 or not accepts(x):
        return NotImplemented
    others = [_in_order_of(x, array) for array in arrays[:-1]]
    out = common.allocate(x.shape, x.dtype, x)
    flats = [array.ravel(order="K") for array in (*others, x, out)]
    spread(lambda a, b: kernel(*(flat[a:b] for flat in flats)), x.size, SHARE)
    return out


def _in_order_of(x: Any, array: Any) -> Any:
    """``array``, or a copy of it, whose elements lie in memory in the order of those of ``x``."""
    if array.strides == x.strides and accepts(array, x):
        return array
    copy = np.empty_like(x)
    copy[...] = array
    return copy


def gelu(x: Any) -> Any:
    """`autograd.ops.activation._gelu`."""
    return _elementwise(_gelus, x)


def gelu_gradient(g: Any, x: Any) -> Any:
    """`autograd.ops.activation._gelu_gradient`."""
    return _elementwise(_gelu_gradients, g, x)


def gelu_tanh(x: Any) -> Any:
    """`autograd.ops.activation._gelu_tanh`."""
    return _elementwise(_gelus_by_tanh, x)


def gelu_tanh_gradient(g: Any, x: Any) -> Any:
    """`autograd.ops.activation._gelu_tanh_gradient`."""
    return _elementwise(_gelu_by_tanh_gradients, g, x)


def silu(x: Any) -> Any:
    """`autograd.ops.activation._silu`."""
    return _elementwise(_silus, x)


def silu_gradient(g: Any, x: Any) -> Any:
    """`autograd.ops.activation._silu_gradient`."""
    return _elementwise(_silu_gradients, g, x)


def relu_gradient(x: Any, y: Any) -> Any:
    """`autograd.ops.selection.where_not_0`. Over fewer elements NumPy passes twice in the time that
    a call of this takes."""
    return _elementwise(_where_not_0, x, y) if y.size >= SHARE else NotImplemented


KERNELS = {
    primitive_of(_gelu): gelu,
    primitive_of(_gelu_gradient): gelu_gradient,
    primitive_of(_gelu_tanh): gelu_tanh,
    primitive_of(_gelu_tanh_gradient): gelu_tanh_gradient,
    primitive_of(_silu): silu,
    primitive_of(_silu_gradient): silu_gradient,
    primitive_of(where_not_0): relu_gradient,
}
