"""Looking up the rows of a table, one by one or added up in bags."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, Variable, array_of, make, version_of
from autograd.dtypes import int32, int64
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops.arithmetic import _div, mul
from autograd.ops.indexing import _index, getitem
from autograd.ops.places import any_outside
from autograd.ops.precision import half_in_single
from autograd.ops.selection import _where
from autograd.ops.slices import index_add


@primitive(x=lambda g, shares: g * shares, view=True)
def _with_shares(x: Array, shares: Array) -> Array:
    """``x`` itself, of whose gradient only ``shares`` go on."""
    return x


def embedding(
    input: Any,
    weight: Any,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Any:
    """The rows of ``weight`` (vectors, size) at the integers ``input``: ``(..., size)``.

    The row at ``padding_idx`` gets no gradient. ``max_norm``: first, rows that are used and whose
    ``norm_type``-norm is larger are scaled down to it in ``weight`` itself. ``scale_grad_by_freq``
    divides the gradient of a row by how often it is used. ``sparse`` changes nothing here:
    gradients are always dense. Raises DTypeError for other than integers, DimensionError for rows
    that aren't there.

    >>> import autograd
    >>> from nn import functional as F
    >>> F.embedding(autograd.tensor([1, 0]), autograd.tensor([[0.0, 1.0], [2.0, 3.0]]))
    tensor([[2., 3.],
            [0., 1.]])
    """
    index = _indices("embedding", "x", input)
    padding_idx = _checked_table("embedding", index, weight, padding_idx)
    _limit_norms(index, weight, max_norm, norm_type)
    return _rows(index, weight, padding_idx, scale_grad_by_freq)


def _indices(operation: str, name: str, index: Any) -> Any:
    array = np.asarray(array_of(index))
    if array.dtype not in (int64, int32):
        raise DTypeError(
            f"{operation}: {name} must be integers (int32 or int64), got {array.dtype}; convert "
            f"them: {name}.long()"
        )
    return array


def _checked_table(operation: str, index: Any, weight: Any, padding_idx: int | None) -> int | None:
    """``padding_idx`` counted from the front. Raises ShapeError, DimensionError."""
    shape: tuple[int, ...] = array_of(weight).shape
    if len(shape) != 2:
        raise ShapeError(f"{operation}: weight must have shape (vectors, size), got {shape}")
    if any_outside(index, shape[0]):
        raise DimensionError(f"{operation}: the indices must be from 0 to {shape[0] - 1}")
    if padding_idx is None:
        return None
    if not -shape[0] <= padding_idx < shape[0]:
        raise ShapeError(
            f"{operation}: padding_idx {padding_idx} lies outside the table of {shape[0]} vectors"
        )
    return padding_idx % shape[0]


def _limit_norms(index: Any, weight: Any, max_norm: float | None, norm_type: float) -> None:
    """Scale the rows at ``index`` down to ``max_norm`` where they are longer: in place, unseen by
    the graph."""
    if max_norm is None:
        return
    table, used = array_of(weight), np.unique(index)
    norms = np.linalg.norm(table[used], norm_type, axis=1, keepdims=True)
    # The small number keeps a rounded norm from being above max_norm again.
    scale = np.where(norms > max_norm, max_norm / (norms + 1e-7), 1)
    table[used] *= scale.astype(table.dtype)
    if isinstance(weight, Variable):
        version_of(weight).bump()


def _rows(index: Any, weight: Any, padding_idx: int | None, scale_grad_by_freq: bool) -> Any:
    rows = _index(weight, index=(np.array(index),)) if index.ndim else getitem(weight, int(index))
    if padding_idx is None and not scale_grad_by_freq:
        return rows
    shares = np.ones(index.shape, array_of(weight).dtype)
    if scale_grad_by_freq:
        shares /= np.bincount(index.reshape(-1), minlength=1)[index] if index.size else 1
    if padding_idx is not None:
        shares[index == padding_idx] = 0
    return _with_shares(rows, shares[..., None])


# -- bags ------------------------------------------------------------------------------------------


def embedding_bag(
    input: Any,
    weight: Any,
    offsets: Any = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Any = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Any:
    """The sum, mean or maximum (``mode``) of the rows of ``weight`` (vectors, size) in each bag of
    integers: ``(bags, size)``.

    ``input`` is (bags, n), or (n,) with ``offsets``, where each bag begins in it, and with
    ``include_last_offset`` also where the last one ends. An empty bag gives 0. Rows are multiplied
    by ``per_sample_weights`` (of the shape of ``input``; only for sums). Those at ``padding_idx``
    are left out. ``max_norm``, ``norm_type``, ``scale_grad_by_freq`` and ``sparse``: see
    `embedding`. Raises ShapeError, DTypeError, DimensionError.

    >>> import autograd
    >>> from nn import functional as F
    >>> table = autograd.tensor([[0.0, 1.0], [2.0, 3.0]])
    >>> F.embedding_bag(autograd.tensor([1, 0, 1]), table, autograd.tensor([0, 1]), mode="sum")
    tensor([[2., 3.],
            [2., 4.]])
    """
    index = _indices("embedding_bag", "x", input)
    bag, count = _bags(index, offsets, include_last_offset)
    padding_idx = _checked_table("embedding_bag", index, weight, padding_idx)
    _check_mode(mode, index, weight, per_sample_weights, scale_grad_by_freq)
    _limit_norms(index, weight, max_norm, norm_type)
    index = index.reshape(-1)
    rows = _rows(index, weight, None, scale_grad_by_freq)
    if padding_idx is not None:
        # Rows that are left out go to one more bag, which is thrown away.
        bag = np.where(index == padding_idx, count, bag)
    reduce = _largest if mode == "max" else _added
    bags = reduce(rows, bag, count + 1, per_sample_weights, mode)
    return getitem(bags, slice(count))


def _bags(index: Any, offsets: Any, include_last_offset: bool) -> tuple[Array, int]:
    """Which bag each index belongs to, and how many bags there are: the number of a bag that is not
    there stands for none."""
    if index.ndim == 2:
        if offsets is not None:
            raise ShapeError("embedding_bag: offsets are only for x of one dim; each row is a bag")
        return np.repeat(np.arange(len(index)), index.shape[1]), len(index)
    if index.ndim != 1 or offsets is None:
        raise ShapeError(
            f"embedding_bag: x must have shape (bags, n), or (n,) with offsets; got {index.shape} "
            f"and offsets {'missing' if offsets is None else 'given'}"
        )
    starts = _indices("embedding_bag", "offsets", offsets)
    if starts.ndim != 1 or (include_last_offset and not len(starts)):
        raise ShapeError(
            f"embedding_bag: offsets must have one dim, and not be empty with "
            f"include_last_offset, got shape {starts.shape}"
        )
    ends = starts[1:] if include_last_offset else np.append(starts[1:], len(index))
    if len(starts) and (starts[0] != 0 or starts[-1] > len(index) or np.any(np.diff(starts) < 0)):
        raise ShapeError(
            f"embedding_bag: offsets must begin with 0, ascend, and not exceed the {len(index)} "
            f"indices, got {starts}"
        )
    in_bags = np.repeat(np.arange(len(ends)), ends - starts[: len(ends)])
    bag = np.full(len(index), len(ends))
    bag[: len(in_bags)] = in_bags
    return bag, len(ends)


def _check_mode(mode: str, index: Any, weight: Any, factors: Any, by_frequency: bool) -> None:
    if mode not in ("sum", "mean", "max"):
        raise ShapeError(f"embedding_bag: mode must be 'sum', 'mean' or 'max', got {mode!r}")
    if mode == "max" and by_frequency:
        raise ShapeError("embedding_bag: scale_grad_by_freq is not defined for mode 'max'")
    if factors is None:
        return
    if mode != "sum":
        raise ShapeError(f"embedding_bag: per_sample_weights are only for mode 'sum', not {mode!r}")
    if array_of(factors).shape != index.shape or array_of(factors).dtype != array_of(weight).dtype:
        raise ShapeError(
            f"embedding_bag: per_sample_weights must have the shape {index.shape} of x and the "
            f"dtype {array_of(weight).dtype} of weight, got {array_of(factors).dtype} "
            f"{array_of(factors).shape}"
        )


@half_in_single
def _added(rows: Any, bag: Array, count: int, factors: Any, mode: str) -> Any:
    """The sum or the mean of the rows of each bag."""
    if factors is not None:
        rows = mul(rows, factors.reshape(-1, 1))
    array = array_of(rows)
    zeros = make(np.zeros_like(array, shape=(count, array.shape[1])))
    total = index_add(zeros, 0, make(bag), rows)
    if mode == "sum":
        return total
    sizes = np.maximum(np.bincount(bag, minlength=count), 1)[:, None]
    return _div(total, sizes.astype(array.dtype))


def _largest(rows: Any, bag: Array, count: int, factors: Any, mode: str) -> Any:
    """The first maximum of the rows of each bag, in each column; 0 for an empty bag."""
    array = array_of(rows)
    best = np.full_like(array, -np.inf, shape=(count, array.shape[1]))
    np.maximum.at(best, bag, array)
    place = np.arange(len(bag))[:, None]
    first = np.full(best.shape, len(bag))
    is_best = (array == best[bag]) | np.isnan(array)
    np.minimum.at(first, bag, np.where(is_best, place, len(bag)))
    empty = first == len(bag)
    if empty.all():
        return mul(make(np.zeros_like(best)), 1)
    chosen = getitem(rows, (make(np.where(empty, 0, first)), make(np.arange(best.shape[1]))))
    return _where(empty, 0, chosen)
