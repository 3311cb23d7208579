"""Numbers in the place of tensors: what PyTorch refuses, and NumPy's functions may be given."""

from __future__ import annotations

import operator

import numpy as np
import pytest

import autograd
from autograd.errors import DTypeError

X = autograd.tensor([1.0, 3.0])
FIRST = ("eq", "ne", "lt", "le", "gt", "ge", "copysign", "clamp_min", "clamp_max", "max", "min")
BOTH = ("maximum", "minimum", "fmax", "fmin", "heaviside", "logical_and", "logical_or")


@pytest.mark.parametrize("name", [*FIRST, *BOTH])
def test_a_number_can_not_come_first(name: str) -> None:
    for y in (X, 2):
        with pytest.raises(DTypeError, match=f"{name}: .+ must be a tensor, got 2"):
            getattr(autograd, name)(2, y)


@pytest.mark.parametrize("name", BOTH)
def test_nor_second_where_both_are_tensors(name: str) -> None:
    with pytest.raises(DTypeError, match=f"{name}: .+ must be a tensor, got 2"):
        getattr(autograd, name)(X, 2)
    getattr(autograd, name)(X, np.float32(2))  # a scalar of NumPy's is an array without dims


def test_bits_of_two_numbers() -> None:
    for name in ("and", "or", "xor", "left_shift", "right_shift"):
        with pytest.raises(DTypeError, match=f"^bitwise_{name}: needs at least one tensor"):
            getattr(autograd, f"bitwise_{name}")(2, 3)
    assert autograd.bitwise_and(6, autograd.tensor([3])).tolist() == [2]


def test_numpy_takes_numbers() -> None:
    for result, expected in (
        (np.maximum(X, 2), [2.0, 3.0]),
        (np.fmin(2, X), [1.0, 2.0]),
        (np.less(2, X), [False, True]),
        (np.logical_and(X, True), [True, True]),
    ):
        assert isinstance(result, autograd.Tensor)
        assert result.tolist() == expected
    assert np.maximum(X, 2).dtype == autograd.float32
    assert operator.lt(2, X).tolist() == [False, True]


# -- dtypes that an operation is not defined for -------------------------------------------------

BOOLS, COMPLEX = autograd.tensor([True, False]), autograd.tensor([1j, 2j])
WHOLE, DOUBLES = autograd.tensor([1, 2]), autograd.tensor([1.0, 2.0], dtype="float64")
PLACES = autograd.tensor([0, 1])


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("lerp", (WHOLE, WHOLE, 0.5)),
        ("hypot", (WHOLE, WHOLE)),
        ("isin", (WHOLE, BOOLS)),
        ("isin", (WHOLE, True)),
        ("softmax", (COMPLEX, 0)),
        ("log_softmax", (COMPLEX, 0)),
        ("topk", (BOOLS, 1)),
        ("kthvalue", (BOOLS, 1)),
        ("kthvalue", (X, 1.5)),
        ("searchsorted", (BOOLS, BOOLS)),
        ("cumulative_trapezoid", (X, BOOLS)),
        ("trapezoid", (BOOLS,)),
        ("scatter_reduce", (COMPLEX, 0, PLACES, COMPLEX, "amax")),
        ("scatter_reduce", (BOOLS, 0, PLACES, BOOLS, "mean")),
        ("index_reduce", (COMPLEX, 0, PLACES, COMPLEX, "prod")),
        ("index_reduce", (BOOLS, 0, PLACES, BOOLS, "amin")),
    ],
)
def test_dtypes_that_pytorch_refuses(name: str, args: tuple[object, ...]) -> None:
    with pytest.raises(DTypeError, match=r"^_?\w+: "):
        getattr(autograd, name)(*args)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("heaviside", (X, DOUBLES)),
        ("heaviside", (X, WHOLE)),
        ("lerp", (X, DOUBLES, 0.5)),
        ("lerp", (X, X, autograd.tensor(0.5, dtype="float64"))),
        ("meshgrid", (X, WHOLE)),
        ("cartesian_prod", (X, DOUBLES)),
    ],
)
def test_operations_that_do_not_promote(name: str, args: tuple[object, ...]) -> None:
    with pytest.raises(DTypeError, match="needs tensors of one dtype"):
        getattr(autograd, name)(*args)
