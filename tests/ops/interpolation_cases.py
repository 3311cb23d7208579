"""Rows for autograd/ops/interpolation.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import interpolation as ops
from tests.cases import Bad, Case, Input


def row(
    shape: tuple[int, ...], mode: str, bad: Any = (), oracle: Any = None, **params: Any
) -> Case:
    """A row; PyTorch is the oracle unless one is given."""
    given = {"mode": mode, **params}
    name = "nn.functional.interpolate"
    return Case("interpolate", ops.interpolate, (Input(shape),), given, oracle, name, bad=bad)


def by_linear_interpolation(x: Any, size: int, mode: str, align_corners: bool) -> Any:
    """NumPy's own interpolation, between the corners."""
    places = np.linspace(0, x.shape[-1] - 1, size)
    lines = [np.interp(places, np.arange(x.shape[-1]), line) for line in x.reshape(-1, x.shape[-1])]
    return np.reshape(lines, (*x.shape[:-1], size))


X = np.ones((2, 3, 4, 5))
ERRORS = (
    Bad((X,), ShapeError, "either size or scale_factor"),
    Bad((X, 2, 2.0), ShapeError, "either size or scale_factor"),
    Bad((X, (2, 3, 4)), ShapeError, "needs one number, or 2"),
    Bad((X, 0), ShapeError, "all must be positive"),
    Bad((X, None, 0.1), ShapeError, "all must be positive"),
    Bad((X, 2, None, "spline"), ShapeError, "mode must be one of"),
    Bad((X, 2, None, "linear"), ShapeError, "1 dims of space"),
    Bad((X[0, 0], 2), ShapeError, "1 to 3 dims of space"),
    Bad((X, 2, None, "nearest", True), ShapeError, "align_corners has no meaning"),
    Bad((X, 2, None, "bilinear", None, True), ShapeError, "recompute_scale_factor"),
    Bad((X, 2, None, "nearest", None, None, True), ShapeError, "antialias"),
    Bad((X[:, :0], 2), ShapeError, "only the batch"),
    Bad((X > 0, 2), DTypeError, "not defined for bool"),
)
CASES: list[Case] = [
    row((2, 3, 4, 5), "nearest", bad=ERRORS, size=(6, 2)),
    row((2, 3, 4), "nearest", scale_factor=1.7),
    row((1, 2, 3, 2, 4), "nearest", size=(2, 5, 3)),
    row((2, 3, 7), "nearest-exact", size=4),
    row((2, 3, 7), "nearest-exact", scale_factor=0.6),
    row(
        (2, 3, 4),
        "linear",
        oracle=by_linear_interpolation,
        size=7,
        align_corners=True,
    ),
    row((2, 3, 4), "linear", size=1, align_corners=True),
    row((2, 3, 4), "linear", scale_factor=2.3),
    row((2, 3, 4), "linear", scale_factor=2.3, recompute_scale_factor=True),
    row((2, 3, 4), "linear", scale_factor=1.1),
    row((2, 2, 4, 5), "bilinear", size=(7, 3)),
    row((2, 2, 4, 5), "bilinear", size=(7, 3), align_corners=True),
    row((2, 2, 7, 5), "bilinear", size=(3, 8), antialias=True),
    row((2, 2, 4, 5), "bicubic", scale_factor=(1.5, 0.5)),
    row((2, 2, 4, 5), "bicubic", size=(7, 3), align_corners=True),
    row((2, 2, 7, 5), "bicubic", size=(3, 8), antialias=True),
    row((1, 2, 3, 4, 2), "trilinear", size=(2, 6, 3)),
    row((1, 2, 6, 5), "area", size=(2, 3)),
    row((1, 2, 7), "area", size=3),
    row((0, 2, 4), "linear", size=3),
    Case(
        "upsample",
        ops.upsample,
        (Input((1, 2, 3)), None, 2.0, "linear", True),
        {},
        None,
        "nn.functional.upsample",
    ),
    Case(
        "upsample_nearest",
        ops.upsample_nearest,
        (Input((1, 2, 3, 3)), (5, 4)),
        {},
        None,
        "nn.functional.upsample_nearest",
    ),
    Case(
        "upsample_bilinear",
        ops.upsample_bilinear,
        (Input((1, 2, 3, 3)), (5, 4)),
        {},
        None,
        "nn.functional.upsample_bilinear",
    ),
]
