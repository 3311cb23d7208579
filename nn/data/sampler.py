"""Samplers: in which order a loader takes the samples of a data set, and which make up a batch.

What a sampler draws, it draws from its ``generator``. Without one, it draws in a loader from the
stream of the loader's epoch, elsewhere from the default generator.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from autograd.errors import DTypeError, ShapeError
from autograd.from_data import as_tensor
from autograd.generator import Generator
from autograd.random import multinomial, randint, randperm
from nn.data.dataset import length_of
from nn.data.randomness import get_generator

T = TypeVar("T", covariant=True)


class Sampler(Generic[T]):
    """An order of the samples of a data set. Subclasses define ``__iter__``, and ``__len__``."""

    def __iter__(self) -> Iterator[T]:
        raise NotImplementedError(f"{type(self).__name__} must define __iter__()")


class SequentialSampler(Sampler[int]):
    """0, 1, 2, ...: all samples in their order.

    >>> list(SequentialSampler("abc"))
    [0, 1, 2]
    """

    def __init__(self, data_source: Any) -> None:
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self)))

    def __len__(self) -> int:
        return length_of("SequentialSampler", self.data_source)


class RandomSampler(Sampler[int]):
    """All samples in random order; or ``num_samples`` of them, over and over if there are fewer.

    ``replacement``: each is drawn from all samples. Raises ShapeError for ``num_samples`` below 1,
    or of no samples at all.

    >>> sorted(RandomSampler("abc"))
    [0, 1, 2]
    >>> len(list(RandomSampler("abc", replacement=True, num_samples=7)))
    7
    """

    def __init__(
        self,
        data_source: Any,
        replacement: bool = False,
        num_samples: int | None = None,
        generator: Generator | None = None,
    ) -> None:
        self.data_source = data_source
        self.replacement = replacement
        self.generator = generator
        self._num_samples = num_samples
        _yes_or_no("RandomSampler: replacement", replacement)
        if num_samples is not None:
            _positive("RandomSampler: num_samples", num_samples)

    @property
    def num_samples(self) -> int:
        """How many samples one epoch has."""
        if self._num_samples is None:
            return length_of("RandomSampler", self.data_source)
        return self._num_samples

    def __iter__(self) -> Iterator[int]:
        size, generator = length_of("RandomSampler", self.data_source), _generator(self)
        if not size and self.num_samples:
            raise ShapeError(f"RandomSampler: can't take {self.num_samples} of no samples")
        if not size:
            return iter(())
        if self.replacement:
            return iter(randint(0, size, (self.num_samples,), generator=generator).tolist())
        rounds = range(-(-self.num_samples // size))
        orders = (randperm(size, generator=generator).tolist() for _ in rounds)
        return itertools.islice(itertools.chain.from_iterable(orders), self.num_samples)

    def __len__(self) -> int:
        return self.num_samples


class SubsetRandomSampler(Sampler[int]):
    """The samples at ``indices`` in random order.

    >>> sorted(SubsetRandomSampler([5, 2]))
    [2, 5]
    """

    def __init__(self, indices: Sequence[int], generator: Generator | None = None) -> None:
        self.indices = indices
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        order = randperm(len(self.indices), generator=_generator(self)).tolist()
        return map(self.indices.__getitem__, order)

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(Sampler[int]):
    """``num_samples`` samples, sample ``i`` with a probability proportional to ``weights[i]``.

    Without ``replacement`` no sample comes twice. Raises ShapeError for weights that aren't a row
    of numbers, are negative, or of which fewer than asked for are above 0.

    >>> list(WeightedRandomSampler([0.0, 1.0], 3))
    [1, 1, 1]
    """

    def __init__(
        self,
        weights: Sequence[float],
        num_samples: int,
        replacement: bool = True,
        generator: Generator | None = None,
    ) -> None:
        _positive("WeightedRandomSampler: num_samples", num_samples)
        _yes_or_no("WeightedRandomSampler: replacement", replacement)
        self.weights = as_tensor(weights, dtype="float64")
        if self.weights.ndim != 1:
            raise ShapeError(
                "WeightedRandomSampler: the weights must be a row of numbers, got "
                f"{tuple(self.weights.shape)}"
            )
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        chosen = multinomial(
            self.weights, self.num_samples, self.replacement, generator=_generator(self)
        )
        return iter(chosen.tolist())

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler[list[int]]):
    """The indices of ``sampler``, ``batch_size`` at a time; ``drop_last`` leaves out a last batch
    that is smaller.

    >>> list(BatchSampler(range(5), batch_size=2, drop_last=False))
    [[0, 1], [2, 3], [4]]
    """

    def __init__(self, sampler: Iterable[int], batch_size: int, drop_last: bool) -> None:
        _positive("BatchSampler: batch_size", batch_size)
        _yes_or_no("BatchSampler: drop_last", drop_last)
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        indices = iter(self.sampler)
        while batch := list(itertools.islice(indices, self.batch_size)):
            if len(batch) == self.batch_size or not self.drop_last:
                yield batch

    def __len__(self) -> int:
        full, rest = divmod(length_of("BatchSampler", self.sampler), self.batch_size)
        return full + (rest > 0 and not self.drop_last)


class DistributedSampler(Sampler[int]):
    """The share of process ``rank`` among ``num_replicas`` that train together.

    All shares have the same size: the first samples are taken again to fill the last share up, or
    with ``drop_last`` what is left over is left out. The order follows from ``seed`` and the number
    given to `set_epoch`, which every process calls before each epoch. Raises ShapeError for a rank
    that there isn't.

    >>> list(DistributedSampler(range(5), num_replicas=2, rank=1, shuffle=False))
    [1, 3, 0]
    """

    def __init__(
        self,
        dataset: Any,
        num_replicas: int | None = None,
        rank: int | None = None,
        shuffle: bool = True,
        seed: int = 0,
        drop_last: bool = False,
    ) -> None:
        if num_replicas is None or rank is None:
            raise DTypeError(
                "DistributedSampler: needs num_replicas and rank, for this library knows no group "
                "of processes to ask"
            )
        _positive("DistributedSampler: num_replicas", num_replicas)
        if not 0 <= rank < num_replicas:
            raise ShapeError(
                f"DistributedSampler: rank must lie between 0 and {num_replicas - 1}, got {rank}"
            )
        self.dataset = dataset
        self.num_replicas = num_replicas
        self.rank = rank
        self.shuffle = shuffle
        self.seed = seed
        self.drop_last = drop_last
        self.epoch = 0

    @property
    def num_samples(self) -> int:
        """How many samples each process gets."""
        size = length_of("DistributedSampler", self.dataset)
        return size // self.num_replicas if self.drop_last else -(-size // self.num_replicas)

    @property
    def total_size(self) -> int:
        """How many samples all processes get together."""
        return self.num_samples * self.num_replicas

    def set_epoch(self, epoch: int) -> None:
        """Choose the order of epoch number ``epoch``."""
        self.epoch = epoch

    def __iter__(self) -> Iterator[int]:
        indices = list(range(length_of("DistributedSampler", self.dataset)))
        if self.shuffle:
            indices = randperm(len(indices), generator=Generator(self.seed + self.epoch)).tolist()
        rounds = math.ceil(self.total_size / len(indices)) if indices else 0
        return iter((indices * rounds)[self.rank : self.total_size : self.num_replicas])

    def __len__(self) -> int:
        return self.num_samples


def _generator(sampler: Any) -> Generator:
    return get_generator() if sampler.generator is None else sampler.generator


def _yes_or_no(what: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise DTypeError(f"{what} must be True or False, got {value!r}")


def _positive(what: str, number: Any) -> None:
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise ShapeError(f"{what} must be a positive integer, got {number!r}")
