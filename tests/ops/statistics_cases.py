"""Rows for autograd/ops/statistics.py."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import statistics as ops
from tests.cases import Bad, Case, Input
from tests.ops.reduction_cases import APART, BAD_DIMS, OF_COMPLEX, OF_INTEGERS, X

INTEGERS = Input((3, 5), -3, 4, "int64")
ODD = Input((3, 5), apart=0.3)
EMPTY = Bad((np.ones((0, 2)), 0), ShapeError, "dim 0 has no elements to choose from")
OF_BOOL = Bad((np.array([True]),), DTypeError, "is not defined for bool")


def variance(
    x: Any,
    dim: Any = None,
    unbiased: bool = True,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> Any:
    ddof = int(unbiased) if correction is None else correction
    return np.var(x, axis=dim, keepdims=keepdim, ddof=ddof)


def with_mean(spread: Callable[..., Any]) -> Callable[..., Any]:
    def oracle(x: Any, dim: Any = None, *args: Any, keepdim: bool = False, **params: Any) -> Any:
        mean = np.mean(x, axis=dim, keepdims=keepdim)
        return spread(x, dim, *args, keepdim=keepdim, **params), mean

    return oracle


def deviation(*args: Any, **params: Any) -> Any:
    return np.sqrt(variance(*args, **params))


def choosing(function: Callable[[list[Any]], int]) -> Callable[..., Any]:
    """The oracle of an operation that takes the element at ``function(row)`` out of each row."""

    def oracle(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
        if dim is None:
            return x.ravel()[function(list(x.ravel()))]
        where = np.apply_along_axis(lambda row: function(list(row)), dim, x)
        indices = np.expand_dims(where, dim)
        values = np.take_along_axis(x, indices, dim)
        return (values, indices) if keepdim else (values.squeeze(dim), where)

    return oracle


def of_median(row: list[Any]) -> int:
    return row.index(statistics.median_low(row))


def of_mode(row: list[Any]) -> int:
    mode = min(statistics.multimode(row))
    return len(row) - 1 - row[::-1].index(mode)


def quantile(
    x: Any, q: Any, dim: Any = None, keepdim: bool = False, interpolation: str = "linear"
) -> Any:
    return np.quantile(x, q, axis=dim, keepdims=keepdim, method=interpolation)


Q = Input((3,), 0.1, 0.9)
ONES = np.ones((2, 3))

CASES: list[Case] = [
    *(
        Case(name, getattr(ops, name), (X, *args), params, oracle, bad=(OF_INTEGERS, both))
        for name, oracle in (
            ("var", variance),
            ("std", deviation),
            ("var_mean", with_mean(variance)),
            ("std_mean", with_mean(deviation)),
        )
        for both in [
            Bad((ONES, 0, False), DTypeError, "leave unbiased out", {"correction": 1}),
        ]
        for args, params in (
            ((), {}),
            ((1,), {}),
            ((), {"unbiased": False}),
            ((-1, False), {"keepdim": True}),
            ((), {"dim": (0, 2), "correction": 2, "keepdim": True}),
        )
    ),
    *(
        Case(
            name,
            getattr(ops, name),
            (x, *dims),
            oracle=choosing(of_median),
            bad=(*BAD_DIMS, EMPTY, OF_COMPLEX, OF_BOOL),
        )
        for name in ("median", "nanmedian")
        for x, *dims in ((APART,), (APART, 0), (ODD, -1, True), (ODD, 0), (Input(()),))
    ),
    *(
        Case(name, getattr(ops, name), (INTEGERS,), oracle=lambda x: sorted(x.ravel())[7])
        for name in ("median", "nanmedian")
    ),
    *(
        Case(
            "mode",
            ops.mode,
            (x, *dims),
            oracle=choosing(of_mode),
            bad=(*BAD_DIMS, EMPTY, OF_COMPLEX),
        )
        for x, *dims in ((ODD, 0), (INTEGERS, 0), (INTEGERS, -1), (INTEGERS, 1, True))
    ),
    *(
        Case(
            name,
            getattr(ops, name),
            (APART, q, *dims),
            {"interpolation": how},
            quantile,
            bad=(
                Bad((np.ones(2, np.int64), 0.5), DTypeError, "needs float32 or float64"),
                Bad((ONES, np.ones(1, np.float32)), DTypeError, "float64 for both"),
                Bad((ONES, 1.5), ShapeError, "between 0 and 1"),
                Bad((ONES, -0.1), ShapeError, "between 0 and 1"),
                Bad((ONES, ONES), ShapeError, "in one dim or none"),
                Bad((np.ones(0), 0.5), ShapeError, "must have elements"),
                Bad((ONES, 0.5), DTypeError, "got 'cubic'", {"interpolation": "cubic"}),
                Bad((ONES, 0.5, 2), IndexError, "dim must lie between -2 and 1, got 2"),
            ),
        )
        for name in ("quantile", "nanquantile")
        for q, *dims in ((0.3,), (0.3, 1), (Q, -1), (Q, 0, True), (0.5, None, True))
        for how in ("linear", "lower", "higher", "nearest", "midpoint")
    ),
]
