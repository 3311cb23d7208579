"""Strict checks: each slip stops, and what is right passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
import optim
from autograd.errors import AutogradError, DTypeError


@pytest.fixture(autouse=True)
def _generators_stay_as_they_are() -> Iterator[None]:
    state = autograd.get_rng_state()
    autograd.manual_seed(0)
    yield
    autograd.set_rng_state(state)


X = autograd.tensor(np.random.default_rng(0).standard_normal((6, 3)), dtype="float32")
CLASSES = autograd.tensor([0, 1, 1, 0, 1, 0])


def net() -> nn.Sequential:
    return nn.Sequential(nn.Dense(3, 4), nn.BatchNorm1D(4), nn.Dropout(0.5), nn.Dense(4, 2))


class Program:
    """A model, its optimizer, and the parts of a loop."""

    def __init__(self, model: Any = None) -> None:
        self.model = net() if model is None else model
        self.optimizer = optim.SGD(self.model.parameters(), lr=0.1, momentum=0.9)

    def backward(self) -> Any:
        loss = F.cross_entropy(self.model(X), CLASSES)
        loss.backward()
        return loss

    def step(self) -> None:
        self.optimizer.zero_grad()
        self.backward()
        self.optimizer.step()


def backward_then_zero(program: Program) -> None:
    program.backward()
    program.optimizer.zero_grad()
    program.optimizer.step()


def two_steps(program: Program) -> None:
    program.step()
    program.optimizer.step()


def no_zero(program: Program) -> None:
    program.step()
    program.backward()
    program.optimizer.step()


def zeros_and_no_backward(program: Program) -> None:
    program.step()
    for parameter in program.model.parameters():
        parameter.grad.zero_()
    program.optimizer.step()


def one_layer_only(program: Program) -> None:
    program.step()
    for parameter in program.model[3].parameters():
        parameter.grad = None
    program.model[3](autograd.ones(1, 4)).sum().backward()
    program.optimizer.step()


def closure_without_zero(program: Program) -> None:
    for _ in range(2):
        program.optimizer.step(program.backward)


def forgotten_train(program: Program) -> None:
    program.model.eval()
    program.step()


def forgotten_eval(program: Program) -> None:
    program.step()
    with autograd.no_grad():
        program.model(X)


@pytest.mark.parametrize(
    ("slip", "message"),
    [
        (backward_then_zero, r"SGD: a step without fresh gradients.*zero_grad\(\) came between"),
        (two_steps, "a step without fresh gradients"),
        (zeros_and_no_backward, "a step without fresh gradients"),
        (no_zero, r"of an earlier step, those of 0.weight, .* and 1 more; call zero_grad\(\)"),
        (closure_without_zero, "gradients of an earlier step"),
        (one_layer_only, "of an earlier step, those of 0.weight, 0.bias, 1.weight, 1.bias;"),
        (forgotten_train, r"a step of a model in eval mode; call train\(\)"),
        (forgotten_eval, r"Sequential: called under no_grad\(\) in training mode.* BatchNorm1D"),
    ],
)
def test_slips(slip: Callable[[Program], None], message: str) -> None:
    slip(Program())  # nobody objects
    program = Program()
    with pytest.raises(AutogradError, match=message), nn.strict(program.model, program.optimizer):
        slip(program)


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (lambda y: F.cross_entropy(y.softmax(1), CLASSES), "cross_entropy: .* of softmax"),
        (
            lambda y: nn.CrossEntropyLoss(label_smoothing=0.1)(F.softmax(y, 1), CLASSES),
            "cross_entropy: .* of softmax",
        ),
        (
            lambda y: F.cross_entropy(y.softmax(1), F.one_hot(CLASSES, 2).float()),
            "log_softmax: .* of softmax",
        ),
        (
            lambda y: F.binary_cross_entropy_with_logits(y[:, 0].sigmoid(), CLASSES.float()),
            "logistic_loss: .* of sigmoid",
        ),
    ],
)
def test_probabilities_in_the_place_of_scores(loss: Callable[[Any], Any], message: str) -> None:
    model = nn.Dense(3, 2)
    loss(model(X))
    with pytest.raises(AutogradError, match=message), nn.strict(model):
        loss(model(X))


@pytest.mark.parametrize(
    "loss",
    [
        lambda y: F.cross_entropy(y, CLASSES),
        lambda y: F.nll_loss(y.log_softmax(1), CLASSES),
        lambda y: F.binary_cross_entropy(y.softmax(1)[:, 0], CLASSES.float()),
        lambda y: F.cross_entropy((y.softmax(1) @ autograd.ones(2, 2)), CLASSES),
    ],
)
def test_losses_that_are_right(loss: Callable[[Any], Any]) -> None:
    model = nn.Dense(3, 2)
    with nn.strict(model):
        loss(model(X)).backward()


def test_parameters_that_never_had_a_gradient() -> None:
    class Forgetful(nn.Module):
        def __init__(self) -> None:
            self.used, self.spare = nn.Dense(3, 2), nn.Dense(3, 2)
            self.frozen = nn.Dense(3, 2).requires_grad_(False)

        def forward(self, x: Any) -> Any:
            return self.used(x)

    def trained(program: Program, *errors: Exception) -> None:
        with nn.strict(program.model, program.optimizer):
            program.step()
            program.step()
            for error in errors:
                raise error

    message = "in 2 steps, there was no gradient for spare.weight, spare.bias; use them"
    with pytest.raises(AutogradError, match=message):
        trained(Program(Forgetful()))
    with pytest.raises(KeyError):  # which says more
        trained(Program(Forgetful()), KeyError())
    program = Program(Forgetful())
    with nn.strict(program.model, program.optimizer):
        program.model(X)  # no step, no objection


def validated(program: Program) -> None:
    for _ in range(3):
        program.step()
        program.model.eval()
        with autograd.no_grad():
            program.model(X)
        program.model.train()


def accumulated(program: Program) -> None:
    for _ in range(3):
        program.optimizer.zero_grad(set_to_none=False)
        program.backward()
        program.backward()
        program.optimizer.step()


def cleared_in_place(program: Program) -> None:
    for _ in range(3):
        for parameter in program.model.parameters():
            if parameter.grad is not None:
                parameter.grad.zero_()
        program.backward()
        nn.utils.clip_grad_norm_(program.model.parameters(), 0.1)
        program.optimizer.step()


def closed(program: Program) -> None:
    def closure() -> Any:
        program.optimizer.zero_grad()
        return program.backward()

    for _ in range(3):
        program.optimizer.step(closure)


def given(program: Program) -> None:
    program.step()
    for parameter in program.model.parameters():
        parameter.grad = autograd.ones_like(parameter)
    program.optimizer.step()


@pytest.mark.parametrize("loop", [validated, accumulated, cleared_in_place, closed, given])
def test_loops_that_are_right(loop: Callable[[Program], None]) -> None:
    free, checked = Program(), Program()
    checked.model.load_state_dict(free.model.state_dict())
    autograd.manual_seed(1)
    loop(free)
    autograd.manual_seed(1)
    with nn.strict(checked.model, checked.optimizer):
        loop(checked)
    for ours, theirs in zip(free.model.parameters(), checked.model.parameters()):
        assert np.array_equal(ours.detach().numpy(), theirs.detach().numpy())


def test_a_trainer_that_does_everything() -> None:
    program = Program()
    batches = [(X, CLASSES)] * 5
    trainer = nn.Trainer(
        program.model, nn.CrossEntropyLoss(), program.optimizer, accumulate=2, clip_norm=1.0
    )
    with nn.strict(program.model, program.optimizer):
        trainer.fit(batches, 2, validation=batches)


def test_what_is_frozen_or_lazy_in_the_beginning_is_not_looked_at() -> None:
    model = nn.Sequential(nn.Dense(3, 2).requires_grad_(False), nn.LazyDense(2))
    optimizer = optim.SGD(model[0].parameters(), lr=0.1)
    with nn.strict(model, optimizer):
        model.requires_grad_(True)
        for _ in range(2):
            F.cross_entropy(model(X), CLASSES).backward()
            optimizer.step()


def test_two_models_whose_gradients_mix() -> None:
    maker, judge = nn.Dense(2, 3), nn.Dense(3, 1)
    making = optim.Adam(maker.parameters())
    judging = optim.Adam(judge.parameters())
    both = nn.ModuleList([maker, judge])
    with nn.strict(both, making, judging):
        for _ in range(3):
            made = maker(autograd.ones(4, 2))
            judging.zero_grad()
            (judge(X).mean() - judge(made.detach()).mean()).backward()
            judging.step()
            making.zero_grad()
            judge(made).mean().backward()  # reaches the judge, too, who forgets it
            making.step()


def test_nothing_stays_behind() -> None:
    program = Program()
    call = nn.Module.__call__
    with pytest.raises(AutogradError), nn.strict(program.model, program.optimizer):
        program.optimizer.step()
    assert nn.Module.__call__ is call
    assert not any(parameter._sink.hooks for parameter in program.model.parameters())
    program.optimizer.step()
    with autograd.no_grad():
        program.model(X)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((lambda x: x,), "strict: model must be a Module, got a function"),
        ((nn.Dense(1, 1), 0.1), "strict: needs optimizers, got a float"),
    ],
)
def test_arguments_that_make_no_sense(arguments: Any, message: str) -> None:
    with pytest.raises(DTypeError, match=message), nn.strict(*arguments):
        pass
