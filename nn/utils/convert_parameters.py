"""All parameters as one vector, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd._tensor import Tensor
from autograd.errors import DTypeError, ShapeError
from autograd.ops.joining import cat


def parameters_to_vector(parameters: Iterable[Tensor]) -> Any:
    """The elements of all ``parameters``, one after the other, in one dim. Gradients flow through.

    >>> import autograd, nn
    >>> nn.utils.parameters_to_vector([autograd.ones(2, 1), autograd.zeros(1)])
    tensor([1., 1., 0.])
    """
    return cat([parameter.reshape(-1) for parameter in parameters])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Let ``parameters`` have the elements of ``vec``, one after the other; they share its memory.

    Raises ShapeError if there are too few. Those that are left over are ignored.
    """
    if not isinstance(vec, Tensor):
        raise DTypeError(f"vector_to_parameters: needs a tensor, got {type(vec).__name__}")
    start = 0
    for parameter in parameters:
        stop = start + parameter.numel()
        if stop > vec.numel():
            raise ShapeError(
                f"vector_to_parameters: the vector has {vec.numel()} elements, and the parameters "
                f"at least {stop}"
            )
        parameter.data = vec[start:stop].view(parameter.shape).data
        start = stop
