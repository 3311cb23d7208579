"""Tables of vectors, looked up one by one or in bags."""

from __future__ import annotations

from typing import Any

from autograd._tensor import Tensor
from autograd.errors import ShapeError
from nn import functional as F, init
from nn.module import Module
from nn.parameter import Parameter, empty_parameter


class _Table(Module):
    """What `Embedding` and `EmbeddingBag` share; the parameters are those of `Embedding`."""

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None,
        max_norm: float | None,
        norm_type: float,
        scale_grad_by_freq: bool,
        sparse: bool,
        weight: Tensor | None,
        device: Any,
        dtype: Any,
    ) -> None:
        name = type(self).__name__
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise ShapeError(
                f"{name}: padding_idx {padding_idx} lies outside the table of {num_embeddings} "
                "vectors"
            )
        shape = (num_embeddings, embedding_dim)
        if weight is not None and weight.shape != shape:
            raise ShapeError(f"{name}: the vectors must have shape {shape}, got {weight.shape}")
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        self.max_norm, self.norm_type = max_norm, norm_type
        self.scale_grad_by_freq, self.sparse = scale_grad_by_freq, sparse
        if weight is None:
            self.weight = empty_parameter(shape, device, dtype)
            self.reset_parameters()
        else:
            self.weight = Parameter(weight)

    def reset_parameters(self) -> None:
        """Draw the vectors anew, from the standard normal distribution."""
        init.normal_(self.weight)
        if self.padding_idx is not None:
            self.weight._array[self.padding_idx] = 0

    def _described(self, *names: str) -> str:
        """The sizes, and those options of ``names`` that are not at their defaults."""
        defaults = {"norm_type": 2.0, "scale_grad_by_freq": False, "sparse": False}
        options = [
            f"{name}={getattr(self, name)!r}"
            for name in names
            if getattr(self, name) != defaults.get(name)
        ]
        return ", ".join([f"{self.num_embeddings}, {self.embedding_dim}", *options])


class Embedding(_Table):
    """A table of vectors: integers of any shape give ``(..., embedding_dim)``.

    The vector at ``padding_idx`` is zero and is not learned. ``max_norm``: vectors that are used
    and whose ``norm_type``-norm is larger are scaled down to it. ``scale_grad_by_freq`` divides the
    gradient of a vector by how often it is used. ``sparse`` changes nothing: gradients are dense.
    Raises ShapeError for a ``padding_idx`` outside the table.

    >>> import autograd, nn
    >>> nn.Embedding(10, 3, padding_idx=0)(autograd.tensor([0])).tolist()
    [[0.0, 0.0, 0.0]]
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        _weight: Tensor | None = None,
        _freeze: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            num_embeddings,
            embedding_dim,
            padding_idx,
            max_norm,
            norm_type,
            scale_grad_by_freq,
            sparse,
            _weight,
            device,
            dtype,
        )
        self.weight.requires_grad_(not _freeze)

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Tensor,
        freeze: bool = True,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
    ) -> Embedding:
        """A table of given vectors (a 2-d tensor), which are not learned if ``freeze``."""
        count, size = _sizes(cls, embeddings)
        options = (padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)
        return cls(count, size, *options, _weight=embeddings, _freeze=freeze)

    def forward(self, x: Tensor) -> Any:
        return F.embedding(
            x,
            self.weight,
            self.padding_idx,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
            self.sparse,
        )

    def extra_repr(self) -> str:
        return self._described(
            "padding_idx", "max_norm", "norm_type", "scale_grad_by_freq", "sparse"
        )


class EmbeddingBag(_Table):
    """The sum, mean or maximum (``mode``) of the vectors of each bag of integers: ``(bags,
    embedding_dim)``.

    The bags are the rows of a 2-d input, or begin in a 1-d input at ``offsets``, the second
    argument; a third, ``per_sample_weights``, multiplies the vectors before their sum. The other
    parameters are those of `Embedding` and of `functional.embedding_bag`.

    >>> import autograd, nn
    >>> nn.EmbeddingBag(10, 3)(autograd.tensor([1, 2, 4, 5]), autograd.tensor([0, 3])).shape
    (2, 3)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        _weight: Tensor | None = None,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        self.mode, self.include_last_offset = mode, include_last_offset
        super().__init__(
            num_embeddings,
            embedding_dim,
            padding_idx,
            max_norm,
            norm_type,
            scale_grad_by_freq,
            sparse,
            _weight,
            device,
            dtype,
        )

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Tensor,
        freeze: bool = True,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
    ) -> EmbeddingBag:
        """A table of given vectors (a 2-d tensor), which are not learned if ``freeze``."""
        count, size = _sizes(cls, embeddings)
        options = (max_norm, norm_type, scale_grad_by_freq, mode, sparse)
        bag = cls(count, size, *options, embeddings, include_last_offset, padding_idx)
        bag.weight.requires_grad_(not freeze)
        return bag

    def forward(
        self, x: Tensor, offsets: Tensor | None = None, per_sample_weights: Tensor | None = None
    ) -> Any:
        return F.embedding_bag(
            x,
            self.weight,
            offsets,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
            self.mode,
            self.sparse,
            per_sample_weights,
            self.include_last_offset,
            self.padding_idx,
        )

    def extra_repr(self) -> str:
        return self._described("max_norm", "norm_type", "scale_grad_by_freq", "mode", "padding_idx")


def _sizes(cls: type[_Table], embeddings: Tensor) -> tuple[int, int]:
    if embeddings.ndim != 2:
        raise ShapeError(
            f"{cls.__name__}.from_pretrained: needs (vectors, size), got shape {embeddings.shape}"
        )
    count, size = embeddings.shape
    return count, size
