"""New tensors: from data, or filled by a rule."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.variable import Variable, make
from autograd.dtypes import as_dtype, get_default_dtype, int64
from autograd.errors import DTypeError, ShapeError
from autograd.ops.conversion import check_device


def tensor(data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """A new tensor with a copy of ``data``: numbers, nested lists, an array, a tensor.

    Python floats get the default dtype, integers int64; arrays keep theirs.
    Raises ShapeError for ragged lists, DTypeError for what isn't numbers.

    >>> tensor([[1, 2], [3, 4]])
    tensor([[1, 2],
            [3, 4]])
    """
    return _finish(_array(data, dtype, copy=True), device, requires_grad)


def as_tensor(data: Any, *, dtype: Any = None, device: Any = None) -> Any:
    """As `tensor`, but a tensor is returned as it is, and an array's memory is shared, where the dtype allows."""
    if isinstance(data, Variable) and dtype is None:
        return data
    if isinstance(data, Variable):
        return data.to(dtype)
    return _finish(_array(data, dtype, copy=None), device, False)


def from_numpy(array: Any) -> Any:
    """A tensor that shares the memory of ``array``."""
    if not isinstance(array, np.ndarray):
        raise DTypeError(f"from_numpy: needs a NumPy array, got {type(array).__name__}")
    return _finish(_array(array, None, copy=None), None, False)


def _array(data: Any, dtype: Any, copy: bool | None) -> Any:
    if isinstance(data, Variable):
        data = data._array
    if isinstance(data, (list, tuple)):
        data = _nested(data)
    try:
        array = np.array(data, copy=copy)
    except ValueError:
        raise ShapeError(
            "tensor: the nested lists have different lengths at one level; all rows need the same"
        ) from None
    if array.dtype.kind not in "biufc":
        raise DTypeError(
            f"tensor: can't make a tensor of {array.dtype} ({type(data).__name__}); it needs numbers"
        )
    if dtype is not None:
        return array.astype(as_dtype(dtype), copy=False)
    if not hasattr(data, "dtype"):
        return array.astype(_python_dtype(array.dtype), copy=False)
    return array.astype(as_dtype(array.dtype), copy=False)


def _nested(data: Any) -> Any:
    """Nested lists with the tensors in them as arrays."""
    if isinstance(data, Variable):
        return data._array
    return [_nested(item) for item in data] if isinstance(data, (list, tuple)) else data


def _python_dtype(dtype: Any) -> Any:
    if dtype.kind == "f":
        return get_default_dtype()
    return as_dtype(complex) if dtype.kind == "c" else as_dtype(dtype)


def _finish(array: Any, device: Any, requires_grad: bool) -> Any:
    check_device(device)
    result = make(array)
    return result.requires_grad_() if requires_grad else result


def _size(shape: tuple[Any, ...]) -> tuple[int, ...]:
    """The shape meant by ``zeros(2, 3)`` or ``zeros((2, 3))``."""
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = tuple(shape[0])
    if any(int(size) < 0 for size in shape):
        raise ShapeError(f"the sizes of a shape must not be negative, got {tuple(shape)}")
    return tuple(int(size) for size in shape)


def full(
    size: Any,
    fill_value: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Any:
    """A tensor of shape ``size`` filled with ``fill_value``."""
    fill_value = fill_value.item() if isinstance(fill_value, Variable) else fill_value
    dtype = _python_dtype(np.asarray(fill_value).dtype) if dtype is None else as_dtype(dtype)
    size = size if isinstance(size, (tuple, list)) else (size,)
    return _finish(np.full(_size((size,)), fill_value, dtype), device, requires_grad)


def zeros(*size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """Zeros: ``zeros(2, 3)`` or ``zeros((2, 3))``."""
    return _finish(np.zeros(_size(size), _default(dtype)), device, requires_grad)


def ones(*size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """Ones: ``ones(2, 3)`` or ``ones((2, 3))``."""
    return _finish(np.ones(_size(size), _default(dtype)), device, requires_grad)


def _default(dtype: Any) -> Any:
    return get_default_dtype() if dtype is None else as_dtype(dtype)
