"""Rows for autograd/ops/linear_cross_entropy.py."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from autograd.errors import DimensionError, ShapeError
from autograd.ops import linear_cross_entropy as ops
from tests.cases import Bad, Case, Input

X, WEIGHT, BIAS = Input((5, 3)), Input((4, 3)), Input((4,))
TARGET = Input((5,), 0, 4, "int64")
CHUNKS = ops.LinearCrossEntropyOptions(batch_chunk_size=2)


def oracle(x: Any, weight: Any, target: Any, bias: Any, reduction: str, **options: Any) -> Any:
    logs = special.log_softmax(x @ weight.T + bias, 1)
    loss = -logs[np.arange(5), target]
    return {"mean": loss.mean(), "sum": loss.sum(), "none": loss}[reduction]


def with_bias(x: Any, weight: Any, target: Any, bias: Any, **params: Any) -> Any:
    return ops.linear_cross_entropy(x, weight, target, linear_bias=bias, **params)


def of_images(x: Any, weight: Any, target: Any, bias: Any) -> Any:
    logs = special.log_softmax(np.einsum("nf,cpf->ncp", x, weight) + bias, 1)
    return -(logs * target).sum(1).mean()


BAD = [
    Bad([Input((5, 2)), WEIGHT, TARGET, BIAS], ShapeError, "linear_weight (4, 3)"),
    Bad([Input((2, 5, 3)), WEIGHT, TARGET, BIAS], ShapeError, "needs x (n, features)"),
    Bad([X, Input((3,)), TARGET, BIAS], ShapeError, "got x (5, 3) and linear_weight (3,)"),
    Bad([X, WEIGHT, TARGET, Input((3,))], ShapeError, "linear_bias must have shape (4,)"),
    Bad([X, WEIGHT, Input((4,), 0, 4, "int64"), BIAS], ShapeError, "target must be (5,)"),
    Bad([X, WEIGHT, Input((5,), 4, 5, "int64"), BIAS], DimensionError, "holds class 4"),
    Bad([X, WEIGHT, TARGET, BIAS], ShapeError, "reduction must be", {"reduction": "avg"}),
]

CASES: list[Case] = [
    *(
        Case(
            "linear_cross_entropy",
            with_bias,
            [X, WEIGHT, TARGET, BIAS],
            {"reduction": reduction, "options": options},
            oracle,
            torch=None,
            bad=BAD,
        )
        for reduction in ("mean", "sum", "none")
        for options in (None, CHUNKS)
    ),
    Case(
        "linear_cross_entropy",
        with_bias,
        [X, Input((4, 2, 3)), Input((5, 4, 2), 0, 1), Input((4, 2))],
        oracle=of_images,
        torch=None,
        bad=[
            Bad(
                [Input((3,)), Input((4, 2, 3)), Input((4, 2), 0, 1), Input((4, 2))],
                ShapeError,
                "needs a batch",
            ),
            Bad(
                [X, WEIGHT, Input((5, 4), 0, 1), BIAS],
                ShapeError,
                "target holds probabilities",
                {"ignore_index": 0},
            ),
        ],
    ),
    Case(
        "linear_cross_entropy",
        ops.linear_cross_entropy,
        [X, WEIGHT, TARGET],
        {"ignore_index": 1},
        torch="nn.functional.linear_cross_entropy",
    ),
]
