"""Defining operations: rules by name, joint rules, several outputs, what is saved."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest

import autograd
import nn
from autograd.core.primitive import primitive
from autograd.core.variable import Array
from autograd.errors import DTypeError, GraphError, ShapeError


def leaf(*values: float) -> Any:
    return autograd.tensor(list(values), dtype="float64", requires_grad=True)


@primitive(
    x=lambda g, y, power, x_shape: autograd.broadcast_to(g, x_shape) * y**power,
    y=lambda g, out: g * out,
)
def example(x: Array, y: Array, power: int = 1) -> Array:
    return x * y**power


@primitive(holomorphic=False, joint=lambda g, wanted, x: (g[0] * 2 * x + g[1] * 3,))
def square_and_triple(x: Array) -> Array:
    return x * x, 3 * x


# -- definition ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"x": lambda g, z: g}, "rule for x.*z"),
        ({"x": lambda y, x: y}, "must begin with g"),
        ({"z": lambda g: g}, "no Array argument"),
        ({"power": lambda g: g}, "no Array argument"),
        ({"joint": lambda g, x: g}, "must begin with g, wanted"),
        ({"joint": lambda g, wanted, z: g}, "joint rule.*z"),
    ],
)
def test_a_rule_that_asks_for_what_is_not_there_is_refused_at_once(rules: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):

        @primitive(**rules)
        def operation(x: Array, y: Array, power: int = 1) -> Array:
            return x


def test_a_rule_may_name_arguments_shapes_parameters_and_the_output() -> None:
    x, y = leaf(2.0, 3.0), leaf(4.0, 5.0)
    out = example(x, y, power=2)
    out.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), [16.0, 25.0])
    np.testing.assert_allclose(y.grad.numpy(), [32.0, 75.0])


def test_a_parameter_left_out_has_its_default_in_the_rule() -> None:
    x, y = leaf(2.0), leaf(4.0)
    example(x, y).backward()
    assert x.grad.item() == 4.0


def test_on_plain_arrays_it_is_its_implementation() -> None:
    assert type(example(np.ones(2), np.ones(2))) is np.ndarray


# -- calls -----------------------------------------------------------------------------------------


def test_arguments_may_be_given_by_pytorchs_names() -> None:
    @primitive(x=lambda g, y: g * y, y=lambda g, x: g * x)
    def product(x: Array, y: Array) -> Array:
        return x * y

    x, y = autograd.tensor([2.0]), autograd.tensor([5.0])
    assert product(input=x, other=y).tolist() == [10.0]
    assert product(x, other=y).tolist() == [10.0]
    assert product(other=y, x=x).tolist() == [10.0]
    assert product(x, y=3).tolist() == [6.0]
    assert autograd.exp(input=x * 0).tolist() == [1.0]
    assert example(input=x, other=y, power=2).tolist() == [50.0]
    for args, params in [((x,), {}), ((), {"input": x}), ((x, y), {"input": x})]:
        with pytest.raises(DTypeError, match="product: "):
            product(*args, **params)


def test_arguments_may_be_given_by_name() -> None:
    x, y = leaf(2.0), leaf(4.0)
    for out in (example(x, y=y, power=2), example(y=y, x=x, power=2), example(x, y, 2)):
        assert out.item() == 32.0
        assert out.requires_grad


@pytest.mark.parametrize(
    ("args", "params", "words"),
    [
        ((1,), {}, "needs y"),
        ((1, 2, 3, 4), {}, "takes at most 3 arguments.*got 4"),
        ((1, 2, 3), {"power": 3}, "got power twice"),
        ((1, 2), {"color": 3}, "color"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(args: Any, params: Any, words: str) -> None:
    with pytest.raises(DTypeError, match=f"example: .*{words}"):
        example(*(leaf(1.0) * a for a in args[:2]), *args[2:], **params)


def test_numpys_errors_become_ours_with_name_and_shapes() -> None:
    with pytest.raises(ShapeError, match=r"example: dim -1 is 2 in x but 3 in y.*float64 \(2,\)"):
        example(leaf(1.0, 2.0), leaf(1.0, 2.0, 3.0))


# -- what is computed and saved --------------------------------------------------------------------


def test_a_gradient_nobody_asked_for_is_not_computed() -> None:
    calls = []

    @primitive(x=lambda g: calls.append("x") or g, y=lambda g: calls.append("y") or g)
    def add(x: Array, y: Array) -> Array:
        return x + y

    x, y = leaf(1.0), leaf(2.0)
    add(x, autograd.tensor([2.0], dtype="float64")).backward()
    assert calls == ["x"]
    calls.clear()
    autograd.grad(add(x, y), y)
    assert calls == ["y"]


def test_a_joint_rule_is_told_what_is_wanted() -> None:
    seen = []

    def joint(g: Any, wanted: Any, x: Any, y: Any) -> Any:
        seen.append(tuple(wanted))
        return (g * y if wanted[0] else None, g * x if wanted[1] else None)

    @primitive(joint=joint)
    def product(x: Array, y: Array) -> Array:
        return x * y

    x, y = leaf(2.0), leaf(3.0)
    product(x, y).backward()
    assert (x.grad.item(), y.grad.item()) == (3.0, 2.0)
    product(x.detach(), y).backward()
    autograd.grad(product(x, y), x)
    assert seen == [(True, True), (False, True), (True, False)]


def test_a_joint_rule_beside_others_is_for_several_gradients() -> None:
    @primitive(
        x=lambda g, y: g * y,
        y=lambda g, x: g * x,
        joint=lambda g, wanted, x, y: (100 * g * y, 100 * g * x, None),
    )
    def product(x: Array, y: Array, z: Array) -> Array:
        return x * y + 0 * z

    x, y, z = leaf(2.0), leaf(3.0), leaf(5.0)
    alone = product(x, y.detach(), z)
    assert alone._edge.plan.names == ("y",)
    alone.backward()
    assert (x.grad.item(), z.grad) == (3.0, None)  # there is no rule for z
    both = product(x, y, z)
    assert autograd.grad(both, [x, y], retain_graph=True) == (300.0, 200.0)
    assert autograd.grad(both, [y]) == (200.0,)  # what was recorded is the joint rule
    assert product(x.detach(), y.detach(), z)._edge is None


def test_exactly_what_the_rules_name_is_saved() -> None:
    x, y = leaf(1.0), leaf(2.0)
    assert (x + y)._edge.saved is None
    node = example(x, y.detach())._edge
    assert dict(zip(node.plan.names, node.saved)) == {"y": y._array, "power": 1, "x_shape": (1,)}
    (out,) = example(x.detach(), y)._edge.saved
    assert out.tolist() == [2.0]


def test_what_is_not_saved_is_freed() -> None:
    x = leaf(1.0, 2.0)
    gone = weakref.ref((middle := x + 1)._array)
    out = middle + 1
    del middle
    gc.disable()
    try:
        assert gone() is None
    finally:
        gc.enable()
    out.sum().backward()
    assert x.grad.tolist() == [1.0, 1.0]


# -- several outputs -------------------------------------------------------------------------------


def test_all_outputs_used() -> None:
    x = leaf(2.0, 5.0)
    square, triple = square_and_triple(x)
    (square + triple * 10).sum().backward()
    assert x.grad.tolist() == [34.0, 40.0]


@pytest.mark.parametrize(("index", "expected"), [(0, [4.0, 10.0]), (1, [3.0, 3.0])])
def test_one_output_used(index: int, expected: list[float]) -> None:
    x = leaf(2.0, 5.0)
    out = square_and_triple(x)[index]
    out.sum().backward(retain_graph=True)
    assert x.grad.tolist() == expected
    (gradient,) = autograd.grad(out, x, autograd.ones(2, dtype="float64"))
    assert gradient.tolist() == expected


def test_gradients_passed_on_as_they_came_are_copied_for_each_leaf() -> None:
    @primitive(joint=lambda g, wanted: g, holomorphic=False)
    def both(x: Array, y: Array) -> tuple[Array, Array]:
        return x.copy(), y.copy()

    x, y = leaf(1.0, 2.0), leaf(3.0, 4.0)
    first, second = both(x, y)
    kept: list[Any] = []
    first.register_hook(kept.append)
    (first * second).sum().backward()
    x.grad.add_(1)
    y.grad.add_(1)
    assert kept[0].tolist() == [3.0, 4.0]
    assert (x.grad.tolist(), y.grad.tolist()) == ([4.0, 5.0], [2.0, 3.0])


def test_several_outputs_to_second_order() -> None:
    x = leaf(2.0, 5.0)
    square, _ = square_and_triple(x)
    (first,) = autograd.grad((square * x).sum(), x, create_graph=True)
    (second,) = autograd.grad(first.sum(), x)
    np.testing.assert_allclose(second.numpy(), [12.0, 30.0])


def test_outputs_that_their_own_rule_names_to_second_order() -> None:
    @primitive(holomorphic=False, joint=lambda g, wanted, out: (g[0] * out[0] + g[1] * 2 * out[1],))
    def exp_and_exp2(x: Array) -> Array:
        return np.exp(x), np.exp(2 * x)

    x = leaf(0.1, 0.2)
    first_out, second_out = exp_and_exp2(x)
    total = first_out * first_out + second_out
    (first,) = autograd.grad(total.sum(), x, create_graph=True)
    (second,) = autograd.grad((first + total).sum(), x)
    np.testing.assert_allclose(second.numpy(), 12 * np.exp(2 * x.detach().numpy()))


@primitive(
    holomorphic=False,
    outputs=("square", "root"),
    x=lambda g, root: 2 * root * g[0] + g[1] / 2 / root,
)
def square_and_root(x: Array) -> Array:
    return x * x, np.sqrt(x)


def test_a_rule_may_name_one_of_several_outputs() -> None:
    """The other is not kept, and may be changed."""
    x = leaf(4.0)
    square, root = square_and_root(x)
    dead = weakref.ref(square._array)
    with autograd.no_grad():
        square.add_(1)
    del square
    assert dead() is None
    root.backward()
    assert x.grad.tolist() == [0.25]
    _, root = square_and_root(x)
    with autograd.no_grad():
        root.add_(1)
    with pytest.raises(GraphError, match="square_and_root needs its output"):
        root.backward()


def test_an_output_that_its_rule_names_to_second_order() -> None:
    x = leaf(4.0, 9.0)
    _, root = square_and_root(x)
    (first,) = autograd.grad(root.sum(), x, create_graph=True)
    (second,) = autograd.grad(first.sum(), x)
    np.testing.assert_allclose(second, -0.25 * np.array([4.0, 9.0]) ** -1.5)


def test_relu_in_place_after_what_does_not_need_its_result() -> None:
    """As in convolution, normalization or pooling, relu: programs save memory so."""
    x = autograd.tensor(np.random.default_rng(0).standard_normal((3, 2, 4, 4)), requires_grad=True)
    weight = autograd.ones(2, 2, 1, 1, dtype="float64")
    for layer in (
        lambda x: autograd.conv2d(x, weight),
        lambda x: autograd.batch_norm(x, None, None, training=True),
        lambda x: autograd.batch_norm(x, weight[0, :, 0, 0], weight[1, :, 0, 0]),
        lambda x: nn.functional.max_pool2d(x, 2),
        lambda x: nn.functional.avg_pool2d(x, 2),
        lambda x: nn.functional.linear(x, weight.expand(2, 2, 4, 1)[0, :, :, 0]),
    ):
        (right,) = autograd.grad((autograd.relu(layer(x)) ** 2).sum(), x)
        (found,) = autograd.grad((nn.functional.relu_(layer(x)) ** 2).sum(), x)
        np.testing.assert_array_equal(found, right)


def test_an_output_without_gradient_does_not_require_it() -> None:
    @primitive(holomorphic=False, joint=lambda g, wanted, x_shape: (g[0],))
    def with_index(x: Array) -> Array:
        return x * 1, np.argsort(x)

    x = leaf(2.0, 1.0)
    values, index = with_index(x)
    assert values.requires_grad
    assert not index.requires_grad
    values.sum().backward()
    assert x.grad.tolist() == [1.0, 1.0]


# -- broadcasting ----------------------------------------------------------------------------------


def test_the_engine_undoes_broadcasting() -> None:
    x = autograd.ones(3, 1, dtype="float64", requires_grad=True)
    y = autograd.ones(2, 1, 4, dtype="float64", requires_grad=True)
    z = autograd.tensor(2.0, dtype="float64", requires_grad=True)
    (x * y * z).sum().backward()
    assert (x.grad.shape, y.grad.shape, z.grad.shape) == ((3, 1), (2, 1, 4), ())
    assert x.grad.tolist() == [[16.0]] * 3
    assert z.grad.item() == 24.0


def test_a_gradient_of_an_impossible_shape_is_refused() -> None:
    @primitive(x=lambda g: np.ones(5))
    def wrong(x: Array) -> Array:
        return x * 1

    with pytest.raises(ShapeError, match=r"a rule of wrong gave .*\(5,\).*\(2,\)"):
        wrong(leaf(1.0, 2.0)).sum().backward()
