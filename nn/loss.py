"""Losses as modules: ``loss(prediction, target)``.

``reduction``: "mean" or "sum" of the elements' losses, or "none" for each of them. The targets of a
weight or of a rate for each class or element are buffers, which move with the module.
"""

from __future__ import annotations

from typing import Any

from autograd._tensor import Tensor
from autograd.errors import ShapeError
from nn import functional as F
from nn.module import Module


class _Loss(Module):
    def __init__(self, reduction: str = "mean") -> None:
        if reduction not in ("none", "mean", "sum"):
            raise ShapeError(
                f"{type(self).__name__}: reduction must be 'none', 'mean' or 'sum', got "
                f"{reduction!r}"
            )
        self.reduction = reduction


class MSELoss(_Loss):
    """The squared difference."""

    def forward(self, x: Tensor, target: Tensor) -> Any:
        return F.mse_loss(x, target, self.reduction)


class L1Loss(_Loss):
    """The absolute difference."""

    def forward(self, x: Tensor, target: Tensor) -> Any:
        return F.l1_loss(x, target, self.reduction)


class SmoothL1Loss(_Loss):
    """Half the squared difference over ``beta`` where it is below ``beta``; beyond, the difference
    less ``beta / 2``."""

    def __init__(self, reduction: str = "mean", beta: float = 1.0) -> None:
        super().__init__(reduction)
        self.beta = beta

    def forward(self, x: Tensor, target: Tensor) -> Any:
        return F.smooth_l1_loss(x, target, self.reduction, self.beta)


class HuberLoss(_Loss):
    """Half the squared difference where it is below ``delta``; beyond, a straight line (Huber,
    1964)."""

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction)
        self.delta = delta

    def forward(self, x: Tensor, target: Tensor) -> Any:
        return F.huber_loss(x, target, self.reduction, self.delta)


class CrossEntropyLoss(_Loss):
    """Minus the logarithm of the probability of the right class, given scores ``(batch, classes,
    ...)``.

    The target holds class numbers ``(batch, ...)``, or a probability for each class. ``weight``: of
    each class; ``ignore_index``: the class number that does not count; ``label_smoothing``: how
    much of the target is spread evenly over all classes.

    >>> import autograd, nn
    >>> round(nn.CrossEntropyLoss()(autograd.zeros(1, 2), autograd.tensor([0])).item(), 4)
    0.6931
    """

    weight: Tensor | None

    def __init__(
        self,
        weight: Tensor | None = None,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(reduction)
        self.register_buffer("weight", weight)
        self.ignore_index, self.label_smoothing = ignore_index, label_smoothing

    def forward(self, x: Tensor, target: Tensor) -> Any:
        return F.cross_entropy(
            x,
            target,
            weight=self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )


class NLLLoss(_Loss):
    """Minus the logarithm of the probability of the right class, given the logarithms ``(batch,
    classes, ...)``."""

    weight: Tensor | None

    def __init__(
        self, weight: Tensor | None = None, ignore_index: int = -100, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction)
        self.register_buffer("weight", weight)
        self.ignore_index = ignore_index

    def forward(self, x: Tensor, target: Tensor) -> Any:
        return F.nll_loss(
            x, target, weight=self.weight, ignore_index=self.ignore_index, reduction=self.reduction
        )


class BCELoss(_Loss):
    """The cross entropy of the probabilities ``x`` and the targets, both between 0 and 1;
    ``weight`` of each element."""

    weight: Tensor | None

    def __init__(self, weight: Tensor | None = None, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.register_buffer("weight", weight)

    def forward(self, x: Tensor, target: Tensor) -> Any:
        return F.binary_cross_entropy(x, target, weight=self.weight, reduction=self.reduction)


class BCEWithLogitsLoss(_Loss):
    """`BCELoss` of the sigmoid of ``x``, computed stably; ``pos_weight``: how much more targets of
    1 count."""

    weight: Tensor | None
    pos_weight: Tensor | None

    def __init__(
        self,
        weight: Tensor | None = None,
        reduction: str = "mean",
        pos_weight: Tensor | None = None,
    ) -> None:
        super().__init__(reduction)
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, x: Tensor, target: Tensor) -> Any:
        return F.binary_cross_entropy_with_logits(
            x, target, weight=self.weight, reduction=self.reduction, pos_weight=self.pos_weight
        )


class KLDivLoss(_Loss):
    """``target * (log(target) - x)``: how far ``x``, logarithms of probabilities, is from
    ``target``.

    ``reduction`` may be "batchmean", the sum over the size of the batch, which is the divergence as
    mathematics has it. ``log_target``: the target holds logarithms too.
    """

    def __init__(self, reduction: str = "mean", log_target: bool = False) -> None:
        super().__init__("sum" if reduction == "batchmean" else reduction)
        self.reduction, self.log_target = reduction, log_target

    def forward(self, x: Tensor, target: Tensor) -> Any:
        return F.kl_div(x, target, reduction=self.reduction, log_target=self.log_target)
