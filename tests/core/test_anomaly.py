"""Anomaly mode: it stops at the first NaN or infinity and names the line."""

from __future__ import annotations

from typing import Any

import pytest

import autograd
import nn
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


class Root(nn.Module):
    """A model in which a square root is infinitely steep, three modules deep."""

    def __init__(self) -> None:
        self.blocks = nn.ModuleList([nn.Sequential(nn.Identity(), Zeroed())])

    def forward(self, x: Any) -> Any:
        return self.blocks[0](x)


class Zeroed(nn.Module):
    def forward(self, x: Any) -> Any:
        return autograd.sqrt(x * 0)


def test_a_bad_gradient_is_named_with_its_module() -> None:
    with autograd.detect_anomaly():
        out = Root()(leaf(1.0, 2.0)).sum()
        with pytest.raises(AnomalyError, match=r"from sqrt .* in forward") as caught:
            out.backward()
    assert caught.value.__notes__ == ["  in Root.blocks.0.1 (Zeroed)"]


def test_a_module_that_is_called_by_one_that_does_not_hold_it() -> None:
    zeroed = Zeroed()

    class Calling(nn.Module):
        def forward(self, x: Any) -> Any:
            return zeroed(x)

    with autograd.detect_anomaly():
        out = Calling()(leaf(1.0)).sum()
        with pytest.raises(AnomalyError) as caught:
            out.backward()
    assert caught.value.__notes__ == ["  in Zeroed"]


def test_the_line_is_the_programs_and_the_input_is_to_blame() -> None:
    model = nn.Sequential(nn.Dense(2, 2), nn.Dense(2, 2))
    model[1].weight.data.fill_(float("inf"))
    with autograd.detect_anomaly(), pytest.raises(AnomalyError) as caught:
        model(autograd.ones(1, 2))
    message = str(caught.value)
    assert f"recorded at {__file__}:" in message
    assert "; already its weight (float32 (2, 2)) has 0 NaN and 4 infinite of 4 values" in message
    assert caught.value.__notes__ == ["  in Sequential.1 (Dense)"]


def test_the_other_values_are_described() -> None:
    with autograd.detect_anomaly(), pytest.raises(AnomalyError) as caught:
        autograd.log(leaf(0.0, 1.0, 2.0))
    assert "1 infinite of 3 values, the others from 0 to 0.6931; recorded" in str(caught.value)


def test_a_sum_that_overflows_at_a_leaf() -> None:
    x = autograd.tensor([1e-38], requires_grad=True)
    large = autograd.tensor([3e38])
    with autograd.detect_anomaly(), pytest.raises(AnomalyError, match=r"of a leaf .* overflows"):
        (large * x + large * x).sum().backward()


def test_what_a_hook_returns() -> None:
    x = leaf(1.0)
    x.register_hook(lambda g: g * float("nan"))
    with autograd.detect_anomaly(), pytest.raises(AnomalyError, match="a hook has returned it"):
        (x * 2).sum().backward()
