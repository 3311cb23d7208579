"""Kernels compiled by Numba.

Each module here enters what it has into a dict of its own; together they are the set "numba".
Kernels see only plain, writeable NumPy arrays of native byte order in float32 or float64; for
anything else they decline, and the definition runs.
"""

from __future__ import annotations

from typing import Any

try:
    import numba  # noqa: F401 - only to say what to install
except ImportError as error:
    raise ImportError(
        "kernels.use('numba'): Numba is not installed; pip install 'retrograd[fast]'"
    ) from error

from autograd.kernels.compiled import (
    activation,
    attention,
    convolution,
    normalization,
    optimizers,
    pooling,
    recurrent,
    softmax,
    standardization,
)

KERNELS: dict[Any, Any] = {
    **activation.KERNELS,
    **attention.KERNELS,
    **convolution.KERNELS,
    **normalization.KERNELS,
    **optimizers.KERNELS,
    **pooling.KERNELS,
    **recurrent.KERNELS,
    **softmax.KERNELS,
    **standardization.KERNELS,
}
