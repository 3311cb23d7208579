"""Rows for autograd/ops/pooling.py."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import pooling as ops
from tests.cases import Bad, Case, Input

Array = np.ndarray[Any, Any]


def pooled(
    reduce: Callable[[Array], Any],
    x: Array,
    kernel: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    fill: float,
    dilation: Sequence[int],
) -> Array:
    """``reduce`` of each window, by a loop; rounded down."""
    dims = len(kernel)
    lead = x.ndim - dims
    x = np.pad(x, [(0, 0)] * lead + [(p, p) for p in padding], constant_values=fill)
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, kernel)]
    counts = [(n - span) // s + 1 for n, span, s in zip(x.shape[lead:], spans, stride)]
    out = np.zeros((*x.shape[:lead], *counts))
    for channel, place in itertools.product(np.ndindex(x.shape[:lead]), np.ndindex(*counts)):
        window = tuple(
            slice(i * s, i * s + n, d) for i, s, n, d in zip(place, stride, spans, dilation)
        )
        out[(*channel, *place)] = reduce(x[(*channel, *window)])
    return out


def oracle(reduce: Callable[[Array], Any], dims: int, fill: float) -> Callable[..., Array]:
    """The pooling of all windows by ``reduce``, with numbers as parameters."""

    def apply(
        x: Array,
        kernel_size: int = 2,
        stride: int | None = None,
        padding: int = 0,
        dilation: int = 1,
        divisor_override: float | None = None,
    ) -> Array:
        each = [
            (value,) * dims
            for value in (kernel_size, kernel_size if stride is None else stride, padding, dilation)
        ]
        result = pooled(reduce, x, each[0], each[1], each[2], fill, each[3])
        return result if divisor_override is None else result * kernel_size**dims / divisor_override

    return apply


X = np.ones((2, 3, 5, 5))
ERRORS = (
    Bad((X[0, 0], 2), ShapeError, "x must have shape (channels, height, width)"),
    Bad((X, 6), ShapeError, "a window spans 6 elements"),
    Bad((X, 0), ShapeError, "kernel_size must be an integer >= 1"),
    Bad((X, (2, 2, 2)), ShapeError, "kernel_size must be an integer >= 1, or 2 of them"),
    Bad((X, 2, 0), ShapeError, "stride must be an integer >= 1"),
    Bad((X, 2, 1, 2), ShapeError, "at most half of the window"),
    Bad((X, 3, 1, -1), ShapeError, "padding must be an integer >= 0"),
    Bad((X > 0, 2), DTypeError, "convert"),
)


def maximum(
    shape: tuple[int, ...], dims: int, checked: bool = True, bad: Sequence[Bad] = (), **params: Any
) -> Case:
    """A row for max pooling; ``checked`` where the simple oracle knows the parameters."""
    name = f"max_pool{dims}d"
    expected = oracle(np.max, dims, -np.inf) if checked else None
    return Case(
        name,
        getattr(ops, name),
        (Input(shape, apart=0.1),),
        params,
        expected,
        f"nn.functional.{name}",
        bad=bad,
    )


def mean(
    shape: tuple[int, ...], dims: int, checked: bool = True, bad: Sequence[Bad] = (), **params: Any
) -> Case:
    """A row for average pooling; ``checked`` where the simple oracle knows the parameters."""
    name = f"avg_pool{dims}d"
    expected = oracle(np.mean, dims, 0) if checked else None
    return Case(
        name,
        getattr(ops, name),
        (Input(shape),),
        params,
        expected,
        f"nn.functional.{name}",
        bad=bad,
    )


CASES: list[Case] = [
    maximum((2, 3, 8), 1, kernel_size=2),
    maximum((3, 9), 1, kernel_size=3, stride=2, padding=1, dilation=2),
    maximum((2, 2, 7), 1, False, kernel_size=2, ceil_mode=True, return_indices=True),
    maximum((2, 3, 6, 4), 2, bad=ERRORS, kernel_size=2),
    maximum((3, 7, 5), 2, kernel_size=2),
    maximum((2, 2, 6, 7), 2, kernel_size=3, stride=2, padding=1),
    maximum(
        (2, 2, 6, 7), 2, False, kernel_size=(3, 2), stride=(1, 3), padding=(1, 0), dilation=(2, 1)
    ),
    maximum((2, 2, 6, 7), 2, False, kernel_size=3, stride=2, padding=1, return_indices=True),
    maximum((1, 2, 7, 8), 2, False, kernel_size=3, stride=3, padding=1, ceil_mode=True),
    maximum((1, 1, 18, 17), 2, kernel_size=17, stride=1),
    maximum((0, 2, 4, 4), 2, False, kernel_size=2),
    maximum((1, 2, 4, 5, 4), 3, kernel_size=2),
    maximum((2, 4, 5, 4), 3, False, kernel_size=2, stride=1, padding=1, return_indices=True),
    mean((2, 3, 8), 1, kernel_size=2),
    mean((3, 9), 1, kernel_size=3, stride=2, padding=1),
    mean((2, 2, 7), 1, False, kernel_size=2, ceil_mode=True),
    mean(
        (2, 3, 6, 4),
        2,
        bad=(*ERRORS, Bad((X, 2), ShapeError, "must not be 0", {"divisor_override": 0})),
        kernel_size=2,
    ),
    mean((2, 2, 6, 7), 2, kernel_size=3, stride=2, padding=1),
    mean(
        (2, 2, 6, 7),
        2,
        False,
        kernel_size=(3, 2),
        stride=(2, 3),
        padding=(1, 0),
        count_include_pad=False,
    ),
    mean((1, 2, 7, 8), 2, False, kernel_size=3, stride=2, padding=1, ceil_mode=True),
    mean(
        (1, 2, 7, 8),
        2,
        False,
        kernel_size=3,
        stride=3,
        padding=1,
        ceil_mode=True,
        count_include_pad=False,
    ),
    mean((1, 2, 5, 5), 2, kernel_size=2, stride=1, divisor_override=3),
    mean((2, 4, 4), 2, kernel_size=1),
    mean((0, 2, 4, 4), 2, False, kernel_size=2),
    mean((1, 2, 4, 5, 4), 3, kernel_size=2),
    mean((2, 4, 5, 4), 3, kernel_size=2, stride=1, padding=1, divisor_override=7),
]
