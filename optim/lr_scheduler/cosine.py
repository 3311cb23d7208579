"""Schedulers that follow half a cosine downwards."""

from __future__ import annotations

from math import cos, floor, log, pi
from typing import Any

from autograd.errors import ShapeError
from optim.lr_scheduler.base import LRScheduler, Rates
from optim.optimizer import Optimizer


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

    def _next_rates(self) -> Rates:
        epoch, period, lowest = self.last_epoch, self.T_max, self.eta_min
        if self._is_initial:
            return self._rates
        if (epoch - 1 - period) % (2 * period) == 0:
            # The rate before is the lowest: no factor leads up from there.
            return [
                rate + (base - lowest) * (1 - cos(pi / period)) / 2
                for rate, base in zip(self._rates, self.base_lrs)
            ]
        factor = (1 + cos(pi * epoch / period)) / (1 + cos(pi * (epoch - 1) / period))
        return [factor * (rate - lowest) + lowest for rate in self._rates]

    def _get_closed_form_lr(self) -> Rates:
        return _lowered(self.base_lrs, self.eta_min, self.last_epoch / self.T_max)


class CosineAnnealingWarmRestarts(LRScheduler):
    """From the initial rate down to ``eta_min`` along half a cosine, again and again (SGDR;
    Loshchilov and Hutter, 2017).

    The first period takes ``T_0`` epochs, each further one ``T_mult`` times as many as the one
    before. Raises ShapeError unless both are positive integers.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_0: int,  # noqa: N803  # PyTorch's name for it
        T_mult: int = 1,  # noqa: N803  # PyTorch's name for it
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        for name, value in (("T_0", T_0), ("T_mult", T_mult)):
            if not isinstance(value, int) or value < 1:
                raise ShapeError(
                    f"CosineAnnealingWarmRestarts: {name} must be a positive integer, got {value!r}"
                )
        if not isinstance(eta_min, (int, float)):
            raise ShapeError(
                f"CosineAnnealingWarmRestarts: eta_min must be a number, got {eta_min!r}"
            )
        self.T_0, self.T_i, self.T_mult = T_0, T_0, T_mult
        self.eta_min = eta_min
        self.T_cur: float = last_epoch
        super().__init__(optimizer, last_epoch)

    def _next_rates(self) -> Rates:
        return _lowered(self.base_lrs, self.eta_min, self.T_cur / self.T_i)

    def step(self, epoch: Any = None) -> None:
        """Go on to the next epoch, or to ``epoch``: it may be a fraction, for a step after each
        batch. Raises ShapeError for a negative one."""
        if epoch is None and self.last_epoch >= 0:
            self._go_on()
            epoch = self.last_epoch + 1
        else:
            epoch = 0 if epoch is None else epoch
            self._go_to(epoch)
        self._update_lr(floor(epoch))

    def _go_on(self) -> None:
        self.T_cur += 1
        if self.T_cur >= self.T_i:
            self.T_cur %= self.T_i
            self.T_i *= self.T_mult

    def _go_to(self, epoch: float) -> None:
        if epoch < 0:
            raise ShapeError(
                f"CosineAnnealingWarmRestarts: the epoch must not be negative, got {epoch}"
            )
        if epoch < self.T_0:
            self.T_i, self.T_cur = self.T_0, epoch
        elif self.T_mult == 1:
            self.T_cur = epoch % self.T_0
        else:
            # n periods take T_0 (T_mult^n - 1) / (T_mult - 1) epochs.
            n = int(log(epoch / self.T_0 * (self.T_mult - 1) + 1, self.T_mult))
            self.T_cur = epoch - self.T_0 * (self.T_mult**n - 1) / (self.T_mult - 1)
            self.T_i = self.T_0 * self.T_mult**n


def _lowered(rates: Rates, lowest: float, time: float) -> Rates:
    """``rates`` lowered along half a cosine, which reaches ``lowest`` at ``time`` 1."""
    height = (1 + cos(pi * time)) / 2
    return [lowest + (rate - lowest) * height for rate in rates]
