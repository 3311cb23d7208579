"""Adaptive pooling: windows chosen so that a given number of them covers each dim; and pooling by
p-norm.

Window i of m along n elements goes from ``floor(i * n / m)`` to ``ceil((i + 1) * n / m)``. Where m
divides n, that is ordinary pooling. Elsewhere the windows overlap and differ in length; they are
first laid side by side, all as long as the longest.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.variable import Array, array_of, unwrap
from autograd.errors import DTypeError, ShapeError
from autograd.ops.arithmetic import mul, pow
from autograd.ops.gathering import index_select
from autograd.ops.pooling import (
    areas,
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    flat_positions,
    means,
)
from autograd.ops.pooling_maps import _max_pool
from autograd.ops.selection import _where
from autograd.ops.windows import Windows, check_dims, remembered


def adaptive_avg_pool1d(input: Any, output_size: Any) -> Any:
    """The means of ``output_size`` windows that cover ``input`` (batch, channels, length); the
    batch may be missing.

    Raises ShapeError, DTypeError.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.adaptive_avg_pool1d(autograd.tensor([[1.0, 2.0, 3.0, 4.0, 6.0]]), 2)
    tensor([[2.0000, 4.3333]])
    """
    return _adaptive_mean("adaptive_avg_pool1d", 1, input, output_size)


def adaptive_avg_pool2d(input: Any, output_size: Any) -> Any:
    """As `adaptive_avg_pool1d`, on images: ``output_size`` is a number or a pair; None keeps the
    dim's size.
    """
    return _adaptive_mean("adaptive_avg_pool2d", 2, input, output_size)


def adaptive_avg_pool3d(input: Any, output_size: Any) -> Any:
    """As `adaptive_avg_pool1d`, on volumes: ``output_size`` is a number or a triple; None keeps the
    dim's size.
    """
    return _adaptive_mean("adaptive_avg_pool3d", 3, input, output_size)


def adaptive_max_pool1d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """The maxima of ``output_size`` windows that cover ``input`` (batch, channels, length); the
    batch may be missing.

    With ``return_indices`` also where they are, counted within a channel. Raises ShapeError,
    DTypeError.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.adaptive_max_pool1d(autograd.tensor([[1.0, 5.0, 3.0, 2.0, 4.0]]), 2)
    tensor([[5., 4.]])
    """
    return _adaptive_maximum("adaptive_max_pool1d", 1, input, output_size, return_indices)


def adaptive_max_pool2d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """As `adaptive_max_pool1d`, on images: ``output_size`` is a number or a pair; None keeps the
    dim's size.
    """
    return _adaptive_maximum("adaptive_max_pool2d", 2, input, output_size, return_indices)


def adaptive_max_pool3d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """As `adaptive_max_pool1d`, on volumes: ``output_size`` is a number or a triple; None keeps the
    dim's size.
    """
    return _adaptive_maximum("adaptive_max_pool3d", 3, input, output_size, return_indices)


adaptive_max_pool1d_with_indices = functools.partial(adaptive_max_pool1d, return_indices=True)
adaptive_max_pool2d_with_indices = functools.partial(adaptive_max_pool2d, return_indices=True)
adaptive_max_pool3d_with_indices = functools.partial(adaptive_max_pool3d, return_indices=True)


def _adaptive_mean(operation: str, dims: int, x: Any, output_size: Any) -> Any:
    lines = _checked(operation, dims, x, output_size)
    for dim, (positions, lengths) in zip(range(-dims, 0), lines):
        x = _side_by_side(x, dim, positions)
        counts = np.arange(positions.shape[1]) < lengths
        if not counts.all():  # what repeats the end of a shorter window does not count
            x = mul(x, counts.reshape(-1, *(1,) * (-1 - dim)).astype(array_of(x).dtype))
    return means(x, _blocks(lines), areas([lengths[:, 0] for _, lengths in lines]))


def _adaptive_maximum(
    operation: str, dims: int, x: Any, output_size: Any, return_indices: bool
) -> Any:
    lines = _checked(operation, dims, x, output_size)
    size = array_of(x).shape[-dims:]
    for dim, (positions, _) in zip(range(-dims, 0), lines):
        x = _side_by_side(x, dim, positions)
    values, index = _max_pool(x, windows=_blocks(lines))
    return (
        (values, flat_positions(index, [line[0] for line in lines], size))
        if return_indices
        else values
    )


def _checked(operation: str, dims: int, x: Any, output_size: Any) -> list[tuple[Array, Array]]:
    """For each dim, the positions (windows, window) and the lengths of the windows."""
    check_dims(operation, x, dims)
    if array_of(x).dtype.kind != "f":
        raise DTypeError(
            f"{operation}: x must be floating, got {array_of(x).dtype}; convert it: x.float()"
        )
    size = array_of(x).shape[-dims:]
    wanted = tuple(output_size) if isinstance(output_size, (tuple, list)) else (output_size,) * dims
    wanted = wanted * dims if len(wanted) == 1 else wanted
    if len(wanted) != dims or any(m is not None and m < 0 for m in wanted) or min(size) < 1:
        raise ShapeError(
            f"{operation}: output_size must be a number >= 0, or {dims} of them, for an input that "
            f"is not empty; "
            f"got {output_size!r} for size {size}"
        )
    return [_line(n, n if m is None else m) for n, m in zip(size, wanted)]


@remembered
def _line(n: int, m: int) -> tuple[Array, Array]:
    start = np.arange(m) * n // max(m, 1)
    end = -(-np.arange(1, m + 1) * n // max(m, 1))
    longest = np.max(end - start, initial=1)
    positions = np.minimum(start[:, None] + np.arange(longest), end[:, None] - 1)
    return positions, (end - start)[:, None]


def _side_by_side(x: Any, dim: int, positions: Array) -> Any:
    """The windows along ``dim``, one after the other."""
    if positions.size == array_of(x).shape[dim]:
        return x
    return index_select(x, dim, positions.reshape(-1))


def _blocks(lines: Sequence[tuple[Array, Array]]) -> Windows:
    """Windows that lie side by side."""
    kernel = tuple(positions.shape[1] for positions, _ in lines)
    return Windows(kernel, kernel, ((0, 0),) * len(kernel), (1,) * len(kernel))


def lp_pool1d(
    input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> Any:
    """``sum(input ** norm_type) ** (1 / norm_type)`` over each window of ``input`` (batch,
    channels, length).

    The parameters are those of `autograd.avg_pool1d`. Raises ShapeError, DTypeError.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.lp_pool1d(autograd.tensor([[3.0, 4.0, 0.0, 2.0]]), 2, 2)
    tensor([[5., 2.]])
    """
    return _norm(avg_pool1d, 1, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(
    input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> Any:
    """As `lp_pool1d`, on images: (batch, channels, height, width)."""
    return _norm(avg_pool2d, 2, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(
    input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> Any:
    """As `lp_pool1d`, on volumes: (batch, channels, depth, height, width)."""
    return _norm(avg_pool3d, 3, input, norm_type, kernel_size, stride, ceil_mode)


def _norm(
    mean: Any, dims: int, x: Any, p: float, kernel_size: Any, stride: Any, ceil_mode: bool
) -> Any:
    # As in PyTorch, a window that reaches beyond the end counts as if the rest of it were like what
    # it has.
    area = kernel_size**dims if isinstance(kernel_size, int) else math.prod(kernel_size)
    total = mul(mean(pow(x, p), kernel_size, stride, 0, ceil_mode), area)
    # The root has no derivative at 0; as in PyTorch, the gradient of a window of zeros is 0.
    return pow(_where(unwrap(total) != 0, total, 0), 1 / p)
