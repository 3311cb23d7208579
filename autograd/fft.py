"""Fourier transforms, under the names of ``torch.fft``."""

from __future__ import annotations

from typing import Any, Unpack

import numpy as np

from autograd.creation import shape_of
from autograd.errors import DTypeError
from autograd.ops.fft import (
    fft as fft,
    fft2 as fft2,
    fftn as fftn,
    fftshift as fftshift,
    hfft as hfft,
    hfft2 as hfft2,
    hfftn as hfftn,
    ifft as ifft,
    ifft2 as ifft2,
    ifftn as ifftn,
    ifftshift as ifftshift,
    ihfft as ihfft,
    ihfft2 as ihfft2,
    ihfftn as ihfftn,
    irfft as irfft,
    irfft2 as irfft2,
    irfftn as irfftn,
    rfft as rfft,
    rfft2 as rfft2,
    rfftn as rfftn,
)
from autograd.options import Options, dtype_in, finish


def fftfreq(n: int, d: float = 1.0, **options: Unpack[Options]) -> Any:
    """The frequencies that `fft` of ``n`` samples at a distance ``d`` is about, in its order.

    ``0, 1, ..., -2, -1`` over ``n * d``. Raises ShapeError for a negative ``n``.

    >>> import autograd
    >>> autograd.fft.fftfreq(4, 0.5)
    tensor([ 0.0000,  0.5000, -1.0000, -0.5000])
    """
    return _frequencies("fftfreq", n, d, np.arange(n) - n * (np.arange(n) >= (n + 1) // 2), options)


def rfftfreq(n: int, d: float = 1.0, **options: Unpack[Options]) -> Any:
    """The frequencies that `rfft` of ``n`` samples at a distance ``d`` is about: none below 0.

    >>> import autograd
    >>> autograd.fft.rfftfreq(4, 0.5)
    tensor([0.0000, 0.5000, 1.0000])
    """
    return _frequencies("rfftfreq", n, d, np.arange(n // 2 + 1), options)


def _frequencies(operation: str, n: int, d: float, numbers: Any, options: Options) -> Any:
    shape_of(operation, (n,))
    dtype = dtype_in(options)
    if dtype.kind not in "fc":
        raise DTypeError(f"{operation}: frequencies need a floating dtype, got {dtype}")
    step = np.divide(1.0, n * d)
    return finish(operation, (numbers * step).astype(dtype), options)
