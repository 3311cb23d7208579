"""Activation functions as modules.

``inplace`` is accepted, so that PyTorch code runs, and only shown: nothing is computed in place.
"""

from __future__ import annotations

from typing import Any

from autograd._tensor import Tensor
from autograd.ops.exponential import sigmoid
from autograd.ops.trigonometric import tanh
from nn import functional as F
from nn.options import Options


class _InPlace(Options):
    """An activation that takes ``inplace``."""

    inplace: bool

    def extra_repr(self) -> str:
        return ", ".join(
            filter(None, (super().extra_repr(), "inplace=True" if self.inplace else ""))
        )


class ReLU(_InPlace):
    """``max(x, 0)``, elementwise."""

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x)


class ReLU6(_InPlace):
    """``min(max(x, 0), 6)``, elementwise."""

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, x: Tensor) -> Any:
        return F.relu6(x)


class LeakyReLU(_InPlace):
    """``x`` where it is positive, ``negative_slope * x`` elsewhere."""

    _shown = ("negative_slope",)

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        self.negative_slope, self.inplace = negative_slope, inplace

    def forward(self, x: Tensor) -> Tensor:
        return F.leaky_relu(x, self.negative_slope)


class ELU(_InPlace):
    """``x`` where it is positive, ``alpha * (exp(x) - 1)`` elsewhere (Clevert et al., 2015)."""

    _shown = ("alpha",)

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        self.alpha, self.inplace = alpha, inplace

    def forward(self, x: Tensor) -> Any:
        return F.elu(x, self.alpha)


class CELU(_InPlace):
    """``x`` where it is positive, ``alpha * (exp(x / alpha) - 1)`` elsewhere (Barron, 2017)."""

    _shown = ("alpha",)

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        self.alpha, self.inplace = alpha, inplace

    def forward(self, x: Tensor) -> Any:
        return F.celu(x, self.alpha)


class SELU(_InPlace):
    """`ELU`, scaled so that layers keep mean 0 and variance 1 (Klambauer et al., 2017)."""

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, x: Tensor) -> Any:
        return F.selu(x)


class GELU(Options):
    """``x`` times the normal distribution function of ``x`` (Hendrycks and Gimpel, 2016);
    ``approximate``: "tanh"."""

    _shown = ("approximate",)

    def __init__(self, approximate: str = "none") -> None:
        self.approximate = approximate

    def forward(self, x: Tensor) -> Any:
        return F.gelu(x, self.approximate)


class SiLU(_InPlace):
    """``x * sigmoid(x)``, elementwise."""

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, x: Tensor) -> Any:
        return F.silu(x)


class Mish(_InPlace):
    """``x * tanh(softplus(x))``, elementwise (Misra, 2019)."""

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, x: Tensor) -> Any:
        return F.mish(x)


class Sigmoid(Options):
    """``1 / (1 + exp(-x))``, elementwise."""

    def forward(self, x: Tensor) -> Tensor:
        return sigmoid(x)


class LogSigmoid(Options):
    """The logarithm of the sigmoid, elementwise."""

    def forward(self, x: Tensor) -> Any:
        return F.logsigmoid(x)


class Tanh(Options):
    """The hyperbolic tangent, elementwise."""

    def forward(self, x: Tensor) -> Tensor:
        return tanh(x)


class Tanhshrink(Options):
    """``x - tanh(x)``, elementwise."""

    def forward(self, x: Tensor) -> Any:
        return F.tanhshrink(x)


class Hardtanh(_InPlace):
    """``x`` held between ``min_val`` and ``max_val``."""

    _shown = ("min_val", "max_val")

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> None:
        self.min_val, self.max_val, self.inplace = min_val, max_val, inplace

    def forward(self, x: Tensor) -> Any:
        return F.hardtanh(x, self.min_val, self.max_val)


class Hardsigmoid(_InPlace):
    """``x / 6 + 1 / 2`` held between 0 and 1."""

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, x: Tensor) -> Any:
        return F.hardsigmoid(x)


class Hardswish(_InPlace):
    """``x * hardsigmoid(x)``, elementwise (Howard et al., 2019)."""

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, x: Tensor) -> Any:
        return F.hardswish(x)


class Softplus(Options):
    """``log(1 + exp(beta * x)) / beta``, and ``x`` itself where ``beta * x`` exceeds
    ``threshold``."""

    _shown = ("beta", "threshold")

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        self.beta, self.threshold = beta, threshold

    def forward(self, x: Tensor) -> Tensor:
        return F.softplus(x, self.beta, self.threshold)


class Softsign(Options):
    """``x / (1 + abs(x))``, elementwise."""

    def forward(self, x: Tensor) -> Any:
        return F.softsign(x)


class Softmax(Options):
    """``exp(x)`` over its sum along ``dim``."""

    _shown = ("dim",)

    def __init__(self, dim: int | None = None) -> None:
        self.dim = dim

    def forward(self, x: Tensor) -> Any:
        return F.softmax(x, self.dim)


class LogSoftmax(Softmax):
    """The logarithm of `Softmax`."""

    def forward(self, x: Tensor) -> Any:
        return F.log_softmax(x, self.dim)


class Softmin(Softmax):
    """`Softmax` of ``-x``."""

    def forward(self, x: Tensor) -> Any:
        return F.softmin(x, self.dim)


class GLU(Options):
    """The first half along ``dim`` times the sigmoid of the second."""

    _shown = ("dim",)

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, x: Tensor) -> Any:
        return F.glu(x, self.dim)
