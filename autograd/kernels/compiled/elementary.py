"""Elementary functions of single numbers in float32, made so that LLVM vectorizes the loops which
they are compiled into.

They are written without branches. Of float64 NumPy's own are as good as what could stand here.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.kernels.compiled.common import compiled
from autograd.ops.error_functions import SINGLE_BOTTOM, SINGLE_TOP

_single = np.float32

# A number so large that adding it leaves no digits behind the point: what is added is rounded, and
# stands in the lowest bits of the sum.
_ROUNDER = _single(1.5 * 2**23)
_ROUNDER_BITS = np.int32(_ROUNDER.view(np.int32))
_PER_LOG_2 = _single(1 / math.log(2))
# log(2) in two parts, the first short, so that its products with small integers are exact.
_LOG_2_HIGH = _single(0.693359375)
_LOG_2_LOW = _single(math.log(2) - 0.693359375)
_LOWEST, _HIGHEST = _single(-104.0), _single(89.0)  # beyond, the result is 0 or infinite
# exp(r) = 1 + r + r**2 * (C2 + C3 * r + ...) for abs(r) <= log(2) / 2, and
# tanh(x) = x + x**3 * (T3 + T5 * x**2 + ...) for abs(x) <= 0.625: the smallest relative errors
# (4e-9 and 8e-9) by iteratively reweighted least squares.
_C2, _C3, _C4 = _single(0.4999999896), _single(0.1666651652), _single(0.04166676549)
_C5, _C6 = _single(0.008369109395), _single(0.001391621938)
_T3, _T5, _T7 = _single(-0.3333325579), _single(0.1333090734), _single(-0.05370326118)
_T9, _T11 = _single(0.02053743217), _single(-0.005605026167)
_T_BORDER = _single(0.625**2)
_ZERO, _ONE, _TWO, _HALF = _single(0), _single(1), _single(2), _single(0.5)
# See `autograd.ops.error_functions`.
_E_BORDER = _single(3.93)
_P0, _P1, _P2, _P3, _P4, _P5 = map(_single, SINGLE_TOP)
_Q0, _Q1, _Q2, _Q3, _Q4, _Q5 = map(_single, SINGLE_BOTTOM)


@compiled
def exp(x: Any) -> Any:
    """``e ** x``, within 1 unit in the last place."""
    # What gives 0, and NaN, is 0 here and itself again in the end: numbers too small to be normal,
    # which they would lead to, take processors a hundred times as long, and masks are full of them.
    inside = x > _LOWEST
    bounded = x if inside else _ZERO
    bounded = bounded if bounded < _HIGHEST else _HIGHEST
    rounded = bounded * _PER_LOG_2 + _ROUNDER
    n = rounded - _ROUNDER
    r = bounded - n * _LOG_2_HIGH
    r = r - n * _LOG_2_LOW
    p = _C5 + r * _C6
    p = _C4 + r * p
    p = _C3 + r * p
    p = _C2 + r * p
    p = _ONE + (r + r * r * p)
    # In two factors: 2**n itself may be too large, or too small, for a normal number.
    power = np.int32(np.float32(rounded).view(np.int32) - _ROUNDER_BITS)
    half = np.int32(power >> np.int32(1))
    first = np.int32((half + np.int32(127)) << np.int32(23)).view(np.float32)
    second = np.int32((power - half + np.int32(127)) << np.int32(23)).view(np.float32)
    outside = _ZERO if x == x else x
    return p * first * second if inside else outside


@compiled
def sigmoid(x: Any) -> Any:
    """``1 / (1 + exp(-x))``."""
    return _ONE / (_ONE + exp(-x))


@compiled
def tanh(x: Any) -> Any:
    """The hyperbolic tangent: near 0 by its own polynomial, for 1 - 2 / (1 + exp(2x)) cancels."""
    square = x * x
    p = _T9 + square * _T11
    p = _T7 + square * p
    p = _T5 + square * p
    p = _T3 + square * p
    near = x * (_ONE + square * p)
    far = _ONE - _TWO / (_ONE + exp(x + x))
    return near if square < _T_BORDER else far


@compiled
def erf(x: Any) -> Any:
    """The error function, as `autograd.ops.error_functions` has it in single precision, but 1
    where that is nearest."""
    bounded = x if x > -_E_BORDER else -_E_BORDER
    bounded = bounded if bounded < _E_BORDER else _E_BORDER
    square = bounded * bounded
    top = _P4 + square * _P5
    top = _P3 + square * top
    top = _P2 + square * top
    top = _P1 + square * top
    top = _P0 + square * top
    bottom = _Q4 + square * _Q5
    bottom = _Q3 + square * bottom
    bottom = _Q2 + square * bottom
    bottom = _Q1 + square * bottom
    bottom = _Q0 + square * bottom
    ratio = bounded * top / bottom
    ratio = ratio if x < _E_BORDER else _ONE
    ratio = ratio if x > -_E_BORDER else -_ONE
    return ratio if x == x else x
