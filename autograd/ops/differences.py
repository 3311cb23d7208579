"""Samples along a dim: their differences, and the area under them."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, unwrap
from autograd.dtypes import bool_
from autograd.errors import DTypeError, ShapeError, describe
from autograd.ops.along import axis_of
from autograd.ops.joining import cat
from autograd.ops.reduction import sum
from autograd.ops.shaping import reshape


def diff(x: Any, n: int = 1, dim: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """Each element minus the one before it along ``dim``, ``n`` times over; for bools, whether they
    differ.

    ``prepend``, ``append``: tensors to join to ``x`` first. Raises ShapeError for a 0-d ``x`` or a
    negative ``n``.

    >>> import autograd
    >>> autograd.diff(autograd.tensor([1.0, 4.0, 9.0]))
    tensor([3., 5.])
    """
    if not x.shape:
        raise ShapeError("diff: x is 0-d and has no neighbours; it needs at least one dim")
    if n < 0:
        raise ShapeError(f"diff: n must be at least 0, got {n}")
    axis = axis_of(x, dim, "diff")
    if prepend is not None or append is not None:
        x = _joined([part for part in (prepend, x, append) if part is not None], axis)
    for _ in range(min(n, x.shape[axis])):
        x = _neighbours(x, dim=axis, sign=-1)
    return x


def _joined(parts: list[Any], axis: int) -> Any:
    try:
        return cat(parts, axis)
    except ShapeError as error:
        raise ShapeError(f"diff: prepend and append must fit x; {error}") from None


@primitive(
    x=lambda g, dim, sign, padded: _neighbours(g, dim=dim, sign=sign, padded=not padded) * sign
)
def _neighbours(x: Array, dim: int, sign: int, padded: bool = False) -> Array:
    """``x[k+1] + sign * x[k]`` along ``dim``; ``padded``: as if there were a 0 on either side of
    ``x``."""
    if padded:
        width = [(0, 0)] * x.ndim
        width[dim] = (1, 1)
        x = np.pad(x, width)
    along = np.moveaxis(x, dim, 0)
    if sign > 0:
        out = along[1:] + along[:-1]
    else:
        out = along[1:] != along[:-1] if x.dtype.kind == "b" else along[1:] - along[:-1]
    return np.moveaxis(out, 0, dim)


def trapezoid(y: Any, x: Any = None, *, dx: Any = None, dim: int = -1) -> Any:
    """The area under samples ``y`` along ``dim`` by the trapezoidal rule.

    ``x``: where the samples are, for all alike or for each; else they are ``dx`` (1 unless given)
    apart. Raises ShapeError for a 0-d ``y``, and where ``x`` does not have a place for each sample.

    >>> import autograd
    >>> autograd.trapezoid(autograd.tensor([1.0, 2.0, 3.0]), dx=2)
    tensor(8.)
    """
    if not y.shape:
        raise ShapeError("trapezoid: y is 0-d; an area needs samples along a dim")
    if y.dtype == bool_:
        raise DTypeError("trapezoid: is not defined for bool; convert first: y.float()")
    if x is not None and dx is not None:
        raise DTypeError("trapezoid: got x and dx; the distances follow from x, leave dx out")
    axis = axis_of(y, dim, "trapezoid")
    heights = _neighbours(y, dim=axis, sign=1)
    if x is None:
        return sum(heights, axis) * (1 if dx is None else dx) / 2
    return sum(heights * _distances(x, y, axis), axis) / 2


trapz = trapezoid


def _distances(x: Any, y: Any, axis: int) -> Any:
    """The distances of places ``x``, in dims that broadcast with the pairs of samples ``y``."""
    if len(x.shape) == 1:
        along, behind = 0, len(y.shape) - axis - 1
    else:
        along, behind = axis - len(y.shape) + len(x.shape), 0
    if along < 0 or x.shape[along : along + 1] != y.shape[axis : axis + 1]:
        raise ShapeError(
            f"trapezoid: x must have a place for each of the {y.shape[axis]} samples "
            f"along dim {axis} (x {describe(unwrap(x))}, y {describe(unwrap(y))})"
        )
    distances = _neighbours(x, dim=along, sign=-1)
    return reshape(distances, (-1, *[1] * behind)) if behind else distances
