"""`where` and its dtypes; zeros that must stay zero."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd.core.differentiate import grad
from autograd.core.variable import Variable, make
from autograd.ops import selection as ops
from autograd.ops.arithmetic import sqrt

# At these points NumPy warns of the infinities and NaNs that are looked for.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

CONDITION = make(np.array([True, False]))
SINGLE = make(np.array([1.0, 2.0], np.float32))


@pytest.mark.parametrize(
    ("x", "y", "dtype"),
    [
        (SINGLE, 0, "float32"),
        (SINGLE, 0.5, "float32"),
        (SINGLE, True, "float32"),
        (SINGLE, 1j, "complex64"),
        (SINGLE, make(np.array(1.0)), "float32"),
        (SINGLE, make(np.array([1.0, 2.0])), "float64"),
        (SINGLE, make(np.array([1, 2])), "float32"),
        (make(np.array([1, 2], np.int8)), 3, "int8"),
        (make(np.array([1, 2])), 1.5, "float32"),
        (1.0, 2, "float32"),
        (1, 2, "int64"),
        (True, False, "bool"),
    ],
)
def test_where_promotes_as_pytorch(x: Any, y: Any, dtype: str) -> None:
    assert ops.where(CONDITION, x, y).dtype == dtype
    assert ops.where(CONDITION, y, x).dtype == dtype


def test_where_takes_bytes_for_a_condition() -> None:
    assert ops.where(make(np.array([2, 0], np.uint8)), SINGLE, 0).tolist() == [1.0, 0.0]


def test_where_on_arrays_gives_an_array() -> None:
    """So that rules can call it."""
    out = ops.where(np.array([True, False]), np.ones(2), 0.0)
    assert not isinstance(out, Variable)
    assert out.tolist() == [1.0, 0.0]


def test_where_alone_finds_indices_in_0_dims_too() -> None:
    assert [index.tolist() for index in ops.where(make(np.array([[0, 5], [7, 0]])))] == [
        [0, 1],
        [1, 0],
    ]
    assert [index.tolist() for index in ops.where(make(np.array(3.0)))] == [[0]]


def test_where_sends_nothing_to_what_was_not_chosen() -> None:
    x = make(np.array([1.0, 2.0])).requires_grad_()
    y = make(np.array(3.0)).requires_grad_()
    by_x, by_y = grad(ops.where(CONDITION, x, y), (x, y), make(np.array([5.0, 7.0])))
    assert by_x.tolist() == [5.0, 0.0]
    assert by_y.item() == 7.0


def test_masked_fill_with_a_tensor_sends_it_the_gradient_of_what_it_fills() -> None:
    x = make(np.array([1.0, 2.0])).requires_grad_()
    value = make(np.array(3.0, np.float32)).requires_grad_()
    out = ops.masked_fill(x, make(np.array([[True], [False]])), value)
    assert out.tolist() == [[3.0, 3.0], [1.0, 2.0]]
    assert out.dtype == np.float64
    by_x, by_value = grad(out, (x, value), make(np.ones((2, 2))))
    assert by_x.tolist() == [1.0, 1.0]
    assert by_value.item() == 2.0
    assert by_value.dtype == np.float32


def test_masked_fill_on_arrays_gives_an_array() -> None:
    out = ops.masked_fill(np.ones(2, np.float32), np.array([True, False]), 0)
    assert out.dtype == np.float32
    assert out.tolist() == [0.0, 1.0]


@pytest.mark.parametrize("create_graph", [False, True])
def test_a_branch_not_taken_has_a_finite_gradient(create_graph: bool) -> None:
    x = make(np.array([4.0, 0.0])).requires_grad_()
    out = ops.where(CONDITION, sqrt(x), 0.0)
    (first,) = grad(out, x, make(np.ones(2)), create_graph=create_graph)
    assert first.tolist() == [0.25, 0.0]
    if create_graph:
        assert grad(first, x, make(np.ones(2)))[0].tolist() == [-1 / 32, 0.0]


def test_an_infinite_gradient_that_is_used_stays_infinite() -> None:
    x = make(np.array([4.0, 0.0])).requires_grad_()
    assert grad(sqrt(x), x, make(np.ones(2)))[0].tolist() == [0.25, np.inf]


@pytest.mark.parametrize("dtype", ["float16", "float32", "complex64"])
def test_a_sum_that_overflows_changes_nothing(dtype: str) -> None:
    gradient = np.full(4, np.finfo(dtype).max, dtype)
    with np.errstate(all="ignore"):
        kept = ops.zero_if_unused(gradient, np.zeros(4, dtype))
    np.testing.assert_array_equal(kept, gradient)


def test_infinities_of_both_signs_go_without_a_warning_in_numpys_name() -> None:
    x = make(np.zeros(2)).requires_grad_()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        gradient = grad(sqrt(x), x, make(np.array([1.0, -1.0])))[0]
    assert gradient.tolist() == [np.inf, -np.inf]
    # Those of our own lines are switched off where the package is imported.
    assert caught
    assert {Path(warning.filename).parts[-3] for warning in caught} == {"autograd"}
