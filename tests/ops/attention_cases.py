"""Rows for autograd/ops/attention.py."""

from __future__ import annotations

import numpy as np
from scipy import special

from autograd.errors import DTypeError, ShapeError
from autograd.ops import attention as ops
from tests.cases import Bad, Case, Input

QUERY, KEY, VALUE = Input((2, 3, 4, 5)), Input((2, 3, 6, 5)), Input((2, 3, 6, 2))
HALF = np.zeros((2, 3), np.float16)


def weights(query, key, bias=0.0, scale=None, safe=True):
    scale = max(query.shape[-1], 1) ** -0.5 if scale is None else scale
    scores = scale * np.einsum("...qf,...kf->...qk", query, key) + bias
    return np.nan_to_num(special.softmax(scores, -1)) if safe else special.softmax(scores, -1)


def row(*inputs, bad=(), **params):
    return Case("attention_weights", ops.attention_weights, inputs, params, weights, None, bad=bad)


def attended(query, key, value, bias=0.0, scale=None, safe=True, causal=False):
    if causal:
        bias = np.where(np.tri(query.shape[-2], key.shape[-2]), 0, -np.inf)
    return np.matmul(weights(query, key, bias, scale, safe), value)


def attention_row(*inputs, bad=(), **params):
    return Case("attention", ops.attention, inputs, params, attended, None, bad=bad)


CASES: list[Case] = [
    attention_row(
        QUERY,
        KEY,
        VALUE,
        bad=[
            Bad([QUERY, KEY, Input((2, 3, 5, 2))], ShapeError, "one value for each key"),
            Bad([QUERY, KEY, Input((2, 3, 6, 2), dtype="int64")], DTypeError, "value is int64"),
            Bad([QUERY, Input((2, 3, 6, 4)), VALUE], ShapeError, "features"),
            Bad([QUERY, KEY, VALUE, Input((4, 3))], ShapeError, "mask must"),
            Bad([QUERY, KEY, VALUE, Input((4, 6))], ShapeError, "not both", {"causal": True}),
        ],
    ),
    attention_row(QUERY, KEY, Input((6, 2)), Input((4, 6)), scale=0.3),
    attention_row(Input((3, 4, 5)), KEY, VALUE, Input((2, 1, 1, 6)), safe=False),
    attention_row(QUERY, KEY, VALUE, causal=True),
    attention_row(Input((3, 2)), Input((2, 2)), Input((2, 4)), causal=True),
    row(
        QUERY,
        KEY,
        bad=[
            Bad([Input((3,)), KEY], ShapeError, "needs query"),
            Bad([Input((4, 5)), Input((6, 4))], ShapeError, "features"),
            Bad([Input((2, 4, 5)), Input((3, 6, 5))], ShapeError, "must broadcast"),
            Bad([Input((4, 5)), Input((6, 5)), Input((2, 4, 6))], ShapeError, "mask must"),
            Bad([Input((4, 5)), Input((6, 5)), Input((4, 3))], ShapeError, "mask must"),
            Bad([QUERY, KEY, Input((4, 6), dtype="bool")], DTypeError, "a mask must be bool"),
            Bad([QUERY, KEY, HALF], DTypeError, "got float16"),
            Bad([Input((4, 5), dtype="int64")] * 2, DTypeError, "floats of one dtype"),
            Bad([Input((4, 5)), HALF[:, :1].repeat(5, 1)], DTypeError, "floats of one dtype"),
        ],
    ),
    row(QUERY, KEY, Input((4, 6)), scale=0.3),
    row(Input((3, 4, 5)), KEY, Input((2, 1, 4, 6)), safe=False),
    row(Input((4, 5)), Input((6, 5)), Input((6,)), scale=-1.0),
    row(Input((4, 0)), Input((6, 0))),
    Case(
        "products_by_head",
        ops.products_by_head,
        [QUERY, Input((2, 3, 5, 6))],
        {},
        np.matmul,
        torch=None,
        bad=[Bad([QUERY, Input((2, 3, 5, 6), dtype="int64")], DTypeError, "int64")],
    ),
    # The leading dims broadcast.
    Case(
        "products_by_head",
        ops.products_by_head,
        [Input((4, 5)), Input((3, 5, 2))],
        {},
        np.matmul,
        torch=None,
    ),
    Case(
        "attention_bias",
        ops.attention_bias,
        [Input((3, 4), dtype="bool"), np.dtype(np.float32)],
        oracle=lambda allowed, dtype: np.array([-np.inf, 0], dtype)[allowed.astype(int)],
        torch=None,
        differentiable=False,
    ),
]
