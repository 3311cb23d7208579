"""Rows for autograd/ops/differences.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import differences as ops
from tests.cases import Bad, Case, Input
from tests.ops.reduction_cases import BAD_DIMS, BOOLS, INTEGERS, X


def area(y: Any, x: Any = None, dx: float = 1, dim: int = -1) -> Any:
    """The areas of the trapezoids one by one."""
    y = np.moveaxis(y, dim, -1)
    x = np.arange(y.shape[-1]) * dx if x is None else x if x.ndim == 1 else np.moveaxis(x, dim, -1)
    pairs = range(y.shape[-1] - 1)
    return sum((x[..., i + 1] - x[..., i]) * (y[..., i] + y[..., i + 1]) / 2 for i in pairs)


def cumulative_area(y: Any, x: Any = None, dx: float = 1, dim: int = -1) -> Any:
    """The area up to each sample on its own."""
    parts = []
    for end in range(2, y.shape[dim] + 1):
        places = x if x is None else np.take(x, range(end), dim if x.ndim > 1 else 0)
        parts.append(area(np.take(y, range(end), dim), places, dx, dim))
    return np.stack(parts, dim)


def slopes(x: Any, spacing: Any = 1, dim: Any = None, edge_order: int = 1) -> Any:
    spacing = spacing if isinstance(spacing, list) else [spacing]
    found = np.gradient(x, *spacing, axis=dim, edge_order=edge_order)
    return found if isinstance(found, (tuple, list)) else (found,)


def ending(x: Any, n: int, dim: int, start: None, end: Any) -> Any:
    return np.diff(x, n, dim, append=end)


CASES: list[Case] = [
    *(
        Case(
            "diff",
            ops.diff,
            (x, n, dim),
            oracle=np.diff,
            bad=(
                Bad((np.ones(()),), ShapeError, "needs at least one dim"),
                Bad((np.ones(3), -1), ShapeError, "n must be at least 0, got -1"),
                Bad((np.ones(3), 1, 1), DimensionError, "dim must lie between -1 and 0, got 1"),
                Bad((np.ones(3), 1, 0, np.ones((1, 1))), ShapeError, "diff"),
            ),
        )
        for x in (X, INTEGERS, BOOLS)
        for n, dim in ((1, -1), (1, 0), (2, 1), (0, 0))
    ),
    Case("diff", ops.diff, (X, 9), oracle=lambda x, n: np.ones((2, 3, 0))),
    Case("diff", ops.diff, (X, 0, -1, X), oracle=lambda x, *_: x),
    Case("diff", ops.diff, (X, 2, 1, Input((2, 1, 4)), Input((2, 2, 4))), oracle=np.diff),
    Case("diff", ops.diff, (X, 1, 0, None, Input((1, 3, 4))), oracle=ending),
    Case(
        "trapezoid",
        ops.trapezoid,
        (X,),
        oracle=area,
        bad=(
            Bad((np.ones(()),), ShapeError, "needs samples along a dim"),
            Bad((np.array([True]),), DTypeError, "is not defined for bool"),
            Bad((np.ones(3), np.ones(2)), ShapeError, "a place for each of the 3 samples"),
            Bad((np.ones(3), np.ones(())), ShapeError, "a place for each of the 3 samples"),
            Bad((np.ones(3), np.ones(3)), DTypeError, "leave dx out", {"dx": 1}),
            *(
                Bad((bad.args[0],), bad.error, bad.message, {"dim": bad.args[1]})
                for bad in BAD_DIMS
            ),
        ),
    ),
    Case("trapezoid", ops.trapezoid, (X,), {"dim": 0, "dx": 0.5}, area),
    Case("trapezoid", ops.trapezoid, (X, Input((3,))), {"dim": 1}, area),
    Case("trapezoid", ops.trapezoid, (X, Input((2, 3, 4))), {"dim": 1}, area),
    Case("trapezoid", ops.trapezoid, (X, Input((4,))), oracle=area),
    *(
        Case("cumulative_trapezoid", ops.cumulative_trapezoid, inputs, params, cumulative_area)
        for inputs, params in (
            ((X,), {}),
            ((X,), {"dx": 0.5, "dim": 0}),
            ((X, Input((4,))), {}),
            ((X, Input((2, 3, 4))), {"dim": 1}),
        )
    ),
    *(
        Case("gradient", ops.gradient, (X,), params, slopes)
        for params in (
            {},
            {"edge_order": 2, "dim": (1, 2)},
            {"spacing": 0.5, "dim": -1},
            {"spacing": [0.5, 2.0], "dim": (2, 0)},
            {"spacing": [np.array([0.0, 0.5, 2.0])], "dim": 1, "edge_order": 2},
        )
    ),
    Case(
        "gradient",
        lambda x, places: ops.gradient(x, spacing=[places], edge_order=2),
        (Input((5,)), Input((5,), 1.0, 9.0, apart=1.0)),
        oracle=lambda x, places: (np.gradient(x, places, edge_order=2),),
        torch=None,
        bad=[],
    ),
    Case(
        "gradient",
        ops.gradient,
        (Input((4,)),),
        bad=[
            Bad((np.ones(3),), ShapeError, "1 or 2", {"edge_order": 3}),
            Bad((np.ones(1),), ShapeError, "needs at least 2"),
            Bad((np.ones(3),), ShapeError, "2 spacings for 1 dims", {"spacing": [1, 2]}),
            Bad((np.ones((3, 3)),), ShapeError, "more than once", {"dim": (1, 1)}),
            Bad((np.ones(3),), DimensionError, "between -1 and 0", {"dim": 1}),
            Bad((np.ones(3, bool),), ShapeError, "not defined for bool"),
        ],
    ),
]
