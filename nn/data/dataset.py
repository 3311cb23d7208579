"""Data sets: where samples come from, one by one or a batch at a time."""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import numpy as np

from autograd.core.variable import Variable, make, unwrap
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
    itself, ready: so does `TensorDataset` it, with one look-up in each tensor. A class that defines
    ``__getitem__`` anew is asked for single samples, unless it defines ``__getitems__`` too.

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


def sample_of(dataset: Any, index: Any) -> Any:
    """``dataset[index]``. What raises gets a note that says for which index."""
    try:
        return dataset[index]
    except Exception as error:
        error.add_note(f"DataLoader: while fetching sample {index} of {type(dataset).__name__}")
        raise


def fetches_batches(dataset: Any) -> bool:
    """Whether ``dataset`` is to be asked for whole batches. Not if a subclass gives other samples,
    but has inherited how batches are made of those before."""
    for kind in type(dataset).__mro__:
        if "__getitems__" in vars(kind):
            return True
        if "__getitem__" in vars(kind):
            return False
    return False


def _batch_of(dataset: Any, indices: Any) -> Any:
    """The samples at ``indices`` as a batch, if ``dataset`` makes it itself; else None."""
    found = dataset.__getitems__(indices) if fetches_batches(dataset) else None
    return None if isinstance(found, list) else found


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

    def __getitems__(self, indices: Any) -> Any:
        named = isinstance(self.datasets, dict)
        parts = self.datasets.values() if named else self.datasets
        batches = [_batch_of(part, indices) for part in parts]
        if any(batch is None for batch in batches):
            return [sample_of(self, index) for index in indices]
        batches = [list(batch) if type(batch) is tuple else batch for batch in batches]
        return dict(zip(self.datasets, batches)) if named else tuple(batches)

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

    def __getitems__(self, indices: Any) -> Any:
        batch = self._batch(np.asarray(indices))
        return [sample_of(self, index) for index in indices] if batch is None else batch

    def _batch(self, indices: Any) -> Any:
        """What the data sets give for their shares of ``indices``, in the order of these; None
        unless that is tuples of tensors that fit each other."""
        if not np.all((indices >= 0) & (indices < len(self))):
            return None
        owners = np.searchsorted(self.cumulative_sizes, indices, side="right")
        starts, places, batches = [0, *self.cumulative_sizes], [], []
        for owner in np.unique(owners).tolist():
            places.append(np.flatnonzero(owners == owner))
            share = (indices[places[-1]] - starts[owner]).tolist()
            batches.append(_batch_of(self.datasets[owner], share))
            if not _is_tuple_of_tensors(batches[-1]):
                return None
        order = np.argsort(np.concatenate(places))
        columns = [[unwrap(tensor) for tensor in column] for column in zip(*batches, strict=True)]
        if any(len({part.shape[1:] for part in column}) > 1 for column in columns):
            return None
        return tuple(make(np.concatenate(column)[order]) for column in columns)

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]


def _is_tuple_of_tensors(batch: Any) -> bool:
    return type(batch) is tuple and all(isinstance(column, Variable) for column in batch)


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
    """The samples of ``dataset`` at ``indices``, in that order. Raises DTypeError unless these are
    integers.

    >>> list(Subset(["a", "b", "c"], [2, 0]))
    ['c', 'a']
    """

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        self.dataset = dataset
        self.indices = indices
        array = np.asarray(unwrap(indices))
        if array.size and array.dtype.kind not in "iu":
            raise DTypeError(
                f"Subset: the indices must be integers, got {array.dtype}; of a mask, take "
                "numpy.flatnonzero(mask)"
            )
        self._array = array.astype(np.int64).reshape(-1)

    def __getitem__(self, index: Any) -> Any:
        return self.dataset[self._array[index].tolist()]

    def __getitems__(self, indices: Any) -> Any:
        chosen = self._array[np.asarray(indices)].tolist()
        if fetches_batches(self.dataset):
            return self.dataset.__getitems__(chosen)
        return [sample_of(self.dataset, index) for index in chosen]

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
