"""Averaged stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from optim.blocks import Numbers, Piece
from optim.flat import FlatOptimizer, number_dtype
from optim.optimizer import Number, Params
from optim.options import Group


class ASGD(FlatOptimizer):
    """Gradient descent that also keeps the average of the parameters (Polyak and Juditsky, 1992)::

        w = w - eta_t * (g + lambd * w)
        a = a + mu_t * (w - a)
        eta_(t+1) = lr / (1 + lambd * lr * t)**alpha;  mu_(t+1) = 1 / max(1, t - t0)

    The average ``a``, ``state[w]["ax"]``, is that of the steps after ``t0``. ``lambd`` shrinks the
    parameters, ``alpha`` says how fast the steps get shorter. ``weight_decay`` adds that much of
    each parameter to its gradient; ``maximize`` goes the other way; ``foreach`` and ``capturable``
    change nothing. Raises ShapeError for a negative lr or weight_decay, and for ``differentiable``.

    >>> import autograd, optim
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = optim.ASGD([w], lr=0.25, lambd=0)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> optimizer.state[w]["ax"]
    tensor([0.5000, 1.0000])
    """

    needs_values = True

    def __init__(
        self,
        params: Params,
        lr: Number = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            lambd=lambd,
            alpha=alpha,
            t0=t0,
            weight_decay=weight_decay,
            foreach=foreach,
            maximize=maximize,
            differentiable=differentiable,
            capturable=capturable,
        )

    def initial_state(self, group: Group) -> Mapping[str, float]:
        return {"ax": 0.0}

    def initial_numbers(self, group: Group) -> Numbers:
        number = number_dtype().type  # PyTorch keeps them in single precision
        return {"step": 0, "eta": number(float(group["lr"])), "mu": number(1)}

    def advance(self, numbers: Numbers, group: Group) -> Numbers:
        step, lr, number = numbers["step"], float(group["lr"]), numbers["mu"].dtype.type
        eta = lr / (1 + group["lambd"] * lr * step) ** group["alpha"]
        return {"step": step, "eta": number(eta), "mu": number(1 / max(1, step - group["t0"]))}

    def rule(self, piece: Piece, numbers: Numbers, group: Group) -> None:
        gradient, scratch, state, values = piece
        eta, mu, average = float(numbers["eta"]), float(numbers["mu"]), state["ax"]
        gradient *= eta
        gradient += np.multiply(values, group["lambd"] * eta, out=scratch)
        np.subtract(values, gradient, out=scratch)  # the new values
        if mu == 1:
            average[...] = scratch
        else:
            scratch -= average
            scratch *= mu
            average += scratch
