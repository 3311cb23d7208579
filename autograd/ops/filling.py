"""New contents for a tensor, in its shape and dtype: what the in-place `fill_`, `zero_` and `copy_`
leave."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import convert
from autograd.core.variable import Array, Variable, unwrap
from autograd.errors import ShapeError, describe


@primitive(x=lambda g: g * 0, source=lambda g: g)
def _replace(x: Array, source: Array) -> Array:
    return np.broadcast_to(source, x.shape).astype(x.dtype)


def fill(x: Any, value: Any) -> Any:
    """A tensor like ``x`` full of ``value``, a number or a tensor without dims.

    >>> import autograd
    >>> autograd.fill(autograd.zeros(2), 3)
    tensor([3., 3.])
    """
    if np.ndim(unwrap(value)) != 0:
        raise ShapeError(f"fill: value must be one number, got {describe(unwrap(value))}")
    return copy(x, value)


def zero(x: Any) -> Any:
    """Zeros like ``x``."""
    return _replace(x, 0)


def copy(x: Any, source: Any, non_blocking: bool = False) -> Any:
    """``source`` in the shape (by broadcasting) and the dtype of ``x``."""
    if isinstance(source, Variable):
        source = convert(source, unwrap(x).dtype)
    return _replace(x, source)
