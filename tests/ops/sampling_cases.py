"""Rows for autograd/ops/sampling.py."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import sampling as ops
from tests.cases import Bad, Case, Input

X, GRID = np.ones((2, 3, 4, 5)), np.zeros((2, 3, 3, 2))
ERRORS = (
    Bad((X, GRID[0]), ShapeError, "in the last dim of grid"),
    Bad((X, GRID[..., :1]), ShapeError, "in the last dim of grid"),
    Bad((X, GRID[:1]), ShapeError, "one batch size"),
    Bad((X[:, :, :0], GRID), ShapeError, "no empty space"),
    Bad((X, GRID, "cubic"), ShapeError, "mode must be"),
    Bad((X, GRID, "nearest", "mirror"), ShapeError, "padding_mode must be"),
    Bad((X[:, :, None], np.zeros((2, 1, 1, 1, 3)), "bicubic"), ShapeError, "mode must be"),
    Bad((X, GRID.astype(np.float32)), DTypeError, "one floating dtype"),
)


def row(shape: tuple[int, ...], *options: Any, bad: Any = ()) -> Case:
    """A row of `grid_sample`, with places that lie up to half an image outside."""
    grid = (shape[0], *(3, 4, 2)[: len(shape) - 2], len(shape) - 2)
    inputs = (Input(shape), Input(grid, -1.5, 1.5), *options)
    name = "nn.functional.grid_sample"
    return Case("grid_sample", ops.grid_sample, inputs, {}, None, name, bad=bad)


def placed(theta: Any, size: Any, align_corners: bool) -> Any:
    """Each place by a matrix product of its own."""
    *space, dims = (*size[2:], len(size) - 2)
    out = np.zeros((size[0], *space, dims))
    for where in np.ndindex(*out.shape[:-1]):
        ends = [n - 1 if align_corners else n for n in space]
        shift = 0 if align_corners else 1
        place = [(2 * i + shift) / n - 1 for i, n in zip(where[1:], ends)]
        out[where] = theta[where[0]] @ [*place[::-1], 1]
    return out


def grid_row(size: tuple[int, ...], align_corners: bool, bad: Any = ()) -> Case:
    """A row of `affine_grid`."""
    theta = Input((size[0], len(size) - 2, len(size) - 1))
    inputs = (theta, size, align_corners)
    name = "nn.functional.affine_grid"
    return Case("affine_grid", ops.affine_grid, inputs, {}, placed, name, bad=bad)


CASES: list[Case] = [
    row((2, 3, 4, 5), "bilinear", "zeros", False, bad=ERRORS),
    *(
        row((2, 2, 3, 4), mode, padding, corners)
        for mode, padding, corners in itertools.product(
            ("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection"), (False, True)
        )
    ),
    *(
        row((1, 2, 3, 2, 4), mode, padding, False)
        for mode in ("bilinear", "nearest")
        for padding in ("zeros", "border", "reflection")
    ),
    row((1, 1, 1, 1), "bilinear", "reflection", True),
    grid_row(
        (2, 3, 4, 5),
        False,
        bad=[
            Bad((np.ones((2, 2, 3)), (2, 1, 4)), ShapeError, "needs theta"),
            Bad((np.ones((2, 3, 3)), (2, 1, 4, 4)), ShapeError, "needs theta"),
            Bad((np.ones((2, 2, 3)), (2, 1, 0, 4)), ShapeError, "all positive"),
            Bad((np.ones((2, 2, 3), int), (2, 1, 4, 4)), DTypeError, "floating"),
        ],
    ),
    grid_row((1, 3, 4, 2), True),
    grid_row((1, 1, 2, 3, 4), False),
    grid_row((2, 1, 2, 3, 4), True),
]
