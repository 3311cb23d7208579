"""Rows for autograd/ops/probability_losses.py."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special, stats

from autograd.errors import DTypeError, ShapeError
from autograd.ops import probability_losses as ops
from tests.cases import Bad, Case, Input
from tests.ops.loss_cases import PROBABILITIES, X, Y, rows

COUNTS = Input((3, 4), 1.1, 4)


def logistic(x: Any, y: Any, weight: Any = 1.0, pos_weight: Any = 1.0) -> Any:
    p = special.expit(x)
    return -weight * (pos_weight * y * np.log(p) + (1 - y) * np.log(1 - p))


def poisson(x: Any, y: Any, log_input: bool = True, full: bool = False, eps: float = 1e-8) -> Any:
    loss = np.exp(x) - y * x if log_input else x - y * np.log(x + eps)
    return loss + (y * np.log(y / np.e) + np.log(2 * np.pi * y) / 2 if full else 0)


def gaussian(reduction: Any, shape: tuple[int, ...] = (3, 4), full: bool = True) -> Any:
    def oracle(x: Any, target: Any, var: Any, **params: Any) -> Any:
        var = np.broadcast_to(var.reshape(shape), x.shape)
        loss = -stats.norm.logpdf(target, x, np.sqrt(var))
        return reduction(loss - (0 if full else np.log(2 * np.pi) / 2))

    return oracle


VARIANCES = Input((3, 4), 0.5, 2)
BAD_VARIANCES = [
    Bad([X, X, Input((3, 3), 0.5, 2)], ShapeError, "var has shape (3, 3) but x (3, 4)"),
    Bad([X, X, Input((1, 1), 0.5, 2)], ShapeError, "var has shape (1, 1)"),
    Bad([X, X, Input((3, 4), -2, -1)], ShapeError, "holds a negative number"),
    Bad([X, Input((2, 3, 3)), VARIANCES], ShapeError, "broadcast"),
    Bad([X, X, VARIANCES], ShapeError, "'mean'", {"reduction": "avg"}),
]

CASES: list[Case] = [
    *rows(
        ops.binary_cross_entropy,
        [PROBABILITIES, PROBABILITIES],
        lambda x, y: -y * np.log(x) - (1 - y) * np.log(1 - x),
        Bad([Y, PROBABILITIES], ShapeError, "use binary_cross_entropy_with_logits"),
        Bad([PROBABILITIES, Input((3, 4), 0, 2, "int64")], DTypeError, "one floating dtype"),
    ),
    *rows(
        ops.binary_cross_entropy_with_logits,
        [X, PROBABILITIES],
        logistic,
        Bad([X, Input((3, 4), 0, 2, "int64")], DTypeError, "target.to(x.dtype)"),
    ),
    Case(
        "binary_cross_entropy_with_logits",
        lambda x, y, w, p: ops.binary_cross_entropy_with_logits(x, y, w, None, None, "sum", p),
        [X, PROBABILITIES, Input((4,)), Input((4,), 0.5, 2)],
        oracle=lambda *args: logistic(*args).sum(),
        torch=None,
    ),
    *rows(ops.kl_div, [X, PROBABILITIES], lambda x, y: y * (np.log(y) - x)),
    *rows(
        ops.kl_div,
        [X, X],
        lambda x, y, log_target: np.exp(y) * (y - x),
        log_target=True,
    ),
    *rows(ops.poisson_nll_loss, [X, COUNTS], poisson),
    *rows(ops.poisson_nll_loss, [X, COUNTS], poisson, full=True),
    *rows(
        ops.poisson_nll_loss,
        [Input((3, 4), 0.1, 2), COUNTS],
        poisson,
        log_input=False,
        full=True,
        eps=0.1,
    ),
    *(
        Case(
            "gaussian_nll_loss",
            ops.gaussian_nll_loss,
            [X, target, VARIANCES],
            {"full": True, "reduction": reduction},
            gaussian(function),
            torch="nn.functional.gaussian_nll_loss",
            bad=BAD_VARIANCES,
        )
        for target in (X, Input((3, 1)))
        for reduction, function in (("mean", np.mean), ("sum", np.sum), ("none", np.asarray))
    ),
    *(
        Case(
            "gaussian_nll_loss",
            ops.gaussian_nll_loss,
            [X, X, Input(shape, 0.5, 2)],
            oracle=gaussian(np.mean, broadcast, full=False),
            torch="nn.functional.gaussian_nll_loss",
        )
        for shape, broadcast in (((3,), (3, 1)), ((3, 1), (3, 1)), ((1, 4), (1, 4)))
    ),
]
