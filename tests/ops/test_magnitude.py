"""Magnitudes and choices where they have ties, bounds and NaN."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd.core.differentiate import grad
from autograd.core.variable import make
from autograd.errors import DTypeError
from autograd.ops import magnitude as ops

# At these points NumPy warns of the infinities and NaNs that are looked for.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

INF, NAN = np.inf, np.nan


def gradients(function: Any, *values: list[float]) -> list[list[float]]:
    """The gradients of the sum of ``function``, by each of its arguments."""
    tensors = [make(np.array(value)).requires_grad_() for value in values]
    out = function(*tensors)
    return [
        g.tolist() for g in grad(out, tensors, make(np.ones(out.shape)), materialize_grads=True)
    ]


@pytest.mark.parametrize(
    ("function", "by_x", "by_y"),
    [
        (ops.maximum, [0.5, 1.0, 0.5, 1.0, 1.0, 0.0], [0.5, 1.0, 0.5, 1.0, 0.0, 1.0]),
        (ops.minimum, [0.5, 1.0, 0.5, 1.0, 0.0, 1.0], [0.5, 1.0, 0.5, 1.0, 1.0, 0.0]),
        (ops.fmax, [1.0, 0.0, 1.0, 1.0, 1.0, 0.0], [0.0, 1.0, 0.0, 0.0, 0.0, 1.0]),
        (ops.fmin, [1.0, 0.0, 1.0, 1.0, 0.0, 1.0], [0.0, 1.0, 0.0, 0.0, 1.0, 0.0]),
    ],
)
def test_ties_and_nan_share_the_gradient_as_in_pytorch(function: Any, by_x: Any, by_y: Any) -> None:
    x, y = [1.0, NAN, INF, 2.0, 3.0, -INF], [1.0, 1.0, INF, NAN, 2.0, 0.0]
    assert gradients(function, x, y) == [by_x, by_y]


def test_nan_wins_in_maximum_and_loses_in_fmax() -> None:
    x, y = make(np.array([NAN, 1.0, NAN])), make(np.array([1.0, NAN, NAN]))
    assert np.isnan(ops.maximum(x, y).numpy()).all()
    np.testing.assert_array_equal(ops.fmax(x, y).numpy(), [1.0, 1.0, NAN])
    np.testing.assert_array_equal(ops.fmin(x, y).numpy(), [1.0, 1.0, NAN])


def test_clamp_passes_the_gradient_at_its_bounds() -> None:
    x = [0.0, 1.0, 0.5, 2.0, -1.0, NAN]
    assert gradients(lambda x: ops.clamp(x, 0, 1), x) == [[1.0, 1.0, 1.0, 0.0, 0.0, 0.0]]
    assert gradients(lambda x: ops.clamp(x, max=1), x) == [[1.0, 1.0, 1.0, 0.0, 1.0, 0.0]]
    assert gradients(lambda x: ops.clamp(x, min=0), x) == [[1.0, 1.0, 1.0, 1.0, 0.0, 0.0]]


def test_clamp_gives_the_gradient_to_the_bound_that_counts() -> None:
    x, low, high = [0.5, 2.0, -1.0, 0.5, 0.0], [0.0, 0.0, 0.0, 2.0, 1.0], [1.0, 1.0, 1.0, 1.0, 1.0]
    by_x, by_low, by_high = gradients(ops.clamp, x, low, high)
    assert by_x == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert by_low == [0.0, 0.0, 1.0, 0.0, 0.0]
    assert by_high == [0.0, 1.0, 0.0, 1.0, 0.0]


def test_clamp_with_crossed_bounds_is_the_upper_one() -> None:
    assert ops.clamp(make(np.array([-5.0, 0.5, 5.0])), 1, 0).tolist() == [0.0, 0.0, 0.0]


def test_gradient_at_0_is_0() -> None:
    for function in (ops.abs, ops.sgn, ops.sign):
        assert gradients(function, [0.0, -0.0]) == [[0.0, 0.0]]


def test_sign_of_nan_is_0() -> None:
    assert ops.sign(make(np.array([NAN, -INF, -0.0]))).tolist() == [0.0, -1.0, 0.0]


def test_sgn_of_complex_numbers() -> None:
    z = make(np.array([3 + 4j, 0j])).requires_grad_()
    out = ops.sgn(z)
    np.testing.assert_allclose(out.detach().numpy(), [0.6 + 0.8j, 0])
    (by_z,) = grad(out, z, make(np.array([1 + 0j, 1 + 0j])))
    # Only what turns z changes its sign: of the gradient 1, the part at right angles to 3 + 4j.
    np.testing.assert_allclose(by_z.numpy(), [(0.64 - 0.48j) / 5, 0])


def test_copysign_sees_the_sign_of_zero_and_nothing_flows_at_0() -> None:
    x = make(np.array([1.0, 1.0]))
    assert ops.copysign(x, make(np.array([0.0, -0.0]))).tolist() == [1.0, -1.0]
    assert gradients(ops.copysign, [0.0, 3.0, -2.0], [-1.0, -0.0, 1.0])[0] == [0.0, -1.0, -1.0]


def test_heaviside_at_0_is_values_and_so_is_the_gradient() -> None:
    x, values = [0.0, NAN, -0.0, 2.0], [0.25, 0.5, 0.75, 1.0]
    assert ops.heaviside(make(np.array(x)), make(np.array(values))).tolist() == [
        0.25,
        0.0,
        0.75,
        1.0,
    ]
    assert gradients(ops.heaviside, x, values) == [[0.0] * 4, [1.0, 0.0, 1.0, 0.0]]


def test_the_result_does_not_share_memory() -> None:
    x = make(np.array([True, False]))
    assert not np.shares_memory(ops.sign(x).numpy(), x.numpy())


def test_clamp_refuses_a_number_between_tensors() -> None:
    bound = make(np.zeros(1))
    with pytest.raises(DTypeError, match="clamp: input must be a tensor, got"):
        ops.clamp(2.0, bound, bound)
