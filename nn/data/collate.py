"""From a list of samples to a batch."""

from __future__ import annotations

import copy
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import numpy as np

from autograd.core.variable import Variable, make, unwrap
from autograd.dtypes import float64
from autograd.errors import DTypeError, ShapeError, describe
from autograd.from_data import as_tensor, tensor


def default_collate(batch: Sequence[Any]) -> Any:
    """The batch of a list of samples: arrays and tensors are stacked, numbers become a tensor,
    tuples and dicts are gone into, strings stay as they are.

    Floats become float64 and integers int64. Samples that are tuples or lists give a list, one
    entry for each position. The batch has no history: it requires no grad. Raises ShapeError for
    samples that don't fit each other, DTypeError for those of which no tensor can be made.

    >>> default_collate([(1, "a"), (2, "b")])
    [tensor([1, 2]), ('a', 'b')]
    """
    if len(batch) == 0:
        raise ShapeError("default_collate: a batch needs at least one sample, got none")
    first = batch[0]
    if isinstance(first, (str, bytes)):
        return batch
    if isinstance(first, (Variable, np.ndarray, np.generic)):
        return _stacked([np.asarray(unwrap(sample)) for sample in batch])
    if isinstance(first, (bool, int)):
        return tensor(list(batch))
    if isinstance(first, float):
        return tensor(list(batch), dtype=float64)
    if isinstance(first, Mapping):
        return _collated_mapping(first, batch)
    if isinstance(first, Sequence):
        return _collated_sequence(first, batch)
    raise DTypeError(
        f"default_collate: can't make a batch of {type(first).__name__}; samples must be tensors, "
        "arrays, numbers, strings, or dicts, tuples and lists of such; or pass a collate_fn"
    )


def default_convert(data: Any) -> Any:
    """``data`` with its arrays turned into tensors; everything else as it is.

    >>> import numpy
    >>> default_convert({"x": numpy.ones(2), "name": "a"})
    {'x': tensor([1., 1.], dtype=float64), 'name': 'a'}
    """
    if isinstance(data, (np.ndarray, np.generic)):
        return as_tensor(data) if data.dtype.kind in "biufc" else data
    if isinstance(data, Mapping):
        return _like(data, {key: default_convert(value) for key, value in data.items()})
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*map(default_convert, data))
    if isinstance(data, (tuple, list)):
        return list(map(default_convert, data))
    return data


def _stacked(arrays: list[Any]) -> Any:
    shapes = {array.shape for array in arrays}
    if len(shapes) > 1:
        different = next(array for array in arrays if array.shape != arrays[0].shape)
        raise ShapeError(
            f"default_collate: the samples of a batch need the same shape, got "
            f"{describe(arrays[0])} and {describe(different)}; pad them, or pass a collate_fn"
        )
    return make(as_tensor(np.stack(arrays))._array)


def _collated_mapping(first: Mapping[Any, Any], batch: Sequence[Any]) -> Any:
    _check_kinds(Mapping, batch)
    for sample in batch:
        if sample.keys() != first.keys():
            raise ShapeError(
                f"default_collate: the samples of a batch need the same keys, got {list(first)} "
                f"and {list(sample)}"
            )
    return _like(first, {key: default_collate([sample[key] for sample in batch]) for key in first})


def _like(mapping: Mapping[Any, Any], entries: dict[Any, Any]) -> Any:
    """``entries``, of the same keys, as a mapping of the same kind if it can be copied."""
    if type(mapping) is dict or not isinstance(mapping, MutableMapping):
        return entries
    made = copy.copy(mapping)
    made.update(entries)
    return made


def _collated_sequence(first: Sequence[Any], batch: Sequence[Any]) -> Any:
    _check_kinds(Sequence, batch)
    lengths = sorted({len(sample) for sample in batch})
    if len(lengths) > 1:
        raise ShapeError(
            f"default_collate: the samples of a batch need the same length, got {lengths[0]} and "
            f"{lengths[-1]}; pad them, or pass a collate_fn"
        )
    columns = [default_collate(column) for column in zip(*batch)]
    return type(first)(*columns) if hasattr(first, "_fields") else columns


def _check_kinds(kind: type, batch: Sequence[Any]) -> None:
    """Raise DTypeError unless all samples are of this ``kind``, as the first is."""
    for sample in batch:
        if not isinstance(sample, kind):
            raise DTypeError(
                "default_collate: the samples of a batch must be of one kind, got "
                f"{type(batch[0]).__name__} and {type(sample).__name__}"
            )
