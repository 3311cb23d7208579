"""A decoder-only transformer: blocks of attention, which only looks back, and of dense layers.

Vaswani et al., 2017; the normalisation comes first, as in Xiong et al., 2020.
"""

from __future__ import annotations

import autograd
import nn
from autograd import Tensor
from nn import functional as F


class SelfAttention(nn.Module):
    """Each place gathers, from the places up to its own, what fits its query: several ``heads``."""

    def __init__(self, width: int, heads: int) -> None:
        self.heads = heads
        self.query_key_value = nn.Dense(width, 3 * width, bias=False)
        self.out = nn.Dense(width, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        count, length, width = x.shape
        split = self.query_key_value(x).reshape(count, length, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)  # each (count, heads, length, features)
        found = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        out: Tensor = self.out(found.transpose(1, 2).reshape(count, length, width))
        return out


class Block(nn.Module):
    """Attention, then a perceptron at each place; both add to what they are given."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        self.attention = nn.Sequential(
            nn.LayerNorm(width), SelfAttention(width, heads), nn.Dropout(dropout)
        )
        self.perceptron = nn.Sequential(
            nn.LayerNorm(width),
            nn.Dense(width, 4 * width),
            nn.ReLU(),
            nn.Dense(4 * width, width),
            nn.Dropout(dropout),
        )

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(x)
        return x + self.perceptron(x)


class Transformer(nn.Module):
    """Symbols (count, length) of an ``alphabet`` of so many to the scores of each next one (count,
    length, alphabet); no length is greater than ``context``."""

    def __init__(
        self, alphabet: int, context: int, width: int, heads: int, layers: int, dropout: float
    ) -> None:
        self.symbols = nn.Embedding(alphabet, width)
        self.places = nn.Embedding(context, width)
        self.blocks = nn.Sequential(*(Block(width, heads, dropout) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)
        self.scores = nn.Dense(width, alphabet)
        for embedding in (self.symbols, self.places):
            nn.init.normal_(embedding.weight, std=0.02)

    def forward(self, text: Tensor) -> Tensor:
        x = self.symbols(text) + self.places(autograd.arange(text.shape[1]))
        scores: Tensor = self.scores(self.norm(self.blocks(x)))
        return scores
