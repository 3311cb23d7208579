"""Rows of the table for `autograd.ops.indexing` and `autograd.ops.gathering`."""

from __future__ import annotations

import numpy as np

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import gathering, indexing
from tests.cases import Bad, Case, Input

X = Input((3, 4, 5))
M = Input((3, 4))
CUBE, MATRIX = np.zeros((3, 4, 5)), np.zeros((3, 4))
MASK = np.array([True, False, True])
MASK2 = np.arange(12).reshape(3, 4) % 3 == 0
ALONG = np.array([[0, 2, 1, 0], [1, 1, 1, 2]])

# Indices that mean the same to NumPy.
INDICES = [
    0,
    -1,
    slice(1, None),
    slice(None, None, 2),
    slice(None, None, -1),
    ...,
    None,
    (1, 2),
    (1, 2, 3),
    (..., 0),
    (None, 0, None, slice(1, 3)),
    [0, 2],
    [0, 0, -1],
    [],
    (slice(None), [1, 1]),
    ([0, 1], [2, 2]),
    ([0, 1], slice(None), [4, 0]),
    ([[0], [1]], [1, 2]),
    (slice(0, 2), [0, 3, 3], slice(None, None, 2)),
    (None, [0, 1], [1, 1]),
    MASK,
    MASK2,
    (MASK, slice(1, 3)),
    (slice(None), MASK2[0]),
    (MASK, [1, 2]),
    True,
    np.array(2),
    np.int64(2),
    np.array([[0, 1], [2, 2]]),
]


def replaced(x, index, value):
    out = x.copy()
    out[index] = value
    return out


def added(x, indices, values, accumulate):
    out = x.copy()
    np.add.at(out, indices, values)
    return out


def gathered(x, dim, index):
    out = np.empty(index.shape)
    for place in np.ndindex(index.shape):
        source = list(place)
        source[dim] = index[place]
        out[place] = x[tuple(source)]
    return out


def refused(index, message, error=DimensionError):
    return Bad((CUBE, index), error, message)


CASES: list[Case] = [
    *[
        Case("getitem", indexing.getitem, (X, index), torch=None, oracle=lambda x, i: x[i])
        for index in INDICES
    ],
    Case("getitem", indexing.getitem, (Input(()), ...), torch=None, oracle=lambda x, i: x),
    Case("getitem", indexing.getitem, (Input(()), None), torch=None, oracle=lambda x, i: x[None]),
    Case(
        "getitem",
        indexing.getitem,
        # PyTorch takes the integer first, so the dim of the list stays in its place.
        (X, (0, slice(None), [1, 1])),
        torch=None,
        oracle=lambda x, i: x[0][:, [1, 1]],
        bad=[
            refused(3, "index 3 is out of bounds"),
            refused([0, 3], "index 3 is out of bounds"),
            refused((0, 0, 0, 0), "too many indices"),
            refused((0, 0, 0, [0]), "4 indices for a tensor of 3 dims"),
            refused((..., ...), "single ellipsis"),
            refused((..., [0], ...), "only one Ellipsis"),
            refused(1.0, "float 1.0"),
            refused(np.array([1.0]), "float64"),
            refused("a", "str 'a'"),
            refused([[0], [1, 2]], "lists of different lengths"),
            refused(MASK[:2], "a mask of shape (2,)"),
            refused(np.array([0, 1], np.uint8), "say which"),
        ],
    ),
    *[
        Case(
            "set_item",
            indexing.set_item,
            (X, index, Input(shape)),
            torch=None,
            oracle=replaced,
            bad=[
                Bad((CUBE, 5, 0.0), DimensionError, "out of bounds"),
                Bad((CUBE, 0, np.zeros(3)), ShapeError, "broadcast"),
                Bad((CUBE, [0], np.zeros(3)), ShapeError, "broadcast"),
                Bad((CUBE, 0, 1j), DTypeError, "complex"),
            ],
        )
        for index, shape in [
            (0, (4, 5)),
            (slice(1, None), (5,)),
            ((..., 0), ()),
            ([0, 2], (2, 4, 5)),
            ([0, 0, 1], (3, 4, 5)),
            ([0, 0], ()),
            (MASK2, (5,)),
            ((slice(None), [1, 3]), (2, 1)),
            (2, (1, 4, 5)),
            ([2], (1, 1, 4, 5)),
        ]
    ],
    Case(
        "index_put",
        indexing.index_put,
        (M, (np.array([0, 1, 0]), np.array([1, 2, 1])), Input((3,)), True),
        oracle=added,
    ),
    Case(
        "index_put", indexing.index_put, (M, (np.array([0, 0]),), Input((4,)), True), oracle=added
    ),
    Case("index_put", indexing.index_put, (M, (MASK,), Input((2, 4)), True), oracle=added),
    Case(
        "index_put",
        indexing.index_put,
        (M, (np.array([0, 2]),), Input((2, 4))),
        oracle=replaced,
        bad=[
            Bad((MATRIX, (np.array([3]),), 1.0, True), DimensionError, "out of bounds"),
            Bad((MATRIX, (np.array([0]),), np.zeros(3), True), ShapeError, "broadcast"),
        ],
    ),
    # -- gathering --------------------------------------------------------------------------------
    Case(
        "index_select",
        gathering.index_select,
        (M, 1, np.array([3, 0, 0])),
        oracle=lambda x, dim, index: x[:, index],
        bad=[
            Bad((MATRIX, 0, np.array([3])), DimensionError, "index 3 is out of range for dim 0"),
            Bad((MATRIX, 0, np.array([-1])), DimensionError, "positions count from 0 to 2"),
            Bad((MATRIX, 0, np.array([0.5])), DTypeError, "index.long()"),
            Bad((MATRIX, 0, np.array([[0]])), ShapeError, "must have one dim"),
            Bad((MATRIX, 2, np.array([0])), DimensionError, "between -2 and 1"),
        ],
    ),
    Case(
        "gather",
        gathering.gather,
        (M, 0, ALONG),
        oracle=gathered,
        bad=[
            Bad((MATRIX, 0, ALONG[:, :, None]), ShapeError, "as many dims as"),
            Bad((MATRIX, 1, np.zeros((4, 1), int)), ShapeError, "in a dim other than 1"),
            Bad((MATRIX, 0, ALONG + 1), DimensionError, "index 3 is out of range"),
            Bad((MATRIX, 0, ALONG - 1), DimensionError, "index -1 is out of range"),
            Bad((MATRIX, 0, ALONG * 1.0), DTypeError, "must be of integers"),
        ],
    ),
    Case("gather", gathering.gather, (M, -1, ALONG[:, :1]), oracle=gathered),
    Case(
        "take",
        gathering.take,
        (M, np.array([[0, -1], [5, 5]])),
        oracle=np.take,
        bad=[
            Bad((MATRIX, np.array([12])), DimensionError, "out of bounds"),
            Bad((MATRIX, np.array([1.0])), DTypeError, "must be of integers"),
        ],
    ),
    Case(
        "take_along_dim",
        gathering.take_along_dim,
        (M, ALONG[:1], 0),
        oracle=np.take_along_axis,
        bad=[Bad((MATRIX, np.array([0]), 1), ShapeError, "as many dims as")],
    ),
    Case(
        "take_along_dim",
        gathering.take_along_dim,
        (M, np.array([[1], [-1], [1]]), 1),
        oracle=np.take_along_axis,
    ),
    Case(
        "take_along_dim",
        gathering.take_along_dim,
        (M, np.array([11, 0])),
        oracle=lambda x, index: x.reshape(-1)[index],
    ),
    Case(
        "masked_select",
        gathering.masked_select,
        (M, MASK2),
        oracle=lambda x, mask: x[mask],
        bad=[Bad((MATRIX, MATRIX), DTypeError, "mask must be bool")],
    ),
    Case(
        "masked_select",
        gathering.masked_select,
        (Input((4,)), MASK[:, None]),
        oracle=lambda x, mask: np.concatenate([x, x]),
    ),
    Case(
        "masked_scatter",
        gathering.masked_scatter,
        (M, MASK2, Input((6,))),
        oracle=lambda x, mask, source: replaced(x, mask, source[:4]),
        bad=[Bad((MATRIX, MASK2, np.zeros(3)), ShapeError, "selects 4 elements, but source has 3")],
    ),
    Case(
        "nonzero",
        gathering.nonzero,
        (Input((3, 4), dtype="bool"),),
        oracle=np.argwhere,
        differentiable=False,
    ),
    Case(
        "nonzero",
        gathering.nonzero,
        (Input((3, 4), dtype="bool"),),
        {"as_tuple": True},
        oracle=lambda x, as_tuple: np.nonzero(x),
        differentiable=False,
    ),
    Case(
        "argwhere",
        gathering.argwhere,
        (Input((3, 4), dtype="bool"),),
        oracle=np.argwhere,
        differentiable=False,
    ),
    Case(
        "nonzero_static",
        gathering.nonzero_static,
        (Input((3, 4), dtype="bool"),),
        {"size": 9, "fill_value": -5},
        oracle=lambda x, size, fill_value: np.concatenate(
            [np.argwhere(x), np.full((size, 2), fill_value)]
        )[:size],
        differentiable=False,
        bad=[Bad((np.ones(2),), ShapeError, "must not be negative", {"size": -1})],
    ),
    Case(
        "unravel_index",
        gathering.unravel_index,
        (Input((2, 3), 0, 24, dtype="int64"), (2, 3, 4)),
        oracle=np.unravel_index,
        differentiable=False,
        bad=[
            Bad((np.ones(2), (2,)), DTypeError, "must be integers"),
            Bad((np.zeros(2, int), (2.5,)), DTypeError, "must be integers"),
            Bad((np.zeros(2, int), (-2,)), ShapeError, "must not be negative"),
        ],
    ),
    Case(
        "put",
        indexing.put,
        (Input((2, 3)), np.array([[4, -6], [3, 1]]), Input((4,))),
        oracle=lambda x, index, source: np.array(
            [[source[1], source[3], x[0, 2]], [source[2], source[0], x[1, 2]]]
        ),
        bad=[
            Bad((np.ones(3), np.array([0, 1]), np.ones(3)), ShapeError, "3 elements"),
            Bad((np.ones(3), np.array([5]), np.ones(1)), DimensionError, "out of bounds"),
            Bad((np.ones(3), np.array([0.0]), np.ones(1)), DTypeError, "index must be int64"),
            Bad((np.ones(3), np.array([0]), np.array([1])), DTypeError, "source float64"),
        ],
    ),
    Case(
        "put",
        indexing.put,
        (Input((3,)), np.array([2, 2, 0]), Input((3,)), True),
        oracle=lambda x, index, source, _: x + np.array([source[2], 0, source[0] + source[1]]),
    ),
]
