"""Rows for autograd/ops/adaptive_pooling.py."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import adaptive_pooling as ops
from tests.cases import Bad, Case, Input

Array = np.ndarray[Any, Any]


def oracle(reduce: Callable[[Array], Any], dims: int) -> Callable[..., Array]:
    """Adaptive pooling by a loop over the windows."""

    def apply(x: Array, output_size: int) -> Array:
        lead, size = x.shape[: x.ndim - dims], x.shape[x.ndim - dims :]
        out = np.zeros((*lead, *(output_size,) * dims))
        for channel, place in itertools.product(
            np.ndindex(lead), np.ndindex((output_size,) * dims)
        ):
            window = tuple(
                slice(int(np.floor(i * n / output_size)), int(np.ceil((i + 1) * n / output_size)))
                for i, n in zip(place, size)
            )
            out[(*channel, *place)] = reduce(x[(*channel, *window)])
        return out

    return apply


def norms(x: Array, norm_type: float, kernel_size: int) -> Array:
    """Norms of pairs along the last dim."""
    pairs = x[..., : x.shape[-1] // kernel_size * kernel_size].reshape(
        *x.shape[:-1], -1, kernel_size
    )
    return np.linalg.norm(pairs, norm_type, axis=-1)


X = np.ones((2, 3, 5, 5))
ERRORS = (
    Bad((X[0, 0], 2), ShapeError, "x must have shape (channels, height, width)"),
    Bad((X, -1), ShapeError, "output_size must be a number >= 0"),
    Bad((X, (2, 2, 2)), ShapeError, "or 2 of them"),
    Bad((X[..., :0], 2), ShapeError, "not empty"),
    Bad((X.astype(np.int64), 2), DTypeError, "x must be floating"),
)


def adaptive(
    kind: str,
    shape: tuple[int, ...],
    dims: int,
    output_size: Any,
    bad: Sequence[Bad] = (),
    **params: Any,
) -> Case:
    """A row for ``kind`` ("avg" or "max") pooling."""
    name = f"adaptive_{kind}_pool{dims}d"
    known = isinstance(output_size, int) and not params
    expected = oracle(np.mean if kind == "avg" else np.max, dims) if known else None
    given = {"output_size": output_size, **params}
    return Case(
        name,
        getattr(ops, name),
        (Input(shape, apart=0.1),),
        given,
        expected,
        f"nn.functional.{name}",
        bad=bad,
    )


def norm(
    name: str, shape: tuple[int, ...], *args: Any, oracle: Any = None, bad: Sequence[Bad] = ()
) -> Case:
    """A row for pooling by p-norm, on positive numbers."""
    return Case(
        name,
        getattr(ops, name),
        (Input(shape, 0.1), *args),
        {},
        oracle,
        f"nn.functional.{name}",
        bad=bad,
    )


CASES: list[Case] = [
    adaptive("avg", (2, 3, 8), 1, 4),
    adaptive("avg", (3, 7), 1, 3),
    adaptive("avg", (3, 3), 1, 7),
    adaptive("avg", (2, 3, 7, 5), 2, 3, ERRORS),
    adaptive("avg", (2, 3, 4, 6), 2, (None, 3)),
    adaptive("avg", (2, 3, 4, 6), 2, 1),
    adaptive("avg", (2, 3, 4, 5), 3, 2),
    adaptive("max", (2, 3, 8), 1, 4, return_indices=True),
    adaptive("max", (3, 7), 1, 3),
    adaptive("max", (2, 3, 7, 5), 2, 3, ERRORS),
    adaptive("max", (2, 3, 7, 5), 2, (3, 2), return_indices=True),
    adaptive("max", (2, 3, 4, 6), 2, (3, None)),
    adaptive("max", (2, 3, 4, 5), 3, 2),
    adaptive("max", (1, 2, 3, 4, 5), 3, (2, 3, 1), return_indices=True),
    norm("lp_pool1d", (2, 3, 7), 3, 2, oracle=norms),
    norm("lp_pool1d", (2, 3, 7), 2.5, 2, 2, True),
    norm(
        "lp_pool2d",
        (2, 3, 6, 7),
        2.0,
        (2, 3),
        2,
        bad=[Bad((X[0, 0], 2, 2), ShapeError, "x must have shape")],
    ),
    norm("lp_pool3d", (2, 4, 5, 4), 1.5, 2),
]
