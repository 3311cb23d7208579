"""Rows for autograd/ops/recurrent.py; the oracles take one step of the formulas after another."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit

from autograd.errors import DTypeError, ShapeError
from autograd.ops import recurrent as ops
from tests.cases import Bad, Case, Input

TIME, BATCH, INPUTS, HIDDEN = 3, 2, 4, 3
X, H = Input((TIME, BATCH, INPUTS)), Input((BATCH, HIDDEN))


def weights(gates: int, hidden: int = HIDDEN) -> list[Input]:
    rows = gates * HIDDEN
    return [Input((rows, INPUTS)), Input((rows, hidden)), Input((rows,)), Input((rows,))]


def rnn(x, h, w, v, b=0, c=0, nonlinearity="tanh") -> Any:
    states = []
    for step in x:
        h = step @ w.T + b + h @ v.T + c
        h = np.tanh(h) if nonlinearity == "tanh" else np.maximum(h, 0)
        states.append(h)
    return np.stack(states)


def gru(x, h, w, v, b=None, c=None) -> Any:
    states = []
    for step in x:
        given = np.split(step @ w.T + (0 if b is None else b), 3, 1)
        remembered = np.split(h @ v.T + (0 if c is None else c), 3, 1)
        r, z = expit(given[0] + remembered[0]), expit(given[1] + remembered[1])
        h = (1 - z) * np.tanh(given[2] + r * remembered[2]) + z * h
        states.append(h)
    return np.stack(states)


def bad(gates: int, states: int = 1) -> list[Bad]:
    start, w = [H] * states, weights(gates)
    rows = gates * HIDDEN
    wrong = Input((BATCH + 1, HIDDEN))
    return [
        Bad([Input((BATCH, INPUTS)), *start, *w], ShapeError, "(time, batch, features)"),
        Bad([Input((0, BATCH, INPUTS)), *start, *w], ShapeError, "at least one time step"),
        Bad([Input((TIME, BATCH, 5)), *start, *w], ShapeError, "weight takes 4 features"),
        Bad([X, *[wrong] * states, *w], ShapeError, "(batch, hidden)"),
        Bad([X, *start, w[0], Input((rows + 1, HIDDEN)), *w[2:]], ShapeError, f"{rows} rows"),
        Bad([X, *start, w[0], Input((rows, 5)), *w[2:]], ShapeError, "(batch, hidden)"),
        Bad([Input(X.shape, 0, 3, "int64"), *start, *w], DTypeError, "int64"),
        Bad([X, *[Input(H.shape, 0, 3, "int64")] * states, *w], DTypeError, "one dtype"),
    ]


CASES: list[Case] = [
    Case("rnn", ops.rnn, [X, H, *weights(1)], {}, rnn, torch=None, bad=bad(1)),
    Case(
        "rnn",
        ops.rnn,
        [X, H, *weights(1)],
        {"nonlinearity": "relu"},
        rnn,
        torch=None,
        bad=[Bad([X, H, *weights(1)], ShapeError, "'tanh' or 'relu'", {"nonlinearity": "exp"})],
    ),
    Case("rnn", ops.rnn, [X, H, *weights(1)[:2]], {}, rnn, torch=None),
    Case("rnn", ops.rnn, [X, H, *weights(1)[:3]], {}, rnn, torch=None),
    Case("gru", ops.gru, [X, H, *weights(3)], {}, gru, torch=None, bad=bad(3)),
    Case("gru", ops.gru, [X, H, *weights(3)[:2]], {}, gru, torch=None),
    # No sequences at all.
    Case(
        "gru",
        ops.gru,
        [Input((2, 0, INPUTS)), Input((0, HIDDEN)), *weights(3)],
        {},
        gru,
        torch=None,
    ),
]
