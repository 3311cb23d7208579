"""The walk over the graph: backward, grad, hooks, freeing, deep and wide graphs."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import autograd
from autograd.core.primitive import primitive
from autograd.core.variable import Array
from autograd.errors import DTypeError, GraphError, ShapeError
from tests.garbage import collect_all


def leaf(*values: float) -> Any:
    return autograd.tensor(list(values), dtype="float64", requires_grad=True)


def number(value: float) -> Any:
    return autograd.tensor(value, dtype="float64", requires_grad=True)


# -- backward --------------------------------------------------------------------------------------


def test_gradients_add_up_in_the_leaves() -> None:
    x = leaf(1.0, 2.0)
    for count in (1, 2, 3):
        (x * 3).sum().backward()
        assert x.grad.tolist() == [3.0 * count] * 2


def test_they_add_up_in_place() -> None:
    x = leaf(1.0, 2.0)
    (x * 3).sum().backward()
    grad = x.grad
    (x * 3).sum().backward()
    assert x.grad is grad
    (x * 3).sum().backward(inputs=[x])
    assert x.grad is grad
    assert grad.tolist() == [9.0, 9.0]


def test_a_leaf_is_its_own_root() -> None:
    x = leaf(1.0, 2.0)
    start = autograd.tensor([3.0, 4.0], dtype="float64")
    x.backward(start)
    assert x.grad.tolist() == [3.0, 4.0]
    assert not np.shares_memory(x.grad.numpy(), start.numpy())


def test_a_root_may_lie_below_another() -> None:
    x = number(2.0)
    square = x * x
    autograd.backward([square * 3, square, x])
    assert x.grad.item() == 4 * 3 + 4 + 1
    square = x * x
    assert autograd.grad([square * 3, square], [x, square])[0].item() == 16


def test_the_same_root_twice() -> None:
    x = number(2.0)
    out = x * 3
    autograd.backward([out, out])
    assert x.grad.item() == 6.0


def test_gradients_of_leaves_share_no_memory() -> None:
    x, y = leaf(1.0, 2.0), leaf(3.0, 4.0)
    start = autograd.ones(2, dtype="float64")
    (x + y).backward(start)
    x.grad.add_(1)
    assert y.grad.tolist() == [1.0, 1.0]
    assert start.tolist() == [1.0, 1.0]


def test_gradients_of_leaves_that_come_out_of_views_can_be_changed() -> None:
    x = leaf(1.0, 2.0)
    x.sum().backward()
    x.grad.add_(1)
    assert x.grad.tolist() == [2.0, 2.0]


def test_backward_to_chosen_inputs_only() -> None:
    x, y = number(2.0), number(3.0)
    middle = x * y
    (middle * x).backward(inputs=[x, middle])
    assert x.grad.item() == 12.0
    assert middle.grad.item() == 2.0
    assert y.grad is None
    (x * 3).backward(inputs=[x, x])
    assert x.grad.item() == 15.0
    with pytest.raises(GraphError, match="inputs is empty"):
        (x * 3).backward(inputs=[])


def test_a_diamond_of_sixty_doublings_takes_sixty_steps() -> None:
    x = y = number(1.0)
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad.item() == 2.0**60


def test_different_widths_of_reuse() -> None:
    x = leaf(1.0, 2.0)
    total = x * 0
    for i in range(1, 6):
        total = total + x * i
    total.sum().backward()
    assert x.grad.tolist() == [15.0, 15.0]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda x: (x * 2).backward(), ShapeError, r"shape \(2,\).*\.sum\(\)"),
        (lambda x: x.detach().backward(), GraphError, "requires_grad=True"),
        (lambda x: (x * 2).backward(autograd.ones(3)), ShapeError, r"\(3,\).*\(2,\)"),
        (lambda x: (x * 2).backward(autograd.ones(2) * 1j), DTypeError, "complex64.*float64"),
        (lambda x: autograd.backward([x, x], [None]), ShapeError, "1 gradients for 2 tensors"),
        (lambda x: autograd.backward(["x"]), DTypeError, "got str"),
        (lambda x: autograd.grad(x.sum(), x.detach()), GraphError, r"inputs\[0\].*require grad"),
        (lambda x: autograd.grad(x.sum(), [x, 3]), DTypeError, r"inputs\[1\] is a int"),
    ],
)
def test_what_cannot_be_differentiated_says_why(call: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        call(leaf(1.0, 2.0))


def test_a_complex_root_needs_a_gradient_to_start_with() -> None:
    z = autograd.tensor(1 + 2j, dtype="complex128", requires_grad=True)
    with pytest.raises(DTypeError, match="complex128"):
        (z * z).backward()
    (z * z).backward(autograd.tensor(1 + 0j, dtype="complex128"))
    assert z.grad.item() == 2 - 4j


# -- grad ------------------------------------------------------------------------------------------


def test_grad_leaves_the_leaves_alone() -> None:
    x = number(3.0)
    (gradient,) = autograd.grad(x * x, x)
    assert gradient.item() == 6.0
    assert not gradient.requires_grad
    assert x.grad is None


def test_grad_of_an_intermediate_tensor_and_of_what_lies_below_it() -> None:
    x = number(3.0)
    middle = x * x
    by_middle, by_x = autograd.grad(middle * middle, [middle, x])
    assert (by_middle.item(), by_x.item()) == (18.0, 108.0)


def test_grad_to_an_intermediate_tensor_frees_nothing_below_it() -> None:
    x = number(3.0)
    middle = x * x
    autograd.grad(middle * middle, middle)
    assert autograd.grad(middle, x)[0].item() == 6.0


def test_grad_of_a_root_by_itself() -> None:
    x = number(3.0)
    out = x * x
    assert autograd.grad(out, out)[0].item() == 1.0


def test_unused_inputs() -> None:
    x, y = number(3.0), leaf(1.0, 2.0)
    with pytest.raises(GraphError, match=r"inputs\[1\] \(float64 \(2,\)\).*allow_unused=True"):
        autograd.grad(x * x, [x, y])
    assert autograd.grad(x * x, [x, y], allow_unused=True)[1] is None
    zeros = autograd.grad(x * x, [x, y], materialize_grads=True)[1]
    assert zeros.tolist() == [0.0, 0.0]


def test_only_the_way_to_the_inputs_is_walked() -> None:
    calls = []

    @primitive(x=lambda g: calls.append(1) or g)
    def watched(x: Array) -> Array:
        return x * 1

    x, y = number(3.0), number(4.0)
    autograd.grad(watched(x * 2) + y * 2, y)
    assert not calls
    autograd.grad(watched(x * 2) + y * 2, x)
    assert calls


# -- freeing ---------------------------------------------------------------------------------------


def test_a_second_pass_needs_retain_graph() -> None:
    x = number(3.0)
    out = x * x
    out.backward(retain_graph=True)
    out.backward()
    assert x.grad.item() == 12.0
    with pytest.raises(GraphError, match=r"mul no longer has .*retain_graph=True"):
        out.backward()
    with pytest.raises(GraphError, match="retain_graph"):
        autograd.grad(out, x)


def test_a_graph_that_saved_nothing_can_be_walked_again() -> None:
    x = number(3.0)
    out = x + 1
    out.backward()
    out.backward()
    assert x.grad.item() == 2.0


def test_a_backward_pass_lets_go_of_saved_arrays() -> None:
    x = leaf(1.0, 2.0)
    middle = x * 2
    gone = weakref.ref(middle)
    out = (middle * middle).sum()
    del middle
    assert gone().tolist() == [2.0, 4.0]
    gc.disable()
    try:
        out.backward()
        assert gone() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("create_graph", [False, True])
def test_dropping_a_result_frees_its_graph_without_the_collector(create_graph: bool) -> None:
    def step() -> None:
        hidden = autograd.exp(x * x) / (x + 3)
        (first,) = autograd.grad(hidden.sum(), x, create_graph=create_graph)
        if create_graph:
            autograd.grad((first * first).sum(), x)

    x = leaf(*np.linspace(0, 1, 1000))
    step()
    collect_all()
    gc.disable()
    try:
        step()
        assert gc.collect() == 0  # nothing was in a cycle
    finally:
        gc.enable()


# -- higher orders ---------------------------------------------------------------------------------


def test_to_fourth_order() -> None:
    x = number(2.0)
    value = x**5
    expected = [80.0, 160.0, 240.0, 240.0]
    for factor in expected:
        (value,) = autograd.grad(value, x, create_graph=True)
        assert value.item() == pytest.approx(factor)


def test_backward_with_create_graph_makes_grad_differentiable() -> None:
    x = number(3.0)
    (x**3).backward(create_graph=True)
    first = x.grad
    assert first.requires_grad
    x.grad = None
    first.backward()
    assert x.grad.item() == 18.0


def test_the_gradient_of_a_gradient_penalty() -> None:
    x, w = leaf(1.0, -2.0), leaf(0.5, 3.0)
    out = (w * x * x).sum()
    (gradient,) = autograd.grad(out, x, create_graph=True)
    ((gradient * gradient).sum() + out).backward()
    np.testing.assert_allclose(w.grad.numpy(), 8 * w.detach().numpy() * [1, 4] + [1, 4])


def test_grad_outputs_can_be_differentiated() -> None:
    x, v = number(3.0), number(5.0)
    (product,) = autograd.grad(x * x, x, v, create_graph=True)
    assert autograd.grad(product, v)[0].item() == 6.0


# -- hooks -----------------------------------------------------------------------------------------


def test_hooks_replace_the_gradient_in_their_order() -> None:
    x = number(2.0)
    middle = x * 3
    seen = []
    middle.register_hook(lambda g: seen.append(g.item()))
    middle.register_hook(lambda g: g * 10)
    middle.register_hook(lambda g: g + 1)
    x.register_hook(lambda g: seen.append(g.item()))
    (middle * 1).backward()
    assert seen == [1.0, 33.0]
    assert x.grad.item() == 33.0


def test_a_hook_sees_the_whole_gradient_once() -> None:
    x = number(2.0)
    middle = x * 3
    seen = []
    for tensor in (x, middle):
        tensor.register_hook(lambda g: seen.append(g.item()))
    (middle * 1 + middle * 2 + x).backward()
    assert seen == [3.0, 10.0]


def test_a_removed_hook_is_not_called() -> None:
    x = number(2.0)
    handle = x.register_hook(lambda g: g * 100)
    handle.remove()
    handle.remove()
    with x.register_hook(lambda g: g * 10):
        (x * 1).backward()
    (x * 1).backward()
    assert x.grad.item() == 11.0


def test_a_hook_is_applied_before_grad_returns() -> None:
    x = number(2.0)
    x.register_hook(lambda g: g * 10)
    assert autograd.grad(x * 1, x)[0].item() == 10.0


def test_a_hook_takes_part_in_the_graph_under_create_graph() -> None:
    x = number(2.0)
    x.register_hook(lambda g: g * g)
    (first,) = autograd.grad(x**2, x, create_graph=True)
    assert first.item() == 16.0
    x_again = number(2.0)
    x_again.register_hook(lambda g: autograd.exp(g))
    (first,) = autograd.grad(x_again**2, x_again, create_graph=True)
    assert first.requires_grad


@pytest.mark.parametrize("wrong", [lambda g: g.sum(), lambda g: g.to("float32")])
def test_a_hook_that_returns_something_else_is_refused(wrong: Callable[..., Any]) -> None:
    x = leaf(1.0, 2.0)
    x.register_hook(wrong)
    with pytest.raises(ShapeError, match="a hook returned"):
        (x * 1).sum().backward()


def test_retain_grad_keeps_what_the_hooks_leave() -> None:
    x = number(2.0)
    middle = x * 3
    middle.register_hook(lambda g: g * 10)
    middle.retain_grad()
    middle.retain_grad()
    middle.register_hook(lambda g: g * 10)
    assert middle.retains_grad
    (middle * 1).backward()
    assert middle.grad.item() == 100.0
    assert x.grad.item() == 300.0


def test_a_retained_gradient_shares_no_memory_with_others() -> None:
    x = leaf(1.0, 2.0)
    middle = x + 1
    middle.retain_grad()
    start = autograd.ones(2, dtype="float64")
    (middle + 1).backward(start)
    middle.grad.add_(5)
    assert x.grad.tolist() == [1.0, 1.0]
    assert start.tolist() == [1.0, 1.0]


def test_retained_gradients_add_up() -> None:
    x = number(2.0)
    middle = x * 3
    middle.retain_grad()
    out = middle * middle
    out.backward(retain_graph=True)
    out.backward()
    assert middle.grad.item() == 24.0


def test_hooks_after_accumulation() -> None:
    x = number(2.0)
    seen = []
    handle = x.register_post_accumulate_grad_hook(lambda t: seen.append(t.grad.item()))
    (x * 3 + x).backward()
    (x * 3).backward(inputs=[x])
    autograd.grad(x * 3, x)
    handle.remove()
    (x * 3).backward()
    assert seen == [4.0, 7.0]
    with pytest.raises(GraphError, match="only leaves"):
        (x * 3).register_post_accumulate_grad_hook(print)


def test_hooks_need_a_gradient() -> None:
    for call in (lambda t: t.register_hook(print), lambda t: t.retain_grad()):
        with pytest.raises(GraphError, match="does not require grad"):
            call(autograd.ones(2))


# -- depth -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_million_operations_in_a_row() -> None:
    x = y = number(1.0)
    for _ in range(1_000_000):
        y = y + 1.0
    y.backward()
    assert x.grad.item() == 1.0


def test_a_deep_graph_with_saved_values_is_freed_without_recursion() -> None:
    def chain() -> None:
        y = x
        for _ in range(5_000):
            y = autograd.exp(y * 0.0)
        autograd.grad(y, x, create_graph=True)

    x = number(1.0)
    gc.disable()
    tracemalloc.start()
    try:
        chain()
        before = tracemalloc.get_traced_memory()[0]
        chain()
        assert tracemalloc.get_traced_memory()[0] - before < 50_000  # ten bytes for each node
    finally:
        tracemalloc.stop()
        gc.enable()


# -- against PyTorch -------------------------------------------------------------------------------

OPERATIONS: list[tuple[int, Callable[..., Any]]] = [
    (2, lambda x, y: x + y),
    (2, lambda x, y: x - y),
    (2, lambda x, y: x * y),
    (2, lambda x, y: x / (y * y + 1)),
    (1, lambda x: -x),
    (1, lambda x: (x * 0.3).exp()),
    (1, lambda x: (x * x + 1).log()),
    (1, lambda x: (x * x + 1).sqrt()),
    (1, lambda x: x.sum()),
]
SHAPES = [(), (1,), (3,), (2, 1), (2, 3)]


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 8), st.integers(0, 99), st.integers(0, 99)), min_size=1
    ),
    shapes=st.lists(st.sampled_from(SHAPES), min_size=2, max_size=3),
)
def test_random_expressions_agree_with_pytorch(steps: Any, shapes: Any) -> None:
    torch = pytest.importorskip("torch")
    generator = np.random.default_rng(len(steps))
    arrays = [np.asarray(generator.uniform(0.2, 1.0, shape)) for shape in shapes]

    def results(make: Callable[..., Any], grad: Callable[..., Any]) -> list[Any]:
        leaves = [make(array) for array in arrays]
        values = list(leaves)
        for which, i, j in steps:
            arity, operation = OPERATIONS[which]
            chosen = [values[i % len(values)], values[j % len(values)]][:arity]
            values.append(operation(*chosen) * 0.5)
        total = sum((value * value).sum() for value in values[len(leaves) :])
        first = grad(total, leaves, create_graph=True, allow_unused=True)
        used = [g for g in first if g is not None]
        second = grad(sum((g * g).sum() for g in used), leaves, allow_unused=True)
        return [total, *first, *second]

    ours = results(lambda a: autograd.tensor(a, requires_grad=True), autograd.grad)
    theirs = results(
        lambda a: torch.tensor(a, requires_grad=True), lambda *a, **k: torch.autograd.grad(*a, **k)
    )
    for one, other in zip(ours, theirs, strict=True):
        if other is None or one is None:
            assert one is None or np.all(one.detach().numpy() == 0)
            assert other is None or np.all(other.detach().numpy() == 0)
        else:
            np.testing.assert_allclose(
                one.detach().numpy(), other.detach().numpy(), rtol=1e-8, atol=1e-12
            )


@settings(max_examples=60, deadline=None)
@given(x=st.sampled_from(SHAPES), y=st.sampled_from([*SHAPES, (4, 1, 1), (1, 3)]))
def test_broadcasting_agrees_with_pytorch(x: Any, y: Any) -> None:
    torch = pytest.importorskip("torch")
    arrays = [np.asarray(np.random.default_rng(0).uniform(1, 2, shape)) for shape in (x, y)]
    for operation in (lambda a, b: a * b, lambda a, b: a / b, lambda a, b: a - b, pow):
        ours = [autograd.tensor(array, requires_grad=True) for array in arrays]
        theirs = [torch.tensor(array, requires_grad=True) for array in arrays]
        for tensors in (ours, theirs):
            operation(*tensors).sum().backward()
        for one, other in zip(ours, theirs, strict=True):
            assert one.grad.shape == tuple(other.grad.shape)
            np.testing.assert_allclose(one.grad.numpy(), other.grad.numpy(), rtol=1e-12)


def test_a_second_backward_needs_only_what_arrays_were_saved() -> None:
    """As in PyTorch: a sum and a reshape save nothing that has to be freed."""
    x = leaf(1.0, 2.0)
    total = (x + x).reshape(2, 1).sum()
    total.backward()
    total.backward()
    assert x.grad.tolist() == [4.0, 4.0]
