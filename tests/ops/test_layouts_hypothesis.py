"""No operation sees how its inputs lie in memory: each input of a row in a layout of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd.errors import ShapeError
from tests import checks
from tests.cases import Case, all_cases

hypothesis = pytest.importorskip("hypothesis")
st = hypothesis.strategies

CASES = [case for case in all_cases() if checks.inputs_of(case)]
Array = np.ndarray[Any, Any]


def with_offset(array: Array) -> Array:
    """In the middle of larger memory, so that the first element is not the memory's."""
    memory = np.zeros(array.size + 7, array.dtype)
    view = memory[3 : 3 + array.size].reshape(array.shape)
    view[...] = array
    return view


def column_of_a_table(array: Array) -> Array:
    """With other numbers between any two elements."""
    memory = np.full((*array.shape, 3), 7, array.dtype)
    memory[..., 1] = array
    return memory[..., 1]


def rotated(array: Array) -> Array:
    """With its dims in another order in memory: neither C's nor Fortran's from 3 dims on."""
    order = [*range(1, array.ndim), 0][: array.ndim]
    return array.transpose(order).copy().transpose(np.argsort(order))


LAYOUTS: list[Callable[[Array], Array]] = [
    np.array,
    checks.transposed,
    checks.sliced,
    checks.reversed_,
    with_offset,
    column_of_a_table,
    rotated,
]


def test_the_layouts_keep_the_values() -> None:
    array = np.arange(24.0).reshape(2, 3, 4)
    strides = {layout(array).strides for layout in LAYOUTS}
    assert len(strides) == len(LAYOUTS) - 1  # with_offset has those of a plain array
    for layout in LAYOUTS:
        np.testing.assert_array_equal(layout(array), array)
        np.testing.assert_array_equal(layout(np.array(3.0)), 3.0)
        assert layout(np.zeros((0, 2))).shape == (0, 2)


@hypothesis.settings(max_examples=150, derandomize=True, deadline=None, database=None)
@hypothesis.given(data=st.data())
def test_results_and_gradients_do_not_depend_on_the_layout(data: Any) -> None:
    case: Case = data.draw(st.sampled_from(CASES))
    arrays = checks.arrays_of(case)
    layouts = data.draw(st.lists(st.sampled_from(LAYOUTS), min_size=len(arrays)))
    laid = [layout(array) for layout, array in zip(layouts, arrays)]
    expected = checks.values_and_gradients(case, arrays)
    try:
        found = checks.values_and_gradients(case, laid)
    except ShapeError as error:
        if "is not contiguous" not in str(error):
            raise
        return
    checks.assert_same(found, expected, 1e-12)


@hypothesis.settings(max_examples=60, derandomize=True, deadline=None, database=None)
@hypothesis.given(data=st.data())
def test_expanded_inputs_are_as_good_as_copies_of_them(data: Any) -> None:
    case: Case = data.draw(st.sampled_from([case for case in CASES if case.elementwise]))
    drawn = checks.arrays_of(case)
    arrays = [np.array(array[..., :1]) if array.ndim else array for array in drawn]
    shape = np.broadcast_shapes(*(array.shape for array in arrays), (2, 1, 1))
    expanded = [np.broadcast_to(array, shape) for array in arrays]
    expected = checks.values_and_gradients(case, [array.copy() for array in expanded])
    checks.assert_same(checks.values_and_gradients(case, expanded), expected, 1e-12)
