"""What can be asked of a tensor, and what its elements can be put through one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.core.inplace import refuse_unless_writeable
from autograd.core.variable import array_of, unwrap, version_of
from autograd.errors import DTypeError, GraphError, ShapeError, describe
from autograd.ops.striding import memory_of


def is_nonzero(input: Any) -> bool:
    """Whether the only element of ``input`` is not 0. Raises ShapeError unless there is one.

    >>> import autograd
    >>> autograd.is_nonzero(autograd.tensor([2.0]))
    True
    """
    if array_of(input).size != 1:
        raise ShapeError(f"is_nonzero: input must have one element, got {describe(unwrap(input))}")
    return bool(array_of(input).item())


def is_signed(input: Any) -> bool:
    """Whether the dtype of ``input`` has negative numbers."""
    return _kind("is_signed", input) in "ifc"


def is_floating_point(input: Any) -> bool:
    """Whether the dtype of ``input`` is a floating one."""
    return _kind("is_floating_point", input) == "f"


def is_complex(input: Any) -> bool:
    """Whether the dtype of ``input`` is a complex one."""
    return _kind("is_complex", input) == "c"


def _kind(name: str, x: Any) -> str:
    if not hasattr(unwrap(x), "dtype"):
        raise DTypeError(f"{name}: needs a tensor, got {describe(x)}")
    return str(array_of(x).dtype.kind)


def is_same_size(input: Any, other: Any) -> bool:
    """Whether ``input`` and ``other`` have the same shape."""
    return tuple(np.shape(unwrap(input))) == tuple(np.shape(unwrap(other)))


def get_device(input: Any) -> int:
    """The number of the GPU that ``input`` is on: -1, for it is on the CPU."""
    return -1


def storage_offset(x: Any) -> int:
    """How many elements of the memory that ``x`` is a view of lie before its first one.

    >>> import autograd
    >>> autograd.arange(6)[2:].storage_offset()
    2
    """
    return int(memory_of(unwrap(x))[1])


def data_ptr(x: Any) -> int:
    """The address of the first element."""
    return int(array_of(x).__array_interface__["data"][0])


def share_memory_(x: Any) -> Any:
    """``x`` itself: here all tensors of a process share its memory, and none is sent to another."""
    return x


def apply_(x: Any, callable: Callable[[Any], Any]) -> Any:
    """Replace each element by what ``callable`` returns for it, a Python number: slow, and without
    a derivative. Raises GraphError if ``x`` requires grad.

    >>> import autograd
    >>> autograd.tensor([1.0, 2.0]).apply_(lambda number: number + 1)
    tensor([2., 3.])
    """
    return _each("apply_", x, callable, x)


def map_(x: Any, tensor: Any, callable: Callable[[Any, Any], Any]) -> Any:
    """Replace each element by what ``callable`` returns for it and that of ``tensor``, which
    broadcasts: slow, and without a derivative. Raises GraphError if either requires grad."""
    return _each("map_", x, callable, x, tensor)


def _each(name: str, x: Any, function: Callable[..., Any], *tensors: Any) -> Any:
    if not callable(function):
        raise DTypeError(f"{name}: needs a function of numbers, got {describe(function)}")
    if any(tensor._edge is not None for tensor in tensors):
        raise GraphError(
            f"{name}: can't be differentiated, but a tensor requires grad; use operations, or "
            "detach()"
        )
    refuse_unless_writeable(x, name)
    try:
        columns = [np.broadcast_to(tensor._array, x._array.shape).flat for tensor in tensors]
    except ValueError:
        raise ShapeError(f"{name}: {tensors[-1].shape} does not broadcast to {x.shape}") from None
    results = [function(*(item.item() for item in items)) for items in zip(*columns)]
    x._array[...] = np.asarray(results, x._array.dtype).reshape(x._array.shape)
    version_of(x).bump()
    return x
