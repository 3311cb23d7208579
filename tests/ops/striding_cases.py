"""Rows of the table for `autograd.ops.striding`."""

from __future__ import annotations

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import striding
from tests.cases import Bad, Case, Input


def strided(x, size, stride, offset=0):
    steps = [step * x.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(x.reshape(-1)[offset:], size, steps).copy()


def scattered(x, src, size, stride, offset=0):
    out = x.copy()
    for place in np.ndindex(*size):
        out.reshape(-1)[offset + np.dot(place, stride)] = src[place]
    return out


BAD = [
    Bad((np.ones(4), (2, 2), (1,)), ShapeError, "a stride for each size"),
    Bad((np.ones(4), (2, -1), (1, 1)), ShapeError, "must not be negative"),
    Bad((np.ones(4), (2,), (1,), -1), ShapeError, "storage_offset must not be negative"),
    Bad((np.ones((4, 4)).T[1:], (2,), (1,)), ShapeError, "is not contiguous"),
    Bad((np.ones(4), (2.5,), (1,)), DTypeError, "needs integers"),
]

CASES: list[Case] = [
    Case(
        "as_strided",
        striding.as_strided,
        (Input((3, 4)), (3, 2, 2), (3, 1, 2)),
        oracle=strided,
        bad=[*BAD, Bad((np.ones(4), (3,), (2,)), ShapeError, "from element 0 to 4")],
    ),
    Case("as_strided", striding.as_strided, (Input((6,)), (2, 3), (0, 1), 2), oracle=strided),
    Case("as_strided", striding.as_strided, (Input((2, 3)), (), ()), oracle=strided),
    Case(
        "as_strided_scatter",
        striding.as_strided_scatter,
        (Input((3, 4)), Input((2, 2)), (2, 2), (4, 2), 1),
        oracle=scattered,
        torch=None,  # its gradient of x is that of what was replaced
        bad=[
            Bad((np.ones(4), np.ones(3), (2,), (1,)), ShapeError, "src must have shape (2,)"),
            Bad((np.ones(4), np.ones(2), (2,), (4,)), ShapeError, "from element 0 to 4"),
        ],
    ),
    Case(
        "as_strided_scatter",
        striding.as_strided_scatter,
        (Input((5,)), Input((2, 2)), (2, 2), (1, 1)),
        oracle=scattered,
        torch=None,  # likewise
    ),
]
