"""Running means of gradients, the common part of many rules, in place."""

from __future__ import annotations

from typing import Any

import numpy as np


def update_mean(mean: Any, values: Any, beta: float, scratch: Any) -> None:
    """``mean = beta * mean + (1 - beta) * values``, with ``scratch`` for what is in between.

    The form with the smaller product is computed, so that for beta near 0 the digits of ``values``
    don't get lost beside a large mean.
    """
    if beta > 0.5:
        np.subtract(values, mean, out=scratch)
        scratch *= 1 - beta
        mean += scratch
    else:
        np.subtract(mean, values, out=scratch)
        scratch *= beta
        np.add(values, scratch, out=mean)


def update_mean_square(mean_square: Any, values: Any, beta: float, scratch: Any) -> None:
    """``mean_square = beta * mean_square + (1 - beta) * values**2``, with ``scratch`` for what is
    in between."""
    mean_square *= beta
    np.multiply(values, values, out=scratch)
    scratch *= 1 - beta
    mean_square += scratch
