"""Weights in safetensors files, which PyTorch, JAX and others read and write too. Nothing in them
can be executed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd.core.variable import Array, make
from autograd.errors import AutogradError, DTypeError
from autograd.ops.conversion import check_device
from nn.loading import as_array
from nn.module import Module

# The names in the file of the dtypes that an array can have.
_DTYPES = {
    "BOOL": "bool",
    "C64": "complex64",
    **{f"F{bits}": f"float{bits}" for bits in (16, 32, 64)},
    **{f"I{bits}": f"int{bits}" for bits in (8, 16, 32, 64)},
    **{f"U{bits}": f"uint{bits}" for bits in (8, 16, 32, 64)},
}


def save(model: Module | Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """Write the state dict of ``model``, or a state dict, to ``path``.

    The file appears complete or not at all: whatever happens, ``path`` holds the old file or the
    new one, and once this returns, the new one survives a loss of power. Raises DTypeError for what
    can't be saved, OSError where the file can't be written, AutogradError where the safetensors
    package is missing.

    >>> import nn, os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "model.safetensors")
    >>> model, other = nn.Dense(2, 3), nn.Dense(2, 3)
    >>> nn.save(model, path)
    >>> nn.load(path, other)
    <All keys matched successfully>
    >>> other.bias.tolist() == model.bias.tolist()
    True
    """
    state = model.state_dict() if isinstance(model, Module) else model
    if not isinstance(state, Mapping) or not all(isinstance(key, str) for key in state):
        raise DTypeError(
            f"save: needs a module or a dict of tensors by name, got {type(model).__name__}"
        )
    arrays = {key: as_array(key, value, "save") for key, value in state.items()}
    write_atomically(path, serialized(arrays, "save"))


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

    bfloat16 becomes float32. ``map_location`` may be the CPU, and ``weights_only`` is what it
    always is. Raises FileNotFoundError, AutogradError for a file that is damaged or of another
    kind, DeviceError, and DTypeError for ``weights_only=False`` and for tensors in 8 bits or less.
    """
    check_device(map_location, "load")
    if not weights_only:
        raise DTypeError("load: reads weights only: other objects would have to be executed")
    state = {key: make(array) for key, array in read_arrays(path, "load").items()}
    return state if model is None else model.load_state_dict(state, strict)


# -- safetensors -----------------------------------------------------------------------------------


def serialized(arrays: Mapping[str, Array], operation: str) -> bytes:
    """``arrays`` as the content of a safetensors file. Raises DTypeError for complex128, which the
    format does not have, and for names that it does not allow."""
    for key, array in arrays.items():
        # The first is taken; half a pair of surrogates is no text.
        if key == "__metadata__" or key.encode(errors="ignore").decode() != key:
            raise DTypeError(f"{operation}: nothing in a safetensors file can be named {key!r}")
        if array.dtype.name not in _DTYPES.values():
            raise DTypeError(
                f"{operation}: {key} is {array.dtype}, and there is no such dtype in safetensors "
                "files; convert it, or save its parts: autograd.view_as_real(x)"
            )
    contiguous = {key: np.require(array, requirements="C") for key, array in arrays.items()}
    # Names and layouts are PyTorch's, and some programs read only files that say so.
    data: bytes = _safetensors().numpy.save(contiguous, metadata={"format": "pt"})
    return data


def read_arrays(path: str | os.PathLike[str], operation: str) -> dict[str, Array]:
    """The arrays in the safetensors file ``path``."""
    safetensors = _safetensors()
    try:
        with open(path, "rb") as file:
            entries = safetensors.deserialize(file.read())
    except FileNotFoundError:
        raise FileNotFoundError(f"{operation}: there is no file {os.fspath(path)!r}") from None
    except safetensors.SafetensorError as error:
        raise AutogradError(
            f"{operation}: {os.fspath(path)!r} is no intact safetensors file ({error}); files of "
            "torch.save must be converted with safetensors.torch.save_file first"
        ) from error
    return {key: _array(f"{operation}: {key} in {os.fspath(path)!r}", **e) for key, e in entries}


def _array(where: str, dtype: str, shape: list[int], data: bytearray) -> Array:
    if dtype == "BF16":  # the upper half of a float32
        array = (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32)
    elif dtype in _DTYPES:
        native = np.dtype(_DTYPES[dtype])
        array = np.frombuffer(data, native.newbyteorder("<")).astype(native, copy=False)
    else:
        raise DTypeError(f"{where} is {dtype}, which no tensor here can be; convert it before")
    try:
        return array.reshape(shape)
    except ValueError as error:  # 65 dims, or one of 2**62 next to one of 0
        raise AutogradError(f"{where} can't be an array: {error}") from error


def _safetensors() -> Any:
    try:
        import safetensors.numpy
    except ImportError:
        raise AutogradError(
            "save, load: need the safetensors package; install it: pip install safetensors"
        ) from None
    return safetensors


# -- files that are whole --------------------------------------------------------------------------


def write_atomically(path: str | os.PathLike[str], data: bytes) -> None:
    """Have ``path`` hold ``data``, on the disk, or else what it held before."""
    folder, name = os.path.split(os.path.abspath(path))
    temporary = os.path.join(folder, f".{name}.{os.urandom(8).hex()}")
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException as error:
        if os.path.exists(temporary):
            os.unlink(temporary)
        if isinstance(error, OSError) and error.errno is not None:  # it is about ``path``
            error.filename, error.filename2 = os.fspath(path), None
        raise
    synchronize_folder(folder)


def synchronize_folder(folder: str | os.PathLike[str]) -> None:
    """Have the names in ``folder`` on the disk. Windows does so by itself, and can't be asked."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
