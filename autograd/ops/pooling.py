"""Pooling over one, two or three dims: the maximum, mean or p-norm of each window."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.variable import Array, array_of, make
from autograd.dtypes import float16
from autograd.errors import DTypeError, ShapeError
from autograd.ops.arithmetic import div
from autograd.ops.pooling_maps import _max_pool, _sum_pool
from autograd.ops.precision import half_in_single
from autograd.ops.windows import (
    Sizes,
    Windows,
    check_dims,
    per_dim,
    remembered,
)

# -- maximum ---------------------------------------------------------------------------------------


def max_pool1d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The maximum of each window of ``input`` (batch, channels, length); the batch may be missing.

    Windows begin ``stride`` apart, by default ``kernel_size``. ``padding``: how much stands before
    and after, at most half a window; it is never the maximum. ``dilation``: how far apart the
    elements of a window are. ``ceil_mode``: the last window may reach beyond the end.
    ``return_indices``: also where the maxima are, counted within a channel. The first of several
    equal maxima gets the gradient; a NaN counts as the maximum. Raises ShapeError, DTypeError.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.max_pool1d(autograd.tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
    tensor([[3., 2.]])
    """
    return _maximum(1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """As `max_pool1d`, on images: (batch, channels, height, width), the parameters numbers or pairs
    of them.
    """
    return _maximum(2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool3d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """As `max_pool1d`, on volumes: (batch, channels, depth, height, width)."""
    return _maximum(3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


max_pool1d_with_indices = functools.partial(max_pool1d, return_indices=True)
max_pool2d_with_indices = functools.partial(max_pool2d, return_indices=True)
max_pool3d_with_indices = functools.partial(max_pool3d, return_indices=True)


def _maximum(
    dims: int,
    x: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
    return_indices: bool,
) -> Any:
    operation = f"max_pool{dims}d"
    check_dims(operation, x, dims)
    windows = _windows(operation, dims, x, kernel_size, stride, padding, dilation, ceil_mode)
    values, index = _max_pool(x, windows=windows)
    if not return_indices:
        return values
    positions = [
        s * np.arange(count)[:, None] + d * np.arange(k) - before
        for count, k, s, (before, _), d in zip(array_of(values).shape[-dims:], *windows)
    ]
    return values, flat_positions(index, positions, array_of(x).shape[-dims:])


def _windows(
    operation: str,
    dims: int,
    x: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
) -> Windows:
    if array_of(x).shape[-dims - 1] == 0:
        raise ShapeError(f"{operation}: x must have at least one channel, got {array_of(x).shape}")
    kernel = per_dim(operation, "kernel_size", kernel_size, dims)
    dilation = per_dim(operation, "dilation", dilation, dims)
    pads = per_dim(operation, "padding", padding, dims, least=0)
    if any(2 * p > d * (k - 1) + 1 for p, k, d in zip(pads, kernel, dilation)):
        raise ShapeError(
            f"{operation}: padding {pads} must be at most half of the window, or some windows "
            f"would hold nothing else; "
            f"kernel_size is {kernel}, dilation {dilation}"
        )
    return Windows.over(
        operation,
        array_of(x).shape[-dims:],
        kernel,
        kernel if stride in (None, [], ()) else per_dim(operation, "stride", stride, dims),
        tuple((p, p) for p in pads),
        dilation,
        ceil_mode,
    )


def flat_positions(index: Any, positions: Sequence[Array], size: Sizes) -> Any:
    """Where the chosen elements are in an array of ``size``, counted in row-major order.

    ``index`` tells which element of its window each is, ``positions`` (windows, window) where those
    are in each dim.
    """
    places = np.unravel_index(array_of(index), [table.shape[1] for table in positions])
    starts = np.ix_(*(np.arange(len(table)) for table in positions))
    where = [table[start, place] for table, start, place in zip(positions, starts, places)]
    flat = np.ravel_multi_index(where, size) if array_of(index).size else array_of(index)
    return make(flat.astype(np.int64))


# -- mean and norm ---------------------------------------------------------------------------------


def avg_pool1d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Any:
    """The mean of each window of ``input`` (batch, channels, length); the parameters are those of
    `max_pool1d`.

    The zeros of the padding count as elements, unless ``count_include_pad`` is False.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.avg_pool1d(autograd.tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
    tensor([[2., 1.]])
    """
    return _mean(1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def avg_pool2d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """As `avg_pool1d`, on images: (batch, channels, height, width). ``divisor_override`` divides
    the sums instead.
    """
    return _mean(
        2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


def avg_pool3d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """As `avg_pool1d`, on volumes: (batch, channels, depth, height, width). ``divisor_override``
    divides the sums instead.
    """
    return _mean(
        3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


def _mean(
    dims: int,
    x: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor: int | None,
) -> Any:
    operation = f"avg_pool{dims}d"
    check_dims(operation, x, dims)
    if divisor == 0:
        raise ShapeError(f"{operation}: divisor_override must not be 0")
    dtype = array_of(x).dtype
    if dtype == np.bool_:
        raise DTypeError(f"{operation}: x must be numeric, got bool; convert it: x.float()")
    windows = _windows(operation, dims, x, kernel_size, stride, padding, 1, ceil_mode)
    if divisor is None:
        divisor = _divisor(
            windows,
            array_of(x).shape[-dims:],
            per_dim(operation, "padding", padding, dims, 0),
            count_include_pad,
        )
    return means(x, windows, divisor, rounding_mode="trunc" if dtype.kind in "iu" else None)


def means(x: Any, windows: Windows, divisor: Any, rounding_mode: str | None = None) -> Any:
    """The sum of each window over ``divisor``."""
    if array_of(x).dtype == float16:  # the sum may be larger than any of these
        return half_in_single(means)(x, windows, divisor)
    return div(_sum_pool(x, windows=windows), divisor, rounding_mode=rounding_mode)


@remembered
def _divisor(windows: Windows, size: Sizes, pads: Sizes, count_include_pad: bool) -> Any:
    """How many elements each window has; a number if all have equally many.

    What ``ceil_mode`` adds beyond the padding never counts.
    """
    lengths = []
    for n, k, s, pad, count in zip(
        size, windows.kernel, windows.stride, pads, windows.counts(size)
    ):
        first, last = (-pad, n + pad) if count_include_pad else (0, n)
        start = s * np.arange(count) - pad
        lengths.append(np.minimum(start + k, last) - np.maximum(start, first))
    return areas(lengths)


def areas(lengths: Sequence[Array]) -> Any:
    """How many elements each window has, given their lengths along each dim; a number if all have
    equally many.
    """
    area = functools.reduce(np.multiply.outer, lengths)
    return int(area.flat[0]) if area.size and area.min() == area.max() else make(area)
