"""Dtypes: names, aliases, limits, and what the result of mixing them is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd
from autograd.dtypes import SUPPORTED, as_dtype
from autograd.errors import DTypeError


@pytest.mark.parametrize("dtype", sorted(SUPPORTED, key=str))
def test_every_spelling_is_the_same_object(dtype: Any) -> None:
    for spelling in (dtype, dtype.name, dtype.type, np.dtype(dtype.name), dtype.newbyteorder("=")):
        assert as_dtype(spelling) is as_dtype(dtype.name)


def test_aliases() -> None:
    for alias, name in {
        "half": "float16",
        "float": "float32",
        "double": "float64",
        "short": "int16",
        "int": "int32",
        "long": "int64",
        "bool": "bool",
        "cfloat": "complex64",
        "cdouble": "complex128",
    }.items():
        assert getattr(autograd, alias) == np.dtype(name)


def test_pythons_types() -> None:
    assert as_dtype(float) == autograd.float64
    assert as_dtype(complex) == autograd.complex128
    assert as_dtype(int) == autograd.int64
    assert as_dtype(bool) == np.dtype(bool)


@pytest.mark.parametrize("wrong", ["text", "uint16", np.dtype("U3"), np.longdouble, object, 3.5])
def test_others_are_refused(wrong: Any) -> None:
    with pytest.raises(DTypeError):
        as_dtype(wrong)


def test_another_byte_order_is_refused_with_the_remedy() -> None:
    swapped = np.arange(3.0).astype(np.dtype("float64").newbyteorder())
    with pytest.raises(DTypeError, match="newbyteorder"):
        autograd.tensor(swapped)


def test_limits() -> None:
    assert autograd.finfo(autograd.float32).eps == np.finfo(np.float32).eps
    assert autograd.finfo().max == np.finfo(np.float32).max
    assert autograd.iinfo(autograd.uint8).max == 255


def test_result_type_needs_an_operand() -> None:
    with pytest.raises((DTypeError, TypeError)):
        autograd.result_type()


def test_result_type_of_more_than_two() -> None:
    ones = autograd.ones
    assert autograd.result_type(ones(2, dtype="int8"), 2, 1.5) == autograd.float32
    mixed = autograd.result_type(ones(2, dtype="int8"), ones((), dtype="float64"), 1j)
    assert mixed == autograd.complex128


def test_only_floating_and_complex_tensors_have_gradients() -> None:
    for dtype in SUPPORTED:
        make = autograd.ones(2, dtype=dtype).requires_grad_
        if dtype.kind in "fc":
            assert make().requires_grad
        else:
            with pytest.raises(DTypeError, match=str(dtype)):
                make()
