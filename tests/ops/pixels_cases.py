"""Rows for autograd/ops/pixels.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import ShapeError
from autograd.ops import pixels as ops
from tests.cases import Bad, Case, Input

Array = np.ndarray[Any, Any]


def shuffled(x: Array, upscale_factor: int) -> Array:
    """Each element of the result looked up in turn."""
    r = upscale_factor
    *lead, channels, height, width = x.shape
    out = np.zeros((*lead, channels // r**2, height * r, width * r), x.dtype)
    for *_, c, i, j in np.ndindex(out.shape):
        out[..., c, i, j] = x[..., c * r**2 + i % r * r + j % r, i // r, j // r]
    return out


def unshuffled(x: Array, downscale_factor: int) -> Array:
    """Each element of the result looked up in turn."""
    r = downscale_factor
    *lead, channels, height, width = x.shape
    out = np.zeros((*lead, channels * r**2, height // r, width // r), x.dtype)
    for *_, c, i, j in np.ndindex(out.shape):
        row, column = divmod(c % r**2, r)
        out[..., c, i, j] = x[..., c // r**2, i * r + row, j * r + column]
    return out


def dealt(x: Array, groups: int) -> Array:
    """The channels in their new order."""
    order = np.arange(x.shape[1]).reshape(groups, -1).T.reshape(-1)
    return x[:, order]


X = np.ones((2, 4, 6, 6))
CASES: list[Case] = [
    Case(
        "pixel_shuffle",
        ops.pixel_shuffle,
        (Input((2, 8, 2, 3)), 2),
        {},
        shuffled,
        bad=[
            Bad((X, 3), ShapeError, "divisible by 3 squared"),
            Bad((X, 0), ShapeError, "at least 1"),
            Bad((X[0, 0], 2), ShapeError, "at least 3 dims"),
        ],
    ),
    Case("pixel_shuffle", ops.pixel_shuffle, (Input((9, 2, 1)), 3), {}, shuffled),
    # PyTorch's own backward fails for no elements.
    Case("pixel_shuffle", ops.pixel_shuffle, (Input((2, 3, 4, 0, 2)), 2), {}, shuffled, None),
    Case(
        "pixel_unshuffle",
        ops.pixel_unshuffle,
        (Input((2, 2, 4, 6)), 2),
        {},
        unshuffled,
        bad=[
            Bad((X, 4), ShapeError, "divisible by 4"),
            Bad((X, -1), ShapeError, "at least 1"),
            Bad((X[0, 0], 2), ShapeError, "at least 3 dims"),
        ],
    ),
    Case("pixel_unshuffle", ops.pixel_unshuffle, (Input((1, 3, 6)), 3), {}, unshuffled),
    Case(
        "channel_shuffle",
        ops.channel_shuffle,
        (Input((2, 6, 3)), 2),
        {},
        dealt,
        bad=[
            Bad((X, 3), ShapeError, "divisible by groups 3"),
            Bad((X, 0), ShapeError, "at least 1"),
            Bad((X[0, 0], 2), ShapeError, "at least 3 dims"),
        ],
    ),
    Case("channel_shuffle", ops.channel_shuffle, (Input((2, 6, 3, 2)), 3), {}, dealt),
]
