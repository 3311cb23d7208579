"""Weights in safetensors files, which PyTorch, JAX and others read and write too. Nothing in them
can be executed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd.core.variable import make
from autograd.errors import AutogradError, DTypeError
from autograd.ops.conversion import check_device
from nn.loading import as_array
from nn.module import Module


def save(model: Module | Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """Write the state dict of ``model``, or a state dict, to ``path``.

    The file appears complete or not at all. Raises DTypeError for what can't be saved,
    AutogradError where the safetensors package is missing.
    """
    state = model.state_dict() if isinstance(model, Module) else model
    if not isinstance(state, Mapping) or not all(isinstance(key, str) for key in state):
        raise DTypeError(
            f"save: needs a module or a dict of tensors by name, got {type(model).__name__}"
        )
    arrays = {key: np.ascontiguousarray(as_array(key, value)) for key, value in state.items()}
    # ascontiguousarray gives numbers a dim.
    arrays = {
        key: array.reshape(np.shape(as_array(key, state[key]))) for key, array in arrays.items()
    }
    data = _safetensors().save(arrays)
    temporary = f"{os.fspath(path)}.{os.urandom(8).hex()}"
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise


def load(
    path: str | os.PathLike[str],
    model: Module | None = None,
    strict: bool = True,
    *,
    map_location: Any = None,
    weights_only: bool = True,
) -> Any:
    """The state dict in the file ``path``; with ``model``, loaded into it: what
    `Module.load_state_dict` returns.

    ``map_location`` may be the CPU, and ``weights_only`` is what it always is. Raises
    FileNotFoundError, AutogradError for a file that is damaged or of another kind, DeviceError,
    and DTypeError for ``weights_only=False``.
    """
    check_device(map_location, "load")
    if not weights_only:
        raise DTypeError("load: reads weights only: other objects would have to be executed")
    numpy = _safetensors()
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        raise FileNotFoundError(f"load: there is no file {os.fspath(path)!r}") from None
    try:
        arrays = numpy.load(data)
    except Exception as error:
        raise AutogradError(
            f"load: {os.fspath(path)!r} is no intact safetensors file ({error}); files of "
            "torch.save must be "
            "converted with safetensors.torch.save_file first"
        ) from error
    # The arrays are views of the file's bytes, which can't be written to.
    state = {key: make(np.array(array)) for key, array in arrays.items()}
    return state if model is None else model.load_state_dict(state, strict)


def _safetensors() -> Any:
    try:
        import safetensors.numpy
    except ImportError:
        raise AutogradError(
            "save, load: need the safetensors package; install it: pip install safetensors"
        ) from None
    return safetensors.numpy
