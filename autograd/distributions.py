"""Probability distributions to draw from and to score with: what policy gradients and variational
inference need.

Their parameters may be tensors in a graph: `log_prob` and `entropy` are differentiable in them, and
so is what ``rsample`` draws.
"""

from __future__ import annotations

import math
from typing import Any

from autograd import random
from autograd._tensor import Tensor
from autograd.errors import DTypeError, ShapeError
from autograd.from_data import as_tensor
from autograd.modes import no_grad
from autograd.ops.arithmetic import square
from autograd.ops.exponential import log, sigmoid
from autograd.ops.norms import logsumexp
from autograd.ops.probability_losses import binary_cross_entropy_with_logits
from autograd.ops.shaping import broadcast_tensors
from autograd.ops.softmax import softmax

Sizes = tuple[int, ...]


def _one_of(name: str, **choices: Any) -> None:
    if sum(choice is not None for choice in choices.values()) != 1:
        raise DTypeError(f"{name}: needs exactly one of {' and '.join(choices)}")


class Categorical:
    """A choice among the integers below K, with chances ``probs`` ``(..., K)``, or ``logits``.

    ``probs`` need not sum to 1; ``logits`` are their logarithms, up to a constant. Raises
    DTypeError unless exactly one of them is given.

    >>> import autograd
    >>> policy = autograd.distributions.Categorical(autograd.tensor([0.25, 0.75]))
    >>> policy.log_prob(autograd.tensor(1)).exp(), policy.sample((3,)).shape
    (tensor(0.7500), (3,))
    """

    def __init__(self, probs: Any = None, logits: Any = None) -> None:
        _one_of("Categorical", probs=probs, logits=logits)
        given = as_tensor(probs if logits is None else logits)
        if given.ndim == 0:
            raise ShapeError("Categorical: needs at least one dim, along which the chances lie")
        scores = log(given) if logits is None else given
        self.logits = scores - logsumexp(scores, -1, keepdim=True)
        self.batch_shape: Sizes = tuple(given.shape[:-1])

    @property
    def probs(self) -> Tensor:
        """The chances: ``(..., K)``, with sum 1."""
        probs: Tensor = softmax(self.logits, -1)
        return probs

    def sample(self, sample_shape: Sizes = ()) -> Tensor:
        """Integers of shape ``(*sample_shape, ...)``; no gradient flows through them."""
        with no_grad():
            count = math.prod(sample_shape)
            rows = self.probs.reshape(-1, self.logits.shape[-1])
            drawn = random.multinomial(rows, count, replacement=True)
        samples: Tensor = drawn.t().reshape(*sample_shape, *self.batch_shape)
        return samples

    def log_prob(self, value: Any) -> Tensor:
        """The logarithm of the chance of ``value``, integers that broadcast with ``(...)``."""
        index = as_tensor(value).long()[..., None]
        index, logits = broadcast_tensors(index, self.logits)
        found: Tensor = logits.gather(-1, index[..., :1]).squeeze(-1)
        return found

    def entropy(self) -> Tensor:
        """``-sum(p * log(p))`` over the K choices: ``(...)``, in nats."""
        entropy: Tensor = -(self.probs * self.logits.clamp(min=-3e38)).sum(-1)
        return entropy


class Bernoulli:
    """1 with chance ``probs``, else 0; ``logits`` are ``log(probs / (1 - probs))``.

    Raises DTypeError unless exactly one of them is given.

    >>> import autograd
    >>> coin = autograd.distributions.Bernoulli(logits=autograd.tensor(0.0))
    >>> coin.log_prob(autograd.tensor(1.0)).exp(), coin.mean
    (tensor(0.5000), tensor(0.5000))
    """

    def __init__(self, probs: Any = None, logits: Any = None) -> None:
        _one_of("Bernoulli", probs=probs, logits=logits)
        if logits is None:
            self.probs: Tensor = as_tensor(probs)
            self.logits: Tensor = self.probs.logit(eps=1e-7)
        else:
            self.logits = as_tensor(logits)
            self.probs = sigmoid(self.logits)

    @property
    def mean(self) -> Tensor:
        """The chance of a 1."""
        return self.probs

    @property
    def variance(self) -> Tensor:
        """``p * (1 - p)``."""
        variance: Tensor = self.probs * (1 - self.probs)
        return variance

    def sample(self, sample_shape: Sizes = ()) -> Tensor:
        """Zeros and ones of shape ``(*sample_shape, ...)``; no gradient flows through them."""
        with no_grad():
            drawn: Tensor = random.bernoulli(self.probs.expand(*sample_shape, *self.probs.shape))
        return drawn

    def log_prob(self, value: Any) -> Tensor:
        """The logarithm of the chance of ``value``, zeros and ones."""
        logits, value = broadcast_tensors(self.logits, as_tensor(value))
        loss: Tensor = binary_cross_entropy_with_logits(logits, value, reduction="none")
        return -loss

    def entropy(self) -> Tensor:
        """The entropy of each, in nats."""
        entropy: Tensor = binary_cross_entropy_with_logits(
            self.logits, self.probs, reduction="none"
        )
        return entropy


class Normal:
    """The normal distribution of mean ``loc`` and standard deviation ``scale``, which broadcast.

    >>> import autograd
    >>> standard = autograd.distributions.Normal(0.0, 1.0)
    >>> standard.log_prob(autograd.tensor(0.0)), standard.rsample((2, 3)).shape
    (tensor(-0.9189), (2, 3))
    """

    def __init__(self, loc: Any, scale: Any) -> None:
        loc, scale = as_tensor(loc), as_tensor(scale)
        if not bool((scale > 0).all()):
            raise ShapeError("Normal: scale must be positive; pass a standard deviation")
        self.loc: Tensor
        self.scale: Tensor
        self.loc, self.scale = broadcast_tensors(loc, scale)

    @property
    def mean(self) -> Tensor:
        """``loc``."""
        return self.loc

    @property
    def stddev(self) -> Tensor:
        """``scale``."""
        return self.scale

    @property
    def variance(self) -> Tensor:
        """``scale ** 2``."""
        variance: Tensor = square(self.scale)
        return variance

    def rsample(self, sample_shape: Sizes = ()) -> Tensor:
        """``loc + scale * noise``, of shape ``(*sample_shape, ...)``, differentiable in both
        (Kingma and Welling, 2014)."""
        noise = random.randn(*sample_shape, *self.loc.shape, dtype=self.loc.dtype)
        sample: Tensor = self.loc + self.scale * noise
        return sample

    def sample(self, sample_shape: Sizes = ()) -> Tensor:
        """As `rsample`, outside the graph."""
        with no_grad():
            return self.rsample(sample_shape)

    def log_prob(self, value: Any) -> Tensor:
        """The logarithm of the density at ``value``."""
        distance = (as_tensor(value) - self.loc) / self.scale
        density: Tensor = -0.5 * square(distance) - log(self.scale) - 0.5 * math.log(2 * math.pi)
        return density

    def entropy(self) -> Tensor:
        """``log(scale) + (1 + log(2 * pi)) / 2``, in nats."""
        entropy: Tensor = log(self.scale) + 0.5 * (1 + math.log(2 * math.pi))
        return entropy
