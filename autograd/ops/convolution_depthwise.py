"""Convolutions with one channel in each group: every channel has a window of weights of its own.

As matrix products they would be many tiny ones. They are sums of products of whole rows instead, as
`numpy.einsum` does them, in one pass: 8 times faster for 64 channels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd.core.variable import Array
from autograd.ops import convolution_columns
from autograd.ops.channels import channels_last
from autograd.ops.convolution_columns import views
from autograd.ops.windows import Windows


def convolve(x: Array, weight: Array, windows: Windows, result: Array) -> None:
    """Write to ``result``, which has channels-last memory, each window of x times the weight of its
    channel (channels, 1, *window).
    """
    last = np.moveaxis(weight[:, 0], 0, -1)
    for images, view, places, window, run in _runs(x, windows):
        factors = np.tile(last, view.shape[-1] // len(weight))
        out = _with_runs(result[images], view, places)
        np.einsum(view, [*places, *window, run], factors, [*window, run], [*places, run], out=out)


def weight_gradient(x: Array, y: Array, windows: Windows) -> Array:
    """The sum over all places of x in the window times y, for each channel: (channels, 1,
    *window).
    """
    channels = x.shape[1]
    total = np.zeros((*windows.kernel, channels), x.dtype)
    for images, view, places, window, run in _runs(x, windows):
        factors = _with_runs(y[images], view, places)
        along = np.einsum(view, [*places, *window, run], factors, [*places, run], [*window, run])
        total += along.reshape(*windows.kernel, -1, channels).sum(-2)
    return np.moveaxis(total, -1, 0)[:, None]


def parts(y: Array, weight: Array) -> Iterator[Array]:
    """For each element of the window, its weight times y (batch, channels, *counts)."""
    factors = weight.reshape(len(weight), -1)
    return (y * factors[:, i].reshape(-1, *(1,) * (y.ndim - 2)) for i in range(factors.shape[1]))


def _runs(x: Array, windows: Windows) -> Iterator[tuple[slice, Array, range, range, int]]:
    """The windows of a few images at a time, the last count and the channels as one long axis:
    (batch, *counts but the last, *window, run); the labels of these axes for places, window, run.
    """
    most = convolution_columns.COLUMNS // max(1, math.prod(x.shape[1:]))
    inner = windows.dims
    for images, view in views(x, windows, most):
        runs = _joined(channels_last(view), windows)
        yield images, runs, range(inner), range(inner, 2 * inner), 2 * inner


def _joined(view: Array, windows: Windows) -> Array:
    """``view`` (batch, *counts, *window, channels) with the last count and the channels as one."""
    dims = windows.dims
    if windows.stride[-1] == 1:  # the channels of neighbouring windows lie side by side
        shape, strides = list(view.shape), list(view.strides)
        neighbours, _ = shape.pop(dims), strides.pop(dims)
        shape[-1] *= neighbours
        return np.lib.stride_tricks.as_strided(view, shape, strides, writeable=False)
    # A copy for each element of the window, where they do: 3 times faster than shorter runs.
    by_element = view.transpose(*range(dims + 1, 2 * dims + 1), *range(dims + 1), -1)
    runs = np.ascontiguousarray(by_element).reshape(*by_element.shape[:-2], -1)
    return runs.transpose(*range(dims, 2 * dims), *range(dims), -1)


def _with_runs(y: Array, view: Array, places: range) -> Any:
    """The array y (batch, channels, *counts) with the places and the last axis of ``view``."""
    return channels_last(y).reshape(*view.shape[: len(places)], view.shape[-1])
