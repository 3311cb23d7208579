"""New tensors whose elements lie in memory in an order of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np

from autograd.core.variable import array_of
from autograd.creation import shape_of
from autograd.errors import DimensionError, ShapeError
from autograd.ops.shaping import sizes_of
from autograd.options import Options, dtype_in, finish


def empty_strided(size: Sequence[int], stride: Sequence[int], **options: Unpack[Options]) -> Any:
    """Memory, with whatever was in it, for shape ``size``; neighbours along dim ``i`` are
    ``stride[i]`` elements apart.

    >>> import autograd
    >>> autograd.empty_strided((2, 3), (1, 2)).stride()
    (1, 2)
    """
    return _strided("empty_strided", size, stride, options)


def new_empty_strided(
    x: Any, size: Sequence[int], stride: Sequence[int], **options: Unpack[Options]
) -> Any:
    """As `empty_strided`, in the dtype of ``x`` unless one is given."""
    options["dtype"] = dtype_in(options, array_of(x).dtype)
    return _strided("new_empty_strided", size, stride, options)


def _strided(name: str, size: Any, stride: Any, options: Options) -> Any:
    shape, strides = shape_of(name, (size,)), sizes_of(name, (stride,))
    if len(shape) != len(strides) or min(strides, default=0) < 0:
        raise ShapeError(
            f"{name}: needs a stride, none negative, for each size, got {strides} for {shape}"
        )
    count = 0 if 0 in shape else 1 + sum((n - 1) * step for n, step in zip(shape, strides))
    memory = np.empty(count, dtype_in(options))
    steps = [step * memory.itemsize for step in strides]
    return finish(name, np.ndarray(shape, memory.dtype, memory, 0, steps), options)


def empty_permuted(
    size: Sequence[int], physical_layout: Sequence[int], **options: Unpack[Options]
) -> Any:
    """Memory, with whatever was in it, for shape ``size``, without gaps, in which the dims vary in
    the order ``physical_layout``, the last of them fastest.

    Raises ShapeError, DimensionError unless ``physical_layout`` names each dim once.

    >>> import autograd
    >>> autograd.empty_permuted((2, 3, 4), (0, 2, 1)).stride()
    (12, 1, 3)
    """
    shape = shape_of("empty_permuted", (size,))
    order = sizes_of("empty_permuted", (physical_layout,))
    if len(order) != len(shape) or len(set(order)) < len(order):
        raise ShapeError(f"empty_permuted: needs each dim of {shape} once, got {order}")
    if any(not 0 <= dim < len(shape) for dim in order):
        raise DimensionError(f"empty_permuted: the dims of {shape} count from 0, got {order}")
    memory = np.empty([shape[dim] for dim in order], dtype_in(options))
    places = [order.index(dim) for dim in range(len(shape))]
    return finish("empty_permuted", np.transpose(memory, places), options)
