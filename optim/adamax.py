"""Adamax."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from optim.averages import update_mean
from optim.blocks import Numbers, Piece
from optim.flat import FlatOptimizer
from optim.optimizer import Number, Params
from optim.options import Group


class Adamax(FlatOptimizer):
    """`optim.Adam` with a decaying maximum in place of the mean square (Kingma and Ba, 2015)::

        m = beta1 * m + (1 - beta1) * g
        u = max(beta2 * u, |g| + eps)
        w = w - lr / (1 - beta1**t) * m / u

    ``weight_decay`` adds that much of each parameter to its gradient; ``maximize`` goes the other
    way; ``foreach`` and ``capturable`` change nothing. Raises ShapeError for negative options,
    betas outside [0, 1), and for ``differentiable``.

    >>> import autograd, optim
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = optim.Adamax([w], lr=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.5000, 1.5000], requires_grad=True)
    """

    def __init__(
        self,
        params: Params,
        lr: Number = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            foreach=foreach,
            maximize=maximize,
            differentiable=differentiable,
            capturable=capturable,
        )

    def check(self, group: Group) -> None:
        super().check(group)
        self.require_not_negative(group, "eps")
        self.require_betas(group)

    def initial_state(self, group: Group) -> Mapping[str, float]:
        return {"exp_avg": 0.0, "exp_inf": 0.0}

    def rule(self, piece: Piece, numbers: Numbers, group: Group) -> None:
        gradient, scratch, state, _ = piece
        beta1, beta2 = group["betas"]
        mean, largest = state["exp_avg"], state["exp_inf"]
        update_mean(mean, gradient, beta1, scratch)
        np.abs(gradient, out=scratch)
        scratch += group["eps"]
        largest *= beta2
        np.maximum(largest, scratch, out=largest)
        np.divide(mean, largest, out=gradient)
        gradient *= float(group["lr"]) / (1 - beta1 ** numbers["step"])
