"""Rows of the table for `autograd.ops.scattering` and `autograd.ops.slices`."""

from __future__ import annotations

import numpy as np

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import scattering, slices
from tests.cases import Bad, Case, Input

X = Input((3, 5))
ARRAY = np.zeros((3, 5))
INDEX = np.array([[0, 0, 4], [2, 2, 2]])
SRC = Input((2, 3))
ROWS = np.array([2, 0, 2])
ONCE = np.array([2, 0])


def scattered(x, dim, index, src, combine=lambda old, new: new):
    out = x.copy()
    for place in np.ndindex(index.shape):
        target = list(place)
        target[dim] = index[place]
        out[tuple(target)] = combine(out[tuple(target)], src[place] if np.ndim(src) else src)
    return out


def reduced(x, dim, index, src, reduce, include_self=True):
    out = x.copy()
    for target in np.ndindex(x.shape):
        arriving = [
            src[place]
            for place in np.ndindex(index.shape)
            if (*place[:dim], index[place], *place[dim + 1 :]) == target
        ]
        if arriving:
            operation = getattr(np, reduce)
            out[target] = operation([x[target]] * include_self + arriving)
    return out


def written(x, src, index):
    out = x.copy()
    out[index] = src
    return out


def misplaced(*args, **params):
    """What all the operations that take an index along a dim refuse."""
    one = np.zeros((1, 1))
    return [
        Bad(
            (ARRAY, 1, np.array([[5]]), one, *args),
            DimensionError,
            "index 5 is out of range",
            params,
        ),
        Bad((ARRAY, 1, np.array([[-1]]), one, *args), DimensionError, "index -1", params),
        Bad((ARRAY, 2, np.array([[0]]), one, *args), DimensionError, "between -2 and 1", params),
        Bad((ARRAY, 1, one, one, *args), DTypeError, "index must be of integers", params),
        Bad(
            (ARRAY, 1, np.zeros((4, 1), int), np.zeros((4, 1)), *args), ShapeError, "larger", params
        ),
        Bad((ARRAY, 1, INDEX, np.zeros((2, 2)), *args), ShapeError, "at least as large", params),
        Bad(
            (ARRAY, 1, INDEX, np.zeros((2, 3), np.float32), *args), DTypeError, "dtype of x", params
        ),
    ]


SLICES_REFUSED = [
    Bad((ARRAY, 0, np.array([3]), np.zeros((1, 5))), DimensionError, "index 3 is out of range"),
    Bad((ARRAY, 0, np.array([0]), np.zeros((1, 4))), ShapeError, "source must have shape (1, 5)"),
    Bad((ARRAY, 0, np.array([0]), np.zeros((1, 5), int)), DTypeError, "source.to(x)"),
]

NUMPY = {"prod": "prod", "mean": "mean", "amax": "max", "amin": "min"}

CASES: list[Case] = [
    Case(
        "scatter",
        scattering.scatter,
        (X, 1, INDEX, SRC),
        torch=None,  # its gradient is another where the index repeats
        oracle=scattered,
        bad=[
            *misplaced(),
            Bad((ARRAY, 1, INDEX), DTypeError, "either src or value"),
            Bad((ARRAY, 1, INDEX, 1.0), DTypeError, "'add' or 'multiply'", {"reduce": "sum"}),
        ],
    ),
    Case(
        "scatter",
        scattering.scatter,
        (X, 1, np.array([[1, 0, 4], [2, 3, 1]]), SRC),
        oracle=scattered,
    ),
    Case("scatter", scattering.scatter, (X, -1, INDEX, 2.5), oracle=scattered),
    Case(
        "scatter",
        scattering.scatter,
        (X, 1, INDEX, 2.5),
        {"reduce": "multiply"},
        torch=None,  # has no gradient there
        oracle=lambda *args, reduce: scattered(*args, lambda old, new: old * new),
    ),
    Case(
        "scatter_add",
        scattering.scatter_add,
        (X, 1, INDEX, SRC),
        oracle=lambda *args: scattered(*args, lambda old, new: old + new),
        bad=misplaced(),
    ),
    Case(
        "scatter_add",
        scattering.scatter_add,
        (X, 0, np.array([[0, 0, 2]]), Input((2, 4))),
        torch=None,  # can't differentiate a src larger than the index
        oracle=lambda x, dim, index, src: scattered(x, dim, index, src[:1, :3], np.add),
    ),
    *[
        Case(
            "scatter_reduce",
            scattering.scatter_reduce,
            (Input((3, 5), apart=0.1), 1, INDEX, Input((2, 3), apart=0.17), reduce),
            {"include_self": include_self},
            oracle=reduced,
            bad=[
                *misplaced(reduce),
                Bad((ARRAY, 1, INDEX, np.zeros((2, 3)), "max"), DTypeError, "must be one of sum"),
            ],
        )
        for reduce in ("sum", "prod", "mean", "amax", "amin")
        for include_self in (True, False)
    ],
    Case(
        "index_add",
        slices.index_add,
        (X, 0, ROWS, Input((3, 5))),
        {"alpha": 2.0},
        oracle=lambda x, dim, index, source, alpha: x + np.eye(3)[:, index] @ source * alpha,
        bad=SLICES_REFUSED,
    ),
    Case(
        "index_add",
        slices.index_add,
        (X, 1, ROWS, Input((3, 3))),
        oracle=lambda x, dim, index, source: x + source @ np.eye(5)[index],
    ),
    Case(
        "index_copy",
        slices.index_copy,
        (X, 0, ONCE, Input((2, 5))),
        oracle=lambda x, dim, index, source: written(x, source, index),
        bad=SLICES_REFUSED,
    ),
    Case(
        "index_fill",
        slices.index_fill,
        (X, -1, ROWS, 3.0),
        oracle=lambda x, dim, index, value: written(x, value, (slice(None), index)),
        bad=[Bad((ARRAY, 0, ONCE, np.zeros(2)), ShapeError, "must be a number")],
    ),
    Case(
        "index_fill",
        slices.index_fill,
        (X, 0, ROWS, Input(())),
        oracle=lambda x, dim, index, value: written(x, value, index),
    ),
    Case(
        "select_scatter",
        slices.select_scatter,
        (X, Input((3,)), 1, -1),
        oracle=lambda x, src, dim, index: written(x, src, (slice(None), index)),
        bad=[
            Bad((ARRAY, np.zeros(3), 1, 5), DimensionError, "index 5 is out of range"),
            Bad((ARRAY, np.zeros(4), 1, 0), ShapeError, "src must have shape (3,)"),
            Bad((np.zeros(()), np.zeros(()), 0, 0), DimensionError, "no dims"),
        ],
    ),
    Case(
        "slice_scatter",
        slices.slice_scatter,
        (X, Input((3, 2)), 1, -4, 5, 2),
        oracle=lambda x, src, *_: written(x, src, (slice(None), slice(1, None, 2))),
        bad=[
            Bad((ARRAY, ARRAY, 0, 1), ShapeError, "src must have shape (2, 5)"),
            Bad((ARRAY, ARRAY, 0, 0, 3, 0), ShapeError, "step must be positive"),
        ],
    ),
    *(
        Case(
            "index_reduce",
            slices.index_reduce,
            (X, 0, ROWS, Input((3, 5)), reduce),
            {"include_self": include_self},
            oracle=lambda x, dim, index, source, reduce, include_self: reduced(
                x, dim, np.tile(index[:, None], (1, 5)), source, NUMPY[reduce], include_self
            ),
            bad=[Bad((*bad.args, reduce), bad.error, bad.message) for bad in SLICES_REFUSED],
        )
        for reduce in ("prod", "mean", "amax", "amin")
        for include_self in (True, False)
    ),
    Case(
        "index_reduce",
        slices.index_reduce,
        (Input(()), 0, np.array([0]), Input(()), "prod"),
        oracle=lambda x, dim, index, source, reduce: x * source,
        bad=[Bad((ARRAY, 0, ROWS, ARRAY, "sum"), DTypeError, "must be 'prod'")],
    ),
    Case(
        "index_add",
        slices.index_add,
        (Input(()), 0, np.array([0]), Input(())),
        oracle=lambda x, dim, index, source: x + source,
    ),
    Case(
        "index_fill",
        slices.index_fill,
        (Input(()), -1, np.array([0]), 2.5),
        oracle=lambda x, dim, index, value: np.array(value),
    ),
]
