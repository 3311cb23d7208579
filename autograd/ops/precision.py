"""Computing in single precision what is stored in half."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.core.broadcast import cast
from autograd.core.variable import unwrap
from autograd.dtypes import DType, float16, float32


def half_in_single(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function``, but what it is given in float16 it gets in float32, and its results are
    float16 again.

    A sum of many float16 numbers loses its digits one after the other; PyTorch too rounds only
    the end.
    """

    @functools.wraps(function)
    def widened(*args: Any, **params: Any) -> Any:
        if not any(map(_is_half, args)):
            return function(*args, **params)
        result = function(*map(_single, args), **params)
        return tuple(map(_half, result)) if isinstance(result, tuple) else _half(result)

    return widened


def summed_in(dtype: DType) -> DType | None:
    """What a sum of numbers of ``dtype`` is kept in; None for itself."""
    return float32 if dtype == float16 else None


def sum_at(out: Any, places: Any, values: Any) -> None:
    """``np.add.at(out, places, values)``, which rounds sums in half precision once, at the end."""
    total = out.astype(summed_in(out.dtype) or out.dtype, copy=False)
    np.add.at(total, places, values)
    if total is not out:
        out[...] = total


def _is_half(value: Any) -> bool:
    return getattr(unwrap(value), "dtype", None) == float16


def _single(value: Any) -> Any:
    return cast(value, float32) if _is_half(value) else value


def _half(value: Any) -> Any:
    return cast(value, float16)
