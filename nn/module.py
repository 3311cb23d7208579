"""`Module`: a function with parameters, made of other such functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from autograd._tensor import Tensor
from autograd.core.variable import make
from autograd.errors import DTypeError, ShapeError
from nn import tree
from nn.converting import Convertible
from nn.loading import Saveable
from nn.parameter import Buffer, Parameter


class Module(Saveable, Convertible):
    """A function with parameters. Subclasses assign parameters and modules as attributes, and write
    `forward`.

    Attributes count in the order of their definition; lists, tuples and dicts of parameters or
    modules count too. There is no need to call ``super().__init__()``.

    >>> import autograd, nn
    >>> class Scale(nn.Module):
    ...     def __init__(self):
    ...         self.factor = nn.Parameter(autograd.ones(1))
    ...     def forward(self, x):
    ...         return x * self.factor
    >>> scale = Scale()
    >>> [name for name, _ in scale.named_parameters()]
    ['factor']
    >>> scale(autograd.tensor([3.0])).tolist()
    [3.0]
    """

    # Whether the module is in training mode; `train` and `eval` give an instance its own.
    training: bool = True

    # -- its attributes ----------------------------------------------------------------------------

    def __setattr__(self, name: str, value: Any) -> None:
        kind = self._kind_of(name)
        if kind is not None:
            self._check_kind(name, kind, value)
        if isinstance(value, Buffer):
            vars(self).setdefault("_registered_buffers", {})[name] = value.persistent
        object.__setattr__(self, name, value)

    if not TYPE_CHECKING:  # a type checker would take any name for an attribute

        def __getattr__(self, name: str) -> Any:
            """Called for what is not there."""
            if hasattr(type(self), name):  # a property whose own code has failed: say how
                return object.__getattribute__(self, name)
            raise MissingAttributeError(self, name)

    def __delattr__(self, name: str) -> None:
        object.__delattr__(self, name)
        vars(self).get("_registered_buffers", {}).pop(name, None)
        vars(self).get("_reserved", {}).pop(name, None)

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name[:1].isdigit()]

    def _kind_of(self, name: str) -> type[Any] | None:
        """What the attribute ``name`` must be: a Parameter, a Module or, for a buffer, a Tensor."""
        value = vars(self).get(name)
        if isinstance(value, Parameter):
            return Parameter
        if isinstance(value, Module):
            return Module
        if name in tree.registered_buffers(self):
            return Tensor
        reserved: dict[str, type[Any]] = vars(self).get("_reserved", {})
        return reserved.get(name)

    def _check_kind(self, name: str, kind: type[Any], value: Any) -> None:
        """Raise DTypeError if ``value`` must not be where a ``kind`` was; remember the kind behind
        a None."""
        if value is None:
            vars(self).setdefault("_reserved", {})[name] = kind
        elif isinstance(value, (kind, Parameter)) or (kind is Tensor and isinstance(value, Module)):
            vars(self).get("_reserved", {}).pop(name, None)
        else:
            what = "a plain tensor" if isinstance(value, Tensor) else f"a {type(value).__name__}"
            remedy = (
                ", which nothing would learn; wrap it in nn.Parameter(...), or change its values "
                f"under no_grad(): {name}.copy_(...)"
                if kind is Parameter and isinstance(value, Tensor)
                else "; assign another or None, or delete the attribute first"
            )
            raise DTypeError(
                f"{type(self).__name__}: {name} is {_ARTICLE[kind]} and can't become {what}{remedy}"
            )

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """The same as ``self.name = param``, for a name that is computed.

        With None, the attribute is kept for a parameter. Raises KeyError for a name that is taken.
        """
        self._register("register_parameter", name, param, Parameter)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Keep ``tensor`` as the buffer ``name``; whatever tensor the attribute gets later is the
        buffer then."""
        self._register("register_buffer", name, tensor, Tensor)
        vars(self).setdefault("_registered_buffers", {})[name] = persistent

    def register_module(self, name: str, module: Module | None) -> None:
        """The same as ``self.name = module``, for a name that is computed."""
        self._register("register_module", name, module, Module)

    add_module = register_module

    def _register(self, operation: str, name: str, value: Any, kind: type[Any]) -> None:
        where = f"{type(self).__name__}: {operation}"
        if not isinstance(name, str):
            raise DTypeError(f"{where}: a name must be a string, got a {type(name).__name__}")
        if not name or "." in name:
            raise KeyError(f"{where}: {name!r} is no name; it must not be empty nor contain dots")
        if hasattr(self, name) and self._kind_of(name) is not kind:
            raise KeyError(f"{where}: attribute {name!r} already exists; use another name")
        if value is not None and not isinstance(value, kind):
            raise DTypeError(
                f"{where}: {name} must be {_ARTICLE[kind]} or None, got a {type(value).__name__}"
            )
        setattr(self, name, value)
        if value is None:
            vars(self).setdefault("_reserved", {})[name] = kind

    def set_submodule(self, target: str, module: Module, strict: bool = False) -> None:
        """Put ``module`` in the place of the name ``target``; ``strict``: only if there is one.

        Raises AttributeError where there is no such place, or something else is there.
        """
        name = type(self).__name__
        if not target or not isinstance(module, Module):
            raise ShapeError(
                f"{name}: set_submodule needs a name and a module, got {target!r} and a "
                f"{type(module).__name__}"
            )
        *path, last = target.split(".")
        holder: Any = self
        for key in path:
            holder = _item(name, target, holder, key)
        if strict or _has(holder, last):
            there = _item(name, target, holder, last)
            if not isinstance(there, Module):
                raise AttributeError(
                    f"{name}: {target} is a {type(there).__name__}, not a module; it stays"
                )
        if isinstance(holder, Module):
            setattr(holder, last, module)
        else:
            holder[last if isinstance(holder, dict) else int(last)] = module

    # -- changing all of it ------------------------------------------------------------------------

    def apply(self, fn: Callable[[Module], Any]) -> Self:
        """Call ``fn`` with every module inside, inner ones first, and with this one; return it."""
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def train(self, mode: bool = True) -> Self:
        """Switch training mode on or off, here and in all modules inside; return the module."""
        if not isinstance(mode, bool):
            raise DTypeError(f"train: mode must be True or False, got {type(mode).__name__}")
        self.training = mode
        for child in self.children():  # which may have a train of its own
            child.train(mode)
        return self

    def eval(self) -> Self:
        """Switch training mode off, here and in all modules inside; return the module."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Ask for the gradients of all parameters, or no longer; return the module."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or fill them with zeros."""
        for parameter in self.parameters():
            if parameter.grad is not None:
                parameter.grad = None if set_to_none else make(np.zeros_like(parameter._array))

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing: there is no compiler here, and the module runs as it is. Programs call
        this."""

    # -- printing ----------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """What `repr` shows between the parentheses. Subclasses say."""
        return ""

    def _get_name(self) -> str:
        return type(self).__name__

    @recursive_repr("...")
    def __repr__(self) -> str:
        extra = self.extra_repr()
        return self._printed(extra.split("\n") if extra else [], self._shown_children())

    def _shown_children(self) -> list[tuple[str, str]]:
        return [(name, repr(child)) for name, child in _children_and_gaps(self)]

    def _printed(self, lines: list[str], children: list[tuple[str, str]]) -> str:
        """The name with ``lines``, and ``children`` below them, in parentheses."""
        if len(lines) == 1 and not children:
            return f"{self._get_name()}({lines[0]})"
        lines = [*lines, *(f"({name}): {text}".replace("\n", "\n  ") for name, text in children)]
        if not lines:
            return f"{self._get_name()}()"
        return "\n".join([f"{self._get_name()}(", *(f"  {line}" for line in lines), ")"])


class MissingAttributeError(AttributeError):
    """A module has no such attribute. What could have been meant is looked for when the message is
    shown: most of these are caught, by ``hasattr``."""

    def __init__(self, module: Module, name: str) -> None:
        super().__init__(module, name)

    def __str__(self) -> str:
        module, name = self.args
        hint = tree.near(name, dir(module))
        return f"{type(module).__name__!r} object has no attribute {name!r}{hint}"


_ARTICLE = {Parameter: "a Parameter", Module: "a Module", Tensor: "a buffer, a tensor,"}


def _children_and_gaps(module: Module) -> Iterator[tuple[str, Any]]:
    """The children, and the names without one that are kept for children."""
    reserved = vars(module).get("_reserved", {})
    for name, value in tree.entries(module):
        if isinstance(value, Module) or (value is None and reserved.get(name) is Module):
            yield name, value


def _has(holder: Any, key: str) -> bool:
    """Whether there is something in ``holder``, a module, list or dict, by the name ``key``."""
    if isinstance(holder, Module):
        return hasattr(holder, key)
    if isinstance(holder, dict):
        return key in holder
    return key.isdigit() and int(key) < len(holder)


def _item(name: str, target: str, holder: Any, key: str) -> Any:
    """What is in ``holder``, a module, list or dict, by the name ``key``."""
    if not isinstance(holder, (Module, list, tuple, dict)) or not _has(holder, key):
        raise AttributeError(f"{name}: there is no place {target!r}: nothing is called {key!r}")
    if isinstance(holder, Module):
        return getattr(holder, key)
    return holder[key] if isinstance(holder, dict) else holder[int(key)]
