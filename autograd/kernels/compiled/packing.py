"""How the kernels for convolutions hand arrays to the compiled code."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from autograd.kernels.compiled import common
from autograd.kernels.compiled.microkernel import VECTORS
from autograd.kernels.compiled.vectors import BYTES
from autograd.ops.windows import Sizes

# To hand over a range of the work takes as long as so many products.
LEAST = 4_000_000


def packed(weight: Any) -> Any:
    """The weight in blocks of as many out_channels as a tile has: (blocks, *window, channels,
    out_channels of a block), filled up with zeros."""
    width = VECTORS * lanes(weight)
    blocks = -(-len(weight) // width)
    out = common.allocate((blocks, *weight.shape[2:], weight.shape[1], width), weight.dtype)
    out[-1] = 0
    for i, block in enumerate(out):
        part = weight[i * width : (i + 1) * width]
        block[..., : len(part)] = part.transpose(2, 3, 1, 0)
    return out


def lanes(array: Any) -> int:
    """How many of its numbers a vector has."""
    return BYTES // int(array.itemsize)


def in_vectors(array: Any) -> int:
    """As many channels as ``array`` (..., channels) has, filled up to whole vectors."""
    return -(-int(array.shape[-1]) // lanes(array)) * lanes(array)


def steps(array: Any) -> Sizes:
    """The steps in elements from image to image, row to row, pixel to pixel."""
    return tuple(step // array.itemsize for step in array.strides[:3])


def is_regular(array: Any) -> bool:
    """Whether channels lie together in memory, and nothing before the first element."""
    together = array.strides[-1] == array.itemsize or array.shape[-1] == 1
    return bool(together and min(array.strides) >= 0)


def first(array: Any) -> Any:
    """The element where ``array`` begins, as an array: for Numba all layouts are then one type."""
    return array[(0,) * (array.ndim - 1)][:1]


def added(totals: dict[int, Any]) -> Any:
    """The sum, in the order of the keys: it must not depend on which thread was the first."""
    return functools.reduce(np.add, (totals[key] for key in sorted(totals)))


def least(products: int, parts: int) -> int:
    """How many parts are worth another thread."""
    return -(-LEAST * parts // max(products, 1))
