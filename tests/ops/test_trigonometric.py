"""Trigonometric functions at the ends of their domains."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograd.core.differentiate import grad
from autograd.core.variable import make
from autograd.ops import trigonometric as ops

# At these points NumPy warns of the infinities and NaNs that are looked for.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

INF = np.inf


def gradients(function: Any, *values: list[float]) -> list[Any]:
    tensors = [make(np.array(value)).requires_grad_() for value in values]
    with np.errstate(all="ignore"):
        out = function(*tensors)
    return [g.numpy() for g in grad(out, tensors, make(np.ones(out.shape)))]


def test_atan2_has_no_slope_at_the_origin() -> None:
    by_x, by_y = (g.tolist() for g in gradients(ops.atan2, [0.0, 1.0], [0.0, 0.0]))
    assert by_x == [0.0, 0.0]
    assert by_y == [0.0, -1.0]


def test_infinite_slopes() -> None:
    assert gradients(ops.asin, [1.0, -1.0])[0].tolist() == [INF, INF]
    assert gradients(ops.acos, [1.0, -1.0])[0].tolist() == [-INF, -INF]
    assert gradients(ops.acosh, [1.0])[0].tolist() == [INF]
    assert gradients(ops.atanh, [1.0, -1.0])[0].tolist() == [INF, INF]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_sinc_near_0(dtype: str) -> None:
    points = np.array([0.0, 1e-9, 1e-4, 0.029, 0.031, 0.05], dtype)
    x = make(points).requires_grad_()
    out = ops.sinc(x)
    (first,) = grad(out, x, make(np.ones(6, dtype)), create_graph=True)
    z = math.pi * points.astype(np.longdouble)
    exact = math.pi * (-z / 3 + z**3 / 30 - z**5 / 840 + z**7 / 45360 - z**9 / 3991680)
    tolerance = {"float32": 1e-4, "float64": 1e-11}[dtype]
    np.testing.assert_allclose(first.detach().numpy(), exact, rtol=tolerance)
    (second,) = grad(first, x, make(np.ones(6, dtype)))
    exact = math.pi**2 * (-1 / 3 + z**2 / 10 - z**4 / 168 + z**6 / 6480 - z**8 / 443520)
    np.testing.assert_allclose(second.numpy(), exact, rtol=50 * tolerance)


def test_acosh_in_the_left_half_plane() -> None:
    """Its derivative there is that of NumPy's branch: by a difference in the complex plane."""
    z = np.array([-1 + 0.7j, -2 - 0.5j, 0.5 + 1j])
    tensor = make(z).requires_grad_()
    (found,) = grad(ops.acosh(tensor), tensor, make(np.ones(3, complex)))
    slope = (np.arccosh(z + 1e-6) - np.arccosh(z - 1e-6)) / 2e-6
    np.testing.assert_allclose(found.numpy().conj(), slope, rtol=1e-6)


def test_integers_give_the_default_dtype() -> None:
    for name in ("sin", "atan", "sinh", "sinc", "deg2rad", "rad2deg"):
        assert getattr(ops, name)(make(np.array([0, 1]))).dtype == np.float32


def test_numpys_names_are_the_same_functions() -> None:
    assert ops.arctan2 is ops.atan2
    assert ops.arccosh is ops.acosh
