"""Tensors in NumPy's functions, and arrays in tensors' operations."""

from __future__ import annotations

from typing import Any

import numpy as np


def as_numpy(tensor: Any, dtype: Any = None, copy: bool | None = None) -> Any:
    """What ``np.asarray(tensor)`` gives: the array, detached."""
    return np.array(tensor._array, dtype=dtype, copy=copy)


def ufunc(tensor: Any, function: Any, method: str, *args: Any, **kwargs: Any) -> Any:
    return NotImplemented


def function(tensor: Any, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
    return NotImplemented


def to_dlpack(tensor: Any, **kwargs: Any) -> Any:
    return tensor._array.__dlpack__(**kwargs)


def dlpack_device(tensor: Any) -> Any:
    return tensor._array.__dlpack_device__()
