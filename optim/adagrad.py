"""Adagrad."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from optim.blocks import Numbers, Piece
from optim.flat import FlatOptimizer
from optim.optimizer import Number, Params
from optim.options import Group


class Adagrad(FlatOptimizer):
    """Steps of the gradient over the root of the sum of all its squares so far (Duchi et al.,
    2011)::

        s = s + g**2
        w = w - lr / (1 + (t - 1) * lr_decay) * g / (sqrt(s) + eps)

    The sum starts from ``initial_accumulator_value``, for all groups that of the constructor, as in
    PyTorch. ``weight_decay`` adds that much of each parameter to its gradient; ``maximize`` goes
    the other way; ``foreach`` and ``fused`` change nothing. Raises ShapeError for negative options,
    and for ``differentiable``.

    >>> import autograd, optim
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = optim.Adagrad([w], lr=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.5000, 1.5000], requires_grad=True)
    """

    starts_at_once = True

    def __init__(
        self,
        params: Params,
        lr: Number = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            lr_decay=lr_decay,
            eps=eps,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
            foreach=foreach,
            maximize=maximize,
            differentiable=differentiable,
            fused=fused,
        )

    def check(self, group: Group) -> None:
        super().check(group)
        self.require_not_negative(group, "lr_decay", "initial_accumulator_value", "eps")

    def initial_state(self, group: Group) -> Mapping[str, float]:
        return {"sum": self.defaults["initial_accumulator_value"]}

    def rule(self, piece: Piece, numbers: Numbers, group: Group) -> None:
        gradient, scratch, state, _ = piece
        total = state["sum"]
        total += np.multiply(gradient, gradient, out=scratch)
        np.sqrt(total, out=scratch)
        scratch += group["eps"]
        gradient /= scratch
        gradient *= float(group["lr"]) / (1 + (numbers["step"] - 1) * group["lr_decay"])
