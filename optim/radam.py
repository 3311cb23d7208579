"""RAdam."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import numpy as np

from optim.averages import update_mean, update_mean_square
from optim.blocks import Numbers, Piece
from optim.flat import FlatOptimizer
from optim.optimizer import Number, Params
from optim.options import Group


class RAdam(FlatOptimizer):
    """`optim.Adam` that trusts the mean square only once it rests on enough steps (Liu et al.,
    2020)::

        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        L = 2 / (1 - beta2) - 1;  l = L - 2 * t * beta2**t / (1 - beta2**t)
        r = sqrt((l - 4) * (l - 2) * L / ((L - 4) * (L - 2) * l))
        w = w - lr * m / (1 - beta1**t) * (r * sqrt(1 - beta2**t) / (sqrt(v) + eps) if l > 5 else 1)

    ``weight_decay`` adds that much of each parameter to its gradient; with
    ``decoupled_weight_decay`` it shrinks the parameter itself, by ``lr`` times as much.
    ``maximize`` goes the other way; ``foreach`` and ``capturable`` change nothing. Raises
    ShapeError for negative options, betas outside [0, 1), and for ``differentiable``.

    >>> import autograd, optim
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = optim.RAdam([w], lr=0.25)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.5000, 1.0000], requires_grad=True)
    """

    def __init__(
        self,
        params: Params,
        lr: Number = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            maximize=maximize,
            foreach=foreach,
            capturable=capturable,
            decoupled_weight_decay=decoupled_weight_decay,
            differentiable=differentiable,
        )

    def check(self, group: Group) -> None:
        super().check(group)
        self.require_not_negative(group, "eps")
        self.require_betas(group)

    def initial_state(self, group: Group) -> Mapping[str, float]:
        return {"exp_avg": 0.0, "exp_avg_sq": 0.0}

    def rule(self, piece: Piece, numbers: Numbers, group: Group) -> None:
        gradient, scratch, state, _ = piece
        step, (beta1, beta2) = numbers["step"], group["betas"]
        mean, square = state["exp_avg"], state["exp_avg_sq"]
        update_mean(mean, gradient, beta1, scratch)
        update_mean_square(square, gradient, beta2, scratch)
        scale = float(group["lr"]) / (1 - beta1**step)
        rectification = _rectification(step, beta2)
        if rectification is None:
            np.multiply(mean, scale, out=gradient)
            return
        np.sqrt(square, out=scratch)
        scratch += group["eps"]
        np.divide(mean, scratch, out=gradient)
        gradient *= scale * sqrt(1 - beta2**step) * rectification


def _rectification(step: int, beta2: float) -> float | None:
    """The factor for the variance of the mean square at ``step``; None while it can't be told."""
    longest = 2 / (1 - beta2) - 1
    length = longest - 2 * step * beta2**step / (1 - beta2**step)
    if length <= 5:
        return None
    return sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length))
