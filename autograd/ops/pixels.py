"""Moving elements between the channels and the space of an image."""

from __future__ import annotations

import math
from typing import Any

from autograd.core.variable import array_of
from autograd.errors import ShapeError
from autograd.ops.rearranging import permute


def pixel_shuffle(input: Any, upscale_factor: int) -> Any:
    """Every ``upscale_factor ** 2`` channels of ``input`` (..., channels, height, width) as one
    that is so many times higher and wider.

    Raises ShapeError if they do not divide the channels. Shi et al. (2016): Real-Time Single Image
    and Video Super-Resolution.

    >>> import autograd
    >>> autograd.pixel_shuffle(autograd.tensor([[[1]], [[2]], [[3]], [[4]]]), 2)
    tensor([[[1, 2],
             [3, 4]]])
    """
    shape, r = _image("pixel_shuffle", input), _factor("pixel_shuffle", upscale_factor)
    *lead, channels, height, width = shape
    if channels % (r * r):
        raise ShapeError(
            f"pixel_shuffle: the channels of input must be divisible by {r} squared, got "
            f"{channels} "
            f"in shape {shape}"
        )
    kept, n = channels // (r * r), len(lead)
    parts = input.reshape(*lead, kept, r, r, height, width)
    order = (*range(n), n, n + 3, n + 1, n + 4, n + 2)
    return permute(parts, order).reshape(*lead, kept, height * r, width * r)


def pixel_unshuffle(input: Any, downscale_factor: int) -> Any:
    """The inverse of `pixel_shuffle`: (..., channels, height, width) to as many times more channels
    as there are elements in a square of ``downscale_factor``.

    Raises ShapeError if that does not divide height and width.
    """
    shape, r = _image("pixel_unshuffle", input), _factor("pixel_unshuffle", downscale_factor)
    *lead, channels, height, width = shape
    if height % r or width % r:
        raise ShapeError(
            f"pixel_unshuffle: height and width must be divisible by {r}, got shape {shape}"
        )
    n = len(lead)
    parts = input.reshape(*lead, channels, height // r, r, width // r, r)
    order = (*range(n), n, n + 2, n + 4, n + 1, n + 3)
    return permute(parts, order).reshape(*lead, channels * r * r, height // r, width // r)


def channel_shuffle(input: Any, groups: int) -> Any:
    """The channels of ``input`` (batch, channels, ...) dealt out: first the first of each of
    ``groups`` groups, then the second of each, ...

    Raises ShapeError if ``groups`` does not divide the channels. Zhang et al. (2018): ShuffleNet.

    >>> import autograd
    >>> autograd.channel_shuffle(autograd.tensor([[[1], [2], [3], [4]]]), 2).tolist()
    [[[1], [3], [2], [4]]]
    """
    shape = array_of(input).shape
    if len(shape) < 3:
        raise ShapeError(
            "channel_shuffle: input must have shape (batch, channels, ...) with at least 3 "
            "dims, got "
            f"{shape}"
        )
    groups = _factor("channel_shuffle", groups)
    if shape[1] % groups:
        raise ShapeError(
            f"channel_shuffle: the channels of input must be divisible by groups {groups}, got "
            f"{shape[1]} in shape {shape}"
        )
    parts = input.reshape(shape[0], groups, shape[1] // groups, math.prod(shape[2:]))
    return permute(parts, (0, 2, 1, 3)).reshape(shape)


native_channel_shuffle = channel_shuffle


def _image(operation: str, x: Any) -> tuple[int, ...]:
    shape: tuple[int, ...] = array_of(x).shape
    if len(shape) < 3:
        raise ShapeError(
            f"{operation}: x must have at least 3 dims, (..., channels, height, width), got {shape}"
        )
    return shape


def _factor(operation: str, factor: int) -> int:
    if factor < 1:
        raise ShapeError(f"{operation}: the factor must be at least 1, got {factor}")
    return int(factor)
