"""Blocks, regions and polynomials."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd
from autograd.ops.approximation import (
    BLOCK,
    LARGE,
    blockwise,
    by_region,
    in_blocks,
    in_double,
    polynomial,
)


def test_blocks_cover_everything_once_whatever_the_size_and_the_layout() -> None:
    for shape in [(), (0,), (1,), (BLOCK,), (BLOCK + 1,), (3, BLOCK - 5)]:
        x = np.random.default_rng(0).standard_normal(shape)
        np.testing.assert_array_equal(in_blocks(lambda x: 2 * x, x.dtype, [x]), 2 * x)
        np.testing.assert_array_equal(in_double(lambda x: 2 * x, x.T), 2 * x.T)


def test_blocks_keep_the_order_in_memory() -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, BLOCK))
    for view in (x.transpose(0, 2, 1), x[:, :, :5].transpose(0, 2, 1)):
        out = in_blocks(lambda x: 2 * x, x.dtype, [view])
        np.testing.assert_array_equal(out, 2 * view)
        assert out.transpose(0, 2, 1).flags.c_contiguous
    strided = x[:, ::2, ::-1]
    out = in_blocks(lambda x, y: x - 2 * y, x.dtype, [strided, strided + 1])
    np.testing.assert_array_equal(out, strided - 2 * (strided + 1))


def test_formulas_see_a_block_at_a_time_of_large_arrays_only() -> None:
    sizes = []

    @blockwise
    def difference(g: Any, x: Any) -> Any:
        sizes.append(np.size(x))
        return g - 2 * x

    x = np.random.default_rng(0).standard_normal((2, LARGE // 2 + 1))
    np.testing.assert_array_equal(difference(x + 1, x), x + 1 - 2 * x)
    assert max(sizes) <= BLOCK
    assert sum(sizes) == x.size
    sizes.clear()
    assert isinstance(difference(autograd.tensor(x), autograd.tensor(x)), autograd.Tensor)
    difference(x[0, 1:], x[0, 1:])
    assert len(sizes) == 2


def test_results_have_the_promoted_shape_and_dtype() -> None:
    x = np.ones((2, 1), np.float32)
    out = in_double(lambda x, y: x + y, x, np.ones(3, np.float16))
    assert out.dtype == np.float32
    assert out.shape == (2, 3)
    assert in_double(lambda x, y: x + y, x, 2.0).dtype == np.float32


def test_the_arguments_are_not_changed() -> None:
    x = np.ones(3)

    def double_in_place(x: np.ndarray) -> np.ndarray:
        x *= 2
        return x

    in_double(double_in_place, x)
    np.testing.assert_array_equal(x, 1)


def test_the_first_region_counts() -> None:
    x = np.array([1.0, 2.0, 3.0, np.nan])
    out = by_region([(x < 2, 7.0), (x < 3, lambda x: -x)], x)
    np.testing.assert_array_equal(out, [7, -2, np.nan, np.nan])


def test_a_polynomial_of_single_precision_stays_so() -> None:
    x = np.array([2.0], np.float32)
    assert polynomial((1.0, 0.5), x).dtype == np.float32


def test_a_polynomial_has_its_coefficients_from_the_lowest_up() -> None:
    x = np.array([-1.5, 0.0, 2.0])
    for coefficients in ((3.0, 0.5), (3.0, 0.5, -2.0), (1.0, -4.0, 0.0, 7.0, 0.25)):
        np.testing.assert_allclose(polynomial(coefficients, x), np.polyval(coefficients[::-1], x))
