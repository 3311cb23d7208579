"""How a tensor prints: as NumPy prints the array, with what PyTorch would say about it."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.dtypes import bool_, get_default_dtype, int64


def format_tensor(tensor: Any) -> str:
    """``tensor([1., 2.], dtype=float64, requires_grad=True)``.

    The dtype is left out where it is the one that Python's own numbers get.
    """
    array = tensor._array
    numbers = np.array2string(
        array, separator=", ", prefix="tensor(", floatmode="maxprec_equal", precision=4
    )
    parts = [numbers]
    if array.size == 0 and array.shape != (0,):
        parts.append(f"size={array.shape}")
    if array.dtype not in (get_default_dtype(), int64, bool_):
        parts.append(f"dtype={array.dtype}")
    if tensor.grad_fn is not None:
        parts.append(f"grad_fn=<{tensor.grad_fn.name}>")
    elif tensor.requires_grad:
        parts.append("requires_grad=True")
    name = "Parameter" if type(tensor).__name__ == "Parameter" else "tensor"
    return f"{name}({', '.join(parts)})"
