"""Sequences of different lengths in one batch: padded to the longest, or packed without padding.

A packed sequence holds the first step of all sequences, then the second of all that have one, and
so on, the sequences in the order of decreasing length: of ``abc`` and ``x``, ``axbc``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Self

import numpy as np

from autograd._tensor import Tensor
from autograd.core.variable import make, unwrap
from autograd.errors import DTypeError, ShapeError
from autograd.ops.joining import stack, unbind
from autograd.ops.padding import pad
from autograd.ops.selection import masked_fill

Indices = Tensor | None


class _Fields(NamedTuple):
    data: Any
    batch_sizes: Any
    sorted_indices: Any
    unsorted_indices: Any


class PackedSequence(_Fields):
    """Sequences of different lengths without padding; made by `pack_sequence` and
    `pack_padded_sequence`.

    ``data``: the steps of all sequences, ``(steps, ...)``. ``batch_sizes``: how many sequences have
    a first step, a second, ...: int64. ``sorted_indices``: the places in the batch of the sequences
    by decreasing length, and ``unsorted_indices`` the inverse; None where the batch has that order.

    >>> import autograd
    >>> packed = pack_sequence([autograd.tensor([1, 2, 3]), autograd.tensor([10])])
    >>> packed.data, packed.batch_sizes
    (tensor([ 1, 10,  2,  3]), tensor([2, 1, 1]))
    """

    __slots__ = ()

    def __new__(
        cls,
        data: Tensor,
        batch_sizes: Any = None,
        sorted_indices: Indices = None,
        unsorted_indices: Indices = None,
    ) -> Self:
        if batch_sizes is None:
            raise ShapeError(
                "PackedSequence: needs batch_sizes, the number of sequences at each step; "
                "pack_sequence finds them"
            )
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def to(self, *args: Any, **kwargs: Any) -> Self:
        """The sequence with its data converted, as by `Tensor.to`."""
        return self._with(self.data.to(*args, **kwargs))

    def _with(self, data: Any) -> Self:
        return type(self)(data, *self[1:])

    def cpu(self) -> Self:
        """The sequence itself: there is no other device."""
        return self

    def double(self) -> Self:
        """With float64 data."""
        return self.to("float64")

    def float(self) -> Self:
        """With float32 data."""
        return self.to("float32")

    def half(self) -> Self:
        """With float16 data."""
        return self.to("float16")

    def long(self) -> Self:
        """With int64 data."""
        return self.to("int64")

    def int(self) -> Self:
        """With int32 data."""
        return self.to("int32")

    def short(self) -> Self:
        """With int16 data."""
        return self.to("int16")

    def char(self) -> Self:
        """With int8 data."""
        return self.to("int8")

    def byte(self) -> Self:
        """With uint8 data."""
        return self.to("uint8")

    @property
    def is_cuda(self) -> bool:
        """False: there is no other device than the CPU."""
        return False


def invert_permutation(permutation: Indices) -> Indices:
    """The permutation that undoes ``permutation``; None of None.

    >>> import autograd
    >>> invert_permutation(autograd.tensor([2, 0, 1]))
    tensor([1, 2, 0])
    """
    return None if permutation is None else make(np.argsort(unwrap(permutation), kind="stable"))


# -- packing ---------------------------------------------------------------------------------------


def pack_padded_sequence(
    input: Tensor, lengths: Any, batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    """``input (time, batch, ...)`` without the padding after the ``lengths`` (a list or a tensor).

    ``batch_first``: it is ``(batch, time, ...)``. The lengths must decrease, unless
    ``enforce_sorted`` is False: then the result remembers the order. Raises ShapeError for lengths
    that are not one for each sequence, from 1 to time.
    """
    sizes = np.asarray(unwrap(lengths)).astype(np.int64)
    padded = input.transpose(0, 1) if batch_first else input
    _check_lengths(sizes, padded.shape)
    order = None
    if not enforce_sorted:
        order = np.argsort(-sizes, kind="stable")
        sizes, padded = sizes[order], padded[:, order]
    elif np.any(sizes[1:] > sizes[:-1]):
        raise ShapeError(
            f"pack_padded_sequence: the lengths must decrease, got {sizes.tolist()}; sort the "
            "sequences by length, or pass enforce_sorted=False"
        )
    present = np.arange(sizes[0])[:, None] < sizes
    return PackedSequence(
        padded[: len(present)][present],
        make(present.sum(1)),
        None if order is None else make(order),
    )


def _check_lengths(sizes: Any, shape: Sequence[int]) -> None:
    if len(shape) < 2 or sizes.shape != (shape[1],) or not sizes.size:
        raise ShapeError(
            "pack_padded_sequence: needs (time, batch, ...) and one length for each sequence of "
            f"the batch, got an input of {tuple(shape)} and lengths of shape {sizes.shape}"
        )
    if sizes.min() < 1 or sizes.max() > shape[0]:
        raise ShapeError(
            f"pack_padded_sequence: the lengths must lie between 1 and the {shape[0]} steps of "
            f"the input, got {sizes.tolist()}"
        )


def pack_sequence(sequences: Sequence[Tensor], enforce_sorted: bool = True) -> PackedSequence:
    """``sequences``, each ``(its time, ...)``, packed. They must be sorted by decreasing length,
    unless ``enforce_sorted`` is False."""
    lengths = [len(sequence) for sequence in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def pad_packed_sequence(
    sequence: PackedSequence,
    batch_first: bool = False,
    padding_value: float = 0.0,
    total_length: int | None = None,
) -> tuple[Tensor, Tensor]:
    """The sequences padded at their ends with ``padding_value``, ``(time, batch, ...)``; and their
    lengths, int64.

    ``batch_first``: ``(batch, time, ...)``. ``total_length``: pads to more steps than the longest
    has; ShapeError if it is less.

    >>> import autograd
    >>> packed = pack_sequence([autograd.tensor([1, 2, 3]), autograd.tensor([10])])
    >>> pad_packed_sequence(packed, batch_first=True)
    (tensor([[ 1,  2,  3],
            [10,  0,  0]]), tensor([3, 1]))
    """
    longest = len(sequence.batch_sizes)
    if total_length is not None and total_length < longest:
        raise ShapeError(
            f"pad_packed_sequence: total_length is {total_length}, but the longest sequence has "
            f"{longest} steps"
        )
    padded, lengths = padded_by_length(sequence, padding_value)
    if total_length is not None and total_length > longest:
        around = [0, 0] * (padded.ndim - 1) + [0, total_length - longest]
        padded = pad(padded, around, value=padding_value)
    if sequence.unsorted_indices is not None:
        order = unwrap(sequence.unsorted_indices)
        padded, lengths = padded[:, order], lengths[order]
    return padded.transpose(0, 1) if batch_first else padded, make(lengths)


def padded_by_length(sequence: PackedSequence, padding_value: float = 0.0) -> tuple[Any, Any]:
    """The sequences by decreasing length as one tensor ``(time, batch, ...)``; and the array of
    their lengths."""
    present = _present(sequence)
    # Where there is no step, any row serves: it is overwritten.
    rows = np.cumsum(present).reshape(present.shape) - 1
    padded = sequence.data[rows]
    absent = ~present.reshape(*present.shape, *(1,) * (padded.ndim - 2))
    value = padded.dtype.type(padding_value).item()
    return masked_fill(padded, make(absent), value), present.sum(0)


def repacked(padded: Any, sequence: PackedSequence) -> PackedSequence:
    """The steps of ``padded (time, batch, ...)`` that ``sequence`` has, packed as it is."""
    return PackedSequence(padded[_present(sequence)], *sequence[1:])


def _present(sequence: PackedSequence) -> Any:
    """Which step of which sequence there is, ``(time, batch)``."""
    sizes = unwrap(sequence.batch_sizes)
    return np.arange(sizes[0]) < sizes[:, None]


# -- padding ---------------------------------------------------------------------------------------


def pad_sequence(
    sequences: Any,
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> Tensor:
    """``sequences``, each ``(its time, ...)``, as one tensor ``(time, batch, ...)``, padded with
    ``padding_value``.

    ``batch_first``: ``(batch, time, ...)``. ``padding_side``: "right", after the sequences, or
    "left", before them. Raises ShapeError if they differ in more than their length.

    >>> import autograd
    >>> pad_sequence([autograd.ones(3), autograd.ones(1)], batch_first=True)
    tensor([[1., 1., 1.],
            [1., 0., 0.]])
    """
    if padding_side not in ("left", "right"):
        raise ShapeError(f"pad_sequence: padding_side must be 'left' or 'right': {padding_side!r}")
    if not isinstance(sequences, Iterable):
        raise DTypeError(
            f"pad_sequence: needs a list of tensors, got {type(sequences).__name__}; one sequence "
            "is a list of one"
        )
    parts: Any = unbind(sequences) if isinstance(sequences, Tensor) else list(sequences)
    _check_sequences(parts)
    longest = max(map(len, parts))
    padded = [_pad_steps(part, longest - len(part), padding_value, padding_side) for part in parts]
    result: Tensor = stack(padded, 0 if batch_first else 1)
    return result


def _check_sequences(parts: Sequence[Any]) -> None:
    if not parts:
        raise ShapeError("pad_sequence: needs at least one sequence, got none")
    for part in parts:
        if not isinstance(part, Tensor):
            raise DTypeError(f"pad_sequence: needs tensors, got {type(part).__name__}")
        if not part.ndim or part.shape[1:] != parts[0].shape[1:]:
            raise ShapeError(
                "pad_sequence: all sequences must be (time, ...) and differ in nothing but time, "
                f"but one has shape {parts[0].shape} and another {part.shape}"
            )


def _pad_steps(part: Any, missing: int, value: float, side: str) -> Any:
    if not missing:
        return part
    around = [0, 0] * (part.ndim - 1) + ([missing, 0] if side == "left" else [0, missing])
    return pad(part, around, value=value)


# -- taking apart ----------------------------------------------------------------------------------


def unpad_sequence(
    padded_sequences: Tensor, lengths: Any, batch_first: bool = False
) -> list[Tensor]:
    """The sequences in ``padded_sequences (time, batch, ...)``, as many steps of each as
    ``lengths`` says: the inverse of `pad_sequence`."""
    sizes = np.asarray(unwrap(lengths)).tolist()
    sequences = unbind(padded_sequences, 0 if batch_first else 1)
    if len(sizes) != len(sequences):
        raise ShapeError(
            f"unpad_sequence: needs one length for each sequence, got {len(sizes)} lengths for "
            f"{len(sequences)} sequences"
        )
    return [sequence[:size] for sequence, size in zip(sequences, sizes)]


def unpack_sequence(packed_sequences: PackedSequence) -> list[Tensor]:
    """The sequences that were packed: the inverse of `pack_sequence`.

    >>> import autograd
    >>> unpack_sequence(pack_sequence([autograd.tensor([1, 2, 3]), autograd.tensor([10])]))
    [tensor([1, 2, 3]), tensor([10])]
    """
    padded, lengths = pad_packed_sequence(packed_sequences)
    return unpad_sequence(padded, lengths)
