"""Products of matrices and vectors."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, unwrap
from autograd.errors import DTypeError, ShapeError, describe_all
from autograd.ops.arithmetic import add, mul

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
        return (_rows(x, x.shape[-1]) @ y).reshape(*x.shape[:-1], y.shape[-1])
    return np.matmul(x, y)


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


def check_dtypes(x: Any, y: Any, name: str = "y") -> None:
    """Raise DTypeError unless the dtypes of ``x`` and of ``y``, called ``name``, are one numeric
    dtype."""
    dtype = getattr(x, "dtype", None)
    if dtype is None or not hasattr(y, "dtype"):
        raise DTypeError("needs two tensors; multiply by a number with *")
    if dtype != y.dtype:
        raise DTypeError(
            f"x is {dtype} but {name} is {y.dtype}; convert one of them: x.to({str(y.dtype)!r})"
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
    x=lambda g, weight: column(g) * weight if weight.ndim == 1 else matmul(g, weight),
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
    out = x @ weight.T if x.ndim <= 2 else _rows(x, x.shape[-1]) @ weight.T
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


def _weight_gradient(g: Any, x: Any, weight_shape: tuple[int, ...]) -> Any:
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


def mm(x: Any, y: Any) -> Any:
    """The product of two matrices, ``(n, k) @ (k, m) -> (n, m)``. Raises ShapeError for anything
    else."""
    _check_dims("mm", {"x": x, "y": y}, 2, 2)
    return matmul(x, y)


def bmm(x: Any, y: Any) -> Any:
    """The products of two batches of matrices, ``(b, n, k) @ (b, k, m) -> (b, n, m)``; nothing
    broadcasts."""
    _check_dims("bmm", {"x": x, "y": y}, 3, 3)
    if unwrap(x).shape[0] != unwrap(y).shape[0]:
        sizes = f"{unwrap(x).shape[0]} matrices in x but {unwrap(y).shape[0]} in y"
        raise ShapeError(f"bmm: {sizes}; there must be as many. matmul broadcasts them")
    return matmul(x, y)


def mv(x: Any, y: Any) -> Any:
    """A matrix times a vector, ``(n, k) @ (k,) -> (n,)``."""
    _check_dims("mv", {"x": x, "y": y}, 2, 1)
    return matmul(x, y)


def dot(x: Any, y: Any) -> Any:
    """The sum of the products of two vectors of one size, 0-d.

    >>> import autograd
    >>> autograd.dot(autograd.tensor([1, 2]), autograd.tensor([3, 4]))
    tensor(11)
    """
    _check_dims("dot", {"x": x, "y": y}, 1, 1)
    return matmul(x, y)


def vdot(x: Any, y: Any) -> Any:
    """As `dot`, with ``x`` conjugated if it is complex."""
    _check_dims("vdot", {"x": x, "y": y}, 1, 1)
    return dot(x.conj() if unwrap(x).dtype.kind == "c" else x, y)


def inner(x: Any, y: Any) -> Any:
    """Products summed over the last dim of both, ``(..., k)`` and ``(*, k)`` to ``(..., *)``; ``x
    * y`` if one is 0-d.

    >>> import autograd
    >>> autograd.inner(autograd.tensor([[1, 2], [3, 4]]), autograd.tensor([1, 1]))
    tensor([3, 7])
    """
    x_shape, y_shape = unwrap(x).shape, unwrap(y).shape
    if not x_shape or not y_shape:
        return mul(x, y)
    if x_shape[-1] != y_shape[-1]:
        raise ShapeError(
            f"inner: the last dim of x is {x_shape[-1]} but that of y is {y_shape[-1]}; they "
            "must agree"
        )
    rows = y.reshape((prod(y_shape[:-1]), y_shape[-1]))
    return matmul(x, _swap_last(rows)).reshape((*x_shape[:-1], *y_shape[:-1]))


def outer(x: Any, y: Any) -> Any:
    """All products of an element of ``x (n,)`` and one of ``y (m,)``: ``(n, m)``.

    >>> import autograd
    >>> autograd.outer(autograd.tensor([1, 2]), autograd.tensor([1, 10]))
    tensor([[ 1, 10],
            [ 2, 20]])
    """
    _check_dims("outer", {"x": x, "y": y}, 1, 1)
    return mul(column(x), y)


ger = outer


def kron(x: Any, y: Any) -> Any:
    """Kronecker's product: each element of ``x`` replaced by itself times ``y``; the sizes
    multiply.

    >>> import autograd
    >>> autograd.kron(autograd.tensor([1, 10]), autograd.tensor([1, 2]))
    tensor([ 1,  2, 10, 20])
    """
    x_shape, y_shape = unwrap(x).shape, unwrap(y).shape
    dims = max(len(x_shape), len(y_shape))
    x_shape = (1,) * (dims - len(x_shape)) + x_shape
    y_shape = (1,) * (dims - len(y_shape)) + y_shape
    spread_x = x.reshape(tuple(size for pair in zip(x_shape, (1,) * dims) for size in pair))
    spread_y = y.reshape(tuple(size for pair in zip((1,) * dims, y_shape) for size in pair))
    return mul(spread_x, spread_y).reshape(tuple(a * b for a, b in zip(x_shape, y_shape)))


# -- products added to something -------------------------------------------------------------------


def _plus(name: str, x: Any, product: Any, beta: float, alpha: float) -> Any:
    """``beta * x + alpha * product``; where ``beta`` is 0, whatever ``x`` holds is ignored, NaN
    too."""
    source, target = unwrap(x), unwrap(product)
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


def addmm(x: Any, mat1: Any, mat2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """``beta * x + alpha * (mat1 @ mat2)`` for matrices; ``x`` broadcasts."""
    _check_dims("addmm", {"mat1": mat1, "mat2": mat2}, 2, 2)
    return _plus("addmm", x, matmul(mat1, mat2), beta, alpha)


def addmv(x: Any, mat: Any, vec: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """``beta * x + alpha * (mat @ vec)``; ``x`` broadcasts."""
    _check_dims("addmv", {"mat": mat, "vec": vec}, 2, 1)
    return _plus("addmv", x, matmul(mat, vec), beta, alpha)


def addr(x: Any, vec1: Any, vec2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """``beta * x + alpha * outer(vec1, vec2)``; ``x`` broadcasts."""
    _check_dims("addr", {"vec1": vec1, "vec2": vec2}, 1, 1)
    return _plus("addr", x, outer(vec1, vec2), beta, alpha)


def baddbmm(x: Any, batch1: Any, batch2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """``beta * x + alpha * bmm(batch1, batch2)``; ``x`` broadcasts."""
    return _plus("baddbmm", x, bmm(batch1, batch2), beta, alpha)


def addbmm(x: Any, batch1: Any, batch2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """``beta * x + alpha`` times the sum of the products ``bmm(batch1, batch2)`` over the batch;
    ``x`` broadcasts."""
    _check_dims("addbmm", {"batch1": batch1, "batch2": batch2}, 3, 3)
    (b, n, k), (other, size, m) = unwrap(batch1).shape, unwrap(batch2).shape
    if (b, k) != (other, size):
        raise ShapeError(
            f"addbmm: needs (b, n, k) and (b, k, m), got {(b, n, k)} and {(other, size, m)}"
        )
    side_by_side = _swap_last(_swap_last(batch1).reshape((b * k, n)))
    return _plus("addbmm", x, matmul(side_by_side, batch2.reshape((b * k, m))), beta, alpha)
