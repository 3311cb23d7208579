"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from optim.flat import FlatOptimizer, Piece
from optim.optimizer import Group


class SGD(FlatOptimizer):
    """Against the gradient, by ``lr`` times its length; with ``momentum``, in the direction of a
    running sum.

    ``dampening`` weakens what a gradient adds to that sum; ``nesterov`` looks one step ahead
    (Sutskever et al., 2013); ``weight_decay`` adds that much of each parameter to its gradient;
    ``maximize`` goes the other way. Raises ShapeError for negative options, and for nesterov
    without momentum or with dampening.

    >>> import autograd, optim
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = optim.SGD([w], lr=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0., 0.], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "momentum": momentum,
                "dampening": dampening,
                "weight_decay": weight_decay,
                "nesterov": nesterov,
                "maximize": maximize,
            },
        )

    def check(self, group: Group) -> None:
        for option in ("lr", "momentum", "weight_decay"):
            self.require(group[option] >= 0, option, group[option], "at least 0")
        if group["nesterov"]:
            self.require(
                group["momentum"] > 0, "momentum", group["momentum"], "positive for nesterov"
            )
            self.require(group["dampening"] == 0, "dampening", group["dampening"], "0 for nesterov")

    def state_names(self, group: Group) -> Sequence[str]:
        return ("momentum_buffer",) if group["momentum"] else ()

    def rule(self, piece: Piece, step: int, group: Group) -> None:
        gradient, scratch, state = piece
        lr, momentum = float(group["lr"]), group["momentum"]
        if not momentum:
            gradient *= lr
            return
        buffer = state["momentum_buffer"]
        if step == 1:
            buffer[...] = gradient
        else:
            buffer *= momentum
            buffer += np.multiply(gradient, 1 - group["dampening"], out=scratch)
        if group["nesterov"]:
            gradient += np.multiply(buffer, momentum, out=scratch)
            gradient *= lr
        else:
            np.multiply(buffer, lr, out=gradient)
