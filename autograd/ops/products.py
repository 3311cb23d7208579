"""Products of matrices and vectors."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import to_common
from autograd.core.variable import Array, array_of, unwrap
from autograd.errors import DTypeError, ShapeError, describe_all
from autograd.ops.arithmetic import add, mul
from autograd.threads import product

# -- the matrix product ----------------------------------------------------------------------------


@primitive(
    x=lambda g, x_shape, y: _left_gradient(g, x_shape, y),
    y=lambda g, x, y_shape: _right_gradient(g, x, y_shape),
)
def matmul(x: Array, y: Array) -> Array:
    """The matrix product over the last two dims, ``(..., n, k) @ (..., k, m) -> (..., n, m)``;
    leading dims broadcast.

    A vector ``(k,)`` counts as a row on the left, as a column on the right, and its dim of size 1
    is dropped again.
    Raises ShapeError for a 0-d tensor and for sizes that don't fit, DTypeError for two dtypes.

    >>> import autograd
    >>> autograd.matmul(autograd.tensor([[1, 2], [3, 4]]), autograd.tensor([1, 1]))
    tensor([3, 7])
    """
    _check_factors(x, y)
    if x.ndim > 2 and y.ndim == 2:  # one large product instead of many small ones
        return product(_rows(x, x.shape[-1]), y).reshape(*x.shape[:-1], y.shape[-1])
    return product(x, y) if x.ndim == 2 == y.ndim else np.matmul(x, y)


def _check_factors(x: Any, y: Any) -> None:
    check_dtypes(x, y)
    if not x.ndim or not y.ndim:
        raise ShapeError("needs at least 1 dim on each side; multiply by a number with *")
    size, other = x.shape[-1], y.shape[-2 if y.ndim > 1 else 0]
    if size != other:
        where = "next to last" if y.ndim > 2 else "first"
        hint = "; did you mean x @ y.mT?" if y.ndim > 1 and y.shape[-1] == size else ""
        raise ShapeError(
            f"the last dim of x is {size} but the {where} of y is {other}; they must agree{hint}"
        )


def check_dtypes(x: Any, y: Any, name: str = "y", first: str = "x") -> None:
    """Raise DTypeError unless the dtypes of ``x``, called ``first``, and of ``y``, called ``name``,
    are one numeric dtype."""
    dtype = getattr(x, "dtype", None)
    if dtype is None or not hasattr(y, "dtype"):
        raise DTypeError("needs two tensors; multiply by a number with *")
    if dtype != y.dtype:
        raise DTypeError(
            f"{first} is {dtype} but {name} is {y.dtype}; convert one of them: "
            f"{first}.to({str(y.dtype)!r})"
        )
    if dtype.kind == "b":
        raise DTypeError("is not defined for bool; convert first: x.to('int64')")


def _rows(x: Any, size: int) -> Any:
    """``x`` as a matrix with rows of ``size``: all dims but the last flattened."""
    return x if x.ndim == 2 else x.reshape((prod(x.shape[:-1]), size))


def _swap_last(x: Any) -> Any:
    """The last two dims exchanged; a vector stays as it is."""
    return x if x.ndim < 2 else x.swapaxes(-1, -2)


def column(x: Any) -> Any:
    """``x`` with a new last dim of size 1."""
    return x.reshape((*x.shape, 1))


def _left_gradient(g: Any, x_shape: tuple[int, ...], y: Any) -> Any:
    """The gradient of ``x @ y`` by ``x``."""
    if y.ndim == 1:
        return g * y if len(x_shape) == 1 else column(g) * y
    if len(x_shape) == 1:
        return matmul(y, g) if y.ndim == 2 else matmul(y, column(g)).reshape(y.shape[:-1])
    return matmul(g, _swap_last(y))


def _right_gradient(g: Any, x: Any, y_shape: tuple[int, ...]) -> Any:
    """The gradient of ``x @ y`` by ``y``: one product over all rows of ``x``, where they all meet
    the same ``y``."""
    if x.ndim == 1:
        return (
            x * g if len(y_shape) == 1 else column(x) * g.reshape((*g.shape[:-1], 1, g.shape[-1]))
        )
    if len(y_shape) <= 2:
        rows = _rows(x, x.shape[-1])
        return matmul(_swap_last(rows), g.reshape((rows.shape[0], *y_shape[1:])))
    return matmul(_swap_last(x), g)


# -- the affine map --------------------------------------------------------------------------------


@primitive(
    x=lambda g, weight: _input_gradient(g, weight),
    weight=lambda g, x, weight_shape: _weight_gradient(g, x, weight_shape),
    bias=lambda g: g,
)
def linear(x: Array, weight: Array, bias: Array = None) -> Array:
    """``x @ weight.T + bias``: ``(..., in)`` to ``(..., out)``, for a ``weight`` of ``(out, in)``.

    ``bias`` is ``(out,)`` or None. A ``weight`` of ``(in,)`` gives ``(...)``.
    Raises ShapeError for sizes that don't fit, DTypeError for different dtypes.

    >>> import autograd
    >>> from nn import functional as F
    >>> weight = autograd.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> F.linear(autograd.tensor([[1.0, 2.0]]), weight, autograd.tensor([0.0, 0.0, 0.5]))
    tensor([[1.0000, 2.0000, 3.5000]])
    """
    _check_affine(x, weight, bias)
    out = product(x if x.ndim <= 2 else _rows(x, x.shape[-1]), weight.T)
    if bias is not None:
        out += bias
    return out if x.ndim <= 2 else out.reshape(*x.shape[:-1], *weight.shape[:-1])


def _check_affine(x: Any, weight: Any, bias: Any) -> None:
    check_dtypes(x, weight, "weight")
    if not x.ndim or weight.ndim not in (1, 2):
        raise ShapeError("x needs at least 1 dim, weight 2: (out, in)")
    if x.shape[-1] != weight.shape[-1]:
        hint = "; did you mean weight.T?" if weight.shape[0] == x.shape[-1] else ""
        raise ShapeError(
            f"the last dim of x is {x.shape[-1]} but weight takes {weight.shape[-1]} features{hint}"
        )
    if bias is not None:
        check_dtypes(x, bias, "bias")
        if bias.shape not in (weight.shape[:-1], ()):
            raise ShapeError(
                f"bias must have one element for each row of weight: shape {weight.shape[:-1]}"
            )


def _input_gradient(g: Any, weight: Any) -> Any:
    if weight.ndim == 1:
        return column(g) * weight
    return product(g, weight) if g.ndim == 2 else matmul(g, weight)


def _weight_gradient(g: Any, x: Any, weight_shape: tuple[int, ...]) -> Any:
    if g.ndim == x.ndim == 2:
        return product(g.T, x)
    rows = x.reshape((1, x.shape[0])) if x.ndim == 1 else _rows(x, x.shape[-1])
    return matmul(_swap_last(g.reshape((rows.shape[0], *weight_shape[:-1]))), rows)


# -- products under PyTorch's other names ----------------------------------------------------------


def _check_dims(name: str, operands: dict[str, Any], *dims: int) -> None:
    """Raise ShapeError unless the operands, by their names, have these numbers of dims."""
    arrays = [unwrap(operand) for operand in operands.values()]
    if not all(hasattr(array, "ndim") for array in arrays):
        raise DTypeError(
            f"{name}: needs tensors, got {', '.join(type(array).__name__ for array in arrays)}"
        )
    if tuple(array.ndim for array in arrays) != dims:
        wanted = ", ".join(f"{operand} with {count}" for operand, count in zip(operands, dims))
        shapes = describe_all(tuple(operands), arrays)
        raise ShapeError(
            f"{name}: needs dims: {wanted}; got {shapes}. matmul takes any number of dims"
        )


def mm(input: Any, mat2: Any) -> Any:
    """The product of two matrices, ``(n, k) @ (k, m) -> (n, m)``. Raises ShapeError for anything
    else."""
    _check_dims("mm", {"x": input, "y": mat2}, 2, 2)
    return matmul(input, mat2)


def bmm(input: Any, mat2: Any) -> Any:
    """The products of two batches of matrices, ``(b, n, k) @ (b, k, m) -> (b, n, m)``; nothing
    broadcasts."""
    _check_dims("bmm", {"x": input, "y": mat2}, 3, 3)
    if array_of(input).shape[0] != array_of(mat2).shape[0]:
        sizes = (
            f"{array_of(input).shape[0]} matrices in input but {array_of(mat2).shape[0]} in mat2"
        )
        raise ShapeError(f"bmm: {sizes}; there must be as many. matmul broadcasts them")
    return matmul(input, mat2)


def mv(input: Any, vec: Any) -> Any:
    """A matrix times a vector, ``(n, k) @ (k,) -> (n,)``."""
    _check_dims("mv", {"x": input, "y": vec}, 2, 1)
    return matmul(input, vec)


def dot(input: Any, other: Any) -> Any:
    """The sum of the products of two vectors of one size, 0-d.

    >>> import autograd
    >>> autograd.dot(autograd.tensor([1, 2]), autograd.tensor([3, 4]))
    tensor(11)
    """
    _check_dims("dot", {"x": input, "y": other}, 1, 1)
    return matmul(input, other)


def vdot(input: Any, other: Any) -> Any:
    """As `dot`, with ``input`` conjugated if it is complex."""
    _check_dims("vdot", {"x": input, "y": other}, 1, 1)
    return dot(input.conj() if array_of(input).dtype.kind == "c" else input, other)


def inner(input: Any, other: Any) -> Any:
    """Products summed over the last dim of both, ``(..., k)`` and ``(*, k)`` to ``(..., *)``; ``x
    * y`` if one is 0-d.

    >>> import autograd
    >>> autograd.inner(autograd.tensor([[1, 2], [3, 4]]), autograd.tensor([1, 1]))
    tensor([3, 7])
    """
    input_shape, other_shape = array_of(input).shape, array_of(other).shape
    if not input_shape or not other_shape:
        return mul(input, other)
    if input_shape[-1] != other_shape[-1]:
        raise ShapeError(
            f"inner: the last dim of input is {input_shape[-1]} but that of other is "
            f"{other_shape[-1]}; they "
            "must agree"
        )
    rows = other.reshape((prod(other_shape[:-1]), other_shape[-1]))
    return matmul(input, _swap_last(rows)).reshape((*input_shape[:-1], *other_shape[:-1]))


def outer(input: Any, vec2: Any) -> Any:
    """All products of an element of ``input (n,)`` and one of ``vec2 (m,)``: ``(n, m)``.

    >>> import autograd
    >>> autograd.outer(autograd.tensor([1, 2]), autograd.tensor([1, 10]))
    tensor([[ 1, 10],
            [ 2, 20]])
    """
    _check_dims("outer", {"x": input, "y": vec2}, 1, 1)
    return mul(column(input), vec2)


ger = outer


def kron(input: Any, other: Any) -> Any:
    """Kronecker's product: each element of ``input`` replaced by itself times ``other``; the sizes
    multiply.

    >>> import autograd
    >>> autograd.kron(autograd.tensor([1, 10]), autograd.tensor([1, 2]))
    tensor([ 1,  2, 10, 20])
    """
    input_shape, other_shape = array_of(input).shape, array_of(other).shape
    dims = max(len(input_shape), len(other_shape))
    input_shape = (1,) * (dims - len(input_shape)) + input_shape
    other_shape = (1,) * (dims - len(other_shape)) + other_shape
    spread_x = input.reshape(tuple(size for pair in zip(input_shape, (1,) * dims) for size in pair))
    spread_y = other.reshape(tuple(size for pair in zip((1,) * dims, other_shape) for size in pair))
    return mul(spread_x, spread_y).reshape(tuple(a * b for a, b in zip(input_shape, other_shape)))


# -- products added to something -------------------------------------------------------------------


def _plus(name: str, x: Any, product: Any, beta: float, alpha: float) -> Any:
    """``beta * x + alpha * product``; where ``beta`` is 0, whatever ``x`` holds is ignored, NaN
    too."""
    source, target = array_of(x), array_of(product)
    if target.dtype.kind == "b":
        beta, alpha = bool(beta), bool(alpha)
    if source.dtype != target.dtype:
        raise DTypeError(
            f"{name}: x is {source.dtype} but the product is {target.dtype}; convert one: "
            f"x.to({str(target.dtype)!r})"
        )
    if source.dtype.kind in "iu" and not (isinstance(beta, int) and isinstance(alpha, int)):
        raise DTypeError(
            f"{name}: beta and alpha must be integers for {source.dtype}, got {beta} and {alpha}"
        )
    expanded = len(source.shape) <= len(target.shape) and all(
        size in (1, wanted) for size, wanted in zip(reversed(source.shape), reversed(target.shape))
    )
    if not expanded:
        raise ShapeError(
            f"{name}: x {source.shape} does not broadcast to the product's shape {target.shape}"
        )
    scaled = product if alpha == 1 else mul(product, alpha)
    if beta == 0:
        return scaled
    return add(scaled, x, alpha=beta)


def _plus_whole(name: str, x: Any, product: Any, beta: float, alpha: float) -> Any:
    """As `_plus`, which refuses fractions for integers: here they are cut off, as in PyTorch."""
    if array_of(product).dtype.kind in "iu" and not isinstance(beta, complex):
        beta, alpha = int(beta), int(alpha)
    return _plus(name, x, product, beta, alpha)


def addmm(input: Any, mat1: Any, mat2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """``beta * input + alpha * (mat1 @ mat2)`` for matrices; ``input`` broadcasts."""
    _check_dims("addmm", {"mat1": mat1, "mat2": mat2}, 2, 2)
    return _plus("addmm", input, matmul(mat1, mat2), beta, alpha)


def addmv(input: Any, mat: Any, vec: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """``beta * input + alpha * (mat @ vec)``; ``input`` broadcasts. Integers take the whole part of
    ``beta`` and ``alpha``."""
    _check_dims("addmv", {"mat": mat, "vec": vec}, 2, 1)
    return _plus_whole("addmv", input, matmul(mat, vec), beta, alpha)


def addr(input: Any, vec1: Any, vec2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """``beta * input + alpha * outer(vec1, vec2)``; ``input`` broadcasts, and dtypes are
    promoted."""
    _check_dims("addr", {"vec1": vec1, "vec2": vec2}, 1, 1)
    input, vec1, vec2 = to_common((input, vec1, vec2))
    return _plus("addr", input, outer(vec1, vec2), beta, alpha)


def baddbmm(input: Any, batch1: Any, batch2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """``beta * input + alpha * bmm(batch1, batch2)``; ``input`` broadcasts. Integers take the whole
    part of ``beta`` and ``alpha``."""
    return _plus_whole("baddbmm", input, bmm(batch1, batch2), beta, alpha)


def addbmm(input: Any, batch1: Any, batch2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """``beta * input + alpha`` times the sum of the products ``bmm(batch1, batch2)`` over the
    batch; ``input`` broadcasts. Integers take the whole part of ``beta`` and ``alpha``."""
    _check_dims("addbmm", {"batch1": batch1, "batch2": batch2}, 3, 3)
    (b, n, k), (other, size, m) = array_of(batch1).shape, array_of(batch2).shape
    if (b, k) != (other, size):
        raise ShapeError(
            f"addbmm: needs (b, n, k) and (b, k, m), got {(b, n, k)} and {(other, size, m)}"
        )
    side_by_side = _swap_last(_swap_last(batch1).reshape((b * k, n)))
    return _plus_whole(
        "addbmm", input, matmul(side_by_side, batch2.reshape((b * k, m))), beta, alpha
    )
