"""Modules that are affine in their input, or look rows up."""

from __future__ import annotations

from typing import Any

from autograd._tensor import Tensor
from autograd.errors import ShapeError
from nn import functional as F, init
from nn.module import Module
from nn.parameter import Parameter, empty_parameter


class Dense(Module):
    """Affine map of the last axis: ``(..., in_features) -> (..., out_features)``, ``x @ weight.T +
    bias``.

    >>> import autograd, nn
    >>> nn.Dense(3, 2)(autograd.ones(4, 3)).shape
    (4, 2)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        self.in_features, self.out_features = in_features, out_features
        self.weight = empty_parameter((out_features, in_features), device, dtype)
        self.bias = empty_parameter((out_features,), device, dtype) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weights and biases anew, uniform in ``±1 / sqrt(in_features)``."""
        init.default_(self.weight, self.bias)

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        bias = self.bias is not None
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={bias}"


class Embedding(Module):
    """A table of vectors: integers of any shape give ``(..., embedding_dim)``.

    The vector at ``padding_idx`` is zero and is not learned. Raises ShapeError for a
    ``padding_idx`` outside the table.

    >>> import autograd, nn
    >>> nn.Embedding(10, 3, padding_idx=0)(autograd.tensor([0])).tolist()
    [[0.0, 0.0, 0.0]]
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        *,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise ShapeError(
                f"Embedding: padding_idx {padding_idx} lies outside the table of {num_embeddings} "
                "vectors"
            )
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        self.weight = empty_parameter((num_embeddings, embedding_dim), device, dtype)
        self.reset_parameters()

    @classmethod
    def from_pretrained(
        cls, embeddings: Tensor, freeze: bool = True, padding_idx: int | None = None
    ) -> Embedding:
        """A table of given vectors (a 2-d tensor), which are not learned if ``freeze``."""
        if embeddings.ndim != 2:
            raise ShapeError(
                f"Embedding.from_pretrained: needs (vectors, size), got shape {embeddings.shape}"
            )
        count, size = embeddings.shape
        table = cls(count, size, padding_idx)
        table.weight = Parameter(embeddings, requires_grad=not freeze)
        return table

    def reset_parameters(self) -> None:
        """Draw the vectors anew, from the standard normal distribution."""
        init.normal_(self.weight)
        if self.padding_idx is not None:
            self.weight._array[self.padding_idx] = 0

    def forward(self, x: Tensor) -> Any:
        return F.embedding(x, self.weight, self.padding_idx)

    def extra_repr(self) -> str:
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"
