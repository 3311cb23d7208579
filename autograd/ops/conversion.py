"""Copies of a tensor: in another dtype, on another device, or as it is."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import convert
from autograd.core.variable import Array, Variable
from autograd.dtypes import as_dtype
from autograd.errors import DeviceError, DTypeError


@primitive(x=lambda g: g)
def clone(x: Array) -> Array:
    """A copy; gradients flow through it.

    >>> import autograd
    >>> x = autograd.ones(2)
    >>> x.clone().add_(1), x
    (tensor([2., 2.]), tensor([1., 1.]))
    """
    return np.copy(x)


def to(x: Any, *args: Any, dtype: Any = None, device: Any = None, copy: bool = False, non_blocking: bool = False) -> Any:
    """``x`` in another dtype and on another device, given in any order, or as another tensor is; itself if it is so.

    Raises DeviceError for a device other than the CPU.

    >>> import autograd
    >>> autograd.ones(2).to(autograd.float64)
    tensor([1., 1.], dtype=float64)
    """
    for arg in args:
        if isinstance(arg, Variable):
            dtype = arg._array.dtype
        elif isinstance(arg, str) and arg.partition(":")[0] in _DEVICES:
            device = arg
        elif not isinstance(arg, bool):
            dtype = arg
    check_device(device)
    result = x if dtype is None else convert(x, as_dtype(dtype))
    return clone(result) if copy and result is x else result


_DEVICES = ("cpu", "cuda", "mps", "meta", "xpu")


def check_device(device: Any) -> None:
    """Raise DeviceError unless ``device`` means the CPU."""
    if device is not None and str(device).partition(":")[0] != "cpu":
        raise DeviceError(f"to: there is no device {str(device)!r} here, only 'cpu'")


def type_as(x: Any, other: Any) -> Any:
    """``x`` in the dtype of ``other``."""
    return to(x, other)


def type(x: Any, dtype: Any = None) -> Any:
    """``x`` in ``dtype``; without one, the name of its dtype."""
    return str(x.dtype) if dtype is None else to(x, dtype=dtype)
