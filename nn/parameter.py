"""`Parameter` and `Buffer`: the tensors of a module that are learned, and those that are only
kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd._tensor import Tensor
from autograd.core.variable import new, version_of
from autograd.dtypes import as_dtype, get_default_dtype
from autograd.errors import DTypeError, ShapeError
from autograd.ops.conversion import check_device


class Parameter(Tensor):
    """A tensor that a module learns: as an attribute of one, it is among its `Module.parameters`.

    It shares the memory of ``data``. Operations on it give ordinary tensors.

    >>> import autograd, nn
    >>> nn.Parameter(autograd.zeros(2)).requires_grad
    True
    """

    __slots__ = ()

    def __new__(cls, data: Any = None, requires_grad: bool = True) -> Parameter:
        parameter: Parameter = _share(cls, data)
        if requires_grad:
            parameter.requires_grad_()
        return parameter


class Buffer(Tensor):
    """A tensor that a module keeps but does not learn, such as a running mean; it moves and is
    saved with the module.

    ``persistent=False`` leaves it out of `Module.state_dict`.
    """

    __slots__ = ("persistent",)

    persistent: bool

    def __new__(cls, data: Any = None, *, persistent: bool = True) -> Buffer:
        buffer: Buffer = _share(cls, data)
        buffer.persistent = persistent
        return buffer

    def __deepcopy__(self, memo: dict[int, Any]) -> Buffer:
        copy: Any = super().__deepcopy__(memo)
        copy.persistent = self.persistent
        return copy  # type: ignore[no-any-return]  # it is of the class of self


def _share(cls: type[Any], data: Any) -> Any:
    """A new ``cls``, without history, of the memory of ``data``."""
    tensor = new(cls)
    tensor._sink = tensor._edge = tensor._version = None
    if isinstance(data, Tensor):
        tensor._array, tensor._version = data._array, version_of(data)
    elif data is None or isinstance(data, np.ndarray):
        tensor._array = np.empty(0, np.float32) if data is None else data
    else:
        raise DTypeError(
            f"{cls.__name__}: needs a tensor, got {type(data).__name__}; make it one: "
            "autograd.tensor(...)"
        )
    return tensor


def empty_parameter(shape: tuple[int, ...], device: Any = None, dtype: Any = None) -> Parameter:
    """A parameter of ``shape`` that is still to be filled, of the default dtype unless given."""
    check_device(device)
    if any(size < 0 for size in shape):
        raise ShapeError(f"a module's sizes must not be negative, got {shape}")
    return Parameter(np.empty(shape, get_default_dtype() if dtype is None else as_dtype(dtype)))
