"""Calls of NumPy's functions as calls of operations.

The operations are looked up in the namespace ``autograd`` when they are called: they lie above.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from autograd.core.variable import Variable, make, unwrap
from autograd.dtypes import DIFFERENTIABLE, as_dtype, get_default_dtype, result_type
from autograd.errors import ShapeError
from autograd.numpy_names import (
    ACCUMULATIONS,
    DIFFERENT_UFUNCS,
    FUNCTIONS,
    OF_TENSORS,
    PARAMETERS,
    REDUCTIONS,
    UFUNCS,
)


class NoCounterpart(Exception):  # noqa: N818  # `interop` catches it, no user ever sees it
    """NumPy was asked for something that no operation here does."""


# -- with a counterpart ---------------------------------------------------------------------------


def ufunc_counterpart(function: Any, method: str, args: Any, kwargs: Any) -> Any:
    """The operation for NumPy's universal function, called. Raises NoCounterpart."""
    name = function.__name__
    if method == "__call__" and not kwargs and name not in DIFFERENT_UFUNCS:
        tensors = [_as_tensor(arg) for arg in args]
        if name in OF_TENSORS:
            tensors = _numbers_as_tensors(tensors)
        return _op(UFUNCS.get(name, name))(*tensors)
    if method == "outer" and not kwargs:
        x, y = map(_as_tensor, args)
        return _op(UFUNCS.get(name, name))(_op("reshape")(x, (*np.shape(x), *(1,) * np.ndim(y))), y)
    if method == "reduce" and name in REDUCTIONS:
        return _ufunc_reduction(REDUCTIONS[name], *args, **_given_axis(kwargs))
    if method == "accumulate" and name in ACCUMULATIONS and kwargs.keys() <= {"axis"}:
        return _op(ACCUMULATIONS[name])(*args, dim=kwargs.get("axis", 0))
    raise NoCounterpart


def function_counterpart(name: str, args: Any, kwargs: Any) -> Any:
    """The operation for NumPy's function ``name``, called. Raises NoCounterpart."""
    if name in _ADAPTERS:
        return _adapted(_ADAPTERS[name], args, kwargs)
    if name in FUNCTIONS:
        return _translated(*FUNCTIONS[name], args, kwargs)
    raise NoCounterpart


def _op(name: str) -> Callable[..., Any]:
    """The operation ``autograd.<name>``, or the method or property of tensors."""
    found: Any = sys.modules["autograd"]
    for part in name.split("."):
        found = getattr(found, part, None)
    if callable(found):
        return found  # type: ignore[no-any-return]  # it is one of our operations
    found = getattr(Variable.result_class, name, None)
    if isinstance(found, property):
        return found.fget  # type: ignore[return-value]  # every property of a tensor has a getter
    if found is None:
        raise NoCounterpart
    return found  # type: ignore[no-any-return]  # likewise


def _numbers_as_tensors(args: list[Any]) -> list[Any]:
    """``args`` with tensors in the place of Python's numbers, in the dtype of the result."""
    dtype = result_type(*map(unwrap, args))
    return [
        make(np.asarray(arg).astype(dtype)) if type(arg) in (bool, int, float, complex) else arg
        for arg in args
    ]


def _as_tensor(value: Any) -> Any:
    """An array or a list as a tensor, a NumPy scalar as the number it is; lists of tensors as lists
    of tensors."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        # A copy: it may be saved for a backward, and nobody tells us when its owner changes it.
        return make(np.array(value, as_dtype(value.dtype)))
    if isinstance(value, (list, tuple)):
        if any(True for _ in tensors_in(value)):
            return [_as_tensor(item) for item in value]
        array = np.asarray(value)
        return _as_tensor(array.astype(get_default_dtype()) if array.dtype.kind == "f" else array)
    return value


def _translated(operation: str, parameters: str, args: Any, kwargs: Any) -> Any:
    """Call the operation with NumPy's arguments under the names that it has for them."""
    arrays, others = (part.split() for part in parameters.split("|"))
    renamed = dict(_renamed(parameter) for parameter in others)
    names = [*arrays, *renamed]
    if len(args) > len(names):
        raise NoCounterpart
    given = _given({**dict(zip(names, args)), **kwargs})
    if not given.keys() <= set(names) - {"_"}:
        raise NoCounterpart
    operands = [_as_tensor(given.pop(name)) for name in arrays if name in given]
    return _op(operation)(*operands, **{renamed[name]: value for name, value in given.items()})


def _renamed(parameter: str) -> tuple[str, str]:
    name, _, new = parameter.partition(":")
    return name, new or PARAMETERS.get(name, name)


def _given(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """What was really asked for: None and NumPy's marker stand for what wasn't."""
    return {
        name: value
        for name, value in kwargs.items()
        if value is not None and value is not np._NoValue
    }


def _adapted(adapter: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    names = adapter.__code__.co_varnames[
        : adapter.__code__.co_argcount + adapter.__code__.co_kwonlyargcount
    ]
    given = {name: value for name, value in kwargs.items() if value is not np._NoValue}
    if not given.keys() <= set(names):
        raise NoCounterpart
    return adapter(*[_as_tensor(arg) if _holds_tensor(arg) else arg for arg in args], **given)


def _holds_tensor(value: Any) -> bool:
    return isinstance(value, np.ndarray) or any(True for _ in tensors_in(value))


def _given_axis(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a reduction. ``axis`` is 0 unless given, and None stands for all."""
    if not kwargs.keys() <= {"axis", "keepdims"}:
        raise NoCounterpart
    return {"axis": 0, **kwargs}


def _ufunc_reduction(operation: str, x: Any, axis: Any, keepdims: bool = False) -> Any:
    if operation == "prod":
        return _prod(x, axis, keepdims=keepdims)
    dims = tuple(range(x.ndim)) if axis is None else axis
    return _op(operation)(x, dim=dims, keepdim=keepdims) if x.ndim else x


def tensors_in(values: Any) -> Iterator[Variable]:
    """The tensors in nested tuples, lists and dicts."""
    if isinstance(values, Variable):
        yield values
    elif isinstance(values, (tuple, list, dict)):
        for value in values.values() if isinstance(values, dict) else values:
            yield from tensors_in(value)


# -- functions that need more than other names ----------------------------------------------------


def _mean(a: Any, axis: Any = None, dtype: Any = None, *, keepdims: bool = False) -> Any:
    if dtype is None and a.dtype not in DIFFERENTIABLE:
        dtype = get_default_dtype()
    return _op("mean")(a, axis, keepdims, **_given({"dtype": dtype}))


def _spread(operation: str) -> Callable[..., Any]:
    """NumPy divides by ``n`` unless told otherwise, PyTorch by ``n - 1``."""

    def adapter(
        a: Any,
        axis: Any = None,
        *,
        ddof: float = 0,
        keepdims: bool = False,
        correction: float | None = None,
    ) -> Any:
        a = a if a.dtype in DIFFERENTIABLE else a.to(get_default_dtype())
        return _op(operation)(
            a, axis, correction=ddof if correction is None else correction, keepdim=keepdims
        )

    return adapter


def _prod(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    axes = range(a.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    for dim in sorted((dim % a.ndim for dim in axes), reverse=True):
        a = _op("prod")(a, dim=dim, keepdim=keepdims)
    return a


def _along(operation: str, default: int | None = None) -> Callable[..., Any]:
    """A function along one axis, or along the flattened array."""

    def adapter(a: Any, axis: int | None = default) -> Any:
        result = _op(operation)(_ravel(a) if axis is None else a, dim=0 if axis is None else axis)
        return result[0] if isinstance(result, tuple) else result

    return adapter


def _ravel(a: Any) -> Any:
    return _op("reshape")(a, (-1,))


def _squeeze(a: Any, axis: Any = None) -> Any:
    if axis is None:
        return _op("squeeze")(a)
    for dim in axis if isinstance(axis, tuple) else (axis,):
        if a.shape[dim] != 1:
            raise ShapeError(
                f"np.squeeze: dim {dim} has size {a.shape[dim]}, but only dims of size 1 can go"
            )
    return _op("squeeze")(a, axis)


def _expand_dims(a: Any, axis: Any) -> Any:
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    ndim = a.ndim + len(axes)
    for dim in sorted(dim + ndim if dim < 0 else dim for dim in axes):
        a = _op("unsqueeze")(a, dim)
    return a


def _concatenate(arrays: Any, axis: int | None = 0) -> Any:
    if axis is not None:
        return _op("cat")(arrays, axis)
    return _op("cat")([_ravel(array) for array in arrays], 0)


def _take(a: Any, indices: Any, axis: int | None = None) -> Any:
    index = np.asarray(unwrap(indices))
    return _ravel(a)[index] if axis is None else a[(slice(None),) * (axis % a.ndim) + (index,)]


def _split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    size = ary.shape[axis]
    if isinstance(indices_or_sections, int) and size % indices_or_sections:
        raise ShapeError(
            f"np.split: {size} is not divisible by {indices_or_sections}; use np.array_split"
        )
    return _array_split(ary, indices_or_sections, axis)


def _array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    places = indices_or_sections
    return list(
        _op("tensor_split")(ary, places if isinstance(places, int) else tuple(places), dim=axis)
    )


def _dot(a: Any, b: Any) -> Any:
    """``np.dot``: with more than two dims, over the last of ``a`` and the last but one of ``b``."""
    a, b = _as_tensor(a), _as_tensor(b)
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return _op("mul")(a, b)
    if np.ndim(a) <= 2 and np.ndim(b) <= 2:
        return _op("matmul")(a, b)
    return _op("tensordot")(a, b, dims=([np.ndim(a) - 1], [max(np.ndim(b) - 2, 0)]))


def _einsum(*operands: Any) -> Any:
    if not isinstance(operands[0], str):
        raise NoCounterpart
    return _op("einsum")(operands[0], *map(_as_tensor, operands[1:]))


def _trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    return _op("sum")(_op("diagonal")(a, offset, axis1, axis2), -1)


def _solve(a: Any, b: Any) -> Any:
    """NumPy takes ``b`` for a vector only if it has one dim; PyTorch also for a batch of them."""
    a, b = _as_tensor(a), _as_tensor(b)
    ambiguous = 1 < b.ndim == a.ndim - 1
    return _op("linalg.solve")(a, _op("unsqueeze")(b, 0) if ambiguous else b)


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    axes = axis if isinstance(axis, tuple) else (axis,)
    if ord is not None and (len(axes) == 2 or (axis is None and x.ndim == 2)):
        return _op("linalg.matrix_norm")(x, ord, axis or (-2, -1), keepdims)
    return _op("linalg.vector_norm")(x, 2 if ord is None else ord, axis, keepdims)


def _qr(a: Any, mode: str = "reduced") -> Any:
    result = _op("linalg.qr")(a, mode)
    return result[1] if mode == "r" else result


_ADAPTERS: dict[str, Callable[..., Any]] = {
    "mean": _mean,
    "var": _spread("var"),
    "std": _spread("std"),
    "prod": _prod,
    "cumsum": _along("cumsum"),
    "cumprod": _along("cumprod"),
    "sort": _along("sort", -1),
    "median": lambda a, axis=None, *, keepdims=False: _op("quantile")(a, 0.5, axis, keepdims),
    "clip": lambda a, a_min=None, a_max=None, *, min=None, max=None: _op("clamp")(
        a, a_min if min is None else min, a_max if max is None else max
    ),
    "transpose": lambda a, axes=None: _op("permute")(a, axes or tuple(range(a.ndim))[::-1]),
    "ravel": _ravel,
    "reshape": lambda a, shape: _op("reshape")(a, shape),
    "tile": lambda a, reps: _op("tile")(a, (reps,) if isinstance(reps, int) else tuple(reps)),
    "outer": lambda a, b: _op("outer")(_ravel(_as_tensor(a)), _ravel(_as_tensor(b))),
    "squeeze": _squeeze,
    "expand_dims": _expand_dims,
    "flip": lambda m, axis=None: _op("flip")(m, tuple(range(m.ndim)) if axis is None else axis),
    "concatenate": _concatenate,
    "append": lambda arr, values, axis=None: _concatenate(
        [_as_tensor(arr), _as_tensor(values)], axis
    ),
    "take": _take,
    "split": _split,
    "array_split": _array_split,
    "dot": _dot,
    "vdot": lambda a, b: _op("vdot")(_ravel(_as_tensor(a)), _ravel(_as_tensor(b))),
    "einsum": _einsum,
    "trace": _trace,
    "linalg.trace": lambda x, *, offset=0: _trace(x, offset, -2, -1),
    "linalg.solve": _solve,
    "linalg.norm": _norm,
    "take_along_axis": lambda arr, indices, axis=-1: _op("take_along_dim")(
        _as_tensor(arr), _as_tensor(indices), axis
    ),
    "linalg.qr": _qr,
    "meshgrid": lambda *xi, indexing="xy": tuple(_op("meshgrid")(*xi, indexing=indexing)),
}
