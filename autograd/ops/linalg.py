"""Products of vectors, powers of numbers, chains of matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.core.broadcast import broadcast_to
from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of
from autograd.dtypes import DIFFERENTIABLE
from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops.arithmetic import mul
from autograd.ops.complex_parts import conj
from autograd.ops.cumulative import cumprod
from autograd.ops.joining import cat
from autograd.ops.products import check_dtypes, matmul
from autograd.ops.reduction import sum
from autograd.ops.shaping import reshape


@primitive(
    x=lambda g, y, dim: _cross(y, g, dim=dim),
    y=lambda g, x, dim: _cross(g, x, dim=dim),
)
def _cross(x: Array, y: Array, dim: int) -> Array:
    check_dtypes(x, y)
    return np.cross(x, y, axis=dim)


def cross(input: Any, other: Any, dim: int | None = None) -> Any:
    """The vector product along ``dim``, of size 3 (by default the first dim of that size); other
    dims broadcast.

    >>> import autograd
    >>> autograd.cross(autograd.tensor([1, 0, 0]), autograd.tensor([0, 1, 0]))
    tensor([0, 0, 1])
    """
    input_shape, other_shape = array_of(input).shape, array_of(other).shape
    if len(input_shape) != len(other_shape):
        raise ShapeError(
            f"cross: input has {len(input_shape)} dims but other has {len(other_shape)}; they "
            "must have as many"
        )
    if dim is None:
        if 3 not in input_shape:
            raise ShapeError(
                f"cross: input {input_shape} has no dim of size 3, and only there is a vector "
                "product"
            )
        dim = input_shape.index(3)
    if not -len(input_shape) <= dim < len(input_shape):
        raise DimensionError(f"cross: dim {dim} is out of range for {len(input_shape)} dims")
    if input_shape[dim] != 3 or other_shape[dim] != 3:
        raise ShapeError(
            f"cross: dim {dim} must have size 3, got {input_shape[dim]} in input and "
            f"{other_shape[dim]} in other"
        )
    return _cross(input, other, dim=dim)


def vecdot(input: Any, other: Any, *, dim: int = -1) -> Any:
    """The dot products of the vectors along ``dim``, of ``input`` conjugated if they are complex;
    other dims broadcast.

    Raises DTypeError for integers and for two dtypes, DimensionError, ShapeError.

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> autograd.linalg.vecdot(x, x)
    tensor([ 5., 25.])
    """
    dtype, other_dtype = array_of(input).dtype, array_of(other).dtype
    if dtype not in DIFFERENTIABLE or dtype != other_dtype:
        raise DTypeError(
            f"vecdot: needs input and other of one floating or complex dtype, got {dtype} and "
            f"{other_dtype}"
        )
    return sum(mul(conj(input), other), dim)


def vander(x: Any, N: int | None = None) -> Any:
    """The powers 0 to ``N - 1`` of each element, in a new last dim: ``(..., n)`` to ``(..., n,
    N)``, a Vandermonde matrix.

    ``N`` is the last size of ``x`` unless given. Integers give int64. Raises ShapeError for ``N <
    2``, DTypeError for bools.

    >>> import autograd
    >>> autograd.linalg.vander(autograd.tensor([1, 2, 3]))
    tensor([[1, 1, 1],
            [1, 2, 4],
            [1, 3, 9]])
    """
    array = array_of(x)
    if array.dtype.kind == "b":
        raise DTypeError("vander: not defined for bool; convert to an integer dtype first")
    shape = array.shape or (1,)
    number = shape[-1] if N is None else N
    if number <= 1:
        raise ShapeError(f"vander: N must be greater than 1, got {number}")
    bases = broadcast_to(reshape(x, (*shape, 1)), (*shape, number - 1))
    powers = cumprod(bases, -1)
    return cat([np.ones((*shape, 1), array_of(powers).dtype), powers], -1)


# -- chains ----------------------------------------------------------------------------------------


def chain_matmul(*matrices: Any) -> Any:
    """As `multi_dot`, with the matrices as arguments."""
    return multi_dot(matrices)


def multi_dot(tensors: Sequence[Any]) -> Any:
    """The product of a chain of matrices, in the order that takes the fewest multiplications.

    The first and the last may be vectors. (Cormen, Leiserson, Rivest, Stein: Introduction to
    Algorithms, 14.2.)
    """
    shapes = [array_of(tensor).shape for tensor in tensors]
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
