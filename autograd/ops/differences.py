"""Samples along a dim: their differences, and the area under them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, Variable, array_of, unwrap
from autograd.dtypes import bool_, uint8
from autograd.errors import DTypeError, ShapeError, describe
from autograd.ops.along import axis_of
from autograd.ops.conversion import clone
from autograd.ops.cumulative import cumsum
from autograd.ops.indexing import getitem
from autograd.ops.joining import cat
from autograd.ops.reduction import sum
from autograd.ops.shaping import checked_dims, reshape


def diff(input: Any, n: int = 1, dim: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """Each element minus the one before it along ``dim``, ``n`` times over; for bools, whether they
    differ.

    ``prepend``, ``append``: tensors to join to ``input`` first. Raises ShapeError for a 0-d
    ``input`` or a negative ``n``.

    >>> import autograd
    >>> autograd.diff(autograd.tensor([1.0, 4.0, 9.0]))
    tensor([3., 5.])
    """
    if not array_of(input).shape:
        raise ShapeError("diff: input is 0-d and has no neighbours; it needs at least one dim")
    if n < 0:
        raise ShapeError(f"diff: n must be at least 0, got {n}")
    axis = axis_of(input, dim, "diff")
    if n == 0:
        return clone(input)
    if prepend is not None or append is not None:
        input = _joined([part for part in (prepend, input, append) if part is not None], axis)
    for _ in range(min(n, input.shape[axis])):
        input = _neighbours(input, dim=axis, sign=-1)
    return input


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
    areas, axis = _areas("trapezoid", y, x, dx, dim)
    return sum(areas, axis)


trapz = trapezoid


def cumulative_trapezoid(y: Any, x: Any = None, *, dx: Any = None, dim: int = -1) -> Any:
    """The area under samples ``y`` from the first to each later one; otherwise as `trapezoid`.

    >>> import autograd
    >>> autograd.cumulative_trapezoid(autograd.tensor([1.0, 2.0, 3.0]))
    tensor([1.5000, 4.0000])
    """
    areas, axis = _areas("cumulative_trapezoid", y, x, dx, dim)
    return cumsum(areas, axis)


def _areas(name: str, y: Any, x: Any, dx: Any, dim: int) -> tuple[Any, int]:
    """The area between each two samples along ``dim``, and that dim from the front."""
    if not array_of(y).shape:
        raise ShapeError(f"{name}: y is 0-d; an area needs samples along a dim")
    if bool_ in (y.dtype, getattr(x, "dtype", None)):
        raise DTypeError(f"{name}: is not defined for bool; convert first: y.float()")
    if x is not None and dx is not None:
        raise DTypeError(f"{name}: got x and dx; the distances follow from x, leave dx out")
    axis = axis_of(y, dim, name)
    heights = _neighbours(y, dim=axis, sign=1)
    widths = (1 if dx is None else dx) if x is None else _distances(name, x, y, axis)
    return heights * widths / 2, axis


def _distances(name: str, x: Any, y: Any, axis: int) -> Any:
    """The distances of places ``x``, in dims that broadcast with the pairs of samples ``y``."""
    if len(array_of(x).shape) == 1:
        along, behind = 0, len(y.shape) - axis - 1
    else:
        along, behind = axis - len(y.shape) + len(x.shape), 0
    if along < 0 or x.shape[along : along + 1] != y.shape[axis : axis + 1]:
        raise ShapeError(
            f"{name}: x must have a place for each of the {y.shape[axis]} samples "
            f"along dim {axis} (x {describe(unwrap(x))}, y {describe(unwrap(y))})"
        )
    distances = _neighbours(x, dim=along, sign=-1)
    return reshape(distances, (-1, *[1] * behind)) if behind else distances


# -- derivatives of sampled functions --------------------------------------------------------------


def gradient(
    input: Any, *, spacing: Any = None, dim: int | Sequence[int] | None = None, edge_order: int = 1
) -> tuple[Any, ...]:
    """The derivatives of a function along each ``dim`` (all, by default), from its samples
    ``input``.

    Inside by differences over both neighbours, exact for parabolas (Fornberg, 1988); at the ends by
    one-sided ones, exact for polynomials of degree ``edge_order``, 1 or 2. ``spacing``: the
    distance of the samples, a number (1, by default) or one for each dim; or their places, a list
    with a vector for each dim. Raises ShapeError where these do not fit, and for dims of
    ``edge_order`` samples or fewer.

    >>> import autograd
    >>> autograd.gradient(autograd.tensor([1.0, 4.0, 9.0, 16.0]))
    (tensor([3., 4., 6., 7.]),)
    """
    if edge_order not in (1, 2):
        raise ShapeError(f"gradient: edge_order must be 1 or 2, got {edge_order}")
    if array_of(input).dtype in (bool_, uint8):
        raise ShapeError(
            f"gradient: is not defined for {input.dtype}; convert first: input.float()"
        )
    named = range(len(input.shape)) if dim is None else (dim,) if isinstance(dim, int) else dim
    axes = checked_dims("gradient", tuple(named), len(input.shape))
    steps = _steps(spacing, len(axes), input)
    results = []
    for axis, step in zip(axes, steps):
        if input.shape[axis] <= edge_order:
            raise ShapeError(
                f"gradient: dim {axis} has {input.shape[axis]} samples; edge_order {edge_order} "
                "needs "
                f"at least {edge_order + 1}"
            )
        results.append(_derivative(input, axis, _widths(step, input, axis), edge_order))
    return tuple(results)


def _steps(spacing: Any, count: int, x: Any) -> list[Any]:
    """A distance, or a vector of places, for each of ``count`` dims."""
    if isinstance(spacing, Variable):
        raise DTypeError("gradient: spacing must be a number or a list; got a tensor")
    if not isinstance(spacing, (tuple, list)):
        return [1 if spacing is None else spacing] * count
    if len(spacing) != count:
        raise ShapeError(f"gradient: got {len(spacing)} spacings for {count} dims; needs one each")
    return list(spacing)


def _widths(step: Any, x: Any, axis: int) -> Any:
    """The distances between the samples along ``axis``, to be multiplied with these: a number, or
    a tensor."""
    if not hasattr(step, "shape"):
        return step
    if step.shape != x.shape[axis : axis + 1]:
        raise ShapeError(
            f"gradient: places of shape {step.shape} can't be those of the {x.shape[axis]} samples "
            f"along dim {axis}"
        )
    return reshape(_neighbours(step, dim=0, sign=-1), (-1, *[1] * (len(x.shape) - axis - 1)))


def _derivative(x: Any, axis: int, widths: Any, edge_order: int) -> Any:
    """The derivative along ``axis`` of samples ``widths`` apart."""
    slopes = _neighbours(x, dim=axis, sign=-1) / widths

    def part(of: Any, start: int | None, stop: int | None) -> Any:
        if not hasattr(of, "shape"):
            return of
        return getitem(of, (..., slice(start, stop), *[slice(None)] * (len(x.shape) - axis - 1)))

    # The parabola through three samples has at the middle one the mean of the slopes on both
    # sides, each weighted with the width of the other.
    before, after = part(widths, None, -1), part(widths, 1, None)
    left, right = part(slopes, None, -1), part(slopes, 1, None)
    inner = (left * after + right * before) / (before + after)
    first, last = part(slopes, None, 1), part(slopes, -1, None)
    if edge_order == 2:  # the slope of a parabola is linear, and halfway it is that of the chord
        bend = (right - left) / (before + after)
        first = first - part(bend, None, 1) * part(widths, None, 1)
        last = last + part(bend, -1, None) * part(widths, -1, None)
    return cat([first, inner, last], axis)
