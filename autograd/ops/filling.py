"""New contents for a tensor, in its shape and dtype: what the in-place `fill_`, `zero_` and `copy_`
leave."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.broadcast import broadcast_to
from autograd.core.promotion import convert
from autograd.core.variable import make, unwrap
from autograd.dtypes import as_dtype
from autograd.errors import ShapeError, describe


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
    return make(np.zeros_like(unwrap(x)))


def copy(x: Any, source: Any, non_blocking: bool = False) -> Any:
    """``source`` in the shape (by broadcasting) and the dtype of ``x``."""
    array = unwrap(x)
    if not hasattr(source, "shape"):
        return make(np.full_like(array, source))
    source = source if source is not unwrap(source) else make(source)
    return broadcast_to(convert(source, as_dtype(array.dtype)), array.shape)
