"""Learning rates that change while training: call ``scheduler.step()`` after each epoch.

A scheduler computes each rate from the one before, as PyTorch does: a rate that was changed by hand
stays changed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import cos, pi
from typing import Any

from autograd.errors import DTypeError, ShapeError
from optim.optimizer import Optimizer


class LRScheduler:
    """Changes the ``lr`` of the groups of ``optimizer``. Subclasses write `get_lr`.

    ``last_epoch``: how many epochs lie behind; -1 starts anew. Raises DTypeError for what is no
    optimizer, ShapeError if it is to go on with groups that have no ``initial_lr`` yet.
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        name = type(self).__name__
        if not isinstance(optimizer, Optimizer):
            raise DTypeError(f"{name}: needs an optimizer, got {type(optimizer).__name__}")
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise ShapeError(
                    f"{name}: to go on from epoch {last_epoch}, param_groups[{i}] needs an "
                    "'initial_lr'; "
                    "load the optimizer's state_dict first"
                )
        self.optimizer = optimizer
        self.base_lrs: list[float] = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self._last_lr: list[float] = []
        self._is_initial = (
            True  # the first step is the constructor's: when going on, it must not lead further
        )
        self.step()
        self._is_initial = False

    def get_lr(self) -> list[float]:
        """The rate of each group in epoch ``last_epoch``."""
        raise NotImplementedError(
            f"{type(self).__name__} defines no get_lr(); a scheduler is a class that does"
        )

    def step(self, epoch: int | None = None) -> None:
        """Go on to the next epoch, or to ``epoch``."""
        if epoch is None:
            self.last_epoch += 1
            rates = self.get_lr()
        else:
            self.last_epoch = epoch
            rates = self.closed_form()
        for group, rate in zip(self.optimizer.param_groups, rates):
            group["lr"] = rate
        self._last_lr = list(rates)

    def closed_form(self) -> list[float]:
        """The rates of epoch ``last_epoch``, without those before; by default `get_lr`."""
        return self.get_lr()

    def get_last_lr(self) -> list[float]:
        """The rates that the last `step` set."""
        return self._last_lr

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer."""
        return {key: value for key, value in vars(self).items() if key != "optimizer"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from ``state_dict``."""
        vars(self).update(state_dict)

    @property
    def _rates(self) -> list[float]:
        return [group["lr"] for group in self.optimizer.param_groups]

    def _scaled(self, factor: float) -> list[float]:
        return [rate * factor for rate in self._rates]


class LambdaLR(LRScheduler):
    """The initial rate times ``lr_lambda(epoch)``; one function, or one for each group."""

    def __init__(
        self,
        optimizer: Optimizer,
        lr_lambda: Callable[[int], float] | Sequence[Callable[[int], float]],
        last_epoch: int = -1,
    ) -> None:
        groups = len(optimizer.param_groups)
        self.lr_lambdas = [lr_lambda] * groups if callable(lr_lambda) else list(lr_lambda)
        if len(self.lr_lambdas) != groups:
            raise ShapeError(
                f"LambdaLR: {len(self.lr_lambdas)} functions for {groups} groups; give one, or "
                "one for each"
            )
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        return [
            rate * function(self.last_epoch)
            for rate, function in zip(self.base_lrs, self.lr_lambdas)
        ]

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer and the functions; of callable objects, their attributes."""
        kept = [
            None if not hasattr(function, "__dict__") else dict(vars(function))
            for function in self.lr_lambdas
        ]
        return {**super().state_dict(), "lr_lambdas": kept}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from ``state_dict``, with the functions that this scheduler has."""
        state_dict = dict(state_dict)
        for function, kept in zip(self.lr_lambdas, state_dict.pop("lr_lambdas")):
            if kept:
                vars(function).update(kept)
        super().load_state_dict(state_dict)


class StepLR(LRScheduler):
    """The rate times ``gamma`` after every ``step_size`` epochs."""

    def __init__(
        self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        if step_size < 1:
            raise ShapeError(f"StepLR: step_size must be at least 1, got {step_size}")
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        due = self.last_epoch > 0 and self.last_epoch % self.step_size == 0
        return self._scaled(self.gamma if due else 1)

    def closed_form(self) -> list[float]:
        return [rate * self.gamma ** (self.last_epoch // self.step_size) for rate in self.base_lrs]


class MultiStepLR(LRScheduler):
    """The rate times ``gamma`` at each of the epochs ``milestones``."""

    def __init__(
        self,
        optimizer: Optimizer,
        milestones: Iterable[int],
        gamma: float = 0.1,
        last_epoch: int = -1,
    ) -> None:
        self.milestones, self.gamma = Counter(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        return self._scaled(self.gamma ** self.milestones[self.last_epoch])

    def closed_form(self) -> list[float]:
        passed = bisect_right(sorted(self.milestones.elements()), self.last_epoch)
        return [rate * self.gamma**passed for rate in self.base_lrs]


class ExponentialLR(LRScheduler):
    """The rate times ``gamma`` after every epoch."""

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        return self._scaled(1 if self._is_initial else self.gamma)

    def closed_form(self) -> list[float]:
        return [rate * self.gamma**self.last_epoch for rate in self.base_lrs]


class CosineAnnealingLR(LRScheduler):
    """From the initial rate down to ``eta_min`` in ``T_max`` epochs, along half a cosine
    (Loshchilov and Hutter, 2017).

    After ``T_max`` it rises again.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_max: float,  # noqa: N803  # PyTorch's name for it
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        if T_max <= 0:
            raise ShapeError(f"CosineAnnealingLR: T_max must be positive, got {T_max}")
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        epoch, period, lowest = self.last_epoch, self.T_max, self.eta_min
        if self._is_initial:
            return self._rates
        if (epoch - 1 - period) % (
            2 * period
        ) == 0:  # the one before is the lowest: no factor leads up from there
            return [
                rate + (base - lowest) * (1 - cos(pi / period)) / 2
                for rate, base in zip(self._rates, self.base_lrs)
            ]
        factor = (1 + cos(pi * epoch / period)) / (1 + cos(pi * (epoch - 1) / period))
        return [factor * (rate - lowest) + lowest for rate in self._rates]

    def closed_form(self) -> list[float]:
        height = (1 + cos(pi * self.last_epoch / self.T_max)) / 2
        return [self.eta_min + (rate - self.eta_min) * height for rate in self.base_lrs]
