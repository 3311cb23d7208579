"""The loop: what it computes, what it reports, what it leaves alone, what it refuses."""

from __future__ import annotations

import random
import re
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd.errors import AutogradError, DTypeError, ShapeError
from nn.callbacks import Callback


@pytest.fixture(autouse=True)
def _generators_stay_as_they_are() -> Iterator[None]:
    state = autograd.get_rng_state()
    autograd.manual_seed(0)
    yield
    autograd.set_rng_state(state)


def moons(count: int, seed: int) -> tuple[Any, Any]:
    """Two interleaved half-moons, a little blurred."""
    chance = np.random.default_rng(seed)
    angle = chance.uniform(0, np.pi, count)
    label = chance.integers(0, 2, count)
    x = np.where(label, 1 - np.cos(angle), np.cos(angle))
    y = np.where(label, 0.5 - np.sin(angle), np.sin(angle))
    points = np.stack([x, y], 1) + 0.05 * chance.standard_normal((count, 2))
    return autograd.tensor(points.astype(np.float32)), autograd.tensor(label.astype(np.int64))


def line(dtype: Any = autograd.float64, batches: int = 4, batch: int = 6) -> list[Any]:
    chance = np.random.default_rng(5)
    x = autograd.tensor(chance.standard_normal((batches, batch, 3)), dtype=dtype)
    y = autograd.tensor(chance.standard_normal((batches, batch, 2)), dtype=dtype)
    return list(zip(x, y))


def linear(rate: float = 0.1, **options: Any) -> nn.Trainer:
    model = nn.Dense(3, 2).double()
    model.load_state_dict({"weight": np.full((2, 3), 0.5), "bias": np.array([1.0, -1.0])})
    return nn.Trainer(model, nn.MSELoss(), optim.SGD(model.parameters(), lr=rate), **options)


def weights(trainer: nn.Trainer) -> Any:
    return np.concatenate([p.detach().numpy().ravel() for p in trainer.model.parameters()])


# -- fitting ---------------------------------------------------------------------------------------


def test_two_moons_to_the_last_point():
    training, validation = moons(400, 1), moons(200, 2)
    model = nn.Sequential(nn.Dense(2, 32), nn.Tanh(), nn.Dense(32, 32), nn.Tanh(), nn.Dense(32, 2))
    trainer = nn.Trainer(
        model,
        nn.CrossEntropyLoss(),
        optim.Adam(model.parameters(), lr=0.02),
        metrics={"accuracy": nn.metrics.Accuracy()},
    )
    loader = nn.data.DataLoader(nn.data.TensorDataset(*training), 40, shuffle=True)
    history = trainer.fit(loader, 30, [validation])
    assert history["validation_accuracy"][-1] == 1
    assert trainer.evaluate(loader)["accuracy"] == 1
    predicted = trainer.predict([validation]).argmax(1)
    assert predicted.tolist() == validation[1].tolist()


def by_hand(batches: list[Any], epochs: int) -> tuple[Any, list[float]]:
    """The same as `linear`'s, in NumPy."""
    w, b, losses = np.full((2, 3), 0.5), np.array([1.0, -1.0]), []
    for _ in range(epochs):
        total = 0.0
        for x, y in ((x.numpy(), y.numpy()) for x, y in batches):
            error = x @ w.T + b - y
            total += (error**2).mean() * len(x)
            gradient = 2 * error / error.size
            w, b = w - 0.1 * gradient.T @ x, b - 0.1 * gradient.sum(0)
        losses.append(total / sum(len(x) for x, _ in batches))
    return np.concatenate([w.ravel(), b]), losses


def test_weights_and_history_are_those_of_a_loop_by_hand():
    batches = line()
    batches[-1] = (batches[-1][0][:2], batches[-1][1][:2])  # which counts less in the mean
    expected, losses = by_hand(batches, 3)
    trainer = linear()
    history = trainer.fit(batches, 3, validation=batches[:1])
    np.testing.assert_allclose(weights(trainer), expected, rtol=1e-13)
    np.testing.assert_allclose(history["loss"], losses, rtol=1e-13)
    assert list(history) == ["epoch", "step", "loss", "lr", "validation_loss"]
    assert history["epoch"] == [1, 2, 3]
    assert history["step"] == [4, 8, 12]
    assert history["lr"] == [0.1] * 3
    assert history["validation_loss"][-1] == trainer.evaluate(batches[:1])["loss"]


def test_epochs_are_counted_over_all_calls():
    batches = line()
    once, thrice = linear(), linear()
    expected = once.fit(batches, 3)
    for epochs in (1, 3, 2):
        history = thrice.fit(batches, epochs)
    assert history == expected
    assert np.array_equal(weights(once), weights(thrice))


@pytest.mark.parametrize("sizes", [(6, 6), (6, 3, 1)])
def test_accumulated_batches_are_as_one(sizes):
    x, y = (autograd.cat(parts) for parts in zip(*line()))
    large = [(x[: sum(sizes)], y[: sum(sizes)]), (x[-5:], y[-5:])]
    parts = [*zip(large[0][0].split(list(sizes)), large[0][1].split(list(sizes))), large[1]]
    one, other = linear(), linear(accumulate=len(sizes))
    one_history, other_history = one.fit(large, 2), other.fit(parts, 2)
    np.testing.assert_allclose(weights(one), weights(other), rtol=1e-14)
    np.testing.assert_allclose(one_history["loss"], other_history["loss"], rtol=1e-14)
    assert other_history["step"] == [2, 4]


class Norms(Callback):
    def __init__(self) -> None:
        self.seen: list[float] = []

    def on_gradients(self, trainer: nn.Trainer) -> None:
        gradients = [np.asarray(p.grad).ravel() for p in trainer.model.parameters()]
        self.seen.append(float(np.linalg.norm(np.concatenate(gradients))))


def test_gradients_are_clipped_before_callbacks_see_them():
    free, clipped = Norms(), Norms()
    linear(callbacks=[free]).fit(line(), 1)
    linear(callbacks=[clipped], clip_norm=0.5).fit(line(), 1)
    assert free.seen[0] > 0.5
    assert clipped.seen[0] == pytest.approx(0.5, rel=1e-5)


def test_what_a_callback_does_to_gradients_counts():
    class Nothing(Callback):
        def on_gradients(self, trainer: nn.Trainer) -> None:
            for parameter in trainer.model.parameters():
                parameter.grad.zero_()

    trainer = linear(callbacks=[Nothing()])
    before = weights(trainer)
    trainer.fit(line(), 1)
    assert np.array_equal(weights(trainer), before)


def test_an_optimizer_that_searches():
    trainer = linear()
    trainer.optimizer = optim.LBFGS(trainer.model.parameters(), line_search_fn="strong_wolfe")
    x, y = (autograd.cat(parts) for parts in zip(*line()))
    losses = trainer.fit([(x, y)], 3)["loss"]
    design = np.hstack([x.numpy(), np.ones((len(x), 1))])
    _, squares, _, _ = np.linalg.lstsq(design, y.numpy(), rcond=None)
    assert losses[-1] == pytest.approx(squares.sum() / y.numel(), rel=1e-8)


class Adding(nn.Module):
    def forward(self, x: Any, y: Any) -> Any:
        return x + y


@pytest.mark.parametrize(
    "inputs", [lambda x, y: (x, y), lambda x, y: [x, y], lambda x, y: {"y": y, "x": x}]
)
def test_several_inputs_are_the_arguments_of_the_model(inputs):
    x, y = autograd.ones(2, 1), 2 * autograd.ones(2, 1)
    trainer = nn.Trainer(
        Adding(), nn.MSELoss(), optim.SGD([autograd.ones(1, requires_grad=True)], lr=1.0)
    )
    assert trainer.evaluate([(inputs(x, y), 3 * x)]) == {"loss": 0.0}
    assert trainer.predict([(inputs(x, y), None)]).tolist() == [[3.0], [3.0]]


# -- leaving things as they are --------------------------------------------------------------------


def snapshot(trainer: nn.Trainer) -> Any:
    modes = [module.training for module in trainer.model.modules()]
    values = [p.grad is not None and p.grad.tolist() for p in trainer.model.parameters()]
    states = repr(trainer.model.state_dict())
    return modes, values, states, trainer.state_dict(), autograd.is_grad_enabled()


@pytest.mark.parametrize("operation", ["evaluate", "predict"])
def test_modes_and_gradients_stay(operation):
    model = nn.Sequential(nn.Dense(3, 2), nn.BatchNorm1D(2), nn.Dropout(0.5)).double()
    trainer = nn.Trainer(model, nn.MSELoss(), optim.SGD(model.parameters(), lr=0.1))
    trainer.fit(line(), 1)
    model[1].eval()
    before = snapshot(trainer)
    first, second = (getattr(trainer, operation)(line()) for _ in range(2))
    assert str(first) == str(second)  # nothing was dropped
    assert snapshot(trainer) == before
    for wrong in ([*line(), 5], [], [(autograd.ones(1, 9), autograd.ones(1, 2))]):
        with pytest.raises((AutogradError, AttributeError)):
            getattr(trainer, operation)(wrong)
        assert snapshot(trainer) == before
    assert not trainer.predict(line()).requires_grad


def test_a_callback_may_freeze_what_fit_would_train():
    class Freezing(Callback):
        def on_fit_begin(self, trainer: nn.Trainer) -> None:
            trainer.model[1].eval()

    model = nn.Sequential(nn.Dense(3, 2), nn.BatchNorm1D(2)).double().eval()
    trainer = nn.Trainer(
        model, nn.MSELoss(), optim.SGD(model.parameters(), lr=0.1), callbacks=[Freezing()]
    )
    trainer.fit(line(), 2, line())
    assert (model.training, model[1].training) == (True, False)
    assert model[1].running_mean.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("loss", [nn.KLDivLoss(reduction="batchmean"), nn.functional.kl_div])
def test_losses_that_are_means_in_other_words(loss):
    x = autograd.randn(4, 3).log_softmax(1)
    trainer = nn.Trainer(
        nn.Identity(), loss, optim.SGD([autograd.ones(1, requires_grad=True)], lr=1.0)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of kl_div's default reduction
        assert trainer.evaluate([(x, x.exp())])["loss"] == pytest.approx(0, abs=1e-6)


# -- events ----------------------------------------------------------------------------------------


class Log(Callback):
    def __init__(self, log: list[str], name: str = "") -> None:
        self.log, self.name = log, name

    def on_fit_begin(self, trainer: nn.Trainer) -> None:
        self.log.append(f"fit{self.name}")

    def on_epoch_begin(self, trainer: nn.Trainer) -> None:
        self.log.append(f"epoch {trainer.epoch}")

    def on_step_end(self, trainer: nn.Trainer) -> None:
        self.log.append(f"step {trainer.step}")

    def on_epoch_end(self, trainer: nn.Trainer, record: dict[str, Any]) -> None:
        self.log.append(f"record {record['epoch']}")
        record["twice"] = 2 * record["epoch"]

    def on_fit_end(self, trainer: nn.Trainer) -> None:
        self.log.append(f"end{self.name}")


def test_events_in_their_order():
    log: list[str] = []
    history = linear(callbacks=[Log(log)]).fit(line(batches=2), 2)
    assert " ".join(log) == (
        "fit epoch 0 step 1 step 2 record 1 epoch 1 step 3 step 4 record 2 end"
    )
    assert history["twice"] == [2, 4]


def test_the_last_callbacks_come_last_and_end_first():
    class Last(Log):
        last = True

    log: list[str] = []
    linear(callbacks=[Last(log, " c"), Log(log, " a"), Log(log, " b")]).fit(line(), 0)
    assert log == ["fit a", "fit b", "fit c", "end c", "end b", "end a"]


@pytest.mark.parametrize("event", ["on_fit_begin", "on_gradients", "on_step_end", "on_epoch_end"])
def test_a_callback_that_raises_keyboard_interrupt_ends_it_well(event):
    def interrupt(*arguments: Any) -> None:
        raise KeyboardInterrupt

    log: list[str] = []
    interrupting = Callback()
    setattr(interrupting, event, interrupt)
    trainer = linear(callbacks=[interrupting, Log(log)])
    history = trainer.fit(line(batches=2), 5)
    assert trainer.interrupted
    assert not trainer.finished
    assert log[-1] == "end"
    assert (trainer.step, len(history.records)) == {
        "on_fit_begin": (0, 0),
        "on_gradients": (1, 0),
        "on_step_end": (1, 0),
        "on_epoch_end": (2, 1),
    }[event]


def test_a_second_keyboard_interrupt_goes_through():
    def interrupt(*arguments: Any) -> None:
        raise KeyboardInterrupt

    interrupting = Callback()
    interrupting.on_step_end = interrupting.on_fit_end = interrupt  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        linear(callbacks=[interrupting]).fit(line(), 1)


def test_stop_ends_after_the_step():
    class Stopping(Callback):
        def on_step_end(self, trainer: nn.Trainer) -> None:
            if trainer.step == 3:
                trainer.stop()

    trainer = linear(callbacks=[Stopping()])
    trainer.fit(line(batches=2), 5)
    assert (trainer.step, trainer.epoch, trainer.finished) == (3, 1, True)
    trainer.fit(line(batches=2), 5)
    assert trainer.epoch == 5


# -- progress --------------------------------------------------------------------------------------


def test_quiet_unless_asked(capsys):
    linear().fit(line(), 1, line())
    assert capsys.readouterr() == ("", "")
    linear(progress=True).fit(line(), 2, line())
    out, err = capsys.readouterr()
    assert out == ""
    assert re.search(r"epoch 2/2: 100%.* 4/4 .*loss 1\.\d+, validation_loss 0\.\d+", err)
    linear(progress=False).fit(line(), 1)
    assert capsys.readouterr() == ("", "")


# -- errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"model": lambda x: x}, DTypeError, "model must be a nn.Module, got a function"),
        ({"loss": nn.MSELoss(reduction="sum")}, ShapeError, "returns their mean, got MSELoss"),
        ({"loss": "mse"}, ShapeError, "loss must be a function"),
        ({"metrics": [nn.metrics.Accuracy()]}, DTypeError, "metrics must be a dict"),
        ({"metrics": {"loss": nn.metrics.Accuracy()}}, DTypeError, "other than 'loss'"),
        ({"metrics": {"f1": 3}}, DTypeError, "or have update.*got a int"),
        ({"callbacks": [print]}, DTypeError, "subclasses of nn.callbacks.Callback, got <built-in"),
        ({"accumulate": 0}, ShapeError, "accumulate must be at least 1, got 0"),
        ({"clip_norm": 0}, ShapeError, "clip_norm must be positive, got 0"),
        ({"clip_norm": float("nan")}, ShapeError, "clip_norm must be positive, got nan"),
    ],
)
def test_arguments_that_make_no_sense(options, error, message):
    model = nn.Dense(1, 1)
    usual = {"model": model, "loss": nn.MSELoss(), "optimizer": optim.Adam(model.parameters())}
    with pytest.raises(error, match=message):
        nn.Trainer(**usual | options)


@pytest.mark.parametrize("operation", ["fit", "evaluate", "predict"])
def test_a_loader_without_batches(operation):
    arguments = (1,) if operation == "fit" else ()
    message = f"Trainer.{operation}: the loader gave no batches; an iterator is used up after one"
    with pytest.raises(ShapeError, match=message):
        getattr(linear(), operation)([], *arguments)


def test_an_iterator_is_used_up():
    trainer = linear()
    with pytest.raises(ShapeError, match="an iterator is used up"):
        trainer.fit(iter(line()), 2)
    assert trainer.epoch == 1


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        (autograd.ones(2, 3), r"must be a pair \(input, target\), got float32 \(2, 3\)"),
        ((autograd.ones(2, 3),), "got 1 values"),
        ([autograd.ones(2, 3)] * 3, "got 3 values"),
        ((autograd.ones(0, 3), autograd.ones(0, 2)), "a batch is empty"),
    ],
)
@pytest.mark.parametrize("operation", ["fit", "evaluate"])
def test_batches_that_are_no_pairs(operation, batch, message):
    arguments = (1,) if operation == "fit" else ()
    with pytest.raises((DTypeError, ShapeError), match=message):
        getattr(linear(), operation)([batch], *arguments)


def test_predictions_must_be_tensors():
    model = nn.LSTM(2, 2)
    trainer = nn.Trainer(model, nn.MSELoss(), optim.Adam(model.parameters()))
    with pytest.raises(DTypeError, match=r"predict: the model must return a tensor, got tuple"):
        trainer.predict([autograd.ones(1, 1, 2)])


def test_no_state_of_python_or_numpy_is_touched():
    before = random.getstate(), repr(np.random.get_state())
    linear().fit(line(), 2, line())
    assert (random.getstate(), repr(np.random.get_state())) == before
