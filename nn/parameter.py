"""`Parameter` and `Buffer`: the tensors of a module that are learned, and those that are only kept;
and the same while they wait for their shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from autograd._tensor import Tensor
from autograd.core.variable import Sink, Variable, make, new, version_of
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


def check_sizes(name: str, **sizes: Any) -> None:
    """Raise DTypeError, ShapeError unless each of ``sizes`` is a number of elements."""
    for size, value in sizes.items():
        if not isinstance(value, (int, np.integer)):
            raise DTypeError(f"{name}: {size} must be an int, got {value!r}")
        if value < 0:
            raise ShapeError(f"{name}: {size} must not be negative, got {value}")


def empty_parameter(shape: tuple[int, ...], device: Any = None, dtype: Any = None) -> Parameter:
    """A parameter of ``shape`` that is still to be filled, of the default dtype unless given."""
    check_device(device)
    if any(size < 0 for size in shape):
        raise ShapeError(f"a module's sizes must not be negative, got {shape}")
    return Parameter(np.empty(shape, get_default_dtype() if dtype is None else as_dtype(dtype)))


# -- tensors that still wait for their shape -------------------------------------------------------

# What is stored in the slot of that name, whatever `_Uninitialized` shows there instead.
_memory: Any = Variable.__dict__["_array"]


class _Uninitialized(Tensor):
    """A tensor that only has a dtype so far. All that needs its shape or its values reads its
    array, and that raises ShapeError."""

    __slots__ = ()

    _becomes: ClassVar[type[Tensor]]

    @property
    def _array(self) -> Any:
        raise ShapeError(
            f"{type(self).__name__}: the tensor has no shape yet; call its module once, with "
            "an example of its input, and it gets one"
        )

    @property
    def dtype(self) -> Any:
        """The type that its elements will have."""
        return _memory.__get__(self).dtype

    @property
    def data(self) -> Tensor:
        """No elements, of its dtype. Can be set, to change the dtype."""
        empty: Tensor = make(_memory.__get__(self))
        return empty

    @data.setter
    def data(self, value: Tensor) -> None:
        _memory.__set__(self, value._array)

    def _sink_(self) -> Sink:
        if self._sink is None:
            self._sink = Sink(_memory.__get__(self))
        return self._sink

    def materialize(self, shape: Sequence[int], device: Any = None, dtype: Any = None) -> None:
        """Give it a shape, and memory with whatever was in it: it becomes an ordinary `Parameter`
        or tensor."""
        check_device(device, "materialize")
        array = np.empty(tuple(shape), self.dtype if dtype is None else as_dtype(dtype))
        self.__class__ = self._becomes  # type: ignore[assignment]  # the slots are the same
        self.data = make(array)

    def detach(self) -> Tensor:
        """Itself: there is nothing to share."""
        return self

    def share_memory_(self) -> Tensor:
        """Itself."""
        return self

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        copy = type(self)(self.requires_grad, dtype=self.dtype)  # type: ignore[call-arg]  # so they are made
        memo[id(self)] = copy
        return copy


def _uninitialized(cls: type[Any], requires_grad: bool, device: Any, dtype: Any) -> Any:
    check_device(device)
    tensor = new(cls)
    tensor._sink = tensor._edge = tensor._version = None
    _memory.__set__(tensor, np.empty(0, get_default_dtype() if dtype is None else as_dtype(dtype)))
    return tensor.requires_grad_() if requires_grad else tensor


class UninitializedParameter(_Uninitialized, Parameter):
    """A parameter whose shape is not known before its module is called the first time; see
    `nn.LazyDense`.

    >>> import nn
    >>> parameter = nn.UninitializedParameter()
    >>> parameter.materialize((2, 3))
    >>> type(parameter).__name__, parameter.shape
    ('Parameter', (2, 3))
    """

    __slots__ = ()
    _becomes = Parameter

    def __new__(
        cls, requires_grad: bool = True, device: Any = None, dtype: Any = None
    ) -> UninitializedParameter:
        parameter: UninitializedParameter = _uninitialized(cls, requires_grad, device, dtype)
        return parameter


class UninitializedBuffer(_Uninitialized):
    """A buffer whose shape is not known before its module is called the first time."""

    __slots__ = ()
    _becomes = Tensor

    def __new__(
        cls, requires_grad: bool = False, device: Any = None, dtype: Any = None
    ) -> UninitializedBuffer:
        buffer: UninitializedBuffer = _uninitialized(cls, requires_grad, device, dtype)
        return buffer


def is_lazy(tensor: Any) -> bool:
    """Whether ``tensor`` still waits for its shape."""
    return isinstance(tensor, _Uninitialized)
