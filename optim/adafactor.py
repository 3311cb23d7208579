"""Adafactor."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np

from optim.averages import update_mean
from optim.flat import number_dtype
from optim.optimizer import Number, Params
from optim.options import Group
from optim.parameterwise import ParameterwiseOptimizer


class Adafactor(ParameterwiseOptimizer):
    """Steps scaled as Adam's, with the mean squares of a matrix remembered as those of its rows and
    columns only (Shazeer and Stern, 2018)::

        b = t**beta2_decay
        R = (1 - b) * R + b * mean(g**2, dim=-1);  C = (1 - b) * C + b * mean(g**2, dim=-2)
        u = g / max(sqrt(R * C / max(mean(R), eps1)), eps1)
        w = w - max(eps2, rms(w)) * min(lr, 1 / sqrt(t)) * u / max(1, rms(u) / d)

    Parameters of less than two dims keep all their mean squares. ``eps`` is the pair (eps1, eps2),
    where None stands for the spacing of the dtype at 1; ``d`` limits the size of a step.
    ``weight_decay`` shrinks the parameters, by ``lr`` times as much. ``maximize`` goes the other
    way; ``foreach`` changes nothing. Raises ShapeError for negative options, positive beta2_decay
    and d below 1, and DTypeError in a step of complex parameters.

    >>> import autograd, optim
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = optim.Adafactor([w], lr=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.2094, 1.2094], requires_grad=True)
    """

    def __init__(
        self,
        params: Params,
        lr: Number = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            beta2_decay=beta2_decay,
            eps=eps,
            d=d,
            weight_decay=weight_decay,
            foreach=foreach,
            maximize=maximize,
        )

    def check(self, group: Group) -> None:
        super().check(group)
        eps1, eps2 = group["eps"]
        self.require(eps1 is None or eps1 >= 0, "eps[0]", eps1, "None or at least 0")
        self.require(eps2 >= 0, "eps[1]", eps2, "at least 0")
        decay, d = group["beta2_decay"], group["d"]
        self.require(self.number("beta2_decay", decay) <= 0, "beta2_decay", decay, "at most 0")
        self.require(self.number("d", d) >= 1, "d", d, "at least 1")

    def initial_state(self, values: Any) -> Mapping[str, Any]:
        step = {"step": np.zeros((), number_dtype())}
        if values.ndim < 2:
            return {**step, "variance": np.zeros_like(values)}
        return {
            **step,
            "row_var": np.zeros_like(values[..., :1]),
            "col_var": np.zeros_like(values[..., :1, :]),
        }

    def rule(self, values: Any, gradient: Any, state: Mapping[str, Any], group: Group) -> None:
        lr, (eps1, eps2) = float(group["lr"]), group["eps"]
        if eps1 is None:
            eps1 = float(np.finfo(values.dtype).eps)
        state["step"][...] += 1
        if not values.size:
            return
        step = float(state["step"])
        length = max(eps2, _rms(values)) * min(lr, 1 / sqrt(step))
        update = _variance(gradient, state, 1 - step ** group["beta2_decay"], eps1)
        np.maximum(update, eps1 * eps1, out=update)
        np.sqrt(update, out=update)
        np.divide(gradient, update, out=update)
        update *= length / max(1.0, _rms(update) / group["d"])
        values *= 1 - lr * group["weight_decay"]
        values -= update


def _variance(gradient: Any, state: Mapping[str, Any], kept: float, least: float) -> Any:
    """The running mean of the squares of ``gradient``, of which ``kept`` is kept: a new array, from
    rows and columns where there are any."""
    squares = np.square(gradient)
    if gradient.ndim < 2:
        variance = state["variance"]
        update_mean(variance, squares, kept, np.empty_like(squares))
        return variance.copy()
    rows, columns = state["row_var"], state["col_var"]
    for mean, dim in ((rows, -1), (columns, -2)):
        new = np.mean(squares, axis=dim, keepdims=True)
        update_mean(mean, new, kept, np.empty_like(new))
    total = np.maximum(np.mean(rows, axis=-2, keepdims=True), least)
    return rows * columns / total


def _rms(values: Any) -> float:
    """The root of the mean of the squares."""
    return float(np.linalg.norm(values)) / sqrt(values.size)
