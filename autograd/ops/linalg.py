"""Norms and distances; inverses, determinants, and systems of linear equations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, unwrap
from autograd.dtypes import DIFFERENTIABLE
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops.arithmetic import sub
from autograd.ops.norms import norm
from autograd.ops.products import _swap_last, check_dtypes, column, matmul
from autograd.ops.shaping import checked_dims

# -- norms -----------------------------------------------------------------------------------------


def vector_norm(
    x: Any, ord: float = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """``sum(abs(x) ** ord) ** (1 / ord)`` over ``dim`` (one, several, or by default all).

    ``ord`` may be infinite: the largest (smallest) magnitude; 0: the number of elements that
    aren't 0. The gradient of
    a norm that is 0 is 0. Raises DTypeError for integers, ShapeError for the largest of no
    elements.

    >>> import autograd
    >>> autograd.linalg.vector_norm(autograd.tensor([3.0, -4.0]))
    tensor(5.)
    """
    shape = unwrap(x).shape
    dims = checked_dims(
        "vector_norm", (dim,) if isinstance(dim, int) else dim or range(len(shape)), len(shape)
    )
    if (ord < 0 or math.isinf(ord)) and 0 in (shape[each] for each in dims):
        raise ShapeError(
            f"vector_norm: x {shape} has no elements along dim {dim}, so a norm of order {ord} "
            "isn't defined"
        )
    if dtype is None and unwrap(x).dtype not in DIFFERENTIABLE:
        raise DTypeError(
            f"vector_norm: needs a floating or complex x, got {unwrap(x).dtype}; "
            "pass dtype='float32', or convert x first"
        )
    return norm(x, ord, dims, keepdim, dtype)


def matrix_norm(
    x: Any, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """A norm of the matrices in the two dims ``dim``.

    ``"fro"``: of all elements as one vector. 1, -1: the largest, smallest sum of magnitudes of a
    column;
    infinity, -infinity: of a row. Raises ShapeError for any other ``ord``.

    >>> import autograd
    >>> autograd.linalg.matrix_norm(autograd.tensor([[1.0, -2.0], [3.0, 4.0]]), ord=1)
    tensor(6.)
    """
    shape = unwrap(x).shape
    if len(shape) < 2 or len(dim) != 2:
        raise ShapeError(
            f"matrix_norm: needs a tensor of at least 2 dims and two of them, got shape {shape} "
            f"and dim={dim}"
        )
    dims = checked_dims("matrix_norm", dim, len(shape))
    if ord == "fro":
        return vector_norm(x, 2, dims, keepdim, dtype=dtype)
    if ord not in (1, -1, math.inf, -math.inf):
        raise ShapeError(f"matrix_norm: ord must be 'fro', 1, -1, inf or -inf, got {ord!r}")
    summed, compared = dims if ord in (1, -1) else dims[::-1]
    sums = vector_norm(x, 1, summed, True, dtype=dtype)
    out = vector_norm(sums, math.copysign(math.inf, ord), compared, True)
    return (
        out
        if keepdim
        else out.reshape(tuple(size for i, size in enumerate(shape) if i not in dims))
    )


# -- distances -------------------------------------------------------------------------------------


def dist(x: Any, y: Any, p: float = 2) -> Any:
    """The ``p``-norm of ``x - y`` over all elements, broadcasting.

    >>> import autograd
    >>> autograd.dist(autograd.tensor([1.0, 2.0]), autograd.tensor([4.0, 6.0]))
    tensor(5.)
    """
    return vector_norm(sub(x, y), p)


def cdist(x: Any, y: Any, p: float = 2.0, compute_mode: str | None = None) -> Any:
    """The ``p``-norm distance of each row of ``x (..., n, k)`` to each of ``y (..., m, k)``:
    ``(..., n, m)``.

    The gradient of a distance that is 0 is 0. ``compute_mode`` is there for PyTorch's sake: the
    differences are always
    taken directly, which is accurate for near rows. Raises ShapeError for rows of different sizes.

    >>> import autograd
    >>> autograd.cdist(autograd.tensor([[0.0, 0.0]]), autograd.tensor([[3.0, 4.0], [0.0, 1.0]]))
    tensor([[5., 1.]])
    """
    x_shape, y_shape = unwrap(x).shape, unwrap(y).shape
    if len(x_shape) < 2 or len(y_shape) < 2 or x_shape[-1] != y_shape[-1]:
        raise ShapeError(
            f"cdist: needs x (..., n, k) and y (..., m, k), got {x_shape} and {y_shape}"
        )
    if p < 0:
        raise ShapeError(f"cdist: p must not be negative, got {p}")
    rows = x.reshape((*x_shape[:-1], 1, x_shape[-1]))
    others = y.reshape((*y_shape[:-2], 1, *y_shape[-2:]))
    differences = sub(rows, others)
    return vector_norm(differences, p, -1)


# -- products --------------------------------------------------------------------------------------


@primitive(
    x=lambda g, y, dim: _cross(y, g, dim=dim),
    y=lambda g, x, dim: _cross(g, x, dim=dim),
)
def _cross(x: Array, y: Array, dim: int) -> Array:
    check_dtypes(x, y)
    return np.cross(x, y, axis=dim)


def cross(x: Any, y: Any, dim: int | None = None) -> Any:
    """The vector product along ``dim``, of size 3 (by default the first dim of that size); other
    dims broadcast.

    >>> import autograd
    >>> autograd.cross(autograd.tensor([1, 0, 0]), autograd.tensor([0, 1, 0]))
    tensor([0, 0, 1])
    """
    x_shape, y_shape = unwrap(x).shape, unwrap(y).shape
    if len(x_shape) != len(y_shape):
        raise ShapeError(
            f"cross: x has {len(x_shape)} dims but y has {len(y_shape)}; they must have as many"
        )
    if dim is None:
        if 3 not in x_shape:
            raise ShapeError(
                f"cross: x {x_shape} has no dim of size 3, and only there is a vector product"
            )
        dim = x_shape.index(3)
    if not -len(x_shape) <= dim < len(x_shape):
        raise DimensionError(f"cross: dim {dim} is out of range for {len(x_shape)} dims")
    if x_shape[dim] != 3 or y_shape[dim] != 3:
        raise ShapeError(
            f"cross: dim {dim} must have size 3, got {x_shape[dim]} in x and {y_shape[dim]} in y"
        )
    return _cross(x, y, dim=dim)


def chain_matmul(*matrices: Any) -> Any:
    """As `multi_dot`, with the matrices as arguments."""
    return multi_dot(matrices)


def multi_dot(tensors: Sequence[Any]) -> Any:
    """The product of a chain of matrices, in the order that takes the fewest multiplications.

    The first and the last may be vectors. (Cormen, Leiserson, Rivest, Stein: Introduction to
    Algorithms, 14.2.)
    """
    shapes = [unwrap(tensor).shape for tensor in tensors]
    if len(shapes) < 2:
        raise ShapeError(f"multi_dot: needs at least 2 tensors, got {len(shapes)}")
    for i, shape in enumerate(shapes):
        if len(shape) != 2 and not (len(shape) == 1 and i in (0, len(shapes) - 1)):
            raise ShapeError(
                f"multi_dot: tensors[{i}] has shape {shape}; all must be matrices, the ends may "
                "be vectors"
            )
    sizes = [1 if len(shapes[0]) == 1 else shapes[0][0], *(shape[0] for shape in shapes[1:])]
    sizes.append(1 if len(shapes[-1]) == 1 else shapes[-1][1])
    return _chain(tensors, _splits(sizes), 0, len(shapes) - 1)


def _splits(sizes: Sequence[int]) -> dict[tuple[int, int], int]:
    """Where to split each part ``(i, j)`` of a chain; matrix ``i`` has ``sizes[i]`` rows and
    ``sizes[i + 1]`` columns."""
    count = len(sizes) - 1
    cost = {(i, i): 0 for i in range(count)}
    best = {}
    for length in range(1, count):
        for i in range(count - length):
            j = i + length
            costs = [
                cost[i, s] + cost[s + 1, j] + sizes[i] * sizes[s + 1] * sizes[j + 1]
                for s in range(i, j)
            ]
            cost[i, j] = min(costs)
            best[i, j] = i + costs.index(cost[i, j])
    return best


def _chain(tensors: Sequence[Any], splits: dict[tuple[int, int], int], i: int, j: int) -> Any:
    if i == j:
        return tensors[i]
    split = splits[i, j]
    return matmul(_chain(tensors, splits, i, split), _chain(tensors, splits, split + 1, j))


# -- inverses, determinants, linear systems --------------------------------------------------------


def _check_square(x: Any) -> None:
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise ShapeError("needs square matrices in the last two dims: (..., n, n)")
    if x.dtype not in DIFFERENTIABLE:
        raise DTypeError("needs a floating or complex x; convert it first: x.to('float32')")


@primitive(x=lambda g, out: -matmul(_swap_last(out), matmul(g, _swap_last(out))))
def inv(x: Array) -> Array:
    """The inverses of the matrices in the last two dims. Raises ShapeError for a singular one.

    >>> import autograd
    >>> autograd.linalg.inv(autograd.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """
    _check_square(x)
    return np.linalg.inv(x)


@primitive(
    x=lambda g, x, out: -matmul(_solve(_swap_last(x), g), _swap_last(out)),
    y=lambda g, x: _solve(_swap_last(x), g),
)
def _solve(x: Array, y: Array) -> Array:
    """``inv(x) @ y``, for columns ``y (..., n, k)``."""
    _check_square(x)
    check_dtypes(x, y)
    if x.shape[-1] != y.shape[-2]:
        raise ShapeError(
            f"x has {x.shape[-1]} rows but y has {y.shape[-2]}; they must have as many"
        )
    return np.linalg.solve(x, y)


def solve(x: Any, y: Any, *, left: bool = True) -> Any:
    """The solution ``z`` of ``x @ z = y`` (``z @ x = y`` if not ``left``) for square ``x (..., n,
    n)``.

    ``y`` is ``(..., n, k)``, or ``(..., n)`` with one dim less than ``x``. Raises ShapeError for a
    singular ``x``.

    >>> import autograd
    >>> x = autograd.tensor([[2.0, 0.0], [0.0, 4.0]])
    >>> autograd.linalg.solve(x, autograd.tensor([2.0, 2.0]))
    tensor([1.0000, 0.5000])
    """
    x_shape, y_shape = unwrap(x).shape, unwrap(y).shape
    if not y_shape:
        raise ShapeError(
            f"solve: needs y (..., n, k) or (..., n) with at least 1 dim, got {y_shape}"
        )
    if len(y_shape) == 1 or (len(y_shape) == len(x_shape) - 1 and y_shape == x_shape[:-1]):
        out = _solve(x if left else _swap_last(x), column(y))
        return out.reshape(unwrap(out).shape[:-1])
    return _solve(x, y) if left else _swap_last(_solve(_swap_last(x), _swap_last(y)))


def matrix_power(x: Any, n: int) -> Any:
    """``x @ x @ ... @ x``, ``n`` times, for square matrices; for negative ``n``, of their inverses.

    By repeated squaring. ``n = 0`` gives identity matrices.

    >>> import autograd
    >>> autograd.linalg.matrix_power(autograd.tensor([[1.0, 1.0], [0.0, 1.0]]), 5)
    tensor([[1., 5.],
            [0., 1.]])
    """
    array = unwrap(x)
    if array.ndim < 2 or array.shape[-1] != array.shape[-2]:
        raise ShapeError(
            f"matrix_power: needs square matrices in the last two dims, got {array.shape}"
        )
    if n < 0:
        x, n = inv(x), -n
    if n == 0:
        return x * 0 + np.eye(array.shape[-1], dtype=array.dtype)
    result = None
    while n:
        n, odd = divmod(n, 2)
        if odd:
            result = x if result is None else matmul(result, x)
        x = matmul(x, x) if n else x
    return result
