"""Anomaly mode: it stops at the first NaN or infinity and names the line."""

from __future__ import annotations

from typing import Any

import pytest

import autograd
from autograd.core.primitive import primitive
from autograd.core.variable import Array
from autograd.errors import AnomalyError


def leaf(*values: float) -> Any:
    return autograd.tensor(list(values), dtype="float64", requires_grad=True)


@primitive(x=lambda g: g * float("inf"))
def bad_gradient(x: Array) -> Array:
    return x * 1


def test_a_bad_output_is_named_with_its_place() -> None:
    with autograd.detect_anomaly(), pytest.raises(AnomalyError) as caught:
        autograd.log(leaf(1.0, -1.0, 0.0))
    message = str(caught.value)
    assert message.startswith("log: its output (float64 (3,)) has 1 NaN and 1 infinite of 3 values")
    assert f"{__file__}:" in message
    assert "in test_a_bad_output_is_named_with_its_place" in message


def test_a_bad_gradient_is_named_with_the_place_of_its_operation() -> None:
    with autograd.detect_anomaly():
        out = bad_gradient(leaf(1.0, 2.0)).sum()
        with pytest.raises(
            AnomalyError, match=r"a gradient from bad_gradient .* 2 infinite"
        ) as caught:
            out.backward()
    assert "in test_a_bad_gradient_is_named" in str(caught.value)


def test_an_operation_recorded_before_is_checked_too() -> None:
    out = bad_gradient(leaf(1.0, 2.0)).sum()
    with autograd.detect_anomaly(), pytest.raises(AnomalyError, match="outside detect_anomaly"):
        out.backward()


def test_only_inside_the_block() -> None:
    with autograd.detect_anomaly():
        autograd.log(autograd.tensor(0.0))  # not recorded
    x = leaf(0.0)
    autograd.log(x).sum().backward()
    assert x.grad.tolist() == [float("inf")]


def test_sound_gradients_pass_in_every_way() -> None:
    with autograd.detect_anomaly():
        x = leaf(1.0, 2.0)
        (first,) = autograd.grad((x * x * x).sum(), x, create_graph=True)
        first.sum().backward()
    assert x.grad.tolist() == [6.0, 12.0]
