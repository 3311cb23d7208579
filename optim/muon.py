"""Muon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np

from autograd.errors import ShapeError
from optim.averages import update_mean
from optim.optimizer import Number, Params
from optim.options import Group
from optim.parameterwise import ParameterwiseOptimizer

COEFFICIENTS = (3.4445, -4.7750, 2.0315)


class Muon(ParameterwiseOptimizer):
    """Steps of momentum made orthogonal: all singular values of a step are about 1 (Jordan et al.,
    2024)::

        b = momentum * b + (1 - momentum) * g
        n = (1 - momentum) * g + momentum * b         (nesterov; else n = b)
        w = (1 - lr * weight_decay) * w - lr * adjustment * orthogonal(n)

    For the matrices of hidden layers; other parameters need another optimizer. See `orthogonal` for
    ``ns_coefficients``, ``ns_steps`` and ``eps``. The adjustment for a matrix of ``rows x columns``
    is ``sqrt(max(1, rows / columns))`` if ``adjust_lr_fn`` is None or "original", and
    ``0.2 * sqrt(max(rows, columns))`` if it is "match_rms_adamw", with which learning rates for
    AdamW can be kept (Liu et al., 2025). Raises ShapeError for negative options, other adjustments
    and parameters that are no matrices, and DTypeError in a step of complex parameters.

    >>> import autograd, optim
    >>> w = autograd.tensor([[3.0, 0.0], [0.0, 4.0]], requires_grad=True)
    >>> optimizer = optim.Muon([w], lr=1.0, weight_decay=0)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([[2.3047, 0.0000],
            [0.0000, 2.9062]], requires_grad=True)
    """

    def __init__(
        self,
        params: Params,
        lr: Number = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = COEFFICIENTS,
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            weight_decay=weight_decay,
            momentum=momentum,
            nesterov=nesterov,
            ns_coefficients=ns_coefficients,
            eps=eps,
            ns_steps=ns_steps,
            adjust_lr_fn=adjust_lr_fn,
        )

    def check(self, group: Group) -> None:
        super().check(group)
        self.require_not_negative(group, "momentum")
        adjustment = group["adjust_lr_fn"]
        self.require(
            adjustment in (None, "original", "match_rms_adamw"),
            "adjust_lr_fn",
            adjustment,
            'None, "original" or "match_rms_adamw"',
        )
        for param in group["params"]:
            if param.ndim != 2:
                raise ShapeError(
                    f"Muon: needs matrices, got a parameter of shape {param.shape}; give biases "
                    "and the like to another optimizer, AdamW say"
                )

    def initial_state(self, values: Any) -> Mapping[str, Any]:
        return {"momentum_buffer": np.zeros_like(values)}

    def rule(self, values: Any, gradient: Any, state: Mapping[str, Any], group: Group) -> None:
        lr, momentum = float(group["lr"]), group["momentum"]
        buffer, scratch = state["momentum_buffer"], np.empty_like(gradient)
        update_mean(buffer, gradient, momentum, scratch)
        direction = buffer.copy()
        if group["nesterov"]:
            update_mean(direction, gradient, momentum, scratch)
        update = orthogonal(
            direction, group["ns_coefficients"], group["ns_steps"], group["eps"]
        ).astype(values.dtype)
        update *= lr * _adjustment(values.shape, group["adjust_lr_fn"])
        values *= 1 - lr * group["weight_decay"]
        values -= update


def _adjustment(shape: tuple[int, int], kind: str | None) -> float:
    """The factor of the learning rate for a matrix of ``shape``."""
    rows, columns = shape
    if kind == "match_rms_adamw":
        return 0.2 * sqrt(max(rows, columns))
    return sqrt(max(1, rows / columns))


def orthogonal(
    matrix: Any, coefficients: Sequence[float] = COEFFICIENTS, steps: int = 5, eps: float = 1e-7
) -> Any:
    """Bring the singular values of ``matrix`` near 1 with ``steps`` Newton-Schulz iterations of
    ``x -> a x + b x**3 + c x**5``: float32.

    The matrix is first divided by its norm, or ``eps`` if that is larger. The published
    coefficients don't converge to 1 but quickly reach 0.7 to 1.2, which serves as well (Jordan et
    al., 2024). Every result is rounded to bfloat16, in which PyTorch computes them. Raises
    ShapeError for other than three coefficients, and 100 steps or more.

    >>> import numpy as np
    >>> np.linalg.svd(orthogonal(np.array([[1.0, 2.0], [3.0, 4.0]]))).S.round(1)
    array([1.1, 0.7], dtype=float32)
    """
    if len(coefficients) != 3 or steps >= 100:
        raise ShapeError(
            "Muon: needs three ns_coefficients and less than 100 ns_steps, got "
            f"{coefficients} and {steps}"
        )
    if matrix.shape[0] > matrix.shape[1]:  # the smaller of x @ x.T and x.T @ x will do
        return orthogonal(matrix.T, coefficients, steps, eps).T
    # Coefficients of single precision, but sums in double: PyTorch's are rounded only once.
    a, b, c = (np.float64(np.float32(coefficient)) for coefficient in coefficients)
    x = _bfloat16(matrix)
    x = _bfloat16(x / np.maximum(_bfloat16(np.linalg.norm(x)), _bfloat16(eps)))
    for _ in range(steps):
        gram = _bfloat16(x @ x.T)
        x = _bfloat16(a * x + _bfloat16(b * gram + c * (gram @ gram)) @ x)
    return x


def _bfloat16(x: Any) -> Any:
    """``x`` rounded to the 8 leading bits of bfloat16, ties to even, as float32."""
    bits = np.array(x, np.float32, order="C").view(np.uint32)
    bits += 0x7FFF + ((bits >> 16) & 1)
    bits &= 0xFFFF0000
    return bits.view(np.float32)
