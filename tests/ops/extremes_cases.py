"""Rows for autograd/ops/extremes.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import extremes as ops
from tests.cases import Bad, Case, Input
from tests.ops.reduction_cases import (
    APART,
    BAD_DIMS,
    BAD_TUPLES,
    INTEGERS,
    OF_COMPLEX,
    along,
)

BOOLS = Input((3, 4), dtype="bool")
EMPTY = Bad((np.ones((0, 2)), 0), DimensionError, "no elements to choose from")
OF_BOOL = Bad((np.array([True]),), DTypeError, "is not defined for bool")


def with_index(best: Any, where: Any) -> Any:
    return lambda *args: (along(best)(*args), along(where)(*args))


def reduction_rows(name: str, oracle: Any) -> list[Case]:
    bad = (*BAD_TUPLES, OF_COMPLEX, EMPTY, Bad((np.ones(0),), ShapeError, "no elements"))
    return [
        *(Case(name, getattr(ops, name), (x, 1), oracle=oracle) for x in (INTEGERS, BOOLS)),
        *(
            Case(name, getattr(ops, name), (APART,), params, oracle, bad=bad)
            for params in ({"dim": 1}, {"dim": (0, 2)}, {"dim": [0, -1], "keepdim": True})
        ),
        Case(name, getattr(ops, name), (APART,), oracle=oracle, torch=None),
    ]


CASES: list[Case] = [
    *reduction_rows("amax", along(np.max)),
    *reduction_rows("amin", along(np.min)),
    *(
        Case(
            name,
            getattr(ops, name),
            (x, *dims),
            oracle=with_index(best, where) if dims else best,
            bad=(*BAD_DIMS, OF_COMPLEX, EMPTY, Bad((np.ones(2), (0,)), DTypeError, "got (0,)")),
        )
        for name, best, where in (("max", np.max, np.argmax), ("min", np.min, np.argmin))
        for x in (APART, INTEGERS, BOOLS)
        for dims in ((), (0,), (-1, True))
    ),
    Case("max", ops.max, (APART, Input((4,), apart=0.37)), oracle=np.maximum),
    Case("min", ops.min, (APART, Input((4,), apart=0.37)), oracle=np.minimum),
    *(
        Case(
            "aminmax",
            ops.aminmax,
            (x,),
            params,
            lambda x, **params: (along(np.min)(x, **params), along(np.max)(x, **params)),
            bad=(OF_COMPLEX, Bad((np.ones(0),), ShapeError, "no elements")),
        )
        for x in (APART, INTEGERS)
        for params in ({}, {"dim": 0}, {"dim": -1, "keepdim": True})
    ),
    *(
        Case(
            name,
            getattr(ops, name),
            (x, *dims),
            oracle=along(oracle),
            bad=(*BAD_DIMS, OF_COMPLEX, OF_BOOL, EMPTY),
            differentiable=False,
        )
        for name, oracle in (("argmax", np.argmax), ("argmin", np.argmin))
        for x in (APART, INTEGERS)
        for dims in ((), (0,), (-1, True), (None, True))
    ),
]
