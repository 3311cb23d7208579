"""The three operations that the engine itself needs: broadcasting, its inverse, and a change of
dtype."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.sums import added
from autograd.core.variable import Array
from autograd.errors import ShapeError


def expanded(x: Array, shape: tuple[int, ...]) -> Array:
    """The array ``x`` broadcast to ``shape``, a read-only view: np.broadcast_to in a tenth of its
    time, for the backward of every sum comes through here."""
    if isinstance(x, np.generic):  # what NumPy's arithmetic makes of 0-d arrays
        x = np.asarray(x)
    if type(x) is not np.ndarray or not x.flags.c_contiguous or not x.size:
        return np.broadcast_to(x, shape)
    new = len(shape) - x.ndim
    if new < 0 or any(size not in (1, shape[new + i]) for i, size in enumerate(x.shape)):
        raise ShapeError(f"{x.shape} does not broadcast to {shape}")
    repeated = [0 if size == 1 else stride for size, stride in zip(x.shape, x.strides)]
    view = np.ndarray(shape, x.dtype, x, 0, (0,) * new + tuple(repeated))
    view.flags.writeable = False
    return view


@primitive(x=lambda g, x_shape: sum_to(g, x_shape), view=True)
def broadcast_to(x: Array, shape: tuple[int, ...]) -> Array:
    """``x`` repeated along its dims of size 1, and along new leading dims, to ``shape``; a
    read-only view.

    >>> import autograd
    >>> autograd.broadcast_to(autograd.tensor([1, 2]), (2, 2)).tolist()
    [[1, 2], [1, 2]]
    """
    return expanded(x, shape)


@primitive(x=lambda g, x_shape: broadcast_to(g, x_shape))
def sum_to(x: Array, shape: tuple[int, ...]) -> Array:
    """``x`` summed down to ``shape``: the inverse, or rather the adjoint, of broadcasting.

    >>> import autograd
    >>> sum_to(autograd.ones(2, 3), (1, 3)).tolist()
    [[2.0, 2.0, 2.0]]
    """
    new = x.ndim - len(shape)
    if new > 0 and x.shape[new:] == shape and x.dtype != np.float16:  # of a bias, most often
        return added(x, tuple(range(new)))
    if new < 0 or any(size not in (1, x.shape[new + i]) for i, size in enumerate(shape)):
        raise ShapeError(f"cannot sum {x.shape} to {shape}; each size must be the same or 1")
    repeated = tuple(new + i for i, size in enumerate(shape) if size == 1 and x.shape[new + i] != 1)
    axes = (*range(new), *repeated)
    if x.dtype == np.float16:  # a sum of many would stop growing, or overflow on its way
        total = np.add.reduce(x, axis=axes, dtype=np.float32, keepdims=True).astype(x.dtype)
    else:
        total = added(x, axes, keepdims=True)
    return total.reshape(shape)


@primitive(x=lambda g: g)
def cast(x: Array, dtype: np.dtype[Any]) -> Array:
    """``x`` with another floating or complex dtype; the real part, if it goes from complex to
    real."""
    if x.dtype.kind == "c" and dtype.kind == "f":
        x = x.real
    return x.astype(dtype)
