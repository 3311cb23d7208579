"""What all optimizers share: bad arguments, names, printing, rules of one's own."""

import pytest

import autograd
import optim
from autograd.errors import DTypeError, ShapeError


def tensor(value):
    return autograd.tensor(value)


def leaf():
    return autograd.ones(2, requires_grad=True)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: optim.SGD([], lr=0.1), ShapeError, "empty parameter list"),
        (lambda: optim.SGD(leaf(), lr=0.1), DTypeError, "list"),
        (lambda: optim.SGD([1.0], lr=0.1), DTypeError, r"params\[0\] is a float"),
        (lambda: optim.SGD([leaf() * 2], lr=0.1), ShapeError, "made by mul"),
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
        (lambda: optim.Adam([leaf()], betas=(0.9,)), ShapeError, "two numbers"),
        (lambda: optim.Adam([leaf()], betas=(0.9, tensor(0.9))), ShapeError, "two tensors"),
        (lambda: optim.Adam([leaf()], lr=tensor(0.1), foreach=True), ShapeError, "foreach"),
        (lambda: optim.Adam([leaf()], lr=tensor([0.1, 0.1])), ShapeError, "one number"),
        (lambda: optim.Adam([leaf()], lr="fast"), DTypeError, "lr must be a number, got 'fast'"),
        (lambda: optim.Adam([leaf()], lr=float("nan")), ShapeError, "lr must be at least 0"),
        (lambda: optim.Adam([leaf()], differentiable=True), ShapeError, "differentiable"),
        (lambda: optim.Adam([leaf()], fused=True, foreach=True), ShapeError, "exclude"),
        (lambda: optim.RMSprop([leaf()], momentum=-1.0), ShapeError, "momentum"),
        (lambda: optim.RMSprop([leaf()], alpha=-1.0), ShapeError, "alpha"),
        (lambda: optim.Adagrad([leaf()], lr_decay=-0.5), ShapeError, "lr_decay"),
        (
            lambda: optim.Adagrad([leaf()], initial_accumulator_value=-0.5),
            ShapeError,
            "initial_accumulator_value",
        ),
        (lambda: optim.Adadelta([leaf()], rho=1.1), ShapeError, r"rho must be in \[0, 1\]"),
        (lambda: optim.Adamax([leaf()], betas=(0.0, 1.0)), ShapeError, "betas"),
        (lambda: optim.NAdam([leaf()], momentum_decay=-0.2), ShapeError, "momentum_decay"),
        (lambda: optim.RAdam([leaf()], weight_decay=-1), ShapeError, "weight_decay"),
        (lambda: optim.ASGD([leaf()], weight_decay=-0.5), ShapeError, "weight_decay"),
        (lambda: optim.Rprop([leaf()], etas=(1.0, 0.5)), ShapeError, "etas"),
        (lambda: optim.Adafactor([leaf()], eps=(-1e-30, 1e-3)), ShapeError, r"eps\[0\]"),
        (lambda: optim.Adafactor([leaf()], eps=(None, -1)), ShapeError, r"eps\[1\]"),
        (lambda: optim.Adafactor([leaf()], d=0.0), ShapeError, "d must be at least 1"),
        (lambda: optim.Adafactor([leaf()], beta2_decay=0.8), ShapeError, "at most 0"),
        (lambda: optim.Muon([leaf()]), ShapeError, r"needs matrices, got .* \(2,\)"),
        (lambda: optim.Muon([leaf()], adjust_lr_fn="free"), ShapeError, "match_rms_adamw"),
        (lambda: optim.SGD([("w", leaf()), leaf()]), ShapeError, "1 of 2 have no name"),
        (
            lambda: optim.SGD([{"params": leaf()}, {"params": [("w", leaf())]}]),
            ShapeError,
            "either all groups have named parameters or none",
        ),
        (lambda: optim.Optimizer([leaf()], {}).step(), NotImplementedError, "step"),
    ],
)
def test_bad_arguments(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_duplicates_are_refused():
    p = leaf()
    with pytest.raises(ShapeError, match="twice"):
        optim.SGD([{"params": p}, {"params": p}])
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
    assert text.startswith("SGD (\nParameter Group 0\n    dampening: 0\n    differentiable: False")


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


def test_hooks_run_around_steps_and_may_change_their_arguments():
    p = leaf()
    optimizer, calls = optim.SGD([p]), []

    def before(optimizer, args, kwargs):
        calls.append(("before", args, kwargs))
        return (lambda: 5,), {}

    with optimizer.register_step_pre_hook(before):
        handle = optimizer.register_step_post_hook(lambda o, *rest: calls.append(("after", *rest)))
        assert optimizer.step() == 5
    handle.remove()
    assert optimizer.step() is None
    assert [(name, len(args)) for name, args, _ in calls] == [("before", 0), ("after", 1)]
    with (
        optimizer.register_step_pre_hook(lambda *_: 1),
        pytest.raises(DTypeError, match=r"None or \(args, kwargs\)"),
    ):
        optimizer.step()


def test_hooks_run_around_saving_and_loading():
    optimizer, calls = optim.SGD([leaf()]), []
    optimizer.register_state_dict_pre_hook(lambda o: calls.append("second"))
    optimizer.register_state_dict_pre_hook(lambda o: calls.append("first"), prepend=True)
    optimizer.register_state_dict_post_hook(lambda o, state: {**state, "more": 1})
    state = optimizer.state_dict()
    assert calls == ["first", "second"]
    assert state["more"] == 1

    def rename(optimizer, state):
        state["param_groups"] = state.pop("groups")

    optimizer.register_load_state_dict_pre_hook(rename)
    optimizer.register_load_state_dict_post_hook(lambda o: calls.append("loaded"))
    saved = {"state": {}, "groups": [{**state["param_groups"][0], "lr": 7}]}
    optimizer.load_state_dict(saved)
    assert optimizer.param_groups[0]["lr"] == 7
    assert calls[-1] == "loaded"
    assert "groups" in saved


def test_steps_of_a_subclass_call_hooks_too():
    class Nothing(optim.Optimizer):
        def step(self, closure=None):
            return "done"

    optimizer, calls = Nothing([leaf()], {}), []
    optimizer.register_step_post_hook(lambda *_: calls.append(1))
    assert optimizer.step() == "done"
    assert calls == [1]


def test_a_state_of_nested_tensors_is_copied():
    optimizer = optim.Optimizer([leaf()], {"lr": tensor(0.5)})
    state = optimizer.state_dict()
    history = [tensor([1.0]), None, 3]
    optimizer.load_state_dict({**state, "state": {0: {"history": history, "by": {"a": 1}}}})
    loaded = optimizer.state[optimizer.param_groups[0]["params"][0]]
    history[0].zero_()
    assert loaded["history"][0].tolist() == [1]
    assert loaded["history"][1:] == [None, 3]
    assert loaded["by"] == {"a": 1}
    assert optimizer.param_groups[0]["lr"] is not state["param_groups"][0]["lr"]


KINDS = [optim.ASGD, optim.Adadelta, optim.Adafactor, optim.Adagrad, optim.Adam, optim.Adamax,
         optim.LBFGS, optim.Muon, optim.NAdam, optim.RMSprop, optim.Rprop, optim.SGD]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_state_of_another_kind_is_refused(kind):
    def made(kind):
        return kind([autograd.ones(2, 3, requires_grad=True)], lr=0.5)

    for other in KINDS:
        optimizer = made(kind)
        if other is kind:
            optimizer.load_state_dict(made(other).state_dict())
            continue
        before = repr(optimizer.state_dict())
        with pytest.raises(ShapeError, match=r"of another kind: it (has|lacks) "):
            optimizer.load_state_dict(made(other).state_dict())
        assert repr(optimizer.state_dict()) == before


def test_the_state_of_an_older_version_and_notes_of_others_are_taken():
    state = optim.Adam([leaf()], lr=0.5).state_dict()
    (group,) = state["param_groups"]
    for option in ("foreach", "maximize", "capturable", "differentiable", "fused"):
        del group[option]
    group["initial_lr"] = 1.0  # a scheduler's
    optimizer = optim.Adam([leaf()], maximize=True)
    optimizer.load_state_dict(state)
    options = optimizer.param_groups[0]
    assert (options["lr"], options["initial_lr"], options["maximize"]) == (0.5, 1.0, True)
