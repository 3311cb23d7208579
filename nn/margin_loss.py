"""Losses of scores and of distances that should differ by a margin, as modules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd._tensor import Tensor
from autograd.errors import ShapeError
from nn import functional as F
from nn.distance import PairwiseDistance
from nn.loss import Loss, WeightedLoss

# -- of scores -------------------------------------------------------------------------------------


class SoftMarginLoss(Loss):
    """``log(1 + exp(-target * x))``, for targets 1 and -1."""

    _loss = F.soft_margin_loss


class MarginRankingLoss(Loss):
    """How far ``input1`` is from exceeding ``input2`` by ``margin``, where the target is 1; the
    other way round, where it is -1.

    >>> import autograd, nn
    >>> loss = nn.MarginRankingLoss(margin=1.0)
    >>> loss(autograd.tensor([3.0]), autograd.tensor([2.5]), autograd.tensor([1.0])).item()
    0.5
    """

    _loss = F.margin_ranking_loss
    _options = ("margin",)

    def __init__(
        self,
        margin: float = 0.0,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Any:  # type: ignore[override] # three tensors
        return self._compare(input1, input2, target)


class MultiMarginLoss(WeightedLoss):
    """How far the score of the right class is from exceeding each other by ``margin``, to the power
    ``p`` (1 or 2); ``weight`` of each right class."""

    _loss = F.multi_margin_loss
    _options = ("p", "margin", "weight")

    def __init__(
        self,
        p: int = 1,
        margin: float = 1.0,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        if p not in (1, 2):
            raise ShapeError(f"MultiMarginLoss: p must be 1 or 2, got {p!r}")
        if weight is not None and weight.ndim != 1:
            raise ShapeError(f"MultiMarginLoss: weight must have one dim, got shape {weight.shape}")
        super().__init__(weight, size_average, reduce, reduction)
        self.p, self.margin = p, margin


class MultiLabelMarginLoss(Loss):
    """How far the scores of the right classes are from exceeding each other one by 1; the target
    lists the right classes, up to the first -1."""

    _loss = F.multilabel_margin_loss


class MultiLabelSoftMarginLoss(WeightedLoss):
    """`BCEWithLogitsLoss`, averaged over the classes, which are the last dim."""

    _loss = F.multilabel_soft_margin_loss


# -- of distances ----------------------------------------------------------------------------------


class HingeEmbeddingLoss(Loss):
    """The distance ``x`` where the target is 1, what it lacks of ``margin`` where it is -1."""

    _loss = F.hinge_embedding_loss
    _options = ("margin",)

    def __init__(
        self,
        margin: float = 1.0,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.margin = margin


class CosineEmbeddingLoss(MarginRankingLoss):
    """What the cosine of the angle between two vectors lacks of 1 where the target is 1, what it
    has above ``margin`` where it is -1."""

    _loss = F.cosine_embedding_loss


class TripletMarginLoss(Loss):
    """How far the negative is from being farther from the anchor than the positive is, by
    ``margin``; distances are `functional.pairwise_distance`.

    >>> import autograd, nn
    >>> anchor, negative = autograd.zeros(1, 2), autograd.tensor([[0.25, 0.0]])
    >>> round(nn.TripletMarginLoss()(anchor, anchor, negative).item(), 3)
    0.75
    """

    _loss = F.triplet_margin_loss
    _options = ("margin", "p", "eps", "swap")

    def __init__(
        self,
        margin: float = 1.0,
        p: float = 2.0,
        eps: float = 1e-6,
        swap: bool = False,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        _check_margin("TripletMarginLoss", margin)
        super().__init__(size_average, reduce, reduction)
        self.margin, self.p, self.eps, self.swap = margin, p, eps, swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Any:  # type: ignore[override] # three tensors
        return self._compare(anchor, positive, negative)


class TripletMarginWithDistanceLoss(Loss):
    """As `TripletMarginLoss`, with any distance: a function of two tensors, or a module."""

    _loss = F.triplet_margin_with_distance_loss
    _options = ("distance_function", "margin", "swap")

    def __init__(
        self,
        *,
        distance_function: Callable[[Any, Any], Any] | None = None,
        margin: float = 1.0,
        swap: bool = False,
        reduction: str = "mean",
    ) -> None:
        _check_margin("TripletMarginWithDistanceLoss", margin)
        super().__init__(reduction=reduction)
        self.distance_function = distance_function or PairwiseDistance()
        self.margin, self.swap = margin, swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Any:  # type: ignore[override] # three tensors
        return self._compare(anchor, positive, negative)


def _check_margin(name: str, margin: float) -> None:
    if margin <= 0:
        raise ShapeError(f"{name}: margin must be greater than 0, got {margin}")
