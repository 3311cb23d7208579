"""What operations refuse although NumPy would accept it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.primitive import Promotion
from autograd.core.variable import unwrap
from autograd.errors import DTypeError

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
            if (
                isinstance(arg, int)
                and isinstance(converted, np.ndarray)
                and converted.item() != arg
            ):
                raise DTypeError(
                    f"{arg} is out of the range of {converted.dtype}; convert to a wider dtype"
                )
        return promoted

    return checked


def as_scalar(value: Any, dtype: np.dtype[Any]) -> Any:
    """The Python number ``value`` in ``dtype``, towards zero if that is an integer one.

    Raises DTypeError if it is out of the range.
    """
    try:
        with np.errstate(over="ignore"):
            scalar = dtype.type(value)
    except (OverflowError, ValueError, TypeError):
        scalar = None
    if scalar is None or (np.isinf(scalar) and not np.isinf(value)):
        raise DTypeError(f"{value} is out of the range of {dtype}; convert to a wider dtype")
    return scalar
