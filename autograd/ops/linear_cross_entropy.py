"""The cross entropy of an affine map, which need not hold the scores of all rows at once."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of
from autograd.errors import ShapeError
from autograd.ops.classification import (
    _cross_entropy,
    _softmax_minus_one_hot,
    cross_entropy,
    of_classes,
)
from autograd.ops.joining import cat
from autograd.ops.loss_reduction import check_reduction
from autograd.ops.products import _swap_last, linear, matmul
from autograd.ops.reduction import sum
from autograd.ops.shaping import reshape


@dataclass(frozen=True, slots=True)
class LinearCrossEntropyOptions:
    """How `linear_cross_entropy` goes through the rows in chunks.

    ``batch_chunk_size``: rows at a time. ``chunking_method`` chooses it instead: "aspect_ratio"
    makes the scores of a chunk as large as the input, "aspect_ratio:4" a quarter of that; "auto" is
    "aspect_ratio:2". The others are PyTorch's and change nothing here, where a chunk's scores are
    computed again in the backward pass, in the dtype of the input, and a graph may be retained.

    Raises ShapeError for values that mean nothing.
    """

    allow_retain_graph: bool = False
    batch_chunk_size: int | None = None
    chunking_method: str | None = "auto"
    acc_policy: str = "auto"
    acc_dtype: Any = None

    def __post_init__(self) -> None:
        if self.batch_chunk_size is not None and self.batch_chunk_size < 1:
            raise ShapeError(
                "LinearCrossEntropyOptions: batch_chunk_size must be at least 1, got "
                f"{self.batch_chunk_size}"
            )
        if self.acc_policy not in ("auto", "accurate", "balanced", "compact"):
            raise ShapeError(
                "LinearCrossEntropyOptions: acc_policy must be 'auto', 'accurate', 'balanced' or "
                f"'compact', got {self.acc_policy!r}"
            )
        method = self.chunking_method
        if method not in (None, "auto") and not re.fullmatch("aspect_ratio(:[1-9][0-9]*)?", method):
            raise ShapeError(
                "LinearCrossEntropyOptions: chunking_method must be 'auto', 'aspect_ratio', "
                f"'aspect_ratio:N' with N >= 1, or None, got {method!r}"
            )


def linear_cross_entropy(
    input: Any,
    linear_weight: Any,
    target: Any,
    *,
    linear_bias: Any = None,
    weight: Any = None,
    reduction: str = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    options: LinearCrossEntropyOptions | None = None,
) -> Any:
    """`cross_entropy` of the scores ``input @ linear_weight.T + linear_bias``.

    ``input`` is ``(n, features)`` or ``(features,)``, ``linear_weight (classes, ..., features)``,
    of which the dims between make scores ``(n, classes, ...)``. The other parameters are those of
    `cross_entropy`, except that probabilities take no ``ignore_index``. With ``options``, where the
    target holds classes and nothing is smoothed, rows are taken in chunks, so that not all scores
    have to be in memory at once. Raises ShapeError.

    >>> import autograd
    >>> from nn import functional as F
    >>> x, weight = autograd.ones(2, 3), autograd.zeros(4, 3)
    >>> F.linear_cross_entropy(x, weight, autograd.tensor([0, 3]))
    tensor(1.3863)
    """
    _check_shapes(array_of(input).shape, array_of(linear_weight).shape, linear_bias)
    *batch, features = array_of(input).shape
    classes, *places, _ = array_of(linear_weight).shape
    scores_shape = (*batch, classes, *places)
    if array_of(target).shape == scores_shape and ignore_index is not None:
        raise ShapeError(
            "linear_cross_entropy: ignore_index is a class, but target holds probabilities; leave "
            "it out"
        )
    check_reduction("linear_cross_entropy", reduction)
    ignored = -100 if ignore_index is None else ignore_index
    is_plain = array_of(target).dtype.kind in "iu" and not label_smoothing
    if options is not None and is_plain and batch and not places:
        size = _chunk_size(options, batch[0], features, classes)

        def losses(_: Any, chosen: Any) -> Any:
            return _chunked_cross_entropy(input, linear_weight, chosen, linear_bias, size=size)

        scores = np.broadcast_to(
            array_of(input).dtype.type(0), scores_shape
        )  # their shape, no memory
        name = "linear_cross_entropy"
        return of_classes(name, scores, target, losses, weight, ignored, reduction)
    flat = reshape(linear_weight, (-1, features))
    bias = None if linear_bias is None else reshape(linear_bias, (-1,))
    scores = reshape(linear(input, flat, bias), scores_shape)
    return cross_entropy(scores, target, weight, None, ignored, None, reduction, label_smoothing)


def _check_shapes(x: tuple[int, ...], weight: tuple[int, ...], bias: Any) -> None:
    if len(x) not in (1, 2) or len(weight) < 2 or x[-1] != weight[-1]:
        raise ShapeError(
            "linear_cross_entropy: needs x (n, features) or (features,) and linear_weight "
            f"(classes, ..., features), got x {x} and linear_weight {weight}"
        )
    if bias is not None and array_of(bias).shape != weight[:-1]:
        raise ShapeError(
            f"linear_cross_entropy: linear_bias must have shape {weight[:-1]}, as linear_weight "
            f"{weight} without its last dim, got {array_of(bias).shape}"
        )
    if len(weight) > 2 and len(x) == 1:
        raise ShapeError(
            f"linear_cross_entropy: linear_weight {weight} needs a batch, x (n, {x[-1]}), got x {x}"
        )


# -- in chunks -------------------------------------------------------------------------------------


def _chunk_size(options: LinearCrossEntropyOptions, n: int, features: int, classes: int) -> int:
    """How many of ``n`` rows make a chunk. Raises ShapeError if two sizes are asked for."""
    given, method = options.batch_chunk_size, options.chunking_method
    if method is None or (method == "auto" and given is not None):
        return max(1, min(given or n, n))
    share = 2 if method == "auto" else int(method.partition(":")[2] or 1)
    rows = math.ceil(n / math.ceil(classes / max(features, 1)))
    size = max(1, min((1 << max(rows - 1, 0).bit_length()) // share, n))
    if given not in (None, size):
        raise ShapeError(
            f"linear_cross_entropy: {method} makes chunks of {size} rows, but batch_chunk_size is "
            f"{given}; pass only one of them"
        )
    return size


def _chunks(n: int, size: int) -> list[slice]:
    """Slices of ``n`` rows; one that is empty for no rows."""
    return [slice(start, start + size) for start in range(0, max(n, 1), size)]


def _chunk_gradients(
    g: Any,
    wanted: Any,
    x: Any,
    linear_weight: Any,
    classes: Any,
    linear_bias: Any,
    size: int,
) -> tuple[Any, ...]:
    """The scores of each chunk are computed again, rather than kept."""
    by_x: list[Any] = []
    by_weight: Any = 0
    by_bias: Any = 0
    for rows in _chunks(g.shape[0], size):
        scores = linear(x[rows], linear_weight, linear_bias)
        by_scores = reshape(g[rows], (-1, 1)) * _softmax_minus_one_hot(scores, classes[rows])
        if wanted[0]:
            by_x.append(matmul(by_scores, linear_weight))
        if wanted[1]:
            by_weight = by_weight + matmul(_swap_last(by_scores), x[rows])
        if wanted[3]:
            by_bias = by_bias + sum(by_scores, 0)
    gradients = (cat(by_x) if wanted[0] else None, by_weight, None, by_bias)
    return tuple(each if want else None for each, want in zip(gradients, wanted))


@primitive(joint=_chunk_gradients)
def _chunked_cross_entropy(
    x: Array, linear_weight: Array, classes: Array, linear_bias: Array, size: int
) -> Array:
    """The cross entropy of each row, for ``size`` of them at a time."""
    losses = [
        _cross_entropy(linear(x[rows], linear_weight, linear_bias), classes[rows])
        for rows in _chunks(len(x), size)
    ]
    return np.concatenate(losses)
