"""`ParameterwiseOptimizer`: update rules that treat each parameter as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd.core.variable import make
from autograd.errors import DTypeError
from optim.optimizer import Closure, Optimizer, Params, mark_changed
from optim.options import Group


class ParameterwiseOptimizer(Optimizer):
    """An optimizer whose rule needs the rows and columns of a parameter: see `rule`."""

    def __init__(self, params: Params, **options: Any) -> None:
        super().__init__(params, options)

    def check(self, group: Group) -> None:
        self.require_implementation(group)
        self.require_not_negative(group, "lr", "weight_decay")

    def initial_state(self, values: Any) -> Mapping[str, Any]:
        """What the rule remembers of a parameter of these ``values``: arrays by name."""
        raise NotImplementedError

    def rule(self, values: Any, gradient: Any, state: Mapping[str, Any], group: Group) -> None:
        """Change the array ``values`` of a parameter, and the arrays of ``state``, in place."""
        raise NotImplementedError

    def step(self, closure: Closure | None = None) -> Any:
        """Change the parameters once. Those whose ``.grad`` is None are left alone.

        ``closure``, which must compute the loss and its gradients, is called first, and its result
        returned. Raises DTypeError for complex parameters.
        """
        loss = self._loss(closure)
        with np.errstate(all="ignore"):
            for group in self.param_groups:
                for param in group["params"]:
                    if param.grad is not None:
                        self._update(param, group)
        return loss

    def _update(self, param: Any, group: Group) -> None:
        values, gradient = param._array, param.grad._array
        if values.dtype.kind == "c":
            raise DTypeError(
                f"{type(self).__name__}: complex parameters are not supported, got one of "
                f"{values.dtype}; keep real and imaginary part as two parameters"
            )
        state = self.state[param]
        if not state:
            state.update((key, make(array)) for key, array in self.initial_state(values).items())
        arrays = {key: tensor._array for key, tensor in state.items()}
        self.rule(values, -gradient if group.get("maximize") else gradient, arrays, group)
        mark_changed([param])
