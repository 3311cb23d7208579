"""Activation functions as modules.

With ``inplace=True`` they leave the result in their input, as in-place operations do.
"""

from __future__ import annotations

from typing import Any

from autograd._tensor import Tensor
from autograd.core.variable import array_of
from autograd.errors import ShapeError
from autograd.ops.exponential import sigmoid
from autograd.ops.trigonometric import tanh
from nn import functional as F
from nn.init import constant_
from nn.options import Options
from nn.parameter import empty_parameter


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

    def forward(self, x: Tensor) -> Any:
        return F.relu(x, self.inplace)


class ReLU6(_InPlace):
    """``min(max(x, 0), 6)``, elementwise."""

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, x: Tensor) -> Any:
        return F.relu6(x, self.inplace)


class LeakyReLU(_InPlace):
    """``x`` where it is positive, ``negative_slope * x`` elsewhere."""

    _shown = ("negative_slope",)

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        self.negative_slope, self.inplace = negative_slope, inplace

    def forward(self, x: Tensor) -> Any:
        return F.leaky_relu(x, self.negative_slope, self.inplace)


class ELU(_InPlace):
    """``x`` where it is positive, ``alpha * (exp(x) - 1)`` elsewhere (Clevert et al., 2015)."""

    _shown = ("alpha",)

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        self.alpha, self.inplace = alpha, inplace

    def forward(self, x: Tensor) -> Any:
        return F.elu(x, self.alpha, self.inplace)


class CELU(_InPlace):
    """``x`` where it is positive, ``alpha * (exp(x / alpha) - 1)`` elsewhere (Barron, 2017)."""

    _shown = ("alpha",)

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        self.alpha, self.inplace = alpha, inplace

    def forward(self, x: Tensor) -> Any:
        return F.celu(x, self.alpha, self.inplace)


class SELU(_InPlace):
    """`ELU`, scaled so that layers keep mean 0 and variance 1 (Klambauer et al., 2017)."""

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, x: Tensor) -> Any:
        return F.selu(x, self.inplace)


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
        return F.silu(x, self.inplace)


class Mish(_InPlace):
    """``x * tanh(softplus(x))``, elementwise (Misra, 2019)."""

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, x: Tensor) -> Any:
        return F.mish(x, self.inplace)


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
        return F.hardtanh(x, self.min_val, self.max_val, self.inplace)


class Hardsigmoid(Options):
    """``x / 6 + 1 / 2`` held between 0 and 1."""

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, x: Tensor) -> Any:
        return F.hardsigmoid(x, self.inplace)


class Hardswish(Options):
    """``x * hardsigmoid(x)``, elementwise (Howard et al., 2019)."""

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, x: Tensor) -> Any:
        return F.hardswish(x, self.inplace)


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


class Softmax2D(Options):
    """The softmax over the channels of ``(batch, channels, height, width)``; the batch may be
    missing."""

    def forward(self, x: Tensor) -> Any:
        if array_of(x).ndim not in (3, 4):
            raise ShapeError(
                f"Softmax2D: needs (channels, height, width), and perhaps a batch, got {x.shape}"
            )
        return F.softmax(x, -3)


class Hardshrink(Options):
    """``x`` where it is farther than ``lambd`` from 0, 0 elsewhere."""

    def __init__(self, lambd: float = 0.5) -> None:
        self.lambd = lambd

    def forward(self, x: Tensor) -> Any:
        return F.hardshrink(x, self.lambd)

    def extra_repr(self) -> str:
        return str(self.lambd)


class Softshrink(Hardshrink):
    """``x`` moved by ``lambd`` towards 0, where it stops."""

    def forward(self, x: Tensor) -> Any:
        return F.softshrink(x, self.lambd)


class Threshold(_InPlace):
    """``x`` where it is greater than ``threshold``, ``value`` elsewhere."""

    _shown = ("threshold", "value")

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        self.threshold, self.value, self.inplace = threshold, value, inplace

    def forward(self, x: Tensor) -> Any:
        return F.threshold(x, self.threshold, self.value, self.inplace)


class RReLU(_InPlace):
    """`LeakyReLU` with random slopes from ``lower`` to ``upper``; in eval mode, with their mean (Xu
    et al., 2015)."""

    _shown = ("lower", "upper")

    def __init__(
        self, lower: float = 1.0 / 8, upper: float = 1.0 / 3, inplace: bool = False
    ) -> None:
        self.lower, self.upper, self.inplace = lower, upper, inplace

    def forward(self, x: Tensor) -> Any:
        return F.rrelu(x, self.lower, self.upper, self.training, self.inplace)


class PReLU(Options):
    """``x`` where it is positive, a learned ``weight`` times ``x`` elsewhere: one for all, or one
    for each channel (He et al., 2015).

    >>> import autograd, nn
    >>> nn.PReLU()(autograd.tensor([-4.0, 4.0])).tolist()
    [-1.0, 4.0]
    """

    _shown = ("num_parameters",)

    def __init__(
        self, num_parameters: int = 1, init: float = 0.25, device: Any = None, dtype: Any = None
    ) -> None:
        self.num_parameters, self.init = num_parameters, init
        self.weight = empty_parameter((num_parameters,), device, dtype)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """All slopes as given at the start."""
        constant_(self.weight, self.init)

    def forward(self, x: Tensor) -> Any:
        return F.prelu(x, self.weight)
