"""`DataLoader`: batches of a data set, made in advance by workers if there are any."""

from __future__ import annotations

import contextvars
import itertools
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar

from autograd.errors import AutogradError, DTypeError, ShapeError
from autograd.generator import Generator, stream_of
from nn.data.collate import default_collate, default_convert
from nn.data.dataset import length_of
from nn.data.fetching import END, Fetcher, Task, WorkerInfo, is_iterable, worker_lost
from nn.data.randomness import derived, using
from nn.data.sampler import BatchSampler, RandomSampler, SequentialSampler
from nn.data.workers import Pool, ThreadStation

T = TypeVar("T", covariant=True)
Workers = Literal["threads", "processes"]


@dataclass
class _Epoch:
    """One pass over the data set, and how far it has got."""

    seed: int
    number: int
    batches: int  # handed out so far
    generator_state: Any  # of the sampler's own generator, if it has one, when the pass began
    ended: bool = False


# What decides which batches there are, and is handed on when a loader is made.
_FIXED = {"dataset", "batch_size", "sampler", "batch_sampler", "drop_last", "collate_fn"}
_NO_EPOCH = _Epoch(0, -1, 0, None, ended=True)


class DataLoader(Generic[T]):
    """The batches of ``dataset``, collated into tensors; each ``for`` loop over it is an epoch.

    What is random follows from the loader's ``seed`` and the epoch's number alone: the order of the
    samples, and what transforms draw from `get_generator`. It is the same for any number of
    workers, threads or processes. The seed is drawn from ``generator`` (the default one, if None)
    when it is first needed.

    - ``batch_size`` samples (None: no batches, single samples), in random order with ``shuffle``;
      ``drop_last`` leaves out a last batch that is smaller.
    - ``sampler`` or ``batch_sampler``: what yields the indices, or lists of them, instead.
    - ``collate_fn`` makes a batch of a list of samples; by default `default_collate`.
    - ``num_workers``: how many make batches in advance, ``prefetch_factor`` (2) each; 0: none.
      They are ``workers="threads"``, right for what NumPy does, or ``"processes"``, for Python
      code that takes long. Processes are sent the data set, which must be picklable; they share
      its arrays, read-only, and hand large batches over in shared memory.
    - ``worker_init_fn(worker_id)`` is called in each worker before its first batch.
    - ``timeout``: seconds that a batch may take before AutogradError is raised; 0: any time.
    - ``persistent_workers``: workers stay from one epoch to the next.

    For programs written for PyTorch: ``pin_memory`` and its device change nothing, for there is
    nothing to pin; ``in_order=False`` neither, batches always come in their order; with
    ``multiprocessing_context="spawn"`` workers are processes, and other contexts are refused.
    Raises ShapeError or DTypeError for arguments that make no sense together. An exception in a
    worker is raised here, with notes of the worker's traceback and the sample's index.

    >>> import autograd
    >>> from nn.data import TensorDataset
    >>> dataset = TensorDataset(autograd.arange(5), autograd.arange(5) ** 2)
    >>> for x, y in DataLoader(dataset, batch_size=2):
    ...     print(x.tolist(), y.tolist())
    [0, 1] [0, 1]
    [2, 3] [4, 9]
    [4] [16]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Iterable[Any] | None = None,
        batch_sampler: Iterable[Any] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[Any], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], object] | None = None,
        multiprocessing_context: Any = None,
        generator: Generator | None = None,
        *,
        workers: Workers = "threads",
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        pin_memory_device: str = "",
        in_order: bool = True,
    ) -> None:
        _check_workers(num_workers, workers, prefetch_factor, persistent_workers, timeout)
        _check_context(num_workers, multiprocessing_context)
        self.dataset = dataset
        self.num_workers = num_workers
        self.workers = "processes" if multiprocessing_context else workers
        self.prefetch_factor = prefetch_factor or 2
        self.persistent_workers = persistent_workers
        self.timeout = timeout
        self.pin_memory = pin_memory
        self.pin_memory_device = pin_memory_device
        self.in_order = in_order
        self.worker_init_fn = worker_init_fn
        self.generator = generator
        self.drop_last = drop_last
        self._choose_order(batch_size, shuffle, sampler, batch_sampler)
        batched = self.batch_sampler is not None or self.batch_size is not None
        self.collate_fn = collate_fn or (default_collate if batched else default_convert)
        size = (self.batch_size or 1) if batched else None
        self._fetcher = Fetcher(dataset, self.collate_fn, size, self.drop_last)
        self._seed: int | None = None
        self._next_epoch = 0
        self._batches_to_skip = 0
        self._epoch = _NO_EPOCH
        self._pool: Pool | None = None

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _FIXED and hasattr(self, "_pool"):
            raise AutogradError(f"DataLoader: {name} can't be changed; make a new DataLoader")
        super().__setattr__(name, value)

    def _choose_order(
        self, batch_size: Any, shuffle: Any, sampler: Any, batch_sampler: Any
    ) -> None:
        if batch_sampler is not None:
            if batch_size not in (1, None) or shuffle or sampler is not None or self.drop_last:
                raise ShapeError(
                    "DataLoader: a batch_sampler decides by itself; leave out batch_size, shuffle, "
                    "sampler and drop_last"
                )
            batch_size = None
        elif batch_size is None and self.drop_last:
            raise ShapeError("DataLoader: without batch_size there is no last batch to drop")
        if is_iterable(self.dataset):
            if shuffle or sampler is not None or batch_sampler is not None:
                raise ShapeError(
                    "DataLoader: an IterableDataset has its own order; leave out shuffle, sampler "
                    "and batch_sampler"
                )
        elif sampler is not None and shuffle:
            raise ShapeError("DataLoader: a sampler decides the order; leave out shuffle")
        elif sampler is None and batch_sampler is None:
            length_of("DataLoader", self.dataset)
            kind = RandomSampler if shuffle else SequentialSampler
            sampler = kind(self.dataset)
        self.batch_size: int | None = batch_size
        if batch_size is not None:
            batches = BatchSampler(sampler or (), batch_size, self.drop_last)
            batch_sampler = None if is_iterable(self.dataset) else batches
        self.batch_sampler = batch_sampler
        self.sampler = getattr(batch_sampler, "sampler", sampler)

    def __len__(self) -> int:
        """The number of batches in an epoch."""
        if not is_iterable(self.dataset):
            return length_of("DataLoader", self._index_source())
        size = length_of("DataLoader", self.dataset)
        if self.batch_size is None:
            return size
        return size // self.batch_size if self.drop_last else -(-size // self.batch_size)

    # -- an epoch ----------------------------------------------------------------------------------

    @property
    def seed(self) -> int:
        """What all that is random follows from, together with the epoch's number."""
        if self._seed is None:
            self._seed = int(stream_of(self.generator).integers(2**63))
        return self._seed

    def __iter__(self) -> Iterator[T]:
        """The batches of the next epoch. Leaving the loop early ends the workers."""
        epoch, skipped = self._begin()
        exhausted: set[int] = set()
        tasks = self._tasks(epoch.number, exhausted)
        if not is_iterable(self.dataset):  # to skip these costs nothing
            next(itertools.islice(tasks, skipped, skipped), None)
            skipped = 0
        for task, batch in self._made(tasks):
            if batch is END:
                exhausted.add(task.number % max(self.num_workers, 1))
            elif skipped:
                skipped -= 1
            else:
                epoch.batches += 1
                yield batch
        epoch.ended = True

    def _begin(self) -> tuple[_Epoch, int]:
        epoch = self._epoch = self._coming_epoch()
        self._next_epoch += 1
        self._batches_to_skip = 0
        return epoch, epoch.batches

    def _coming_epoch(self) -> _Epoch:
        """The epoch that begins with the next loop."""
        seed = self.seed  # may be drawn from the sampler's generator, whose state comes after it
        own = self._own_generator()
        state = None if own is None else own.get_state()
        return _Epoch(seed, self._next_epoch, self._batches_to_skip, state)

    def _tasks(self, epoch: int, exhausted: set[int]) -> Iterator[Task]:
        """The batches to be made; those of workers that are ``exhausted`` left out."""
        if not is_iterable(self.dataset):
            for number, indices in enumerate(self._indices(epoch)):
                yield Task(self.seed, epoch, number, indices)
            return
        workers = max(self.num_workers, 1)
        for number in itertools.count():
            if len(exhausted) == workers:
                return
            if number % workers not in exhausted:
                yield Task(self.seed, epoch, number, None)

    def _indices(self, epoch: int) -> Iterator[Any]:
        """What the sampler yields. It draws from the epoch's stream, also when it is at work while
        the caller's code runs."""
        with using(derived(self.seed, epoch)):
            context = contextvars.copy_context()
        indices = context.run(iter, self._index_source())
        while (found := context.run(next, indices, END)) is not END:
            yield found

    def _index_source(self) -> Any:
        return self.sampler if self.batch_sampler is None else self.batch_sampler

    def _made(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Any]]:
        """Each task with its batch, in their order."""
        if not self.num_workers:
            fetcher = replace(self._fetcher)  # whose iterators are its own
            yield from ((task, fetcher(task)) for task in tasks)
            return
        pool = self._take_pool()
        pending: deque[tuple[Task, Future[Any]]] = deque()
        keep = self.persistent_workers
        try:
            ahead = self.num_workers * self.prefetch_factor
            pending.extend((task, pool.submit(task)) for task in itertools.islice(tasks, ahead))
            while pending:
                task, future = pending.popleft()
                batch = self._result(task, future)
                pending.extend((task, pool.submit(task)) for task in itertools.islice(tasks, 1))
                del future
                yield task, batch
        except BaseException as error:
            keep = keep and isinstance(error, GeneratorExit)
            raise
        finally:
            for _, future in pending:
                future.cancel()
            self._return_pool(pool, keep)

    def _result(self, task: Task, future: Future[Any]) -> Any:
        if not wait([future], self.timeout or None).done:
            raise worker_lost(f"no batch within the timeout of {self.timeout:g} s", task)
        return future.result()

    # -- workers -----------------------------------------------------------------------------------

    def _take_pool(self) -> Pool:
        """The workers that stayed from the last epoch, or new ones."""
        pool, self._pool = self._pool, None
        if pool is None:
            pool = self._new_pool()
            if self.persistent_workers:
                weakref.finalize(self, pool.close)
        return pool

    def _new_pool(self) -> Pool:
        if self.workers == "processes":
            from nn.data import processes

            return Pool(
                processes.start(self.num_workers, self._fetcher, self.worker_init_fn, self.seed)
            )
        return Pool(
            [
                ThreadStation(
                    self._fetcher,
                    WorkerInfo(i, self.num_workers, self.seed + i, self.dataset),
                    self.worker_init_fn,
                )
                for i in range(self.num_workers)
            ]
        )

    def _return_pool(self, pool: Pool, keep: bool) -> None:
        if keep and self._pool is None:
            self._pool = pool
        else:
            pool.close()

    # -- saving ------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """All that is needed to go on with the batch that would come next, in mid-epoch too.

        It is about the last loop that was begun. To go on with an `IterableDataset`, the batches up
        to there are made again.
        """
        epoch = self._coming_epoch() if self._epoch.ended else self._epoch
        return {
            "seed": epoch.seed,
            "epoch": epoch.number,
            "batches": epoch.batches,
            "generator": epoch.generator_state,
            **self._batching(),
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where the loader was whose `state_dict` this is: the next loop begins with the
        batch that would have come.

        Raises AutogradError for a state that is not of a loader like this, with the same batches.
        """
        batching = self._batching()
        missing = {"seed", "epoch", "batches", "generator", *batching} - set(state_dict)
        if missing:
            raise AutogradError(f"DataLoader: the state lacks {sorted(missing)}; it is no loader's")
        differences = [
            f"{name}={state_dict[name]}, but this one has {name}={here}"
            for name, here in batching.items()
            if state_dict[name] != here
        ]
        if differences:
            raise AutogradError(f"DataLoader: the state is of one with {'; '.join(differences)}")
        own = self._own_generator()
        if (own is None) != (state_dict["generator"] is None):
            raise AutogradError(
                "DataLoader: of this loader and that of the state, only one has a sampler with a "
                "generator of its own"
            )
        numbers = [int(state_dict[name]) for name in ("seed", "epoch", "batches")]
        if own is not None:
            own.set_state(state_dict["generator"])
        self._seed, self._next_epoch, self._batches_to_skip = numbers
        self._epoch = _NO_EPOCH

    def _batching(self) -> dict[str, int | None]:
        """What decides which samples make up a batch: the number of batches, None if nobody can
        know; their size; and, where each worker has its own share of the samples, how many."""
        try:
            length = len(self)
        except DTypeError:
            length = None
        workers = max(self.num_workers, 1) if is_iterable(self.dataset) else None
        return {"length": length, "batch_size": self.batch_size, "workers": workers}

    def _own_generator(self) -> Generator | None:
        own = getattr(self.sampler, "generator", None)
        return own if isinstance(own, Generator) else None


def _check_workers(
    num_workers: Any, workers: Any, prefetch_factor: Any, persistent: bool, timeout: float
) -> None:
    if isinstance(num_workers, bool) or not isinstance(num_workers, int) or num_workers < 0:
        raise ShapeError(f"DataLoader: num_workers must be 0 or a positive integer: {num_workers}")
    if workers not in ("threads", "processes"):
        raise ShapeError(f"DataLoader: workers must be 'threads' or 'processes', got {workers!r}")
    if timeout < 0 or (timeout and not num_workers):
        raise ShapeError(
            f"DataLoader: timeout={timeout} must be 0, or positive with workers: num_workers > 0"
        )
    if prefetch_factor is not None and (
        not num_workers or not isinstance(prefetch_factor, int) or prefetch_factor < 1
    ):
        raise ShapeError(
            f"DataLoader: prefetch_factor={prefetch_factor} must be a positive integer, and needs "
            "workers: num_workers > 0"
        )
    if persistent and not num_workers:
        raise ShapeError("DataLoader: persistent_workers needs workers: num_workers > 0")


def _check_context(num_workers: int, context: Any) -> None:
    """``context``: PyTorch's ``multiprocessing_context``, the name of one or one itself."""
    method = context.get_start_method() if hasattr(context, "get_start_method") else context
    if method not in (None, "spawn"):
        raise ShapeError(
            f"DataLoader: multiprocessing_context {method!r} is not possible: processes are "
            "spawned, for forked ones inherit locks that nobody releases; leave it out, or pass "
            "'spawn'"
        )
    if method is not None and not num_workers:
        raise ShapeError("DataLoader: multiprocessing_context needs workers: num_workers > 0")
