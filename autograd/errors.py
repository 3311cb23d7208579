"""The exceptions of the library, and how a failure inside an operation becomes one of them.

Each is also the built-in exception that a NumPy or a PyTorch user would catch, so existing
``except`` clauses work."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any

import numpy as np


class AutogradError(RuntimeError):
    """Any error that this library raises on purpose."""


class ShapeError(AutogradError, ValueError):
    """Shapes, or the values of an argument, do not fit the operation."""


class DimensionError(AutogradError, IndexError):
    """A ``dim`` or an index lies outside the tensor."""


class DTypeError(AutogradError, TypeError):
    """The operation is not defined for this dtype or type of argument."""


class DeviceError(AutogradError):
    """The arrays of an operation live on different devices, or the device is not there."""


class GraphError(AutogradError):
    """The recorded graph cannot answer: freed, changed in place, or never recorded."""


class AnomalyError(AutogradError):
    """A NaN or an infinity turned up while ``detect_anomaly`` was on."""


def describe(value: Any) -> str:
    """``float32 (2, 3)`` for whatever has a shape and a dtype, the type's name otherwise.

    >>> describe(np.zeros((2, 3), np.float32)), describe([1, 2])
    ('float32 (2, 3)', 'list')
    """
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{value.dtype} {tuple(value.shape)}"
    return repr(value) if isinstance(value, (bool, int, float, complex)) else type(value).__name__


def describe_all(names: Sequence[str], values: Sequence[Any]) -> str:
    """``x float32 (2, 3), y float32 (4,)``: the arguments of an operation, as error messages show
    them."""
    return ", ".join(
        f"{name} {describe(value)}"
        for name, value in zip(names, values, strict=False)
        if value is not None
    )


def not_a_tensor(
    value: Any, operation: str = "autograd", argument: str = "an argument"
) -> DTypeError:
    """The exception to raise where ``operation`` was given ``value`` in place of a tensor.

    The operation that the user called, and the name of the argument there, are read off the stack:
    so no operation needs to check its arguments, and none is slower for it."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _MODULES.match(frame.f_globals.get("__name__", "")):
        name = _name_of_call(frame, is_inmost=operation == "autograd")
        if name is not None:
            code, operation = frame.f_code, name
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            found = [name for name in names if frame.f_locals.get(name) is value]
            argument = found[0] if found else argument
        frame = frame.f_back
    message = f"{operation}: {argument} must be a tensor, got "
    if isinstance(value, (bool, int, float, complex, list)):
        return DTypeError(f"{message}{value!r:.60}; make one: autograd.tensor({value!r:.60})")
    return DTypeError(message + describe(value))


_MODULES = re.compile(r"(autograd|nn)\.")


def _name_of_call(frame: FrameType, is_inmost: bool) -> str | None:
    """What users call the function that ``frame`` is in: an operation by its name, a layer by its
    class, unless it has called an operation. None for helpers, and for functions within another,
    which decorators put around operations."""
    code, module, layer = frame.f_code, frame.f_globals["__name__"], frame.f_locals.get("self")
    if module.startswith("nn.") and layer is not None:
        return type(layer).__name__ if is_inmost else None
    is_hidden = code.co_name.startswith("_") or "<" in code.co_qualname
    return None if is_hidden or module.startswith("autograd.core.") else code.co_name


def explain(
    operation: str, error: Exception, names: Sequence[str], values: Sequence[Any]
) -> Exception:
    """The exception to raise when ``operation`` failed with ``error`` on arguments ``names =
    values``.

    Implementations say only what is wrong; the operation's name and the arguments' shapes and
    dtypes are added here, once for all. What says nothing about the arguments (``MemoryError``,
    say) is passed on unchanged."""
    if isinstance(error, AttributeError) and error.name is not None:
        for name, value in zip(names, values, strict=False):
            if value is error.obj:
                return not_a_tensor(value, operation, name)
    kind = _translated(error)
    if kind is None:
        return error
    reason = _broadcasting(error, names, values) or str(error)
    return kind(f"{operation}: {reason} ({describe_all(names, values)})")


def _translated(error: Exception) -> type[Exception] | None:
    if isinstance(error, AutogradError):
        return type(error)
    for caught, raised in (
        (IndexError, DimensionError),  # np.exceptions.AxisError is one of these
        (ValueError, ShapeError),  # np.linalg.LinAlgError too
        (TypeError, DTypeError),
    ):
        if isinstance(error, caught):
            return raised
    return None


def _broadcasting(error: Exception, names: Sequence[str], values: Sequence[Any]) -> str | None:
    """Which dim does not broadcast, where that is what NumPy complains of."""
    if "broadcast" not in str(error):
        return None
    shapes = [
        (name, np.shape(value))
        for name, value in zip(names, values, strict=False)
        if hasattr(value, "shape")
    ]
    for i, (name, shape) in enumerate(shapes):
        for other, other_shape in shapes[:i]:
            for dim in range(1, min(len(shape), len(other_shape)) + 1):
                size, other_size = shape[-dim], other_shape[-dim]
                if size != other_size and 1 not in (size, other_size):
                    return (
                        f"dim {-dim} is {other_size} in {other} but {size} in {name}; "
                        "to broadcast, sizes counted from the last dim must be equal or 1"
                    )
    return None
