"""What everything that makes a tensor can be told by name."""

from __future__ import annotations

from typing import Any, TypedDict

from autograd.core.variable import make
from autograd.dtypes import DIFFERENTIABLE, DType, as_dtype, get_default_dtype
from autograd.errors import DTypeError
from autograd.ops.conversion import check_device


class Options(TypedDict, total=False):
    """What everything that makes a tensor can be told by name."""

    dtype: Any
    device: Any
    requires_grad: bool
    pin_memory: bool


def finish(operation: str, array: Any, options: Options) -> Any:
    """``array`` as a tensor: a leaf, if it shall require grad. Raises DeviceError, DTypeError.

    Memory can be pinned only for the sake of a GPU, so ``pin_memory`` can only be False.
    """
    unknown = options.keys() - Options.__annotations__.keys()
    if unknown:
        raise DTypeError(f"{operation}: has no parameter {', '.join(sorted(unknown))}")
    check_device("cuda" if options.get("pin_memory") else options.get("device"), operation)
    if not isinstance(options.get("requires_grad"), (bool, type(None))):
        raise DTypeError(f"{operation}: requires_grad must be True or False")
    result = make(array)
    if not options.get("requires_grad"):
        return result
    if array.dtype not in DIFFERENTIABLE:
        raise DTypeError(
            f"{operation}: only floating and complex tensors can require grad, this one would be "
            f"{array.dtype}; give dtype=autograd.float32"
        )
    return result.requires_grad_()


def dtype_in(options: Options, default: Any = None) -> DType:
    """The dtype that ``options`` ask for; else ``default``, or the default dtype."""
    dtype = options.get("dtype")
    dtype = default if dtype is None else dtype
    return get_default_dtype() if dtype is None else as_dtype(dtype)
