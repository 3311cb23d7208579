"""Layer, group and instance normalization, of arrays in which the last dim is in rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.kernels.compiled import common
from autograd.kernels.compiled.common import accepts, compiled, primitive_of
from autograd.kernels.compiled.normalization import SHARE, bounds_of, moments_of, sums_of
from autograd.ops.normalization import _normalize_rows, _normalize_rows_gradients
from autograd.threads import spread


@compiled
def _standardization(line: Any, eps: float) -> Any:
    """The mean of a line, and what makes its variance 1."""
    total, square = moments_of(line)
    scale = 1 / np.sqrt(square / line.size + eps)
    return line.dtype.type(total / line.size), line.dtype.type(scale)


@compiled
def _normalize(x: Any, weight: Any, bias: Any, eps: float, out: Any, first: int, last: int) -> None:
    for row in range(first, last):
        line, written = x[row], out[row]
        center, scale = _standardization(line, eps)
        for i in range(line.size):
            written[i] = (line[i] - center) * scale * weight[i] + bias[i]


@compiled
def _add_weights_gradients(
    g: Any, x: Any, center: Any, scale: Any, by_weight: Any, by_bias: Any
) -> None:
    for i in range(x.size):
        by_weight[i] += g[i] * ((x[i] - center) * scale)
        by_bias[i] += g[i]


@compiled
def _normalize_gradients(
    g: Any,
    x: Any,
    weight: Any,
    eps: float,
    out: Any,
    by_weight: Any,
    by_bias: Any,
    bounds: Any,
    first: int,
    last: int,
) -> None:
    """``bounds`` tell the rows of each part, which has its own sums for weight and bias. An empty
    weight means 1, and no sums are taken if they are empty."""
    for part in range(first, last):
        for row in range(bounds[part], bounds[part + 1]):
            line, upstream, written = x[row], g[row], out[row]
            center, scale = _standardization(line, eps)
            weighted = upstream
            if weight.size:
                weighted = written
                for i in range(line.size):
                    written[i] = upstream[i] * weight[i]
            total, along = sums_of(weighted, line, center)
            constant = line.dtype.type(total / line.size)
            slope = line.dtype.type(along / line.size * scale * scale)
            for i in range(line.size):
                written[i] = (weighted[i] - (line[i] - center) * slope - constant) * scale
            if by_weight.size:
                _add_weights_gradients(
                    upstream, line, center, scale, by_weight[part], by_bias[part]
                )


def normalize_rows(x: Any, weight: Any, bias: Any, eps: float) -> Any:
    """`autograd.ops.normalization._normalize_rows`."""
    if not _accepted(x, weight, bias):
        return NotImplemented
    length = x.shape[-1]
    weight = np.ones(length, x.dtype) if weight is None else weight
    bias = np.zeros(length, x.dtype) if bias is None else bias
    out = common.allocate(x.shape, x.dtype)
    rows, written = x.reshape(-1, length), out.reshape(-1, length)
    spread(
        lambda first, last: _normalize(rows, weight, bias, float(eps), written, first, last),
        len(rows),
        SHARE // length + 1,
    )
    return out


def normalize_rows_gradients(g: Any, wanted: Any, x: Any, weight: Any, eps: float) -> Any:
    """`autograd.ops.normalization._normalize_rows_gradients`."""
    g = np.ascontiguousarray(common.plain(g))
    if not _accepted(x, weight, None) or not accepts(x, g):
        return NotImplemented
    length, affine = x.shape[-1], wanted[1] or wanted[2]
    rows, upstream = x.reshape(-1, length), g.reshape(-1, length)
    parts = min(16, len(rows), -(-x.size // SHARE))
    by_weight, by_bias = (common.allocate((parts * affine, length), x.dtype) for _ in range(2))
    by_weight[:], by_bias[:] = 0, 0
    out = common.allocate(x.shape, x.dtype)
    arrays = (
        upstream,
        rows,
        np.empty(0, x.dtype) if weight is None else weight,
        float(eps),
        out.reshape(-1, length),
        by_weight,
        by_bias,
        bounds_of(len(rows), parts),
    )
    spread(lambda first, last: _normalize_gradients(*arrays, first, last), parts, 1)
    return out, by_weight.sum(0) if wanted[1] else None, by_bias.sum(0) if wanted[2] else None


def _accepted(x: Any, weight: Any, bias: Any) -> bool:
    arrays = [array for array in (weight, bias) if array is not None]
    return (
        accepts(x, *arrays)
        and x.size > 0
        and all(array.flags.c_contiguous for array in (x, *arrays))
    )


KERNELS = {
    primitive_of(_normalize_rows): normalize_rows,
    primitive_of(_normalize_rows_gradients): normalize_rows_gradients,
}
