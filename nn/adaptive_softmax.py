"""The adaptive softmax: classes in clusters by frequency, the rare ones with fewer weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd._tensor import Tensor
from autograd.core.variable import make
from autograd.errors import ShapeError
from autograd.ops.joining import cat
from autograd.ops.slices import index_add
from nn import functional as F
from nn.containers import ModuleList, Sequential
from nn.linear import Dense
from nn.module import Module


class ASMoutput(NamedTuple):
    """The logarithm of the probability of each target, and minus their mean."""

    output: Tensor
    loss: Tensor


class AdaptiveLogSoftmaxWithLoss(Module):
    """The logarithms of the probabilities of many classes, sorted by frequency. (Grave, Joulin,
    Cissé, Grangier, Jégou, 2017.)

    ``cutoffs`` split the classes: those below the first are scored by ``head``, together with one
    score for each cluster of the rest. The scores within cluster ``i``, of ``tail``, see only
    ``in_features // div_value ** (i + 1)`` features. Only the clusters that occur in the target are
    computed.

    >>> import autograd, nn
    >>> softmax = nn.AdaptiveLogSoftmaxWithLoss(8, 100, cutoffs=[10, 50])
    >>> x, target = autograd.ones(3, 8), autograd.tensor([0, 20, 99])
    >>> softmax(x, target).output.shape, softmax.log_prob(x).shape, softmax.predict(x).shape
    ((3,), (3, 100), (3,))
    """

    def __init__(
        self,
        in_features: int,
        n_classes: int,
        cutoffs: Sequence[int],
        div_value: float = 4.0,
        head_bias: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        cutoffs = list(cutoffs)
        bounds = [0, *cutoffs, n_classes]
        if not cutoffs or any(int(c) != c for c in cutoffs) or sorted(set(bounds)) != bounds:
            raise ShapeError(
                "AdaptiveLogSoftmaxWithLoss: cutoffs must be increasing integers between 1 and "
                f"n_classes - 1 = {n_classes - 1}, at least one, got {cutoffs}"
            )
        self.in_features, self.n_classes, self.cutoffs = in_features, n_classes, bounds[1:]
        self.div_value, self.head_bias = div_value, head_bias
        self.shortlist_size, self.n_clusters = cutoffs[0], len(cutoffs)
        self.head_size = self.shortlist_size + self.n_clusters
        self.head = Dense(in_features, self.head_size, head_bias, device, dtype)
        self.tail = ModuleList()
        for i, (low, high) in enumerate(self._clusters()):
            size = int(in_features // div_value ** (i + 1))
            narrow = Dense(in_features, size, False, device, dtype)
            self.tail.append(Sequential(narrow, Dense(size, high - low, False, device, dtype)))

    def reset_parameters(self) -> None:
        """Draw all weights anew, as at construction."""
        for module in self.modules():
            if isinstance(module, Dense):
                module.reset_parameters()

    def forward(self, x: Tensor, target: Tensor) -> ASMoutput:
        if target.ndim > 1 or x.shape[:-1] != target.shape or x.ndim != target.ndim + 1:
            raise ShapeError(
                "AdaptiveLogSoftmaxWithLoss: needs x (n, in_features) and target (n,), or both "
                f"without n, got x {x.shape} and target {target.shape}"
            )
        rows, classes = x.reshape(-1, x.shape[-1]), target.numpy().reshape(-1)
        if classes.size and not 0 <= classes.min() <= classes.max() < self.n_classes:
            raise ShapeError(
                f"AdaptiveLogSoftmaxWithLoss: target must hold classes from 0 to "
                f"{self.n_classes - 1}, got {classes.min()} to {classes.max()}"
            )
        output = self._of_targets(rows, classes).reshape(target.shape)
        return ASMoutput(output, -output.mean())

    def _of_targets(self, x: Tensor, classes: Any) -> Any:
        """The logarithm of the probability of one class for each row."""
        in_head = classes.copy()
        within = []
        for i, (low, high) in enumerate(self._clusters()):
            rows = np.flatnonzero((low <= classes) & (classes < high))
            in_head[rows] = self.shortlist_size + i
            if rows.size:
                logs = F.log_softmax(self.tail[i](x[rows]), 1)
                within.append((make(rows), _chosen(logs, classes[rows] - low)))
        output = _chosen(F.log_softmax(self.head(x), 1), in_head)
        for rows, logs in within:
            output = index_add(output, 0, rows, logs)
        return output

    def log_prob(self, x: Tensor) -> Any:
        """The logarithms of the probabilities of all classes: ``(n, n_classes)``."""
        head = F.log_softmax(self.head(x), 1)
        parts = [head[:, : self.shortlist_size]]
        for i in range(self.n_clusters):
            of_cluster = self.shortlist_size + i
            parts.append(F.log_softmax(self.tail[i](x), 1) + head[:, of_cluster : of_cluster + 1])
        return cat(parts, 1)

    def predict(self, x: Tensor) -> Any:
        """The most probable class of each row."""
        return self.log_prob(x).argmax(1)

    def _clusters(self) -> Iterator[tuple[int, int]]:
        """The first class of each cluster after the shortlist, and the one after its last."""
        return zip(self.cutoffs[:-1], self.cutoffs[1:])


def _chosen(x: Any, columns: Any) -> Any:
    """One element of each row."""
    return x.gather(1, make(columns[:, None])).reshape(-1)
