"""Adam and AdamW."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np

from autograd._tensor import Tensor
from optim.averages import update_mean, update_mean_square
from optim.blocks import Numbers, Piece
from optim.flat import FlatOptimizer
from optim.optimizer import Number, Params
from optim.options import Group


class Adam(FlatOptimizer):
    """Steps of the running mean of the gradient over the root of that of its square (Kingma and Ba,
    2015)::

        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        w = w - lr * (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + eps)

    ``betas`` say how much of each running mean is kept at step ``t``. ``weight_decay`` adds that
    much of each parameter to its gradient; with ``decoupled_weight_decay`` it shrinks the parameter
    itself, see `AdamW`. ``amsgrad`` divides by the largest root so far (Reddi et al., 2018).
    ``maximize`` goes the other way; ``foreach``, ``capturable`` and ``fused`` change nothing.
    Raises ShapeError for negative options, betas outside [0, 1), and for ``differentiable``.

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
        params: Params,
        lr: Number = 1e-3,
        betas: tuple[Number, Number] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            amsgrad=amsgrad,
            maximize=maximize,
            foreach=foreach,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=decoupled_weight_decay,
        )

    def check(self, group: Group) -> None:
        super().check(group)
        self.require_not_negative(group, "eps")
        self.require_betas(group)
        tensors = [isinstance(beta, Tensor) for beta in group["betas"]]
        self.require(
            tensors[0] == tensors[1], "betas", group["betas"], "two numbers or two tensors"
        )
        if group["foreach"] and not group["capturable"]:
            has_tensor = tensors[0] or isinstance(group["lr"], Tensor)
            self.require(
                not has_tensor,
                "foreach",
                True,
                "False, or capturable True, where lr or betas are tensors",
            )

    def initial_state(self, group: Group) -> Mapping[str, float]:
        names = {"exp_avg": 0.0, "exp_avg_sq": 0.0}
        return {**names, "max_exp_avg_sq": 0.0} if group["amsgrad"] else names

    def rule(self, piece: Piece, numbers: Numbers, group: Group) -> None:
        gradient, scratch, state, _ = piece
        step, (beta1, beta2) = numbers["step"], map(float, group["betas"])
        mean, square = state["exp_avg"], state["exp_avg_sq"]
        update_mean(mean, gradient, beta1, scratch)
        update_mean_square(square, gradient, beta2, scratch)
        if group["amsgrad"]:
            square = np.maximum(state["max_exp_avg_sq"], square, out=state["max_exp_avg_sq"])
        # Corrections of the bias towards the zeros of the start, taken out of the arrays.
        correction1, correction2 = 1 - beta1**step, sqrt(1 - beta2**step)
        np.sqrt(square, out=scratch)
        scratch += group["eps"] * correction2
        np.divide(mean, scratch, out=gradient)
        gradient *= float(group["lr"]) * correction2 / correction1


class AdamW(Adam):
    """`Adam` that shrinks the parameters by ``lr * weight_decay`` themselves, whatever their
    gradients (Loshchilov and Hutter, 2019).

    >>> import autograd, optim
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = optim.AdamW([w], lr=0.5, weight_decay=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.2500, 1.0000], requires_grad=True)
    """

    def __init__(
        self,
        params: Params,
        lr: Number = 1e-3,
        betas: tuple[Number, Number] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            foreach=foreach,
            maximize=maximize,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
        )

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from ``state_dict``, which may be that of an `Adam`: the parameters are shrunk from
        now on."""
        super().load_state_dict(state_dict)
        for group in self.param_groups:
            group["decoupled_weight_decay"] = True
