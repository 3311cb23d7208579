"""`SWALR`: the rate while weights are averaged.

The averages themselves are a matter of modules: see `nn.utils.swa_utils`.
"""

from __future__ import annotations

from math import cos, pi

from autograd.errors import ShapeError
from optim.lr_scheduler.base import LRScheduler, Rates, for_each_group, number
from optim.optimizer import Optimizer


class SWALR(LRScheduler):
    """From the rate that holds to ``swa_lr`` in ``anneal_epochs`` epochs, where it stays.

    For stochastic weight averaging (Izmailov et al., 2018). ``swa_lr``: a number, or one for each
    group. ``anneal_strategy``: along half a cosine, "cos", or a line, "linear". Raises ShapeError
    for other strategies, and unless the epochs are an integer of at least 0.

    >>> import autograd, optim
    >>> optimizer = optim.SGD([autograd.ones(1, requires_grad=True)], lr=1.0)
    >>> scheduler = SWALR(optimizer, swa_lr=0.5, anneal_epochs=2, anneal_strategy="linear")
    >>> rates = []
    >>> for epoch in range(4):
    ...     optimizer.step()
    ...     scheduler.step()
    ...     rates += scheduler.get_last_lr()
    >>> rates
    [0.75, 0.5, 0.5, 0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        swa_lr: float | list[float],
        anneal_epochs: int = 10,
        anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ) -> None:
        self._attach(optimizer)
        for group, rate in zip(optimizer.param_groups, for_each_group(self, "swa_lr", swa_lr)):
            group["swa_lr"] = number(rate)
        if anneal_strategy not in ("cos", "linear"):
            raise ShapeError(
                f"SWALR: anneal_strategy must be 'cos' or 'linear', got {anneal_strategy!r}"
            )
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ShapeError(
                f"SWALR: anneal_epochs must be an integer of at least 0, got {anneal_epochs!r}"
            )
        self._anneal_strategy, self.anneal_epochs = anneal_strategy, anneal_epochs
        super().__init__(optimizer, last_epoch)

    def _next_rates(self) -> Rates:
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, now = self._annealed(step - 1), self._annealed(step)
        rates = []
        for group, rate in zip(self.optimizer.param_groups, self._rates):
            goal = group["swa_lr"]
            # What the rate was when all began: the one that holds is a mixture of it and the goal.
            start = goal if before == 1 else (rate - before * goal) / (1 - before)
            rates.append(goal * now + start * (1 - now))
        return rates

    def _annealed(self, step: int) -> float:
        """How much of the way to the goal is over after ``step`` epochs."""
        time = max(0, min(1, step / max(1, self.anneal_epochs)))
        return time if self._anneal_strategy == "linear" else (1 - cos(pi * time)) / 2
