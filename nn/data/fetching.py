"""How one batch is made, here or in a worker: from a task to samples to a batch."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NamedTuple

from autograd.errors import AutogradError
from nn.data.collate import default_collate
from nn.data.dataset import IterableDataset, fetches_batches, sample_of
from nn.data.randomness import derived, using


class Task(NamedTuple):
    """One batch to be made."""

    seed: int  # of the loader
    epoch: int
    number: int  # of the batch within the epoch
    indices: Any  # of its samples; None for the next ones of an iterable data set


class End(enum.Enum):
    """What there is instead of a batch once an iterable data set has come to its end."""

    END = enum.auto()


END = End.END


@dataclass(frozen=True)
class WorkerInfo:
    """Which worker this is: ``id`` of ``num_workers``; ``seed`` is its own, ``dataset`` its copy of
    the data set, or the data set itself where workers are threads."""

    id: int
    num_workers: int
    seed: int
    dataset: Any


_info: ContextVar[WorkerInfo | None] = ContextVar("the worker of nn.data", default=None)
set_worker_info = _info.set


def get_worker_info() -> WorkerInfo | None:
    """In a worker of a `DataLoader`: which one it is. Elsewhere None.

    >>> get_worker_info() is None
    True
    """
    return _info.get()


@dataclass
class Fetcher:
    """Makes batches of ``dataset``. It can be sent to another process."""

    dataset: Any
    collate_fn: Callable[[Any], Any]
    batch_size: int | None  # None: what the sampler gives is one sample, or one ready batch
    drop_last: bool

    def __post_init__(self) -> None:
        self._last: Task | None = None
        self._iterator: Iterator[Any] = iter(())  # of an iterable data set in that task's epoch

    def __call__(self, task: Task) -> Any:
        """The batch, or END. What raises gets a note that says for which samples."""
        with using(derived(task.seed, task.epoch, task.number)):
            try:
                return self._next(task) if task.indices is None else self._at(task.indices)
            except Exception as error:
                error.add_note(f"DataLoader: in {_described(task)}{_who()}")
                raise

    def _at(self, indices: Any) -> Any:
        if self.batch_size is None:
            return self.collate_fn(sample_of(self.dataset, indices))
        samples = self._whole_batch(indices)
        if isinstance(samples, list):
            return self.collate_fn(samples)
        return list(samples) if type(samples) is tuple else samples

    def _whole_batch(self, indices: Any) -> Any:
        """A list of samples, or the batch if the data set makes it and nobody wants the samples."""
        found = self.dataset.__getitems__(indices) if fetches_batches(self.dataset) else None
        if isinstance(found, list) or (found is not None and self.collate_fn is default_collate):
            return found
        return [sample_of(self.dataset, index) for index in indices]

    def _next(self, task: Task) -> Any:
        last, self._last = self._last, task
        # An epoch may be begun again, where a state was loaded.
        if last is None or task[:2] != last[:2] or task.number <= last.number:
            self._iterator = iter(self.dataset)
        if self.batch_size is None:
            sample = next(self._iterator, END)
            return END if sample is END else self.collate_fn(sample)
        samples = list(itertools.islice(self._iterator, self.batch_size))
        whole = len(samples) == self.batch_size
        return self.collate_fn(samples) if samples and (whole or not self.drop_last) else END


def is_iterable(dataset: Any) -> bool:
    """Whether samples come in an order of their own, not by index."""
    return isinstance(dataset, IterableDataset)


def _who() -> str:
    info = get_worker_info()
    return "" if info is None else f", in worker {info.id}"


def worker_lost(reason: str, task: Task) -> AutogradError:
    """The exception for a batch that will never come."""
    return AutogradError(f"DataLoader: {reason} ({_described(task)})")


def _described(task: Task) -> str:
    samples = "" if task.indices is None else f", samples {str(task.indices)[:200]}"
    return f"batch {task.number} of epoch {task.epoch}{samples}"
