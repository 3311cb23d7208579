"""Functions with planted faults, which gradcheck must find, and sound ones, which it must pass."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import gradcheck, gradgradcheck
from autograd._gradcheck import GradcheckError
from autograd.core.primitive import primitive
from autograd.core.variable import Array
from autograd.errors import DTypeError, GraphError

TIGHT: Any = {"atol": 1e-7, "rtol": 1e-5}


def leaf(*values: Any, dtype: str = "float64") -> Any:
    return autograd.tensor(list(values), dtype=dtype, requires_grad=True)


def cube_with(rule: Callable[..., Any]) -> Any:
    @primitive(x=rule)
    def cube(x: Array) -> Array:
        return x * x * x

    return cube


def one_entry(g: Any, x: Any) -> Any:
    return g * 3 * x * x * np.array([1.0, 1.0, 1.001])


right = cube_with(lambda g, x: g * 3 * x * x)
FAULTS = {
    "off by 0.1 %": lambda g, x: g * 3.003 * x * x,
    "wrong sign": lambda g, x: g * -3 * x * x,
    "missing factor": lambda g, x: g * x * x,
    "one entry": one_entry,
    "none": lambda g: None,
    "zero": lambda g: g * 0,
}


def test_the_right_gradient_passes() -> None:
    x = leaf(1.0, -2.0, 0.5)
    assert gradcheck(right, x, **TIGHT)
    assert gradcheck(right, x, fast_mode=True, **TIGHT)
    assert gradgradcheck(right, x, **TIGHT)
    assert gradgradcheck(right, x, fast_mode=True, **TIGHT)


@pytest.mark.parametrize("fast_mode", [False, True])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_gradient_is_found(fault: str, fast_mode: bool) -> None:
    wrong = cube_with(FAULTS[fault])
    x = leaf(1.0, -2.0, 0.5)
    with pytest.raises(GradcheckError, match=r"derivative of output 0.* by inputs\[0\]"):
        gradcheck(wrong, x, fast_mode=fast_mode, **TIGHT)
    assert not gradcheck(wrong, x, fast_mode=fast_mode, raise_exception=False, **TIGHT)


def test_the_message_names_the_entry_and_both_numbers() -> None:
    @primitive(x=lambda g, y: g * y, y=lambda g, x: g * x * np.array([[1.0, 1.0], [1.0, 0.5]]))
    def product(x: Array, y: Array) -> Array:
        return x * y

    x = autograd.tensor([[1.0, 2.0], [3.0, 4.0]], dtype="float64", requires_grad=True)
    y = autograd.ones(2, 2, dtype="float64", requires_grad=True)
    with pytest.raises(GradcheckError) as caught:
        gradcheck(product, (x, y), **TIGHT)
    message = str(caught.value)
    assert "output 0 at entry (1, 1) by inputs[1] at entry (1, 1)" in message
    assert "is 4" in message
    assert "gives 2" in message
    assert "1 of 16 entries" in message


def test_a_wrong_second_derivative_is_found() -> None:
    @primitive(x=lambda g, x: g * 6.006 * x)
    def slope(x: Array) -> Array:
        return 3 * x * x

    wrong = cube_with(lambda g, x: g * slope(x))
    x = leaf(1.0, -2.0, 0.5)
    assert gradcheck(wrong, x, **TIGHT)
    for fast_mode in (False, True):
        with pytest.raises(GradcheckError, match="gradgradcheck"):
            gradgradcheck(wrong, x, fast_mode=fast_mode, **TIGHT)


def test_a_gradient_lost_by_detach_is_found() -> None:
    with pytest.raises(GradcheckError, match="backward gives 0"):
        gradcheck(lambda x: x.detach() * 2, leaf(1.0))
    with pytest.raises(GradcheckError, match="backward gives 1"):
        gradcheck(lambda x: x + x.detach(), leaf(1.0))


def test_what_changes_between_runs_is_found() -> None:
    counter = itertools.count(1)
    with pytest.raises(GradcheckError, match="different values"):
        gradcheck(lambda x: x * next(counter), leaf(1.0))
    wrong = cube_with(lambda g, x: g * 3 * x * x * (1 + 1e-9 * next(counter)))
    with pytest.raises(GradcheckError, match="different gradients"):
        gradcheck(wrong, leaf(1.0))
    assert gradcheck(wrong, leaf(1.0), nondet_tol=1e-6)


def test_a_changed_input_is_found() -> None:
    def adds(x: Any) -> Any:
        out = x * 1
        x.detach().add_(1)
        return out

    with pytest.raises(GradcheckError, match=r"changes inputs\[0\]"):
        gradcheck(adds, leaf(1.0))


def test_a_gradient_of_an_unused_output_is_found() -> None:
    wrong = cube_with(lambda g, x: g * 3 * x * x + (g == 0))
    with pytest.raises(GradcheckError, match="although that by the output is 0"):
        gradcheck(wrong, leaf(1.0))


@pytest.mark.parametrize("distance", [0.0, 1e-12, 1e-9, 2e-7, 5e-7, 6e-7, 9e-7])
@pytest.mark.parametrize("fast_mode", [False, True])
def test_a_kink_is_refused_not_judged(distance: float, fast_mode: bool) -> None:
    # A random direction moves each of several entries by less than the step.
    x = leaf(distance) if fast_mode else leaf(1.0, distance)
    with pytest.raises(GradcheckError, match="not differentiable near"):
        gradcheck(autograd.abs, x, fast_mode=fast_mode)


def test_a_kink_is_located() -> None:
    x = autograd.tensor([[1.0, 2.0], [0.0, 3.0]], dtype="float64", requires_grad=True)
    with pytest.raises(GradcheckError, match=r"near inputs\[1\] at entry \(1, 0\)"):
        gradcheck(lambda y, x: y * abs(x), (leaf(1.0), x))


def test_a_jump_and_the_end_of_the_domain_are_refused() -> None:
    for function in (autograd.floor, lambda x: (x * 0 + 1) / (x * 0), autograd.log):
        with pytest.raises(GradcheckError):
            gradcheck(function, leaf(0.0))
    with pytest.raises(GradcheckError, match="not differentiable"):
        gradcheck(autograd.sqrt, leaf(0.0))


def test_a_strong_bend_is_no_kink() -> None:
    assert gradcheck(lambda x: x * x * 1e4, leaf(0.0, 1.0))
    assert gradcheck(lambda x: 1 / x, leaf(0.01))


def test_several_inputs_and_outputs() -> None:
    x, y = leaf(1.0, 2.0), autograd.tensor(0.5, dtype="float64", requires_grad=True)
    assert gradcheck(lambda x, y: (x * y, y, x / y), (x, y), **TIGHT)
    assert gradgradcheck(lambda x, y: (x * y, y, x / y), (x, y), **TIGHT)
    with pytest.raises(GradcheckError, match="output 1"):
        gradcheck(lambda x, y: (x * y, x * y.detach()), (x, y))


def test_complex_numbers_are_pairs_of_real_ones() -> None:
    z = leaf(1 + 2j, 0.5 - 1j, dtype="complex128")
    assert gradcheck(lambda z: z * z, z, **TIGHT)
    assert gradcheck(autograd.abs, z, **TIGHT)
    assert gradgradcheck(lambda z: z * z * z, z, **TIGHT)

    @primitive(holomorphic=False, z=lambda g, z: g * 2 * z)  # the conjugate is forgotten
    def square(z: Array) -> Array:
        return z * z

    with pytest.raises(GradcheckError, match=r"\(real part\) by inputs\[0\] .*\(imaginary part\)"):
        gradcheck(square, z)


def test_constants_empty_tensors_and_other_arguments() -> None:
    assert gradcheck(lambda x, n, c: x**n * c, (leaf(2.0), 3, autograd.tensor([5.0])))
    assert gradcheck(lambda x: x * 2, autograd.zeros(0, 3, dtype="float64", requires_grad=True))
    assert gradcheck(lambda x: autograd.ones(2, dtype="float64"), leaf(1.0))


def test_it_works_under_no_grad_and_leaves_grad_alone() -> None:
    x = leaf(1.0)
    with autograd.no_grad():
        assert gradcheck(right, x)
    assert x.grad is None
    np.testing.assert_array_equal(x.detach().numpy(), [1.0])


def test_what_cannot_be_checked_is_refused_with_the_remedy() -> None:
    with pytest.raises(DTypeError, match=r"inputs\[0\] is float32.*float64"):
        gradcheck(right, autograd.ones(2, requires_grad=True))
    with pytest.raises(DTypeError, match="output 0 is float32"):
        gradcheck(lambda x: x.to("float32"), leaf(1.0))
    with pytest.raises(GraphError, match="requires_grad=True"):
        gradcheck(right, autograd.ones(2, dtype="float64"))
    with pytest.raises(DTypeError, match="gradgradcheck"):
        gradgradcheck(right, autograd.ones(2, requires_grad=True))


def test_gradgradcheck_from_given_grad_outputs() -> None:
    seen = []

    def rule(g: Any, x: Any) -> Any:
        seen.append(np.array(getattr(g, "_array", g)))
        return g * 3 * x * x

    assert gradgradcheck(cube_with(rule), leaf(1.0), leaf(7.0))
    assert any(np.array_equal(g, [7.0]) for g in seen)
