"""Rows for autograd/ops/sorting.py."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import sorting as ops
from tests.cases import Bad, Case, Input
from tests.ops.reduction_cases import APART, BAD_DIMS, BOOLS, INTEGERS, OF_COMPLEX

DISTINCT = Input((2, 3), apart=0.3)
COUNTS = Input((20,), 0, 5, "int64")
PAIRS = Input((8, 2), 0, 2, "int64")
ONES = np.ones((2, 3))


def order(row: Any, descending: bool) -> list[int]:
    return sorted(range(len(row)), key=lambda i: -row[i] if descending else row[i])


def argsorted(x: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    return np.apply_along_axis(lambda row: order(row * 1, descending), dim, x)


def in_order(x: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    indices = argsorted(x, dim, descending)
    return np.take_along_axis(x, indices, dim), indices


def first(x: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
    return tuple(np.take(part, range(k), dim) for part in in_order(x, dim, largest))


def at(x: Any, k: int, dim: int = -1, keepdim: bool = False) -> Any:
    place = [k - 1] if keepdim else k - 1
    return tuple(np.take(part, place, dim) for part in in_order(x, dim))


def of_k(*ks: int) -> tuple[Bad, ...]:
    return tuple(Bad((ONES, k), ShapeError, f"3, the size of dim 1, got {k}") for k in ks)


def searched(sequence: Any, values: Any, right: bool = False, side: str = "left", **_: Any) -> Any:
    find = bisect.bisect_right if right or side == "right" else bisect.bisect_left
    if sequence.ndim == 1:
        return np.vectorize(lambda value: find(list(sequence), value))(values)
    rows = zip(sequence.reshape(-1, sequence.shape[-1]), values.reshape(-1, values.shape[-1]))
    return np.reshape(
        [[find(list(row), value) for value in few] for row, few in rows], values.shape
    )


def ascending(*shape: int) -> Any:
    """Arrays in order along their last dim."""
    return np.sort(np.random.default_rng(0).uniform(-2, 2, shape))


def slices_of(x: Any, dim: int | None) -> list[Any]:
    return [v.tolist() for v in (x.ravel() if dim is None else np.moveaxis(x, dim, 0))]


def assembled(
    x: Any,
    found: list[Any],
    inverse: list[int],
    dim: int | None,
    return_inverse: bool = False,
    return_counts: bool = False,
) -> Any:
    """The results of `unique` and its like, of the distinct values and the place of each."""
    values = np.array(found, x.dtype)
    results = [values if dim is None else np.moveaxis(values, 0, dim)]
    if return_inverse:
        results.append(np.reshape(inverse, x.shape if dim is None else -1))
    if return_counts:
        results.append(np.array([inverse.count(i) for i in range(len(found))]))
    return tuple(results)


def distinct(x: Any, dim: int | None = None, **asked: bool) -> Any:
    slices = slices_of(x, dim)
    found = [value for value, _ in itertools.groupby(sorted(slices))]
    return assembled(x, found, [found.index(value) for value in slices], dim, **asked)


def runs(x: Any, dim: int | None = None, **asked: bool) -> Any:
    groups = [list(group) for _, group in itertools.groupby(slices_of(x, dim))]
    inverse = [i for i, group in enumerate(groups) for _ in group]
    return assembled(x, [group[0] for group in groups], inverse, dim, **asked)


def counted(x: Any, weights: Any = None, minlength: int = 0) -> Any:
    weights = np.ones(len(x), np.int64) if weights is None else weights
    return np.array([np.sum(weights[x == i]) for i in range(max(x.max() + 1, minlength))])


def histogram(x: Any, bins: int = 100, min: float = 0, max: float = 0) -> Any:
    low, high = (np.min(x), np.max(x)) if min == max else (min, max)
    width = (high - low) / bins
    edges = [low + i * width for i in range(bins)] + [np.inf if min == max else high]
    inside = x[(x >= low) & (x <= high)]
    return (
        np.array([np.sum((inside >= a) & (inside < b)) for a, b in itertools.pairwise(edges)]) * 1.0
    )


def no_gradient(name: str, oracle: Callable[..., Any], *inputs: Any, **fields: Any) -> Case:
    return Case(name, getattr(ops, name), inputs, oracle=oracle, differentiable=False, **fields)


CASES: list[Case] = [
    *(
        Case("sort", ops.sort, (x,), params, in_order, bad=(OF_COMPLEX,))
        for x in (APART, INTEGERS, BOOLS)
        for params in (
            {"stable": True},
            {"dim": 0, "stable": True},
            {"dim": -1, "descending": True, "stable": True},
        )
    ),
    Case("sort", ops.sort, (DISTINCT, 0, True), oracle=in_order, bad=BAD_DIMS),
    *(
        no_gradient("argsort", argsorted, x, params=params, bad=(*BAD_DIMS, OF_COMPLEX))
        for x in (APART, INTEGERS, BOOLS)
        for params in ({"stable": True}, {"dim": 0, "descending": True, "stable": True})
    ),
    Case("msort", ops.msort, (APART,), oracle=lambda x: in_order(x, 0)[0], bad=(OF_COMPLEX,)),
    *(
        Case("topk", ops.topk, (APART, *args), oracle=first, bad=of_k(-1, 4))
        for args in ((2,), (3, 1), (4, -1, False), (1, 0, False), (0, 1))
    ),
    *(
        Case("kthvalue", ops.kthvalue, (APART, *args), oracle=at, bad=of_k(0, 4))
        for args in ((2,), (3, 1), (4, -1, True), (1, 0))
    ),
    *(
        no_gradient(
            "searchsorted",
            searched,
            sequence,
            values,
            params=params,
            bad=(
                Bad((ONES, np.ones((3, 1))), ShapeError, "the sequence must have one dim"),
                Bad((np.ones(()), 1.0), ShapeError, "the sequence must have one dim"),
                Bad((ONES[0], 1.0), DTypeError, "got 'middle'", {"side": "middle"}),
                Bad((ONES[0], 1.0), DTypeError, "right=True", {"side": "left", "right": True}),
                Bad(
                    (
                        ONES[0],
                        1.0,
                    ),
                    ShapeError,
                    "sorter must hold",
                    {"sorter": np.zeros(2, int)},
                ),
            ),
        )
        for sequence, values in (
            (ascending(5), Input((2, 3))),
            (ascending(5), Input(())),
            (np.array([[-2, 0, 1, 1], [0, 0, 2, 2]]), Input((2, 9), -3, 4, "int64")),
            (ascending(2, 3, 7), Input((2, 3, 4))),
        )
        for params in ({}, {"right": True}, {"side": "right"}, {"out_int32": True})
    ),
    *(
        no_gradient(
            "bucketize",
            lambda x, boundaries, **params: searched(boundaries, x, **params),
            x,
            boundaries,
            params=params,
            bad=(Bad((ONES, ONES), ShapeError, "boundaries must have one dim"),),
        )
        for x, boundaries in (
            (Input((2, 3)), ascending(5)),
            (Input((2, 3), 0, 5, "int64"), np.array([1, 1, 3])),
        )
        for params in ({}, {"right": True}, {"out_int32": True})
    ),
    *(
        no_gradient(name, oracle, x, params=params, bad=bad)
        for name, oracle, bad in (
            ("unique", distinct, (OF_COMPLEX,)),
            ("unique_consecutive", runs, ()),
        )
        for x, dim in ((COUNTS, None), (APART, None), (INTEGERS, None), (PAIRS, 0), (PAIRS, 1))
        for asked in (
            (),
            ("return_inverse",),
            ("return_counts",),
            ("return_inverse", "return_counts"),
        )
        for params in [dict.fromkeys(asked, True) | ({} if dim is None else {"dim": dim})]
    ),
    *(
        no_gradient(
            name,
            oracle,
            COUNTS,
            params={"dim": 0},
            bad=(
                Bad((ONES,), DimensionError, "got 2", {"dim": 2}),
                Bad((np.ones(()),), DimensionError, "leave dim out", {"dim": 0}),
            ),
        )
        for name, oracle in (("unique", distinct), ("unique_consecutive", runs))
    ),
    *(
        no_gradient(
            "bincount",
            counted,
            COUNTS,
            *weights,
            params=params,
            bad=(
                Bad((np.ones(2),), DTypeError, "counts integers, got float64"),
                Bad((np.array([-1]),), ShapeError, "no negative numbers"),
                Bad((np.array([[1]]),), ShapeError, "one dim"),
                Bad((np.array([1]),), ShapeError, "at least 0, got -1", {"minlength": -1}),
                Bad((np.array([1]), np.ones(2)), ShapeError, "weights must have the shape of x"),
            ),
        )
        for weights in ((), (Input((20,)),), (Input((20,), 0, 4, "int64"),))
        for params in ({}, {"minlength": 9})
    ),
    *(
        no_gradient(
            "histc",
            histogram,
            Input((40,)),
            *args,
            bad=(
                Bad((np.ones(2, np.int64),), DTypeError, "needs a floating dtype"),
                Bad((ONES, 0), ShapeError, "at least one bin"),
                Bad((ONES, 2, 3, 1), ShapeError, "min <= max"),
                Bad((np.array([np.nan, 1.0]), 2), ShapeError, "must be finite"),
            ),
        )
        for args in ((), (7,), (4, -1, 1.5))
    ),
]
