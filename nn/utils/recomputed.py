"""`Recomputed`: a weight that is computed anew, from other parameters, before each forward."""

from __future__ import annotations

from typing import Any, Self

from autograd.errors import ShapeError
from nn.module import Module
from nn.parameter import Parameter


class Recomputed:
    """A forward pre-hook that computes the attribute ``name`` of its module; subclasses say how."""

    # What the parameters and buffers that it is computed from are called, after its name.
    parts: tuple[str, ...]

    def __init__(self, name: str) -> None:
        self.name = name

    def compute_weight(self, module: Module) -> Any:
        """The value of the attribute."""
        raise NotImplementedError

    def __call__(self, module: Module, args: Any) -> None:
        setattr(module, self.name, self.compute_weight(module))

    def install(self, module: Module, **parts: Any) -> None:
        """Compute the attribute of ``module`` from now on; ``parts`` are what from."""
        delattr(module, self.name)
        for suffix, part in parts.items():
            name = f"{self.name}_{suffix}"
            if isinstance(part, Parameter):
                module.register_parameter(name, part)
            else:
                module.register_buffer(name, part)
        module.register_forward_pre_hook(self)

    def uninstall(self, module: Module, value: Any) -> None:
        """Make ``value`` the parameter of ``module`` that the attribute was before."""
        delattr(module, self.name)
        for suffix in self.parts:
            delattr(module, f"{self.name}_{suffix}")
        module.register_parameter(self.name, Parameter(value.detach()))

    @classmethod
    def _hooks(cls, module: Module, name: str) -> dict[int, Self]:
        hooks = module._hooks.before if module._hooks is not None else {}
        return {
            key: hook for key, hook in hooks.items() if isinstance(hook, cls) and hook.name == name
        }

    @classmethod
    def original(cls, module: Module, name: str, operation: str) -> Parameter:
        """The parameter ``name`` of ``module``, which must not be recomputed yet."""
        if cls._hooks(module, name):
            raise ShapeError(f"{operation}: {name!r} has it already; remove that first")
        parameter = vars(module).get(name)
        if not isinstance(parameter, Parameter):
            raise ShapeError(f"{operation}: {type(module).__name__} has no parameter {name!r}")
        return parameter

    @classmethod
    def taken_off(cls, module: Module, name: str, operation: str) -> Self:
        """The hook that computes the attribute ``name``, no longer among those of ``module``."""
        for key, hook in cls._hooks(module, name).items():
            del module._own_hooks().before[key]
            return hook
        raise ShapeError(f"{operation}: found none on {name!r} of {type(module).__name__}")
