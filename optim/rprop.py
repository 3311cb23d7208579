"""Resilient backpropagation."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from optim.blocks import Numbers, Piece
from optim.flat import FlatOptimizer
from optim.optimizer import Number, Params
from optim.options import Group


class Rprop(FlatOptimizer):
    """Steps that look only at the sign of the gradient, each parameter with a length of its own
    (Riedmiller and Braun, 1993)::

        s = min(s * etas[1], step_sizes[1])           (g has kept its sign)
        s = max(s * etas[0], step_sizes[0]); g = 0    (it has changed)
        w = w - s * sign(g)

    The lengths start from ``lr``. It is meant for gradients of all the data, not of batches.
    ``maximize`` goes the other way; ``capturable`` and ``foreach`` change nothing. Raises
    ShapeError for a negative lr, unless ``0 < etas[0] < 1 < etas[1]``, and for ``differentiable``.

    >>> import autograd, optim
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = optim.Rprop([w], lr=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.5000, 1.5000], requires_grad=True)
    """

    def __init__(
        self,
        params: Params,
        lr: Number = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            etas=etas,
            step_sizes=step_sizes,
            foreach=foreach,
            maximize=maximize,
            differentiable=differentiable,
            capturable=capturable,
        )

    def check(self, group: Group) -> None:
        super().check(group)
        etas = group["etas"]
        self.require(
            len(etas) == 2 and 0 < etas[0] < 1 < etas[1],
            "etas",
            etas,
            "one number between 0 and 1, and one above 1",
        )

    def initial_state(self, group: Group) -> Mapping[str, float]:
        return {"prev": 0.0, "step_size": float(group["lr"])}

    def rule(self, piece: Piece, numbers: Numbers, group: Group) -> None:
        gradient, scratch, state, _ = piece
        shorter, longer = group["etas"]
        previous, length = state["prev"], state["step_size"]
        np.multiply(gradient, previous, out=scratch)
        has_turned = scratch < 0
        np.multiply(length, longer, out=length, where=scratch > 0)
        np.multiply(length, shorter, out=length, where=has_turned)
        np.clip(length, *group["step_sizes"], out=length)
        gradient[has_turned] = 0
        previous[...] = gradient
        np.sign(gradient, out=gradient)
        gradient *= length
