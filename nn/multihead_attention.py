"""Attention in several heads, with its projections."""

from __future__ import annotations

from typing import Any

from autograd.core.variable import array_of
from autograd.errors import ShapeError
from nn import functional as F, init
from nn.linear import Dense
from nn.module import Module
from nn.parameter import empty_parameter


class MultiheadAttention(Module):
    """`functional.multi_head_attention_forward` with its weights: each query takes from the values
    as their keys fit it, in ``num_heads`` ways at once (Vaswani et al., 2017).

    Called with ``query`` (queries, batch, embed_dim), ``key`` (keys, batch, kdim) and ``value``
    (keys, batch, vdim), the batch first if ``batch_first``, or without a batch; ``kdim`` and
    ``vdim`` are ``embed_dim`` unless given. The masks are True for what is left out, or floats to
    be added. Raises ShapeError unless ``embed_dim`` is a multiple of ``num_heads``.

    >>> import autograd, nn
    >>> x = autograd.ones(5, 2, 8)
    >>> output, weights = nn.MultiheadAttention(8, 4)(x, x, x)
    >>> output.shape, weights.shape
    ((5, 2, 8), (2, 5, 5))
    """

    in_proj_weight: Any
    in_proj_bias: Any
    bias_k: Any
    bias_v: Any

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if embed_dim < 1 or num_heads < 1 or embed_dim % num_heads:
            raise ShapeError(
                "MultiheadAttention: embed_dim must be a positive multiple of num_heads, got "
                f"{embed_dim} and {num_heads}"
            )
        self.embed_dim, self.num_heads = embed_dim, num_heads
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self.dropout, self.batch_first = dropout, batch_first
        self.head_dim, self.add_zero_attn = embed_dim // num_heads, add_zero_attn
        self._qkv_same_embed_dim = self.kdim == self.vdim == embed_dim

        def parameter(wanted: bool, *shape: int) -> Any:
            return empty_parameter(shape, device, dtype) if wanted else None

        separate = not self._qkv_same_embed_dim
        self.q_proj_weight = parameter(separate, embed_dim, embed_dim)
        self.k_proj_weight = parameter(separate, embed_dim, self.kdim)
        self.v_proj_weight = parameter(separate, embed_dim, self.vdim)
        self.in_proj_weight = parameter(not separate, 3 * embed_dim, embed_dim)
        self.in_proj_bias = parameter(bias, 3 * embed_dim)
        self.bias_k = parameter(add_bias_kv, 1, 1, embed_dim)
        self.bias_v = parameter(add_bias_kv, 1, 1, embed_dim)
        self.out_proj = Dense(embed_dim, embed_dim, bias, device, dtype)
        self._reset_parameters()

    def _reset_parameters(self) -> None:
        """Draw the projections anew by Glorot and Bengio's rule; biases 0."""
        for name in ("in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight"):
            if getattr(self, name) is not None:
                init.xavier_uniform_(getattr(self, name))
        if self.in_proj_bias is not None:
            init.zeros_(self.in_proj_bias)
            init.zeros_(self.out_proj.bias)
        if self.bias_k is not None:
            init.xavier_normal_(self.bias_k)
            init.xavier_normal_(self.bias_v)

    def forward(
        self,
        query: Any,
        key: Any,
        value: Any,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Any, Any]:
        swaps = self.batch_first and array_of(query).ndim == 3
        if swaps:
            query, key, value = _length_first(query, key, value)
        output, weights = F.multi_head_attention_forward(
            query,
            key,
            value,
            self.embed_dim,
            self.num_heads,
            self.in_proj_weight,
            self.in_proj_bias,
            self.bias_k,
            self.bias_v,
            self.add_zero_attn,
            self.dropout,
            self.out_proj.weight,
            self.out_proj.bias,
            training=self.training,
            key_padding_mask=key_padding_mask,
            need_weights=need_weights,
            attn_mask=attn_mask,
            use_separate_proj_weight=not self._qkv_same_embed_dim,
            q_proj_weight=self.q_proj_weight,
            k_proj_weight=self.k_proj_weight,
            v_proj_weight=self.v_proj_weight,
            average_attn_weights=average_attn_weights,
            is_causal=is_causal,
        )
        return output.transpose(0, 1) if swaps else output, weights


def _length_first(*tensors: Any) -> list[Any]:
    """The tensors with the batch in the second dim; what was one tensor stays one."""
    swapped = {id(x): x.transpose(0, 1) for x in tensors}
    return [swapped[id(x)] for x in tensors]
