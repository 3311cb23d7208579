"""Rows of the table for `autograd.ops.joining`."""

from __future__ import annotations

import numpy as np

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import joining
from tests.cases import Bad, Case, Input

X = Input((5, 4))
ARRAY = np.zeros((5, 4))
PAIR = [np.zeros((2, 3)), np.zeros((2, 4))]


def columns(x, *starts):
    return tuple(x[:, start:end] for start, end in zip(starts, (*starts[1:], x.shape[1])))


CASES: list[Case] = [
    Case(
        "cat",
        joining.cat,
        ([Input((2, 3)), Input((2, 1)), Input((2, 0))], 1),
        oracle=np.concatenate,
        bad=[
            Bad((PAIR,), ShapeError, "except in dim 0 must be the same"),
            Bad((PAIR, 2), DimensionError, "between -2 and 1"),
            Bad(([],), ShapeError, "at least one"),
            Bad(([np.zeros(()), np.zeros(2)],), ShapeError, "use stack"),
            Bad((np.zeros((2, 2)),), DTypeError, "a list or tuple of tensors"),
            Bad(([np.zeros(2), None],), DTypeError, "element 1 is NoneType"),
        ],
    ),
    Case(
        "cat",
        joining.cat,
        ([Input((2, 3)), Input((0,)), Input((2, 3))], -1),
        oracle=lambda xs, dim: np.concatenate([xs[0], xs[2]], dim),
    ),
    Case(
        "stack",
        joining.stack,
        ([Input((2, 3)), Input((2, 3))], -1),
        oracle=np.stack,
        bad=[
            Bad((PAIR,), ShapeError, "must have one shape"),
            Bad((PAIR[:1], 3), DimensionError, "between -3 and 2"),
        ],
    ),
    Case("stack", joining.stack, ([Input(()), Input(())],), oracle=np.stack),
    Case("hstack", joining.hstack, ([Input(()), Input((2,))],), oracle=np.hstack),
    Case("hstack", joining.hstack, ([Input((2, 3)), Input((2, 1))],), oracle=np.hstack),
    Case("vstack", joining.vstack, ([Input((3,)), Input((2, 3))],), oracle=np.vstack),
    Case("dstack", joining.dstack, ([Input((2, 3)), Input((2, 3, 2))],), oracle=np.dstack),
    Case("dstack", joining.dstack, ([Input((3,)), Input((3,))],), oracle=np.dstack),
    Case(
        "column_stack",
        joining.column_stack,
        ([Input((3,)), Input((3, 2))],),
        oracle=np.column_stack,
    ),
    Case(
        "split",
        joining.split,
        (X, 3, 1),
        oracle=lambda x, *_: columns(x, 0, 3),
        bad=[
            Bad((ARRAY, 0), ShapeError, "must be positive"),
            Bad((ARRAY, (2, 2)), ShapeError, "add up to 4; they must add up to 5"),
            Bad((ARRAY, (6, -1)), ShapeError, "none may be negative"),
            Bad((ARRAY, 2, 2), DimensionError, "between -2 and 1"),
            Bad((np.zeros(()), 1), ShapeError, "no dims to take apart"),
        ],
    ),
    Case("split", joining.split, (X, (1, 0, 3), -1), oracle=lambda x, *_: columns(x, 0, 1, 1)),
    Case(
        "split_with_sizes",
        joining.split_with_sizes,
        (X, (1, 3), 1),
        oracle=lambda x, *_: columns(x, 0, 1),
    ),
    Case(
        "chunk",
        joining.chunk,
        (X, 3, 1),
        oracle=lambda x, *_: columns(x, 0, 2),
        bad=[Bad((ARRAY, 0), ShapeError, "at least 1")],
    ),
    Case(
        "tensor_split",
        joining.tensor_split,
        (X, 3, 1),
        oracle=np.array_split,
        bad=[Bad((ARRAY, 0), ShapeError, "at least 1")],
    ),
    Case("tensor_split", joining.tensor_split, (X, (1, 3), 1), oracle=np.array_split),
    Case("tensor_split", joining.tensor_split, (X, (3, 1), 1), oracle=np.array_split),
    Case(
        "hsplit",
        joining.hsplit,
        (X, 2),
        oracle=np.hsplit,
        bad=[
            Bad((ARRAY, 3), ShapeError, "don't divide"),
            Bad((ARRAY, "abc"), DTypeError, "got a str"),
            Bad((np.zeros(()), 1), ShapeError, "at least 1 dims"),
        ],
    ),
    Case("vsplit", joining.vsplit, (X, (1, 3)), oracle=np.vsplit),
    Case("dsplit", joining.dsplit, (Input((2, 2, 4)), 2), oracle=np.dsplit),
    Case("unbind", joining.unbind, (X, -1), oracle=lambda x, dim: tuple(np.moveaxis(x, dim, 0))),
    Case(
        "unbind",
        joining.unbind,
        (Input((3,)),),
        oracle=tuple,
        bad=[Bad((np.zeros(()),), DimensionError, "no dims to take apart")],
    ),
    Case("unsafe_split", joining.unsafe_split, (X, 2)),
    Case("unsafe_split_with_sizes", joining.unsafe_split_with_sizes, (X, (1, 3), 1)),
    Case("unsafe_chunk", joining.unsafe_chunk, (X, 2, 1)),
]
