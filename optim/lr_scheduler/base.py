"""`LRScheduler`: what all schedulers share: counting epochs, setting rates, saving."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

from autograd.core.variable import Variable
from autograd.errors import DTypeError, ShapeError
from optim.optimizer import Optimizer
from optim.options import Group

Rates = list[float]


class LRScheduler:
    """Changes the ``lr`` of the groups of ``optimizer``. Subclasses write `get_lr`.

    ``last_epoch``: how many epochs lie behind; -1 starts anew. Raises DTypeError for what is no
    optimizer, KeyError if it is to go on with groups that have no ``initial_lr`` yet. Making a
    scheduler sets the rates: load the state of the optimizer afterwards.

    >>> import autograd, optim
    >>> class HalvingLR(optim.lr_scheduler.LRScheduler):
    ...     def get_lr(self):
    ...         return [rate / 2**self.last_epoch for rate in self.base_lrs]
    >>> optimizer = optim.SGD([autograd.ones(1, requires_grad=True)], lr=1.0)
    >>> scheduler = HalvingLR(optimizer)
    >>> optimizer.step()
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]
    """

    _get_lr_called_within_step = False
    _is_initial = False

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self._attach(optimizer)
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", number(group["lr"]))
            elif "initial_lr" not in group:
                raise KeyError(
                    f"{type(self).__name__}: to go on from epoch {last_epoch}, param_groups[{i}] "
                    "needs an 'initial_lr'; load the optimizer's state_dict first"
                )
        self.base_lrs: Rates = [number(group["initial_lr"]) for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        _watch_steps(optimizer)
        self._initial_step()

    def _attach(self, optimizer: Optimizer) -> None:
        if not isinstance(optimizer, Optimizer):
            raise DTypeError(
                f"{type(self).__name__}: needs an optimizer, got {type(optimizer).__name__}"
            )
        self.optimizer = optimizer

    def _initial_step(self) -> None:
        """Set the rates of the first epoch: when going on, this must not lead further."""
        self._step_count = 0
        self._is_initial = True
        self.step()
        self._is_initial = False

    def get_lr(self) -> Rates:
        """The rate of each group in epoch ``last_epoch``, for `step`. To see the rates that hold,
        call `get_last_lr`."""
        if not self._get_lr_called_within_step:
            warnings.warn(
                "get_lr computes the next rates from those that hold; to see the latter, call "
                "get_last_lr()",
                stacklevel=2,
            )
        return self._next_rates()

    def _next_rates(self) -> Rates:
        raise NotImplementedError(
            f"{type(self).__name__} defines no get_lr(); a scheduler is a class that does"
        )

    def _get_closed_form_lr(self) -> Rates:
        """The rates of epoch ``last_epoch`` from the initial ones alone; by default `get_lr`."""
        return self.get_lr()

    def step(self, epoch: Any = None) -> None:
        """Go on to the next epoch; or, deprecated and with a warning, to ``epoch``.

        Warns (UserWarning) if the optimizer has made no step yet: the first rate was never used.
        """
        if self._step_count == 1 and not getattr(self.optimizer, "_opt_called", True):
            warnings.warn(
                "lr_scheduler.step() was called before optimizer.step(): the first rate of the "
                "schedule is skipped; call optimizer.step() first",
                stacklevel=2,
            )
        self._step_count += 1
        if epoch is not None:
            warn_of_epoch()
        self._update_lr(epoch)

    def _update_lr(self, epoch: Any = None) -> None:
        """Set the rates of the next epoch, or those of ``epoch``."""
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        self._get_lr_called_within_step = True
        try:
            self._set_rates(self.get_lr() if epoch is None else self._get_closed_form_lr())
        finally:
            self._get_lr_called_within_step = False

    def _set_rates(self, rates: Sequence[float]) -> None:
        groups = self.optimizer.param_groups
        if len(rates) != len(groups):
            raise ShapeError(
                f"{type(self).__name__}: has {len(rates)} rates for {len(groups)} groups; add all "
                "groups to the optimizer before making its scheduler"
            )
        for group, rate in zip(groups, rates):
            set_rate(group, rate)
        self._last_lr = self._rates

    @property
    def _rates(self) -> Rates:
        """The rates that hold."""
        return [number(group["lr"]) for group in self.optimizer.param_groups]

    def _scaled(self, factor: float) -> Rates:
        return [rate * factor for rate in self._rates]

    def get_last_lr(self) -> Rates:
        """The rates that the last `step` set."""
        return self._last_lr

    def state_dict(self) -> dict[str, Any]:
        """All that a later run needs to go on, in PyTorch's form: everything but the optimizer."""
        return {key: value for key, value in vars(self).items() if key != "optimizer"}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from ``state_dict``, this library's or PyTorch's."""
        vars(self).update(state_dict)


# The name that it had in PyTorch before version 2; programs subclass it.
_LRScheduler = LRScheduler


def _watch_steps(optimizer: Optimizer) -> None:
    """Have it noted, as ``_opt_called``, when ``optimizer`` has made a step."""
    if not hasattr(optimizer, "_opt_called"):
        optimizer._opt_called = False  # type: ignore[attr-defined]  # the schedulers' own note
        optimizer.register_step_pre_hook(_note_step)


def _note_step(optimizer: Any, args: Any, kwargs: Any) -> None:
    optimizer._opt_called = True


def warn_of_epoch() -> None:
    """Warn of a ``step(epoch)``, on behalf of the method `step` that calls this."""
    warnings.warn(
        "step(epoch) is deprecated: it leaves out what happened in the epochs between; call "
        "step() once for each epoch",
        stacklevel=3,
    )


def number(value: Any) -> float:
    """``value``, a number or a tensor of one, as a number."""
    return value.item() if isinstance(value, Variable) else value  # type: ignore[attr-defined, no-any-return]  # a Tensor


def set_rate(group: Group, rate: float) -> None:
    """Make ``rate`` the rate of ``group``: in place, if that is a tensor."""
    if isinstance(group["lr"], Variable):
        group["lr"].fill_(rate)  # type: ignore[attr-defined]  # a Tensor
    else:
        group["lr"] = rate


def for_each_group(scheduler: LRScheduler, name: str, value: Any) -> list[Any]:
    """The argument ``name`` of a scheduler for each group: it gives one for all, or a list."""
    groups = len(scheduler.optimizer.param_groups)
    if not isinstance(value, (list, tuple)):
        return [value] * groups
    if len(value) != groups:
        raise ShapeError(
            f"{type(scheduler).__name__}: {len(value)} values of {name} for {groups} groups; give "
            "one, or one for each"
        )
    return list(value)


def state_of(function: Callable[..., Any] | None) -> dict[str, Any] | None:
    """What is to be saved of ``function``: the attributes of a callable object, else None."""
    if function is None or isinstance(function, FunctionType):
        return None
    return dict(vars(function))
