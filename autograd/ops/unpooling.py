"""Putting maxima back where they came from; and pooling over windows at random distances."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of, make, unwrap
from autograd.errors import DTypeError, ShapeError
from autograd.ops.gathering import gather
from autograd.ops.windows import Sizes, check_dims, per_dim

# -- the inverse of max pooling --------------------------------------------------------------------


@primitive(x=lambda g, index: gather(g, -1, index))
def _put(x: Array, index: Array, size: int) -> Array:
    """Zeros (..., size) with the elements of x (..., n) at the positions index (..., n).

    Where several meet, the last one stays. The gradient goes to all of them, as in PyTorch: those
    that max pooling sends to one place are the same number.
    """
    out = np.zeros_like(x, shape=(*x.shape[:-1], size), order="C")
    # NumPy writes in the order of memory, which here must be that of the positions.
    np.put_along_axis(out, np.ascontiguousarray(index), np.ascontiguousarray(x), -1)
    return out


def max_unpool1d(
    input: Any,
    indices: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    output_size: Sequence[int] | None = None,
) -> Any:
    """Zeros, with ``input`` (batch, channels, length) where ``indices`` of `max_pool1d` say; the
    batch may be missing.

    The other parameters are those of the pooling, from which the size of the result follows; where
    several sizes would have given the same maxima, ``output_size`` tells which. Raises ShapeError,
    DTypeError.

    >>> import autograd
    >>> from nn import functional as F
    >>> maxima, places = F.max_pool1d(autograd.tensor([[1.0, 3.0, 2.0, 0.0]]), 2, None, 0, 1, False,
    ...                               return_indices=True)
    >>> F.max_unpool1d(maxima, places, 2)
    tensor([[0., 3., 2., 0.]])
    """
    return _unpool("max_unpool1d", 1, input, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    input: Any,
    indices: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    output_size: Sequence[int] | None = None,
) -> Any:
    """As `max_unpool1d`, on images: (batch, channels, height, width)."""
    return _unpool("max_unpool2d", 2, input, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    input: Any,
    indices: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    output_size: Sequence[int] | None = None,
) -> Any:
    """As `max_unpool1d`, on volumes: (batch, channels, depth, height, width)."""
    return _unpool("max_unpool3d", 3, input, indices, kernel_size, stride, padding, output_size)


def _unpool(
    operation: str,
    dims: int,
    x: Any,
    indices: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    output_size: Sequence[int] | None,
) -> Any:
    check_dims(operation, x, dims)
    shape, index = array_of(x).shape, array_of(indices)
    if index.dtype != np.int64:
        raise DTypeError(f"{operation}: indices must be int64, got {index.dtype}; use long()")
    if index.shape != shape or min(shape[-dims - 1 :]) < 1:
        raise ShapeError(
            f"{operation}: x and indices must have one shape, without empty dims after the batch; "
            f"got {shape} and {index.shape}"
        )
    kernel = per_dim(operation, "kernel_size", kernel_size, dims)
    step = kernel if stride in (None, [], ()) else per_dim(operation, "stride", stride, dims)
    cut = per_dim(operation, "padding", padding, dims, least=0)
    size = _unpooled_size(operation, shape[-dims:], kernel, step, cut, output_size)
    count = math.prod(size)
    if index.size and (index.min() < 0 or index.max() >= count):
        raise ShapeError(
            f"{operation}: indices must be from 0 to {count - 1} for an output of {size}, got "
            f"{index.min()} to {index.max()}"
        )
    lead = shape[:-dims]
    flat = (*lead, math.prod(shape[-dims:]))
    return _put(x.reshape(flat), index.reshape(flat), count).reshape(*lead, *size)


def _unpooled_size(
    operation: str,
    size: Sizes,
    kernel: Sizes,
    stride: Sizes,
    padding: Sizes,
    output_size: Sequence[int] | None,
) -> Sizes:
    """The size of the result: ``output_size``, if it can be, or the smallest that can be."""
    smallest = tuple((n - 1) * s + k - 2 * p for n, k, s, p in zip(size, kernel, stride, padding))
    if output_size is None:
        wanted = smallest
    else:
        wanted = tuple(map(int, output_size))
        wanted = wanted[2:] if len(wanted) == len(size) + 2 else wanted
    if len(wanted) != len(size) or min(wanted) < 1:
        raise ShapeError(
            f"{operation}: output_size must have {len(size)} positive sizes, or two more for batch "
            f"and channels, got {wanted}"
        )
    if output_size is not None and not all(
        low - s < n < low + s for n, low, s in zip(wanted, smallest, stride)
    ):
        raise ShapeError(
            f"{operation}: output_size {wanted} must be less than the stride {stride} away from "
            f"{smallest}"
        )
    return wanted


# -- windows at random distances -------------------------------------------------------------------


def pool_at(
    operation: str, x: Any, kernel: Sizes, size: Sizes, samples: Any, order: Sequence[int]
) -> tuple[Any, Any]:
    """The maxima of ``size`` windows of ``x`` (batch, channels, *space) and where they are.

    The windows lie ``u = (n - kernel) / (size - 1)`` apart on average, the i-th at ``floor(u * (i +
    sample)) - floor(u * sample)``, the last at the end; ``samples`` (batch, channels, dims) are in
    [0, 1), in the order of the dims that ``order`` gives. Graham (2014): Fractional Max-Pooling.
    """
    shape, dims = array_of(x).shape, len(kernel)
    fractions = np.asarray(unwrap(samples), np.float64)
    if len(fractions) < shape[0] or fractions.shape[1:] != (shape[1], dims):
        raise ShapeError(
            f"{operation}: _random_samples must have shape {(*shape[:2], dims)}, got "
            f"{fractions.shape}"
        )
    fractions = fractions[: shape[0]]
    flat: Any = 0
    for dim, (n, k, m, place) in enumerate(zip(shape[2:], kernel, size, order)):
        positions = _starts(n, k, m, fractions[..., place])[..., None] + np.arange(k)
        flat = flat * n + _along(positions, dim, dims)
    lead = (*shape[:2], math.prod(shape[2:]))
    windows = flat.reshape(*shape[:2], math.prod(size), math.prod(kernel))
    elements = np.take_along_axis(array_of(x).reshape(*lead[:2], 1, lead[2]), windows, -1)
    chosen = np.take_along_axis(windows, _first_maximum(elements)[..., None], -1)[..., 0]
    values = gather(x.reshape(lead), -1, make(chosen))
    return values.reshape(*shape[:2], *size), make(chosen.reshape(*shape[:2], *size))


def _starts(n: int, kernel: int, count: int, samples: Array) -> Array:
    """Where the windows begin: (..., count)."""
    step = (n - kernel) / max(count - 1, 1)
    samples = samples[..., None]
    starts = np.floor((np.arange(count) + samples) * step) - np.floor(samples * step)
    starts[..., -1] = n - kernel
    return starts.astype(np.int64)


def _along(positions: Array, dim: int, dims: int) -> Array:
    """(batch, channels, count, kernel) laid out along one of all dims of counts and of kernels."""
    lead, (count, kernel) = positions.shape[:2], positions.shape[2:]
    counts, kernels = [1] * dims, [1] * dims
    counts[dim], kernels[dim] = count, kernel
    return positions.reshape(*lead, *counts, *kernels)


def _first_maximum(elements: Array) -> Array:
    """The place of the maximum along the last dim; a NaN counts as such, and the last of them."""
    nan = np.isnan(elements)
    if not nan.any():
        return np.argmax(elements, -1)
    last = elements.shape[-1] - 1 - np.argmax(nan[..., ::-1], -1)
    return np.where(nan.any(-1), last, np.argmax(elements, -1))
