"""`ReduceLROnPlateau`: lower the rate when nothing gets better any more."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

from autograd.errors import ShapeError
from optim.lr_scheduler.base import LRScheduler, for_each_group, number, set_rate, warn_of_epoch
from optim.optimizer import Optimizer


class ReduceLROnPlateau(LRScheduler):
    """The rate times ``factor`` once a metric has not become better for more than ``patience``
    epochs.

    ``mode``: "min" for a metric that is to fall, "max" for one that is to rise. Better is what
    differs from the best by more than ``threshold``: times the best in the ``threshold_mode``
    "rel", absolutely in "abs". After a reduction, ``cooldown`` epochs do not count. No rate falls
    below ``min_lr`` (a number, or one for each group), nor by less than ``eps``.

    Raises ShapeError for an unknown mode, and for a factor of 1 or more.

    >>> import autograd, optim
    >>> optimizer = optim.SGD([autograd.ones(1, requires_grad=True)], lr=1.0)
    >>> scheduler = optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
    >>> for loss in (3.0, 2.0, 2.0, 2.0):
    ...     scheduler.step(loss)
    >>> scheduler.get_last_lr()
    [0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | list[float] = 0,
        eps: float = 1e-8,
    ) -> None:
        if factor >= 1:
            raise ShapeError(f"ReduceLROnPlateau: factor must be less than 1, got {factor}")
        self._attach(optimizer)
        self.factor, self.patience, self.cooldown, self.eps = factor, patience, cooldown, eps
        self.min_lrs: list[float] = for_each_group(self, "min_lr", min_lr)
        self.default_min_lr = None if isinstance(min_lr, (list, tuple)) else min_lr
        self.mode, self.threshold, self.threshold_mode = mode, threshold, threshold_mode
        self._check_modes()
        self.last_epoch = 0
        self._last_lr = self._rates
        self._reset()

    def _check_modes(self) -> None:
        if self.mode not in ("min", "max"):
            raise ShapeError(f"ReduceLROnPlateau: mode must be 'min' or 'max', got {self.mode!r}")
        if self.threshold_mode not in ("rel", "abs"):
            raise ShapeError(
                "ReduceLROnPlateau: threshold_mode must be 'rel' or 'abs', got "
                f"{self.threshold_mode!r}"
            )
        self.mode_worse = inf if self.mode == "min" else -inf

    def _reset(self) -> None:
        """Forget what was seen."""
        self.best = self.mode_worse
        self.cooldown_counter = self.num_bad_epochs = 0

    @property
    def in_cooldown(self) -> bool:
        """Whether epochs do not count yet."""
        return self.cooldown_counter > 0

    def step(self, metrics: Any, epoch: Any = None) -> None:  # type: ignore[override]  # as PyTorch
        """Go on to the next epoch, in which the metric was ``metrics``: a number, or a tensor of
        one."""
        current = float(metrics)
        if epoch is not None:
            warn_of_epoch()
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        if self._is_better(current, self.best):
            self.best, self.num_bad_epochs = current, 0
        else:
            self.num_bad_epochs += 1
        if self.in_cooldown:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._reduce_lr()
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
        self._last_lr = self._rates

    def _is_better(self, a: float, best: float) -> bool:
        sign = -1 if self.mode == "min" else 1
        if self.threshold_mode == "rel":
            return sign * a > sign * best * (1 + sign * self.threshold)
        return sign * a > sign * best + self.threshold

    def _reduce_lr(self) -> None:
        groups = self.optimizer.param_groups
        if len(groups) != len(self.min_lrs):
            if self.default_min_lr is None:
                raise ShapeError(
                    f"ReduceLROnPlateau: {len(self.min_lrs)} values of min_lr for {len(groups)} "
                    "groups; extend min_lrs when adding a group"
                )
            self.min_lrs = [self.default_min_lr] * len(groups)
        for group, lowest in zip(groups, self.min_lrs):
            before = float(number(group["lr"]))
            after = max(before * self.factor, lowest)
            if before - after > self.eps:
                set_rate(group, after)

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from ``state_dict``, this library's or PyTorch's."""
        super().load_state_dict(state_dict)
        self._check_modes()
