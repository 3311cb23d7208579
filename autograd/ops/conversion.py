"""Copies of a tensor: in another dtype, on another device, or as it is."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import devices, dtypes
from autograd.core.primitive import primitive
from autograd.core.promotion import convert
from autograd.core.variable import Array, Variable, array_of
from autograd.dtypes import DType, as_dtype
from autograd.errors import DeviceError, DTypeError

_DEVICES = ("cpu", "cuda", "mps", "xpu", "meta")


@primitive(x=lambda g: g)
def clone(x: Array) -> Array:
    """A copy; gradients flow through it.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> x.clone() * 2, x
    (tensor([2., 4.]), tensor([1., 2.]))
    """
    return np.copy(x)


def to(
    x: Any,
    *args: Any,
    dtype: Any = None,
    device: Any = None,
    other: Any = None,
    non_blocking: builtins.bool = False,
    copy: builtins.bool = False,
) -> Any:
    """``x`` in another dtype, on another device, or as another tensor is; itself if it is so.

    The forms: ``to(dtype)``, ``to(device, dtype)``, ``to(other)``; ``non_blocking`` and ``copy``
    may follow. Gradients flow through casts between floating (and complex) dtypes. Raises
    DeviceError for anything but the CPU.

    >>> import autograd
    >>> autograd.tensor([1, 2]).to(autograd.float64)
    tensor([1., 2.], dtype=float64)
    """
    flags = [arg for arg in args if isinstance(arg, builtins.bool)]
    given = [
        arg for arg in (*args, other) if arg is not None and not isinstance(arg, builtins.bool)
    ]
    devices_given = [arg for arg in given if is_device(arg)] + [device] * (device is not None)
    dtypes_given = [arg for arg in given if not is_device(arg)] + [dtype] * (dtype is not None)
    if max(len(flags) - 1, len(devices_given), len(dtypes_given)) > 1:
        raise DTypeError("to: takes one dtype or tensor, one device, and two flags at most")
    check_device(next(iter(devices_given), None), "to")
    dtype = next(iter(dtypes_given), None)
    dtype = array_of(dtype).dtype if isinstance(dtype, Variable) else dtype
    result = x if dtype is None else _in_dtype(x, _known(dtype))
    copy = copy or (len(flags) == 2 and flags[1])
    return clone(result) if copy and result is x else result


def _known(dtype: Any) -> DType:
    try:
        return as_dtype(dtype)
    except DTypeError as error:
        raise DTypeError(f"to: {error}") from None


def _in_dtype(x: Any, dtype: DType) -> Any:
    """``x`` in ``dtype``, silent about what does not fit; of complex numbers, the real part."""
    with np.errstate(over="ignore", invalid="ignore"):
        if not isinstance(x, Variable):
            return np.asarray(x).astype(dtype, copy=False)
        if x._array.dtype.kind == "c" and dtype.kind in "iu":
            x = convert(x, dtypes.float64)
        return convert(x, dtype)


def is_device(value: Any) -> builtins.bool:
    """Whether ``value`` names a device, there or not."""
    return isinstance(value, devices.device) or (
        isinstance(value, str) and value.partition(":")[0] in _DEVICES
    )


def check_device(device: Any, operation: str = "device") -> None:
    """Raise DeviceError unless ``device`` is None or means the CPU."""
    if device is not None and str(device).partition(":")[0] != "cpu":
        raise DeviceError(
            f"{operation}: there is no device {str(device)!r} here, only 'cpu'; leave it out"
        )


def type_as(x: Any, other: Any) -> Any:
    """``x`` in the dtype of ``other``."""
    return to(x, dtype=array_of(other).dtype)


def type(x: Any, dtype: Any = None, non_blocking: builtins.bool = False) -> Any:
    """``x`` in ``dtype``; without one, the name of its dtype.

    >>> import autograd
    >>> autograd.tensor([1.0]).type(), autograd.tensor([1.0]).type(autograd.int64)
    ('float32', tensor([1]))
    """
    return str(array_of(x).dtype) if dtype is None else to(x, dtype=dtype)


def cpu(x: Any) -> Any:
    """``x`` itself: it is on the CPU."""
    return x


def cuda(x: Any, device: Any = None, non_blocking: builtins.bool = False) -> Any:
    """Raise DeviceError: there is no GPU here."""
    check_device("cuda", "cuda")


def _cast_to(name: str, dtype: DType) -> Callable[[Any], Any]:
    def method(x: Any) -> Any:
        return to(x, dtype=dtype)

    method.__name__ = name
    method.__qualname__ = f"Tensor.{name}"
    method.__doc__ = f"The tensor as {dtype}; itself if it is that already."
    return method


# The methods x.float(), x.double(), ...; without the prefix they would hide Python's own types.
to_float = _cast_to("float", dtypes.float32)
to_double = _cast_to("double", dtypes.float64)
to_half = _cast_to("half", dtypes.float16)
to_int = _cast_to("int", dtypes.int32)
to_long = _cast_to("long", dtypes.int64)
to_short = _cast_to("short", dtypes.int16)
to_char = _cast_to("char", dtypes.int8)
to_byte = _cast_to("byte", dtypes.uint8)
to_bool = _cast_to("bool", dtypes.bool_)
to_cfloat = _cast_to("cfloat", dtypes.complex64)
to_cdouble = _cast_to("cdouble", dtypes.complex128)
