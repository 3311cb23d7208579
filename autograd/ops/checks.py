"""What operations refuse although NumPy would accept it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from autograd.core.primitive import Promotion
from autograd.core.promotion import NUMBERS
from autograd.core.variable import Variable, make, unwrap
from autograd.dtypes import python_dtype
from autograd.errors import DTypeError, describe, not_a_tensor

_NAMES = {"b": "bool", "i": "integers", "u": "integers", "f": "floats", "c": "complex numbers"}


def refusing(kinds: str, promote: Promotion, remedy: str) -> Promotion:
    """``promote``, followed by a DTypeError if that ends in a dtype of ``kinds`` (NumPy's letters).

    A check in here costs nothing where nothing has to be promoted: floats of one dtype never come
    here.
    """

    def checked(args: Sequence[Any]) -> Sequence[Any]:
        promoted = promote(args)
        for arg in promoted:
            refuse_kind(kinds, arg, remedy)
        return promoted

    return checked


def refusing_any(kinds: str, promote: Promotion, remedy: str) -> Promotion:
    """As `refusing`, but one argument of ``kinds`` is enough, whatever it would be promoted to."""

    def checked(args: Sequence[Any]) -> Sequence[Any]:
        for arg in args:
            refuse_kind(kinds, np.asarray(arg) if isinstance(arg, bool) else arg, remedy)
        return promote(args)

    return checked


F = TypeVar("F", bound=Callable[..., Any])
_NUMBERS = frozenset((bool, int, float, complex))  # NumPy's scalars count as tensors


def needing_tensors(count: int) -> Callable[[F], F]:
    """An operation that refuses, by DTypeError, Python's numbers and whatever else is no tensor for
    its first ``count`` arguments."""

    def decorate(operation: F) -> F:
        names = list(inspect.signature(operation).parameters)[:count]

        @functools.wraps(operation)
        def checked(*args: Any, **params: Any) -> Any:
            for arg, name in zip(args, names):
                if not isinstance(arg, Variable) and not hasattr(arg, "dtype"):
                    raise not_a_tensor(arg, operation.__name__, name)
            return operation(*args, **params)

        return checked  # type: ignore[return-value]  # it takes whatever the operation takes

    return decorate


def of_numbers_too(operation: F) -> F:
    """An operation on two arguments that takes two Python numbers for tensors without dims."""

    @functools.wraps(operation)
    def checked(*args: Any, **params: Any) -> Any:
        if type(args[0] if args else None) in _NUMBERS and type(args[-1]) in _NUMBERS:
            args = (make(np.asarray(args[0], python_dtype(type(args[0])))), *args[1:])
        return operation(*args, **params)

    return checked  # type: ignore[return-value]  # it takes whatever the operation takes


def checked_number(operation: str, value: Any) -> Any:
    """``value``, a number or a tensor. Raises DTypeError for anything else."""
    if not isinstance(value, NUMBERS) and not hasattr(unwrap(value), "dtype"):
        raise DTypeError(f"{operation}: needs a number or a tensor, got {describe(value)}")
    return value


def refuse_only_numbers(*args: Any) -> None:
    """Raise DTypeError if there is no tensor among ``args``."""
    if all(type(arg) in _NUMBERS for arg in args):
        raise DTypeError(
            f"needs at least one tensor, got only numbers: {args}; make one: "
            f"autograd.tensor({args[0]})"
        )


def refuse_kind(kinds: str, value: Any, remedy: str) -> None:
    """Raise DTypeError if ``value`` has a dtype of ``kinds``."""
    dtype = getattr(unwrap(value), "dtype", None)
    if dtype is not None and dtype.kind in kinds:
        raise DTypeError(f"not defined for {_NAMES[dtype.kind]}; {remedy}")


def in_range(promote: Promotion) -> Promotion:
    """``promote``, followed by a DTypeError if a Python integer does not fit its integer dtype."""

    def checked(args: Sequence[Any]) -> Sequence[Any]:
        promoted = promote(args)
        for arg, converted in zip(args, promoted, strict=True):
            if isinstance(arg, int) and isinstance(converted, np.ndarray):
                as_scalar(arg, converted.dtype)
        return promoted

    return checked


def of_one_dtype(promote: Promotion) -> Promotion:
    """``promote``, unless there are tensors of two dtypes: then a DTypeError."""

    def checked(args: Sequence[Any]) -> Sequence[Any]:
        refuse_two_dtypes(*args)
        return promote(args)

    return checked


def refuse_two_dtypes(*args: Any, operation: str = "") -> None:
    """Raise DTypeError if the tensors among ``args`` do not have one dtype."""
    dtypes = [arg.dtype for arg in map(unwrap, args) if hasattr(arg, "dtype")]
    for dtype in dtypes[1:]:
        if dtype != dtypes[0]:
            raise DTypeError(
                f"{operation}needs tensors of one dtype, got {dtypes[0]} and {dtype}; convert "
                f"one: y.to(x.dtype)"
            )


def as_scalar(value: Any, dtype: np.dtype[Any], operation: str = "") -> Any:
    """The Python number ``value`` in ``dtype``, towards zero if that is an integer one.

    Negative ones wrap around in an unsigned dtype, as in PyTorch. Raises DTypeError if it is out
    of the range; ``operation`` (with a colon) starts its message.
    """
    if isinstance(value, complex) and not value.imag and dtype.kind != "c":
        value = value.real
    if dtype.kind == "u" and isinstance(value, int) and -np.iinfo(dtype).max <= value < 0:
        value += np.iinfo(dtype).max + 1
    try:
        with np.errstate(over="ignore"):
            scalar = dtype.type(value)
    except (OverflowError, ValueError, TypeError):
        scalar = None
    if scalar is None or (np.isinf(scalar) and not np.isinf(value)):
        raise DTypeError(
            f"{operation}{value} is out of the range of {dtype}; convert to a wider dtype"
        )
    return scalar
