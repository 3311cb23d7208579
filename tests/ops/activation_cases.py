"""Rows for autograd/ops/activation.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import special

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import activation as ops
from tests.cases import Bad, Case, Input

KINKED = Input((3, 5), apart=0.23)  # no multiple of it is a kink
SMOOTH = Input((3, 4), -4, 4)
INTEGERS = Bad([Input((3,), dtype="int64")], DTypeError, "floating")
COMPLEX = Bad([np.ones(2) * 1j], DTypeError, "not defined for complex")


def row(
    function: Callable[..., Any],
    x: Input,
    oracle: Callable[..., Any],
    *,
    torch: bool = True,
    bad: Sequence[Bad] = (),
    **params: Any,
) -> Case:
    name = function.__name__
    path = f"nn.functional.{name}" if torch else None
    return Case(name, function, [x], params, oracle, torch=path, elementwise=True, bad=bad)


def sigmoid(x: Any) -> Any:
    return special.expit(x)


def softplus(x: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    return np.where(x * beta > threshold, x, np.logaddexp(0, x * beta) / beta)


def elu(x: Any, alpha: float = 1.0) -> Any:
    return np.where(x > 0, x, alpha * (np.exp(x) - 1))


def gelu(x: Any, approximate: str = "none") -> Any:
    if approximate == "none":
        return x * special.ndtr(x)
    return x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


CASES: list[Case] = [
    row(
        ops.relu,
        KINKED,
        lambda x: np.where(x > 0, x, 0),
        bad=[Bad([Input((3,), dtype="bool")], DTypeError, "no order")],
    ),
    row(ops.relu6, Input((7, 9), apart=0.23), lambda x: np.clip(x, 0, 6)),
    row(ops.leaky_relu, KINKED, lambda x: np.where(x > 0, x, 0.01 * x), bad=[INTEGERS]),
    *(
        row(
            ops.leaky_relu,
            KINKED,
            lambda x, negative_slope: np.where(x > 0, x, negative_slope * x),
            negative_slope=slope,
        )
        for slope in (0.2, 1.5, -0.5)
    ),
    Case(
        "prelu",
        ops.prelu,
        [Input((2, 3, 4), apart=0.23), Input((3,))],
        oracle=lambda x, w: np.where(x > 0, x, w[:, None] * x),
        bad=[Bad([Input((2, 3, 4)), Input((4,))], ShapeError, "needs 1 or 3 slopes")],
    ),
    Case("prelu", ops.prelu, [KINKED, Input((1,))], oracle=lambda x, w: np.where(x > 0, x, w * x)),
    row(
        ops.hardtanh,
        KINKED,
        lambda x: np.clip(x, -1, 1),
        bad=[Bad([SMOOTH], ShapeError, "must not be above", {"min_val": 1, "max_val": 0})],
    ),
    row(
        ops.hardtanh,
        KINKED,
        lambda x, min_val, max_val: np.clip(x, min_val, max_val),
        min_val=-0.5,
        max_val=2.0,
    ),
    row(
        ops.threshold,
        KINKED,
        lambda x, threshold, value: np.where(x > threshold, x, value),
        threshold=0.5,
        value=7.0,
    ),
    row(
        ops.hardshrink,
        KINKED,
        lambda x: np.where(np.abs(x) > 0.5, x, 0),
        bad=[INTEGERS],
    ),
    row(
        ops.softshrink,
        KINKED,
        lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0),
        bad=[INTEGERS, Bad([SMOOTH], ShapeError, "must not be negative", {"lambd": -1.0})],
    ),
    # PyTorch computes these two with single-precision constants.
    row(
        ops.hardsigmoid,
        KINKED,
        lambda x: np.clip(x / 6 + 0.5, 0, 1),
        torch=False,
        bad=[INTEGERS],
    ),
    row(ops.hardswish, KINKED, lambda x: x * np.clip(x / 6 + 0.5, 0, 1), bad=[INTEGERS]),
    row(ops.elu, KINKED, elu, bad=[INTEGERS]),
    row(ops.elu, KINKED, elu, alpha=0.7),
    row(ops.selu, KINKED, lambda x: 1.0507009873554805 * elu(x, 1.6732632423543772)),
    row(
        ops.celu,
        KINKED,
        lambda x, alpha: np.where(x > 0, x, alpha * (np.exp(x / alpha) - 1)),
        torch=False,
        alpha=0.7,
        bad=[Bad([SMOOTH], ShapeError, "must not be 0", {"alpha": 0.0})],
    ),
    row(
        ops.gelu,
        SMOOTH,
        gelu,
        bad=[
            INTEGERS,
            COMPLEX,
            Bad([SMOOTH], ShapeError, "'none' or 'tanh'", {"approximate": "x"}),
        ],
    ),
    row(ops.gelu, SMOOTH, gelu, approximate="tanh"),
    row(ops.silu, SMOOTH, lambda x: x * sigmoid(x), bad=[INTEGERS]),
    row(ops.mish, SMOOTH, lambda x: x * np.tanh(softplus(x))),
    row(ops.softplus, SMOOTH, softplus, bad=[INTEGERS]),
    row(ops.softplus, Input((3, 5), -9, -3), softplus, beta=2.0, threshold=1.0),
    row(ops.logsigmoid, SMOOTH, lambda x: np.log(sigmoid(x)), bad=[INTEGERS]),
    row(ops.softsign, KINKED, lambda x: x / (1 + np.abs(x))),
    row(ops.tanhshrink, SMOOTH, lambda x: x - np.tanh(x)),
    *(
        Case(
            "glu",
            ops.glu,
            [Input((2, 6, 4))],
            {"dim": dim},
            oracle=lambda x, dim: np.split(x, 2, dim)[0] * sigmoid(np.split(x, 2, dim)[1]),
            torch="nn.functional.glu",
            bad=[
                Bad([Input((3, 2))], ShapeError, "must be even", {"dim": 0}),
                Bad([Input((3, 2))], DimensionError, "out of range", {"dim": 2}),
            ],
        )
        for dim in (-1, 1)
    ),
]
