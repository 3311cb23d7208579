"""Metrics: what `nn.Trainer` measures besides the loss.

A metric has three methods: ``update(predictions, targets)`` for each batch, ``compute()`` for the
result over all of them, ``reset()`` to begin anew. Those here count, and keep no predictions; the
exception is `Collected`, which makes a metric of any function of a whole pass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

import numpy as np

from autograd.core.variable import Array
from autograd.errors import DTypeError, ShapeError, describe
from nn.loading import as_array


@runtime_checkable
class Metric(Protocol):
    """What counts as a metric, of whatever class it is."""

    def update(self, predictions: Any, targets: Any) -> None:
        """Take one batch into account: what the model returned, and what it should have."""

    def compute(self) -> Any:
        """The result over all batches since the last `reset`."""

    def reset(self) -> None:
        """Forget all batches."""


class _OfClasses:
    """What metrics of classifiers share: which predictions count, and what class they mean.

    Predictions are scores ``(N, C, ...)`` of C classes, or one number each, in the shape ``(N,
    ...)`` of the targets: a class, or with ``threshold`` a score above which it is class 1.
    Targets that are ``ignore_index`` do not count.
    """

    def __init__(self, *, threshold: float | None = None, ignore_index: int | None = None) -> None:
        self.threshold, self.ignore_index = threshold, ignore_index
        self.reset()

    def reset(self) -> None:
        """Forget all batches."""
        raise NotImplementedError(f"{type(self).__name__} defines no reset()")

    def _counted(self, predictions: Any, targets: Any) -> tuple[Array, Array]:
        """The predictions that count, ``(M, C)`` or ``(M,)``, and their true classes ``(M,)``."""
        name = type(self).__name__
        predicted = as_array("predictions", predictions, name)
        true = as_array("targets", targets, name)
        if predicted.ndim == true.ndim + 1 and predicted.ndim >= 2:
            predicted = np.moveaxis(predicted, 1, -1)
        if predicted.shape[: true.ndim] != true.shape or predicted.ndim > true.ndim + 1:
            raise ShapeError(
                f"{name}: needs scores (N, C, ...) or predictions (N, ...) for targets (N, ...), "
                f"got {describe(predictions)} for {describe(targets)}"
            )
        counts = np.ones(true.shape, bool)
        if self.ignore_index is not None:
            counts = true != self.ignore_index
        predicted, true = predicted[counts], _whole(name, true[counts])
        if predicted.ndim == 2:
            _check_scores(name, predicted, true)
        return predicted, true

    def _classes(self, predicted: Array) -> Array:
        """The classes that the result of `_counted` means."""
        if predicted.ndim == 2:
            return predicted.argmax(1)
        if self.threshold is not None:
            return (predicted > self.threshold).astype(np.int64)
        return _whole(type(self).__name__, predicted, "; for scores, give a threshold")


class Accuracy(_OfClasses):
    """The share of predictions that are right.

    Predictions are scores ``(N, C, ...)`` of C classes, or one number each, in the shape ``(N,
    ...)`` of the targets: a class, or with ``threshold`` a score above which it is class 1 (0 for
    logits, 0.5 for probabilities). Targets that are ``ignore_index`` do not count. Raises
    ShapeError or DTypeError for what is neither.

    >>> import autograd, nn
    >>> accuracy = nn.metrics.Accuracy()
    >>> accuracy.update(autograd.tensor([[0.2, 0.8], [0.9, 0.1]]), autograd.tensor([1, 1]))
    >>> accuracy.compute()
    0.5
    """

    def reset(self) -> None:
        """Forget all batches."""
        self.right = self.seen = 0

    def update(self, predictions: Any, targets: Any) -> None:
        """Count one batch."""
        predicted, true = self._counted(predictions, targets)
        self.right += self._right(predicted, true)
        self.seen += len(true)

    def _right(self, predicted: Array, true: Array) -> int:
        return int((self._classes(predicted) == true).sum())

    def compute(self) -> float:
        """The share of all that were counted. Raises ShapeError if there were none."""
        if not self.seen:
            raise ShapeError(f"{type(self).__name__}: nothing was counted; call update() first")
        return self.right / self.seen


class TopK(Accuracy):
    """The share of targets that are among the ``k`` classes of the highest scores ``(N, C, ...)``.

    Of equal scores, the first classes count. Raises ShapeError unless ``1 <= k <= C``.

    >>> import autograd, nn
    >>> top = nn.metrics.TopK(2)
    >>> top.update(autograd.tensor([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]]), autograd.tensor([1, 2]))
    >>> top.compute()
    0.5
    """

    def __init__(self, k: int, *, ignore_index: int | None = None) -> None:
        if k < 1:
            raise ShapeError(f"TopK: k must be positive, got {k}")
        self.k = k
        super().__init__(ignore_index=ignore_index)

    def _right(self, predicted: Array, true: Array) -> int:
        if predicted.ndim != 2 or predicted.shape[1] < self.k:
            raise ShapeError(
                f"TopK: needs scores (N, C, ...) of at least {self.k} classes, got "
                f"{predicted.shape[1] if predicted.ndim == 2 else 'one number each'}"
            )
        best = np.argsort(-predicted, axis=1, kind="stable")[:, : self.k]
        return int((best == true[:, None]).sum())


class ConfusionMatrix(_OfClasses):
    """How many of each true class (row) were taken for each class (column): int64 ``(C, C)``.

    The arguments are those of `Accuracy`. ``classes``, their number, is needed where the
    predictions are no scores of all classes. Raises ShapeError for a class beyond them.

    >>> import autograd, nn
    >>> confusion = nn.metrics.ConfusionMatrix(classes=2)
    >>> confusion.update(autograd.tensor([1, 0, 1]), autograd.tensor([1, 1, 0]))
    >>> confusion.compute().tolist()
    [[0, 1], [1, 1]]
    """

    def __init__(
        self,
        classes: int | None = None,
        *,
        threshold: float | None = None,
        ignore_index: int | None = None,
    ) -> None:
        self.classes = 2 if classes is None and threshold is not None else classes
        super().__init__(threshold=threshold, ignore_index=ignore_index)

    def reset(self) -> None:
        """Forget all batches."""
        self.counts: Array | None = None

    def update(self, predictions: Any, targets: Any) -> None:
        """Count one batch."""
        predicted, true = self._counted(predictions, targets)
        classes = predicted.shape[1] if predicted.ndim == 2 else self.classes
        if classes is None or self.classes not in (None, classes):
            raise ShapeError(
                f"ConfusionMatrix: classes={self.classes} is not their number, which is "
                f"{'not in the predictions' if classes is None else classes}"
            )
        found = self._classes(predicted)
        _check_classes("ConfusionMatrix", np.concatenate([found, true]), classes)
        pairs = np.bincount(true * classes + found, minlength=classes**2)
        self.counts = (0 if self.counts is None else self.counts) + pairs.reshape(classes, classes)

    def compute(self) -> Array:
        """The counts. Raises ShapeError if there are none."""
        if self.counts is None:
            raise ShapeError("ConfusionMatrix: nothing was counted; call update() first")
        return self.counts.copy()


class Collected:
    """``function(targets, predictions)`` of all batches together, as NumPy arrays: the order of
    scikit-learn's metrics. `nn.Trainer` makes this of any function it is given.

    Where the targets are integers ``(N, ...)`` and the model returns scores ``(N, C, ...)``, the
    predictions are the classes of the highest scores; otherwise, what the model returns.
    ``prepare``, called with what the model returns for a batch, says what else they are to be.

    >>> import autograd, nn
    >>> def errors(targets, predictions):
    ...     return int((targets != predictions).sum())
    >>> metric = nn.metrics.Collected(errors)
    >>> metric.update(autograd.tensor([[0.2, 0.8], [0.9, 0.1]]), autograd.tensor([1, 1]))
    >>> metric.compute()
    1
    """

    def __init__(
        self,
        function: Callable[[Array, Array], Any],
        prepare: Callable[[Any], Any] | None = None,
    ) -> None:
        if not callable(function):
            raise DTypeError(
                "a metric must be a function of targets and predictions, or have update(), "
                f"compute() and reset(); got a {type(function).__name__}"
            )
        self.function, self.prepare = function, prepare
        self.reset()

    def reset(self) -> None:
        """Forget all batches."""
        self.predictions: list[Array] = []
        self.targets: list[Array] = []

    def update(self, predictions: Any, targets: Any) -> None:
        """Keep one batch: copies, for a loader may use its memory again."""
        prepared = predictions if self.prepare is None else self.prepare(predictions)
        predicted = as_array("predictions", prepared, "Collected")
        true = as_array("targets", targets, "Collected")
        scores = true.dtype.kind in "biu" and predicted.ndim == true.ndim + 1
        if scores and self.prepare is None:
            if predicted.shape[1] == 1:
                raise _one_score("Collected", "prepare=")
            predicted = predicted.argmax(1)
        self.predictions.append(np.array(predicted))
        self.targets.append(np.array(true))

    def compute(self) -> Any:
        """What the function says. Raises ShapeError if there were no batches."""
        if not self.targets:
            raise ShapeError("Collected: nothing was collected; call update() first")
        return self.function(np.concatenate(self.targets), np.concatenate(self.predictions))


def as_metric(metric: Any) -> Metric:
    """``metric``, or a metric made of a function."""
    return metric if isinstance(metric, Metric) else Collected(metric)


def _whole(name: str, values: Array, remedy: str = "") -> Array:
    """``values``, which must be classes, as int64."""
    whole = values.astype(np.int64)
    if not np.array_equal(whole, values):
        raise DTypeError(
            f"{name}: classes must be whole numbers, got {describe(values)} with fractions{remedy}"
        )
    return whole


def _check_scores(name: str, scores: Array, true: Array) -> None:
    if scores.shape[1] == 1:
        raise _one_score(name, "a threshold")
    _check_classes(name, true, scores.shape[1])


def _check_classes(name: str, classes: Array, count: int) -> None:
    if classes.size and not 0 <= classes.min() <= classes.max() < count:
        raise ShapeError(
            f"{name}: classes must lie in [0, {count}), got {classes.min()} to {classes.max()}; "
            "ignore_index= leaves one out"
        )


def _one_score(name: str, remedy: str) -> ShapeError:
    return ShapeError(
        f"{name}: the predictions have one score (N, 1, ...) for targets (N, ...), which is no "
        f"choice among classes; give them the targets' shape, and {remedy}"
    )
