"""Distances between vectors; vectors brought within a distance."""

from __future__ import annotations

from typing import Any

from autograd.core.variable import array_of
from autograd.errors import DTypeError, ShapeError
from autograd.ops.arithmetic import add, div, mul, sub
from autograd.ops.comparison import gt
from autograd.ops.norms import vector_norm
from autograd.ops.selection import where
from autograd.ops.shaping import checked_dims, reshape

_COMPUTE_MODES = (
    None,
    "use_mm_for_euclid_dist_if_necessary",
    "use_mm_for_euclid_dist",
    "donot_use_mm_for_euclid_dist",
)


def dist(input: Any, other: Any, p: float = 2) -> Any:
    """The ``p``-norm of ``input - other`` over all elements, broadcasting.

    >>> import autograd
    >>> autograd.dist(autograd.tensor([1.0, 2.0]), autograd.tensor([4.0, 6.0]))
    tensor(5.)
    """
    return vector_norm(sub(input, other), p)


def cdist(x1: Any, x2: Any, p: float = 2.0, compute_mode: str | None = None) -> Any:
    """The ``p``-norm distance of each row of ``x1 (..., n, k)`` to each of ``x2 (..., m, k)``:
    ``(..., n, m)``.

    The gradient of a distance that is 0 is 0. ``compute_mode`` is there for PyTorch's sake: the
    differences are always taken directly, which is accurate for near rows. Raises ShapeError for
    rows of different sizes, DTypeError for two dtypes.

    >>> import autograd
    >>> autograd.cdist(autograd.tensor([[0.0, 0.0]]), autograd.tensor([[3.0, 4.0], [0.0, 1.0]]))
    tensor([[5., 1.]])
    """
    x1_shape, x2_shape = array_of(x1).shape, array_of(x2).shape
    if len(x1_shape) < 2 or len(x2_shape) < 2 or x1_shape[-1] != x2_shape[-1]:
        raise ShapeError(
            f"cdist: needs x1 (..., n, k) and x2 (..., m, k), got {x1_shape} and {x2_shape}"
        )
    if p < 0:
        raise ShapeError(f"cdist: p must not be negative, got {p}")
    if compute_mode not in _COMPUTE_MODES:
        raise ShapeError(f"cdist: compute_mode must be one of {_COMPUTE_MODES}")
    if array_of(x1).dtype != array_of(x2).dtype:
        raise DTypeError(
            f"cdist: x1 is {array_of(x1).dtype} but x2 is {array_of(x2).dtype}; convert one of them"
        )
    rows = reshape(x1, (*x1_shape[:-1], 1, x1_shape[-1]))
    others = reshape(x2, (*x2_shape[:-2], 1, *x2_shape[-2:]))
    return vector_norm(sub(rows, others), p, -1)


def renorm(input: Any, p: float, dim: int, maxnorm: float) -> Any:
    """``input`` with each of its slices along ``dim`` that has a ``p``-norm above ``maxnorm``
    scaled down to that norm.

    Raises ShapeError for a tensor of less than 2 dims, for ``p <= 0`` or ``maxnorm < 0``.

    >>> import autograd
    >>> autograd.renorm(autograd.tensor([[3.0, 4.0], [0.3, 0.4]]), 2, 0, 1.0)
    tensor([[0.6000, 0.8000],
            [0.3000, 0.4000]])
    """
    ndim = array_of(input).ndim
    if ndim < 2:
        raise ShapeError(f"renorm: needs at least 2 dims to have slices, got {ndim}")
    if p <= 0 or maxnorm < 0:
        raise ShapeError(f"renorm: needs p > 0 and maxnorm >= 0, got p={p}, maxnorm={maxnorm}")
    (kept,) = checked_dims("renorm", (dim,), ndim)
    norms = vector_norm(input, p, tuple(i for i in range(ndim) if i != kept), True)
    # PyTorch's small addend, which keeps rounding from leaving the norm above the limit.
    scaled = div(maxnorm, add(norms, 1e-7))
    return mul(input, where(gt(norms, maxnorm), scaled, 1))
