"""New tensors filled by a rule: with one value, like another tensor, or with a range."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any, Unpack

import numpy as np

from autograd.core.variable import Variable, unwrap
from autograd.dtypes import DType, int64, python_dtype
from autograd.errors import DTypeError, ShapeError, describe
from autograd.from_data import NUMBERS, tensor
from autograd.ops.checks import as_scalar
from autograd.options import Options, dtype_in, finish

# -- filled with one value ------------------------------------------------------------------------


def shape_of(operation: str, sizes: Sequence[Any], size: Any = None) -> tuple[int, ...]:
    """The shape meant by ``zeros(2, 3)``, ``zeros((2, 3))`` or ``zeros(size=(2, 3))``."""
    if size is not None:
        if sizes or not isinstance(size, (tuple, list)):
            raise DTypeError(f"{operation}: size must be a tuple, and stand for all sizes")
        sizes = (size,)
    if not sizes:
        raise DTypeError(f"{operation}: needs a shape; that of a tensor without dims is ()")
    if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
        sizes = sizes[0]
    shape = tuple(integer(operation, item) for item in sizes)
    if any(item < 0 for item in shape):
        raise ShapeError(f"{operation}: sizes must not be negative, got {shape}")
    return shape


def integer(operation: str, value: Any) -> int:
    """A Python integer of an integer, or of an integer tensor that holds one.

    Raises DTypeError for anything else, bools included.
    """
    if isinstance(value, (bool, np.bool_)) or not hasattr(value, "__index__"):
        raise DTypeError(f"{operation}: needs integers, got {describe(unwrap(value))}")
    return operator.index(value)


def count_of(operation: str, number: Any) -> int:
    """A number of elements. Raises DTypeError for what is no integer, ShapeError below 0."""
    return shape_of(operation, (integer(operation, number),))[0]


def _number(operation: str, value: Any) -> Any:
    """A Python number of a number, or of a tensor without dims or history."""
    if isinstance(value, Variable) and not value._array.ndim and value._edge is None:
        return value._array.item()
    if isinstance(value, np.generic):
        value = value.item()
    if not isinstance(value, NUMBERS):
        got = describe(unwrap(value))
        raise DTypeError(f"{operation}: needs a number, got {got}; item() makes it one")
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
        _filled("full", np.empty(shape, dtype_in(options, python_dtype(type(value)))), value),
        options,
    )


def _filled(operation: str, array: Any, value: Any) -> Any:
    """``array`` full of ``value``. Raises DTypeError if that is out of its dtype's range."""
    array.fill(as_scalar(value, array.dtype, f"{operation}: "))
    return array


def scalar_tensor(s: Any, **options: Unpack[Options]) -> Any:
    """The number ``s`` as a tensor without dims, in the default dtype unless another is given."""
    array = _filled("scalar_tensor", np.empty((), dtype_in(options)), _number("scalar_tensor", s))
    return finish("scalar_tensor", array, options)


# -- like a tensor --------------------------------------------------------------------------------


def zeros_like(input: Any, **options: Unpack[Options]) -> Any:
    """Zeros in the shape and dtype of ``input``.

    >>> import autograd
    >>> autograd.zeros_like(autograd.tensor([1, 2]))
    tensor([0, 0])
    """
    return finish("zeros_like", np.zeros_like(*_like("zeros_like", input, options)), options)


def ones_like(input: Any, **options: Unpack[Options]) -> Any:
    """Ones in the shape and dtype of ``input``."""
    return finish("ones_like", np.ones_like(*_like("ones_like", input, options)), options)


def empty_like(input: Any, **options: Unpack[Options]) -> Any:
    """Memory in the shape and dtype of ``input``, with whatever was in it."""
    return finish("empty_like", np.empty_like(*_like("empty_like", input, options)), options)


def full_like(input: Any, fill_value: Any, **options: Unpack[Options]) -> Any:
    """``fill_value`` in the shape and dtype of ``input``."""
    array = np.empty_like(*_like("full_like", input, options))
    value = _number("full_like", fill_value)
    return finish("full_like", _filled("full_like", array, value), options)


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


def arange(start: Any = None, end: Any = None, step: Any = None, **options: Unpack[Options]) -> Any:
    """``start, start + step, ...`` up to but not including ``end``; ``arange(n)`` counts from 0.

    int64 if all are integers, otherwise the default dtype. Raises ShapeError if ``step`` (1 unless
    given) is 0 or leads away from ``end``, DTypeError for complex numbers and bool.

    >>> import autograd
    >>> autograd.arange(3), autograd.arange(1, 2, 0.5)
    (tensor([0, 1, 2]), tensor([1.0000, 1.5000]))
    """
    if start is None or end is None:
        if step is not None or start is end:
            raise DTypeError("arange: needs the end, and before a step the start as well")
        start, end = 0, end if start is None else start
    numbers = [_number("arange", value) for value in (start, end, 1 if step is None else step)]
    whole = all(isinstance(value, int) for value in numbers)
    dtype = dtype_in(options, int64 if whole else None)
    if dtype.kind in "bc" or any(isinstance(value, complex) for value in numbers):
        raise DTypeError("arange: needs integers or floats; convert the result")
    start, end, step = numbers
    if not np.isfinite(end - start) or math.isnan(step):
        raise ShapeError(f"arange: {start} to {end} by {step} is not a finite range")
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
    base = float(_number("logspace", base))
    return finish("logspace", np.power(base, array).astype(dtype), options)


def _spaced(
    operation: str, start: Any, end: Any, steps: Any, options: Options
) -> tuple[Any, DType]:
    """The numbers in double precision, counted from the nearer end so that both ends are exact."""
    count = count_of(operation, steps)
    first, last = _number(operation, start), _number(operation, end)
    dtype = dtype_in(
        options, python_dtype(type(first + last)) if isinstance(first + last, complex) else None
    )
    rounded = dtype if dtype.kind in "fc" else np.dtype(np.float64)
    double = np.result_type(rounded, np.float64).type
    if dtype.kind == "b":
        raise DTypeError(f"{operation}: needs a dtype of numbers, got {dtype}")
    if dtype.kind in "iu":
        first, last = (
            _filled(operation, np.empty((), dtype), int(end)).item() for end in (first, last)
        )
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
    rows, columns = count_of("eye", n), count_of("eye", n if m is None else m)
    return finish("eye", np.eye(rows, columns, dtype=dtype_in(options)), options)
