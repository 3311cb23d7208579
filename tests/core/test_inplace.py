"""In-place operations: what they do to the graph, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd
from autograd.errors import DTypeError, GraphError, ShapeError


def leaf(*values: float) -> Any:
    return autograd.tensor(list(values), dtype="float64", requires_grad=True)


def test_the_history_is_that_of_the_written_value() -> None:
    x = leaf(1.0, 2.0)
    y = x * 3
    assert y.mul_(x) is y
    y += x
    y.sum().backward()
    assert y.tolist() == [4.0, 14.0]
    assert x.grad.tolist() == [7.0, 13.0]


def test_an_unrecorded_tensor_takes_up_history() -> None:
    x, total = leaf(1.0, 2.0), autograd.zeros(2, dtype="float64")
    for i in range(1, 4):
        total.add_(x * i)
    assert total.requires_grad
    total.sum().backward()
    assert x.grad.tolist() == [6.0, 6.0]


def test_with_itself() -> None:
    x = leaf(2.0, 3.0)
    y = x * 1
    y.mul_(y)
    y.mul_(y)
    y.sum().backward()
    assert y.tolist() == [16.0, 81.0]
    assert x.grad.tolist() == [32.0, 108.0]


def test_the_saved_value_is_the_one_before() -> None:
    x = leaf(0.5, 1.0)
    y = x * 2
    y.exp_()
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 2 * np.exp([1.0, 2.0]))


def test_the_memory_stays_the_same() -> None:
    x = autograd.zeros(2)
    memory = x.numpy()
    x.add_(1)
    x += 1
    x.mul_(2.5)
    assert memory.tolist() == [5.0, 5.0]


# -- refused ---------------------------------------------------------------------------------------


def test_a_leaf_that_requires_grad() -> None:
    x = leaf(1.0)
    with pytest.raises(GraphError, match=r"add_: x \(float64 \(1,\)\) is a leaf.*no_grad"):
        x.add_(1)
    with autograd.no_grad():
        x.add_(1)
    assert x.tolist() == [2.0]
    assert x.is_leaf


def test_a_view_writes_through() -> None:
    base = autograd.zeros(2, dtype="float64")
    base[:1].add_(1)
    assert base.tolist() == [1.0, 0.0]
    x = leaf(1.0, 2.0)
    base[:1].add_(x[1:])
    assert base.tolist() == [3.0, 0.0]
    (base * base).sum().backward()
    assert x.grad.tolist() == [0.0, 6.0]


@pytest.mark.parametrize("recorded", [True, False])
def test_a_saved_argument_that_was_changed(recorded: bool) -> None:
    x = leaf(1.0, 2.0)
    y = x * 1
    out = (y * y).sum()
    with autograd.set_grad_enabled(recorded):
        y.add_(1)
    with pytest.raises(GraphError, match=r"mul needs its argument . .*changed in place"):
        out.backward()


@pytest.mark.parametrize("recorded", [True, False])
def test_a_saved_output_that_was_changed(recorded: bool) -> None:
    x = leaf(1.0, 2.0)
    y = autograd.exp(x)
    out = y.sum()
    with autograd.set_grad_enabled(recorded):
        y.add_(1)
    with pytest.raises(GraphError, match=r"exp needs its output .*changed in place"):
        out.backward()


def test_a_saved_output_that_was_changed_through_other_tensors() -> None:
    x = leaf(1.0, 2.0)
    for sharing in (lambda y: y.detach(), lambda y: y.detach()[0], lambda y: y.data):
        y = autograd.exp(x)
        out = y.sum()
        sharing(y).add_(1)
        with pytest.raises(GraphError, match="exp needs its output"):
            out.backward()
    y = autograd.exp(x)
    view, out = y[0], y.sum()
    with autograd.no_grad():
        view.add_(1)
    with pytest.raises(GraphError, match="exp needs its output"):
        out.backward()


def test_a_saved_argument_that_was_changed_through_a_view() -> None:
    x, weight = leaf(1.0, 2.0), autograd.ones(2, dtype="float64")
    out = (x * weight).sum()
    weight[:1].add_(1)
    with pytest.raises(GraphError, match="mul needs its argument y"):
        out.backward()


@pytest.mark.parametrize(
    "product",
    [lambda x, array: x * array, lambda x, array: array * x, lambda x, array: x @ array],
)
def test_an_array_that_its_owner_changes_afterwards(product: Any) -> None:
    x, array = leaf(1.0, 2.0), np.array([3.0, 4.0])
    out = product(x, array).sum()
    array[:] = 0
    out.backward()
    assert x.grad.tolist() == [3.0, 4.0]


def test_what_is_not_saved_may_change() -> None:
    x = leaf(1.0, 2.0)
    y = x + 1
    out = (y + 1).sum()
    y.mul_(100)
    out.backward()
    assert x.grad.tolist() == [1.0, 1.0]


def test_what_changed_before_the_recording_does_not_matter() -> None:
    weight = autograd.ones(2, dtype="float64")
    weight.add_(1)
    x = leaf(1.0, 2.0)
    out = (x * weight).sum()
    autograd.zeros(3).add_(1)  # something else
    out.backward()
    assert x.grad.tolist() == [2.0, 2.0]


def test_one_of_several_views_loses_its_history() -> None:
    """As in PyTorch, the views that one operation makes can't be followed through a change."""
    x = leaf(1.0, 2.0)
    y = x * 1
    first, second = y.unbind()
    with pytest.raises(GraphError, match="one of several views made at once"):
        first.mul_(2)
    y.mul_(2)
    with pytest.raises(GraphError, match=r"a view of shape .*mul_"):
        (second * 3).backward()


def test_views_of_a_base_that_is_gone_lose_theirs() -> None:
    x = leaf(1.0, 2.0, 3.0)
    y = x * 1
    first, second = y[:2], y[1:]
    del y
    first.mul_(2)
    first.sum().backward()
    assert x.grad.tolist() == [2.0, 2.0, 0.0]
    with pytest.raises(GraphError, match=r"a view of shape .*mul_"):
        second.sum().backward()


@pytest.mark.parametrize("recorded", [True, False])
def test_a_result_that_does_not_fit(recorded: bool) -> None:
    x = leaf(1.0, 2.0) * 1 if recorded else autograd.ones(2, dtype="float64")
    with pytest.raises(ShapeError, match=r"mul_: the result has shape \(3, 2\)"):
        x.mul_(autograd.ones(3, 2, dtype="float64"))
    counts = autograd.ones(2, dtype="int64")
    with pytest.raises(DTypeError, match=r"mul_: the result is float64.*int64"):
        counts.mul_(x)
    assert counts.tolist() == [1, 1]


def test_a_result_that_must_have_the_tensors_dtype() -> None:
    z = autograd.tensor([3 + 4j])
    with pytest.raises(DTypeError, match="abs_: the result is float32 and can't be stored"):
        z.abs_()
    with pytest.raises(DTypeError, match="float_power_: the result is float64"):
        autograd.ones(2).float_power_(2)
    assert z.tolist() == [3 + 4j]
    assert autograd.tensor([-3.0]).abs_().tolist() == [3.0]


def test_a_wider_result_is_stored_in_the_tensors_dtype() -> None:
    x, y = leaf(1.0, 2.0), autograd.ones(2)
    y.mul_(x)
    assert y.dtype == autograd.float32
    y.sum().backward()
    assert x.grad.dtype == autograd.float64
    assert x.grad.tolist() == [1.0, 1.0]


def test_expanded_memory() -> None:
    x = autograd.broadcast_to(autograd.zeros(1), (3,))
    with pytest.raises(GraphError, match="expanded or read-only"):
        x.add_(1)


def test_second_order_through_in_place_operations() -> None:
    x = leaf(2.0)
    y = x * 1
    y.mul_(x)
    y.mul_(x)
    (first,) = autograd.grad(y.sum(), x, create_graph=True)
    assert autograd.grad(first.sum(), x)[0].tolist() == [12.0]


def test_detach_() -> None:
    x = leaf(2.0)
    y = x * 2
    y.detach_()
    assert y.is_leaf
    assert not y.requires_grad
