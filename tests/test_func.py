"""autograd.func beside torch.func: values, nesting, and its place in an outer graph."""

import numpy as np
import pytest

import autograd
import nn
from autograd import func
from autograd.errors import DTypeError, ShapeError

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")

# PyTorch's own jvp compiles with what PyTorch itself has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")

X = np.random.default_rng(0).standard_normal((2, 3))
V = np.random.default_rng(1).standard_normal((2, 3))


def both(program):
    """What ``program(library, func)`` gives with each of the two, as nested lists of arrays."""
    return (program(autograd, func), program(torch, torch.func))


def check(program):
    ours, theirs = both(program)
    ours, theirs = flat(ours), flat(theirs)
    assert len(ours) == len(theirs) > 0
    for mine, other in zip(ours, theirs, strict=True):
        assert tuple(mine.shape) == tuple(other.shape)
        assert mine.requires_grad == other.requires_grad
        np.testing.assert_allclose(mine.detach(), other.detach(), rtol=1e-10, atol=1e-12)


def flat(tree):
    if isinstance(tree, dict):
        return [leaf for key in sorted(tree) for leaf in flat(tree[key])]
    if isinstance(tree, (tuple, list)):
        return [leaf for item in tree for leaf in flat(item)]
    return [tree]


def number(t, x):
    return (t.sin(x) * x**2).sum()


def weighted_by(t, f, w):
    return f.grad(lambda x: (w * x**2).sum())(t.tensor(X))


PROGRAMS = {
    "grad": lambda t, f: f.grad(lambda x: number(t, x))(t.tensor(X)),
    "second argument": lambda t, f: f.grad(lambda x, y: (x * y).sum(), 1)(t.tensor(X), t.tensor(V)),
    "last argument": lambda t, f: f.grad(lambda x, y: (x * y).sum(), -1)(t.tensor(X), t.tensor(V)),
    "both": lambda t, f: f.grad(lambda x, y: (x * y).sum(), (1, 0))(t.tensor(X), t.tensor(V)),
    "alone in a tuple": lambda t, f: f.grad(lambda x: (x * x).sum(), (0,))(t.tensor(X)),
    "keywords": lambda t, f: f.grad(lambda x, *, y: (x * y).sum())(t.tensor(X), y=t.tensor(V)),
    "dict": lambda t, f: f.grad(lambda p: (p["a"] * p["b"][0]).sum())(
        {"a": t.tensor(X), "b": (t.tensor(V), t.tensor(V))}
    ),
    "aux": lambda t, f: f.grad(lambda x: (number(t, x), x * 2), has_aux=True)(t.tensor(X)),
    "grad_and_value": lambda t, f: f.grad_and_value(lambda x: number(t, x))(t.tensor(X)),
    "grad_and_value aux": lambda t, f: f.grad_and_value(
        lambda x: (number(t, x), x * 2), has_aux=True
    )(t.tensor(X)),
    "third derivative": lambda t, f: f.grad(f.grad(f.grad(t.sin)))(t.tensor(0.7)),
    "unused": lambda t, f: f.grad(lambda x, y: x.sum(), 1)(t.tensor(X), t.tensor(V)),
    "vjp": lambda t, f: f.vjp(lambda x, y: (x * y, x), t.tensor(X), t.tensor(V))[1](
        (t.tensor(V), t.tensor(X))
    ),
    "vjp twice": lambda t, f: [
        pull(t.tensor(V)) for pull in [f.vjp(t.exp, t.tensor(X))[1]] for _ in range(2)
    ],
    "vjp aux": lambda t, f: f.vjp(lambda x: (x * 2, x), t.tensor(X), has_aux=True)[::2],
    "jvp": lambda t, f: f.jvp(
        lambda x, y: (x * y, t.sin(x)), (t.tensor(X), t.tensor(V)), (t.tensor(V), t.tensor(X))
    ),
    "jvp of what is constant": lambda t, f: f.jvp(
        lambda x: t.tensor(V), (t.tensor(X),), (t.tensor(V),)
    ),
    "jvp of jvp": lambda t, f: f.jvp(
        lambda x: f.jvp(t.sin, (x,), (t.tensor(V),))[1], (t.tensor(X),), (t.tensor(V),)
    ),
    "jacobian": lambda t, f: f.jacrev(lambda x: t.sin(x) @ x.T)(t.tensor(X)),
    "jacobian of a tuple": lambda t, f: f.jacrev(lambda x, y: (x * y, x.sum()), (0, 1))(
        t.tensor(X), t.tensor(V)
    ),
    "jacobian of a dict": lambda t, f: f.jacrev(lambda x: {"a": x * 2, "b": x.sum(0)})(t.tensor(X)),
    "empty jacobian": lambda t, f: f.jacrev(lambda x: x[:0])(t.tensor(X)),
    "hessian": lambda t, f: f.hessian(lambda x: number(t, x))(t.tensor(X)),
    "hessian of two": lambda t, f: f.hessian(lambda x, y: (x**2 * y).sum(), (0, 1))(
        t.tensor(X), t.tensor(V)
    ),
    "inside a graph": lambda t, f: f.grad(lambda x: number(t, x))(t.tensor(X, requires_grad=True)),
    "a closure in a graph": lambda t, f: weighted_by(t, f, t.tensor(V, requires_grad=True)),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_as_torch(name):
    check(PROGRAMS[name])


@pytest.mark.parametrize("nested", [True, False])
def test_gradients_flow_on_to_the_outer_graph(nested):
    """By an input that is recorded outside, and by what the function closes over."""

    def program(t, f):
        x = t.tensor(X, requires_grad=True)
        w = t.tensor(V, requires_grad=True)
        inner = f.grad(lambda x: (w * t.sin(x)).sum())
        if nested:
            inner = f.grad(lambda x, once=inner: (once(x) ** 2).sum())
        inner(x).sum().backward()
        return x.grad, w.grad

    check(program)


def test_value_and_grad_hvp_and_jacobian():
    x, v = autograd.tensor(X), autograd.tensor(V)
    value, gradient = func.value_and_grad(lambda x: number(autograd, x))(x)
    assert value.item() == number(autograd, x).item()
    np.testing.assert_allclose(gradient, func.grad(lambda x: number(autograd, x))(x))
    value, product = func.hvp(lambda x: number(autograd, x), x, v)
    expected = torch.autograd.functional.hvp(
        lambda x: number(torch, x), torch.tensor(X), torch.tensor(V)
    )
    np.testing.assert_allclose(value, expected[0])
    np.testing.assert_allclose(product, expected[1])
    assert not product.requires_grad
    value, products = func.hvp(lambda x, y: (x**2 * y).sum(), (x, v), (v, x))
    expected = torch.autograd.functional.hvp(
        lambda x, y: (x**2 * y).sum(), (torch.tensor(X), torch.tensor(V)),
        (torch.tensor(V), torch.tensor(X)),
    )  # fmt: skip
    for mine, theirs in zip(products, expected[1], strict=True):
        np.testing.assert_allclose(mine, theirs)
    assert func.jacrev is func.jacobian


def test_a_module_keeps_its_place_in_the_graph():
    model = nn.Sequential(nn.Dense(3, 4), nn.Tanh(), nn.Dense(4, 1)).double()
    slopes = func.grad(lambda x: model(x).sum())(autograd.tensor(X))
    assert slopes.requires_grad
    (slopes**2).sum().backward()
    assert all(parameter.grad is not None for parameter in model[0].parameters())


def test_inputs_are_left_alone():
    x = autograd.tensor(X, requires_grad=True)
    func.grad(lambda x: number(autograd, x))(x)
    plain = autograd.tensor(X)
    func.grad(lambda x: number(autograd, x))(plain)
    assert x.grad is None
    assert not plain.requires_grad
    with autograd.no_grad():
        assert not func.grad(lambda x: number(autograd, x))(x).requires_grad


REFUSED = [
    (lambda x: func.grad(lambda x: x)(x), ShapeError, "must return a single number"),
    (lambda x: func.grad(lambda x: (x.sum(), x.sum()))(x), ShapeError, "single number"),
    (lambda x: func.grad(lambda x: x.sum(), 1)(x), DTypeError, "there is no argument 1"),
    (lambda x: func.grad(lambda x: x * 2)(3.0), DTypeError, "there is a float in it"),
    (lambda x: func.grad(lambda x: 3.0)(x), DTypeError, "there is a float in it"),
    (lambda x: func.grad(lambda x: x.sum(), has_aux=True)(x), DTypeError, "must return a pair"),
    (lambda x: func.vjp(autograd.exp, x)[1](x[0]), DTypeError, "shaped and typed as the result"),
    (lambda x: func.vjp(autograd.exp, x)[1](x.float()), DTypeError, "shaped and typed"),
    (lambda x: func.jvp(autograd.exp, x, x), DTypeError, "must be tuples"),
    (lambda x: func.jvp(autograd.exp, (x,), (x, x)), DTypeError, "nested"),
    (lambda x: func.hvp(lambda x: x.sum(), x, x[0]), DTypeError, "v must be"),
]


@pytest.mark.parametrize(("program", "error", "message"), REFUSED)
def test_refusals(program, error, message):
    with pytest.raises(error, match=message):
        program(autograd.tensor(X))
