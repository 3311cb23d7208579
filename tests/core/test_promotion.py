"""The dtype of results: PyTorch's table."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import autograd
from autograd.dtypes import SUPPORTED
from autograd.errors import DTypeError

torch = pytest.importorskip("torch")

DTYPES = sorted(str(dtype) for dtype in SUPPORTED)
NUMBERS = [True, 2, 2.0, 2j]
Operand = tuple[str, Any]  # a dtype, and a shape; or "", and a number
OPERANDS: list[Operand] = [
    *itertools.product(DTYPES, [(2,), ()]),
    *(("", number) for number in NUMBERS),
]
# PyTorch has a half-precision complex type, NumPy has none: there it is complex64.
COMPLEX_HALF = "complex32"


def ours(operand: Operand) -> Any:
    dtype, value = operand
    return autograd.ones(value, dtype=dtype) if dtype else value


def theirs(operand: Operand) -> Any:
    dtype, value = operand
    return torch.ones(value, dtype=getattr(torch, dtype)) if dtype else value


def expected(*operands: Operand) -> str:
    name = str(torch.result_type(*map(theirs, operands))).removeprefix("torch.")
    return "complex64" if name == COMPLEX_HALF else name


@pytest.mark.parametrize("first", OPERANDS, ids=str)
def test_the_dtype_of_a_sum(first: Operand) -> None:
    for second in OPERANDS:
        assert str(autograd.result_type(ours(first), ours(second))) == expected(first, second)
        if first[0] or second[0]:
            assert str((ours(first) + ours(second)).dtype) == expected(first, second), second


def test_promote_types() -> None:
    for first, second in itertools.product(DTYPES, DTYPES):
        promoted = torch.promote_types(getattr(torch, first), getattr(torch, second))
        name = str(promoted).removeprefix("torch.").replace(COMPLEX_HALF, "complex64")
        assert str(autograd.promote_types(first, second)) == name, (first, second)


def test_can_cast() -> None:
    for source, target in itertools.product(DTYPES, DTYPES):
        allowed = torch.can_cast(getattr(torch, source), getattr(torch, target))
        assert autograd.can_cast(source, target) == allowed, (source, target)


def test_a_quotient_of_integers_has_the_default_dtype() -> None:
    counts = autograd.ones(2, dtype="int64")
    assert (counts / counts).dtype == autograd.float32
    autograd.set_default_dtype("float64")
    try:
        assert (counts / counts).dtype == autograd.float64
        assert (counts * 1.0).dtype == autograd.float64
        assert autograd.tensor(1.0).dtype == autograd.float64
        assert autograd.tensor(1j).dtype == autograd.complex128
    finally:
        autograd.set_default_dtype("float32")


def test_gradients_have_the_dtypes_of_their_inputs() -> None:
    x = autograd.ones(2, dtype="float32", requires_grad=True)
    y = autograd.ones(2, dtype="float64", requires_grad=True)
    z = autograd.ones(2, dtype="complex64", requires_grad=True)
    total = x * y * z
    total.backward(autograd.ones(2, dtype="complex128"))
    assert [t.grad.dtype.name for t in (x, y, z)] == ["float32", "float64", "complex64"]


def test_a_python_number_too_large_for_the_dtype_wraps_around_as_in_pytorch() -> None:
    small, small_there = autograd.ones(2, dtype="uint8"), torch.ones(2, dtype=torch.uint8)
    assert (small + 300).tolist() == (small_there + 300).tolist()
    assert (small + -1).tolist() == (small_there + -1).tolist()


def test_numpys_arrays_and_scalars_count_as_tensors() -> None:
    x = autograd.ones(2)
    assert (x * np.ones(2)).dtype == autograd.float64
    assert (x * np.float64(2)).dtype == autograd.float32
    assert (np.ones(2, np.float64) * x).dtype == autograd.float64


@pytest.mark.parametrize("other", ["text", [1.0, 2.0], object()])
def test_other_operands_are_refused(other: Any) -> None:
    with pytest.raises((DTypeError, TypeError)):
        autograd.ones(2) + other
    with pytest.raises(DTypeError, match=r"mul: needs tensors.*autograd.tensor"):
        autograd.mul(autograd.ones(2), other)
