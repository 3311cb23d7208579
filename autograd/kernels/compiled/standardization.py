"""Layer, group and instance normalization, of arrays in which the last dims are rows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.kernels.compiled import common
from autograd.kernels.compiled.common import accepts, compiled, primitive_of
from autograd.kernels.compiled.normalization import SHARE, moments_of, sums_of
from autograd.ops.normalization import _standardize, _standardize_gradient
from autograd.threads import spread


@compiled
def _standardize_rows(
    x: Any, eps: float, out: Any, centers: Any, variances: Any, first: int, last: int
) -> None:
    for row in range(first, last):
        line, written = x[row], out[row]
        total, square = moments_of(line)
        centers[row] = total / line.size
        variances[row] = square / line.size
        center = centers[row]
        scale = x.dtype.type(1 / np.sqrt(square / line.size + eps))
        for i in range(line.size):
            written[i] = (line[i] - center) * scale


@compiled
def _standardize_rows_gradient(
    g: Any,
    g_centers: Any,
    g_variances: Any,
    standard: Any,
    variances: Any,
    eps: float,
    out: Any,
    first: int,
    last: int,
) -> None:
    for row in range(first, last):
        line, upstream, written = standard[row], g[row], out[row]
        total, along = sums_of(upstream, line, g.dtype.type(0))
        scale = 1 / np.sqrt(np.float64(variances[row]) + eps)
        constant = g.dtype.type((total - g_centers[row] / scale) / line.size)
        slope = g.dtype.type((along - 2 * g_variances[row] / (scale * scale)) / line.size)
        factor = g.dtype.type(scale)
        for i in range(line.size):
            written[i] = (upstream[i] - line[i] * slope - constant) * factor


def _row_length(x: Any, dims: tuple[int, ...]) -> int:
    """The size of the ``dims`` if they are the last and ``x`` has them in rows, else 0."""
    last = tuple(sorted(dim % x.ndim for dim in dims)) == tuple(range(x.ndim - len(dims), x.ndim))
    return math.prod(x.shape[x.ndim - len(dims) :]) if last and x.flags.c_contiguous else 0


def standardize(x: Any, dims: tuple[int, ...], eps: float) -> Any:
    """`autograd.ops.normalization._standardize`, of the last dims."""
    length = _row_length(x, dims) if accepts(x) else 0
    if not length or not x.size:
        return NotImplemented
    rows = x.size // length
    kept = (*x.shape[: x.ndim - len(dims)], *(1,) * len(dims))
    out, centers, variances = (common.allocate(s, x.dtype) for s in (x.shape, kept, kept))
    lines = x.reshape(rows, length)
    written = (out.reshape(lines.shape), centers.reshape(-1), variances.reshape(-1))
    arrays = (lines, float(eps), *written)
    spread(lambda first, last: _standardize_rows(*arrays, first, last), rows, SHARE // length + 1)
    return out, centers, variances


def standardize_gradient(
    g: Any, standard: Any, variance: Any, dims: tuple[int, ...], eps: float
) -> Any:
    """`autograd.ops.normalization._standardize_gradient`, of the last dims."""
    parts = [np.ascontiguousarray(common.plain(part)) for part in g]
    accepted = accepts(standard, variance, *parts) and variance.flags.c_contiguous
    length = _row_length(standard, dims) if accepted else 0
    if not length or not standard.size:
        return NotImplemented
    rows = standard.size // length
    out = common.allocate(standard.shape, standard.dtype)
    lines, upstream = standard.reshape(rows, length), parts[0].reshape(rows, length)
    by_row = [part.reshape(rows) for part in (*parts[1:], variance)]
    arrays = (upstream, *by_row[:2], lines, by_row[2], float(eps), out.reshape(rows, length))
    spread(
        lambda first, last: _standardize_rows_gradient(*arrays, first, last),
        rows,
        SHARE // length + 1,
    )
    return out


KERNELS = {
    primitive_of(_standardize): standardize,
    primitive_of(_standardize_gradient): standardize_gradient,
}
