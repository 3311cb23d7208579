import pytest

import autograd
import optim
from autograd.errors import DTypeError, ShapeError
from optim import lr_scheduler

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")

ROWS = [
    ("StepLR", {"step_size": 3, "gamma": 0.5}),
    ("MultiStepLR", {"milestones": [2, 2, 7], "gamma": 0.3}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("CosineAnnealingLR", {"T_max": 5, "eta_min": 0.01}),
    ("LambdaLR", {"lr_lambda": lambda epoch: 0.95**epoch}),
    ("LambdaLR", {"lr_lambda": [lambda epoch: 1 / (epoch + 1), lambda epoch: epoch]}),
]


def optimizers():
    groups = [{"lr": 0.5}, {"lr": 0.1}]
    ours = optim.SGD(
        [{"params": [autograd.ones(1, requires_grad=True)], **group} for group in groups]
    )
    theirs = torch.optim.SGD(
        [{"params": [torch.ones(1, requires_grad=True)], **group} for group in groups]
    )
    return ours, theirs


def rates(optimizer):
    return [group["lr"] for group in optimizer.param_groups]


def run(ours, theirs, schedulers, epochs):
    for _ in range(epochs):
        theirs.step()  # PyTorch warns otherwise
        for scheduler in schedulers:
            scheduler.step()
        assert rates(ours) == pytest.approx(rates(theirs), abs=1e-15)
        assert schedulers[0].get_last_lr() == pytest.approx(schedulers[1].get_last_lr(), abs=1e-15)


@pytest.mark.parametrize(("name", "params"), ROWS, ids=[row[0] for row in ROWS])
def test_schedules_agree_with_pytorch(name, params):
    ours, theirs = optimizers()
    schedulers = (
        getattr(lr_scheduler, name)(ours, **params),
        getattr(torch.optim.lr_scheduler, name)(theirs, **params),
    )
    assert rates(ours) == rates(theirs)
    run(ours, theirs, schedulers, 12)
    for optimizer in (ours, theirs):  # a rate changed by hand
        optimizer.param_groups[0]["lr"] = 0.7
    run(ours, theirs, schedulers, 12)


@pytest.mark.parametrize(("name", "params"), ROWS, ids=[row[0] for row in ROWS])
def test_state_dict_goes_on(name, params):
    ours, theirs = optimizers()
    schedulers = (
        getattr(lr_scheduler, name)(ours, **params),
        getattr(torch.optim.lr_scheduler, name)(theirs, **params),
    )
    run(ours, theirs, schedulers, 4)
    fresh, _ = optimizers()
    fresh.load_state_dict(ours.state_dict())
    again = getattr(lr_scheduler, name)(fresh, **params)
    again.load_state_dict(schedulers[0].state_dict())
    for group, saved in zip(fresh.param_groups, ours.param_groups):
        group["lr"] = saved["lr"]
    run(fresh, theirs, (again, schedulers[1]), 8)


@pytest.mark.parametrize(("name", "params"), ROWS, ids=[row[0] for row in ROWS])
def test_going_on_from_last_epoch(name, params):
    ours, theirs = optimizers()
    for optimizer in (ours, theirs):
        for group in optimizer.param_groups:
            group["initial_lr"] = group["lr"]
    schedulers = (
        getattr(lr_scheduler, name)(ours, **params, last_epoch=3),
        getattr(torch.optim.lr_scheduler, name)(theirs, **params, last_epoch=3),
    )
    assert rates(ours) == pytest.approx(rates(theirs), abs=1e-15)
    run(ours, theirs, schedulers, 5)


@pytest.mark.parametrize(("name", "params"), ROWS, ids=[row[0] for row in ROWS])
def test_stepping_to_an_epoch(name, params):
    one, two = (getattr(lr_scheduler, name)(optimizers()[0], **params) for _ in range(2))
    for _ in range(8):
        one.step()
    two.step(8)
    assert two.get_last_lr() == pytest.approx(one.get_last_lr(), abs=1e-12)


def test_lambda_objects_keep_their_state():
    class Decay:
        def __init__(self):
            self.rate = 0.5

        def __call__(self, epoch):
            return self.rate**epoch

    scheduler = lr_scheduler.LambdaLR(optimizers()[0], Decay())
    scheduler.lr_lambdas[0].rate = 0.25
    state = scheduler.state_dict()
    other = lr_scheduler.LambdaLR(optimizers()[0], Decay())
    other.load_state_dict(state)
    assert other.lr_lambdas[0].rate == 0.25


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda o: lr_scheduler.StepLR([], 1), DTypeError, "needs an optimizer"),
        (lambda o: lr_scheduler.StepLR(o, 0), ShapeError, "step_size"),
        (lambda o: lr_scheduler.CosineAnnealingLR(o, 0), ShapeError, "T_max"),
        (lambda o: lr_scheduler.LambdaLR(o, [abs]), ShapeError, "1 functions for 2 groups"),
        (lambda o: lr_scheduler.ExponentialLR(o, 0.5, last_epoch=2), ShapeError, "initial_lr"),
        (lambda o: lr_scheduler.LRScheduler(o), NotImplementedError, "get_lr"),
    ],
)
def test_bad_arguments(make, error, message):
    with pytest.raises(error, match=message):
        make(optimizers()[0])
