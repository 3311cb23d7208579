"""Python numbers in the place of tensors: refused where PyTorch refuses them."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import DTypeError

BOTH = ["atan2", "heaviside", "hypot", "isclose", "ldexp", "logaddexp", "logaddexp2", "nextafter"]
FIRST = ["copysign", "fmod", "rsub"]
EITHER = ["float_power", "pow", "remainder", "xlogy"]


@pytest.mark.parametrize("name", BOTH + FIRST)
def test_the_first_must_be_a_tensor(name):
    with pytest.raises(DTypeError, match=f"{name}: .+ must be a tensor, got 2"):
        getattr(autograd, name)(2, autograd.ones(2))


@pytest.mark.parametrize("name", BOTH)
def test_the_second_must_be_a_tensor(name):
    with pytest.raises(DTypeError, match=f"{name}: .+ must be a tensor, got 2"):
        getattr(autograd, name)(autograd.ones(2), 2)


@pytest.mark.parametrize("name", FIRST + EITHER)
def test_the_second_may_be_a_number(name):
    assert getattr(autograd, name)(autograd.ones(2), 2).shape == (2,)


@pytest.mark.parametrize("name", EITHER)
def test_one_must_be_a_tensor(name):
    with pytest.raises(DTypeError, match="needs at least one tensor"):
        getattr(autograd, name)(2, 3)
    assert getattr(autograd, name)(2, autograd.ones(2)).shape == (2,)


@pytest.mark.parametrize(
    ("name", "x", "y", "expected", "dtype"),
    [
        ("add", 1, 2.5, 3.5, "float32"),
        ("add", True, True, True, "bool"),
        ("sub", 1, 2, -1, "int64"),
        ("mul", 2, 3j, 6j, "complex64"),
        ("div", 1, 2, 0.5, "float32"),
        ("floor_divide", 7, 2, 3, "int64"),
    ],
)
def test_the_four_operations_make_a_tensor_of_two_numbers(name, x, y, expected, dtype):
    result = getattr(autograd, name)(x, y)
    assert isinstance(result, autograd.Tensor)
    assert (result.item(), result.dtype, result.shape) == (expected, np.dtype(dtype), ())


@pytest.mark.parametrize("name", ["add", "sub", "mul", "div", "floor_divide"])
def test_the_arguments_have_pytorchs_names_too(name):
    x, y = autograd.tensor([7.0]), autograd.tensor([2.0])
    function = getattr(autograd, name)
    expected = function(x, y).tolist()
    assert function(x, other=y).tolist() == function(input=x, other=y).tolist() == expected
    assert getattr(x, name)(other=y).tolist() == expected


def test_equal_needs_two_tensors():
    with pytest.raises(DTypeError, match="equal: other must be a tensor"):
        autograd.equal(autograd.ones(1), 1)


# -- whether a number fits a dtype ---------------------------------------------------------------


def fill(x, number):
    return x.clone().fill_(number)


def masked_fill(x, number):
    return x.masked_fill(x == x, number)


def clamp(x, number):
    return x.clamp(min=number)


@pytest.mark.parametrize("function", [autograd.fill, fill, masked_fill, autograd.full_like])
def test_numbers_out_of_range_are_refused(function):
    for dtype, number in (("int8", 300), ("uint8", -256), ("float16", 1e6), ("float32", 1j)):
        with pytest.raises(DTypeError, match="out of the range"):
            function(autograd.ones(2, dtype=dtype), number)


@pytest.mark.parametrize(
    "function", [autograd.fill, fill, masked_fill, autograd.full_like, clamp, autograd.clamp_min]
)
def test_negative_numbers_wrap_around_in_bytes(function):
    assert function(autograd.ones(1, dtype="uint8"), -1).tolist() == [255]


def test_a_complex_number_without_imaginary_part_is_real():
    assert autograd.fill(autograd.ones(1), 2 + 0j).tolist() == [2.0]
