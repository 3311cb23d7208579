"""Adam and AdamW."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

import numpy as np

from optim.flat import FlatOptimizer, Piece
from optim.optimizer import Group


class Adam(FlatOptimizer):
    """Steps of the running mean of the gradient over the root of that of its square (Kingma and Ba,
    2015).

    ``betas`` say how much of each running mean is kept at a step; ``eps`` is added to the root.
    ``weight_decay`` adds that much of each parameter to its gradient. ``amsgrad`` divides by the
    largest root so far (Reddi et al., 2018). Raises ShapeError for negative options, and for betas
    outside [0, 1).

    >>> import autograd, optim
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = optim.Adam([w], lr=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.5000, 1.5000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "betas": betas,
                "eps": eps,
                "weight_decay": weight_decay,
                "amsgrad": amsgrad,
                "maximize": maximize,
            },
        )

    def check(self, group: Group) -> None:
        for option in ("lr", "eps", "weight_decay"):
            self.require(group[option] >= 0, option, group[option], "at least 0")
        betas = group["betas"]
        self.require(
            len(betas) == 2 and all(0 <= beta < 1 for beta in betas),
            "betas",
            betas,
            "two numbers in [0, 1)",
        )

    def state_names(self, group: Group) -> Sequence[str]:
        return (
            ("exp_avg", "exp_avg_sq", "max_exp_avg_sq")
            if group["amsgrad"]
            else ("exp_avg", "exp_avg_sq")
        )

    def rule(self, piece: Piece, step: int, group: Group) -> None:
        gradient, scratch, state = piece
        beta1, beta2 = group["betas"]
        mean, square = state["exp_avg"], state["exp_avg_sq"]
        square *= beta2
        np.multiply(gradient, gradient, out=scratch)
        scratch *= 1 - beta2
        square += scratch
        gradient -= mean
        gradient *= 1 - beta1
        mean += gradient
        if group["amsgrad"]:
            square = np.maximum(state["max_exp_avg_sq"], square, out=state["max_exp_avg_sq"])
        # lr * (mean / correction1) / (sqrt(square) / correction2 + eps), with the numbers taken
        # together.
        correction1, correction2 = 1 - beta1**step, sqrt(1 - beta2**step)
        np.sqrt(square, out=scratch)
        scratch += group["eps"] * correction2
        np.divide(mean, scratch, out=gradient)
        gradient *= float(group["lr"]) * correction2 / correction1


class AdamW(Adam):
    """`Adam` that shrinks the parameters by ``lr * weight_decay`` themselves (Loshchilov and
    Hutter, 2019)."""

    decoupled = True

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)
