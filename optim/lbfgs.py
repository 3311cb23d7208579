"""L-BFGS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd.core.variable import make
from autograd.errors import ShapeError
from optim.curvature import inverse_hessian_times, remember
from optim.line_search import Point, strong_wolfe
from optim.optimizer import Closure, Number, Optimizer, Params, mark_changed
from optim.options import Group


class LBFGS(Optimizer):
    """Newton-like steps, from the last ``history_size`` changes of the gradient (Liu and Nocedal,
    1989)::

        w = w - t * H g,  with H from H = (y.s / y.y) * 1 by all pairs of changes s of w, y of g:
        H = (1 - s y' / y.s) H (1 - y s' / y.s) + s s' / y.s

    A step consists of up to ``max_iter`` iterations. In each the closure is called, to clear the
    gradients, compute the loss and its gradients, and return it; at most about ``max_eval`` times
    in all, by default 5/4 of ``max_iter``. ``t`` is ``lr``, or with ``line_search_fn`` of
    "strong_wolfe" found by `strong_wolfe`, starting there. A step ends early when no element of the
    gradient is larger than ``tolerance_grad``, or none of a change, or the change of the loss,
    larger than ``tolerance_change``.

    There is one group of parameters only. Raises ShapeError for more, a negative lr, and other line
    searches.

    >>> import autograd, optim
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = optim.LBFGS([w], line_search_fn="strong_wolfe")
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = ((w - 3) ** 4).sum()
    ...     loss.backward()
    ...     return loss
    >>> first_loss = optimizer.step(closure)
    >>> first_loss, closure().item() < 1e-6
    (tensor(17., grad_fn=<sum>), True)
    """

    needs_closure = True

    def __init__(
        self,
        params: Params,
        lr: Number = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "max_iter": max_iter,
                "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
                "tolerance_grad": tolerance_grad,
                "tolerance_change": tolerance_change,
                "history_size": history_size,
                "line_search_fn": line_search_fn,
            },
        )

    def check(self, group: Group) -> None:
        self.require_not_negative(group, "lr")
        search = group["line_search_fn"]
        self.require(
            search in (None, "strong_wolfe"), "line_search_fn", search, 'None or "strong_wolfe"'
        )

    def add_param_group(self, param_group: Group) -> None:
        """Take the only group of parameters. Raises ShapeError for another one."""
        if self.param_groups:
            raise ShapeError("LBFGS: has one parameter group only; put all parameters into it")
        super().add_param_group(param_group)

    def step(self, closure: Closure | None = None) -> Any:
        """Up to ``max_iter`` iterations; the loss before them is returned. Raises ShapeError
        without a closure."""
        if closure is None:
            raise ShapeError(
                "LBFGS: step needs a closure that clears the gradients, computes the loss and its "
                "gradients, and returns the loss"
            )
        run = _Run(self, closure, self.param_groups[0])
        first_loss = run.evaluate()
        with np.errstate(all="ignore"):
            run.iterate()
        return first_loss

    @property
    def _memory(self) -> dict[str, Any]:
        # PyTorch's place for what is remembered of all parameters together.
        memory: dict[str, Any] = self.state[self.param_groups[0]["params"][0]]
        return memory


class _Run:
    """One step: its iterations share the parameters and gradients, seen as vectors."""

    def __init__(self, optimizer: LBFGS, closure: Closure, group: Group) -> None:
        self.optimizer, self.closure = optimizer, closure
        self.params, self.group = group["params"], group
        self.memory = optimizer._memory
        self.memory.setdefault("func_evals", 0)
        self.memory.setdefault("n_iter", 0)
        self.evaluations = 0
        self.loss = 0.0
        self.gradient: Any = None

    def evaluate(self) -> Any:
        """Compute loss and gradient here; the closure's loss."""
        loss = self.optimizer._loss(self.closure)
        self.loss, self.gradient = float(loss), _vector(map(_gradient, self.params))
        self.evaluations += 1
        self.memory["func_evals"] += 1
        return loss

    def iterate(self) -> None:
        """Move until one of the limits is reached."""
        group, memory = self.group, self.memory
        if self.is_flat():
            return
        for iteration in range(1, group["max_iter"] + 1):
            memory["n_iter"] += 1
            direction = self.direction()
            memory["d"] = make(direction)
            memory["prev_flat_grad"] = make(self.gradient)
            memory["prev_loss"] = previous_loss = self.loss
            slope = float(self.gradient @ direction)
            memory["t"] = t = self.first_length()
            if slope > -group["tolerance_change"]:
                return
            if group["line_search_fn"] is not None:
                memory["t"] = t = self.search(t, direction, slope)
            else:
                self.move(t * direction)
                if iteration < group["max_iter"]:
                    self.evaluate()
            if (
                self.evaluations >= group["max_eval"]
                or self.is_flat()
                or np.max(np.abs(t * direction)) <= group["tolerance_change"]
                or abs(self.loss - previous_loss) < group["tolerance_change"]
            ):
                return

    def is_flat(self) -> bool:
        """Whether no element of the gradient is worth a step."""
        return bool(np.max(np.abs(self.gradient), initial=0) <= self.group["tolerance_grad"])

    def first_length(self) -> float:
        """The step length to start from: in the very first step there is no scale but the
        gradient's own."""
        lr = float(self.group["lr"])
        if self.memory["n_iter"] > 1:
            return lr
        return 1 / max(1.0, float(np.sum(np.abs(self.gradient)))) * lr

    def direction(self) -> Any:
        """Against the gradient, times the approximate inverse of the Hessian."""
        memory = self.memory
        if memory["n_iter"] == 1:
            memory.update(old_dirs=[], old_stps=[], ro=[], H_diag=1)
        else:
            remember(memory, self.gradient, self.group["history_size"])
        return -inverse_hessian_times(self.gradient, memory)

    def search(self, t: float, direction: Any, slope: float) -> float:
        """Move along ``direction`` as far as the line search says; how far that is."""
        origin = [param._array.copy() for param in self.params]

        def evaluate(t: float) -> Point:
            self.move(t * direction)
            self.evaluate()
            self.move_to(origin)
            return Point(t, self.loss, self.gradient, float(self.gradient @ direction))

        start = Point(0.0, self.loss, self.gradient, slope)
        found = strong_wolfe(
            evaluate,
            start,
            t,
            float(np.max(np.abs(direction))),
            self.group["max_eval"] - self.evaluations,
        )
        self.loss, self.gradient = found.loss, found.gradient
        self.move(found.t * direction)
        return found.t

    def move(self, change: Any) -> None:
        """Add the vector ``change`` to the parameters."""
        offset = 0
        for param in self.params:
            array = param._array
            size = _as_real(array).size
            dtype = np.result_type(change, array) if array.dtype.kind == "c" else change.dtype
            array += change[offset : offset + size].view(dtype).reshape(array.shape)
            offset += size
        mark_changed(self.params)

    def move_to(self, arrays: list[Any]) -> None:
        """Set the parameters to ``arrays``."""
        for param, array in zip(self.params, arrays):
            param._array[...] = array
        mark_changed(self.params)


def _gradient(param: Any) -> Any:
    return np.zeros_like(param._array) if param.grad is None else param.grad._array


def _vector(arrays: Iterator[Any]) -> Any:
    """The elements of all ``arrays`` in one new vector, complex ones as two."""
    return np.concatenate([_as_real(array) for array in arrays])


def _as_real(array: Any) -> Any:
    return array.reshape(-1).view(array.real.dtype)
