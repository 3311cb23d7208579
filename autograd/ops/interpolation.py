"""Resizing images: every element of the result is a weighted sum of a few elements of the input.

The weights are products of one for each dim, so the dims are resized one after the other. Along a
dim, a `Taps` says which elements count, and how much.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.core.variable import Array, array_of, make
from autograd.errors import DTypeError, ShapeError
from autograd.ops.adaptive_pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
)
from autograd.ops.arithmetic import _add, mul
from autograd.ops.gathering import index_select
from autograd.ops.precision import half_in_single
from autograd.ops.windows import Sizes

_AREA = (adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d)
_DIMS = {"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3}
_MODES = ("nearest", "nearest-exact", "area", *_DIMS)


class Taps(NamedTuple):
    """For each of m results along a dim, the positions (m, taps) of the elements that count, and
    their weights."""

    positions: Array
    weights: Array


def interpolate(
    input: Any,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Any:
    """``input`` (batch, channels, *space) resized to ``size``, or by ``scale_factor``: one for all
    dims or one for each.

    ``mode``: "nearest" (the element at or before the place), "nearest-exact" (the nearest one),
    "linear", "bilinear", "trilinear" (for 1, 2, 3 dims of space), "bicubic" (2 dims; Keys, 1981:
    Cubic Convolution Interpolation), "area" (the means of `adaptive_avg_pool2d`).
    ``align_corners``: the centres of the first and the last elements stay in place, not their outer
    edges. ``recompute_scale_factor``: take the scale from the rounded size. ``antialias``: when
    shrinking with "bilinear" or "bicubic", average over all elements that a result covers. Raises
    ShapeError, DTypeError.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.interpolate(autograd.tensor([[[1.0, 2.0]]]), scale_factor=2, mode="linear")
    tensor([[[1.0000, 1.2500, 1.7500, 2.0000]]])
    """
    dims = _checked_mode(input, mode, align_corners, antialias)
    sizes, scales = _target(input, size, scale_factor, recompute_scale_factor)
    if mode == "area":
        return _AREA[dims - 1](input, sizes)
    return _resized(input, mode, sizes, scales, bool(align_corners), antialias)


def upsample(
    input: Any,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Any:
    """`interpolate` by its old name."""
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(input: Any, size: Any = None, scale_factor: Any = None) -> Any:
    """`interpolate` with ``mode="nearest"``."""
    return interpolate(input, size, scale_factor, "nearest")


def upsample_bilinear(input: Any, size: Any = None, scale_factor: Any = None) -> Any:
    """`interpolate` with ``mode="bilinear"`` and ``align_corners=True``."""
    return interpolate(input, size, scale_factor, "bilinear", True)


# -- what is asked for -----------------------------------------------------------------------------


def _checked_mode(x: Any, mode: str, align_corners: bool | None, antialias: bool) -> int:
    """The number of dims of space. Raises ShapeError, DTypeError."""
    shape: Sizes = array_of(x).shape
    dims = len(shape) - 2
    if mode not in _MODES:
        raise ShapeError(f"interpolate: mode must be one of {', '.join(_MODES)}, got {mode!r}")
    if dims not in (1, 2, 3) or _DIMS.get(mode, dims) != dims:
        raise ShapeError(
            f"interpolate: mode {mode!r} needs x (batch, channels, *space) with "
            f"{_DIMS.get(mode, '1 to 3')} dims of space, got shape {shape}"
        )
    if align_corners is not None and mode not in _DIMS:
        raise ShapeError(f"interpolate: align_corners has no meaning with mode {mode!r}")
    if antialias and mode not in ("bilinear", "bicubic"):
        raise ShapeError(f"interpolate: antialias is for bilinear and bicubic, not {mode!r}")
    if min(shape[1:]) < 1:
        raise ShapeError(f"interpolate: only the batch of x may be empty, got shape {shape}")
    dtype = array_of(x).dtype
    if dtype.kind not in "fu" or (dtype.kind == "u" and mode in ("linear", "trilinear", "area")):
        raise DTypeError(f"interpolate: mode {mode!r} is not defined for {dtype}; use x.float()")
    return dims


def _target(
    x: Any, size: Any, scale_factor: Any, recompute: bool | None
) -> tuple[Sizes, Sequence[float | None]]:
    """The sizes of the result, and its scales where these aren't just the sizes' ratios."""
    shape = array_of(x).shape[2:]
    if (size is None) == (scale_factor is None):
        raise ShapeError("interpolate: needs either size or scale_factor, and not both")
    if recompute and size is not None:
        raise ShapeError("interpolate: recompute_scale_factor is only for scale_factor, not size")
    given = size if scale_factor is None else scale_factor
    each = tuple(given) if isinstance(given, (tuple, list)) else (given,) * len(shape)
    if len(each) != len(shape):
        raise ShapeError(
            f"interpolate: needs one number, or {len(shape)} for a space of {shape}, got {given}"
        )
    if scale_factor is None:
        sizes, scales = tuple(map(int, each)), (None,) * len(each)
    else:
        sizes = tuple(math.floor(n * float(factor)) for n, factor in zip(shape, each))
        scales = (None,) * len(each) if recompute else each
    if min(sizes) < 1:
        raise ShapeError(f"interpolate: the result would have size {sizes}; all must be positive")
    return sizes, scales


@half_in_single
def _resized(
    x: Any,
    mode: str,
    sizes: Sizes,
    scales: Sequence[float | None],
    corners: bool,
    antialias: bool,
) -> Any:
    for dim, m, scale in zip(range(len(sizes) + 1, 1, -1), sizes[::-1], scales[::-1]):
        n, dtype = array_of(x).shape[dim], array_of(x).dtype
        taps = _taps(mode, n, m, scale, corners, antialias, dtype)
        x = _resampled(x, dim, taps) if dtype.kind == "f" else _resampled_bytes(x, dim, taps)
    return x


# -- along a dim -----------------------------------------------------------------------------------


def _resampled(x: Any, dim: int, taps: Taps) -> Any:
    """The weighted sum along ``dim``."""
    column = (-1, *(1,) * (array_of(x).ndim - dim - 1))
    total: Any = None
    for positions, weights in zip(taps.positions.T, taps.weights.T):
        part = index_select(x, dim, positions)
        part = mul(part, weights.astype(array_of(x).dtype).reshape(column))
        total = part if total is None else _add(total, part)
    return total


def _resampled_bytes(x: Any, dim: int, taps: Taps) -> Any:
    """As `_resampled`, on uint8, with the rounded weights of 16 bits that PyTorch and Pillow use,
    so that the bytes are the same."""
    taps = _merged(taps)
    bits, largest = 0, np.max(taps.weights)
    while bits < 22 and int(0.5 + largest * 2 ** (bits + 1)) < 2**15:
        bits += 1
    weights = np.trunc(taps.weights * 2**bits + np.copysign(0.5, taps.weights)).astype(np.int64)
    column = (-1, *(1,) * (array_of(x).ndim - dim - 1))
    total = sum(
        np.take(array_of(x), positions, dim) * weight.reshape(column)
        for positions, weight in zip(taps.positions.T, weights.T)
    )
    return make(np.clip((total + 2 ** (bits - 1)) >> bits, 0, 255).astype(np.uint8))


def _merged(taps: Taps) -> Taps:
    """The weights of an element that counts several times, added up."""
    same = taps.positions[:, :, None] == taps.positions[:, None, :]
    is_first = np.argmax(same, 2) == np.arange(same.shape[1])
    return taps._replace(weights=is_first * np.sum(same * taps.weights[:, None, :], 2))


def _taps(
    mode: str, n: int, m: int, scale: float | None, corners: bool, antialias: bool, dtype: Any
) -> Taps:
    # PyTorch computes the places in single precision, unless x is double: near an edge between two
    # elements, that decides which one is taken.
    real: Any = np.float64 if dtype == np.float64 else np.float32
    if mode.startswith("nearest"):
        # But for these even double images have their places rounded to single precision.
        step = real(n / m if scale is None else 1 / scale)
        shift = real(0.5 if mode == "nearest-exact" else 0)
        places = ((np.arange(m, dtype=real) + shift) * step).astype(np.float32)
        return Taps(np.minimum(places.astype(np.int64), n - 1)[:, None], np.ones((m, 1)))
    step = real(_step(n, m, scale, corners))
    if m == n and (mode != "bicubic" or antialias):
        step = real(1)  # PyTorch leaves such a dim as it is, whatever the scale
    if antialias:
        return _covering(mode, n, m, step)
    places = np.arange(m, dtype=real)
    places = places * step if corners else (places + real(0.5)) * step - real(0.5)
    return _linear(places, n) if mode != "bicubic" else _cubic(places, n)


def _step(n: int, m: int, scale: float | None, corners: bool) -> float:
    """How far apart the results lie, in elements of the input."""
    if corners:
        return (n - 1) / (m - 1) if m > 1 else 0.0
    return n / m if scale is None else 1 / scale


def _linear(places: Array, n: int) -> Taps:
    """Between the two neighbours."""
    places = np.maximum(places, 0)
    first = np.minimum(places.astype(np.int64), n - 1)
    way = np.clip(places - first, 0, 1)
    return Taps(np.stack([first, np.minimum(first + 1, n - 1)], 1), np.stack([1 - way, way], 1))


def _cubic(places: Array, n: int) -> Taps:
    """A cubic through the four neighbours, those at the edge repeated."""
    first = np.floor(places)
    positions = first[:, None].astype(np.int64) + np.arange(-1, 3)
    return Taps(np.clip(positions, 0, n - 1), np.stack(cubic_weights(places - first), 1))


def cubic_weights(way: Any) -> list[Any]:
    """The weights of four neighbours at distances ``1 + way``, ``way``, ``1 - way``, ``2 - way``:
    Keys (1981), with his parameter -0.75."""
    near = [(1.25 * d - 2.25) * d * d + 1 for d in (way, 1 - way)]
    far = [((-0.75 * d + 3.75) * d - 6) * d + 3 for d in (1 + way, 2 - way)]
    return [far[0], *near, far[1]]


def _covering(mode: str, n: int, m: int, step: Any) -> Taps:
    """All elements that a result covers, weighted by the stretched kernel of the interpolation."""
    kernel, reach = (_triangle, 1) if mode == "bilinear" else (_sharp_cubic, 2)
    stretch = max(step, type(step)(1))
    centers = (np.arange(m, dtype=step.dtype) + step.dtype.type(0.5)) * step
    first = np.maximum((centers - reach * stretch + 0.5).astype(np.int64), 0)
    last = np.minimum((centers + reach * stretch + 0.5).astype(np.int64), n)
    positions = first[:, None] + np.arange(np.max(last - first))
    distances = (positions - centers[:, None] + step.dtype.type(0.5)) / stretch
    weights = np.where(positions < last[:, None], kernel(distances), 0)
    return Taps(np.minimum(positions, n - 1), weights / np.sum(weights, 1, keepdims=True))


def _triangle(d: Array) -> Array:
    return np.maximum(1 - np.abs(d), 0)


def _sharp_cubic(d: Array) -> Array:
    """Keys' kernel with his own parameter, -0.5."""
    d = np.abs(d)
    near, far = (1.5 * d - 2.5) * d * d + 1, ((-0.5 * d + 2.5) * d - 4) * d + 2
    return np.where(d < 1, near, np.where(d < 2, far, 0))
