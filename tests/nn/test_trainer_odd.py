"""Programs that do not train on pairs of tensors with one optimizer, or do it wrongly."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
import optim
from autograd.errors import DTypeError, ShapeError
from nn.callbacks import Callback, Checkpointing, Schedule
from optim import lr_scheduler


@pytest.fixture(autouse=True)
def _generators_stay_as_they_are() -> Iterator[None]:
    state = autograd.get_rng_state()
    autograd.manual_seed(0)
    yield
    autograd.set_rng_state(state)


X = autograd.tensor(np.random.default_rng(0).standard_normal((22, 3)), dtype="float32")
CLASSES = (X.sum(1) > 0).long()
PAIRS = list(zip(X.split(4), CLASSES.split(4)))


def trainer(loss: Any = F.cross_entropy, model: Any = None, **options: Any) -> nn.Trainer:
    autograd.manual_seed(0)
    model = nn.Dense(3, 2) if model is None else model
    return nn.Trainer(model, loss, optim.SGD(model.parameters(), lr=0.1), **options)


# -- batches ---------------------------------------------------------------------------------------


class Batch(NamedTuple):
    x: Any
    y: Any


@pytest.mark.parametrize(
    ("batches", "unpack"),
    [
        ([{"x": x, "y": y} for x, y in PAIRS], lambda batch: (batch["x"], batch["y"])),
        ([(x, "a note", y) for x, y in PAIRS], lambda batch: (batch[0], batch[2])),
        ([Batch(x, y) for x, y in PAIRS], None),
        ([[x.numpy(), y.numpy()] for x, y in PAIRS], None),
    ],
)
def test_batches_of_other_forms(batches: Any, unpack: Any) -> None:
    usual, other = trainer(), trainer(unpack=unpack)
    assert usual.fit(PAIRS, 2, PAIRS) == other.fit(batches, 2, batches)
    assert np.array_equal(usual.predict(PAIRS).numpy(), other.predict(batches).numpy())


@pytest.mark.parametrize("accumulate", [1, 2])
def test_unpack_cannot_end_an_epoch_unnoticed(accumulate: int) -> None:
    rest = iter(PAIRS[:3])
    with pytest.raises(RuntimeError, match="StopIteration"):
        trainer(unpack=lambda batch: next(rest), accumulate=accumulate).fit(PAIRS, 1)


def test_what_unpack_makes_must_be_a_pair() -> None:
    with pytest.raises(DTypeError, match="got 3 values; a loader yields such pairs, or unpack="):
        trainer(unpack=lambda batch: (*batch, 1)).fit(PAIRS, 1)


def test_an_input_that_is_its_own_target() -> None:
    fitted = trainer(F.mse_loss, nn.Dense(3, 3), unpack=lambda x: (x, x))
    assert fitted.fit([X], 3)["loss"][-1] < fitted.history["loss"][0]
    assert fitted.predict([X, X]).shape == (44, 3)


@pytest.mark.parametrize("nothing", [None, {}, ()])
def test_without_targets_the_inputs_are_counted(nothing: Any) -> None:
    fitted = trainer(lambda predictions, target: predictions.mean(), nn.Dense(3, 1))
    parts = [(part, nothing) for part in X.split(20)]  # 20 examples, and 2
    mean = fitted.predict([X]).mean().item()
    assert fitted.evaluate(parts)["loss"] == pytest.approx(mean, rel=1e-5)


def test_a_loss_with_weights() -> None:
    weights = autograd.tensor(np.random.default_rng(1).random(22), dtype="float32")

    def loss(predictions: Any, target: Any) -> Any:
        classes, weight = target
        return (F.cross_entropy(predictions, classes, reduction="none") * weight).mean()

    fitted = trainer(loss)
    expected = loss(fitted.model(X), (CLASSES, weights)).item()
    parts = [(x, (y, w)) for (x, y), w in zip(PAIRS, weights.split(4))]
    assert fitted.evaluate(parts)["loss"] == pytest.approx(expected, rel=1e-5)


# -- models ----------------------------------------------------------------------------------------


class Two(nn.Module):
    def __init__(self, form: Callable[[Any, Any], Any]) -> None:
        self.one, self.other, self.form = nn.Dense(3, 2), nn.Dense(3, 2), form

    def forward(self, x: Any) -> Any:
        return self.form(self.one(x), self.other(x))


@pytest.mark.parametrize(
    ("form", "first"),
    [(lambda a, b: (a, b), lambda p: p[0]), (lambda a, b: {"a": a, "b": b}, lambda p: p["a"])],
)
def test_models_that_return_several_tensors(form: Any, first: Any) -> None:
    def right(targets: Any, predictions: Any) -> int:
        return int((targets == predictions).sum())

    fitted = trainer(
        lambda predictions, target: F.cross_entropy(first(predictions), target),
        Two(form),
        metrics={"right": nn.metrics.Collected(right, lambda p: first(p).argmax(1))},
    )
    history = fitted.fit(PAIRS, 2, PAIRS)
    expected = fitted.model.one(X).argmax(1).numpy() == CLASSES.numpy()
    assert history["validation_right"][-1] == expected.sum()
    with pytest.raises(DTypeError, match=r"must return a tensor, got (tuple|dict)"):
        fitted.predict([X])


# -- losses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (lambda p, y: F.cross_entropy(p, y).item(), r"must be a tensor, got \d\.\d+; return it"),
        (lambda p, y: None, "must be a tensor, got NoneType"),
    ],
)
def test_losses_that_are_no_tensors(loss: Any, message: str) -> None:
    with pytest.raises(DTypeError, match=message):
        trainer(loss).fit(PAIRS, 1)


def test_a_loss_that_is_nan_is_said() -> None:
    fitted = trainer(lambda p, y: F.cross_entropy(p, y) * float("nan"))
    with pytest.warns(UserWarning, match="the loss of epoch 1 is nan; .*detect_anomaly") as found:
        fitted.fit(PAIRS, 1)
    assert found[0].filename == __file__


# -- optimizers ------------------------------------------------------------------------------------


class Both:
    """Two optimizers as one."""

    def __init__(self, *optimizers: Any) -> None:
        self.optimizers = optimizers

    @property
    def param_groups(self) -> list[Any]:
        return [group for each in self.optimizers for group in each.param_groups]

    def zero_grad(self) -> None:
        for each in self.optimizers:
            each.zero_grad()

    def step(self, closure: Any) -> None:
        closure()
        for each in self.optimizers:
            each.step()

    def state_dict(self) -> Any:
        return [each.state_dict() for each in self.optimizers]

    def load_state_dict(self, states: Any) -> None:
        for each, state in zip(self.optimizers, states):
            each.load_state_dict(state)


def test_several_optimizers(tmp_path: Any) -> None:
    def fit(folder: str, epochs: int) -> Any:
        fitted = trainer(callbacks=[Checkpointing(tmp_path / folder)])
        weight, bias = fitted.model.parameters()
        fitted.optimizer = Both(
            optim.SGD([weight], lr=0.1, momentum=0.9), optim.Adam([bias], lr=0.1)
        )
        return fitted.fit(PAIRS, epochs)

    fit("twice", 1)
    assert fit("twice", 3) == fit("once", 3)


def test_a_scheduler_is_no_callback() -> None:
    scheduler = lr_scheduler.StepLR(optim.SGD(nn.Dense(1, 1).parameters(), lr=0.1), 1)
    with pytest.raises(DTypeError, match=r"a scheduler goes into nn\.callbacks\.Schedule"):
        trainer(callbacks=[scheduler])


def test_a_closure_is_called_with_gradients_enabled_in_any_mode() -> None:
    weight = autograd.ones(1, requires_grad=True)
    optimizer = optim.SGD([weight], lr=0.25)

    def closure() -> Any:
        optimizer.zero_grad()
        loss = (weight * weight).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    with autograd.no_grad():
        optimizer.step(closure)
        assert not autograd.is_grad_enabled()
    assert weight.item() == 0.25
    assert autograd.is_grad_enabled()


def test_a_schedule_for_every_step_counts_accumulated_batches_once() -> None:
    model = nn.Dense(3, 2)
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    fitted = nn.Trainer(
        model,
        F.cross_entropy,
        optimizer,
        accumulate=4,  # of 6 batches: the last group is short
        callbacks=[Schedule(lr_scheduler.ExponentialLR(optimizer, 0.5), every="step")],
    )
    history = fitted.fit(PAIRS, 2)
    assert history["step"] == [2, 4]
    assert history["lr"] == [0.5, 0.125]


# -- loaders ---------------------------------------------------------------------------------------


def test_predictions_of_a_loader_that_shuffles() -> None:
    data = nn.data.TensorDataset(X, CLASSES)
    with pytest.warns(UserWarning, match="the loader shuffles.*shuffle=False") as found:
        trainer().predict(nn.data.DataLoader(data, 4, shuffle=True))
    assert found[0].filename == __file__
    ordered = trainer().predict(nn.data.DataLoader(data, 4))
    assert np.allclose(ordered.numpy(), trainer().predict([X]).numpy(), rtol=1e-5)


def test_no_generator_is_read_for_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the same batches each time; the states of all generators are long."""
    from nn import trainer as module

    def refuse() -> None:
        raise AssertionError("the states were read")

    monkeypatch.setattr(module, "RandomStates", refuse)
    trainer().fit(PAIRS, 2)
    with pytest.raises(AssertionError, match="the states were read"):
        trainer().fit(Again(PAIRS), 1)


class Again:
    """A loader that is no list."""

    def __init__(self, batches: Any) -> None:
        self.batches = batches

    def __iter__(self) -> Iterator[Any]:
        return iter(self.batches)


def test_a_callback_that_raises_leaves_a_trainer_that_goes_on() -> None:
    class Failing(Callback):
        def on_step_end(self, trainer: nn.Trainer) -> None:
            if trainer.step == 3:
                trainer.step_lr = -1.0
                raise ValueError("by intention")

    whole = trainer().fit(PAIRS, 2)
    failing = trainer(callbacks=[Failing()])
    with pytest.raises(ValueError, match="by intention"):
        failing.fit(PAIRS, 2)
    assert (failing.step, failing.batch, failing.epoch) == (3, 3, 0)
    assert failing.fit(PAIRS, 2) == whole


def test_validation_without_batches() -> None:
    with pytest.raises(ShapeError, match=r"Trainer\.evaluate: the loader gave no batches"):
        trainer().fit(PAIRS, 1, [])


class Interrupting:
    """A loader in the midst of which somebody presses Ctrl-C."""

    def __iter__(self) -> Iterator[Any]:
        for i, batch in enumerate(PAIRS):
            if i == 2:
                signal.raise_signal(signal.SIGINT)
            yield batch


@pytest.fixture
def _default_handler() -> Iterator[None]:
    """Background jobs ignore SIGINT."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_default_handler")
@pytest.mark.parametrize(
    ("loader", "validation", "position"),
    [(Interrupting(), None, (0, 3)), (PAIRS, Interrupting(), (1, 6))],
)
def test_ctrl_c_while_a_loader_works(
    loader: Any, validation: Any, position: Any, tmp_path: Any
) -> None:
    def fit(loader: Any, validation: Any) -> nn.Trainer:
        fitted = trainer(callbacks=[Checkpointing(tmp_path)])
        fitted.fit(loader, 3, validation)
        return fitted

    stopped = fit(loader, validation)
    assert stopped.interrupted
    assert stopped.position == position
    assert len(stopped.history.records) == position[0]
    again = fit(PAIRS, None if validation is None else PAIRS)
    whole = trainer()
    whole.fit(PAIRS, 3, None if validation is None else PAIRS)
    assert again.history == whole.history


@pytest.mark.usefixtures("_default_handler")
@pytest.mark.parametrize("operation", ["evaluate", "predict"])
def test_ctrl_c_outside_of_fit_ends_at_once(operation: str) -> None:
    fitted = trainer()
    with pytest.raises(KeyboardInterrupt):
        getattr(fitted, operation)(Interrupting())
    assert fitted.model.training
    assert autograd.is_grad_enabled()
