"""Rows for autograd/ops/recurrent_lstm.py; the oracle takes one step after another."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit

from autograd.errors import ShapeError
from autograd.ops import recurrent_lstm as ops
from tests.cases import Bad, Case, Input
from tests.ops.recurrent_cases import BATCH, HIDDEN, INPUTS, H, X, bad, weights


def lstm(x, h, c, w, v, b=None, d=None, projection=None) -> Any:
    outputs, cells = [], []
    for step in x:
        gates = step @ w.T + h @ v.T + (0 if b is None else b) + (0 if d is None else d)
        i, f, n, o = np.split(gates, 4, 1)
        c = expit(f) * c + expit(i) * np.tanh(n)
        h = expit(o) * np.tanh(c)
        h = h if projection is None else h @ projection.T
        outputs.append(h), cells.append(c)
    return np.stack(outputs), np.stack(cells)


CASES: list[Case] = [
    Case("lstm", ops.lstm, [X, H, H, *weights(4)], {}, lstm, torch=None, bad=bad(4, 2)),
    Case("lstm", ops.lstm, [X, H, H, *weights(4)[:2]], {}, lstm, torch=None),
    Case(
        "lstm",
        ops.lstm,
        [X, Input((BATCH, 2)), H, *weights(4, 2), Input((2, HIDDEN))],
        {},
        lstm,
        torch=None,
        bad=[
            Bad(
                [X, Input((BATCH, 2)), H, *weights(4, 2), Input((HIDDEN, 2))],
                ShapeError,
                "(projected, hidden)",
            )
        ],
    ),
    # An unbatched program's batch of one.
    Case(
        "lstm",
        ops.lstm,
        [Input((1, 1, INPUTS)), Input((1, HIDDEN)), Input((1, HIDDEN)), *weights(4)],
        {},
        lstm,
        torch=None,
    ),
]
