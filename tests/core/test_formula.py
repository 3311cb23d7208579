"""Formulas: a kernel may stand in for them on plain arrays; on tensors operators compute them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd
from autograd.core.formula import formula
from autograd.core.primitive import primitive
from autograd.core.variable import Array


@formula
def _gradients(g: Any, wanted: Any, x: Any, y: Any) -> list[Any]:
    """The joint rule of an operation with two outputs."""
    total, product = g
    return [total + product * y, total + product * x]


@primitive(joint=_gradients, outputs=("total", "product"))
def both(x: Array, y: Array) -> tuple[Array, Array]:
    return x + y, x * y


def test_a_joint_rule_may_be_a_formula() -> None:
    x, y = autograd.tensor([2.0], requires_grad=True), autograd.tensor([5.0], requires_grad=True)
    total, product = both(x, y)
    (total * product).sum().backward()
    assert x.grad.item() == 7 * 5 + 10
    assert y.grad.item() == 7 * 2 + 10


def test_what_runs_on_arrays_can_be_exchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel_calls = []

    def kernel(g: Any, wanted: Any, x: Any, y: Any) -> list[Any]:
        kernel_calls.append(type(x))
        return _gradients.primitive.implementation(g, wanted, x, y)  # type: ignore[no-any-return]

    monkeypatch.setattr(_gradients.primitive, "run", kernel)
    x, y = autograd.tensor([2.0], requires_grad=True), autograd.tensor([5.0], requires_grad=True)
    both(x, y)[1].sum().backward()
    assert kernel_calls == [np.ndarray]
    # Under create_graph the gradient of the product arrives in a tuple of tensors.
    (first,) = autograd.grad(both(x, y)[1].sum(), x, create_graph=True)
    (second,) = autograd.grad(first, y)
    assert (first.item(), second.item()) == (5, 1)
    assert len(kernel_calls) == 1


def test_it_keeps_its_name_and_its_arguments() -> None:
    assert _gradients.__name__ == "_gradients"
    assert _gradients.__doc__ == "The joint rule of an operation with two outputs."
    assert _gradients.primitive.name == "gradients"
    with pytest.raises(TypeError, match="the rule for x"):

        @primitive(x=formula(lambda g, z: g))
        def _wrong(x: Array) -> Array:
            return x
