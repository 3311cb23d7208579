"""Dtypes (they are NumPy's) and PyTorch's rules for combining them."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np

from autograd.errors import DTypeError
from autograd.modes import change, modes

DType: TypeAlias = np.dtype[Any]

float16: DType = np.dtype(np.float16)
float32: DType = np.dtype(np.float32)
float64: DType = np.dtype(np.float64)
int8: DType = np.dtype(np.int8)
int16: DType = np.dtype(np.int16)
int32: DType = np.dtype(np.int32)
int64: DType = np.dtype(np.int64)
uint8: DType = np.dtype(np.uint8)
bool_: DType = np.dtype(np.bool_)
complex64: DType = np.dtype(np.complex64)
complex128: DType = np.dtype(np.complex128)

FLOATING = frozenset((float16, float32, float64))
COMPLEX = frozenset((complex64, complex128))
DIFFERENTIABLE = FLOATING | COMPLEX
SUPPORTED = DIFFERENTIABLE | {int8, int16, int32, int64, uint8, bool_}

_BY_NAME: dict[str, DType] = {dtype.name: dtype for dtype in SUPPORTED}
_COMPLEX_OF = {float16: complex64, float32: complex64, float64: complex128}
_CATEGORY = {"b": 0, "i": 1, "u": 1, "f": 2, "c": 3}


def get_default_dtype() -> DType:
    """The floating dtype that Python floats get: float32 unless `set_default_dtype` changed it."""
    return modes.get().default_dtype


def set_default_dtype(dtype: Any) -> None:
    """Make Python floats become ``dtype`` (a floating one) in this context (thread or task).

    >>> get_default_dtype()
    dtype('float32')
    """
    dtype = as_dtype(dtype)
    if dtype not in FLOATING:
        raise DTypeError(f"set_default_dtype: needs a floating dtype, got {dtype}")
    change(default_dtype=dtype)


def as_dtype(dtype: Any) -> DType:
    """``dtype`` as the one NumPy object that stands for it; Python's ``float`` means float64.

    >>> as_dtype("float64"), as_dtype(float), as_dtype(int)
    (dtype('float64'), dtype('float64'), dtype('int64'))
    """
    try:
        if dtype is None:  # to NumPy it means float64
            raise TypeError
        found = np.dtype(dtype).newbyteorder("=")
    except TypeError:
        raise DTypeError(
            f"{dtype!r} is not a dtype; use autograd.float32, autograd.int64, ..."
        ) from None
    if found not in SUPPORTED:
        raise DTypeError(
            f"dtype {found} is not supported; there are {', '.join(sorted(map(str, SUPPORTED)))}"
        )
    return _BY_NAME[found.name]


def promote_types(first: Any, second: Any) -> DType:
    """The dtype that values of both dtypes become together, as in PyTorch: integers never widen a
    float.

    >>> promote_types(int64, float32), promote_types(uint8, int8), promote_types(float64, complex64)
    (dtype('float32'), dtype('int16'), dtype('complex128'))
    """
    low, high = sorted((as_dtype(first), as_dtype(second)), key=lambda dtype: _CATEGORY[dtype.kind])
    if high.kind == "f" and low.kind != "f":
        return high
    if high.kind == "c" and low.kind != "c":
        low = _COMPLEX_OF.get(low, complex64)
    return _BY_NAME[np.promote_types(low, high).name]


def result_type(*operands: Any) -> DType:
    """The dtype of an operation on ``operands`` (tensors, arrays or Python numbers).

    Tensors with dims decide; a 0-d tensor, and after it a Python number, counts only if it is of a
    higher category (bool < integer < floating < complex) than all before it.

    >>> result_type(np.ones(2, np.float32), np.array(1.0)), result_type(np.ones(2, np.int64), 1.5)
    (dtype('float32'), dtype('float32'))
    """
    with_dims, without_dims, numbers = None, None, None
    for operand in operands:
        if isinstance(operand, (bool, int, float, complex)) and not isinstance(operand, np.generic):
            numbers = _wider(numbers, python_dtype(type(operand)))
        elif np.ndim(operand):
            with_dims = _wider(with_dims, operand.dtype)
        else:
            without_dims = _wider(without_dims, operand.dtype)
    result = with_dims
    for lower in (without_dims, numbers):
        if lower is None:
            continue
        if result is None:
            result = lower
        elif _CATEGORY[lower.kind] > _CATEGORY[result.kind]:
            # A complex number makes a tensor complex without changing its precision.
            result = _COMPLEX_OF.get(result, lower) if lower.kind == "c" else lower
    if result is None:
        raise DTypeError("result_type: needs at least one tensor or number")
    return result


def _wider(dtype: DType | None, other: DType) -> DType:
    return other if dtype is None else promote_types(dtype, other)


def python_dtype(kind: type) -> DType:
    """The dtype that Python's numbers of type ``kind`` get: the default one for floats.

    >>> python_dtype(int), python_dtype(float)
    (dtype('int64'), dtype('float32'))
    """
    default = get_default_dtype()
    category = np.dtype(kind).kind
    return {"b": bool_, "i": int64, "f": default, "c": _COMPLEX_OF[default]}[category]


def can_cast(source: Any, target: Any) -> bool:
    """Whether an in-place operation may store ``source`` values as ``target``: never to a lower
    category.

    >>> can_cast(float64, float32), can_cast(float32, int64)
    (True, False)
    """
    source, target = as_dtype(source).kind, as_dtype(target).kind
    return _CATEGORY[source] <= _CATEGORY[target]


class FloatLimits(NamedTuple):
    """What the numbers of a floating dtype (for a complex one, their parts) can be."""

    resolution: float
    min: float
    max: float
    eps: float
    smallest_normal: float
    tiny: float
    bits: int
    dtype: str


class IntegerLimits(NamedTuple):
    """What the numbers of an integer dtype can be."""

    min: int
    max: int
    bits: int
    dtype: str


def finfo(type: Any = None) -> FloatLimits:
    """The limits of a floating dtype (the default one unless given), as Python's floats.

    >>> finfo(float32).eps == 2**-23, finfo(float16).max
    (True, 65504.0)
    """
    dtype = get_default_dtype() if type is None else as_dtype(type)
    if dtype not in DIFFERENTIABLE:
        raise DTypeError(f"finfo: needs a floating dtype, got {dtype}; use iinfo()")
    found = np.finfo(dtype)
    numbers = {name: float(getattr(found, name)) for name in FloatLimits._fields[:-2]}
    return FloatLimits(bits=found.bits, dtype=str(found.dtype), **numbers)


def iinfo(type: Any) -> IntegerLimits:
    """The limits of an integer dtype.

    >>> iinfo(uint8)
    IntegerLimits(min=0, max=255, bits=8, dtype='uint8')
    """
    dtype = as_dtype(type)
    if dtype.kind not in "iu":
        raise DTypeError(f"iinfo: needs an integer dtype, got {dtype}; use finfo()")
    found = np.iinfo(dtype)
    return IntegerLimits(int(found.min), int(found.max), found.bits, str(dtype))
