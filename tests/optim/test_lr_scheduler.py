"""Every scheduler beside PyTorch's: rates, momenta, saving, going on."""

import copy
import math
import warnings

import pytest

import autograd
import optim
from autograd.errors import DTypeError, ShapeError
from optim import lr_scheduler

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")

EPOCHS = 60


def half(epoch):
    return 0.95**epoch


class Decay:
    def __init__(self):
        self.rate = 0.5

    def __call__(self, epoch):
        return self.rate**epoch


ROWS = [
    ("LambdaLR", {"lr_lambda": half}),
    ("LambdaLR", {"lr_lambda": [lambda epoch: 1 / (epoch + 1), lambda epoch: epoch]}),
    ("MultiplicativeLR", {"lr_lambda": lambda epoch: 0.9 + 0.01 * (epoch % 3)}),
    ("MultiplicativeLR", {"lr_lambda": [lambda epoch: 0.9, lambda epoch: 0.95]}),
    ("StepLR", {"step_size": 3}),
    ("StepLR", {"step_size": 7, "gamma": 0.5}),
    ("MultiStepLR", {"milestones": [2, 2, 7, 30]}),
    ("MultiStepLR", {"milestones": (9, 4), "gamma": 0.3}),
    ("ConstantLR", {}),
    ("ConstantLR", {"factor": 0.2, "total_iters": 9}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.9, "end_factor": 0.1, "total_iters": 23}),
    ("LinearLR", {"start_factor": 0.5, "end_factor": 0.0, "total_iters": 12}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("PolynomialLR", {}),
    ("PolynomialLR", {"total_iters": 40, "power": 2.5}),
    ("CosineAnnealingLR", {"T_max": 5, "eta_min": 0.01}),
    ("CosineAnnealingLR", {"T_max": 17}),
    ("CosineAnnealingWarmRestarts", {"T_0": 4}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2, "eta_min": 0.02}),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 1.0, "step_size_up": 7}),
    ("CyclicLR", {"base_lr": [0.1, 0.2], "max_lr": [1.0, 0.4], "step_size_up": 5}),
    (
        "CyclicLR",
        {
            "base_lr": 0.1,
            "max_lr": 1,
            "step_size_up": 4,
            "step_size_down": 9,
            "mode": "triangular2",
        },
    ),
    (
        "CyclicLR",
        {
            "base_lr": 0.1,
            "max_lr": 1.0,
            "step_size_up": 4,
            "mode": "exp_range",
            "gamma": 0.97,
            "base_momentum": [0.7, 0.6],
            "max_momentum": [0.95, 0.8],
        },
    ),
    (
        "CyclicLR",
        {
            "base_lr": 0.1,
            "max_lr": 1.0,
            "step_size_up": 6,
            "scale_fn": lambda x: 1 / x,
            "mode": "?",
        },
    ),
    (
        "CyclicLR",
        {
            "base_lr": 0.1,
            "max_lr": 1.0,
            "step_size_up": 6,
            "scale_fn": half,
            "scale_mode": "iterations",
            "cycle_momentum": False,
        },
    ),
    ("OneCycleLR", {"max_lr": 1.0, "total_steps": 60}),
    ("OneCycleLR", {"max_lr": [1.0, 0.5], "epochs": 7, "steps_per_epoch": 9, "pct_start": 0.4}),
    ("OneCycleLR", {"max_lr": 1.0, "total_steps": 61, "anneal_strategy": "linear"}),
    ("OneCycleLR", {"max_lr": 1.0, "total_steps": 70, "three_phase": True, "pct_start": 0.25}),
    (
        "OneCycleLR",
        {
            "max_lr": 1.0,
            "total_steps": 60,
            "pct_start": 0.0,
            "base_momentum": [0.7, 0.6],
            "max_momentum": 0.9,
            "div_factor": 10.0,
            "final_div_factor": 100.0,
        },
    ),
    ("OneCycleLR", {"max_lr": 1.0, "total_steps": 60, "cycle_momentum": False}),
]
IDS = [f"{name}{i}" for i, (name, _) in enumerate(ROWS)]
KINDS = {"SGD": {"momentum": 0.9}, "Adam": {"betas": (0.8, 0.99)}}


def optimizers(kind="SGD", rates=(0.5, 0.1)):
    ours = getattr(optim, kind)(
        [{"params": [autograd.ones(1, requires_grad=True)], "lr": rate} for rate in rates],
        **KINDS[kind],
    )
    theirs = getattr(torch.optim, kind)(
        [{"params": [torch.ones(1, requires_grad=True)], "lr": rate} for rate in rates],
        **KINDS[kind],
    )
    return ours, theirs


def pair(name, params, ours, theirs, **more):
    return (
        getattr(lr_scheduler, name)(ours, **params, **more),
        getattr(torch.optim.lr_scheduler, name)(theirs, **params, **more),
    )


def options(optimizer):
    """The options that schedulers change, of all groups, as one flat list."""
    names = ("lr", "initial_lr", "momentum", "betas", "max_lr", "min_lr", "max_momentum")
    found = [group[name] for group in optimizer.param_groups for name in names if name in group]
    return [x for value in found for x in (value if isinstance(value, tuple) else (value,))]


def assert_same(ours, theirs, schedulers):
    assert options(ours) == pytest.approx(options(theirs), rel=1e-12, abs=1e-12)
    assert all(type(group["lr"]) in (float, int) for group in ours.param_groups)
    ours, theirs = (scheduler.get_last_lr() for scheduler in schedulers)
    assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-12)


def run(ours, theirs, schedulers, epochs):
    for _ in range(epochs):
        for optimizer, scheduler in zip((ours, theirs), schedulers):
            optimizer.step()
            scheduler.step()
        assert_same(ours, theirs, schedulers)


def assert_same_state(ours, theirs):
    if isinstance(theirs, (dict, list, tuple)):
        items = theirs.keys() if isinstance(theirs, dict) else range(len(theirs))
        assert set(items) == set(ours if isinstance(ours, dict) else range(len(ours)))
        for key in items:
            assert_same_state(ours[key], theirs[key])
    elif isinstance(theirs, float):
        assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-12, nan_ok=True)
    else:
        assert ours == theirs


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "params"), ROWS, ids=IDS)
def test_schedules_agree_with_pytorch(name, params, kind):
    ours, theirs = optimizers(kind)
    schedulers = pair(name, params, ours, theirs)
    assert_same(ours, theirs, schedulers)
    run(ours, theirs, schedulers, 40)
    for optimizer in (ours, theirs):
        optimizer.param_groups[0]["lr"] = 0.7  # by hand
    run(ours, theirs, schedulers, EPOCHS - 40)


@pytest.mark.parametrize(("name", "params"), ROWS, ids=IDS)
def test_one_group(name, params):
    params = {
        key: v[0] if isinstance(v, list) and name != "MultiStepLR" else v
        for key, v in params.items()
    }
    ours, theirs = optimizers(rates=(0.3,))
    run(ours, theirs, pair(name, params, ours, theirs), 30)


@pytest.mark.parametrize(("name", "params"), ROWS, ids=IDS)
def test_state_dicts_are_pytorchs_and_go_on(name, params):
    ours, theirs = optimizers()
    schedulers = pair(name, params, ours, theirs)
    run(ours, theirs, schedulers, 9)
    state, their_state = (scheduler.state_dict() for scheduler in schedulers)
    assert_same_state(state, their_state)
    for saved in (state, their_state):
        fresh, _ = optimizers()
        again = getattr(lr_scheduler, name)(fresh, **params)
        fresh.load_state_dict(ours.state_dict())
        again.load_state_dict(saved)
        other = copy.deepcopy(theirs)
        their_again = getattr(torch.optim.lr_scheduler, name)(other, **params)
        other.load_state_dict(theirs.state_dict())
        their_again.load_state_dict(copy.deepcopy(their_state))
        run(fresh, other, (again, their_again), 20)
    assert set(state) == set(their_state)  # loading has changed nothing in what it was given


@pytest.mark.parametrize(("name", "params"), ROWS, ids=IDS)
def test_going_on_from_last_epoch(name, params):
    ours, theirs = optimizers()
    run(ours, theirs, pair(name, params, ours, theirs), 3)
    schedulers = pair(name, params, ours, theirs, last_epoch=2)
    assert_same(ours, theirs, schedulers)
    run(ours, theirs, schedulers, 12)


@pytest.mark.parametrize(("name", "params"), ROWS, ids=IDS)
def test_stepping_to_an_epoch(name, params):
    ours, theirs = optimizers()
    schedulers = pair(name, params, ours, theirs)
    run(ours, theirs, schedulers, 3)
    for epoch in (8, 5, 31):
        for scheduler in schedulers:
            if name == "CosineAnnealingWarmRestarts":
                scheduler.step(epoch + 0.25)
            else:
                with pytest.warns(UserWarning, match="deprecated"):
                    scheduler.step(epoch)
        assert_same(ours, theirs, schedulers)


@pytest.mark.parametrize("epoch", [0, 0.5, 2.9, 3, 7, 20.75])
@pytest.mark.parametrize("t_mult", [1, 2, 3])
def test_warm_restarts_from_any_epoch(epoch, t_mult):
    ours, theirs = optimizers()
    schedulers = pair("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": t_mult}, ours, theirs)
    for scheduler in schedulers:
        scheduler.step(epoch)
    assert_same(ours, theirs, schedulers)
    run(ours, theirs, schedulers, 10)


# -- ReduceLROnPlateau -----------------------------------------------------------------------------

METRICS = [
    5,
    4,
    4,
    4,
    4.1,
    3.9995,
    3.9,
    4,
    4,
    4,
    4,
    4,
    -1,
    -1,
    -1.01,
    -2,
    -1,
    0,
    7,
    8,
    8,
    8,
    8.0005,
]
METRICS += [math.nan, math.inf, *([9.0] * 20)]


@pytest.mark.parametrize("mode", ["min", "max"])
@pytest.mark.parametrize("threshold_mode", ["rel", "abs"])
@pytest.mark.parametrize(
    "params",
    [
        {"patience": 2},
        {"patience": 0, "factor": 0.5, "threshold": 0.02, "cooldown": 2},
        {"patience": 1, "min_lr": 0.05, "cooldown": 1},
        {"patience": 1, "min_lr": [0.001, 0.09], "eps": 0.02},
    ],
)
def test_plateaus_agree_with_pytorch(mode, threshold_mode, params):
    ours, theirs = optimizers()
    params = {**params, "mode": mode, "threshold_mode": threshold_mode}
    schedulers = pair("ReduceLROnPlateau", params, ours, theirs)
    for i, metric in enumerate(METRICS):
        for scheduler in schedulers:
            scheduler.step(metric)
        assert_same(ours, theirs, schedulers)
        assert_same_state(*(scheduler.state_dict() for scheduler in schedulers))
        assert schedulers[0].in_cooldown == schedulers[1].in_cooldown
        if i == 10:
            again, _ = pair("ReduceLROnPlateau", {}, ours, theirs)
            again.load_state_dict(schedulers[1].state_dict())
            schedulers = (again, schedulers[1])


def test_plateau_of_a_tensor_and_of_an_epoch():
    ours, _ = optimizers()
    scheduler = lr_scheduler.ReduceLROnPlateau(ours, patience=0)
    scheduler.step(autograd.tensor(1.0))
    with pytest.warns(UserWarning, match="deprecated"):
        scheduler.step(autograd.tensor(1.0), 7)
    assert scheduler.last_epoch == 7
    assert scheduler.get_last_lr() == pytest.approx([0.05, 0.01])


def test_plateau_and_groups_added_later():
    ours, _ = optimizers()
    common, listed = (
        lr_scheduler.ReduceLROnPlateau(ours, patience=0, min_lr=low) for low in (0.2, [0.1, 0.1])
    )
    ours.add_param_group({"params": [autograd.ones(1, requires_grad=True)], "lr": 1.0})
    for _ in range(2):
        common.step(1.0)
    assert common.get_last_lr() == pytest.approx([0.2, 0.1, 0.2])
    listed.step(1.0)
    with pytest.raises(ShapeError, match="2 values of min_lr for 3 groups"):
        listed.step(1.0)


# -- composed --------------------------------------------------------------------------------------


def parts(module, optimizer, *names):
    by_name = dict(ROWS)
    return [getattr(module, name)(optimizer, **by_name[name]) for name in names]


def sequential(module, optimizer):
    schedulers = parts(module, optimizer, "ConstantLR", "ExponentialLR", "CosineAnnealingLR")
    return module.SequentialLR(optimizer, schedulers, [4, 13])


def sequential_from_zero(module, optimizer):
    schedulers = parts(module, optimizer, "LinearLR", "StepLR")
    return module.SequentialLR(optimizer, schedulers, [0])


def sequential_restarts(module, optimizer):
    schedulers = parts(module, optimizer, "CosineAnnealingWarmRestarts", "PolynomialLR")
    return module.SequentialLR(optimizer, schedulers, [11])


def restarts_last(module, optimizer):
    schedulers = parts(module, optimizer, "LinearLR", "CosineAnnealingWarmRestarts")
    return module.SequentialLR(optimizer, schedulers, [5])


def sequential_cycle(module, optimizer):
    schedulers = parts(module, optimizer, "CyclicLR", "StepLR")
    return module.SequentialLR(optimizer, schedulers, [8])


def chained(module, optimizer):
    return module.ChainedScheduler(
        parts(module, optimizer, "ConstantLR", "ExponentialLR", "StepLR")
    )


def chain_in_sequence(module, optimizer):
    chain = module.ChainedScheduler(parts(module, optimizer, "ConstantLR", "ExponentialLR"))
    return module.SequentialLR(optimizer, [chain, *parts(module, optimizer, "StepLR")], [6])


def sequence_in_chain(module, optimizer):
    return module.ChainedScheduler(
        [sequential(module, optimizer), *parts(module, optimizer, "ExponentialLR")], optimizer
    )


@pytest.mark.parametrize(
    "make",
    [
        sequential,
        sequential_from_zero,
        sequential_restarts,
        restarts_last,
        sequential_cycle,
        chained,
        chain_in_sequence,
        sequence_in_chain,
    ],
)
def test_composed_schedules_agree_with_pytorch(make):
    def both():
        found = optimizers()
        modules = (lr_scheduler, torch.optim.lr_scheduler)
        with warnings.catch_warnings():
            if make is chain_in_sequence:  # it makes its first step twice, and warns of it: both do
                warnings.simplefilter("ignore")
            return found, [make(module, o) for module, o in zip(modules, found)]

    (ours, theirs), schedulers = both()
    assert_same(ours, theirs, schedulers)
    run(ours, theirs, schedulers, 10)
    states = [scheduler.state_dict() for scheduler in schedulers]
    assert_same_state(states[0], states[1])
    (fresh, other), again = both()
    fresh.load_state_dict(ours.state_dict())
    other.load_state_dict(theirs.state_dict())
    again[0].load_state_dict(states[0])
    again[1].load_state_dict(copy.deepcopy(states[1]))
    for optimizer in (fresh, other):
        optimizer.step()
    run(ours, theirs, schedulers, EPOCHS - 10)
    run(fresh, other, again, EPOCHS - 10)
    assert options(fresh) == options(ours)


# -- what else PyTorch's do ------------------------------------------------------------------------


def test_a_step_before_the_optimizers_warns():
    ours, _ = optimizers()
    scheduler = lr_scheduler.StepLR(ours, 3)
    with pytest.warns(UserWarning, match="before optimizer.step"):
        scheduler.step()
    scheduler.step()  # once is enough
    ours, _ = optimizers()
    with pytest.warns(UserWarning, match="before optimizer.step"):
        lr_scheduler.ChainedScheduler([lr_scheduler.StepLR(ours, 3)]).step()


@pytest.mark.parametrize("copied", [False, True])
def test_a_step_after_the_optimizers_does_not(copied):
    ours, _ = optimizers()
    scheduler = lr_scheduler.StepLR(ours, 3)
    if copied:
        scheduler = copy.deepcopy(scheduler)
        assert scheduler.optimizer is not ours
    scheduler.optimizer.step()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scheduler.step()


def test_asking_for_the_next_rates_warns():
    ours, _ = optimizers()
    scheduler = lr_scheduler.ConstantLR(ours)
    with pytest.warns(UserWarning, match="get_last_lr"):
        scheduler.get_lr()


def test_schedulers_of_ones_own():
    class Halving(lr_scheduler._LRScheduler):
        def get_lr(self):
            return [rate / 2**self.last_epoch for rate in self.base_lrs]

    class InClosedForm(Halving):
        def _get_closed_form_lr(self):
            return [7.0, 8.0]

    ours, _ = optimizers()
    scheduler = InClosedForm(ours)
    ours.step()
    scheduler.step()
    assert scheduler.get_last_lr() == [0.25, 0.05]
    with pytest.warns(UserWarning, match="deprecated"):
        scheduler.step(5)
    assert scheduler.get_last_lr() == [7.0, 8.0]


def test_rates_that_are_tensors_are_changed_in_place():
    rate = autograd.tensor(0.5, dtype=autograd.float64)
    optimizer = optim.SGD([autograd.ones(1, requires_grad=True)], lr=rate)
    scheduler = lr_scheduler.ExponentialLR(optimizer, 0.5)
    optimizer.step()
    scheduler.step()
    assert optimizer.param_groups[0]["lr"] is rate
    assert rate.item() == 0.25
    assert scheduler.base_lrs == [0.5]


def test_callable_objects_keep_their_state():
    for make, where in [
        (lambda o, f: lr_scheduler.LambdaLR(o, f), lambda s: s.lr_lambdas[0]),
        (lambda o, f: lr_scheduler.MultiplicativeLR(o, [f, half]), lambda s: s.lr_lambdas[0]),
        (
            lambda o, f: lr_scheduler.CyclicLR(o, 0.1, 1.0, scale_fn=f),
            lambda s: s._scale_fn_custom,
        ),
    ]:
        scheduler = make(optimizers()[0], Decay())
        where(scheduler).rate = 0.25
        other = make(optimizers()[0], Decay())
        other.load_state_dict(scheduler.state_dict())
        assert where(other).rate == 0.25


def plain(kind="SGD"):
    return optim.Adam([autograd.ones(1, requires_grad=True)], lr=1.0)


class NoMomentum(optim.Optimizer):
    def __init__(self):
        super().__init__([autograd.ones(1, requires_grad=True)], {"lr": 1.0})


def step_lr(optimizer):
    return lr_scheduler.StepLR(optimizer, 1)


BAD = [
    (lambda o: lr_scheduler.StepLR([], 1), DTypeError, "needs an optimizer"),
    (lambda o: lr_scheduler.LambdaLR([], half), DTypeError, "needs an optimizer"),
    (lambda o: lr_scheduler.CyclicLR([], 1, 2), DTypeError, "needs an optimizer"),
    (lambda o: lr_scheduler.OneCycleLR([], 1, 2), DTypeError, "needs an optimizer"),
    (lambda o: lr_scheduler.ReduceLROnPlateau([]), DTypeError, "needs an optimizer"),
    (lambda o: lr_scheduler.StepLR(o, 0), ShapeError, "step_size"),
    (lambda o: lr_scheduler.CosineAnnealingLR(o, 0), ShapeError, "T_max"),
    (lambda o: lr_scheduler.LambdaLR(o, [abs]), ShapeError, "1 values of lr_lambda for 2"),
    (lambda o: lr_scheduler.MultiplicativeLR(o, [abs]), ShapeError, "1 values of lr_lambda"),
    (lambda o: lr_scheduler.MultiplicativeLR(o, 0.5), DTypeError, "function of the epoch"),
    (lambda o: lr_scheduler.ExponentialLR(o, 0.5, last_epoch=2), KeyError, "initial_lr"),
    (lambda o: lr_scheduler.LRScheduler(o), NotImplementedError, "get_lr"),
    (lambda o: lr_scheduler.ConstantLR(o, 1.5), ShapeError, "factor must lie"),
    (lambda o: lr_scheduler.ConstantLR(o, -0.5), ShapeError, "factor must lie"),
    (lambda o: lr_scheduler.LinearLR(o, 0), ShapeError, "start_factor must be positive"),
    (lambda o: lr_scheduler.LinearLR(o, 1.5), ShapeError, "start_factor must lie"),
    (lambda o: lr_scheduler.LinearLR(o, 0.5, -1), ShapeError, "end_factor must lie"),
    (lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 0), ShapeError, "T_0 must be"),
    (lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 1.5), ShapeError, "T_0 must be"),
    (lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 2, 0), ShapeError, "T_mult must be"),
    (lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 2, 1, "0"), ShapeError, "eta_min"),
    (lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 2).step(-1), ShapeError, "negative"),
    (lambda o: lr_scheduler.CyclicLR(o, [1], 2), ShapeError, "1 values of base_lr for 2"),
    (lambda o: lr_scheduler.CyclicLR(o, 1, [2]), ShapeError, "1 values of max_lr"),
    (lambda o: lr_scheduler.CyclicLR(o, 1, 2, mode="square"), ShapeError, "mode must be"),
    (lambda o: lr_scheduler.CyclicLR(NoMomentum(), 1, 2), ShapeError, "neither momentum"),
    (lambda o: lr_scheduler.CyclicLR(o, 1, 2, max_momentum=[1]), ShapeError, "max_momentum"),
    (lambda o: lr_scheduler.OneCycleLR(o, 1), ShapeError, "needs total_steps"),
    (lambda o: lr_scheduler.OneCycleLR(o, 1, epochs=3), ShapeError, "needs total_steps"),
    (lambda o: lr_scheduler.OneCycleLR(o, 1, 0), ShapeError, "total_steps must be"),
    (lambda o: lr_scheduler.OneCycleLR(o, 1, 2.5), ShapeError, "total_steps must be"),
    (lambda o: lr_scheduler.OneCycleLR(o, 1, None, 2, -1), ShapeError, "steps_per_epoch must"),
    (lambda o: lr_scheduler.OneCycleLR(o, 1, 9, pct_start=2.0), ShapeError, "pct_start must"),
    (lambda o: lr_scheduler.OneCycleLR(o, 1, 9, pct_start=1), ShapeError, "a float"),
    (lambda o: lr_scheduler.OneCycleLR(o, 1, 10, pct_start=0.1), ShapeError, "is one step"),
    (lambda o: lr_scheduler.OneCycleLR(o, 1, 9, anneal_strategy="up"), ShapeError, "anneal"),
    (lambda o: lr_scheduler.OneCycleLR(NoMomentum(), 1, 9), ShapeError, "cycle_momentum=False"),
    (lambda o: lr_scheduler.ReduceLROnPlateau(o, factor=1.0), ShapeError, "factor"),
    (lambda o: lr_scheduler.ReduceLROnPlateau(o, "low"), ShapeError, "mode must be"),
    (lambda o: lr_scheduler.ReduceLROnPlateau(o, threshold_mode="x"), ShapeError, "threshold"),
    (lambda o: lr_scheduler.ReduceLROnPlateau(o, min_lr=[1]), ShapeError, "min_lr for 2"),
    (lambda o: lr_scheduler.ReduceLROnPlateau(o).step("low"), ValueError, "low"),
    (lambda o: lr_scheduler.SequentialLR(o, [], []), ShapeError, "at least one"),
    (lambda o: lr_scheduler.SequentialLR(o, [1], []), DTypeError, "is no scheduler"),
    (lambda o: lr_scheduler.SequentialLR(o, [step_lr(o)], [1]), ShapeError, "one milestone less"),
    (
        lambda o: lr_scheduler.SequentialLR(o, [lr_scheduler.ReduceLROnPlateau(o)], []),
        ShapeError,
        "needs a metric",
    ),
    (
        lambda o: lr_scheduler.SequentialLR(o, [step_lr(o), step_lr(plain())], [1]),
        ShapeError,
        "another optimizer",
    ),
    (lambda o: lr_scheduler.ChainedScheduler([]), ShapeError, "at least one"),
    (
        lambda o: lr_scheduler.ChainedScheduler([step_lr(o), step_lr(plain())]),
        ShapeError,
        "another optimizer",
    ),
]


@pytest.mark.parametrize(("make", "error", "message"), BAD)
def test_bad_arguments(make, error, message):
    with pytest.raises(error, match=message):
        make(optimizers()[0])


def test_steps_after_the_last_and_groups_added_later():
    ours, _ = optimizers()
    cycle, listed = lr_scheduler.OneCycleLR(ours, 1.0, 5), lr_scheduler.LambdaLR(ours, half)
    ours.step()
    for _ in range(5):
        cycle.step()
    with pytest.raises(ShapeError, match="step 6 comes after the last of 5"):
        cycle.step()
    ours.add_param_group({"params": [autograd.ones(1, requires_grad=True)], "lr": 1.0})
    with pytest.raises(ShapeError, match="2 rates for 3 groups"):
        listed.step()
