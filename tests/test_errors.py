"""The exceptions: what they are caught as, and what they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd
import nn
from autograd import errors
from autograd.core.primitive import primitive
from autograd.core.variable import Array
from nn import functional as F


@pytest.mark.parametrize(
    ("kind", "caught_as"),
    [
        (errors.ShapeError, ValueError),
        (errors.DimensionError, IndexError),
        (errors.DTypeError, TypeError),
        (errors.DeviceError, RuntimeError),
        (errors.GraphError, RuntimeError),
        (errors.AnomalyError, RuntimeError),
    ],
)
def test_each_is_what_numpys_and_pytorchs_users_catch(kind: type, caught_as: type) -> None:
    assert issubclass(kind, (errors.AutogradError,))
    assert issubclass(kind, caught_as)
    assert issubclass(kind, RuntimeError)


def raising(error: Exception) -> None:
    @primitive()
    def operation(x: Array, y: Array, scale: float = 1) -> Array:
        raise error

    operation(autograd.ones(2, 3), np.ones(4), scale=2)


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (ValueError("no"), errors.ShapeError),
        (np.linalg.LinAlgError("no"), errors.ShapeError),
        (np.exceptions.AxisError(5, 2), errors.DimensionError),
        (IndexError("no"), errors.DimensionError),
        (TypeError("no"), errors.DTypeError),
        (errors.GraphError("no"), errors.GraphError),
        (errors.DeviceError("no"), errors.DeviceError),
    ],
)
def test_an_error_inside_an_operation_is_translated(raised: Exception, expected: type) -> None:
    with pytest.raises(expected) as caught:
        raising(raised)
    assert type(caught.value) is expected
    message = str(caught.value)
    assert message.startswith(f"operation: {raised}")
    assert message.endswith("(x float32 (2, 3), y float64 (4,))")
    assert caught.value.__cause__ is raised


@pytest.mark.parametrize("passed_on", [MemoryError("no"), ZeroDivisionError("no"), KeyError("no")])
def test_what_says_nothing_about_the_arguments_is_passed_on(passed_on: Exception) -> None:
    with pytest.raises(type(passed_on)) as caught:
        raising(passed_on)
    assert caught.value is passed_on


def test_a_failed_broadcast_names_the_dim() -> None:
    with pytest.raises(errors.ShapeError, match=r"add: dim -2 is 3 in x but 4 in y; .*equal or 1"):
        autograd.ones(3, 2) + autograd.ones(5, 4, 2)


def test_an_error_does_not_damage_what_follows() -> None:
    x = autograd.ones(2, requires_grad=True)
    with pytest.raises(errors.ShapeError):
        x + autograd.ones(3)
    (x * 2).sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]


def test_a_backward_pass_that_failed_can_be_repeated() -> None:
    x = autograd.ones(2, requires_grad=True)
    out = (x * x).sum()
    with x.register_hook(lambda g: g.no_such_attribute), pytest.raises(AttributeError):
        out.backward(retain_graph=True)
    assert x.grad is None
    out.backward()
    assert x.grad.tolist() == [2.0, 2.0]


X = autograd.ones(2, 3, requires_grad=True)


@pytest.mark.parametrize(
    ("call", "operation", "argument"),
    [
        (lambda value: autograd.exp(value), "exp", "x"),
        (lambda value: autograd.softmax(value, 0), "softmax", "input"),
        (lambda value: autograd.chunk(value, 2), "chunk", "input"),
        (lambda value: autograd.block_diag(X, value), "block_diag", "an argument"),
        (lambda value: autograd.linalg.svd(value), "svd", "A"),
        (lambda value: autograd.atan2(X, value), "atan2", "y"),
        (lambda value: F.relu(value, inplace=True), "relu", "input"),
        (lambda value: F.layer_norm(X, (3,), X[0], value), "layer_norm", "bias"),
        (lambda value: F.dropout(value, training=False), "dropout", "input"),
        (lambda value: nn.Softmax(0)(value), "softmax", "input"),
        (lambda value: autograd.Tensor.add_(value, X), "add_", "x"),
        (lambda value: X.backward(value), "backward", "gradient"),
    ],
)
def test_what_is_no_tensor_is_named_with_its_operation(
    call: Callable[[Any], Any], operation: str, argument: str
) -> None:
    prefix = f"{operation}: {argument} must be a tensor, got "
    for value, rest in (
        (2.0, "2.0; make one: autograd.tensor(2.0)"),
        ([2.0], "[2.0]; make one: autograd.tensor([2.0])"),
        ("2", "str"),
    ):
        if operation == "backward" and not isinstance(value, float):
            continue  # it takes a sequence for the gradients of several tensors
        with pytest.raises(errors.DTypeError) as caught:
            call(value)
        assert str(caught.value) == prefix + rest


def test_none_is_no_tensor() -> None:
    with pytest.raises(errors.DTypeError, match=r"^sum: input must be a tensor, got NoneType$"):
        autograd.sum(None)


def test_describe() -> None:
    assert errors.describe(autograd.ones(2, 3)) == "float32 (2, 3)"
    assert errors.describe(3.5) == "3.5"
    assert errors.describe([1]) == "list"
