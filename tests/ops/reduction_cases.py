"""Rows for autograd/ops/reduction.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import float64, int32
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import reduction as ops
from tests.cases import Bad, Case, Input

X = Input((2, 3, 4))
APART = Input((2, 3, 4), apart=0.3)
INTEGERS = Input((3, 4), -3, 4, "int64")
BOOLS = Input((3, 4), dtype="bool")
BYTES = Input((3, 4), 0, 3, "uint8")
NUMBER = Input(())
EMPTY = Input((0, 3))

ONES = np.ones((2, 3))
BAD_DIMS = (
    Bad((ONES, 2), DimensionError, "dim must lie between -2 and 1, got 2"),
    Bad((ONES, -3), DimensionError, "dim must lie between -2 and 1, got -3"),
    Bad((ONES, "0"), DTypeError, "dim must be an integer, got '0'"),
    Bad((ONES, True), DTypeError, "dim must be an integer, got True"),
)
BAD_TUPLES = (
    *BAD_DIMS,
    Bad((ONES, (0, 0)), ShapeError, "names a dim twice"),
    Bad((ONES, (0, 2)), DimensionError, "dim must lie between -2 and 1, got 2"),
)
OF_INTEGERS = Bad(
    (np.ones(2, np.int64),), DTypeError, "needs a floating or complex dtype, got int64"
)
OF_COMPLEX = Bad((np.ones(2) * 1j,), DTypeError, "complex numbers have no order")


def along(function: Callable[..., Any]) -> Callable[..., Any]:
    """A NumPy function of ``axis`` and ``keepdims`` as one of ``dim`` and ``keepdim``."""

    def oracle(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
        return function(x, axis=tuple(dim) if isinstance(dim, list) else dim, keepdims=keepdim)

    return oracle


def rows(
    name: str,
    oracle: Callable[..., Any],
    x: Input = X,
    *more: Input,
    bad: tuple[Bad, ...] = (),
    **fields: Any,
) -> list[Case]:
    """Rows for a reduction of several dims at a time."""
    function = getattr(ops, name)
    params: list[dict[str, Any]] = [
        {"dim": 1},
        {"dim": -1, "keepdim": True},
        {"dim": (0, 2)},
        {"dim": [0, -1], "keepdim": True},
    ]
    return [
        Case(name, function, (x,), oracle=oracle, bad=bad, **fields),
        *(Case(name, function, (x,), p, oracle, **fields) for p in params),
        *(Case(name, function, (y,), oracle=oracle, **fields) for y in more),
    ]


def of_valid(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` of what is in the dims, one Python list after the other, without NaN."""

    def oracle(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        axes = range(x.ndim) if axis is None else np.atleast_1d(axis) % x.ndim
        rest = [i for i in range(x.ndim) if i not in axes]
        table = x.transpose(*rest, *axes).reshape(*[x.shape[i] for i in rest], -1)
        out = np.apply_along_axis(lambda row: function([v for v in row if v == v]), -1, table)
        return (
            out.reshape([1 if i in axes else n for i, n in enumerate(x.shape)]) if keepdims else out
        )

    return along(oracle)


CASES: list[Case] = [
    *rows("sum", along(np.sum), X, INTEGERS, BOOLS, BYTES, NUMBER, EMPTY, bad=BAD_TUPLES),
    Case("sum", ops.sum, (EMPTY, 0), oracle=along(np.sum)),
    Case("sum", ops.sum, (NUMBER, -1), oracle=along(np.sum)),
    Case("sum", ops.sum, (INTEGERS,), {"dtype": float64}, lambda x, dtype: np.sum(x * 1.0)),
    Case("sum", ops.sum, (BYTES, 0), {"dtype": int32}, lambda x, dim, dtype: np.sum(x, dim)),
    *rows("mean", along(np.mean), X, NUMBER, bad=(*BAD_TUPLES, OF_INTEGERS)),
    Case("mean", ops.mean, (INTEGERS,), {"dtype": float64}, lambda x, dtype: np.sum(x) / 12),
    *rows("nansum", of_valid(sum), X, INTEGERS, bad=(*BAD_TUPLES, OF_COMPLEX)),
    *rows("nanmean", of_valid(lambda row: sum(row) / len(row)), X, bad=(*BAD_TUPLES, OF_INTEGERS)),
    Case(
        "prod",
        ops.prod,
        (X,),
        oracle=along(np.prod),
        bad=(*BAD_DIMS, Bad((ONES, (0, 1)), DTypeError, "dim must be an integer, got (0, 1)")),
    ),
    Case("prod", ops.prod, (X, 1), oracle=along(np.prod)),
    Case("prod", ops.prod, (X, -1, True), oracle=along(np.prod)),
    Case("prod", ops.prod, (INTEGERS, 0), oracle=along(np.prod)),
    Case("prod", ops.prod, (NUMBER,), oracle=along(np.prod)),
    Case("prod", ops.prod, (INTEGERS,), {"dtype": float64}, lambda x, dtype: np.prod(x * 1.0)),
    *(
        Case(name, getattr(ops, name), (x, *dims), oracle=along(oracle), differentiable=False)
        for name, oracle in (("all", np.all), ("any", np.any))
        for x in (X, BOOLS, BYTES, Input((3, 4), 0, 2, "int64"))
        for dims in ((), (0,), (-1, True))
    ),
    Case("all", ops.all, (BOOLS, (0, 1)), oracle=along(np.all), bad=BAD_TUPLES),
    Case("any", ops.any, (BOOLS, (0, 1)), oracle=along(np.any), bad=BAD_TUPLES),
    *(
        Case(
            "count_nonzero",
            ops.count_nonzero,
            (INTEGERS, *dim),
            oracle=lambda x, dim=None: np.sum(x != 0, axis=dim),
            bad=BAD_TUPLES,
        )
        for dim in ((), (0,), (-1,), ((0, 1),))
    ),
]
