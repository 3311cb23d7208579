"""Scaling to norm 1, and by the neighbouring channels."""

from __future__ import annotations

import math
from typing import Any

from autograd.core.variable import array_of
from autograd.errors import ShapeError
from autograd.ops.arithmetic import _div, div, pow, square
from autograd.ops.magnitude import clamp_min
from autograd.ops.norms import norm
from autograd.ops.pooling_maps import _sum_pool
from autograd.ops.windows import Windows


def normalize(
    input: Any, p: float = 2.0, dim: int | tuple[int, ...] = 1, eps: float = 1e-12
) -> Any:
    """``input`` over its p-norm along ``dim``, or over ``eps`` where the norm is smaller. Raises
    DimensionError.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.normalize(autograd.tensor([[3.0, 4.0]]))
    tensor([[0.6000, 0.8000]])
    """
    return _div(input, clamp_min(norm(input, p, dim, True), eps))


def local_response_norm(
    input: Any, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Any:
    """``input / (k + alpha * mean of squares over ``size`` neighbouring channels) ** beta``, for x
    (batch, channels, ...).

    Raises ShapeError. Krizhevsky, Sutskever and Hinton (2012).
    """
    shape = array_of(input).shape
    if len(shape) < 3 or size < 1:
        raise ShapeError(
            f"local_response_norm: needs input (batch, channels, space, ...) and size >= 1, got "
            f"{shape} and {size}"
        )
    return _damped(input, (size // 2, (size - 1) // 2), size, alpha, beta, k)


def cross_map_lrn(x: Any, size: int, alpha: float, beta: float, k: float) -> Any:
    """As `local_response_norm`, for images (batch, channels, height, width) only, with as many
    neighbours before as after: one less than ``size`` if that is even.

    Raises ShapeError.
    """
    shape = array_of(x).shape
    if len(shape) != 4 or size < 1:
        raise ShapeError(
            f"cross_map_lrn: needs x (batch, channels, height, width) and size >= 1, got {shape} "
            f"and {size}"
        )
    return _damped(x, ((size - 1) // 2,) * 2, size, alpha, beta, k)


def _damped(x: Any, reach: tuple[int, int], size: int, alpha: float, beta: float, k: float) -> Any:
    """``x / (k + alpha / size * sum of squares) ** beta`` over so many channels before and after
    each."""
    shape = array_of(x).shape
    if 0 in shape:
        return x
    window = Windows((1 + reach[0] + reach[1], 1), (1, 1), (reach, (0, 0)), (1, 1))
    squares = square(x).reshape(shape[0], shape[1], math.prod(shape[2:]))
    rounding = "trunc" if array_of(x).dtype.kind in "iu" else None  # as `avg_pool1d` does
    means = div(_sum_pool(squares, window), size, rounding_mode=rounding).reshape(shape)
    return _div(x, pow(means * alpha + k, beta))
