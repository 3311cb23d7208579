"""Dropout: switching elements off at random while training."""

from __future__ import annotations

from typing import Any

from autograd._tensor import Tensor
from autograd.errors import ShapeError
from nn import functional as F
from nn.options import Options


class Dropout(Options):
    """Each element 0 with probability ``p``, the others times ``1 / (1 - p)``; unchanged in eval
    mode.

    Draws from the library's own generator (Srivastava et al., 2014). Raises ShapeError for ``p``
    outside [0, 1].

    >>> import autograd, nn
    >>> nn.Dropout(0.5).eval()(autograd.ones(3)).tolist()
    [1.0, 1.0, 1.0]
    """

    _shown = ("p", "inplace")

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        if not 0 <= p <= 1:
            raise ShapeError(f"{type(self).__name__}: p must be between 0 and 1, got {p}")
        self.p, self.inplace = p, inplace

    def forward(self, x: Tensor) -> Any:
        return F.dropout(x, self.p, self.training)
