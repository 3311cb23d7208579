"""New tensors from data: numbers, nested lists, arrays, and the memory of other libraries."""

from __future__ import annotations

import functools
from collections import deque
from typing import Any, Unpack

import numpy as np

from autograd.core.variable import Variable, make, unwrap, version_of
from autograd.dtypes import (
    SUPPORTED,
    DType,
    as_dtype,
    get_default_dtype,
    iinfo,
    int64,
    promote_types,
    python_dtype,
)
from autograd.errors import DTypeError, GraphError, ShapeError
from autograd.modes import modes
from autograd.ops.conversion import check_device, to
from autograd.options import Options, finish

NUMBERS = (bool, int, float, complex)


def tensor(data: Any, **options: Unpack[Options]) -> Any:
    """A new tensor with a copy of ``data``: numbers, arrays, nested lists of such.

    A tensor in a list counts as the number that it holds (for others there are `stack` and `cat`).
    Python floats get the default dtype, integers int64; arrays and tensors keep theirs. A tensor's
    history is not copied: `clone` does that. Raises ShapeError for ragged lists, DTypeError for
    what isn't numbers.

    >>> import autograd
    >>> autograd.tensor([[1, 2], [3, 4]])
    tensor([[1, 2],
            [3, 4]])
    """
    array = _array("tensor", data, options.get("dtype"))
    return finish("tensor", np.array(array, order="C"), options)


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Any:
    """``data`` as a tensor: itself if it is one, in its memory if it is an array, if dtypes allow.

    >>> import autograd
    >>> x = autograd.as_tensor([1.0])
    >>> autograd.as_tensor(x) is x
    True
    """
    if isinstance(data, Variable):
        return to(data, dtype=dtype, device=device)
    result = finish("as_tensor", _array("as_tensor", data, dtype), {"device": device})
    version_of(result)
    return result


def asarray(obj: Any, *, copy: bool | None = None, **options: Unpack[Options]) -> Any:
    """``obj`` as a tensor that shares its memory if it can.

    ``copy``: True always copies; False raises ShapeError where sharing is impossible. A tensor's
    history is kept, unless ``requires_grad`` is False.

    >>> import autograd
    >>> autograd.asarray([1, 2], dtype=autograd.float64)
    tensor([1., 2.], dtype=float64)
    """
    if isinstance(obj, Variable):
        given = to(obj, dtype=options.get("dtype"), device=options.get("device"), copy=bool(copy))
        shared = given is obj
    else:
        given = _array("asarray", obj, options.get("dtype"))
        shared = isinstance(obj, np.ndarray) and np.may_share_memory(given, obj)
    if copy is False and not shared:
        raise ShapeError("asarray: obj's memory can't be shared; leave out copy=False")
    if isinstance(obj, Variable):
        wanted = options.get("requires_grad", given.requires_grad)
        if wanted != given.requires_grad:
            given = given.detach().requires_grad_(wanted)
        return given
    result = finish("asarray", np.array(given) if copy and shared else given, options)
    version_of(result)
    return result


def from_numpy(array: Any) -> Any:
    """A tensor in the memory of ``array``. Raises DTypeError for a dtype that tensors don't have.

    >>> import autograd, numpy
    >>> x = numpy.zeros(2)
    >>> y = autograd.from_numpy(x)
    >>> x[0] = 1
    >>> y
    tensor([1., 0.], dtype=float64)
    """
    if not isinstance(array, np.ndarray):
        raise DTypeError(
            f"from_numpy: needs a NumPy array, got {type(array).__name__}; use autograd.tensor()"
        )
    return _shared(np.asarray(_supported("from_numpy", array)))


def _shared(array: Any) -> Any:
    """A tensor whose memory somebody else has too."""
    result = make(array)
    version_of(result)
    return result


def from_dlpack(ext_tensor: Any) -> Any:
    """A tensor in the memory of another library's: of whatever has ``__dlpack__``.

    Raises DTypeError for what has not, or has a dtype that tensors don't have.
    """
    if not hasattr(ext_tensor, "__dlpack__"):
        kind = type(ext_tensor).__name__
        raise DTypeError(f"from_dlpack: {kind} has no __dlpack__; use autograd.as_tensor()")
    kind, number = ext_tensor.__dlpack_device__()
    if kind != 1:
        check_device(f"cuda:{number}" if kind == 2 else f"DLPack kind {int(kind)}", "from_dlpack")
    try:
        array = np.from_dlpack(ext_tensor)
    except (RuntimeError, BufferError) as error:
        if "dtype" not in str(error).lower():
            raise
        raise DTypeError(f"from_dlpack: {error}; convert it to a dtype that NumPy has") from error
    return _shared(_supported("from_dlpack", array))


def _array(operation: str, data: Any, dtype: Any) -> Any:
    """``data`` as an array of ``dtype``, or of the one that it implies; not copied without need."""
    target = None if dtype is None else as_dtype(dtype)
    if isinstance(data, Variable):
        array = data._array
    elif hasattr(data, "__array__") or isinstance(data, memoryview):
        array = _supported(operation, np.asarray(data))
    else:
        return _from_python(operation, data, target)
    if target is None:
        return array
    _refuse_complex(operation, array.dtype, target)
    with np.errstate(over="ignore", invalid="ignore"):
        return array.astype(target, copy=False)


def _refuse_complex(operation: str, source: DType, target: DType) -> None:
    if source.kind == "c" and target.kind not in "cb":
        raise DTypeError(f"{operation}: complex numbers can't become {target}; take .real first")


def _supported(operation: str, array: Any) -> Any:
    """``array``, if a tensor can have its dtype; else DTypeError with what to do."""
    if not array.dtype.isnative:
        raise DTypeError(
            f"{operation}: the array's byte order ({array.dtype.str}) is not this machine's; "
            "convert it first: array.astype(array.dtype.newbyteorder('='))"
        )
    if array.dtype not in SUPPORTED:
        remedy = "astype(numpy.float64)" if array.dtype.kind in "fO" else "astype(numpy.int64)"
        known = ", ".join(sorted(map(str, SUPPORTED)))
        raise DTypeError(
            f"{operation}: tensors can't have dtype {array.dtype}, only {known}; if these are "
            f"numbers, convert them first: {remedy}"
        )
    return array


def _from_python(operation: str, data: Any, target: DType | None) -> Any:
    """Numbers, and nested lists of them and of tensors and arrays, as an array."""
    found: set[DType] = set()
    data = _plain(operation, data, found)
    if target is None:
        target = functools.reduce(promote_types, found) if found else get_default_dtype()
    for dtype in found:
        _refuse_complex(operation, dtype, target)
    try:
        with np.errstate(over="ignore"):
            return np.array(data, dtype=target)
    except (OverflowError, ValueError) as error:
        _refuse_ragged(operation, data)
        if target.kind == "u" and found <= {int64} and np.max(np.abs(data)) <= iinfo(target).max:
            return np.array(data).astype(target)  # as PyTorch, which lets negative numbers wrap
        raise DTypeError(f"{operation}: {target} can't hold these numbers ({error})") from None


def _plain(operation: str, data: Any, found: set[DType]) -> Any:
    """``data`` as nested lists of numbers and arrays, whose dtypes are added to ``found``."""
    if isinstance(data, (list, tuple, range, deque)):
        kinds = set(map(type, data))
        if kinds.issubset(NUMBERS):
            found.update(map(python_dtype, kinds))
            return list(data)
        return [_plain(operation, item, found) for item in data]
    if isinstance(data, Variable) or hasattr(data, "__array__"):
        if isinstance(data, Variable) and data._edge is not None and modes.get().grad:
            raise GraphError(
                f"{operation}: a tensor in the list requires grad, and a copy of its numbers would "
                "lose the gradient; use stack() or cat(), or detach() it first"
            )
        array = _supported(operation, np.asarray(unwrap(data)))
        found.add(array.dtype)
        return _single(operation, array) if isinstance(data, Variable) else array
    for kind in NUMBERS:
        if isinstance(data, kind):
            found.add(python_dtype(kind))
            return data
    raise DTypeError(
        f"{operation}: needs numbers, or nested lists of numbers, arrays or tensors; got "
        f"{type(data).__name__}"
    )


def _single(operation: str, array: Any) -> Any:
    if array.size != 1:
        raise ShapeError(
            f"{operation}: a tensor of shape {array.shape} can't stand in a list of numbers; use "
            "stack() or cat()"
        )
    return array.reshape(())


def _refuse_ragged(operation: str, data: Any, place: str = "data") -> None:
    """Raise ShapeError where two items of one list have different shapes."""
    if not isinstance(data, list):
        return
    for i, item in enumerate(data):
        _refuse_ragged(operation, item, f"{place}[{i}]")
        if np.shape(item) != np.shape(data[0]):
            raise ShapeError(
                f"{operation}: {place}[0] has shape {np.shape(data[0])}, but {place}[{i}] has "
                f"{np.shape(item)}; all items of a list need the same shape"
            )
