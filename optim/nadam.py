"""NAdam."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import numpy as np

from optim.averages import update_mean, update_mean_square
from optim.blocks import Numbers, Piece
from optim.flat import FlatOptimizer, number_dtype
from optim.optimizer import Number, Params
from optim.options import Group


class NAdam(FlatOptimizer):
    """`optim.Adam` with Nesterov's look ahead (Dozat, 2016)::

        mu_t = beta1 * (1 - 0.5 * 0.96**(t * momentum_decay));  M_t = mu_1 * ... * mu_t
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        n = (1 - mu_t) / (1 - M_t) * g + mu_(t+1) / (1 - M_(t+1)) * m
        w = w - lr * n / (sqrt(v / (1 - beta2**t)) + eps)

    ``weight_decay`` adds that much of each parameter to its gradient; with
    ``decoupled_weight_decay`` it shrinks the parameter itself, by ``lr`` times as much.
    ``maximize`` goes the other way; ``foreach`` and ``capturable`` change nothing. Raises
    ShapeError for negative options, betas outside [0, 1), and for ``differentiable``.

    >>> import autograd, optim
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = optim.NAdam([w], lr=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.4718, 1.4718], requires_grad=True)
    """

    def __init__(
        self,
        params: Params,
        lr: Number = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
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
            momentum_decay=momentum_decay,
            decoupled_weight_decay=decoupled_weight_decay,
            maximize=maximize,
            foreach=foreach,
            capturable=capturable,
            differentiable=differentiable,
        )

    def check(self, group: Group) -> None:
        super().check(group)
        self.require_not_negative(group, "eps", "momentum_decay")
        self.require_betas(group)

    def initial_state(self, group: Group) -> Mapping[str, float]:
        return {"exp_avg": 0.0, "exp_avg_sq": 0.0}

    def initial_numbers(self, group: Group) -> Numbers:
        return {"step": 0, "mu_product": number_dtype().type(1)}

    def advance(self, numbers: Numbers, group: Group) -> Numbers:
        # In the precision of the product, which PyTorch keeps in single precision.
        product = numbers["mu_product"]
        return {**numbers, "mu_product": product * product.dtype.type(_mu(numbers["step"], group))}

    def rule(self, piece: Piece, numbers: Numbers, group: Group) -> None:
        gradient, scratch, state, _ = piece
        step, (beta1, beta2) = numbers["step"], group["betas"]
        mean, square = state["exp_avg"], state["exp_avg_sq"]
        update_mean(mean, gradient, beta1, scratch)
        update_mean_square(square, gradient, beta2, scratch)
        mu, mu_next = _mu(step, group), _mu(step + 1, group)
        product = float(self.advance(numbers, group)["mu_product"])
        correction = sqrt(1 - beta2**step)  # taken out of the denominator, with lr
        scale = float(group["lr"]) * correction
        gradient *= scale * (1 - mu) / (1 - product)
        gradient += np.multiply(mean, scale * mu_next / (1 - product * mu_next), out=scratch)
        np.sqrt(square, out=scratch)
        scratch += group["eps"] * correction
        gradient /= scratch


def _mu(step: int, group: Group) -> float:
    """How much of the running mean the step number ``step`` takes."""
    warmth: float = 1 - 0.5 * 0.96 ** (step * group["momentum_decay"])
    return group["betas"][0] * warmth  # type: ignore[no-any-return]  # betas are numbers
