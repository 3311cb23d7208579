"""Attention with dropout, which draws random numbers: of one head, and of several at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.variable import array_of, make, unwrap
from autograd.errors import DTypeError, ShapeError
from autograd.ops.arithmetic import _add
from autograd.ops.attention import (
    attention,
    attention_bias,
    attention_weights,
    causal_bias,
    check_value,
    products_by_head,
)
from autograd.ops.joining import cat, chunk
from autograd.ops.padding import pad
from autograd.ops.products import linear
from autograd.ops.rearranging import permute, repeat_interleave
from autograd.ops.reduction import mean
from autograd.ops.shaping import expand, reshape
from nn.noise import dropout

# -- one head --------------------------------------------------------------------------------------


def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    *,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Any:
    """For each query the mean of the values, weighted by ``softmax(scale * query @ key.mT)``.

    ``query`` (..., queries, features), ``key`` (..., keys, features) and ``value`` (..., keys,
    out) give (..., queries, out). ``attn_mask`` broadcasts to (..., queries, keys): True for the
    keys that take part, or floats to be added before the softmax. ``is_causal``: each query sees
    the keys up to its own place. A query that sees no key gets 0. ``dropout_p`` applies in any
    case: pass 0 unless training. ``enable_gqa``: dim -3 holds heads, and several of ``query``
    share one of ``key`` and ``value`` (Ainslie et al., 2023). Raises ShapeError, DTypeError.
    Vaswani et al. (2017): Attention Is All You Need.

    >>> import autograd
    >>> from nn import functional as F
    >>> x = autograd.tensor([[0.0], [0.0]])
    >>> F.scaled_dot_product_attention(x, x, autograd.tensor([[1.0], [3.0]]), is_causal=True)
    tensor([[1.],
            [2.]])
    """
    if enable_gqa:
        key, value = (_for_each_head(operand, query) for operand in (key, value))
    if is_causal and attn_mask is not None:
        raise ShapeError(
            "scaled_dot_product_attention: takes attn_mask or is_causal, not both; leave out the "
            "later keys in attn_mask"
        )
    bias = attention_bias(attn_mask, array_of(query).dtype) if _is_bool(attn_mask) else attn_mask
    return _attended(query, key, value, bias, dropout_p, scale, is_causal)


def _attended(
    query: Any,
    key: Any,
    value: Any,
    bias: Any,
    dropout_p: float,
    scale: float | None = None,
    causal: bool = False,
) -> Any:
    """`attention` with dropout of its weights."""
    if dropout_p == 0:
        return attention(query, key, value, bias, scale=scale, causal=causal)
    check_value(key, value)
    bias = causal_bias(query, key) if causal else bias
    weights = attention_weights(query, key, bias, scale=scale)
    return products_by_head(dropout(weights, dropout_p), value)


def _for_each_head(operand: Any, query: Any) -> Any:
    """``operand``, keys or values, with each of its heads repeated for those of ``query`` that
    share it."""
    shape, wanted = array_of(operand).shape, array_of(query).shape
    if len(shape) < 3 or len(wanted) < 3 or not shape[-3] or wanted[-3] % shape[-3]:
        raise ShapeError(
            "scaled_dot_product_attention: with enable_gqa, dim -3 must hold heads, and the number "
            f"in query be a multiple of that in key and in value; got shapes {wanted} and {shape}"
        )
    return repeat_interleave(operand, wanted[-3] // shape[-3], -3)


def _is_bool(mask: Any) -> bool:
    return mask is not None and array_of(mask).dtype == np.bool_


# -- several heads ---------------------------------------------------------------------------------


def multi_head_attention_forward(
    query: Any,
    key: Any,
    value: Any,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Any,
    in_proj_bias: Any,
    bias_k: Any,
    bias_v: Any,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Any,
    out_proj_bias: Any,
    training: bool = True,
    key_padding_mask: Any = None,
    need_weights: bool = True,
    attn_mask: Any = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Any = None,
    k_proj_weight: Any = None,
    v_proj_weight: Any = None,
    static_k: Any = None,
    static_v: Any = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Any, Any]:
    """Attention in ``num_heads`` heads, each of which sees a part of the features, projected; what
    they give, side by side, is projected again.

    ``query`` (queries, batch, embed_dim), ``key`` and ``value`` (keys, batch, features); the batch
    may be missing. Returns the result, of the shape of ``query``, and with ``need_weights`` the
    weights (batch, queries, keys), or (batch, heads, queries, keys) unless
    ``average_attn_weights``; otherwise None.

    The projections: ``in_proj_weight`` (3 * embed_dim, embed_dim), or three weights (embed_dim,
    features) with ``use_separate_proj_weight``; ``in_proj_bias`` (3 * embed_dim,) or None. More
    keys: ``bias_k`` and ``bias_v`` (1, 1, embed_dim) are one learned key and its value,
    ``add_zero_attn`` adds a key of zeros. ``static_k`` and ``static_v`` (batch * heads, keys,
    embed_dim / heads) replace the projected ones.

    ``attn_mask`` (queries, keys) or (batch * heads, queries, keys), ``key_padding_mask`` (batch,
    keys): True for what is left out, or floats to be added before the softmax. ``is_causal`` says
    that ``attn_mask`` leaves out all later keys, which spares looking at it. Where every key is
    left out the result is NaN with ``need_weights``, else that of the bias alone, as in PyTorch.

    Raises ShapeError, DTypeError. Vaswani et al. (2017): Attention Is All You Need.
    """
    _check_sequences(query, key, value, embed_dim_to_check, num_heads)
    if is_causal and attn_mask is None:
        raise ShapeError(
            f"{_NAME}: is_causal only says what attn_mask is; pass that too, as of "
            "Transformer.generate_square_subsequent_mask"
        )
    separate = (q_proj_weight, k_proj_weight, v_proj_weight)
    weights = separate if use_separate_proj_weight else (in_proj_weight,)
    projected = _projected((query, key, value), weights, in_proj_bias)
    q, k, v = (_split_heads(x, num_heads) for x in projected)
    k = k if static_k is None else _static("static_k", static_k, array_of(k).shape)
    v = v if static_v is None else _static("static_v", static_v, array_of(v).shape)
    keys = array_of(k).shape[2]
    _check_padding(key_padding_mask, (*array_of(query).shape[1:-1], keys))
    k, v = _with_more_keys(k, v, bias_k, bias_v, add_zero_attn)
    causal = is_causal and key_padding_mask is None and not need_weights
    bias = None
    if not causal:
        bias = _merged_bias(attn_mask, key_padding_mask, q, keys, array_of(k).shape[2] - keys)
    dropout_p = dropout_p if training else 0.0
    if need_weights:
        weights = dropout(attention_weights(q, k, bias, safe=False), dropout_p)
        attended = products_by_head(weights, v)
    else:
        attended = _attended(q, k, v, bias, dropout_p, causal=causal)
    out = reshape(permute(attended, 2, 0, 1, 3), array_of(query).shape)
    out = linear(out, out_proj_weight, out_proj_bias)
    if not need_weights:
        return out, None
    weights = mean(weights, 1) if average_attn_weights else weights
    return out, weights if array_of(query).ndim == 3 else weights[0]


_NAME = "multi_head_attention_forward"


def _check_sequences(query: Any, key: Any, value: Any, embed_dim: int, num_heads: int) -> None:
    """Raise ShapeError unless the three are sequences of vectors that fit together."""
    shapes = [array_of(x).shape for x in (query, key, value)]
    if any(len(shape) != len(shapes[0]) for shape in shapes) or len(shapes[0]) not in (2, 3):
        raise ShapeError(
            f"{_NAME}: query, key and value must be (length, batch, features), or all without the "
            f"batch; got shapes {shapes[0]}, {shapes[1]}, {shapes[2]}"
        )
    if shapes[0][-1] != embed_dim or embed_dim % num_heads:
        raise ShapeError(
            f"{_NAME}: query must have embed_dim {embed_dim} features, a multiple of num_heads "
            f"{num_heads}; got shape {shapes[0]}"
        )
    if shapes[1][:-1] != shapes[2][:-1] or shapes[0][1:-1] != shapes[1][1:-1]:
        raise ShapeError(
            f"{_NAME}: key and value must have the same length, and all three the same batch; got "
            f"shapes {shapes[0]}, {shapes[1]}, {shapes[2]}"
        )


def _projected(
    inputs: tuple[Any, Any, Any], weights: tuple[Any, ...], bias: Any
) -> tuple[Any, ...]:
    """The ``inputs`` times their weights, or a third each of the only one: at once if they are
    one. Raises ShapeError for a weight that is missing."""
    if any(weight is None for weight in weights):
        needed = "in_proj_weight" if len(weights) == 1 else "q_, k_ and v_proj_weight"
        raise ShapeError(
            f"{_NAME}: use_separate_proj_weight={len(weights) > 1} needs {needed}, got None"
        )
    if len(weights) == 1 and inputs[0] is inputs[1] is inputs[2]:
        return tuple(chunk(linear(inputs[0], weights[0], bias), 3, -1))
    weights = chunk(weights[0], 3) if len(weights) == 1 else weights
    biases = (None, None, None) if bias is None else chunk(bias, 3)
    return tuple(map(linear, inputs, weights, biases))


def _split_heads(x: Any, num_heads: int) -> Any:
    """``(length, batch, features)``, perhaps without the batch, to ``(batch, heads, length,
    features / heads)``."""
    shape = array_of(x).shape
    batch = shape[1] if len(shape) == 3 else 1
    parts = reshape(x, (shape[0], batch, num_heads, shape[-1] // num_heads))
    return permute(parts, 1, 2, 0, 3)


def _static(name: str, x: Any, like: tuple[int, ...]) -> Any:
    """``x`` (batch * heads, keys, features) in the place of what has the shape ``like``."""
    shape = array_of(x).shape
    if len(shape) != 3 or shape[0] != like[0] * like[1] or shape[2] != like[3]:
        raise ShapeError(
            f"{_NAME}: {name} must be (batch * heads, keys, embed_dim / heads), here "
            f"({like[0] * like[1]}, keys, {like[3]}); got shape {shape}"
        )
    return reshape(x, (*like[:2], *shape[1:]))


def _check_padding(mask: Any, shape: tuple[int, ...]) -> None:
    if mask is not None and array_of(mask).shape != shape:
        raise ShapeError(
            f"{_NAME}: key_padding_mask must be (batch, keys), or (keys,) without a batch, here "
            f"{shape}; got {array_of(mask).shape}"
        )


def _with_more_keys(k: Any, v: Any, bias_k: Any, bias_v: Any, zero: bool) -> tuple[Any, Any]:
    """The keys and values followed by the learned ones, if there are any, and by zeros if
    asked for."""
    if (bias_k is None) != (bias_v is None):
        raise ShapeError(f"{_NAME}: needs both bias_k and bias_v, or neither")
    if bias_k is not None:
        k, v = _followed_by(k, bias_k), _followed_by(v, bias_v)
    if zero:
        shape = array_of(k).shape
        zeros = make(np.zeros((*shape[:2], 1, shape[3]), array_of(k).dtype))
        k, v = cat([k, zeros], 2), cat([v, zeros], 2)
    return k, v


def _followed_by(x: Any, learned: Any) -> Any:
    batch, heads, _, features = array_of(x).shape
    one = reshape(learned, (1, heads, 1, features))
    return cat([x, expand(one, (batch, heads, 1, features))], 2)


def _merged_bias(attn_mask: Any, padding_mask: Any, q: Any, keys: int, more: int) -> Any:
    """Both masks as one bias of the scores of the queries ``q`` with ``keys`` and ``more``, which
    are never left out; None without masks."""
    batch, heads, queries, _ = array_of(q).shape
    bias = padding = None
    if attn_mask is not None:
        shape = array_of(attn_mask).shape
        if shape not in ((queries, keys), (batch * heads, queries, keys)):
            raise ShapeError(
                f"{_NAME}: attn_mask must be (queries, keys) {(queries, keys)} or (batch * heads, "
                f"queries, keys) {(batch * heads, queries, keys)}, got {shape}"
            )
        bias = _additive("attn_mask", attn_mask, q, more)
        bias = bias if len(shape) == 2 else reshape(bias, (batch, heads, queries, keys + more))
    if padding_mask is not None:
        padding = _additive("key_padding_mask", padding_mask, q, more)
        padding = reshape(padding, (batch, 1, 1, keys + more))
    return padding if bias is None else bias if padding is None else _add(bias, padding)


def _additive(name: str, mask: Any, q: Any, more: int) -> Any:
    """``mask`` as floats to be added to the scores, and 0 for ``more`` keys."""
    if array_of(mask).dtype.kind not in "bf":
        raise DTypeError(f"{_NAME}: {name} must be bool or floating, got {array_of(mask).dtype}")
    if _is_bool(mask):
        mask = attention_bias(~unwrap(mask), array_of(q).dtype)
    return pad(mask, (0, more)) if more else mask
