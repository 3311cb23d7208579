"""Weight normalisation in its old form, as a hook; `nn.utils.parametrizations` has the new one."""

from __future__ import annotations

import warnings
from typing import Any, TypeVar

from autograd.ops.norms import vector_norm
from nn.module import Module
from nn.parameter import Parameter
from nn.utils.recomputed import Recomputed

M = TypeVar("M", bound=Module)


def norm_except_dim(v: Any, dim: int) -> Any:
    """The norm of each slice of ``v`` along ``dim``, which keeps its dims; for -1, that of all."""
    if dim == -1:
        return vector_norm(v)
    others = [d for d in range(v.ndim) if d != dim % v.ndim]
    return vector_norm(v, dim=others, keepdim=True) if others else abs(v)


class WeightNorm(Recomputed):
    """Computes a weight as ``g * v / norm(v)``."""

    parts = ("g", "v")

    def __init__(self, name: str, dim: int | None) -> None:
        super().__init__(name)
        self.dim = -1 if dim is None else dim

    def compute_weight(self, module: Module) -> Any:
        g, v = (getattr(module, f"{self.name}_{part}") for part in self.parts)
        return v * (g / norm_except_dim(v, self.dim))


def weight_norm(module: M, name: str = "weight", dim: int | None = 0) -> M:
    """Learn the length and the direction of the parameter ``name`` apart (Salimans and Kingma,
    2016); return the module.

    It becomes ``name_g * name_v / norm(name_v)``, computed before each forward. Each slice along
    ``dim`` has a length of its own; None: there is one for all. Warns (FutureWarning): the new form
    is `nn.utils.parametrizations.weight_norm`. Raises ShapeError if there is no such parameter.
    """
    warnings.warn(
        "nn.utils.weight_norm is deprecated; use nn.utils.parametrizations.weight_norm",
        FutureWarning,
        stacklevel=2,
    )
    hook = WeightNorm(name, dim)
    weight = WeightNorm.original(module, name, "weight_norm")
    length = Parameter(norm_except_dim(weight.detach(), hook.dim))
    hook.install(module, g=length, v=Parameter(weight.data))
    hook(module, ())
    return module


def remove_weight_norm(module: M, name: str = "weight") -> M:
    """Undo `weight_norm`: the weight, as it is now, is a parameter again. Raises ShapeError if
    there is none."""
    hook = WeightNorm.taken_off(module, name, "remove_weight_norm")
    hook.uninstall(module, hook.compute_weight(module))
    return module
