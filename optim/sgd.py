"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from optim.blocks import Numbers, Piece
from optim.flat import FlatOptimizer
from optim.optimizer import Number, Params
from optim.options import Group


class SGD(FlatOptimizer):
    """Against the gradient, by ``lr`` times its length; with ``momentum``, in the direction of a
    running sum (Polyak, 1964)::

        b = momentum * b + (1 - dampening) * g        (b = g in the first step)
        w = w - lr * b                                (nesterov: lr * (g + momentum * b))

    ``dampening`` weakens what a gradient adds to that sum; ``nesterov`` looks one step ahead
    (Sutskever et al., 2013); ``weight_decay`` adds that much of each parameter to its gradient;
    ``maximize`` goes the other way. ``foreach`` and ``fused`` change nothing. Raises ShapeError for
    negative options, for nesterov without momentum or with dampening, and for ``differentiable``.

    >>> import autograd, optim
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = optim.SGD([w], lr=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0., 0.], requires_grad=True)
    """

    saves_step = False

    def __init__(
        self,
        params: Params,
        lr: Number = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: Number = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            momentum=momentum,
            dampening=dampening,
            weight_decay=weight_decay,
            nesterov=nesterov,
            maximize=maximize,
            foreach=foreach,
            differentiable=differentiable,
            fused=fused,
        )

    def check(self, group: Group) -> None:
        super().check(group)
        self.require_not_negative(group, "momentum")
        if group["nesterov"]:
            self.require(
                group["momentum"] > 0, "momentum", group["momentum"], "positive for nesterov"
            )
            self.require(group["dampening"] == 0, "dampening", group["dampening"], "0 for nesterov")

    def initial_state(self, group: Group) -> Mapping[str, float]:
        return {"momentum_buffer": 0} if group["momentum"] else {}

    def rule(self, piece: Piece, numbers: Numbers, group: Group) -> None:
        gradient, scratch, state, _ = piece
        lr, momentum = float(group["lr"]), group["momentum"]
        if not momentum:
            gradient *= lr
            return
        buffer = state["momentum_buffer"]
        if numbers["step"] == 1:
            buffer[...] = gradient
        else:
            buffer *= momentum
            if group["dampening"]:
                buffer += np.multiply(gradient, 1 - group["dampening"], out=scratch)
            else:
                buffer += gradient
        if group["nesterov"]:
            gradient += np.multiply(buffer, momentum, out=scratch)
            gradient *= lr
        else:
            np.multiply(buffer, lr, out=gradient)


class Momentum(SGD):
    """`SGD` with a momentum of 0.9.

    >>> import autograd, optim
    >>> optim.Momentum([autograd.zeros(1, requires_grad=True)]).defaults["momentum"]
    0.9
    """

    def __init__(
        self,
        params: Params,
        lr: Number = 1e-3,
        momentum: float = 0.9,
        dampening: float = 0,
        weight_decay: Number = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr, momentum, dampening, weight_decay, nesterov, maximize=maximize)
