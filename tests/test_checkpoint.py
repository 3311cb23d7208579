"""`checkpoint`: the same values and gradients of any order, with less kept."""

import gc
import weakref

import numpy as np
import pytest

import autograd
import nn
from autograd import checkpoint
from autograd.errors import GraphError

X = np.random.default_rng(0).standard_normal((4, 3))


def leaf(array=X):
    return autograd.tensor(array, requires_grad=True)


def plain(function, *args, **kwargs):
    return function(*args, **kwargs)


def same(program):
    """Whether ``program(run)`` gives the same arrays however ``run`` runs a function."""
    expected, got = program(plain), program(checkpoint)
    assert len(expected) == len(got) > 0
    for mine, right in zip(got, expected, strict=True):
        np.testing.assert_array_equal(mine.detach(), right.detach())
        assert np.any(right.detach().numpy() != 0)


def test_gradients_of_arguments_and_of_parameters():
    def program(run):
        autograd.manual_seed(0)
        model, x = nn.Sequential(nn.Dense(3, 5), nn.Tanh(), nn.Dense(5, 2)).double(), leaf()
        y = run(model, x * 2)
        (y**2).sum().backward()
        return [y, x.grad, *(p.grad for p in model.parameters())]

    same(program)


def test_an_argument_that_is_not_recorded_but_parameters_are():
    def program(run):
        w = leaf()
        run(lambda x: (x * w).exp().sum(), autograd.tensor(X)).backward()
        return [w.grad]

    same(program)


def test_what_the_function_closes_over_gets_its_gradient_once():
    """An intermediate h and the leaf w below it are both used, inside and outside."""

    def program(run):
        x, w = leaf(), leaf()
        h = (x * w).exp()
        y = run(lambda z: (z * h * w).sum(), x)
        (y + (h * w).sum()).backward()
        return [x.grad, w.grad]

    expected, got = program(plain), program(checkpoint)
    for mine, right in zip(got, expected, strict=True):
        np.testing.assert_allclose(mine, right, rtol=1e-12)


def test_several_results_and_nested_arguments():
    def program(run):
        x, y = leaf(), leaf(X * 2)
        out = run(lambda pair, scale: {"a": pair[0] * pair[1], "b": (scale, pair[1].sin())},
                  (x, y), scale=3)  # fmt: skip
        assert out["b"][0] == 3
        (out["a"].sum() + (out["b"][1] ** 2).sum()).backward()
        return [x.grad, y.grad]

    same(program)


def test_one_of_several_results_is_used():
    def program(run):
        x = leaf()
        run(lambda x: (x.exp(), x.sin()), x)[1].sum().backward()
        return [x.grad]

    same(program)


def test_an_argument_given_twice():
    def program(run):
        x = leaf()
        run(lambda a, b: (a * b).sum(), x, x).backward()
        return [x.grad]

    same(program)


@pytest.mark.parametrize("preserve", [True, False])
def test_random_numbers(preserve):
    def program(run):
        autograd.manual_seed(3)
        x = leaf()
        dropped = nn.Dropout(0.5)
        y = run(dropped, x, **({} if run is plain else {"preserve_rng_state": preserve}))
        (y**2).sum().backward()
        return [y, x.grad, autograd.rand(3)]

    expected, got = program(plain), program(checkpoint)
    equal = [np.array_equal(a.detach(), b.detach()) for a, b in zip(got, expected, strict=True)]
    assert equal == ([True] * 3 if preserve else [True, False, False])


def test_nested():
    def program(run):
        x, w = leaf(), leaf()

        def inner(z):
            return (z * w).tanh()

        def outer(z):
            return run(inner, run(inner, z) * 2).sum()

        run(outer, x).backward()
        return [x.grad, w.grad]

    same(program)


def test_second_order():
    def program(run):
        x, w = leaf(), leaf()
        h = x * 2
        (first,) = autograd.grad(run(lambda z: (z.sin() * w * z).sum(), h), x, create_graph=True)
        second = autograd.grad((first**2).sum(), [x, w])
        return [first, *second]

    same(program)


def test_gradcheck():
    x = leaf(X[:2])
    function = lambda x: checkpoint(lambda z: (z.exp() * z).sin(), x)  # noqa: E731 - one line says it
    assert autograd.gradcheck(function, (x,))
    assert autograd.gradgradcheck(function, (x,))


def test_the_second_computation_happens_in_the_same_modes():
    def program(run):
        x = leaf()
        with autograd.no_grad():
            quiet = run(lambda x: x * 2, x)
        assert not quiet.requires_grad

        def inner(z):
            with autograd.no_grad():
                factor = z * 2
            return (z * factor).sum()

        y = run(inner, x)
        with autograd.no_grad():
            y.backward()
        return [x.grad]

    same(program)


def test_intermediates_are_not_kept():
    kept = []

    def function(x):
        h = x * 2
        kept.append(weakref.ref(h))
        return (h.exp() * h).sum()

    gc.disable()
    try:
        x = leaf()
        y = checkpoint(function, x)
        saved = y.grad_fn.saved
        assert kept[0]() is None
        assert not any(isinstance(value, np.ndarray) for value in saved)
    finally:
        gc.enable()


def test_an_argument_changed_in_place_is_noticed():
    x = leaf() * 1
    y = checkpoint(lambda x: (x * x).sum(), x)
    with autograd.no_grad():
        x.mul_(2)
    with pytest.raises(GraphError, match=r"checkpoint: an argument .* was changed in place"):
        y.backward()


def test_results_that_are_not_recorded():
    assert checkpoint(lambda x: x * 2, autograd.tensor(2.0)).item() == 4
    assert checkpoint(lambda x: 7, leaf()) == 7
