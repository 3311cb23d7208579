"""Bringing the arguments of an operation to one dtype, by PyTorch's rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.broadcast import cast
from autograd.core.variable import Variable, make, unwrap
from autograd.dtypes import DIFFERENTIABLE, DType, as_dtype, get_default_dtype, result_type
from autograd.errors import DTypeError

NUMBERS = (bool, int, float, complex)


def to_common(args: Sequence[Any]) -> Sequence[Any]:
    """All arguments in the dtype that PyTorch's promotion gives them together. Python numbers stay
    what they are."""
    operands = [_operand(arg) for arg in args]
    return _convert(operands, result_type(*map(unwrap, operands)))


def to_floating(args: Sequence[Any]) -> Sequence[Any]:
    """As `to_common`; integers and bools become the default dtype."""
    operands = [_operand(arg) for arg in args]
    common = result_type(*map(unwrap, operands))
    return _convert(operands, common if common in DIFFERENTIABLE else get_default_dtype())


def convert(x: Any, dtype: DType) -> Any:
    """The tensor ``x`` in ``dtype``; recorded if both dtypes are differentiable."""
    if x._array.dtype == dtype:
        return x
    if dtype in DIFFERENTIABLE:
        return cast(x, dtype)
    return make(x._array.astype(dtype))


def _operand(arg: Any) -> Any:
    """An argument as a tensor or a Python number; NumPy's arrays count as tensors, its scalars as
    the numbers that they are."""
    if isinstance(arg, np.generic):
        arg = arg.item()
    if isinstance(arg, (Variable, *NUMBERS)):
        return arg
    if hasattr(arg, "__array_ufunc__"):
        return make(arg.astype(as_dtype(arg.dtype), copy=False))
    raise DTypeError(
        f"needs tensors, arrays or numbers, got {type(arg).__name__}; make it a tensor: "
        "autograd.tensor(...)"
    )


def _convert(operands: Sequence[Any], dtype: DType) -> Sequence[Any]:
    return [_converted(operand, dtype) for operand in operands]


def _converted(operand: Any, dtype: DType) -> Any:
    if isinstance(operand, Variable):
        return convert(operand, dtype)
    if dtype.kind in "iub":
        # NumPy refuses a Python integer that the dtype can't hold; PyTorch wraps it around.
        return np.asarray(operand).astype(dtype)
    return operand
