"""`strict`: stops at what trains a model otherwise than was meant, and would raise no error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from autograd.core.node import Node
from autograd.errors import AutogradError, DTypeError
from autograd.modes import is_grad_enabled
from autograd.observing import Observer, observing
from nn.activation import RReLU
from nn.dropout import (
    AlphaDropout,
    Dropout,
    Dropout1D,
    Dropout2D,
    Dropout3D,
    FeatureAlphaDropout,
)
from nn.module import Module
from nn.normalization import BatchNorm1D, BatchNorm2D, BatchNorm3D
from nn.parameter import is_lazy

# What computes something else in training mode than in eval mode.
_MODAL = (
    *(Dropout, Dropout1D, Dropout2D, Dropout3D, AlphaDropout, FeatureAlphaDropout, RReLU),
    *(BatchNorm1D, BatchNorm2D, BatchNorm3D),
)
# Operations that take scores, and what makes probabilities of these: once too often.
_TWICE = {
    **dict.fromkeys(("cross_entropy", "mean_cross_entropy", "log_softmax"), "softmax"),
    **dict.fromkeys(("logistic_loss", "mean_logistic_loss"), "sigmoid"),
}


@contextmanager
def strict(model: Module, *optimizers: Any) -> Iterator[None]:
    """Check, inside the block, how ``model`` is trained by ``optimizers``.

    Raises AutogradError for

    - a step without fresh gradients: no backward since the last step, or gradients that hold those
      of an earlier step too, because nobody called ``zero_grad``;
    - a step in eval mode; and, where the model has dropout or batch norms, its call in training
      mode under `autograd.no_grad`, which is how one validates;
    - a cross-entropy of what is a softmax already, or a binary one with logits of a sigmoid;
    - parameters that have had no gradient in all the steps, when the block ends.

    For the first steps of a program: each operation takes some microseconds longer. Parameters that
    are lazy or frozen when the block begins are not looked at. Raises AutogradError inside of
    `autograd.profile`, too.

    >>> import autograd, nn, optim
    >>> model = nn.Dense(2, 1)
    >>> optimizer = optim.SGD(model.parameters(), lr=0.1)
    >>> with nn.strict(model, optimizer):
    ...     model(autograd.ones(1, 2)).sum().backward()
    ...     optimizer.step()
    ...     optimizer.step()
    Traceback (most recent call last):
    autograd.errors.AutogradError: SGD: a step without fresh gradients: ...
    """
    if not isinstance(model, Module):
        raise DTypeError(f"strict: model must be a Module, got a {type(model).__name__}")
    for optimizer in optimizers:
        if not hasattr(optimizer, "register_step_pre_hook"):
            raise DTypeError(f"strict: needs optimizers, got a {type(optimizer).__name__}")
    checks = _Checks(model, optimizers)
    with observing(_Losses(), "nn.strict"), ExitStack() as stack:
        checks.begin(stack)
        yield
    checks.end()


class _Losses(Observer):
    """Looks at what losses are given, as they are recorded."""

    def _record(self, record: Callable[..., Any], *args: Any) -> Any:
        # Notes no places, as other observers do: in a long training they would pile up.
        node = record(*args)
        if node is not None and node.name in _TWICE:
            for edge in node.edges:
                if type(edge) is Node and edge.name == _TWICE[node.name]:
                    raise AutogradError(
                        f"{node.name}: its input is the output of {edge.name}, which the loss "
                        "contains already; give it the scores themselves"
                    )
        return node


class _Watched:
    """A parameter, and whether its gradient belongs to the next step alone."""

    def __init__(self, name: str, parameter: Any) -> None:
        self.name, self.parameter = name, parameter
        self.ever = False  # whether it has had a gradient
        self.used: Any = None  # the gradient that the last step has used
        self.arrived = self.mixed = False  # since that step

    def arrive(self, gradient: Any) -> None:
        """``gradient`` is about to be added to what is there."""
        if not self._is_something():
            self.mixed = False
        elif self.parameter.grad is self.used and not self.arrived:
            self.mixed = True
        self.ever = self.arrived = True

    def _is_something(self) -> bool:
        gradient = self.parameter.grad
        return gradient is not None and bool(gradient.detach().numpy().any())

    @property
    def is_fresh(self) -> bool:
        gradient = self.parameter.grad
        return gradient is not None and (self.arrived or gradient is not self.used)

    @property
    def is_old(self) -> bool:
        return self._is_something() and (self.mixed or not self.is_fresh)

    def step(self) -> None:
        """A step has used the gradient."""
        self.used = self.parameter.grad
        self.arrived = self.mixed = False


class _Checks:
    """The checks of a model and its optimizers."""

    def __init__(self, model: Module, optimizers: Any) -> None:
        self.model, self.optimizers, self.steps = model, optimizers, 0
        self.watched = {
            parameter: _Watched(name, parameter)
            for name, parameter in _named(model, optimizers)
            if not is_lazy(parameter) and parameter.requires_grad
        }

    def begin(self, stack: ExitStack) -> None:
        """Register the hooks; ``stack`` removes them."""
        handles = [self.model.register_forward_pre_hook(self.before_call)]
        handles += [each.parameter.register_hook(each.arrive) for each in self.watched.values()]
        for optimizer in self.optimizers:
            handles.append(optimizer.register_step_pre_hook(self.before_step))
            handles.append(optimizer.register_step_post_hook(self.after_step))
        for handle in handles:
            stack.callback(handle.remove)

    def before_call(self, model: Module, args: Any) -> None:
        if model.training and not is_grad_enabled():
            modal = next((each for each in model.modules() if isinstance(each, _MODAL)), None)
            if modal is not None and modal.training:
                raise AutogradError(
                    f"{type(model).__name__}: called under no_grad() in training mode, where its "
                    f"{type(modal).__name__} is not what it is in use; call eval() first"
                )

    def before_step(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        if not self.model.training:
            raise AutogradError(
                f"{type(optimizer).__name__}: a step of a model in eval mode; call train() first"
            )
        if not (args or kwargs):  # with a closure, the gradients are still to come
            self.refuse_old(optimizer)

    def after_step(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        if args or kwargs:
            self.refuse_old(optimizer)
        self.steps += 1
        for each in self.of(optimizer):
            each.step()

    def of(self, optimizer: Any) -> list[_Watched]:
        """Those that ``optimizer`` changes."""
        params = [param for group in optimizer.param_groups for param in group["params"]]
        return [self.watched[param] for param in params if param in self.watched]

    def refuse_old(self, optimizer: Any) -> None:
        """Raise AutogradError unless the gradients are fresh, and nothing but fresh."""
        kind, watched = type(optimizer).__name__, self.of(optimizer)
        if watched and not any(each.is_fresh for each in watched):
            raise AutogradError(
                f"{kind}: a step without fresh gradients: there was no backward() since the last "
                "step, or zero_grad() came between"
            )
        old = [each.name for each in watched if each.is_old]
        if old:
            raise AutogradError(
                f"{kind}: a step with gradients of an earlier step, those of {_listed(old)}; call "
                "zero_grad() before each backward()"
            )

    def end(self) -> None:
        """Raise AutogradError if there are parameters that no step has reached."""
        never = [each.name for each in self.watched.values() if not each.ever]
        if self.steps and never:
            raise AutogradError(
                f"strict: in {self.steps} steps, there was no gradient for {_listed(never)}; use "
                "them in forward, or freeze them: requires_grad_(False)"
            )


def _named(model: Module, optimizers: Any) -> Iterator[tuple[str, Any]]:
    """All parameters by name; those of the model are called as the model does."""
    for optimizer in optimizers:
        params = [param for group in optimizer.param_groups for param in group["params"]]
        yield from ((f"params[{i}]", param) for i, param in enumerate(params))
    yield from model.named_parameters()


def _listed(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
