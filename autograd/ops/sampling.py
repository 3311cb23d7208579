"""Reading an image at arbitrary places: `grid_sample`, and `affine_grid`, which makes places."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.core.variable import Array, array_of, make, unwrap
from autograd.errors import DTypeError, ShapeError
from autograd.ops.activation import hardtanh
from autograd.ops.arithmetic import _add, mul, sub
from autograd.ops.indexing import getitem
from autograd.ops.interpolation import cubic_weights
from autograd.ops.products import _swap_last, matmul
from autograd.ops.rearranging import movedim
from autograd.ops.selection import _where

# Which elements are read along a dim, (batch, points) each, and with which weights.
Taps = list[tuple[Array, Any]]


def grid_sample(
    input: Any,
    grid: Any,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Any:
    """``input`` (batch, channels, *space) read at the places ``grid`` (batch, *output, 2 or 3), x
    first: (batch, channels, *output).

    The places count from -1 to 1: from the outer edge of the first element to that of the last,
    with ``align_corners`` from centre to centre. ``mode``: "bilinear" (between the neighbours, of
    volumes too), "nearest", "bicubic" (images only). ``padding_mode``, for places outside: "zeros",
    "border" (the nearest element) or "reflection" (at the edges, or the corner elements' centres).
    Raises ShapeError, DTypeError. Jaderberg et al. (2015): Spatial Transformer Networks.

    >>> import autograd
    >>> from nn import functional as F
    >>> image, places = autograd.tensor([[[[1.0, 2.0]]]]), autograd.tensor([[[[0.0, 0.0]]]])
    >>> F.grid_sample(image, places, align_corners=False)
    tensor([[[[1.5000]]]])
    """
    _check(input, grid, mode, padding_mode)
    shape, corners = array_of(input).shape, bool(align_corners)
    batch, channels, *space = shape
    output = array_of(grid).shape[1:-1]
    points = grid.reshape(batch, math.prod(output), len(space))
    lines = [
        _taps(getitem(points, (..., -1 - i)), n, mode, padding_mode, corners)
        for i, n in enumerate(space)
    ]
    flat = input.reshape(batch, channels, math.prod(space))
    total: Any = None
    for taps in itertools.product(*lines):
        part = _read(flat, space, taps)
        total = part if total is None else _add(total, part)
    return movedim(total, -1, 1).reshape(batch, channels, *output)


def _read(flat: Any, space: Sequence[int], taps: Sequence[tuple[Array, Any]]) -> Any:
    """One element for each point, times its weights, 0 outside: (batch, points, channels)."""
    inside = np.logical_and.reduce([(i >= 0) & (i < n) for (i, _), n in zip(taps, space)])
    places = [np.clip(i, 0, n - 1) for (i, _), n in zip(taps, space)]
    index = np.ravel_multi_index(places, space)
    rows = np.arange(len(index))[:, None]
    values = getitem(flat, (make(rows), slice(None), make(index)))
    weight: Any = inside.astype(array_of(flat).dtype)
    for _, factor in taps:
        weight = mul(factor, weight)
    return mul(values, weight.reshape(*index.shape, 1))


def _check(x: Any, grid: Any, mode: str, padding_mode: str) -> None:
    shape, places = array_of(x).shape, array_of(grid).shape
    dims = len(shape) - 2
    if dims not in (2, 3) or len(places) != len(shape) or places[-1] != dims:
        raise ShapeError(
            f"grid_sample: needs x (batch, channels, *space) with 2 or 3 dims of space, and as "
            f"many numbers for each place in the last dim of grid, got {shape} and {places}"
        )
    if shape[0] != places[0] or min(shape[2:]) < 1:
        raise ShapeError(
            f"grid_sample: x and grid must have one batch size, and x no empty space, got {shape} "
            f"and {places}"
        )
    if mode not in ("bilinear", "nearest", "bicubic") or (mode == "bicubic" and dims == 3):
        raise ShapeError(
            f"grid_sample: mode must be 'bilinear', 'nearest', or for images 'bicubic', got "
            f"{mode!r} for shape {shape}"
        )
    if padding_mode not in ("zeros", "border", "reflection"):
        raise ShapeError(
            f"grid_sample: padding_mode must be 'zeros', 'border' or 'reflection', got "
            f"{padding_mode!r}"
        )
    if array_of(x).dtype != array_of(grid).dtype or array_of(x).dtype.kind != "f":
        raise DTypeError(
            f"grid_sample: x and grid must have one floating dtype, got {array_of(x).dtype} and "
            f"{array_of(grid).dtype}; convert one: grid.to(x.dtype)"
        )


# -- along a dim -----------------------------------------------------------------------------------


def _taps(place: Any, n: int, mode: str, padding_mode: str, corners: bool) -> Taps:
    """What is read at ``place``, which counts from -1 to 1, along a dim of size n."""
    at = (place + 1) * ((n - 1) / 2) if corners else ((place + 1) * n - 1) / 2
    into = _PADDING[padding_mode]
    if mode == "bicubic":  # here it is the elements read that are brought inside
        first = np.floor(unwrap(at))
        ones: Any = cubic_weights(sub(at, first))
        return [(_whole(into(first + i, n, corners)), w) for i, w in enumerate(ones, -1)]
    at = into(at, n, corners)
    if mode == "nearest":
        return [(_whole(np.rint(unwrap(at))), 1.0)]
    first = np.floor(unwrap(at))
    way = sub(at, first)
    return [(_whole(first), 1 - way), (_whole(first + 1), way)]


def _whole(at: Array) -> Array:
    """As integers; what is none, or far outside, is -1, outside too."""
    at = unwrap(at)
    return np.where(np.abs(at) < 2**31, at, -1).astype(np.int64)


def _reflected(at: Any, n: int, corners: bool) -> Any:
    """Mirrored at both ends until it is inside, then kept off the outer halves of the last
    elements."""
    low, span = (0.0, n - 1) if corners else (-0.5, n)
    if span == 0:
        return _at_border(at * 0, n, corners)
    away = _where(unwrap(at) < low, low - at, at - low)
    turns = np.floor(unwrap(away) / span)
    rest = sub(away, turns * span)
    return _at_border(_where(turns % 2 == 0, rest + low, span + low - rest), n, corners)


def _at_border(at: Any, n: int, corners: bool) -> Any:
    # PyTorch's documentation: what is not a number counts as -1, the first element.
    return hardtanh(_where(np.isnan(unwrap(at)), 0, at), 0, n - 1)


def _anywhere(at: Any, n: int, corners: bool) -> Any:
    return at


_PADDING: dict[str, Callable[[Any, int, bool], Any]] = {
    "zeros": _anywhere,
    "border": _at_border,
    "reflection": _reflected,
}


# -- affine grids ----------------------------------------------------------------------------------


def affine_grid(theta: Any, size: Sequence[int], align_corners: bool | None = None) -> Any:
    """The places at which `grid_sample` reads an image transformed by the matrices ``theta``.

    ``theta`` (batch, 2, 3) for ``size`` = (batch, channels, height, width), or (batch, 3, 4) for
    volumes; the result is (batch, *space, 2 or 3). ``align_corners`` as in `grid_sample`. Raises
    ShapeError, DTypeError.

    >>> import autograd
    >>> from nn import functional as F
    >>> theta = autograd.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])
    >>> F.affine_grid(theta, (1, 1, 1, 2), align_corners=False)
    tensor([[[[-0.5000,  0.0000],
              [ 0.5000,  0.0000]]]])
    """
    shape, dtype, dims = array_of(theta).shape, array_of(theta).dtype, len(size) - 2
    if dtype.kind != "f":
        raise DTypeError(f"affine_grid: theta must be floating, got {dtype}; use theta.float()")
    if dims not in (2, 3) or shape != (size[0], dims, dims + 1) or min(size) < 1:
        raise ShapeError(
            f"affine_grid: needs theta (batch, 2, 3) and a size (batch, channels, height, width), "
            f"or (batch, 3, 4) and one dim more, all positive; got {shape} and {tuple(size)}"
        )
    lines = [_centers(n, bool(align_corners)) for n in size[2:]]
    mesh = np.meshgrid(*lines, indexing="ij")[::-1]
    places = np.stack([*mesh, np.ones(size[2:])], -1).reshape(-1, dims + 1).astype(dtype)
    return matmul(places, _swap_last(theta)).reshape(size[0], *size[2:], dims)


def _centers(n: int, corners: bool) -> Array:
    """Where the n elements of a dim lie between -1 and 1."""
    if n == 1:
        return np.zeros(1)
    return np.linspace(-1, 1, n) if corners else (2 * np.arange(n) + 1) / n - 1
