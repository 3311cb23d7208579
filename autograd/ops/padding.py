"""Padding: more elements before and after each dim, or fewer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of
from autograd.errors import ShapeError
from autograd.ops.gathering import index_select
from autograd.ops.windows import padded

Pairs = tuple[tuple[int, int], ...]

_MODES: dict[str, Any] = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


# What was added is cut off again, and zeros stand for what was cut off.
@primitive(x=lambda g, widths: _pad(g, tuple((-before, -after) for before, after in widths), 0))
def _pad(x: Array, widths: Pairs, value: float) -> Array:
    result = padded(x, widths, value)
    return np.copy(result) if np.may_share_memory(result, x) else result


def pad(input: Any, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Any:
    """``input`` with ``pad`` = (before, after) more elements along the last dim, (.., before,
    after) along the one before, ...

    ``mode``: "constant" puts in ``value`` (default 0), "reflect" mirrors without repeating the
    edge, "replicate" repeats the edge, "circular" begins again at the other end. Negative numbers
    cut off. Raises ShapeError.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.pad(autograd.tensor([1, 2, 3]), (1, 2))
    tensor([0, 1, 2, 3, 0, 0])
    >>> F.pad(autograd.tensor([[1, 2, 3]]), (1, 2), mode="reflect")
    tensor([[2, 1, 2, 3, 2, 1]])
    """
    widths = _widths(array_of(input).shape, pad)
    if mode == "constant":
        return _pad(input, widths, array_of(input).dtype.type(value or 0))
    if mode not in _MODES:
        raise ShapeError(
            f"pad: mode must be 'constant', 'reflect', 'replicate' or 'circular', got {mode!r}"
        )
    if value is not None and value != 0:
        raise ShapeError(f"pad: value is only for mode 'constant', got {value} with {mode!r}")
    for dim, (before, after) in zip(range(-len(widths), 0), widths):
        if before or after:
            input = index_select(
                input, dim, _positions(array_of(input).shape[dim], before, after, dim, mode)
            )
    return input


def _widths(shape: tuple[int, ...], pad: Sequence[int]) -> Pairs:
    """``pad`` as pairs for the last dims, in their order."""
    if len(pad) % 2 or len(pad) > 2 * len(shape):
        raise ShapeError(
            f"pad: needs two numbers (before, after) for each of at most {len(shape)} dims, the "
            f"last dim first; "
            f"got {len(pad)} for shape {shape}"
        )
    widths = tuple(zip(pad[-2::-2], pad[::-2]))
    for size, (before, after) in zip(shape[len(shape) - len(widths) :], widths):
        if size + before + after < 0 or size + min(before, 0) + min(after, 0) < 0:
            raise ShapeError(
                f"pad: {before} and {after} cut more off than the size {size} (shape {shape})"
            )
    return widths


def _positions(size: int, before: int, after: int, dim: int, mode: str) -> Array:
    """Which elements along ``dim`` the result has."""
    positions = np.arange(size)
    if mode == "circular":  # what is cut off does not come again at the other end
        positions = positions[max(-before, 0) : size - max(-after, 0)]
    most = {"reflect": size - 1, "replicate": max(before, after) if size else 0}.get(
        mode, len(positions)
    )
    if max(before, after) > most:
        raise ShapeError(
            f"pad: mode {mode!r} can add at most {most} elements to dim {dim} of size {size}, got "
            f"{before} and {after}"
        )
    longer = np.pad(positions, (max(before, 0), max(after, 0)), _MODES[mode])
    if mode == "circular":
        return longer
    return longer[max(-before, 0) : len(longer) - max(-after, 0)]
