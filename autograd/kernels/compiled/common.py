"""What all compiled kernels share."""

from __future__ import annotations

from typing import Any

import numpy as np

FLOATS = (np.dtype(np.float32), np.dtype(np.float64))


def accepts(*arrays: Any) -> bool:
    """Whether these are plain arrays of one floating dtype, as the compiled code expects."""
    dtype = arrays[0].dtype
    return dtype in FLOATS and all(
        type(array) is np.ndarray and array.dtype is dtype and array.flags.aligned
        for array in arrays
    )
