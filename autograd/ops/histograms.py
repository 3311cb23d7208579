"""How many numbers, or points, lie in each of many bins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of, make, unwrap
from autograd.dtypes import float32, float64
from autograd.errors import DTypeError, ShapeError
from autograd.ops.shaping import reshape


class Histogram(NamedTuple):
    """Counts (or sums of weights, or densities), and the edges of the bins."""

    hist: Any
    bin_edges: Any


def histogram(
    input: Any,
    bins: Any,
    *,
    range: Sequence[float] | None = None,
    weight: Any = None,
    density: bool = False,
) -> Histogram:
    """How many elements of ``input`` lie in each of ``bins``; the sum of their ``weight``, if
    given.

    ``bins``: a number of equal ones over ``range`` (by default from the smallest to the largest
    element), or their sorted edges. A bin has its lower edge; the last has its upper one, too.
    ``density``: divided by the sum and by the widths. What lies outside is not counted. Raises
    ShapeError, DTypeError.

    >>> import autograd
    >>> autograd.histogram(autograd.tensor([0.0, 1.0, 1.5, 4.0]), 2)
    Histogram(hist=tensor([3., 1.]), bin_edges=tensor([0., 2., 4.]))
    """
    several = hasattr(unwrap(bins), "shape")
    weights = None if weight is None else reshape(weight, -1)
    if weight is not None and array_of(weight).shape != array_of(input).shape:
        raise ShapeError("histogram: weight must have the shape of input, one for each element")
    counts, (edges,) = _counted(
        "histogram", reshape(input, -1, 1), [bins] if several else bins, range, weights, density
    )
    return Histogram(counts, edges)


def histogramdd(
    input: Any,
    bins: Any,
    *,
    range: Sequence[float] | None = None,
    weight: Any = None,
    density: bool = False,
) -> Histogram:
    """As `histogram`, of points, whose coordinates are the last dim of ``input``: counts with a
    dim, and edges, for each coordinate.

    ``bins``: a number, or a list with one (or with the edges) for each coordinate; ``range``: the
    lower and the upper bound for each, in one list. Raises ShapeError, DTypeError.

    >>> import autograd
    >>> points = autograd.tensor([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]])
    >>> autograd.histogramdd(points, [2, 2]).hist.tolist()
    [[0.0, 1.0], [1.0, 1.0]]
    """
    shape = array_of(input).shape
    if len(shape) < 2:
        raise ShapeError(f"histogramdd: input must have at least 2 dims, got shape {shape}")
    if weight is not None and array_of(weight).shape != shape[:-1]:
        raise ShapeError(f"histogramdd: weight must have shape {shape[:-1]}, one for each point")
    points = input.reshape(int(np.prod(shape[:-1])), shape[-1])
    weights = None if weight is None else weight.reshape(-1)
    return Histogram(*_counted("histogramdd", points, bins, range, weights, density))


def _counted(
    name: str, points: Any, bins: Any, range: Any, weight: Any, density: bool
) -> tuple[Any, tuple[Any, ...]]:
    """The histogram of ``points`` (number, coordinates), and the edges for each coordinate."""
    array, number = array_of(points), array_of(points).shape[1]
    if array.dtype not in (float32, float64):
        raise DTypeError(f"{name}: needs float32 or float64, got {array.dtype}; use x.float()")
    if weight is not None and array_of(weight).dtype != array.dtype:
        raise DTypeError(f"{name}: weight must have the dtype of x, {array.dtype}")
    each = list(bins) if isinstance(bins, (tuple, list)) else [bins] * number
    if len(each) != number:
        raise ShapeError(f"{name}: needs bins for each of {number} coordinates, got {len(each)}")
    bounds = _bounds(name, array, range) if any(isinstance(item, int) for item in each) else []
    edges = [
        _equal_edges(name, item, *bounds[i], array.dtype)
        if isinstance(item, int)
        else _given_edges(name, array_of(item), array.dtype)
        for i, item in enumerate(each)
    ]
    counts = _histogram(points, weight, edges=edges, density=density)
    return counts, tuple(make(np.array(edge)) for edge in edges)


def _bounds(name: str, points: Any, range: Any) -> list[tuple[Any, Any]]:
    """The lowest and the highest edge for each coordinate."""
    number = points.shape[1]
    if range is not None:
        if len(range) != 2 * number:
            raise ShapeError(f"{name}: range must have {2 * number} bounds, got {len(range)}")
        bounds = list(zip(range[::2], range[1::2]))
    elif not len(points):
        bounds = [(0.0, 1.0)] * number
    else:
        bounds = list(zip(points.min(0), points.max(0)))
    for low, high in bounds:
        if not (np.isfinite(low) and np.isfinite(high) and low <= high):
            raise ShapeError(f"{name}: bounds must be finite and in order, got {low} and {high}")
    return [(low - 0.5, high + 0.5) if low == high else (low, high) for low, high in bounds]


def _equal_edges(name: str, bins: int, low: Any, high: Any, dtype: Any) -> Any:
    """The edges of ``bins`` equal bins, counted from the nearer end so that both ends are exact."""
    if bins < 1:
        raise ShapeError(f"{name}: the number of bins must be positive, got {bins}")
    low, high = dtype.type(low), dtype.type(high)
    i = np.arange(bins + 1)
    step = (high - low) / dtype.type(bins)
    return np.where(2 * i < bins + 1, low + step * i, high - step * (bins - i)).astype(dtype)


def _given_edges(name: str, edges: Any, dtype: Any) -> Any:
    if edges.dtype != dtype:
        raise DTypeError(f"{name}: the edges must have the dtype of x, {dtype}, got {edges.dtype}")
    if edges.ndim != 1 or not edges.size:
        raise ShapeError(f"{name}: edges must be a vector, got shape {edges.shape}")
    return edges


@primitive()
def _histogram(x: Array, weight: Array, *, edges: list[Any], density: bool) -> Array:
    shape = tuple(len(edge) - 1 for edge in edges)
    inside = np.ones(len(x), bool)
    places = np.zeros(len(x), np.int64)
    for coordinate, edge in zip(x.T, edges):
        inside &= (coordinate >= edge[0]) & (coordinate <= edge[-1])
        bins = np.searchsorted(edge, coordinate, "right") - 1
        places = places * (len(edge) - 1) + bins - (coordinate == edge[-1])
    weights = None if weight is None else weight[inside]
    counts = np.bincount(places[inside], weights, int(np.prod(shape))).reshape(shape)
    counts = counts.astype(x.dtype)
    if not density:
        return counts
    counts = counts / counts.sum()
    for width in np.ix_(*[np.diff(edge) for edge in edges]):
        counts = counts / width
    return counts
