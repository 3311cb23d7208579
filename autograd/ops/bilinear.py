"""The bilinear map of two arguments."""

from __future__ import annotations

from typing import Any

from autograd.core.variable import array_of
from autograd.errors import DTypeError, ShapeError
from autograd.ops.arithmetic import _add
from autograd.ops.contraction import einsum


def bilinear(input1: Any, input2: Any, weight: Any, bias: Any = None) -> Any:
    """``input1 @ weight[k] @ input2 + bias[k]`` for each k: (..., m), (..., n) and (outputs, m, n)
    to (..., outputs).

    Raises ShapeError, DTypeError.

    >>> import autograd
    >>> from nn import functional as F
    >>> x, y = autograd.tensor([1.0, 2.0]), autograd.tensor([3.0])
    >>> F.bilinear(x, y, autograd.tensor([[[1.0], [1.0]]]))
    tensor([9.])
    """
    first, second, shape = array_of(input1).shape, array_of(input2).shape, array_of(weight).shape
    if not first or not second or len(shape) != 3 or first[:-1] != second[:-1]:
        raise ShapeError(
            f"bilinear: needs input1 (..., m), input2 (..., n) and weight (outputs, m, n), got "
            f"{first}, {second} and {shape}"
        )
    if (first[-1], second[-1]) != shape[1:]:
        raise ShapeError(
            f"bilinear: the last dims of input1 {first} and input2 {second} must be the last two "
            f"of weight {shape}"
        )
    if bias is not None and array_of(bias).shape != shape[:1]:
        raise ShapeError(f"bilinear: bias must have shape {shape[:1]}, got {array_of(bias).shape}")
    if len({array_of(t).dtype for t in (input1, input2, weight, bias) if t is not None}) > 1:
        raise DTypeError("bilinear: all arguments must have one dtype; convert them: x.to(dtype)")
    out = einsum("...i,kij,...j->...k", input1, weight, input2)
    return out if bias is None else _add(out, bias)
