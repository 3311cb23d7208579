"""Schedulers whose rate rises and falls, with a momentum that falls and rises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import cos, floor, pi
from typing import Any

from autograd.errors import ShapeError
from optim.lr_scheduler.base import LRScheduler, Rates, for_each_group, set_rate, state_of
from optim.optimizer import Optimizer
from optim.options import Group


class _Cyclic(LRScheduler):
    cycle_momentum: bool

    def _start_momentum(
        self, base_momentum: float | list[float], max_momentum: float | list[float], anew: bool
    ) -> tuple[list[float], list[float]]:
        """The lowest and the highest momentum of each group; noted in the groups if ``anew``."""
        defaults = self.optimizer.defaults
        if "momentum" not in defaults and "betas" not in defaults:
            raise ShapeError(
                f"{type(self).__name__}: {type(self.optimizer).__name__} has neither momentum nor "
                "betas to cycle; pass cycle_momentum=False"
            )
        self.use_beta1 = "betas" in defaults
        lowest = for_each_group(self, "base_momentum", base_momentum)
        highest = for_each_group(self, "max_momentum", max_momentum)
        if anew:
            for group, low, high in zip(self.optimizer.param_groups, lowest, highest):
                self._set_momentum(group, high)
                group["max_momentum"], group["base_momentum"] = high, low
        return lowest, highest

    def _set_momentum(self, group: Group, momentum: float) -> None:
        if self.use_beta1:
            group["betas"] = (momentum, *group["betas"][1:])
        else:
            group["momentum"] = momentum


class CyclicLR(_Cyclic):
    """From ``base_lr`` up to ``max_lr`` in ``step_size_up`` steps and down again in
    ``step_size_down`` (by default as many), again and again (Smith, 2017).

    Call ``step()`` after each batch. The height of the triangles is scaled, by ``mode``:
    "triangular", not at all; "triangular2", to half the height with each cycle; "exp_range", by
    ``gamma ** step``. Or by a ``scale_fn`` of the cycle (from 1) or the step, as ``scale_mode``
    says: "cycle" or "iterations". With ``cycle_momentum``, the momentum (or first beta) goes the
    other way, from ``max_momentum`` down to ``base_momentum``. Rates and momenta: numbers, or one
    for each group.

    Raises ShapeError for an unknown mode, and for an optimizer without momentum.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: float | list[float],
        max_lr: float | list[float],
        step_size_up: float = 2000,
        step_size_down: float | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.8,
        max_momentum: float | list[float] = 0.9,
        last_epoch: int = -1,
    ) -> None:
        self._attach(optimizer)
        anew = last_epoch == -1
        base_lrs = for_each_group(self, "base_lr", base_lr)
        self.max_lrs = for_each_group(self, "max_lr", max_lr)
        self._set_lengths(step_size_up, step_size_up if step_size_down is None else step_size_down)
        self._set_scale(mode, gamma, scale_fn, scale_mode)
        if anew:
            for group, rate in zip(optimizer.param_groups, base_lrs):
                set_rate(group, rate)
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self.base_momentums, self.max_momentums = self._start_momentum(
                base_momentum, max_momentum, anew
            )
        super().__init__(optimizer, last_epoch)
        self.base_lrs = base_lrs

    def _set_lengths(self, up: float, down: float) -> None:
        self.total_size = float(up) + float(down)
        self.step_ratio = up / self.total_size

    def _set_scale(
        self, mode: str, gamma: float, scale_fn: Callable[[float], float] | None, scale_mode: str
    ) -> None:
        if scale_fn is None and mode not in ("triangular", "triangular2", "exp_range"):
            raise ShapeError(
                "CyclicLR: mode must be 'triangular', 'triangular2' or 'exp_range' where there is "
                f"no scale_fn, got {mode!r}"
            )
        self.mode, self.gamma, self._scale_fn_custom = mode, gamma, scale_fn
        if scale_fn is None:
            scale_mode = "iterations" if mode == "exp_range" else "cycle"
        self.scale_mode = scale_mode

    def scale_fn(self, x: float) -> float:
        """The height of the triangle at ``x``, a cycle or a step."""
        if self._scale_fn_custom is not None:
            return self._scale_fn_custom(x)
        if self.mode == "exp_range":
            return float(self.gamma**x)
        return 2.0 ** (1 - x) if self.mode == "triangular2" else 1.0

    def _next_rates(self) -> Rates:
        cycle = floor(1 + self.last_epoch / self.total_size)
        x = 1 + self.last_epoch / self.total_size - cycle  # how much of the cycle is over
        height = x / self.step_ratio if x <= self.step_ratio else (x - 1) / (self.step_ratio - 1)
        scale = self.scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        if self.cycle_momentum:
            for group, low, high in zip(
                self.optimizer.param_groups, self.base_momentums, self.max_momentums
            ):
                self._set_momentum(group, high - (high - low) * height * scale)
        return [
            low + (high - low) * height * scale for low, high in zip(self.base_lrs, self.max_lrs)
        ]

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer and the ``scale_fn``; of a callable object, its
        attributes."""
        return {**super().state_dict(), "_scale_fn_custom": state_of(self._scale_fn_custom)}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from ``state_dict``, with the ``scale_fn`` that this scheduler has."""
        kept = state_dict["_scale_fn_custom"]
        if kept is not None:
            vars(self._scale_fn_custom).update(kept)
        super().load_state_dict({**state_dict, "_scale_fn_custom": self._scale_fn_custom})


class OneCycleLR(_Cyclic):
    """One cycle in ``total_steps`` (else ``epochs * steps_per_epoch``) steps: up to ``max_lr``,
    down to next to nothing (Smith and Topin, 2018).

    Call ``step()`` after each batch. From ``max_lr / div_factor`` it rises for the part
    ``pct_start`` of the steps, then falls to ``1 / final_div_factor`` of where it started; with
    ``three_phase``, first to where it started, in as many steps as it rose.
    ``anneal_strategy``: along half a cosine, "cos", or a line, "linear". With ``cycle_momentum``,
    the momentum (or first beta) goes the other way, from ``max_momentum`` down to
    ``base_momentum``. Rates and momenta: numbers, or one for each group.

    Raises ShapeError for arguments out of range, for an optimizer without momentum, and for a step
    after the last.

    >>> import autograd, optim
    >>> optimizer = optim.SGD([autograd.ones(1, requires_grad=True)], lr=1.0, momentum=0.9)
    >>> scheduler = optim.lr_scheduler.OneCycleLR(
    ...     optimizer, max_lr=1.0, total_steps=10, anneal_strategy="linear", div_factor=4.0
    ... )
    >>> rates = scheduler.get_last_lr()
    >>> for step in range(2):
    ...     optimizer.step()
    ...     scheduler.step()
    ...     rates += scheduler.get_last_lr()
    >>> rates
    [0.25, 0.625, 1.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        self._attach(optimizer)
        self.total_steps = _count_steps(total_steps, epochs, steps_per_epoch)
        _check_shape(pct_start, self.total_steps, anneal_strategy)
        self._schedule_phases = _phases(pct_start * self.total_steps, self.total_steps, three_phase)
        self._anneal_func_type = anneal_strategy
        anew = last_epoch == -1
        max_lrs = for_each_group(self, "max_lr", max_lr)
        if anew:
            for group, rate in zip(optimizer.param_groups, max_lrs):
                group["initial_lr"], group["max_lr"] = rate / div_factor, rate
                group["min_lr"] = group["initial_lr"] / final_div_factor
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self._start_momentum(base_momentum, max_momentum, anew)
        super().__init__(optimizer, last_epoch)

    def _next_rates(self) -> Rates:
        phase, time = self._phase()
        groups = self.optimizer.param_groups
        if self.cycle_momentum:
            for group in groups:
                start, end = group[phase["start_momentum"]], group[phase["end_momentum"]]
                self._set_momentum(group, self._between(start, end, time))
        return [
            self._between(group[phase["start_lr"]], group[phase["end_lr"]], time)
            for group in groups
        ]

    def _phase(self) -> tuple[dict[str, Any], float]:
        """The phase of step ``last_epoch``, and how much of it is over."""
        step = self.last_epoch
        if step > self.total_steps:
            raise ShapeError(f"OneCycleLR: step {step} comes after the last of {self.total_steps}")
        phases = self._schedule_phases
        i = next((i for i, phase in enumerate(phases) if step <= phase["end_step"]), -1)
        i %= len(phases)
        start = phases[i - 1]["end_step"] if i else 0.0
        return phases[i], (step - start) / (phases[i]["end_step"] - start)

    def _between(self, start: float, end: float, time: float) -> float:
        if self._anneal_func_type == "linear":
            return start + (end - start) * time
        return end + (start - end) * (1 + cos(pi * time)) / 2


def _count_steps(total_steps: Any, epochs: Any, steps_per_epoch: Any) -> int:
    given = {"total_steps": total_steps}
    if total_steps is None:
        given = {"epochs": epochs, "steps_per_epoch": steps_per_epoch}
        if None in given.values():
            raise ShapeError("OneCycleLR: needs total_steps, or both epochs and steps_per_epoch")
    count = 1
    for name, value in given.items():
        if not isinstance(value, int) or value <= 0:
            raise ShapeError(f"OneCycleLR: {name} must be a positive integer, got {value!r}")
        count *= value
    return count


def _check_shape(pct_start: float, total_steps: int, anneal_strategy: str) -> None:
    if not isinstance(pct_start, float) or not 0 <= pct_start <= 1:
        raise ShapeError(f"OneCycleLR: pct_start must be a float from 0 to 1, got {pct_start!r}")
    if pct_start * total_steps == 1:
        raise ShapeError(
            f"OneCycleLR: pct_start {pct_start} of {total_steps} steps is one step, in which "
            "nothing can rise; choose more, or 0"
        )
    if anneal_strategy not in ("cos", "linear"):
        raise ShapeError(
            f"OneCycleLR: anneal_strategy must be 'cos' or 'linear', got {anneal_strategy!r}"
        )


def _phases(rise: float, total_steps: int, three_phase: bool) -> list[dict[str, Any]]:
    """The phases of a cycle that rises for ``rise`` steps: their ends, and what a group's entries
    go from and to."""

    def phase(end_step: float, rates: tuple[str, str], momenta: tuple[str, str]) -> dict[str, Any]:
        return {
            "end_step": end_step,
            "start_lr": f"{rates[0]}_lr",
            "end_lr": f"{rates[1]}_lr",
            "start_momentum": f"{momenta[0]}_momentum",
            "end_momentum": f"{momenta[1]}_momentum",
        }

    first, last = phase(rise - 1, ("initial", "max"), ("max", "base")), total_steps - 1
    if not three_phase:
        return [first, phase(last, ("max", "min"), ("base", "max"))]
    return [
        first,
        phase(2 * rise - 2, ("max", "initial"), ("base", "max")),
        phase(last, ("initial", "min"), ("max", "max")),
    ]
