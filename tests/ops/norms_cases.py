"""Rows for autograd/ops/norms.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import float64
from autograd.errors import DTypeError, ShapeError
from autograd.ops import norms as ops
from tests.cases import Bad, Case, Input
from tests.ops.reduction_cases import APART, X, along

ONES = np.ones((2, 3))


def p_norm(x: Any, p: Any = 2, dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Any:
    size = np.abs(x * 1.0)
    if p in (np.inf, -np.inf):
        return along(np.max if p > 0 else np.min)(size, dim, keepdim)
    if p == 0:
        return along(np.sum)((x != 0) * 1.0, dim, keepdim)
    p = 2 if p == "fro" else p
    return along(np.sum)(size**p, dim, keepdim) ** (1 / p)


CASES: list[Case] = [
    Case(
        "norm",
        ops.norm,
        (APART,),
        oracle=p_norm,
        bad=(
            Bad((ONES, 2, 2), IndexError, "dim must lie between -2 and 1, got 2"),
            Bad((ONES, "abc"), ShapeError, "a number, 'fro' or 'nuc'"),
            Bad((ONES, "nuc", 0), ShapeError, "must name two dims"),
            Bad((np.ones((2, 2, 2)), "nuc"), ShapeError, "must name two dims"),
            Bad((ONES, 2), DTypeError, "can't hold", {"dtype": "float16"}),
            Bad((ONES, 2), DTypeError, "can't hold", {"dtype": "complex128"}),
            *(
                Bad((np.ones(2, np.int64), p), DTypeError, "needs a floating or complex dtype")
                for p in (0, 1, 2, 3, np.inf)
            ),
            *(
                Bad((np.ones(0), p), ShapeError, f"no norm for p={p}")
                for p in (-1, np.inf, -np.inf)
            ),
        ),
    ),
    *(
        Case("norm", ops.norm, (APART, p), params, p_norm)
        for p in ("fro", 1, 2, np.inf, -np.inf, 0, 3, 0.5, 1.5, -1)
        for params in ({}, {"dim": 1}, {"dim": (0, -1), "keepdim": True})
    ),
    Case("norm", ops.norm, (APART, 2), {"dtype": float64}, p_norm, torch=None),
    *(
        Case(
            "norm",
            ops.norm,
            (Input((2, 3, 4)), "nuc", dim),
            {"keepdim": keepdim},
            lambda x, p, dim, keepdim: np.linalg.norm(x, p, dim, keepdim),
        )
        for dim, keepdim in (((1, 2), False), ((2, 0), True))
    ),
    *(
        Case(
            "vector_norm",
            ops.vector_norm,
            (APART,),
            {"ord": order, "dim": dim, "keepdim": keepdim},
            lambda x, ord, dim, keepdim: p_norm(x, ord, dim, keepdim),
            "linalg.vector_norm",
            bad=(
                Bad((ONES,), IndexError, "between -2 and 1, got 2", {"dim": 2}),
                Bad((ONES, "fro"), DTypeError, "ord must be a number"),
                Bad((np.ones((2, 0)), np.inf), ShapeError, "no norm for p=inf"),
                Bad((np.ones(2, np.int64),), DTypeError, "needs a floating or complex dtype"),
                Bad((ONES,), DTypeError, "can't hold", {"dtype": "float32"}),
            ),
        )
        for order in (2, 1, 3, 0.5, 0, -1, np.inf, -np.inf)
        for dim, keepdim in ((None, False), (0, True), ((0, 1), False))
    ),
    *(
        Case(
            "logsumexp",
            ops.logsumexp,
            (x, *dims),
            oracle=lambda *args: np.log(along(np.sum)(np.exp(args[0]), *args[1:])),
            bad=(
                Bad((ONES, 2), IndexError, "dim must lie between -2 and 1, got 2"),
                Bad((ONES, (0, 0)), ShapeError, "names a dim twice"),
            ),
        )
        for x, *dims in ((X, 1), (X, (0, 2)), (X, -1, True), (Input(()), 0))
    ),
]
