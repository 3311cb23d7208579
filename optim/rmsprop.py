"""RMSprop."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from optim.averages import update_mean, update_mean_square
from optim.blocks import Numbers, Piece
from optim.flat import FlatOptimizer
from optim.optimizer import Number, Params
from optim.options import Group


class RMSprop(FlatOptimizer):
    """Steps of the gradient over the root of a running mean of its square (Tieleman and Hinton,
    2012)::

        v = alpha * v + (1 - alpha) * g**2
        a = alpha * a + (1 - alpha) * g               (centered; else a = 0)
        b = momentum * b + g / (sqrt(v - a**2) + eps)
        w = w - lr * b

    ``centered`` divides by an estimate of the standard deviation instead (Graves, 2013).
    ``weight_decay`` adds that much of each parameter to its gradient; ``maximize`` goes the other
    way; ``capturable`` and ``foreach`` change nothing. Raises ShapeError for negative options, and
    for ``differentiable``.

    >>> import autograd, optim
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = optim.RMSprop([w], lr=0.05)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.5000, 1.5000], requires_grad=True)
    """

    def __init__(
        self,
        params: Params,
        lr: Number = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            momentum=momentum,
            alpha=alpha,
            eps=eps,
            centered=centered,
            weight_decay=weight_decay,
            capturable=capturable,
            foreach=foreach,
            maximize=maximize,
            differentiable=differentiable,
        )

    def check(self, group: Group) -> None:
        super().check(group)
        self.require_not_negative(group, "alpha", "eps", "momentum")

    def initial_state(self, group: Group) -> Mapping[str, float]:
        names = ["square_avg"]
        if group["momentum"]:
            names.append("momentum_buffer")
        if group["centered"]:
            names.append("grad_avg")
        return dict.fromkeys(names, 0.0)

    def rule(self, piece: Piece, numbers: Numbers, group: Group) -> None:
        gradient, scratch, state, _ = piece
        square, alpha = state["square_avg"], group["alpha"]
        update_mean_square(square, gradient, alpha, scratch)
        if group["centered"]:
            mean = state["grad_avg"]
            update_mean(mean, gradient, alpha, scratch)
            np.multiply(mean, mean, out=scratch)
            np.subtract(square, scratch, out=scratch)
            np.sqrt(scratch, out=scratch)
        else:
            np.sqrt(square, out=scratch)
        scratch += group["eps"]
        gradient /= scratch
        if group["momentum"]:
            buffer = state["momentum_buffer"]
            buffer *= group["momentum"]
            buffer += gradient
            np.multiply(buffer, float(group["lr"]), out=gradient)
        else:
            gradient *= float(group["lr"])
