"""Modules that are affine in each of their inputs, and the one that does nothing."""

from __future__ import annotations

import math
from typing import Any

from autograd._tensor import Tensor
from autograd.errors import ShapeError
from nn import functional as F, init
from nn.module import Module
from nn.parameter import check_sizes, empty_parameter


class Identity(Module):
    """Returns what it is given; takes and ignores any arguments at its making."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def forward(self, x: Any) -> Any:
        return x


class Dense(Module):
    """Affine map of the last axis: ``(..., in_features) -> (..., out_features)``, ``x @ weight.T +
    bias``.

    >>> import autograd, nn
    >>> nn.Dense(3, 2)(autograd.ones(4, 3)).shape
    (4, 2)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        check_sizes(type(self).__name__, in_features=in_features, out_features=out_features)
        self.in_features, self.out_features = in_features, out_features
        self.weight = empty_parameter((out_features, in_features), device, dtype)
        self.bias = empty_parameter((out_features,), device, dtype) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weights and biases anew, uniform in ``±1 / sqrt(in_features)``."""
        init.default_(self.weight, self.bias)

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        bias = self.bias is not None
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={bias}"


class Bilinear(Module):
    """``x @ weight[k] @ y + bias[k]`` for each k: ``(..., in1_features)`` and ``(...,
    in2_features)`` to ``(..., out_features)``.

    >>> import autograd, nn
    >>> nn.Bilinear(3, 2, 5)(autograd.ones(4, 3), autograd.ones(4, 2)).shape
    (4, 5)
    """

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        check_sizes(
            "Bilinear",
            in1_features=in1_features,
            in2_features=in2_features,
            out_features=out_features,
        )
        if in1_features < 1:
            raise ShapeError(f"Bilinear: in1_features must be at least 1, got {in1_features}")
        self.in1_features, self.in2_features = in1_features, in2_features
        self.out_features = out_features
        self.weight = empty_parameter((out_features, in1_features, in2_features), device, dtype)
        self.bias = empty_parameter((out_features,), device, dtype) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weights and biases anew, uniform in ``±1 / sqrt(in1_features)``."""
        bound = 1 / math.sqrt(self.in1_features)
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound)

    def forward(self, input1: Tensor, input2: Tensor) -> Any:
        return F.bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )
