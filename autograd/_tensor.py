"""`Tensor`: an array that remembers how it was computed. Its methods are the operations, listed in
the class body."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import numpy as np

from autograd import devices, dtypes, formatting, interop
from autograd.core import differentiate
from autograd.core.promotion import NUMBERS
from autograd.core.variable import Sink, Variable, View, make, unwrap, version_of
from autograd.dtypes import DIFFERENTIABLE, DType
from autograd.errors import DTypeError, GraphError, ShapeError, describe
from autograd.hooks import HookHandle
from autograd.operations import Operations
from autograd.size import Size, entry


class Tensor(Operations):
    """An array with PyTorch's interface that records what is computed from it, where a gradient is
    wanted.

    Make one with `autograd.tensor`, `autograd.zeros` and their like.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    tensor([2., 4., 6.])
    """

    __slots__ = ("__dict__",)  # for what users note on a tensor: parameter.frozen = True

    # -- what it is --------------------------------------------------------------------------------

    @property
    def shape(self) -> Size:
        """The size of each dim."""
        return Size(self._array.shape)

    @property
    def dtype(self) -> DType:
        """The type of the elements, a NumPy dtype."""
        return self._array.dtype  # type: ignore[no-any-return]  # likewise

    @property
    def ndim(self) -> int:
        """The number of dims."""
        return len(self.shape)

    @property
    def device(self) -> devices.device:
        """Where the array is: "cpu", or what an array of another library says."""
        return devices.device(getattr(self._array, "device", "cpu"))

    @property
    def is_cpu(self) -> bool:
        """Whether it is on the CPU."""
        return self.device.type == "cpu"

    @property
    def is_cuda(self) -> bool:
        """Whether it is on a GPU of NVIDIA's."""
        return self.device.type == "cuda"

    @property
    def itemsize(self) -> int:
        """Bytes of one element."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return self.numel() * self.itemsize

    def size(self, dim: int | None = None) -> Any:
        """The shape, or the size of ``dim``. Raises DimensionError if there is no such dim."""
        return self.shape if dim is None else entry(self._array.shape, dim, "size")

    def dim(self) -> int:
        """The number of dims."""
        return self.ndim

    def numel(self) -> int:
        """The number of elements."""
        return int(self._array.size)

    nelement = numel
    ndimension = dim

    def element_size(self) -> int:
        """Bytes of one element."""
        return self.dtype.itemsize

    def stride(self, dim: int | None = None) -> Any:
        """How many elements apart neighbours along each dim, or along ``dim``, are in memory.

        Raises DimensionError if there is no such dim.
        """
        strides = tuple(stride // self.itemsize for stride in self._array.strides)
        return strides if dim is None else entry(strides, dim, "stride")

    def is_contiguous(self) -> bool:
        """Whether the elements lie in memory in row-major order without gaps."""
        return bool(self._array.flags.c_contiguous)

    def __repr__(self) -> str:
        return formatting.format_tensor(self)

    def __len__(self) -> int:
        if self.ndim == 0:
            raise DTypeError("len: a tensor without dims has no length; use item() for its value")
        return int(self._array.shape[0])

    def __iter__(self) -> Iterator[Tensor]:
        if self.ndim == 0:
            raise DTypeError(
                "iter: a tensor without dims can't be iterated over; use item() for its value"
            )
        return iter(self.unbind())

    def __reversed__(self) -> Tensor:
        return self.flip(0) if self.ndim else self

    # -- its place in the graph --------------------------------------------------------------------

    @property
    def requires_grad(self) -> bool:
        """Whether operations on it are recorded. Can be set on a leaf."""
        return self._edge is not None

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        self.requires_grad_(wanted)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Ask for the gradient of this leaf, or no longer; return the tensor.

        Raises GraphError for a tensor that an operation made, DTypeError for an integer one.
        """
        if not isinstance(requires_grad, bool):
            raise DTypeError(f"requires_grad_: needs True or False, got {requires_grad!r}")
        if not self.is_leaf:
            if requires_grad:
                return self
            raise GraphError(
                "requires_grad_: only a leaf can stop requiring grad; this tensor was made by "
                f"{self._edge.name}. Use detach() for one without history"  # type: ignore[union-attr]  # no leaf: has one
            )
        if requires_grad and self.dtype not in DIFFERENTIABLE:
            raise DTypeError(
                "requires_grad_: only floating and complex tensors have gradients, this is "
                f"{self.dtype}"
            )
        self._edge = self._sink_() if requires_grad else None
        if requires_grad and isinstance(self._version, View):
            self._version = version_of(
                self
            )  # no view to itself any more: views of it are of a leaf
        return self

    def _sink_(self) -> Sink:
        if self._sink is None:
            self._sink = Sink(self._array)
        return self._sink

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made it."""
        return self._edge is None or type(self._edge) is Sink

    @property
    def grad_fn(self) -> Any:
        """The node of the operation that made it; None for a leaf."""
        return None if self.is_leaf else self._edge

    @property
    def grad(self) -> Tensor | None:
        """The gradient that backward passes have added up here. Can be set."""
        return None if self._sink is None else self._sink.grad

    @grad.setter
    def grad(self, gradient: Tensor | None) -> None:
        if gradient is None:
            if self._sink is not None:
                self._sink.grad = None
            return
        if not isinstance(gradient, Tensor):
            raise DTypeError(f"grad: must be a tensor or None, got {type(gradient).__name__}")
        if gradient.shape != self.shape or gradient.dtype != self.dtype:
            raise ShapeError(
                f"grad: is {describe(gradient._array)}, but the tensor is {describe(self._array)}; "
                "they must agree"
            )
        self._sink_().grad = gradient

    @grad.deleter
    def grad(self) -> None:
        self.grad = None

    @property
    def data(self) -> Tensor:
        """The same memory without history: changing it is not recorded. Can be set to another
        tensor."""
        return self.detach()

    @data.setter
    def data(self, value: Tensor) -> None:
        if not isinstance(value, Tensor):
            raise DTypeError(f"data: must be a tensor, got {type(value).__name__}")
        if self.requires_grad and value.dtype not in DIFFERENTIABLE:
            raise DTypeError(
                f"data: the tensor requires grad, which one of {value.dtype} can't; use detach()"
            )
        self._array = value._array
        if self._sink is not None:
            self._sink.shape, self._sink.dtype = value.shape, value.dtype
        version_of(self).bump()

    def backward(
        self,
        gradient: Tensor | None = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Any = None,
    ) -> None:
        """Add to the ``.grad`` of every leaf its gradient of this tensor; see
        `autograd.backward`."""
        differentiate.backward(self, gradient, retain_graph, create_graph, inputs)

    def detach(self) -> Tensor:
        """The same memory as a tensor without history."""
        result: Tensor = make(self._array)
        result._version = version_of(self)
        return result

    def detach_(self) -> Tensor:
        """Forget the history of this tensor; return it. Raises GraphError for a view."""
        if isinstance(self._version, View):
            raise GraphError(
                "detach_: the tensor is a view, whose base would keep the history; use detach()"
            )
        self._edge = None
        version_of(self).detach()
        return self

    def retain_grad(self) -> None:
        """Keep the gradient of this tensor in ``.grad`` although it is not a leaf."""
        if self._edge is None:
            raise GraphError("retain_grad: the tensor does not require grad, so it will have none")
        if self.is_leaf or self.retains_grad:
            return
        sink = self._sink_()

        def keep(gradient: Tensor) -> None:
            sink.grad = gradient.clone() if sink.grad is None else sink.grad + gradient

        self._hooks()["retain_grad"] = keep

    @property
    def retains_grad(self) -> bool:
        """Whether `retain_grad` was called."""
        return not self.is_leaf and "retain_grad" in self._hooks()

    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> HookHandle:
        """Call ``hook(gradient)`` whenever the gradient of this tensor is computed; what it returns
        replaces it."""
        if self._edge is None:
            raise GraphError(
                "register_hook: the tensor does not require grad, so it will have no gradient"
            )
        return HookHandle(self._hooks(), hook)

    def register_post_accumulate_grad_hook(self, hook: Callable[[Tensor], None]) -> HookHandle:
        """Call ``hook(tensor)`` whenever a gradient has been added to the ``.grad`` of this
        leaf."""
        if type(self._edge) is not Sink:
            raise GraphError(
                "register_post_accumulate_grad_hook: only leaves that require grad accumulate "
                "gradients"
            )
        return HookHandle(self._edge.after_hooks, lambda: hook(self))

    def _hooks(self) -> dict[Any, Callable[[Any], Any]]:
        edge: Any = self._edge
        if edge.hooks is None:
            edge.hooks = {}
        return edge.hooks  # type: ignore[no-any-return]  # it is the dict made above, or one like it

    # -- its values, for Python and NumPy ----------------------------------------------------------

    def numpy(self, *, force: bool = False) -> np.ndarray[Any, Any]:
        """The array itself: no copy. ``force=True`` detaches first, where PyTorch would ask for
        it."""
        if self.requires_grad and not force:
            raise GraphError(
                "numpy: the tensor requires grad, which an array can't record; use detach().numpy()"
            )
        version_of(self)  # the memory is no longer the tensor's alone
        return self._array  # type: ignore[no-any-return]  # on the CPU it is an ndarray

    def item(self) -> Any:
        """The only element, as a Python number."""
        if self.numel() != 1:
            raise ShapeError(
                f"item: the tensor has {self.numel()} elements (shape {self.shape}); only one can "
                "be a number"
            )
        return self._array.item()

    def tolist(self) -> Any:
        """The elements as nested lists of Python numbers."""
        return self._array.tolist()

    def __bool__(self) -> bool:
        if self.numel() != 1:
            raise ShapeError(
                f"bool: a tensor of {self.numel()} elements (shape {self.shape}) is neither true "
                "nor false; use any() or all()"
            )
        return bool(self._array.item())

    def __int__(self) -> int:
        return int(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __index__(self) -> int:
        if self.dtype.kind not in "iub" or self.numel() != 1:
            raise DTypeError(
                "index: only an integer tensor of one element can be an index, this is "
                f"{describe(self._array)}"
            )
        return int(self.item())

    def __contains__(self, value: Any) -> bool:
        if not isinstance(value, (Variable, np.ndarray, np.generic, *NUMBERS)):
            raise DTypeError(f"in: needs a number or a tensor, got {type(value).__name__}")
        return bool((self == value).any())

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if self.ndim == 0 else object.__format__(self, spec)

    def __copy__(self) -> Tensor:
        result = self.detach()
        result._edge = self._edge
        return result

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        if not self.is_leaf:
            raise GraphError(
                "deepcopy: only leaves can be copied, for a copy has no history; use detach() or "
                "clone()"
            )
        copy: Tensor = type(self).__new__(type(self))
        copy._array, copy._version, copy._sink, copy._edge = self._array.copy(), None, None, None
        memo[id(self)] = copy
        copy.__dict__.update(deepcopy(self.__dict__, memo))
        if self.requires_grad:
            copy.requires_grad_()
        if self.grad is not None:
            copy.grad = self.grad.detach().clone()
        return copy

    __array__ = interop.as_numpy
    __array_ufunc__ = interop.ufunc
    __array_function__ = interop.function
    __dlpack__ = interop.to_dlpack
    __dlpack_device__ = interop.dlpack_device


Variable.result_class = Tensor


def is_tensor(value: Any) -> bool:
    """Whether ``value`` is a tensor."""
    return isinstance(value, Tensor)


def numel(input: Tensor) -> int:
    """The number of elements."""
    if not isinstance(input, Variable):
        raise DTypeError(f"numel: needs a tensor, got {describe(input)}")
    return input.numel()


def result_type(*operands: Any) -> DType:
    """The dtype of an operation on tensors and numbers; see `autograd.dtypes.result_type`."""
    arrays = (unwrap(operand) for operand in operands)
    return dtypes.result_type(*(x.item() if isinstance(x, np.generic) else x for x in arrays))
