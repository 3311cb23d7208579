"""Attention, and its weights: how much each query takes from the value of each key."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.core.formula import formula
from autograd.core.primitive import primitive
from autograd.core.variable import Array, array_of, make, unwrap
from autograd.dtypes import FLOATING, float16, float32
from autograd.errors import DTypeError, ShapeError
from autograd.ops.precision import half_in_single
from autograd.ops.products import check_dtypes
from autograd.ops.row_sums import sum_of_rows
from autograd.ops.softmax import sum_along


@primitive(
    x=lambda g, y: products_by_head(g, y.swapaxes(-1, -2)),
    y=lambda g, x: products_by_head(x.swapaxes(-1, -2), g),
)
def products_by_head(x: Array, y: Array) -> Array:
    """``x @ y`` for many small matrices, the heads, whose rows may lie far apart in memory.

    OpenBLAS copies none of them into order, as it does with large ones, and where the rows of ``y``
    are no runs its products take up to twice as long; a copy costs less (for 64 heads of 128 x 32
    numbers 0.6 + 0.3 ms instead of 1.2).
    """
    check_dtypes(x, y)
    return np.matmul(x, np.ascontiguousarray(y))


def _weights_gradients(
    g: Any, wanted: Any, query: Any, key: Any, out: Any, scale: float
) -> tuple[Any, Any, Any]:
    """The gradient by the scores, which softmax gives, serves all three."""
    slope = _scores_gradient(out, g)
    return (
        products_by_head(slope, key) * scale if wanted[0] else None,
        products_by_head(slope.swapaxes(-1, -2), query) * scale if wanted[1] else None,
        slope if wanted[2] else None,
    )


@primitive(
    weights=lambda g, weights, upstream: (
        g * (upstream - sum_along(weights * upstream, -1)) - upstream * sum_along(g * weights, -1)
    ),
    upstream=lambda g, weights: _scores_gradient(weights, g),
)
def _scores_gradient(weights: Array, upstream: Array) -> Array:
    """The gradient of softmax: ``weights * (upstream - sum(weights * upstream))`` over the last
    dim.

    A primitive, for the weights are the largest arrays of a transformer, and this passes over them
    twice instead of four times.
    """
    slope = upstream - np.vecdot(weights, upstream)[..., None]
    slope *= weights
    return slope


@primitive(joint=_weights_gradients)
def _attention_weights(
    query: Array, key: Array, bias: Array | None, scale: float, safe: bool
) -> Array:
    """One array for the scores, which become the weights in place; what is scaled is the query,
    for it is smaller."""
    weights = np.matmul(query * scale, np.ascontiguousarray(key.swapaxes(-1, -2)))
    if bias is not None:
        weights += bias
    top = np.max(weights, axis=-1, keepdims=True, initial=-np.inf)
    np.copyto(top, 0, where=top == -np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        weights -= top
        np.exp(weights, out=weights)
        total = sum_of_rows(weights)
        if safe:
            np.copyto(total, 1, where=total == 0)
        weights *= 1 / total  # two thirds of the time of a division
    return weights


@formula
def _attention_gradients(
    g: Any,
    wanted: Any,
    query: Any,
    key: Any,
    value: Any,
    bias: Any,
    scale: float,
    safe: bool,
    causal: bool,
) -> tuple[Any, Any, Any, Any]:
    """The weights, far larger than what they are made of, were not saved: they are computed
    again."""
    bias = unwrap(causal_bias(query, key)) if causal else bias
    weights = _attention_weights(query, key, bias, scale, safe)
    upstream = products_by_head(g, value.swapaxes(-1, -2))
    by_value = products_by_head(weights.swapaxes(-1, -2), g) if wanted[2] else None
    wanted = (wanted[0], wanted[1], wanted[3])
    by_query, by_key, by_bias = _weights_gradients(upstream, wanted, query, key, weights, scale)
    return by_query, by_key, by_value, by_bias


@primitive(joint=_attention_gradients)
def _attention(
    query: Array,
    key: Array,
    value: Array,
    bias: Array | None,
    scale: float,
    safe: bool,
    causal: bool,
) -> Array:
    bias = unwrap(causal_bias(query, key)) if causal else bias
    return products_by_head(_attention_weights(query, key, bias, scale, safe), value)


_weights_in_single = half_in_single(_attention_weights)
_attention_in_single = half_in_single(_attention)


def attention(
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    *,
    scale: float | None = None,
    safe: bool = True,
    causal: bool = False,
) -> Any:
    """``attention_weights(query, key, bias) @ value``, without keeping the weights: ``(...,
    queries, features)``, ``(..., keys, features)`` and ``(..., keys, width)`` to ``(..., queries,
    width)``.

    ``causal``, instead of a ``bias``: each query sees the keys up to its own place. Raises
    ShapeError, DTypeError.

    >>> import autograd
    >>> from autograd.ops.attention import attention
    >>> x = autograd.tensor([[0.0], [0.0]])
    >>> attention(x, x, autograd.tensor([[1.0], [3.0]]), causal=True)
    tensor([[1.],
            [2.]])
    """
    if causal and bias is not None:
        raise ShapeError("attention: takes bias or causal, not both; add causal_bias to the bias")
    check_value(key, value)
    scale = _checked_scale(query, key, bias, scale)
    return _attention_in_single(query, key, value, bias, scale, safe, causal)


def attention_weights(
    query: Any, key: Any, bias: Any = None, *, scale: float | None = None, safe: bool = True
) -> Any:
    """``softmax(scale * query @ key.mT + bias)`` over the keys: ``(..., queries, features)`` and
    ``(..., keys, features)`` to ``(..., queries, keys)``.

    ``bias`` broadcasts to the result; -infinity in it leaves a key out. ``scale`` is ``1 /
    sqrt(features)`` unless given. A query for which all keys are left out has weights 0 if
    ``safe``, else NaN. Raises ShapeError, DTypeError. Vaswani et al. (2017): Attention Is All You
    Need.

    >>> import autograd
    >>> from autograd.ops.attention import attention_weights
    >>> x = autograd.tensor([[0.0], [0.0]])
    >>> attention_weights(x, x, autograd.tensor([0.0, float("-inf")]))
    tensor([[1., 0.],
            [1., 0.]])
    """
    return _weights_in_single(query, key, bias, _checked_scale(query, key, bias, scale), safe)


def _checked_scale(query: Any, key: Any, bias: Any, scale: float | None) -> float:
    """``scale``, or what it is unless given, for arguments that fit together; raises as
    `attention_weights`."""
    shape = _scores_shape(query, key)
    if bias is not None:
        _check_bias(bias, array_of(query).dtype, shape)
    if scale is None:
        scale = 1 / math.sqrt(max(array_of(query).shape[-1], 1))
    return float(scale)


def _scores_shape(query: Any, key: Any) -> tuple[int, ...]:
    """The shape of the product of every query with every key. Raises ShapeError, DTypeError."""
    query, key = array_of(query), array_of(key)
    if query.ndim < 2 or key.ndim < 2 or query.shape[-1] != key.shape[-1]:
        raise ShapeError(
            "attention_weights: needs query (..., queries, features) and key (..., keys, "
            f"features), got {query.shape} and {key.shape}"
        )
    if query.dtype not in FLOATING or query.dtype != key.dtype:
        raise DTypeError(
            "attention_weights: query and key must be floats of one dtype, got "
            f"{query.dtype} and {key.dtype}; convert them: query.float()"
        )
    try:
        batch = np.broadcast_shapes(query.shape[:-2], key.shape[:-2])
    except ValueError:
        raise ShapeError(
            "attention_weights: the leading dims of query and key must broadcast, got "
            f"{query.shape} and {key.shape}"
        ) from None
    return (*batch, query.shape[-2], key.shape[-2])


def _check_bias(bias: Any, dtype: Any, shape: tuple[int, ...]) -> None:
    """Raise DTypeError unless ``bias`` is of ``dtype``, or float32 beside float16, and ShapeError
    unless it broadcasts to ``shape``."""
    bias = unwrap(bias)
    if bias.dtype != dtype and (dtype, bias.dtype) != (float16, float32):
        raise DTypeError(
            f"attention_weights: a mask must be bool or, as query, {dtype}; got {bias.dtype}"
        )
    sizes = tuple(zip(reversed(bias.shape), reversed(shape)))
    if bias.ndim > len(shape) or any(size not in (1, wanted) for size, wanted in sizes):
        raise ShapeError(
            f"attention_weights: a mask must broadcast to (..., queries, keys) {shape}, got "
            f"{bias.shape}"
        )


def check_value(key: Any, value: Any) -> None:
    """Raise ShapeError or DTypeError unless there is one value for each key."""
    key, value = array_of(key), array_of(value)
    if value.dtype != key.dtype:
        raise DTypeError(
            f"attention: key is {key.dtype} but value is {value.dtype}; convert one of them: "
            f"value.to({str(key.dtype)!r})"
        )
    if min(value.ndim, key.ndim) < 2 or value.shape[-2] != key.shape[-2]:
        raise ShapeError(
            "attention: needs key (..., keys, features) and value (..., keys, out), with one value "
            f"for each key; got shapes {key.shape} and {value.shape}"
        )


def attention_bias(allowed: Any, dtype: Any) -> Any:
    """What makes `attention_weights` leave keys out: 0 where ``allowed``, -infinity elsewhere.

    >>> import autograd
    >>> from autograd.ops.attention import attention_bias
    >>> attention_bias(autograd.tensor([True, False]), autograd.float32)
    tensor([0., -inf])
    """
    return make(np.where(unwrap(allowed), dtype.type(0), dtype.type(-np.inf)))


def causal_bias(query: Any, key: Any) -> Any:
    """The bias (queries, keys) that leaves out the keys after each query's own place."""
    query = array_of(query)
    allowed = np.tri(query.shape[-2], array_of(key).shape[-2], dtype=np.bool_)
    return attention_bias(allowed, query.dtype)
