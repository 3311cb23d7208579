"""In-place operations: they write into the tensor's memory, and give the tensor the history of what
was written."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.core.broadcast import cast
from autograd.core.node import Stale
from autograd.core.primitive import primitive
from autograd.core.variable import Array, Sink, Variable, View, make, version_of
from autograd.dtypes import can_cast
from autograd.errors import DTypeError, GraphError, ShapeError, describe, not_a_tensor
from autograd.modes import modes


def in_place(operation: Callable[..., Any], same_dtype: bool = False) -> Callable[..., Any]:
    """The in-place form of ``operation``: ``x.op_(...)`` leaves in ``x`` what ``op(x, ...)``
    returns, which must have the dtype of ``x`` if ``same_dtype``, and otherwise one of its kind."""
    name = f"{operation.__name__.strip('_')}_"

    def method(x: Any, *args: Any, **params: Any) -> Any:
        if not isinstance(x, Variable):
            raise not_a_tensor(x, name, "x")
        if is_recorded((x, base_of(x), *args, *params.values())):
            refuse_unless_rebindable(x, name)
            # The operation may save the value of x that is about to be overwritten.
            old = snapshot(x)
            args = tuple(old if arg is x else arg for arg in args)
            result = operation(old, *args, **params)
            write(x, result._array, name, same_dtype)
            rebind(x, result, name)
        else:
            write(x, operation(x, *args, **params)._array, name, same_dtype)
        return x

    functools.update_wrapper(method, operation)
    method.__name__ = name
    method.__qualname__ = f"Tensor.{name}"
    method.__doc__ = f"In-place `{operation.__name__}`."
    return method


def is_recorded(args: Sequence[Any]) -> bool:
    """Whether an operation on ``args`` would be recorded."""
    return modes.get().grad and any(
        isinstance(arg, Variable) and arg._edge is not None for arg in args
    )


def snapshot(x: Variable) -> Any:
    """A copy of ``x`` with its history, even if it is a view that was taken without."""
    base = base_of(x)
    if x._edge is None and base is not None and isinstance(x._version, View):
        return make(x._array.copy(), x._version.take(base)._edge)
    return make(x._array.copy(), x._edge)


def base_of(x: Variable) -> Variable | None:
    """What ``x`` is a view of: it may have a history even where ``x``, taken without, has none."""
    return x._version.base() if isinstance(x._version, View) else None


def refuse_unless_rebindable(x: Variable, name: str) -> None:
    """Raise GraphError if ``x`` cannot be given a new history."""
    if type(x._edge) is Sink:
        raise GraphError(
            f"{name}: x ({describe(x._array)}) is a leaf that requires grad: changed in place, it "
            "would no longer be the "
            "leaf whose gradient is wanted. Do it under no_grad(), or out of place"
        )
    base = base_of(x)
    for other in (x if base is None else base, *version_of(x).living_views()):
        if type(other._edge) is Sink and np.may_share_memory(other._array, x._array):
            raise GraphError(
                f"{name}: x ({describe(x._array)}) is a view of a leaf that requires grad, or has "
                "such a view: changed in place, the leaf would no longer be what its gradient is "
                "wanted for. Do it under no_grad(), or out of place"
            )
    if not isinstance(x._version, View):
        return
    steps = x._version.steps
    if steps is None or not all(primitive.differentiable for primitive, _, _ in steps):
        raise GraphError(
            f"{name}: x ({describe(x._array)}) is one of several views made at once, or of another "
            "dtype; its base can't be given a new history. Write through the base "
            "(base[index] = value), or change a clone()"
        )


def refuse_unless_writeable(x: Variable, name: str) -> None:
    """Raise GraphError if the memory of ``x`` is expanded or not ours."""
    if not x._array.flags.writeable:
        raise GraphError(
            f"{name}: x ({describe(x._array)}) is expanded or read-only memory; write to a clone() "
            "of it"
        )


def write(x: Variable, array: Any, name: str, same_dtype: bool = False) -> None:
    """Copy ``array`` into the memory of ``x``. Raises ShapeError, DTypeError."""
    if array.shape != x._array.shape:
        raise ShapeError(
            f"{name}: the result has shape {array.shape}, but x has {x._array.shape} and can't "
            "change it in place; "
            f"use the out-of-place {name.rstrip('_')}"
        )
    fits = array.dtype == x._array.dtype or not same_dtype
    if not fits or not can_cast(array.dtype, x._array.dtype):
        raise DTypeError(
            f"{name}: the result is {array.dtype} and can't be stored in x, which is "
            f"{x._array.dtype}; "
            f"use the out-of-place {name.rstrip('_')}, or convert x first: "
            f"x.to({str(array.dtype)!r})"
        )
    refuse_unless_writeable(x, name)
    np.copyto(x._array, array, casting="unsafe")
    version_of(x).bump()


def rebind(x: Variable, result: Variable, name: str) -> None:
    """Give ``x``, its base if it is a view, and all views of that the history of ``result``."""
    if result._array.dtype != x._array.dtype:
        result = cast(result, x._array.dtype)
    x._edge = result._edge
    base, reference = x, weakref.ref(x)
    if isinstance(x._version, View):
        reference = x._version.base
        found = reference()
        base = x if found is None else found  # nobody can see what is gone
    if base is not x and isinstance(x._version, View):
        before = make(base._array, base._edge)
        base._edge = _overwrite(before, result, view=x._version)._edge
    for view in version_of(x).living_views():
        # Views of a detached tensor have the same memory, but no part in this history.
        origin = view._version
        if isinstance(origin, View) and origin.base is reference and view is not base:
            _retake(view, origin, base, name)


def _retake(view: Variable, origin: View, base: Variable, name: str) -> None:
    """Give ``view`` the history of a view of ``base`` taken now."""
    if origin.steps is None or origin.base() is None:
        view._edge = Stale(view, name)
    else:
        view._edge = origin.take(base)._edge


@primitive(
    holomorphic=False,
    x=lambda g, view: _overwrite(g, 0, view=view),
    value=lambda g, view: view.take(g),
)
def _overwrite(x: Array, value: Array, *, view: View) -> Array:
    """``x`` with ``value`` in the place of its ``view``."""
    out = np.array(x, order="C")
    # By position, for a copy may be laid out in memory so that the steps don't give a view of it.
    # And by positions of real numbers, for a view may be of the real or the imaginary parts.
    numbers = out.reshape(-1).view(out.real.dtype)
    positions = np.arange(numbers.size, dtype=np.float64)
    if out.dtype.kind == "c":
        positions = positions.view(np.complex128)
    positions = view.take(positions.reshape(x.shape))
    if positions.dtype.kind == "c":
        value = np.broadcast_to(value, positions.shape)
        positions, value = (np.stack([z.real, z.imag]) for z in (positions, value))
    numbers[positions.astype(np.intp)] = value
    return out
