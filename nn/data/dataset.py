"""Data sets: where samples come from, one by one or a batch at a time."""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import numpy as np

from autograd.core.variable import make, unwrap
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.from_data import as_tensor
from autograd.generator import Generator
from autograd.random import randperm
from nn.data.randomness import get_generator

T = TypeVar("T", covariant=True)


class Dataset(Generic[T]):
    """Samples by index. Subclasses define ``__getitem__(index)`` and ``__len__()``.

    A subclass may define ``__getitems__(indices)`` too, for the samples of a whole batch at once.
    If it returns a list, that is a list of samples, to be collated. Anything else is the batch
    itself, ready: so does `TensorDataset` it, with one look-up in each tensor.

    >>> class Squares(Dataset):
    ...     def __len__(self):
    ...         return 4
    ...     def __getitem__(self, index):
    ...         return index**2
    >>> import nn
    >>> list(nn.data.DataLoader(Squares(), batch_size=2))
    [tensor([0, 1]), tensor([4, 9])]
    """

    def __getitem__(self, index: Any) -> T:
        raise NotImplementedError(f"{type(self).__name__} must define __getitem__(index)")

    def __add__(self, other: Dataset[Any]) -> ConcatDataset:
        return ConcatDataset([self, other])


class IterableDataset(Dataset[T]):
    """Samples in the order in which they come. Subclasses define ``__iter__()``.

    Each worker of a `DataLoader` goes through the data set by itself: `get_worker_info` tells which
    part is its own.

    >>> class Countdown(IterableDataset):
    ...     def __iter__(self):
    ...         return iter([3, 2, 1])
    >>> import nn
    >>> list(nn.data.DataLoader(Countdown(), batch_size=2))
    [tensor([3, 2]), tensor([1])]
    """

    def __iter__(self) -> Iterator[T]:
        raise NotImplementedError(f"{type(self).__name__} must define __iter__()")

    def __add__(self, other: Dataset[Any]) -> Any:
        return ChainDataset([self, other])


def length_of(name: str, dataset: Any) -> int:
    """``len(dataset)``; DTypeError for what has none."""
    try:
        length: int = len(dataset)
    except TypeError:
        raise DTypeError(
            f"{name}: needs a data set with a length, but {type(dataset).__name__} has no __len__()"
        ) from None
    return length


class TensorDataset(Dataset[tuple[Any, ...]]):
    """The rows of tensors or arrays: sample ``i`` is ``(tensors[0][i], tensors[1][i], ...)``.

    Raises ShapeError unless all have equally many rows.

    >>> import autograd
    >>> dataset = TensorDataset(autograd.tensor([[1, 2], [3, 4]]), autograd.tensor([0, 1]))
    >>> dataset[1]
    (tensor([3, 4]), tensor(1))
    """

    def __init__(self, *tensors: Any) -> None:
        if not tensors:
            raise DTypeError("TensorDataset: needs at least one tensor")
        self.tensors = tuple(as_tensor(tensor).detach() for tensor in tensors)
        shapes = [tuple(tensor.shape) for tensor in self.tensors]
        if () in shapes or len({shape[0] for shape in shapes}) > 1:
            raise ShapeError(f"TensorDataset: the tensors need equally many rows, got {shapes}")

    def __getitem__(self, index: Any) -> tuple[Any, ...]:
        return tuple(tensor[index] for tensor in self.tensors)

    def __getitems__(self, indices: Any) -> tuple[Any, ...]:
        return tuple(make(unwrap(tensor)[np.asarray(indices)]) for tensor in self.tensors)

    def __len__(self) -> int:
        return len(self.tensors[0])


class StackDataset(Dataset[Any]):
    """Several data sets side by side: sample ``i`` has sample ``i`` of each, in a tuple, or by name
    if they are given by name.

    >>> StackDataset(x=[1, 2], y=["a", "b"])[1]
    {'x': 2, 'y': 'b'}
    """

    def __init__(self, *datasets: Any, **named: Any) -> None:
        if bool(datasets) == bool(named):
            raise DTypeError("StackDataset: needs data sets, either all by position or all by name")
        self.datasets: Any = datasets or named
        lengths = [length_of("StackDataset", part) for part in datasets or named.values()]
        if len(set(lengths)) > 1:
            raise ShapeError(f"StackDataset: the data sets need the same length, got {lengths}")
        self._length = lengths[0]

    def __getitem__(self, index: Any) -> Any:
        if isinstance(self.datasets, dict):
            return {name: part[index] for name, part in self.datasets.items()}
        return tuple(part[index] for part in self.datasets)

    def __len__(self) -> int:
        return self._length


class ConcatDataset(Dataset[Any]):
    """Several data sets one after the other.

    >>> dataset = ConcatDataset([[10, 11], [12]])
    >>> len(dataset), dataset[2], dataset[-1]
    (3, 12, 12)
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)
        if not self.datasets:
            raise ShapeError("ConcatDataset: needs at least one data set, got none")
        lengths = [length_of("ConcatDataset", dataset) for dataset in self.datasets]
        self.cumulative_sizes = list(itertools.accumulate(lengths))

    def __getitem__(self, index: int) -> Any:
        size = len(self)
        if not -size <= index < size:
            raise DimensionError(f"ConcatDataset: index {index} is outside the {size} samples")
        index %= size
        part = bisect.bisect_right(self.cumulative_sizes, index)
        start = self.cumulative_sizes[part - 1] if part else 0
        return self.datasets[part][index - start]

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]


class ChainDataset(IterableDataset[Any]):
    """Several iterable data sets one after the other.

    >>> list(ChainDataset([[1, 2], [3]]))
    [1, 2, 3]
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)

    def __iter__(self) -> Iterator[Any]:
        return itertools.chain.from_iterable(self.datasets)

    def __len__(self) -> int:
        return sum(length_of("ChainDataset", dataset) for dataset in self.datasets)


class Subset(Dataset[Any]):
    """The samples of ``dataset`` at ``indices``, in that order.

    >>> list(Subset(["a", "b", "c"], [2, 0]))
    ['c', 'a']
    """

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        self.dataset = dataset
        self.indices = indices
        self._array = np.asarray(unwrap(indices), dtype=np.int64).reshape(-1)

    def __getitem__(self, index: Any) -> Any:
        return self.dataset[self._array[index].tolist()]

    def __getitems__(self, indices: Any) -> Any:
        chosen = self._array[np.asarray(indices)].tolist()
        if hasattr(self.dataset, "__getitems__"):
            return self.dataset.__getitems__(chosen)
        return [self.dataset[index] for index in chosen]

    def __len__(self) -> int:
        return len(self._array)


def random_split(
    dataset: Any, lengths: Sequence[float], generator: Generator | None = None
) -> list[Subset]:
    """Disjoint random subsets of ``dataset`` with the given ``lengths``, or shares that sum to 1.

    Of what rounding the shares down leaves over, the first subsets get one sample each. Raises
    ShapeError for lengths that don't sum to that of ``dataset``.

    >>> [len(part) for part in random_split(range(10), [0.7, 0.3])]
    [7, 3]
    """
    total = length_of("random_split", dataset)
    sizes = _sizes(total, lengths)
    order = randperm(total, generator=get_generator() if generator is None else generator).tolist()
    starts = itertools.accumulate(sizes, initial=0)
    return [Subset(dataset, order[start : start + size]) for start, size in zip(starts, sizes)]


def _sizes(total: int, lengths: Sequence[float]) -> list[int]:
    """``lengths``, or shares, in samples."""
    if any(length < 0 for length in lengths):
        raise ShapeError(f"random_split: a length is negative: {list(lengths)}")
    if math.isclose(sum(lengths), 1):
        sizes = [math.floor(total * share) for share in lengths]
        left = total - sum(sizes)
        return [size + (i < left) for i, size in enumerate(sizes)]
    if sum(lengths) != total or any(length != int(length) for length in lengths):
        raise ShapeError(
            f"random_split: the lengths must sum to the {total} samples of the data set, or be "
            f"shares that sum to 1; got {list(lengths)}, which sum to {sum(lengths)}"
        )
    return [int(length) for length in lengths]
