"""Window functions: weights that fade out at both ends of a frame of a signal, as `stft` takes.

Of all: ``window_length`` numbers, symmetric to their middle; or, if ``periodic``, to that of one
more, so that they continue evenly when repeated. One alone is 1. Negative lengths raise ShapeError,
dtypes that are not floating DTypeError.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Unpack

import numpy as np

from autograd.creation import shape_of
from autograd.errors import DTypeError
from autograd.options import Options, dtype_in, finish


def hann_window(window_length: int, periodic: bool = True, **options: Unpack[Options]) -> Any:
    """The Hann window: a cosine from 0 up to 1 and down again.

    >>> import autograd
    >>> autograd.hann_window(4)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    return _window("hann_window", window_length, periodic, _cosines(0.5, 0.5), options)


def hamming_window(
    window_length: int,
    periodic: bool = True,
    alpha: float = 0.54,
    beta: float = 0.46,
    **options: Unpack[Options],
) -> Any:
    """The Hamming window ``alpha - beta * cos``: by default it does not begin at 0, but at 0.08.

    >>> import autograd
    >>> autograd.hamming_window(4)
    tensor([0.0800, 0.5400, 1.0000, 0.5400])
    """
    return _window("hamming_window", window_length, periodic, _cosines(alpha, beta), options)


def blackman_window(window_length: int, periodic: bool = True, **options: Unpack[Options]) -> Any:
    """The Blackman window: the sum of two cosines, narrower than the Hann window.

    >>> import autograd
    >>> autograd.blackman_window(4)[1:]
    tensor([0.3400, 1.0000, 0.3400])
    """
    return _window("blackman_window", window_length, periodic, _cosines(0.42, 0.5, 0.08), options)


def bartlett_window(window_length: int, periodic: bool = True, **options: Unpack[Options]) -> Any:
    """The Bartlett window: a triangle from 0 up to 1 and down again.

    >>> import autograd
    >>> autograd.bartlett_window(4)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    return _window(
        "bartlett_window", window_length, periodic, lambda t: 1 - np.abs(2 * t - 1), options
    )


def kaiser_window(
    window_length: int, periodic: bool = True, beta: float = 12.0, **options: Unpack[Options]
) -> Any:
    """The Kaiser window ``i0(beta * sqrt(1 - u * u)) / i0(beta)``, where ``u`` goes from -1 to 1.

    The larger ``beta``, the narrower it is, and the less a spectrum leaks (Kaiser 1966).

    >>> import autograd
    >>> autograd.kaiser_window(4, beta=2.0)
    tensor([0.4387, 0.8348, 1.0000, 0.8348])
    """
    return _window(
        "kaiser_window",
        window_length,
        periodic,
        lambda t: np.i0(beta * np.sqrt(np.maximum(1 - (2 * t - 1) ** 2, 0))) / np.i0(beta),
        options,
    )


def _cosines(*amplitudes: float) -> Callable[[Any], Any]:
    """The sum of ``amplitudes[k] * cos(2 pi k t)`` with alternating signs."""
    return lambda t: sum(
        (-1) ** k * a * np.cos(2 * math.pi * k * t) for k, a in enumerate(amplitudes)
    )


def _window(
    operation: str, length: int, periodic: bool, shape: Callable[[Any], Any], options: Options
) -> Any:
    """``shape`` at ``length`` places from 0 to 1."""
    shape_of(operation, (length,))
    dtype = dtype_in(options)
    if dtype.kind != "f":
        raise DTypeError(f"{operation}: needs a floating dtype, got {dtype}")
    last = length if periodic else length - 1
    values = shape(np.arange(length) / last) if length > 1 else np.ones(length)
    return finish(operation, values.astype(dtype), options)
