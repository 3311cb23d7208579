"""Rows for autograd/ops/cumulative.py."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import float64
from autograd.ops import cumulative as ops
from tests.cases import Bad, Case, Input
from tests.ops.reduction_cases import APART, BAD_DIMS, OF_COMPLEX, X

INTEGERS = Input((3, 5), -2, 3, "int64")
BOOLS = Input((3, 5), dtype="bool")
NUMBER = Input(())


def of_beginnings(function: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    """The oracle that calls ``function`` with the first 1, 2, ... elements along ``dim``."""

    def scan(row: Any) -> Any:
        return [function(list(row[: n + 1])) for n in range(len(row))]

    def oracle(x: Any, dim: int, dtype: Any = None) -> Any:
        return np.apply_along_axis(scan, dim, x) if x.ndim else function([x])

    return oracle


def product(values: list[Any]) -> Any:
    *_, last = itertools.accumulate(values, lambda a, b: a * b)
    return last * 1


def with_index(best: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    """The best so far, and where it was last."""

    def oracle(x: Any, dim: int) -> Any:
        def last_index(values: list[Any]) -> int:
            return len(values) - 1 - values[::-1].index(best(values))

        return of_beginnings(best)(x, dim), of_beginnings(last_index)(x, dim)

    return oracle


CASES: list[Case] = [
    *(
        Case(name, getattr(ops, name), (x, dim), params, of_beginnings(function), bad=BAD_DIMS)
        for name, function in (("cumsum", lambda values: sum(values)), ("cumprod", product))
        for x, dim, params in (
            (X, 0, {}),
            (X, -1, {}),
            (NUMBER, 0, {}),
            (INTEGERS, 1, {}),
            (BOOLS, 1, {}),
            (INTEGERS, 0, {"dtype": float64}),
        )
    ),
    *(
        Case(
            "logcumsumexp",
            ops.logcumsumexp,
            (x, dim),
            oracle=of_beginnings(lambda values: np.log(np.sum(np.exp(values)))),
            bad=BAD_DIMS,
        )
        for x, dim in ((X, 0), (X, -1), (NUMBER, 0))
    ),
    *(
        Case(
            name,
            getattr(ops, name),
            (x, dim),
            oracle=with_index(best),
            bad=(*BAD_DIMS, Bad((*OF_COMPLEX.args, 0), OF_COMPLEX.error, OF_COMPLEX.message)),
        )
        for name, best in (("cummax", max), ("cummin", min))
        for x, dim in ((APART, 0), (APART, -1), (INTEGERS, 1), (BOOLS, 0))
    ),
]
