"""Writing whole slices at the places an index along a dim names: replacing, adding, reducing."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from autograd.core.variable import array_of, unwrap
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops.checks import checked_number
from autograd.ops.gathering import along_dim
from autograd.ops.indexing import Index, _add_item, _set_item, checked_dim, parse_index
from autograd.ops.scattering import scatter_reduce

F = TypeVar("F", bound=Callable[..., Any])


def _of_vectors(operation: F) -> F:
    """``operation(x, dim, index, source)``, that takes an ``x`` without dims for a vector of one
    element."""

    @functools.wraps(operation)
    def of_numbers_too(x: Any, dim: int, index: Any, source: Any, *args: Any, **params: Any) -> Any:
        if array_of(x).ndim:
            return operation(x, dim, index, source, *args, **params)
        if operation.__name__ != "index_fill":
            if array_of(source).shape:
                raise ShapeError(
                    f"{operation.__name__}: source must have no dims, as x, got "
                    f"{array_of(source).shape}"
                )
            source = source.reshape(1)
        return operation(x.reshape(1), dim, index, source, *args, **params).reshape(())

    return of_numbers_too  # type: ignore[return-value]  # it takes whatever the operation takes


def _along(name: str, x: Any, dim: int, index: Any) -> Index:
    places = along_dim(name, x, dim, index)
    return Index((...,), places, repeats=True)


@_of_vectors
def index_add(input: Any, dim: int, index: Any, source: Any, *, alpha: float = 1) -> Any:
    """A copy of ``input`` with ``alpha`` times the slices of ``source`` added at the positions
    ``index`` along ``dim``.

    >>> import autograd
    >>> autograd.index_add(autograd.zeros(3), 0, autograd.tensor([0, 0]), autograd.ones(2))
    tensor([2., 0., 0.])
    """
    where = _along("index_add", input, dim, index)
    _check_source("index_add", input, dim, where, source)
    return _add_item(input, source if alpha == 1 else source * alpha, index=where)


@_of_vectors
def index_copy(input: Any, dim: int, index: Any, source: Any) -> Any:
    """A copy of ``input`` with the slices at the positions ``index`` along ``dim`` replaced by
    those of ``source``."""
    if array_of(input).ndim == 1 and not array_of(source).ndim:
        source = source.reshape(1)
    where = _along("index_copy", input, dim, index)
    _check_source("index_copy", input, dim, where, source)
    return _set_item(input, source, index=where)


@_of_vectors
def index_reduce(
    input: Any, dim: int, index: Any, source: Any, reduce: str, *, include_self: bool = True
) -> Any:
    """``input`` with the slices of ``source`` reduced into those at the positions ``index`` along
    ``dim``.

    ``reduce``: "prod", "mean", "amax" or "amin"; ``include_self=False`` leaves the slices of
    ``input`` that are reduced into out, as in `scatter_reduce`.

    >>> import autograd
    >>> index, source = autograd.tensor([0, 0]), autograd.tensor([2.0, 5.0])
    >>> autograd.index_reduce(autograd.ones(2), 0, index, source, "amax")
    tensor([5., 1.])
    """
    if reduce not in ("prod", "mean", "amax", "amin"):
        raise DTypeError(
            f"index_reduce: reduce must be 'prod', 'mean', 'amax' or 'amin', got {reduce!r}"
        )
    if array_of(input).dtype.kind in "bc":
        raise DTypeError(f"index_reduce: is not defined for {array_of(input).dtype}; convert first")
    shape = array_of(input).shape
    where = _along("index_reduce", input, dim, index)
    _check_source("index_reduce", input, dim, where, source)
    trailing = (1,) * (len(shape) - checked_dim("index_reduce", dim, len(shape)) - 1)
    places = np.broadcast_to(array_of(index).reshape(-1, *trailing), array_of(source).shape)
    return scatter_reduce(input, dim, places, source, reduce, include_self=include_self)


@_of_vectors
def index_fill(input: Any, dim: int, index: Any, value: Any) -> Any:
    """A copy of ``input`` with the slices at the positions ``index`` along ``dim`` filled with
    ``value``, a number.

    >>> import autograd
    >>> autograd.index_fill(autograd.zeros(2, 2), 1, autograd.tensor([0]), 3.0)
    tensor([[3., 0.],
            [3., 0.]])
    """
    if np.ndim(unwrap(value)):
        raise ShapeError(
            f"index_fill: value must be a number or have no dims, got shape "
            f"{np.shape(unwrap(value))}"
        )
    where = _along("index_fill", input, dim, index)
    return _set_item(input, checked_number("index_fill", value), index=where)


def _check_source(name: str, x: Any, dim: int, index: Index, source: Any) -> None:
    shape = list(array_of(x).shape)
    shape[dim] = unwrap(index.advanced)[-1].size
    if list(array_of(source).shape) != shape:
        raise ShapeError(
            f"{name}: source must have shape {tuple(shape)}, got {array_of(source).shape}"
        )
    if array_of(source).dtype != array_of(x).dtype:
        raise DTypeError(
            f"{name}: source must have the dtype of x, {array_of(x).dtype}, got "
            f"{array_of(source).dtype}; use source.to(x)"
        )


def select_scatter(input: Any, src: Any, dim: int, index: int) -> Any:
    """A copy of ``input`` with the slice that ``select(input, dim, index)`` would give replaced by
    ``src``.

    >>> import autograd
    >>> autograd.select_scatter(autograd.zeros(2, 2), autograd.ones(2), 0, 1)
    tensor([[0., 0.],
            [1., 1.]])
    """
    return _write_slice("select_scatter", input, src, dim, int(index))


def slice_scatter(
    input: Any,
    src: Any,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
) -> Any:
    """A copy of ``input`` with the slices from ``start`` to ``end`` along ``dim``, ``step`` apart,
    replaced by ``src``.

    >>> import autograd
    >>> autograd.slice_scatter(autograd.zeros(4), autograd.ones(2), start=1, step=2)
    tensor([0., 1., 0., 1.])
    """
    if step < 1:
        raise ShapeError(f"slice_scatter: step must be positive, got {step}")
    return _write_slice("slice_scatter", input, src, dim, slice(start, end, step))


def _write_slice(name: str, x: Any, src: Any, dim: int, item: Any) -> Any:
    shape = array_of(x).shape
    if not shape:
        raise DimensionError(f"{name}: x has no dims")
    dim = checked_dim(name, dim, len(shape))
    if isinstance(item, int) and not -shape[dim] <= item < shape[dim]:
        raise DimensionError(
            f"{name}: index {item} is out of range for dim {dim} of size {shape[dim]}"
        )
    index = parse_index(shape, (slice(None),) * dim + (item,))
    needed: Sequence[int] = (
        *shape[:dim],
        *([] if isinstance(item, int) else [len(range(*item.indices(shape[dim])))]),
        *shape[dim + 1 :],
    )
    if array_of(src).shape != tuple(needed):
        raise ShapeError(f"{name}: src must have shape {tuple(needed)}, got {array_of(src).shape}")
    return _set_item(x, src, index=index)
