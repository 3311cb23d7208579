"""Dropout: switching elements off at random while training."""

from __future__ import annotations

from typing import Any, ClassVar

from autograd._tensor import Tensor
from autograd.errors import ShapeError
from nn import functional as F
from nn.options import Options


class _Dropout(Options):
    _shown = ("p", "inplace")
    _drop: ClassVar[Any]

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        if not 0 <= p <= 1:
            raise ShapeError(f"{type(self).__name__}: p must be between 0 and 1, got {p}")
        self.p, self.inplace = p, inplace

    def forward(self, x: Tensor) -> Any:
        return type(self)._drop(x, self.p, self.training, self.inplace)


class Dropout(_Dropout):
    """Each element 0 with probability ``p``, the others times ``1 / (1 - p)``; unchanged in eval
    mode.

    Draws from the library's own generator (Srivastava et al., 2014). Raises ShapeError for ``p``
    outside [0, 1].

    >>> import autograd, nn
    >>> nn.Dropout(0.5).eval()(autograd.ones(3)).tolist()
    [1.0, 1.0, 1.0]
    """

    _drop = F.dropout


class Dropout1D(_Dropout):
    """As `Dropout`, of whole channels of ``(batch, channels, length)``."""

    _drop = F.dropout1d


class Dropout2D(_Dropout):
    """As `Dropout`, of whole channels of ``(batch, channels, height, width)``."""

    _drop = F.dropout2d


class Dropout3D(_Dropout):
    """As `Dropout`, of whole channels of ``(batch, channels, depth, height, width)``."""

    _drop = F.dropout3d


class AlphaDropout(_Dropout):
    """Dropout for `SELU`, which keeps mean 0 and variance 1 (Klambauer et al., 2017)."""

    _drop = F.alpha_dropout


class FeatureAlphaDropout(_Dropout):
    """As `AlphaDropout`, of whole channels of ``(batch, channels, ...)``."""

    _drop = F.feature_alpha_dropout
