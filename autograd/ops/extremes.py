"""The largest and the smallest elements, and where they are."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, Variable, array_of
from autograd.dtypes import bool_, int64
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops.along import ValuesIndices, _take_along, axes_of, axis_of, refuse_complex
from autograd.ops.checks import needing_tensors
from autograd.ops.magnitude import maximum, minimum
from autograd.ops.reduction import Dims, _spread, count, reduced


class MinMax(NamedTuple):
    """The smallest and the largest element."""

    min: Any
    max: Any


@primitive(
    x=lambda g, x, out, x_shape, dim, keepdim: (
        _spread(g, shape=x_shape, dim=dim, keepdim=keepdim)
        * _ties(x, out, dim=dim, keepdim=keepdim)
    )
)
def amax(x: Array, dim: Dims = None, keepdim: bool = False) -> Array:
    """The largest element along ``dim``; NaN if there is one. A tie shares the gradient equally.

    >>> import autograd
    >>> autograd.amax(autograd.tensor([[1.0, 5.0], [4.0, 2.0]]), dim=1)
    tensor([5., 4.])
    """
    _refuse_unordered(x, dim)
    return reduced(np.maximum, x, dim, keepdim)


@primitive(
    x=lambda g, x, out, x_shape, dim, keepdim: (
        _spread(g, shape=x_shape, dim=dim, keepdim=keepdim)
        * _ties(x, out, dim=dim, keepdim=keepdim)
    )
)
def amin(x: Array, dim: Dims = None, keepdim: bool = False) -> Array:
    """The smallest element along ``dim``; NaN if there is one. A tie shares the gradient equally.

    >>> import autograd
    >>> autograd.amin(autograd.tensor([[1.0, 5.0], [4.0, 2.0]]), dim=1)
    tensor([1., 2.])
    """
    _refuse_unordered(x, dim)
    return reduced(np.minimum, x, dim, keepdim)


@primitive()
def _ties(x: Array, chosen: Array, dim: Dims = None, keepdim: bool = False) -> Array:
    """0 where ``x`` is not the ``chosen`` element along ``dim``, 1 where it is; 1/n where n
    elements are equal to it.

    NaN counts as equal to NaN: it was chosen because it is one.
    """
    chosen = _spread(chosen, shape=x.shape, dim=dim, keepdim=keepdim)
    equal = (x == chosen) | (np.isnan(x) & np.isnan(chosen))
    number = reduced(np.add, equal, dim, True, int64)
    return np.divide(equal, number, dtype=x.dtype if x.dtype.kind == "f" else None)


def _refuse_unordered(x: Any, dim: Dims, operation: str = "") -> None:
    """Raise an error for complex numbers, and where there is nothing to choose from."""
    refuse_complex(x, operation)
    if 0 in x.shape and not count(x.shape, axes_of(x, dim, operation)):
        prefix = f"{operation}: " if operation else ""
        error = ShapeError if dim is None or dim == () else DimensionError
        raise error(f"{prefix}x has no elements to choose from, its shape is {x.shape}")


@needing_tensors(1)
def max(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """The largest element; with an integer ``dim`` (values, indices) along it; with a tensor for
    ``dim``, `maximum`.

    The gradient goes to the chosen index; without ``dim``, a tie shares it equally. NaN wins.

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 5.0], [4.0, 2.0]])
    >>> autograd.max(x)
    tensor(5.)
    >>> autograd.max(x, 1).indices
    tensor([1, 0])
    >>> autograd.max(x, autograd.tensor(3.0)).tolist()
    [[3.0, 5.0], [4.0, 3.0]]
    """
    if dim is None:
        _refuse_unordered(input, dim, "max")
        return amax(input)
    if isinstance(dim, (Variable, np.ndarray)):
        return maximum(input, dim)
    return _chosen(_argmax, "max", input, dim, keepdim)


@needing_tensors(1)
def min(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """The smallest element; with an integer ``dim`` (values, indices) along it; with a tensor for
    ``dim``, `minimum`.

    The gradient goes to the chosen index; without ``dim``, a tie shares it equally. NaN wins.

    >>> import autograd
    >>> autograd.min(autograd.tensor([[1.0, 5.0], [4.0, 2.0]]), dim=1).values
    tensor([1., 2.])
    """
    if dim is None:
        _refuse_unordered(input, dim, "min")
        return amin(input)
    if isinstance(dim, (Variable, np.ndarray)):
        return minimum(input, dim)
    return _chosen(_argmin, "min", input, dim, keepdim)


def _chosen(argument: Any, operation: str, x: Any, dim: int, keepdim: bool) -> ValuesIndices:
    axis = axis_of(x, dim, operation)
    _refuse_unordered(x, axis, operation)
    indices = argument(x, dim=axis, keepdim=keepdim)
    return ValuesIndices(_take_along(x, indices, dim=axis, keepdim=keepdim), indices)


def aminmax(input: Any, *, dim: int | None = None, keepdim: bool = False) -> MinMax:
    """The smallest and the largest element along ``dim``; a tie shares the gradient equally.

    >>> import autograd
    >>> autograd.aminmax(autograd.tensor([3.0, 1.0, 2.0])).max
    tensor(3.)
    """
    _refuse_unordered(input, dim, "aminmax")
    return MinMax(amin(input, dim=dim, keepdim=keepdim), amax(input, dim=dim, keepdim=keepdim))


def argmax(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The index of the largest element along ``dim``, in the flattened ``input`` without one; the
    first of several.

    >>> import autograd
    >>> autograd.argmax(autograd.tensor([[1.0, 5.0], [4.0, 2.0]]), dim=1)
    tensor([1, 0])
    """
    _refuse_bool("argmax", input)
    return _argmax(input, dim=dim, keepdim=keepdim)


def argmin(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The index of the smallest element along ``dim``, in the flattened ``input`` without one; the
    first of several.

    >>> import autograd
    >>> autograd.argmin(autograd.tensor([[1.0, 5.0], [4.0, 2.0]]))
    tensor(0)
    """
    _refuse_bool("argmin", input)
    return _argmin(input, dim=dim, keepdim=keepdim)


@primitive()
def _argmax(x: Array, dim: int | None = None, keepdim: bool = False) -> Array:
    return np.argmax(x, _argument_axis(x, dim), keepdims=keepdim)


@primitive()
def _argmin(x: Array, dim: int | None = None, keepdim: bool = False) -> Array:
    return np.argmin(x, _argument_axis(x, dim), keepdims=keepdim)


def _argument_axis(x: Any, dim: int | None) -> int | None:
    _refuse_unordered(x, dim)
    axis = None if dim is None else axis_of(x, dim)
    return axis if x.ndim else None


def _refuse_bool(operation: str, x: Any) -> None:
    if array_of(x).dtype == bool_:
        raise DTypeError(f"{operation}: is not defined for bool; convert first: x.int()")
