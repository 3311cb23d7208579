"""Callbacks: what happens at the events of `nn.Trainer.fit` besides training."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from autograd.errors import AutogradError, ShapeError
from nn import tree
from nn.checkpoint import Checkpoint
from nn.history import COUNTERS, Record, is_number

if TYPE_CHECKING:
    from nn.trainer import Trainer


class Callback:
    """Called by a `nn.Trainer` at the events of a fit. Subclasses write the methods they need.

    A callback with ``state_dict`` and ``load_state_dict`` is part of the checkpoints. Those that
    say ``last = True`` are called after all others.

    >>> import autograd, nn, optim
    >>> class Report(nn.callbacks.Callback):
    ...     def on_epoch_end(self, trainer, record):
    ...         print(f"epoch {record['epoch']} of {trainer.epochs}: step {trainer.step}")
    >>> model = nn.Dense(1, 1)
    >>> batches = [(autograd.ones(4, 1), autograd.zeros(4, 1))] * 3
    >>> optimizer = optim.SGD(model.parameters(), lr=0.1)
    >>> trainer = nn.Trainer(model, nn.MSELoss(), optimizer, callbacks=[Report()])
    >>> history = trainer.fit(batches, epochs=2)
    epoch 1 of 2: step 3
    epoch 2 of 2: step 6
    """

    last: ClassVar[bool] = False

    def on_fit_begin(self, trainer: Trainer) -> None:
        """The model is in training mode; nothing has happened yet."""

    def on_epoch_begin(self, trainer: Trainer) -> None:
        """An epoch begins, from its first batch: not when it is resumed."""

    def on_gradients(self, trainer: Trainer) -> None:
        """The gradients of a step are there, and clipped; the optimizer will use them now."""

    def on_step_end(self, trainer: Trainer) -> None:
        """The optimizer has made a step, number ``trainer.step``, and ``trainer.step_loss`` is the
        loss before it, ``trainer.step_lr`` its rate."""

    def on_epoch_end(self, trainer: Trainer, record: Record) -> None:
        """An epoch has ended, and ``record``, its entry in the history, may be added to."""

    def on_fit_end(self, trainer: Trainer) -> None:
        """Training has ended, or was stopped: but not by an error. The last callback comes first
        here."""


class Schedule(Callback):
    """Steps ``scheduler``, one of `optim.lr_scheduler`, after every "epoch" or every "step".

    ``monitor``: the name in the history of what the scheduler is to be told after each epoch, for
    `optim.lr_scheduler.ReduceLROnPlateau`. Raises ShapeError for what makes no sense together.
    """

    def __init__(
        self,
        scheduler: Any,
        every: Literal["epoch", "step"] = "epoch",
        monitor: str | None = None,
    ) -> None:
        kind = type(scheduler).__name__
        if every not in ("epoch", "step"):
            raise ShapeError(f"Schedule: every must be 'epoch' or 'step', got {every!r}")
        if ("metrics" in inspect.signature(scheduler.step).parameters) != (monitor is not None):
            raise ShapeError(
                f"Schedule: {kind} follows no metric; leave out monitor={monitor!r}"
                if monitor
                else f"Schedule: {kind} follows a metric; name it: monitor='validation_loss'"
            )
        if monitor and every == "step":
            raise ShapeError("Schedule: metrics come once in an epoch; leave out every='step'")
        self.scheduler, self.every, self.monitor = scheduler, every, monitor

    def on_step_end(self, trainer: Trainer) -> None:
        if self.every == "step":
            self.scheduler.step()

    def on_epoch_end(self, trainer: Trainer, record: Record) -> None:
        if self.monitor:
            self.scheduler.step(_monitored("Schedule", record, self.monitor))
        elif self.every == "epoch":
            self.scheduler.step()

    def state_dict(self) -> dict[str, Any]:
        """The scheduler's state, and its class."""
        return {"class": type(self.scheduler).__name__, "state": self.scheduler.state_dict()}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from there. Raises AutogradError for the state of another class."""
        needed = type(self.scheduler).__name__
        if state_dict["class"] != needed:
            raise AutogradError(f"Schedule: the state of a {state_dict['class']} for a {needed}")
        self.scheduler.load_state_dict(state_dict["state"])


class EarlyStopping(Callback):
    """Stops once ``monitor`` has not become better for ``patience`` epochs in a row.

    ``monitor`` is a name in the history; better is what is lower (``mode="min"``) or higher
    ("max") than the ``best`` so far by more than ``min_delta``; NaN never is. ``restore_best``: in
    the end, the model gets back the weights of the best epoch, unless Ctrl-C has ended the
    training. Raises ShapeError for an unknown mode, and for a patience of less than 1.
    """

    def __init__(
        self,
        monitor: str = "validation_loss",
        mode: Literal["min", "max"] = "min",
        patience: int = 5,
        min_delta: float = 0.0,
        restore_best: bool = True,
    ) -> None:
        if mode not in ("min", "max"):
            raise ShapeError(f"EarlyStopping: mode must be 'min' or 'max', got {mode!r}")
        if patience < 1 or min_delta < 0:
            raise ShapeError(
                "EarlyStopping: needs patience of at least 1 and min_delta of at least 0, got "
                f"{patience} and {min_delta}"
            )
        self.monitor, self.sign = monitor, 1 if mode == "max" else -1
        self.patience, self.min_delta, self.restore_best = patience, min_delta, restore_best
        self.best: float | None = None
        self.best_epoch = self.waited = 0
        self.weights: Any = None

    def on_epoch_end(self, trainer: Trainer, record: Record) -> None:
        value = _monitored("EarlyStopping", record, self.monitor)
        self.waited += 1
        if self._is_better(value):
            self.best, self.best_epoch, self.waited = value, record["epoch"], 0
            if self.restore_best:
                self.weights = deepcopy(trainer.model.state_dict())
        if self.waited >= self.patience:
            trainer.stop()

    def _is_better(self, value: float) -> bool:
        if self.best is None:
            return value == value  # not NaN
        return self.sign * (value - self.best) > self.min_delta

    def on_fit_end(self, trainer: Trainer) -> None:
        if self.weights is not None and not trainer.interrupted:
            trainer.model.load_state_dict(self.weights)

    def state_dict(self) -> dict[str, Any]:
        """What was best, and how long ago."""
        return {name: getattr(self, name) for name in ("best", "best_epoch", "waited", "weights")}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from there."""
        vars(self).update(state_dict)


class Checkpointing(Callback):
    """Saves all of the training in ``checkpoint`` (a folder, or a `nn.Checkpoint`) after each
    epoch, after ``every`` that many steps, if given, and when training is stopped.

    When a fit begins, it goes on from the last checkpoint in the folder, if there is one; the
    weights become the same, bit for bit, as without an interruption. What is saved: the model, the
    optimizer, loaders and callbacks that have a ``state_dict``, the history and all random states.
    Raises what `nn.Checkpoint` does.
    """

    last = True

    def __init__(self, checkpoint: Checkpoint | str | Path, every: int | None = None) -> None:
        if every is not None and every < 1:
            raise ShapeError(f"Checkpointing: every must be a positive number, got {every}")
        self.checkpoint = (
            checkpoint if isinstance(checkpoint, Checkpoint) else Checkpoint(checkpoint)
        )
        self.every = every
        self._saved: tuple[int, int] | None = None

    def on_fit_begin(self, trainer: Trainer) -> None:
        if self.checkpoint.load(**trainer.parts()) is not None:
            self._saved = trainer.position

    def on_step_end(self, trainer: Trainer) -> None:
        if self.every is not None and trainer.step % self.every == 0:
            self._save(trainer)

    def on_epoch_end(self, trainer: Trainer, record: Record) -> None:
        self._save(trainer)

    def on_fit_end(self, trainer: Trainer) -> None:
        if self._saved != trainer.position:
            self._save(trainer)

    def _save(self, trainer: Trainer) -> None:
        last = trainer.history.records[-1:]
        metrics = last[0] if last else None
        self.checkpoint.save(trainer.step, metrics=metrics, **trainer.parts())
        self._saved = trainer.position


class TensorBoard(Callback):
    """Writes the numbers of each epoch, and every ``every`` steps the loss and the rate, into
    ``folder``, for TensorBoard to show. Needs tensorboardX."""

    def __init__(self, folder: str | Path, every: int = 50) -> None:
        if every < 1:
            raise ShapeError(f"TensorBoard: every must be a positive number, got {every}")
        self.folder, self.every = folder, every
        self._writer: Any = None
        self._class = _summary_writer()

    def on_step_end(self, trainer: Trainer) -> None:
        if trainer.step % self.every == 0:
            self._write(trainer, "steps", {"loss": trainer.step_loss, "lr": trainer.step_lr})

    def on_epoch_end(self, trainer: Trainer, record: Record) -> None:
        numbers = {name: value for name, value in record.items() if is_number(value)}
        self._write(trainer, "epochs", {k: numbers[k] for k in numbers if k not in COUNTERS})
        self._writer.flush()

    def on_fit_end(self, trainer: Trainer) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _write(self, trainer: Trainer, group: str, numbers: Mapping[str, float]) -> None:
        if self._writer is None:  # what a killed program wrote beyond here is to be forgotten
            self._writer = self._class(str(self.folder), purge_step=trainer.step)
        for name, value in numbers.items():
            self._writer.add_scalar(f"{group}/{name}", value, trainer.step)


def _summary_writer() -> Any:
    try:
        from tensorboardX import SummaryWriter
    except ImportError:
        raise AutogradError(
            "TensorBoard: needs tensorboardX; install it: pip install tensorboardX"
        ) from None
    return SummaryWriter


def _monitored(operation: str, record: Record, name: str) -> float:
    """The number ``name`` in ``record``."""
    value: Any = record.get(name)
    if not is_number(value):
        numbers = [key for key, entry in record.items() if is_number(entry)]
        raise ShapeError(
            f"{operation}: there is no number {name!r} in the history{tree.near(name, numbers)}; "
            f"there are {', '.join(numbers)}; those of validation need fit(..., validation=loader)"
        )
    return float(value)
