"""Schedulers made of others: one after the other, or all at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from autograd.errors import DTypeError, ShapeError
from optim.lr_scheduler.base import LRScheduler, number, set_rate
from optim.lr_scheduler.plateau import ReduceLROnPlateau
from optim.optimizer import Optimizer


class _Composed(LRScheduler):
    _schedulers: Sequence[LRScheduler]

    def _check(self, optimizer: Optimizer | None, schedulers: Sequence[Any]) -> Optimizer:
        """The optimizer of all ``schedulers``."""
        name = type(self).__name__
        if not schedulers:
            raise ShapeError(f"{name}: needs at least one scheduler")
        common = optimizer or getattr(schedulers[0], "optimizer", None)
        for i, scheduler in enumerate(schedulers):
            if not hasattr(scheduler, "optimizer"):
                raise DTypeError(
                    f"{name}: schedulers[{i}] is no scheduler but a {type(scheduler).__name__}"
                )
            if isinstance(scheduler, ReduceLROnPlateau):
                raise ShapeError(
                    f"{name}: schedulers[{i}] is a ReduceLROnPlateau, whose step needs a metric; "
                    "step it by itself"
                )
            if scheduler.optimizer is not common:
                raise ShapeError(
                    f"{name}: schedulers[{i}] belongs to another optimizer; they must have the same"
                )
        return common  # type: ignore[return-value]  # the first scheduler has one

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer; of the schedulers, their state."""
        states = [scheduler.state_dict() for scheduler in self._schedulers]
        return {**super().state_dict(), "_schedulers": states}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from ``state_dict``, this library's or PyTorch's."""
        for scheduler, state in zip(self._schedulers, state_dict["_schedulers"]):
            scheduler.load_state_dict(state)
        super().load_state_dict({**state_dict, "_schedulers": self._schedulers})


class SequentialLR(_Composed):
    """One of ``schedulers`` after the other: from epoch ``milestones[0]`` on the second, and so on.

    Each counts its epochs from 0. Raises ShapeError unless there is one milestone less than
    schedulers, of one optimizer.

    >>> import autograd, optim
    >>> from optim.lr_scheduler import ConstantLR, ExponentialLR, SequentialLR
    >>> optimizer = optim.SGD([autograd.ones(1, requires_grad=True)], lr=1.0)
    >>> parts = [ConstantLR(optimizer, 0.125, total_iters=5), ExponentialLR(optimizer, 0.5)]
    >>> scheduler, rates = SequentialLR(optimizer, parts, milestones=[2]), []
    >>> for epoch in range(4):
    ...     rates += scheduler.get_last_lr()
    ...     optimizer.step()
    ...     scheduler.step()
    >>> rates
    [0.125, 0.125, 1.0, 0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedulers: list[LRScheduler],
        milestones: list[int],
        last_epoch: int = -1,
    ) -> None:
        self.optimizer = self._check(optimizer, schedulers)
        if len(milestones) != len(schedulers) - 1:
            raise ShapeError(
                f"SequentialLR: needs one milestone less than schedulers, got {len(milestones)} "
                f"for {len(schedulers)}"
            )
        self._schedulers, self._milestones = schedulers, milestones
        self.last_epoch = last_epoch + 1
        # Each scheduler has set its first rate when it was made: start again, with only the first.
        for group in optimizer.param_groups:
            set_rate(group, number(group["initial_lr"]))
        self.recursive_undo()
        first = schedulers[bisect_right(milestones, 0)]
        first._initial_step()
        self._last_lr = first.get_last_lr()

    def recursive_undo(self, sched: Any = None) -> None:
        """Take back the epoch that all schedulers inside (or inside ``sched``) have counted."""
        scheduler = self if sched is None else sched
        if hasattr(scheduler, "_schedulers"):
            for inner in scheduler._schedulers:
                self.recursive_undo(inner)
        elif hasattr(scheduler, "last_epoch"):
            scheduler.last_epoch -= 1

    def step(self) -> None:  # type: ignore[override]  # there is no epoch to go to
        """Go on to the next epoch."""
        self.last_epoch += 1
        i = bisect_right(self._milestones, self.last_epoch)
        scheduler = self._schedulers[i]
        if i > 0 and self._milestones[i - 1] == self.last_epoch:
            scheduler._update_lr(0)
        else:
            scheduler.step()
        self._last_lr = scheduler.get_last_lr()


class ChainedScheduler(_Composed):
    """All ``schedulers`` at each step, each on the rates that the one before left.

    Raises ShapeError unless they have one optimizer.
    """

    def __init__(
        self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None
    ) -> None:
        self.optimizer = self._check(optimizer, schedulers)
        self._schedulers = schedulers
        self._last_lr = self._rates

    def step(self) -> None:  # type: ignore[override]  # there is no epoch to go to
        """Go on to the next epoch."""
        for scheduler in self._schedulers:
            scheduler.step()
        self._last_lr = self._rates
