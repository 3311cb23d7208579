"""Rows of the table for `autograd.ops.histograms`."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import histograms
from tests.cases import Bad, Case, Input

ONES = np.ones(3)
EDGES = np.array([-1.0, 0.0, 0.25, 1.0])


def counted(x: Any, bins: Any, range: Any = None, weight: Any = None, density: bool = False) -> Any:
    return np.histogram(x, bins, range, density, weight)


def counted_points(x: Any, bins: Any, range: Any = None, density: bool = False) -> Any:
    bounds = None if range is None else list(zip(range[::2], range[1::2]))
    counts, edges = np.histogramdd(x.reshape(-1, x.shape[-1]), bins, bounds, density)
    return counts, np.stack(edges)


CASES: list[Case] = [
    Case(
        "histogram",
        histograms.histogram,
        (Input((4, 5)), 6),
        oracle=counted,
        differentiable=False,
        bad=[
            Bad((ONES, 0), ShapeError, "number of bins must be positive"),
            Bad((ONES, 2), ShapeError, "finite and in order", {"range": (1.0, 0.0)}),
            Bad((ONES, 2), ShapeError, "must have 2 bounds", {"range": (1.0,)}),
            Bad((ONES, 2), ShapeError, "weight must have the shape", {"weight": np.ones(2)}),
            Bad((np.arange(3), 2), DTypeError, "needs float32 or float64"),
            Bad((ONES, np.ones(2, np.float32)), DTypeError, "edges must have the dtype"),
            Bad((ONES, np.ones((2, 2))), ShapeError, "edges must be a vector"),
        ],
    ),
    Case(
        "histogram",
        histograms.histogram,
        (Input((30,)), 4),
        {"range": (-1.0, 1.5), "density": True},
        oracle=counted,
        differentiable=False,
    ),
    Case("histogram", histograms.histogram, (Input((0,)), 3), differentiable=False),
    Case(
        "histogramdd",
        histograms.histogramdd,
        (Input((4, 3, 2)), [3, 3]),
        {"range": [-1.0, 1.0, 0.0, 2.0], "density": True},
        oracle=counted_points,
        torch=None,
        differentiable=False,
    ),
    Case(
        "histogramdd",
        histograms.histogramdd,
        (Input((9, 2)), 3),
        oracle=counted_points,
        torch=None,
        differentiable=False,
        bad=[
            Bad((np.ones((2, 3)), [1, 1]), ShapeError, "each of 3 coordinates"),
            Bad((ONES, 2), ShapeError, "at least 2 dims"),
            Bad((np.ones((2, 3)), 1), ShapeError, "one for each point", {"weight": ONES}),
        ],
    ),
]
