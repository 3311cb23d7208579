"""Losses as modules: ``loss(prediction, target)``.

``reduction``: "mean" or "sum" of the elements' losses, or "none" for each of them; ``size_average``
and ``reduce`` are the flags that it has replaced. Weights of classes or elements are buffers, which
move with the module.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

from autograd._tensor import Tensor
from autograd.errors import DTypeError, ShapeError
from autograd.ops.linear_cross_entropy import (
    LinearCrossEntropyOptions as LinearCrossEntropyOptions,
)
from autograd.ops.loss_reduction import reduction_of
from nn import functional as F
from nn.linear import Dense
from nn.module import Module


class Loss(Module):
    """A function of a prediction and its target, called with the attributes that ``_options``
    names."""

    _loss: ClassVar[Any]
    _options: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        self.reduction = reduction_of(type(self).__name__, size_average, reduce, reduction)

    def forward(self, x: Tensor, target: Tensor) -> Any:
        return self._compare(x, target)

    def _compare(self, *tensors: Any) -> Any:
        return type(self)._loss(*tensors, **self._chosen())

    def _chosen(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in (*self._options, "reduction")}


class WeightedLoss(Loss):
    """A `Loss` with a weight, of each class or of each element."""

    weight: Tensor | None
    _options: ClassVar[tuple[str, ...]] = ("weight",)

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)


# -- of numbers ------------------------------------------------------------------------------------


class MSELoss(Loss):
    """The squared difference."""

    _loss = F.mse_loss


class L1Loss(Loss):
    """The absolute difference."""

    _loss = F.l1_loss


class SmoothL1Loss(Loss):
    """Half the squared difference over ``beta`` where it is below ``beta``; beyond, the difference
    less ``beta / 2``."""

    _loss = F.smooth_l1_loss
    _options = ("beta",)

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        beta: float = 1.0,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.beta = beta


class HuberLoss(Loss):
    """Half the squared difference where it is below ``delta``; beyond, a straight line (Huber,
    1964)."""

    _loss = F.huber_loss
    _options = ("delta",)

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction=reduction)
        if not isinstance(delta, (int, float)):
            raise DTypeError(f"HuberLoss: delta must be a number, got {delta!r}")
        self.delta = delta


# -- of classes ------------------------------------------------------------------------------------


class CrossEntropyLoss(WeightedLoss):
    """Minus the logarithm of the probability of the right class, given scores ``(batch, classes,
    ...)``.

    The target holds class numbers ``(batch, ...)``, or a probability for each class. ``weight``: of
    each class; ``ignore_index``: the class number that does not count; ``label_smoothing``: how
    much of the target is spread evenly over all classes.

    >>> import autograd, nn
    >>> round(nn.CrossEntropyLoss()(autograd.zeros(1, 2), autograd.tensor([0])).item(), 4)
    0.6931
    """

    _loss = F.cross_entropy
    _options = ("weight", "ignore_index", "label_smoothing")

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index, self.label_smoothing = ignore_index, label_smoothing


class NLLLoss(WeightedLoss):
    """Minus the logarithm of the probability of the right class, given the logarithms ``(batch,
    classes, ...)``."""

    _loss = F.nll_loss
    _options = ("weight", "ignore_index")

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index


class NLLLoss2d(NLLLoss):
    """The former name of `NLLLoss` for images."""


# -- of probabilities ------------------------------------------------------------------------------


class BCELoss(WeightedLoss):
    """The cross entropy of the probabilities ``x`` and the targets, both between 0 and 1;
    ``weight`` of each element."""

    _loss = F.binary_cross_entropy


class BCEWithLogitsLoss(WeightedLoss):
    """`BCELoss` of the sigmoid of ``x``, computed stably; ``pos_weight``: how much more targets of
    1 count."""

    pos_weight: Tensor | None
    _loss = F.binary_cross_entropy_with_logits
    _options = ("weight", "pos_weight")

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        pos_weight: Tensor | None = None,
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.register_buffer("pos_weight", pos_weight)


class KLDivLoss(Loss):
    """``target * (log(target) - x)``: how far ``x``, logarithms of probabilities, is from
    ``target``.

    ``reduction`` may be "batchmean", the sum over the size of the batch, which is the divergence as
    mathematics has it. ``log_target``: the target holds logarithms too.
    """

    _loss = F.kl_div
    _options = ("log_target",)

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        log_target: bool = False,
    ) -> None:
        self.reduction = reduction_of("KLDivLoss", size_average, reduce, reduction, "batchmean")
        self.log_target = log_target


class PoissonNLLLoss(Loss):
    """Minus the logarithm of the Poisson probability of the counts in the target, given the
    logarithm of their rate, or with ``log_input=False`` the rate itself.

    ``full`` adds the term of the target alone, by Stirling's approximation; ``eps`` is added to a
    rate before its logarithm is taken.
    """

    _loss = F.poisson_nll_loss
    _options = ("log_input", "full", "eps")

    def __init__(
        self,
        log_input: bool = True,
        full: bool = False,
        size_average: bool | None = None,
        eps: float = 1e-8,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.log_input, self.full, self.eps = log_input, full, eps


class GaussianNLLLoss(Loss):
    """Minus the logarithm of the normal density of the target, given its mean ``x`` and its
    variance ``var``, which counts as at least ``eps``; ``full`` adds the constant term."""

    _loss = F.gaussian_nll_loss
    _options = ("full", "eps")

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.full, self.eps = full, eps

    def forward(self, x: Tensor, target: Tensor, var: Any) -> Any:  # type: ignore[override] # three
        return self._compare(x, target, var)


# -- of sequences, and of an affine map ------------------------------------------------------------


class CTCLoss(Loss):
    """Minus the logarithm of the probability of a sequence of labels whose times are not known; see
    `functional.ctc_loss`.

    >>> import autograd, nn
    >>> log_probs = autograd.zeros(5, 2, 4).log_softmax(2)
    >>> targets = autograd.tensor([[1, 2], [3, 0]])
    >>> nn.CTCLoss(reduction="none")(log_probs, targets, (5, 5), (2, 1)).shape
    (2,)
    """

    _loss = F.ctc_loss
    _options = ("blank", "zero_infinity")

    def __init__(
        self, blank: int = 0, reduction: str = "mean", zero_infinity: bool = False
    ) -> None:
        super().__init__(reduction=reduction)
        self.blank, self.zero_infinity = blank, zero_infinity

    def forward(  # type: ignore[override] # the lengths belong to the tensors
        self, log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any
    ) -> Any:
        return self._compare(log_probs, targets, input_lengths, target_lengths)


class LinearCrossEntropyLoss(WeightedLoss):
    """`CrossEntropyLoss` of the scores that a `Dense` layer of its own gives: of ``num_classes``,
    at each of the places ``out_features``.

    ``options``: a `LinearCrossEntropyOptions`, to go through the batch in chunks.

    >>> import autograd, nn
    >>> loss = nn.LinearCrossEntropyLoss(5, 10, out_features=(4,))
    >>> loss(autograd.ones(2, 5), autograd.zeros(2, 4, dtype=autograd.int64)).shape
    ()
    """

    _loss = F.linear_cross_entropy
    _options = ("weight", "ignore_index", "label_smoothing", "options")

    def __init__(
        self,
        in_features: int,
        num_classes: int,
        *,
        out_features: tuple[int, ...] = (),
        bias: bool = False,
        device: Any = None,
        dtype: Any = None,
        reduction: str = "mean",
        weight: Tensor | None = None,
        ignore_index: int | None = None,
        label_smoothing: float = 0.0,
        options: LinearCrossEntropyOptions | None = None,
    ) -> None:
        if weight is not None and weight.shape != (num_classes,):
            raise ShapeError(
                f"LinearCrossEntropyLoss: weight must have shape ({num_classes},), got "
                f"{weight.shape}"
            )
        if not 0 <= label_smoothing <= 1:
            raise ShapeError(
                "LinearCrossEntropyLoss: label_smoothing must be between 0 and 1, got "
                f"{label_smoothing}"
            )
        super().__init__(weight, reduction=reduction)
        self.num_classes, self.out_features = num_classes, out_features
        self.ignore_index, self.label_smoothing = ignore_index, label_smoothing
        self.options = options
        places = math.prod(out_features)
        self.linear = Dense(in_features, num_classes * places, bias, device, dtype)

    def forward(self, x: Tensor, target: Tensor) -> Any:
        scores = (self.num_classes, *self.out_features)
        bias = self.linear.bias
        return F.linear_cross_entropy(
            x,
            self.linear.weight.reshape(*scores, self.linear.in_features),
            target,
            linear_bias=None if bias is None else bias.reshape(scores),
            **self._chosen(),
        )

    def extra_repr(self) -> str:
        shown = {
            "in_features": self.linear.in_features,
            "num_classes": self.num_classes,
            "out_features": self.out_features,
            "bias": self.linear.bias is not None,
            "reduction": self.reduction,
            "ignore_index": self.ignore_index,
            "label_smoothing": self.label_smoothing,
            "options": self.options,
        }
        return ", ".join(f"{name}={value}" for name, value in shown.items())
