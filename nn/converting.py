"""The parameters and buffers of a module in another dtype, or elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from autograd._tensor import Tensor
from autograd.creation import empty_like
from autograd.dtypes import DIFFERENTIABLE, as_dtype, float16, float32, float64
from autograd.errors import DTypeError
from autograd.ops.conversion import check_device, is_device
from nn import tree


class Convertible(tree.Branch):
    """What a module does to all of its tensors at once. Parameters stay the same objects."""

    def _apply(self, function: Callable[[Any], Any], recurse: bool = True) -> Self:
        """Give each parameter, its gradient, and each buffer the value ``function`` makes of it."""
        for tensor in [*self.parameters(recurse), *self.buffers(recurse)]:
            before = tensor.data
            after = function(before)
            if after is before:
                continue
            grad, tensor.grad = tensor.grad, None
            tensor.data = after
            if grad is not None:
                tensor.grad = function(grad.detach())
        return self

    def to(
        self,
        *args: Any,
        device: Any = None,
        dtype: Any = None,
        tensor: Tensor | None = None,
        non_blocking: bool = False,
        memory_format: Any = None,
    ) -> Self:
        """Convert the floating and complex parameters and buffers to a dtype; return the module.

        Takes a dtype, a device (there is "cpu"), a tensor to be like, in any order; the last two
        options change nothing. Raises DTypeError for an integer dtype, DeviceError for another
        device.
        """
        for arg in (*args, tensor):
            if isinstance(arg, Tensor):
                dtype = arg.dtype
            elif is_device(arg):
                device = arg
            elif arg is not None and not isinstance(arg, bool):
                dtype = arg
        check_device(device, "to")
        if dtype is None:
            return self
        wanted = as_dtype(dtype)
        if wanted not in DIFFERENTIABLE:
            raise DTypeError(f"to: a module needs a floating or complex dtype, got {wanted}")
        return self._apply(lambda x: x.to(wanted) if x.dtype in DIFFERENTIABLE else x)

    def type(self, dst_type: Any) -> Self:
        """Convert all parameters and buffers to ``dst_type``, integer ones too."""
        dtype = as_dtype(dst_type)
        return self._apply(lambda x: x.to(dtype))

    def float(self) -> Self:
        """Convert what is floating to float32."""
        return self._floating(float32)

    def double(self) -> Self:
        """Convert what is floating to float64."""
        return self._floating(float64)

    def half(self) -> Self:
        """Convert what is floating to float16."""
        return self._floating(float16)

    def _floating(self, dtype: Any) -> Self:
        return self._apply(lambda x: x.to(dtype) if x.dtype.kind == "f" else x)

    def bfloat16(self) -> Self:
        """Raise DTypeError: NumPy has no bfloat16."""
        raise DTypeError(
            f"{type_name(self)}: there is no bfloat16 here; half() takes as little memory, float() "
            "has the range"
        )

    def cpu(self) -> Self:
        """The module itself: it is on the CPU."""
        return self

    def cuda(self, device: int | Any = None) -> Self:
        """Raise DeviceError: there is no GPU here."""
        return self._elsewhere("cuda")

    def xpu(self, device: int | Any = None) -> Self:
        """Raise DeviceError: there is no such device here."""
        return self._elsewhere("xpu")

    def mtia(self, device: int | Any = None) -> Self:
        """Raise DeviceError: there is no such device here."""
        return self._elsewhere("mtia")

    def ipu(self, device: int | Any = None) -> Self:
        """Raise DeviceError: there is no such device here."""
        return self._elsewhere("ipu")

    def _elsewhere(self, device: str) -> Self:
        check_device(device, type_name(self))
        return self

    def to_empty(self, *, device: Any, recurse: bool = True) -> Self:
        """Give parameters and buffers new memory, with whatever was in it; return the module."""
        check_device(device, "to_empty")
        return self._apply(empty_like, recurse)

    def share_memory(self) -> Self:
        """The module itself: the threads of a process share its memory, and none is sent to another
        process."""
        return self


def type_name(value: Any) -> str:
    """The name of its class. (The class above has a method called ``type``.)"""
    return type(value).__name__
