"""Adadelta."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from optim.averages import update_mean_square
from optim.blocks import Numbers, Piece
from optim.flat import FlatOptimizer
from optim.optimizer import Number, Params
from optim.options import Group


class Adadelta(FlatOptimizer):
    """Steps in which the gradient is scaled by the size of earlier steps over its own (Zeiler,
    2012)::

        v = rho * v + (1 - rho) * g**2
        d = sqrt(u + eps) / sqrt(v + eps) * g
        u = rho * u + (1 - rho) * d**2
        w = w - lr * d

    ``weight_decay`` adds that much of each parameter to its gradient; ``maximize`` goes the other
    way; ``foreach`` and ``capturable`` change nothing. Raises ShapeError for negative options, rho
    above 1, and for ``differentiable``.

    >>> import autograd, optim
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = optim.Adadelta([w], eps=1e-2)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.6877, 1.6848], requires_grad=True)
    """

    def __init__(
        self,
        params: Params,
        lr: Number = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            rho=rho,
            eps=eps,
            weight_decay=weight_decay,
            maximize=maximize,
            capturable=capturable,
            foreach=foreach,
            differentiable=differentiable,
        )

    def check(self, group: Group) -> None:
        super().check(group)
        self.require_not_negative(group, "eps")
        self.require(0 <= self.number("rho", group["rho"]) <= 1, "rho", group["rho"], "in [0, 1]")

    def initial_state(self, group: Group) -> Mapping[str, float]:
        return {"square_avg": 0.0, "acc_delta": 0.0}

    def rule(self, piece: Piece, numbers: Numbers, group: Group) -> None:
        gradient, scratch, state, _ = piece
        lr, rho, eps = float(group["lr"]), group["rho"], group["eps"]
        update_mean_square(state["square_avg"], gradient, rho, scratch)
        np.add(state["square_avg"], eps, out=scratch)
        gradient /= np.sqrt(scratch, out=scratch)
        np.add(state["acc_delta"], eps, out=scratch)
        gradient *= np.sqrt(scratch, out=scratch)
        update_mean_square(state["acc_delta"], gradient, rho, scratch)
        if lr != 1:
            gradient *= lr
