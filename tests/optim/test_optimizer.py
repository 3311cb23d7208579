"""What all optimizers share: bad arguments, names, printing, rules of one's own."""

import pytest

import autograd
import optim
from autograd.errors import DTypeError, GraphError, ShapeError


def leaf():
    return autograd.ones(2, requires_grad=True)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: optim.SGD([], lr=0.1), ShapeError, "empty parameter list"),
        (lambda: optim.SGD(leaf(), lr=0.1), DTypeError, "list"),
        (lambda: optim.SGD([1.0], lr=0.1), DTypeError, r"params\[0\] is a float"),
        (lambda: optim.SGD([leaf() * 2], lr=0.1), GraphError, "made by mul"),
        (lambda: optim.SGD([{"lr": 1}]), DTypeError, "'params'"),
        (lambda: optim.SGD([{"params": {leaf()}}]), DTypeError, "set"),
        (lambda: optim.SGD([leaf()], lr=-1), ShapeError, "lr must be at least 0, got -1"),
        (lambda: optim.SGD([leaf()], momentum=-1), ShapeError, "momentum"),
        (lambda: optim.SGD([leaf()], weight_decay=-1), ShapeError, "weight_decay"),
        (lambda: optim.SGD([leaf()], nesterov=True), ShapeError, "nesterov"),
        (
            lambda: optim.SGD([leaf()], momentum=0.9, dampening=0.1, nesterov=True),
            ShapeError,
            "dampening",
        ),
        (lambda: optim.Adam([leaf()], betas=(0.9, 1.0)), ShapeError, r"\[0, 1\)"),
        (lambda: optim.Adam([leaf()], eps=-1), ShapeError, "eps"),
        (lambda: optim.Optimizer([leaf()], {}).step(), NotImplementedError, "step"),
    ],
)
def test_bad_arguments(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_duplicates_are_refused():
    p = leaf()
    with pytest.raises(ShapeError, match="twice"):
        optim.SGD([p, p])
    optimizer = optim.SGD([p])
    with pytest.raises(ShapeError, match="twice"):
        optimizer.add_param_group({"params": p})


def test_a_model_instead_of_its_parameters():
    class Model:
        def parameters(self):
            return []

    with pytest.raises(DTypeError, match=r"model.parameters\(\)"):
        optim.SGD(Model())


def test_named_parameters():
    optimizer = optim.SGD([("w", leaf()), ("b", leaf())])
    assert optimizer.param_groups[0]["param_names"] == ["w", "b"]


def test_repr():
    text = repr(optim.SGD([leaf()], lr=0.5))
    assert text.startswith("SGD (\nParameter Group 0\n    dampening: 0\n    lr: 0.5")


def test_a_rule_of_ones_own():
    class Signs(optim.Optimizer):
        def __init__(self, params, lr):
            super().__init__(params, {"lr": lr})

        def step(self, closure=None):
            for group in self.param_groups:
                for p in group["params"]:
                    state = self.state[p]
                    state["count"] = state.get("count", 0) + 1
                    with autograd.no_grad():
                        p -= group["lr"] * p.grad / p.grad.abs()

    p = leaf()
    optimizer = Signs([p], 0.5)
    p.grad = autograd.tensor([3.0, -2.0])
    optimizer.step()
    assert p.tolist() == [0.5, 1.5]
    state = optimizer.state_dict()
    assert state["state"] == {0: {"count": 1}}
    again = Signs([p], 0.1)
    again.load_state_dict(state)
    assert again.state[p]["count"] == 1
    assert again.param_groups[0]["lr"] == 0.5
