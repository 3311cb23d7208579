"""Rows for autograd/ops/padding.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.errors import ShapeError
from autograd.ops import padding as ops
from tests.cases import Bad, Case, Input

Array = np.ndarray[Any, Any]
MODES = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def padded(
    x: Array, pad: Sequence[int], mode: str = "constant", value: float | None = None
) -> Array:
    """NumPy's padding, for widths that are not negative."""
    pairs = [tuple(pad[i : i + 2]) for i in range(0, len(pad), 2)]
    widths = [(0, 0)] * (x.ndim - len(pairs)) + pairs[::-1]
    values = {"constant_values": value or 0} if mode == "constant" else {}
    return np.pad(x, widths, MODES[mode], **values)


X = np.ones((2, 3))
ERRORS = (
    Bad((X, (1, 2, 3)), ShapeError, "needs two numbers"),
    Bad((X, (1,) * 6), ShapeError, "at most 2 dims"),
    Bad((X, (-2, -2)), ShapeError, "cut more off"),
    Bad((X, (2, -4)), ShapeError, "cut more off"),
    Bad((X, (1, 1), "mirror"), ShapeError, "mode must be"),
    Bad((X, (1, 1), "reflect", 2.0), ShapeError, "value is only for"),
    Bad((X, (0, 3), "reflect"), ShapeError, "at most 2 elements to dim -1 of size 3"),
    Bad((X, (4, 0), "circular"), ShapeError, "at most 3 elements"),
    Bad((X[:, :0], (1, 0), "replicate"), ShapeError, "at most 0 elements"),
)


def row(
    shape: tuple[int, ...],
    pad: Sequence[int],
    mode: str = "constant",
    bad: Sequence[Bad] = (),
    **params: Any,
) -> Case:
    """A row; PyTorch alone knows what negative widths mean."""
    expected = padded if min(pad, default=0) >= 0 else None
    given = {"pad": pad, "mode": mode, **params}
    return Case("pad", ops.pad, (Input(shape),), given, expected, "nn.functional.pad", bad=bad)


CASES: list[Case] = [
    row((4,), (1, 2), bad=ERRORS),
    row((2, 3), (1, 0, 2, 1), value=1.5),
    row((2, 3, 4), (-1, 2, 1, -2)),
    row((2, 3, 4), (-1, -2), value=3.0),
    row((2, 3), ()),
    row((2, 0), (1, 1)),
    row((2, 3, 4), (3, 2), "reflect"),
    row((2, 3, 4, 5), (1, 4, 2, 0), "reflect"),
    row((1, 2, 3, 3, 3), (1, 0, 0, 2, 1, 1), "reflect"),
    row((2, 3, 5), (-1, 4), "reflect"),
    row((2, 3, 4), (5, 2), "replicate"),
    row((2, 3, 4, 5), (1, 4, 2, 0), "replicate"),
    row((2, 3, 5), (-2, 3), "replicate"),
    row((2, 3, 4), (4, 2), "circular"),
    row((2, 3, 4, 5), (1, 4, 2, 0), "circular"),
    row((2, 3, 5), (-1, 3), "circular"),
    Case(
        "pad",
        ops.pad,
        (Input((2, 3), dtype="int64"), (1, 1), "constant", 1.5),
        {},
        None,
        "nn.functional.pad",
    ),
    Case("pad", ops.pad, (Input((2, 3), dtype="bool"), (1, 1)), {}, padded, "nn.functional.pad"),
]
