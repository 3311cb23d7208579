"""New tensors: from data, or filled by a rule."""

from __future__ import annotations

import functools
import math
import operator
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypedDict, Unpack

import numpy as np

from autograd.core.variable import Variable, make, unwrap
from autograd.dtypes import (
    DIFFERENTIABLE,
    SUPPORTED,
    DType,
    as_dtype,
    get_default_dtype,
    int64,
    promote_types,
    python_dtype,
)
from autograd.errors import DTypeError, GraphError, ShapeError, describe
from autograd.modes import modes
from autograd.ops.conversion import check_device, to


class Options(TypedDict, total=False):
    """What everything that makes a tensor can be told by name."""

    dtype: Any
    device: Any
    requires_grad: bool


def finish(operation: str, array: Any, options: Options) -> Any:
    """``array`` as a tensor: a leaf, if it shall require grad. Raises DeviceError, DTypeError."""
    unknown = options.keys() - Options.__annotations__.keys()
    if unknown:
        raise DTypeError(f"{operation}: has no parameter {', '.join(sorted(unknown))}")
    check_device(options.get("device"), operation)
    result = make(array)
    if not options.get("requires_grad"):
        return result
    if array.dtype not in DIFFERENTIABLE:
        raise DTypeError(
            f"{operation}: only floating and complex tensors can require grad, this one would be "
            f"{array.dtype}; give dtype=autograd.float32"
        )
    return result.requires_grad_()


def dtype_in(options: Options, default: Any = None) -> DType:
    """The dtype that ``options`` ask for; else ``default``, or the default dtype."""
    dtype = options.get("dtype")
    dtype = default if dtype is None else dtype
    return get_default_dtype() if dtype is None else as_dtype(dtype)


# -- from data ------------------------------------------------------------------------------------


def tensor(data: Any, **options: Unpack[Options]) -> Any:
    """A new tensor with a copy of ``data``: numbers, nested lists (also of tensors), arrays.

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
    return finish("as_tensor", _array("as_tensor", data, dtype), {"device": device})


def asarray(obj: Any, *, copy: bool | None = None, **options: Unpack[Options]) -> Any:
    """``obj`` as a tensor that shares its memory if it can; without its history if it is a tensor.

    ``copy``: True always copies; False raises ShapeError where sharing is impossible.

    >>> import autograd
    >>> autograd.asarray([1, 2], dtype=autograd.float64)
    tensor([1., 2.], dtype=float64)
    """
    array = _array("asarray", obj, options.get("dtype"))
    same = array is unwrap(obj)
    shared = same or (isinstance(obj, np.ndarray) and np.may_share_memory(array, obj))
    if copy is False and not shared:
        raise ShapeError("asarray: obj's memory can't be shared; leave out copy=False")
    if same and isinstance(obj, Variable) and not copy:
        if obj._edge is None and not options.get("requires_grad"):
            return obj
        obj = obj.detach()  # type: ignore[attr-defined]  # every Variable that exists is a Tensor
        return obj.requires_grad_() if options.get("requires_grad") else obj
    return finish("asarray", np.array(array) if copy and shared else array, options)


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
    return make(np.asarray(_supported("from_numpy", array)))


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
    return make(_supported("from_dlpack", array))


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


_NUMBERS = (bool, int, float, complex)


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
        raise DTypeError(f"{operation}: {target} can't hold these numbers ({error})") from None


def _plain(operation: str, data: Any, found: set[DType]) -> Any:
    """``data`` as nested lists of numbers and arrays, whose dtypes are added to ``found``."""
    if isinstance(data, (list, tuple, range, deque)):
        kinds = set(map(type, data))
        if kinds.issubset(_NUMBERS):
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
        return array
    for kind in _NUMBERS:
        if isinstance(data, kind):
            found.add(python_dtype(kind))
            return data
    raise DTypeError(
        f"{operation}: needs numbers, or nested lists of numbers, arrays or tensors; got "
        f"{type(data).__name__}"
    )


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


# -- filled with one value ------------------------------------------------------------------------


def shape_of(operation: str, sizes: Sequence[Any], size: Any = None) -> tuple[int, ...]:
    """The shape meant by ``zeros(2, 3)``, ``zeros((2, 3))`` or ``zeros(size=(2, 3))``."""
    sizes = sizes if size is None else (size,)
    if not sizes:
        raise DTypeError(f"{operation}: needs a shape; that of a tensor without dims is ()")
    if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
        sizes = sizes[0]
    shape = tuple(_integer(operation, item) for item in sizes)
    if any(item < 0 for item in shape):
        raise ShapeError(f"{operation}: sizes must not be negative, got {shape}")
    return shape


def _integer(operation: str, size: Any) -> int:
    if isinstance(size, (bool, np.bool_)) or not hasattr(size, "__index__"):
        raise DTypeError(f"{operation}: sizes must be integers, got {describe(unwrap(size))}")
    return operator.index(size)


def _number(operation: str, value: Any) -> Any:
    """A Python number of a number, or of whatever has one element."""
    if isinstance(value, Variable) or hasattr(value, "__array__"):
        array = np.asarray(unwrap(value))
        if array.size != 1:
            raise ShapeError(f"{operation}: needs a number, got shape {array.shape}")
        value = array.item()
    if not isinstance(value, _NUMBERS):
        raise DTypeError(f"{operation}: needs a number, got {describe(value)}")
    return value


def zeros(*sizes: Any, size: Any = None, **options: Unpack[Options]) -> Any:
    """Zeros: ``zeros(2, 3)`` or ``zeros((2, 3))``. Raises ShapeError for negative sizes.

    >>> import autograd
    >>> autograd.zeros(2, 3)
    tensor([[0., 0., 0.],
            [0., 0., 0.]])
    """
    return finish("zeros", np.zeros(shape_of("zeros", sizes, size), dtype_in(options)), options)


def ones(*sizes: Any, size: Any = None, **options: Unpack[Options]) -> Any:
    """Ones: ``ones(2, 3)`` or ``ones((2, 3))``. Raises ShapeError for negative sizes.

    >>> import autograd
    >>> autograd.ones(2, dtype=autograd.int64)
    tensor([1, 1])
    """
    return finish("ones", np.ones(shape_of("ones", sizes, size), dtype_in(options)), options)


def empty(*sizes: Any, size: Any = None, **options: Unpack[Options]) -> Any:
    """Memory of a shape, with whatever was in it. Raises ShapeError for negative sizes."""
    return finish("empty", np.empty(shape_of("empty", sizes, size), dtype_in(options)), options)


def full(size: Any, fill_value: Any, **options: Unpack[Options]) -> Any:
    """A tensor of shape ``size`` filled with ``fill_value``, in its dtype unless one is given.

    >>> import autograd
    >>> autograd.full((2,), 7), autograd.full((), 0.5)
    (tensor([7, 7]), tensor(0.5000))
    """
    if not isinstance(size, (tuple, list)):
        got = describe(unwrap(size))
        raise DTypeError(f"full: size must be a tuple, got {got}; write ({got},) for one dim")
    shape, value = shape_of("full", (size,)), _number("full", fill_value)
    return finish(
        "full",
        _filled(np.empty(shape, dtype_in(options, python_dtype(type(value)))), value),
        options,
    )


def _filled(array: Any, value: Any) -> Any:
    try:
        with np.errstate(over="ignore"):
            array.fill(value)
    except (OverflowError, ValueError, TypeError) as error:
        raise DTypeError(f"full: {array.dtype} can't hold {value!r} ({error})") from None
    return array


def scalar_tensor(s: Any, **options: Unpack[Options]) -> Any:
    """The number ``s`` as a tensor without dims, in the default dtype unless another is given."""
    array = _filled(np.empty((), dtype_in(options)), _number("scalar_tensor", s))
    return finish("scalar_tensor", array, options)


# -- like a tensor --------------------------------------------------------------------------------


def zeros_like(x: Any, **options: Unpack[Options]) -> Any:
    """Zeros in the shape and dtype of ``x``.

    >>> import autograd
    >>> autograd.zeros_like(autograd.tensor([1, 2]))
    tensor([0, 0])
    """
    return finish("zeros_like", np.zeros_like(*_like("zeros_like", x, options)), options)


def ones_like(x: Any, **options: Unpack[Options]) -> Any:
    """Ones in the shape and dtype of ``x``."""
    return finish("ones_like", np.ones_like(*_like("ones_like", x, options)), options)


def empty_like(x: Any, **options: Unpack[Options]) -> Any:
    """Memory in the shape and dtype of ``x``, with whatever was in it."""
    return finish("empty_like", np.empty_like(*_like("empty_like", x, options)), options)


def full_like(x: Any, fill_value: Any, **options: Unpack[Options]) -> Any:
    """``fill_value`` in the shape and dtype of ``x``."""
    array = np.empty_like(*_like("full_like", x, options))
    return finish("full_like", _filled(array, _number("full_like", fill_value)), options)


def _like(operation: str, x: Any, options: Options) -> tuple[Any, DType]:
    array = unwrap(x)
    if not hasattr(array, "dtype"):
        raise DTypeError(f"{operation}: needs a tensor to be like, got {describe(x)}")
    return array, dtype_in(options, array.dtype)


def _in_dtype_of(create: Callable[..., Any]) -> Callable[..., Any]:
    """The method ``new_<create>``, which makes what ``create`` does in the dtype of the tensor."""
    name = f"new_{create.__name__}"

    def method(x: Any, *args: Any, **options: Any) -> Any:
        options["dtype"] = _like(name, x, {"dtype": options.get("dtype")})[1]
        return create(*args, **options)

    method.__name__ = name
    method.__qualname__ = f"Tensor.{name}"
    method.__doc__ = f"As `{create.__name__}`, in the dtype of the tensor unless one is given."
    return method


new_tensor = _in_dtype_of(tensor)
new_zeros = _in_dtype_of(zeros)
new_ones = _in_dtype_of(ones)
new_empty = _in_dtype_of(empty)
new_full = _in_dtype_of(full)

# -- ranges and the identity ----------------------------------------------------------------------


def arange(start: Any, end: Any = None, step: Any = 1, **options: Unpack[Options]) -> Any:
    """``start, start + step, ...`` up to but not including ``end``; ``arange(n)`` counts from 0.

    int64 if all are integers, otherwise the default dtype. Raises ShapeError if ``step`` is 0 or
    leads away from ``end``.

    >>> import autograd
    >>> autograd.arange(3), autograd.arange(1, 2, 0.5)
    (tensor([0, 1, 2]), tensor([1.0000, 1.5000]))
    """
    start, end = (0, start) if end is None else (start, end)
    start, end, step = (_number("arange", value) for value in (start, end, step))
    whole = all(isinstance(value, int) for value in (start, end, step))
    dtype = dtype_in(options, int64 if whole else None)
    if not np.isfinite(end - start):
        raise ShapeError(f"arange: {start} to {end} is not a finite range")
    if dtype == int64:
        start, end, step = int(start), int(end), int(step)
    if step == 0 or (end - start) * step < 0:
        raise ShapeError(f"arange: step {step} does not lead from {start} to {end}")
    count = -((start - end) // step) if dtype == int64 else math.ceil((end - start) / step)
    if dtype.kind in "iu":
        start, step = int(start), int(step)
    return finish("arange", (start + step * np.arange(count)).astype(dtype), options)


def linspace(start: Any, end: Any, steps: int, **options: Unpack[Options]) -> Any:
    """``steps`` numbers at equal distances from ``start`` to ``end``, both included.

    Integer dtypes truncate. Raises ShapeError for a negative ``steps``.

    >>> import autograd
    >>> autograd.linspace(0, 1, 5)
    tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])
    """
    array, dtype = _spaced("linspace", start, end, steps, options)
    return finish("linspace", array.astype(dtype), options)


def logspace(
    start: Any, end: Any, steps: int, base: float = 10.0, **options: Unpack[Options]
) -> Any:
    """``base`` to the powers ``linspace(start, end, steps)``.

    >>> import autograd
    >>> autograd.logspace(0, 2, 3)
    tensor([  1.,  10., 100.])
    """
    array, dtype = _spaced("logspace", start, end, steps, options)
    return finish("logspace", np.power(float(base), array).astype(dtype), options)


def _spaced(
    operation: str, start: Any, end: Any, steps: Any, options: Options
) -> tuple[Any, DType]:
    """The numbers in double precision, counted from the nearer end so that both ends are exact."""
    (count,) = shape_of(operation, (steps,))
    first, last = _number(operation, start), _number(operation, end)
    dtype = dtype_in(
        options, python_dtype(type(first + last)) if isinstance(first + last, complex) else None
    )
    rounded = dtype if dtype.kind in "fc" else np.dtype(np.float64)
    double = np.result_type(rounded, np.float64).type
    if dtype.kind in "iu" and operation == "linspace":
        first, last = int(first), int(last)
    first, last = double(rounded.type(first)), double(rounded.type(last))
    step = double(rounded.type(last - first) / rounded.type(max(count - 1, 1)))
    i = np.arange(count)
    near = i < max(count // 2, count == 1)
    return np.where(near, first + step * i, last - step * (count - 1 - i)), dtype


def eye(n: int, m: int | None = None, **options: Unpack[Options]) -> Any:
    """The ``(n, m)`` matrix with ones on its diagonal; ``m`` is ``n`` unless given.

    >>> import autograd
    >>> autograd.eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    rows, columns = shape_of("eye", (n, n if m is None else m))
    return finish("eye", np.eye(rows, columns, dtype=dtype_in(options)), options)
