"""Rows of the table for `autograd.ops.shaping` and `autograd.ops.rearranging`."""

from __future__ import annotations

import numpy as np

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import rearranging, shaping
from tests.cases import Bad, Case, Input

X = Input((2, 3, 4))
ARRAY = np.zeros((2, 3, 4))


def bad(error, message, *args, array=ARRAY, **params):
    return Bad((array, *args), error, message, params)


CASES: list[Case] = [
    Case(
        "reshape",
        shaping.reshape,
        (X, (4, -1)),
        oracle=lambda x, shape: x.reshape(shape),
        bad=[
            bad(ShapeError, "24 elements don't fill (5, 5)", (5, 5)),
            bad(ShapeError, "only one size can be -1", (-1, -1)),
            bad(ShapeError, "must not be negative", (-2, 3)),
            bad(ShapeError, "doesn't divide 24", (5, -1)),
            bad(ShapeError, "say which", (0, -1), array=np.zeros((0, 3))),
            bad(DTypeError, "needs integers", (2.0, 12)),
        ],
    ),
    Case("reshape", shaping.reshape, (Input(()), (1, 1)), oracle=lambda x, s: x.reshape(s)),
    Case("reshape", shaping.reshape, (Input((0, 3)), (3, 0)), oracle=lambda x, s: x.reshape(s)),
    Case(
        "view",
        shaping.view,
        (X, (2, 3, 1, 4)),
        torch="Tensor.view",
        oracle=lambda x, s: x.reshape(s),
    ),
    Case("reshape_as", shaping.reshape_as, (X, np.ones((6, 4))), torch="Tensor.reshape_as"),
    Case("view_as", shaping.view_as, (X, np.ones((2, 1, 3, 4))), torch="Tensor.view_as"),
    Case("ravel", shaping.ravel, (X,), oracle=np.ravel),
    Case("flatten", shaping.flatten, (X,), oracle=np.ravel),
    Case(
        "flatten",
        shaping.flatten,
        (X, 1, 2),
        oracle=lambda x, *_: x.reshape(2, 12),
        bad=[
            bad(DimensionError, "dim must lie between -3 and 2", 3),
            bad(ShapeError, "must not come after", 2, 1),
        ],
    ),
    Case("flatten", shaping.flatten, (Input(()),), oracle=np.ravel),
    Case(
        "unflatten",
        shaping.unflatten,
        (X, -1, (2, -1)),
        oracle=lambda x, *_: x.reshape(2, 3, 2, 2),
        bad=[
            bad(ShapeError, "don't multiply to 4", 2, (3, -1)),
            bad(ShapeError, "has no dims", 0, (1,), array=np.zeros(())),
        ],
    ),
    Case("squeeze", shaping.squeeze, (Input((1, 2, 1, 3)),), oracle=np.squeeze),
    Case(
        "squeeze",
        shaping.squeeze,
        (Input((1, 2, 1, 3)), (0, 1)),
        oracle=lambda x, _: x[0],
        bad=[
            bad(DimensionError, "dim must lie between", 3),
            bad(ShapeError, "more than once", (0, -3)),
        ],
    ),
    Case(
        "unsqueeze",
        shaping.unsqueeze,
        (X, -2),
        oracle=np.expand_dims,
        bad=[bad(DimensionError, "between -4 and 3", 4)],
    ),
    Case("contiguous", shaping.contiguous, (X,), torch="Tensor.contiguous", oracle=np.copy),
    Case(
        "expand",
        shaping.expand,
        (Input((2, 1)), 3, -1, 4),
        torch="Tensor.expand",
        oracle=lambda x, *_: np.broadcast_to(x, (3, 2, 4)),
        bad=[
            bad(ShapeError, "only dims of size 1", 2, 3, 5),
            bad(ShapeError, "for all 3 dims", 3, 4),
            bad(ShapeError, "new dims need a size", -1, 2, 3, 4),
        ],
    ),
    Case(
        "expand_as",
        shaping.expand_as,
        (Input((3, 1)), np.ones((2, 3, 4))),
        torch="Tensor.expand_as",
    ),
    Case(
        "broadcast_tensors",
        shaping.broadcast_tensors,
        (Input((2, 1)), Input((3,)), Input(())),
        oracle=np.broadcast_arrays,
        bad=[Bad((np.ones((2, 1)), np.ones((3, 3))), ShapeError, "don't broadcast")],
    ),
    Case(
        "broadcast_shapes",
        shaping.broadcast_shapes,
        ((2, 1), (3,), ()),
        oracle=np.broadcast_shapes,
        differentiable=False,
        bad=[Bad(((2,), (3,)), ShapeError, "don't broadcast")],
    ),
    Case(
        "sum_to_size",
        shaping.sum_to_size,
        (X, 3, 1),
        torch="Tensor.sum_to_size",
        oracle=lambda x, *_: x.sum((0, 2))[:, None],
        bad=[bad(ShapeError, "cannot sum", 5, 4)],
    ),
    Case(
        "narrow",
        shaping.narrow,
        (X, 2, 1, 2),
        oracle=lambda x, *_: x[..., 1:3],
        bad=[
            bad(DimensionError, "reach outside", 2, 3, 2),
            bad(DimensionError, "no dims", 0, 0, 1, array=np.zeros(())),
        ],
    ),
    Case(
        "select",
        shaping.select,
        (X, 1, -1),
        oracle=lambda x, *_: x[:, -1],
        bad=[bad(DimensionError, "out of bounds", 1, 3), bad(DimensionError, "between", 3, 0)],
    ),
    Case(
        "unfold",
        shaping.unfold,
        (Input((2, 7)), 1, 3, 2),
        torch="Tensor.unfold",
        oracle=lambda x, *_: np.stack([x[:, i : i + 3] for i in (0, 2, 4)], 1),
        bad=[bad(ShapeError, "don't fit", 1, 4, 1), bad(ShapeError, "don't fit", 1, 2, 0)],
    ),
    Case("unfold", shaping.unfold, (Input((5, 2)), 0, 2, 3), torch="Tensor.unfold"),
    Case("atleast_1d", shaping.atleast_1d, (Input(()),), oracle=np.atleast_1d),
    Case("atleast_2d", shaping.atleast_2d, (Input((3,)), Input(())), oracle=np.atleast_2d),
    Case("atleast_3d", shaping.atleast_3d, (Input((3, 2)), Input((3,))), oracle=np.atleast_3d),
    Case("narrow_copy", shaping.narrow_copy, (X, 1, 0, 2)),
    # -- rearranging ------------------------------------------------------------------------------
    Case(
        "permute",
        rearranging.permute,
        (X, (2, 0, -2)),
        oracle=np.transpose,
        bad=[
            bad(ShapeError, "each of the 3 dims", (0, 1)),
            bad(ShapeError, "more than once", (0, 0, 1)),
            bad(DimensionError, "between", (0, 1, 3)),
        ],
    ),
    Case(
        "transpose",
        rearranging.transpose,
        (X, 0, -1),
        oracle=np.swapaxes,
        bad=[bad(DimensionError, "out of bounds", 0, 3)],
    ),
    Case(
        "t",
        rearranging.t,
        (Input((2, 3)),),
        oracle=np.transpose,
        bad=[bad(ShapeError, "at most 2 dims")],
    ),
    Case("T", rearranging.T, (Input((2, 3)),), torch=None, oracle=np.transpose),
    Case(
        "mT",
        rearranging.mT,
        (X,),
        torch=None,
        oracle=lambda x: np.swapaxes(x, -1, -2),
        bad=[bad(ShapeError, "at least 2 dims", array=np.zeros(3))],
    ),
    Case(
        "H",
        rearranging.H,
        (Input((2, 3)),),
        torch=None,
        oracle=np.transpose,
        bad=[bad(ShapeError, "needs a matrix")],
    ),
    Case("mH", rearranging.mH, (X,), torch="adjoint", oracle=lambda x: np.swapaxes(x, -1, -2)),
    Case(
        "movedim",
        rearranging.movedim,
        (X, (0, 1), (2, 0)),
        oracle=np.moveaxis,
        bad=[
            bad(ShapeError, "can't move to 2 places", 0, (1, 2)),
            bad(ShapeError, "more than once", (0, 1), (1, 1)),
        ],
    ),
    Case("movedim", rearranging.movedim, (X, 0, -1), oracle=np.moveaxis),
    Case(
        "repeat",
        rearranging.repeat,
        (Input((2, 3)), 2, 1, 3),
        torch="Tensor.repeat",
        oracle=lambda x, *n: np.tile(x, n),
        bad=[bad(ShapeError, "a number of repeats", 2, 2), bad(ShapeError, "negative", 1, -1, 1)],
    ),
    Case("repeat", rearranging.repeat, (Input(()), 3), torch="Tensor.repeat", oracle=np.tile),
    Case("tile", rearranging.tile, (Input((2, 3)), (2,)), oracle=np.tile),
    Case("repeat_interleave", rearranging.repeat_interleave, (X, 2), oracle=np.repeat),
    Case(
        "repeat_interleave",
        rearranging.repeat_interleave,
        (X, np.array([1, 0, 2]), 1),
        oracle=np.repeat,
        bad=[
            bad(ShapeError, "2 repeats for the 3 elements", np.array([1, 2]), 1),
            bad(ShapeError, "none negative", -1, 0),
            Bad((ARRAY, 2, 0), ShapeError, "output_size", {"output_size": 3}),
        ],
    ),
    Case(
        "flip",
        rearranging.flip,
        (X, (0, -1)),
        oracle=np.flip,
        bad=[bad(ShapeError, "more than once", (0, 0)), bad(DimensionError, "between", (3,))],
    ),
    Case(
        "fliplr",
        rearranging.fliplr,
        (X,),
        oracle=np.fliplr,
        bad=[bad(ShapeError, "at least 2 dims", array=np.zeros(3))],
    ),
    Case(
        "flipud",
        rearranging.flipud,
        (X,),
        oracle=np.flipud,
        bad=[bad(ShapeError, "at least 1 dim", array=np.zeros(()))],
    ),
    Case("roll", rearranging.roll, (X, 5), oracle=np.roll),
    Case(
        "roll",
        rearranging.roll,
        (X, (1, -2), (0, 2)),
        oracle=np.roll,
        bad=[
            bad(ShapeError, "a shift for each dim", (1, 2), 0),
            bad(ShapeError, "one shift", (1, 2)),
            bad(DimensionError, "no dims", 1, 0, array=np.zeros(())),
        ],
    ),
    *[
        Case("rot90", rearranging.rot90, (X, k, (2, 0)), oracle=lambda x, k, d: np.rot90(x, k, d))
        for k in range(-1, 4)
    ],
    Case(
        "rot90",
        rearranging.rot90,
        (Input((2, 3)),),
        oracle=np.rot90,
        bad=[bad(ShapeError, "two dims", 1, (0,)), bad(ShapeError, "more than once", 1, (0, 0))],
    ),
]
