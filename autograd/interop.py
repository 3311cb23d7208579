"""Tensors in NumPy's functions, and their memory in other libraries.

``np.sin(t)`` is the differentiable operation, under the name and with the parameters that it has
here. A function of NumPy that has no counterpart runs on the arrays, and its results become
tensors; but where that would lose a gradient, it is refused. So NumPy never makes object arrays of
tensors, and no gradient gets lost silently.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.core.inplace import is_recorded
from autograd.core.variable import Variable, make, unwrap, version_of
from autograd.dtypes import SUPPORTED
from autograd.errors import GraphError, describe
from autograd.modes import modes
from autograd.numpy_functions import (
    NoCounterpart,
    function_counterpart,
    tensors_in,
    ufunc_counterpart,
)
from autograd.numpy_names import NOT_DIFFERENTIABLE, WRITERS

# -- the protocols --------------------------------------------------------------------------------


def as_numpy(tensor: Any, dtype: Any = None, copy: bool | None = None) -> Any:
    """``np.asarray(tensor)``: its array. Raises GraphError if it requires grad."""
    _refuse_gradient("np.asarray", (tensor,), "an array can't record what is computed from it")
    version_of(tensor)  # the memory is no longer the tensor's alone
    return np.array(tensor._array, dtype=dtype, copy=copy)


def ufunc(tensor: Any, function: Any, method: str, *args: Any, **kwargs: Any) -> Any:
    """``np.sin(tensor)``, ``array * tensor``, ``np.add.reduce(tensor)``: NumPy calls it for all."""
    if not all(map(_is_known, args)):
        return NotImplemented
    name = f"np.{function.__name__}" + ("" if method == "__call__" else f".{method}")
    out = kwargs.get("out")
    if method == "at" or out is not None:
        written = (args[0],) if method == "at" else out if isinstance(out, tuple) else (out,)
        return _write(name, getattr(function, method), written, args, kwargs)
    try:
        return ufunc_counterpart(function, method, args, kwargs)
    except NoCounterpart:
        pass
    return _on_arrays(name, getattr(function, method), args, kwargs)


def function(tensor: Any, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """``np.concatenate([tensor, array])`` and all other functions that are no universal ones."""
    if not all(issubclass(kind, (Variable, np.ndarray)) for kind in types):
        return NotImplemented
    name = f"{function.__module__}.{function.__name__}".removeprefix("numpy.")
    if name in NOT_DIFFERENTIABLE:
        return _wrapped(function(*_each(args, unwrap), **_each(kwargs, unwrap)))
    if name in WRITERS or kwargs.get("out") is not None:
        written = args[:1] if name in WRITERS else (kwargs["out"],)
        return _write(f"np.{name}", function, written, args, kwargs)
    try:
        return function_counterpart(name, args, kwargs)
    except NoCounterpart:
        pass
    return _on_arrays(f"np.{name}", function, args, kwargs)


def to_dlpack(tensor: Any, **kwargs: Any) -> Any:
    """The memory of ``tensor`` for another library, by the DLPack protocol.

    Raises GraphError if it requires grad.
    """
    _refuse_gradient(
        "__dlpack__", (tensor,), "another library can't record what is computed from it"
    )
    version_of(tensor)  # the memory is no longer the tensor's alone
    return tensor._array.__dlpack__(**kwargs)


def dlpack_device(tensor: Any) -> Any:
    """The kind and number of the device, as DLPack numbers them: (1, 0) is the CPU."""
    return tensor._array.__dlpack_device__()


def _is_known(value: Any) -> bool:
    return isinstance(
        value, (Variable, np.ndarray, np.generic, bool, int, float, complex, list, tuple)
    )


# -- without a counterpart ------------------------------------------------------------------------


def _refuse_gradient(name: str, values: Any, reason: str) -> None:
    """Raise GraphError if any of ``values``, however nested, is a tensor that requires grad."""
    for value in tensors_in(values):
        if value._edge is not None:
            raise GraphError(
                f"{name}: the tensor {describe(value._array)} requires grad, but {reason}; "
                "use .detach() on it, or one of its own operations"
            )


def _on_arrays(name: str, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    if modes.get().grad:
        _refuse_gradient(name, (args, kwargs), "this call has no differentiable counterpart")
    return _wrapped(function(*_each(args, unwrap), **_each(kwargs, unwrap)))


def _write(
    name: str, function: Callable[..., Any], written: Sequence[Any], args: Any, kwargs: Any
) -> Any:
    """A call that writes into arrays or tensors. Raises GraphError if it would be recorded."""
    if is_recorded(tuple(tensors_in((args, kwargs)))):
        raise GraphError(
            f"{name}: a result that has a gradient can't be written into existing memory; write "
            "array = array + tensor instead of array += tensor, leave out=, or detach() the tensor"
        )
    for target in written:
        if isinstance(target, Variable) and not target._array.flags.writeable:
            raise GraphError(
                f"{name}: {describe(target._array)} is expanded or read-only memory; use a clone()"
            )
    result = function(*_each(args, unwrap), **_each(kwargs, unwrap))
    for target in written:
        if isinstance(target, Variable):
            version_of(target).bump()
    if result is None:
        return None
    return written[0] if len(written) == 1 else tuple(written)


def _each(values: Any, change: Callable[[Any], Any]) -> Any:
    """``values`` with ``change`` applied to everything in nested tuples, lists and dicts."""
    if isinstance(values, (tuple, list)) and not hasattr(values, "_fields"):
        return type(values)(_each(value, change) for value in values)
    if isinstance(values, dict):
        return {name: _each(value, change) for name, value in values.items()}
    return change(values)


def _wrapped(value: Any) -> Any:
    """NumPy's result with tensors for its arrays; what no tensor can hold stays as it is."""
    if isinstance(value, (np.ndarray, np.generic)):
        return make(np.asarray(value)) if value.dtype in SUPPORTED else value
    if isinstance(value, (tuple, list)):
        items = [_wrapped(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    return value
