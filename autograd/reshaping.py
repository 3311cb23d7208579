"""In-place changes of the shape: the tensor itself becomes the view that an operation gives of
it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.core.inplace import is_recorded, refuse_unless_rebindable
from autograd.core.variable import View, make, share_memory, unwrap, version_of
from autograd.errors import GraphError, ShapeError, describe
from autograd.ops import rearranging, shaping, striding


def in_place_view(operation: Callable[..., Any]) -> Callable[..., Any]:
    """The in-place form of ``operation``, which gives a view: ``x.op_(...)`` makes ``x`` what
    ``op(x, ...)`` returns, with the same memory."""
    name = f"{operation.__name__}_"

    def method(x: Any, *args: Any, **params: Any) -> Any:
        if is_recorded((x,)):
            refuse_unless_rebindable(x, name)
        _refuse_with_views(x, name)
        result = operation(x, *args, **params)
        if result is not x:
            _become(x, result)
        return x

    functools.update_wrapper(method, operation)
    method.__name__ = name
    method.__qualname__ = f"Tensor.{name}"
    method.__doc__ = f"In-place `{operation.__name__}`: the memory stays, the shape changes."
    return method


def _refuse_with_views(x: Any, name: str) -> None:
    """Raise GraphError if ``x`` has views: they are found by the way from its present shape."""
    if isinstance(x._version, View) or x._version is None:
        return
    if any(view is not x for view in x._version.living_views()):
        raise GraphError(
            f"{name}: x ({describe(x._array)}) has views, which rely on its shape; use the "
            f"out-of-place {name.rstrip('_')}"
        )


def _become(x: Any, result: Any) -> None:
    """Make ``x`` what ``result``, a view of it, is. What was saved of it before is outdated."""
    x._array, x._edge = result._array, result._edge
    if isinstance(x._version, View):
        x._version = result._version
    version_of(x).bump()
    if x._edge is None:
        x._sink = None  # it is for gradients of the old shape


def resize_(x: Any, *sizes: Any) -> Any:
    """Give ``x`` another shape, with its first elements in order; there may be fewer, or more,
    which are then 0. Raises GraphError if ``x`` requires grad.

    >>> import autograd
    >>> autograd.tensor([1, 2, 3]).resize_(2, 2).tolist()
    [[1, 2], [3, 0]]
    """
    if x._edge is not None:
        raise GraphError("resize_: a tensor that requires grad can't be resized; use reshape")
    _refuse_with_views(x, "resize_")
    shape = shaping.sizes_of("resize_", sizes)
    if min(shape, default=0) < 0:
        raise ShapeError(f"resize_: sizes must not be negative, got {shape}")
    old, size = x._array.reshape(-1), int(np.prod(shape))
    if size > old.size:
        memory = np.zeros_like(old, shape=size)
        memory[: old.size] = old
        old, x._version = memory, None
    result = make(old[:size].reshape(shape))
    share_memory(result, x, None)
    _become(x, result)
    return x


def resize_as_(x: Any, other: Any) -> Any:
    """`resize_` to the shape of ``other``."""
    return resize_(x, np.shape(unwrap(other)))


squeeze_ = in_place_view(shaping.squeeze)
unsqueeze_ = in_place_view(shaping.unsqueeze)
t_ = in_place_view(rearranging.t)
transpose_ = in_place_view(rearranging.transpose)
swapaxes_ = in_place_view(rearranging.swapaxes)
swapdims_ = in_place_view(rearranging.swapdims)
as_strided_ = in_place_view(striding.as_strided)
