"""Averages of the weights that a model has had while training."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from itertools import chain
from typing import Any

import numpy as np

from autograd.core.variable import make
from autograd.errors import ShapeError
from autograd.modes import no_grad
from nn.module import Module
from nn.normalization import _BatchNorm, _InstanceNorm

Average = Callable[[Any, Any, Any], Any]


def get_ema_avg_fn(decay: float = 0.999) -> Average:
    """A rule for `AveragedModel`: the exponential running mean, which keeps ``decay`` of itself.

    Raises ShapeError unless ``decay`` lies in [0, 1].
    """
    if not 0 <= decay <= 1:
        raise ShapeError(f"get_ema_avg_fn: decay must lie between 0 and 1, got {decay}")

    @no_grad()
    def ema_update(ema_param: Any, current_param: Any, num_averaged: Any) -> Any:
        return decay * ema_param + (1 - decay) * current_param

    return ema_update


def get_swa_avg_fn() -> Average:
    """A rule for `AveragedModel`: the mean of all."""

    @no_grad()
    def swa_update(averaged_param: Any, current_param: Any, num_averaged: Any) -> Any:
        return averaged_param + (current_param - averaged_param) / (num_averaged + 1)

    return swa_update


def get_ema_multi_avg_fn(decay: float = 0.999) -> Callable[[Any, Any, Any], None]:
    """The rule of `get_ema_avg_fn` for lists of parameters, which it changes in place."""
    return _for_lists(get_ema_avg_fn(decay))


def get_swa_multi_avg_fn() -> Callable[[Any, Any, Any], None]:
    """The rule of `get_swa_avg_fn` for lists of parameters, which it changes in place."""
    return _for_lists(get_swa_avg_fn())


def _for_lists(average: Average) -> Callable[[Any, Any, Any], None]:
    @no_grad()
    def update(averaged: Iterable[Any], current: Iterable[Any], num_averaged: Any) -> None:
        for param, now in zip(averaged, current):
            param.copy_(average(param, now, num_averaged))

    return update


class AveragedModel(Module):
    """The average of the weights that ``model`` had at each `update_parameters`, in a copy of it.

    ``avg_fn(averaged, current, n_averaged)`` gives the new average of a parameter, by default the
    mean of all (stochastic weight averaging; Izmailov et al., 2018); or ``multi_avg_fn`` changes a
    list of them in place. ``use_buffers``: average these too; else they are copied. Raises
    ShapeError for two rules.

    >>> import autograd, nn
    >>> model = nn.Dense(1, 1, bias=False)
    >>> averaged = AveragedModel(model)
    >>> for value in (1.0, 2.0, 6.0):
    ...     _ = nn.init.constant_(model.weight, value)
    ...     averaged.update_parameters(model)
    >>> averaged(autograd.ones(1)).tolist()
    [3.0]
    """

    n_averaged: Any

    def __init__(
        self,
        model: Module,
        device: Any = None,
        avg_fn: Average | None = None,
        multi_avg_fn: Callable[[Any, Any, Any], None] | None = None,
        use_buffers: bool = False,
    ) -> None:
        if avg_fn is not None and multi_avg_fn is not None:
            raise ShapeError("AveragedModel: pass avg_fn or multi_avg_fn, not both")
        self.module = deepcopy(model).to(device=device)
        self.register_buffer("n_averaged", make(np.zeros((), np.int64)))
        self.avg_fn, self.multi_avg_fn, self.use_buffers = avg_fn, multi_avg_fn, use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self.module(*args, **kwargs)

    @no_grad()
    def update_parameters(self, model: Module) -> None:
        """Let the present weights of ``model`` count too."""
        averaged, current = list(self._averaged(self.module)), list(self._averaged(model))
        if self.n_averaged == 0:
            _copy(averaged, current)
        else:
            rule = self.multi_avg_fn or _for_lists(self.avg_fn or get_swa_avg_fn())
            rule(averaged, current, self.n_averaged)
        if not self.use_buffers:
            _copy(self.module.buffers(), model.buffers())
        self.n_averaged.add_(1)

    def _averaged(self, model: Module) -> Iterator[Any]:
        buffers = model.buffers() if self.use_buffers else ()
        return (tensor.detach() for tensor in chain(model.parameters(), buffers))


def _copy(to: Iterable[Any], values: Iterable[Any]) -> None:
    for tensor, value in zip(to, values):
        tensor.copy_(value)


@no_grad()
def update_bn(loader: Iterable[Any], model: Module, device: Any = None) -> None:
    """Compute the running means of all batch normalisations in ``model`` anew, as those of all
    batches of ``loader`` equally: averaged weights have others than those that were averaged.

    A batch is the input of the model, or a list or tuple that begins with it.
    """
    norms = [
        module
        for module in model.modules()
        if isinstance(module, _BatchNorm) and not isinstance(module, _InstanceNorm)
    ]
    if not norms:
        return
    momenta, was_training = [norm.momentum for norm in norms], model.training
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    model.train()
    for batch in loader:
        inputs = batch[0] if isinstance(batch, (list, tuple)) else batch
        model(inputs if device is None else inputs.to(device))
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    model.train(was_training)
