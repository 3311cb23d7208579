import copy

import pytest

import autograd
import optim
from autograd.errors import DTypeError, ShapeError

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")


def optimizers():
    return [
        module.optim_class([{"params": [module.ones(1)], "lr": rate} for rate in (1.0, 0.3)])
        for module in (Ours, Theirs)
    ]


class Ours:
    optim_class, ones = optim.SGD, staticmethod(lambda n: autograd.ones(n, requires_grad=True))


class Theirs:
    optim_class, ones = torch.optim.SGD, staticmethod(lambda n: torch.ones(n, requires_grad=True))


def run(found, schedulers, epochs):
    for _ in range(epochs):
        for optimizer, scheduler in zip(found, schedulers):
            optimizer.step()
            scheduler.step()
        ours, theirs = (scheduler.get_last_lr() for scheduler in schedulers)
        assert ours == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("anneal_epochs", [0, 1, 10])
@pytest.mark.parametrize("anneal_strategy", ["cos", "linear"])
@pytest.mark.parametrize("swa_lr", [0.05, [0.5, 2.0]])
def test_swa_rates_are_pytorchs(swa_lr, anneal_strategy, anneal_epochs):
    found = optimizers()
    arguments = (swa_lr, anneal_epochs, anneal_strategy)
    classes = (optim.swa_utils.SWALR, torch.optim.swa_utils.SWALR)
    schedulers = [cls(optimizer, *arguments) for cls, optimizer in zip(classes, found)]
    run(found, schedulers, 6)
    for optimizer in found:
        optimizer.param_groups[0]["lr"] = 0.4  # by hand
    run(found, schedulers, 2)
    states = [scheduler.state_dict() for scheduler in schedulers]
    assert states[0].keys() == states[1].keys()
    schedulers[0].load_state_dict(copy.deepcopy(states[1]))
    run(found, schedulers, 10)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((0.1, 10, "up"), ShapeError, "anneal_strategy"),
        ((0.1, -1), ShapeError, "anneal_epochs"),
        ((0.1, 1.5), ShapeError, "anneal_epochs"),
        (([0.1],), ShapeError, "1 values of swa_lr for 2 groups"),
    ],
)
def test_bad_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        optim.swa_utils.SWALR(optimizers()[0], *arguments)
    with pytest.raises(DTypeError, match="needs an optimizer"):
        optim.swa_utils.SWALR(None, *arguments)
