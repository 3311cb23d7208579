"""Between PyTorch's objects and the library's: arguments there and back, results compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

import autograd
import nn

# What a CPU library of this size has no counterpart of.
FOREIGN = (torch.bfloat16, torch.complex32, torch.uint16, torch.uint32, torch.uint64)
TOLERANCE = {
    "float64": 1e-9,
    "complex128": 1e-9,
    "float32": 2e-5,
    "complex64": 2e-5,
    "float16": 5e-3,
}
DROPPED = ("device", "layout", "memory_format", "pin_memory", "non_blocking")


class UntranslatableError(Exception):
    """An argument that has no counterpart: a sparse tensor, a bfloat16."""


def dtype_of(dtype: torch.dtype) -> Any:
    """The library's dtype of that name."""
    if dtype in FOREIGN or not hasattr(autograd, str(dtype).removeprefix("torch.")):
        raise UntranslatableError(str(dtype))
    return getattr(autograd, str(dtype).removeprefix("torch."))


def ours(value: Any) -> Any:
    """``value``, an argument of PyTorch's, for the library: tensors copied with their strides."""
    if isinstance(value, torch.Tensor):
        return tensor_of(value)
    if isinstance(value, torch.dtype):
        return dtype_of(value)
    if isinstance(value, torch.device):
        return autograd.device(value.type, value.index)
    if isinstance(value, torch.Size):
        return tuple(value)
    if isinstance(value, (list, tuple)):
        converted = [ours(item) for item in value]
        return type(value)(*converted) if hasattr(value, "_fields") else type(value)(converted)
    if isinstance(value, dict):
        return {key: ours(item) for key, item in value.items() if key not in DROPPED}
    if isinstance(value, torch.nn.PairwiseDistance):
        return nn.PairwiseDistance(value.norm, value.eps, value.keepdim)
    if isinstance(value, (torch.Generator, torch.layout, torch.memory_format)):
        raise UntranslatableError(type(value).__name__)
    return value


def tensor_of(value: torch.Tensor) -> Any:
    """A tensor of the library with the values, the dtype and the strides of ``value``."""
    dtype_of(value.dtype)
    # NumPy has at most 64 dims.
    dense = value.layout is torch.strided and value.device.type == "cpu"
    if not dense or value.is_quantized or value.ndim > 64:
        raise UntranslatableError(str(value.layout))
    source = value.detach().resolve_conj().resolve_neg()
    array = np.array(source.numpy(), order="K", copy=True)
    if array.strides != source.numpy().strides and not source.is_contiguous():
        array = _with_strides(array, source)
    result = autograd.from_numpy(array)
    return result.requires_grad_() if value.requires_grad else result


def _with_strides(array: Any, source: torch.Tensor) -> Any:
    """``array`` laid out with the gaps, or the repetitions, that ``source`` has."""
    if 0 in source.shape:
        return array
    memory = np.zeros(
        sum((n - 1) * s for n, s in zip(source.shape, source.stride())) + 1, array.dtype
    )
    strides = [step * array.itemsize for step in source.stride()]
    laid = np.lib.stride_tricks.as_strided(memory, source.shape, strides)
    laid[...] = array
    return laid


def tensors_in(value: Any, kind: type) -> Iterator[Any]:
    """All tensors (of class ``kind``) in nested tuples, lists and dicts."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from tensors_in(item, kind)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from tensors_in(item, kind)


def differences(got: Any, expected: Any, values: bool = True) -> Iterator[str]:
    """What is wrong with ``got`` where PyTorch returns ``expected``."""
    if isinstance(expected, torch.Tensor):
        if not isinstance(got, autograd.Tensor):
            yield f"a {type(got).__name__}, not a tensor"
        else:
            yield from _tensor_differences(got, expected, values)
    elif isinstance(expected, torch.dtype):
        if got != dtype_of(expected):
            yield f"{got}, not {expected}"
    elif isinstance(expected, (list, tuple)):
        if not isinstance(got, (list, tuple)) or len(got) != len(expected):
            yield f"{type(got).__name__}, not {type(expected).__name__} of {len(expected)}"
        else:
            for mine, theirs in zip(got, expected):
                yield from differences(mine, theirs, values)
    elif values and got != expected and not (got != got and expected != expected):
        yield f"{got!r}, not {expected!r}"


def _tensor_differences(got: Any, expected: torch.Tensor, values: bool) -> Iterator[str]:
    if tuple(got.shape) != tuple(expected.shape):
        yield f"shape {tuple(got.shape)}, not {tuple(expected.shape)}"
    elif got.dtype != dtype_of(expected.dtype):
        yield f"{got.dtype}, not {expected.dtype}"
    elif values:
        yield from value_differences(got, expected)


def value_differences(got: Any, expected: torch.Tensor, forgive_nan: bool = False) -> Iterator[str]:
    """Where the numbers differ by more than the dtype allows, relative and absolute."""
    tolerance = TOLERANCE.get(str(expected.dtype).removeprefix("torch."), 0)
    mine = got.detach().numpy()
    theirs = expected.detach().numpy(force=True)
    if mine.shape != theirs.shape:
        yield f"shape {mine.shape}, not {theirs.shape}"
        return
    if forgive_nan:  # where PyTorch gives NaN, a number is better
        mine = np.where(np.isfinite(theirs), mine, theirs)
    if theirs.dtype.kind in "iub":
        if not np.array_equal(mine, theirs):
            yield f"{mine.ravel()[:6]}..., not {theirs.ravel()[:6]}..."
    elif not np.allclose(mine, theirs, tolerance, tolerance, equal_nan=True):
        wrong = ~np.isclose(mine, theirs, tolerance, tolerance, equal_nan=True)
        yield (
            f"{wrong.sum()} of {wrong.size} differ: {mine[wrong].ravel()[:3]}, not "
            f"{theirs[wrong].ravel()[:3]}"
        )


def cotangents(outputs: list[torch.Tensor], seed: int) -> list[torch.Tensor]:
    """A random gradient for each of ``outputs``."""
    generator = np.random.default_rng(seed)
    made = []
    for out in outputs:
        numbers = generator.standard_normal(tuple(out.shape))
        if out.is_complex():
            numbers = numbers + 1j * generator.standard_normal(tuple(out.shape))
        made.append(torch.from_numpy(np.asarray(numbers)).to(out.dtype))
    return made


def outcome(
    function: Callable[..., Any], *args: Any, **kwargs: Any
) -> tuple[Any, Exception | None]:
    """What ``function`` returns, or raises."""
    try:
        return function(*args, **kwargs), None
    except Exception as error:
        return None, error
