"""The transformer of Vaswani et al. (2017): encoder and decoder, and their layers."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from autograd.core.variable import unwrap
from autograd.dtypes import as_dtype, get_default_dtype
from autograd.errors import ShapeError
from autograd.ops.attention import attention_bias
from autograd.ops.conversion import check_device
from nn import functional as F, init
from nn.containers import ModuleList
from nn.dropout import Dropout
from nn.linear import Dense
from nn.module import Module
from nn.multihead_attention import MultiheadAttention
from nn.normalization import LayerNorm

Activation = str | Callable[[Any], Any]

# -- layers ----------------------------------------------------------------------------------------


class _Layer(Module):
    """Blocks of attention, then two dense layers. What each block gives is added to what it is
    given, normalised after that, or before the block if ``norm_first``."""

    _attentions: ClassVar[tuple[str, ...]]

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        kind = {"device": device, "dtype": dtype}
        for name in self._attentions:
            heads = MultiheadAttention(
                d_model, nhead, dropout, bias, batch_first=batch_first, **kind
            )
            setattr(self, name, heads)
        self.linear1 = Dense(d_model, dim_feedforward, bias, **kind)
        self.dropout = Dropout(dropout)
        self.linear2 = Dense(dim_feedforward, d_model, bias, **kind)
        self.norm_first = norm_first
        blocks = range(1, len(self._attentions) + 2)
        for i in blocks:
            setattr(self, f"norm{i}", LayerNorm(d_model, layer_norm_eps, bias=bias, **kind))
        for i in blocks:
            setattr(self, f"dropout{i}", Dropout(dropout))
        self.activation = _activation(activation)

    def _block(self, i: int, x: Any, block: Callable[[Any], Any]) -> Any:
        """``x`` and what the block makes of it, with the normalisation and the dropout number
        ``i``."""
        norm, dropout = getattr(self, f"norm{i}"), getattr(self, f"dropout{i}")
        if self.norm_first:
            return x + dropout(block(norm(x)))
        return norm(x + dropout(block(x)))

    def _feed_forward(self, x: Any) -> Any:
        return self.linear2(self.dropout(self.activation(self.linear1(x))))


def _activation(activation: Activation) -> Callable[[Any], Any]:
    if callable(activation):
        return activation
    if activation not in ("relu", "gelu"):
        raise ShapeError(
            f"activation must be 'relu', 'gelu' or a function, got {activation!r}; pass the "
            "function, such as nn.functional.silu"
        )
    found: Callable[[Any], Any] = getattr(F, activation)
    return found


class TransformerEncoderLayer(_Layer):
    """Self-attention, then two dense layers at each place of ``src`` (length, batch, d_model), with
    the batch first if ``batch_first``, or without a batch.

    Each of the two is added to what it is given, normalised after that, or before if
    ``norm_first`` (Xiong et al., 2020). ``activation``: "relu", "gelu" or a function. The masks
    are those of `MultiheadAttention`.

    >>> import autograd, nn
    >>> nn.TransformerEncoderLayer(8, 2, 16)(autograd.ones(5, 3, 8)).shape
    (5, 3, 8)
    """

    _attentions = ("self_attn",)
    self_attn: MultiheadAttention

    def forward(
        self,
        src: Any,
        src_mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool = False,
    ) -> Any:
        masks = src_mask, src_key_padding_mask, is_causal
        x = self._block(1, src, lambda x: _attended(self.self_attn, x, x, *masks))
        return self._block(2, x, self._feed_forward)


class TransformerDecoderLayer(_Layer):
    """As `TransformerEncoderLayer`, on ``tgt``, with attention to ``memory``, which the encoder
    gave, between the two.

    >>> import autograd, nn
    >>> nn.TransformerDecoderLayer(8, 2, 16)(autograd.ones(4, 3, 8), autograd.ones(5, 3, 8)).shape
    (4, 3, 8)
    """

    _attentions = ("self_attn", "multihead_attn")
    self_attn: MultiheadAttention
    multihead_attn: MultiheadAttention

    def forward(
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Any:
        own = tgt_mask, tgt_key_padding_mask, tgt_is_causal
        other = memory_mask, memory_key_padding_mask, memory_is_causal
        x = self._block(1, tgt, lambda x: _attended(self.self_attn, x, x, *own))
        x = self._block(2, x, lambda x: _attended(self.multihead_attn, x, memory, *other))
        return self._block(3, x, self._feed_forward)


def _attended(
    attention: MultiheadAttention, x: Any, memory: Any, mask: Any, padding: Any, is_causal: bool
) -> Any:
    return attention(
        x,
        memory,
        memory,
        attn_mask=mask,
        key_padding_mask=padding,
        is_causal=is_causal,
        need_weights=False,
    )[0]


# -- stacks of them --------------------------------------------------------------------------------


class TransformerEncoder(Module):
    """``num_layers`` copies of ``encoder_layer`` on top of each other, and ``norm`` if given.

    ``is_causal`` None: found out from ``mask``. ``enable_nested_tensor`` and ``mask_check`` are
    accepted for PyTorch's sake; padding is computed like everything else.

    >>> import autograd, nn
    >>> encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), num_layers=3)
    >>> encoder(autograd.ones(5, 2, 8)).shape
    (5, 2, 8)
    """

    def __init__(
        self,
        encoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        self.layers = _copies(encoder_layer, num_layers)
        self.num_layers, self.norm = num_layers, norm
        self.enable_nested_tensor, self.mask_check = enable_nested_tensor, mask_check

    def forward(
        self,
        src: Any,
        mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool | None = None,
    ) -> Any:
        causal = _is_causal(mask, is_causal)
        for layer in self.layers:
            src = layer(
                src, src_mask=mask, src_key_padding_mask=src_key_padding_mask, is_causal=causal
            )
        return src if self.norm is None else self.norm(src)


class TransformerDecoder(Module):
    """``num_layers`` copies of ``decoder_layer`` on top of each other, all of which see ``memory``;
    and ``norm`` if given.

    >>> import autograd, nn
    >>> decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16), num_layers=3)
    >>> decoder(autograd.ones(4, 2, 8), autograd.ones(5, 2, 8)).shape
    (4, 2, 8)
    """

    def __init__(self, decoder_layer: Module, num_layers: int, norm: Module | None = None) -> None:
        self.layers = _copies(decoder_layer, num_layers)
        self.num_layers, self.norm = num_layers, norm

    def forward(
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Any:
        causal = _is_causal(tgt_mask, tgt_is_causal)
        for layer in self.layers:
            tgt = layer(
                tgt,
                memory,
                tgt_mask=tgt_mask,
                memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
                tgt_is_causal=causal,
                memory_is_causal=memory_is_causal,
            )
        return tgt if self.norm is None else self.norm(tgt)


def _copies(layer: Module, count: int) -> ModuleList:
    return ModuleList(copy.deepcopy(layer) for _ in range(count))


def _is_causal(mask: Any, is_causal: bool | None) -> bool:
    """Whether ``mask`` leaves out exactly the later keys, unless the caller has said so."""
    if is_causal is not None or mask is None:
        return bool(is_causal)
    array = unwrap(mask)
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        return False
    later = ~np.tri(len(array), dtype=np.bool_)
    return np.array_equal(array, later if array.dtype == np.bool_ else np.where(later, -np.inf, 0))


# -- the whole -------------------------------------------------------------------------------------


class Transformer(Module):
    """An encoder reads ``src``, and a decoder, which sees what that gives, makes of ``tgt`` a
    sequence of its length.

    Both (length, batch, d_model), the batch first if ``batch_first``, or without a batch; their
    batches are equal. ``custom_encoder`` and ``custom_decoder`` replace the two. The other
    arguments are those of `TransformerEncoderLayer`. Raises ShapeError.

    >>> import autograd, nn
    >>> model = nn.Transformer(8, 2, num_encoder_layers=1, num_decoder_layers=1, dim_feedforward=16)
    >>> model(autograd.ones(5, 3, 8), autograd.ones(4, 3, 8)).shape
    (4, 3, 8)
    """

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = F.relu,
        custom_encoder: Any = None,
        custom_decoder: Any = None,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        def layer(kind: type[_Layer]) -> _Layer:
            options = activation, layer_norm_eps, batch_first, norm_first, bias, device, dtype
            return kind(d_model, nhead, dim_feedforward, dropout, *options)

        def norm() -> LayerNorm:
            return LayerNorm(d_model, layer_norm_eps, bias=bias, device=device, dtype=dtype)

        self.encoder, self.decoder = custom_encoder, custom_decoder
        if custom_encoder is None:
            own = layer(TransformerEncoderLayer)
            self.encoder = TransformerEncoder(own, num_encoder_layers, norm())
        if custom_decoder is None:
            own = layer(TransformerDecoderLayer)
            self.decoder = TransformerDecoder(own, num_decoder_layers, norm())
        self._reset_parameters()
        self.d_model, self.nhead, self.batch_first = d_model, nhead, batch_first

    def _reset_parameters(self) -> None:
        """Draw all weight matrices anew by Glorot and Bengio's rule."""
        for parameter in self.parameters():
            if parameter.ndim > 1:
                init.xavier_uniform_(parameter)

    def forward(
        self,
        src: Any,
        tgt: Any,
        src_mask: Any = None,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        src_key_padding_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Any:
        self._check(src, tgt)
        memory = self.encoder(
            src,
            mask=src_mask,
            src_key_padding_mask=src_key_padding_mask,
            is_causal=src_is_causal,
        )
        return self.decoder(
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )

    def _check(self, src: Any, tgt: Any) -> None:
        """Raise ShapeError unless the two are sequences of one batch and of d_model features."""
        batch = 0 if self.batch_first else 1
        if {src.shape[-1], tgt.shape[-1]} != {self.d_model}:
            raise ShapeError(
                f"Transformer: src and tgt must have d_model {self.d_model} features, got shapes "
                f"{src.shape} and {tgt.shape}"
            )
        if src.ndim != tgt.ndim or (src.ndim == 3 and src.shape[batch] != tgt.shape[batch]):
            raise ShapeError(
                f"Transformer: src and tgt must have one batch, their dim {batch}, got shapes "
                f"{src.shape} and {tgt.shape}"
            )

    @staticmethod
    def generate_square_subsequent_mask(sz: int, device: Any = None, dtype: Any = None) -> Any:
        """The ``attn_mask`` (sz, sz) that leaves out what comes later: -infinity there, 0
        elsewhere.

        >>> import nn
        >>> nn.Transformer.generate_square_subsequent_mask(2)
        tensor([[0., -inf],
                [0., 0.]])
        """
        check_device(device)
        kind = get_default_dtype() if dtype is None else as_dtype(dtype)
        return attention_bias(np.tri(sz, dtype=np.bool_), kind)
