"""`Trainer`: the loop of a training, written once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from math import isfinite
from typing import Any
from warnings import warn

from autograd._tensor import Tensor
from autograd.modes import no_grad
from nn.callbacks import Callback
from nn.checkpoint_random import RandomStates
from nn.history import COUNTERS, History, Record, is_number
from nn.metrics import Metric, as_metric
from nn.module import Module
from nn.trainer_batches import (
    Part,
    Unpack,
    bar,
    call,
    groups,
    inputs_of,
    is_shuffled,
    joined,
    no_batches,
    no_loss,
    part,
)
from nn.trainer_checks import check
from nn.trainer_interruption import interruptible
from nn.utils.clip_grad import clip_grad_norm_

Batches = Iterable[Any]


class Trainer:
    """Fits ``model``, so that ``loss(predictions, targets)``, a mean over the batch, falls.

    A loader is whatever can be iterated for each epoch anew and gives pairs (input, target): a
    `nn.data.DataLoader`, a list. An input that is a tuple, list or dict holds the arguments of the
    model.

    - ``metrics``: by name, a metric of `nn.metrics`, or a function of all targets and predictions
      of a pass as arrays, such as scikit-learn's; see `nn.metrics.Collected`.
    - ``callbacks`` of `nn.callbacks`: schedules, early stopping, checkpoints, one's own.
    - ``accumulate``: how many batches make a step, as if they were one.
    - ``clip_norm``: the largest norm that all gradients together may have.
    - ``unpack``: makes (input, target) of a batch that is something else, such as a dict.
    - ``progress``: a bar, or none; None shows one where stderr is a terminal.

    Raises DTypeError or ShapeError for arguments that are something else.

    >>> import autograd, nn, optim
    >>> x = autograd.linspace(-1, 1, 8).reshape(8, 1)
    >>> model = nn.Dense(1, 1)
    >>> trainer = nn.Trainer(model, nn.MSELoss(), optim.SGD(model.parameters(), lr=0.5))
    >>> history = trainer.fit([(x, 2 * x)], epochs=50)
    >>> history["loss"][-1] < 1e-4
    True
    >>> trainer.predict([x]).shape
    (8, 1)
    """

    def __init__(
        self,
        model: Module,
        loss: Callable[[Any, Any], Any],
        optimizer: Any,
        *,
        metrics: Mapping[str, Metric | Callable[..., Any]] | None = None,
        callbacks: Sequence[Callback] = (),
        accumulate: int = 1,
        clip_norm: float | None = None,
        unpack: Unpack | None = None,
        progress: bool | None = None,
    ) -> None:
        check(model, loss, metrics, callbacks, accumulate, clip_norm)
        self.model, self.loss, self.optimizer = model, loss, optimizer
        self.metrics = {name: as_metric(metric) for name, metric in (metrics or {}).items()}
        self.callbacks = sorted(callbacks, key=lambda callback: callback.last)
        self.accumulate, self.clip_norm = accumulate, clip_norm
        self.unpack, self.progress = unpack, progress
        self.history = History()
        # How many epochs and steps are done, how many batches of the epoch that is not, and of how
        # many epochs fit was asked for.
        self.epoch = self.step = self.batch = self.epochs = 0
        # Of the epoch that is not done: the sum of the examples' losses and their number, and the
        # random states at its begin.
        self._total, self._examples = 0.0, 0
        self._random: Any = None
        # Of the last step: the loss before it, and the rate, that of the optimizer's first group.
        self.step_loss = self.step_lr = 0.0
        # Whether training ended because of `stop`, or is ending because of Ctrl-C.
        self.finished = self.interrupted = False
        self._loaders: dict[str, Any] = {}

    # -- training ----------------------------------------------------------------------------------

    def fit(self, loader: Batches, epochs: int, validation: Batches | None = None) -> History:
        """Train until ``epochs`` epochs are done, those of earlier calls and of the checkpoint
        included; after each, evaluate on ``validation``. Return the history.

        Its values are ``epoch``, ``step``, ``loss`` (the mean over the epoch, as the weights
        changed), ``lr`` (of the optimizer's first group, in the last step), ``validation_loss`` and
        ``validation_<metric>``.

        Ctrl-C ends it after the step, or the validation, that is under way; what callbacks save is
        saved, and ``interrupted`` is True. A second Ctrl-C ends it at once. Warns of a loss that is
        not finite. Raises ShapeError for a loader without batches, DTypeError for batches that are
        no pairs.
        """
        self._loaders = {"loader": loader, "validation": validation}
        for each in filter(_has_state, self._loaders.values()):
            each.state_dict()  # may draw a seed: now, so that no checkpoint changes what is drawn
        self.epochs = epochs
        self.finished = self.interrupted = False
        self.model.train()
        with interruptible(self):
            self._notify("on_fit_begin")
            while self.epoch < epochs and not (self.finished or self.interrupted):
                self._fit_epoch(loader, validation)
            self._notify("on_fit_end", order=-1)
        return self.history

    def stop(self) -> None:
        """End the training after the step, or the epoch, that is under way: for callbacks."""
        self.finished = True

    def _fit_epoch(self, loader: Batches, validation: Batches | None) -> None:
        if not self.batch:
            self._notify("on_epoch_begin")
        title = f"epoch {self.epoch + 1}/{self.epochs}"
        with bar(loader, title, self.progress, self.batch, leave=True) as shown:
            for parts in groups(self._remaining(loader), self.accumulate, self.unpack):
                self._step(parts)
                if shown is not None:
                    shown.set_postfix_str(f"loss {self._total / self._examples:.4g}", refresh=False)
                    shown.update(len(parts))
                if self.finished or self.interrupted:
                    return
            if not self.batch:
                raise no_batches("Trainer.fit")
            record = self._end_epoch(validation)
            if shown is not None:
                shown.set_postfix_str(_summary(record))

    def _remaining(self, loader: Batches) -> Iterator[Any]:
        """The batches of the epoch that are not done."""
        if not self.batch:
            self._random = RandomStates().state_dict() if _may_draw(loader) else None
            return iter(loader)
        if self.batch % self.accumulate:  # the last group was what the loader had left
            return iter(())
        if _has_state(loader):
            state: Any = loader
            state.load_state_dict(state.state_dict())  # its next loop goes on with this epoch
            return iter(loader)
        # Pass over those that are done, in the order that was drawn when the epoch began.
        generators = RandomStates()
        now = generators.state_dict()
        if self._random is not None:
            generators.load_state_dict(self._random)
        batches = iter(loader)
        next(islice(batches, self.batch - 1, None), None)
        generators.load_state_dict(now)
        return batches

    def _step(self, parts: Sequence[Part]) -> None:
        """One step of the optimizer, on all of ``parts``."""
        examples = 0
        for _, _, count in parts:
            examples += count
        self.step_loss = self._gradients(parts, examples)
        self.step_lr = float(self.optimizer.param_groups[0]["lr"])
        if getattr(self.optimizer, "needs_closure", True):
            self._search(parts, examples)
        else:
            self.optimizer.step()
        self.step += 1
        self.batch += len(parts)
        self._total += self.step_loss * examples
        self._examples += examples
        if self.callbacks:
            self._notify("on_step_end")

    def _search(self, parts: Sequence[Part], examples: int) -> None:
        """A step of an optimizer, such as LBFGS, that may ask for the loss again and again."""
        known = [self.step_loss]
        self.optimizer.step(lambda: known.pop() if known else self._gradients(parts, examples))

    def _gradients(self, parts: Sequence[Part], examples: int) -> float:
        """Compute the gradients; return the mean loss of the ``examples``."""
        self.optimizer.zero_grad()
        total = 0.0
        for inputs, target, count in parts:
            loss = self.loss(call(self.model, inputs), target)
            if not isinstance(loss, Tensor):
                raise no_loss(loss)
            if count < examples:
                loss = loss * (count / examples)
            loss.backward()
            total += loss.item()
        if self.clip_norm is not None:
            learned = [x for group in self.optimizer.param_groups for x in group["params"]]
            clip_grad_norm_(learned, self.clip_norm)
        if self.callbacks:
            self._notify("on_gradients")
        return total

    def _end_epoch(self, validation: Batches | None) -> Record:
        mean = self._total / self._examples
        if not isfinite(mean):
            warn(
                f"Trainer.fit: the loss of epoch {self.epoch + 1} is {mean}; to find where that "
                "begins, call fit() inside of autograd.detect_anomaly()",
                stacklevel=4,
            )
        record = {"epoch": self.epoch + 1, "step": self.step, "loss": mean, "lr": self.step_lr}
        if validation is not None:
            results = self.evaluate(validation)
            record |= {f"validation_{name}": value for name, value in results.items()}
        record = self.history.append(record)
        self.epoch += 1
        self.batch, self._total, self._examples, self._random = 0, 0.0, 0, None
        self._notify("on_epoch_end", record)
        return record

    def _notify(self, event: str, *arguments: Any, order: int = 1) -> None:
        """Tell all callbacks. One that raises KeyboardInterrupt does what Ctrl-C does."""
        for callback in self.callbacks[::order]:
            try:
                getattr(callback, event)(self, *arguments)
            except KeyboardInterrupt:
                if self.interrupted:
                    raise
                self.interrupted = True

    # -- using the model ---------------------------------------------------------------------------

    def evaluate(self, loader: Batches) -> dict[str, Any]:
        """The mean ``loss`` over all examples of ``loader``, and each metric, by name.

        The modules are in evaluation mode meanwhile; modes and gradients stay as they are. Raises
        ShapeError for a loader without batches, DTypeError for batches that are no pairs.
        """
        for metric in self.metrics.values():
            metric.reset()
        total, examples = 0.0, 0
        with self._passing("evaluate", loader) as batches:
            for batch in batches:
                inputs, target, count = part(batch, self.unpack)
                predictions = call(self.model, inputs)
                total += self.loss(predictions, target).item() * count
                examples += count
                for metric in self.metrics.values():
                    metric.update(predictions, target)
        if not examples:
            raise no_batches("Trainer.evaluate")
        results = {name: metric.compute() for name, metric in self.metrics.items()}
        return {"loss": total / examples, **results}

    def predict(self, loader: Batches) -> Tensor:
        """What the model returns for all examples of ``loader``, in their order, as one tensor.

        The batches are inputs, or pairs (input, target). Modes and gradients stay as they are.
        Warns of a loader that shuffles.
        Raises ShapeError for a loader without batches, DTypeError for a model that returns
        something else than a tensor.
        """
        if is_shuffled(loader):
            warn(
                "Trainer.predict: the loader shuffles, so that nobody knows which example a "
                "prediction is of; pass one with shuffle=False",
                stacklevel=2,
            )
        with self._passing("predict", loader) as batches:
            outputs = [call(self.model, inputs_of(batch, self.unpack)) for batch in batches]
        if not outputs:
            raise no_batches("Trainer.predict")
        return joined(outputs)

    @contextmanager
    def _passing(self, title: str, loader: Batches) -> Iterator[Iterator[Any]]:
        """The batches of ``loader``; meanwhile there is a bar, nothing is recorded, and all modules
        are in evaluation mode. Afterwards each has the mode that it had."""
        modes = [(module, module.training) for module in self.model.modules()]
        self.model.eval()
        try:
            with no_grad(), bar(loader, title, self.progress) as shown:
                yield iter(loader) if shown is None else _counted(loader, shown)
        finally:
            for module, mode in modes:
                module.training = mode

    # -- saving ------------------------------------------------------------------------------------

    @property
    def position(self) -> tuple[int, int]:
        """How far the training is: epochs and steps that are done."""
        return self.epoch, self.step

    def parts(self) -> dict[str, Any]:
        """All that has a state, by name: what a `nn.Checkpoint` saves and loads."""
        loaders = {name: part for name, part in self._loaders.items() if _has_state(part)}
        callbacks = enumerate(filter(_has_state, self.callbacks))
        return {
            "trainer": self,
            "model": self.model,
            "optimizer": self.optimizer,
            **loaders,
            **{f"callbacks.{i}": callback for i, callback in callbacks},
        }

    def state_dict(self) -> dict[str, Any]:
        """How far the training is, and the history; the parts have states of their own."""
        return {name: getattr(self, name) for name in _STATE} | {"history": self.history.records}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from there."""
        for name in _STATE:
            setattr(self, name, state_dict[name])
        self.history = History(state_dict["history"])


_STATE = (
    *("epoch", "step", "batch", "finished", "step_loss", "step_lr"),
    *("_total", "_examples", "_random"),
)


def _has_state(part: Any) -> bool:
    return hasattr(part, "state_dict") and hasattr(part, "load_state_dict")


def _may_draw(loader: Any) -> bool:
    """Whether an epoch of ``loader`` may depend on random states other than its own."""
    return type(loader) not in (list, tuple) and not _has_state(loader)


def _counted(loader: Batches, shown: Any) -> Iterator[Any]:
    for batch in loader:
        shown.update()
        yield batch


def _summary(record: Record) -> str:
    """What the bar of an epoch shows in the end."""
    numbers = [(k, v) for k, v in record.items() if is_number(v) and k not in (*COUNTERS, "lr")]
    return ", ".join(f"{name} {value:.4g}" for name, value in numbers)
