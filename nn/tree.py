"""Finding what a module holds: a walk over its attributes, and over the lists, tuples and dicts
among them.

The order is that of definition, and each thing is found once, under the first of its names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograd.core.variable import Variable
from nn.parameter import Buffer, Parameter


class Branch:
    """What the walk takes for a module; `nn.Module` is one."""


def entries(module: Branch) -> Iterator[tuple[str, Any]]:
    """The attributes of ``module`` with their names; what lies in lists, tuples and dicts as
    ``blocks.0``."""
    for name, value in vars(module).items():
        if isinstance(value, (list, tuple, dict)):
            yield from _inside(name, value, (value,))
        else:
            yield name, value


def _inside(name: str, container: Any, around: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    items = container.items() if isinstance(container, dict) else enumerate(container)
    for key, value in items:
        if not isinstance(value, (list, tuple, dict)):
            yield f"{name}.{key}", value
        elif not any(value is outer for outer in around):  # a list may contain itself
            yield from _inside(f"{name}.{key}", value, (*around, value))


def own_parameters(module: Branch) -> Iterator[tuple[str, Any]]:
    """The parameters of ``module`` itself."""
    return ((name, value) for name, value in entries(module) if isinstance(value, Parameter))


def own_buffers(module: Branch) -> Iterator[tuple[str, Any]]:
    """The buffers of ``module`` itself."""
    registered = vars(module).get("_registered_buffers", {})
    return (
        (name, value)
        for name, value in entries(module)
        if isinstance(value, Buffer)
        or (name in registered and isinstance(value, Variable) and not isinstance(value, Parameter))
    )


def is_persistent(module: Branch, name: str, buffer: Any) -> bool:
    """Whether the buffer ``name`` belongs into the state dict."""
    registered: dict[str, bool] = vars(module).get("_registered_buffers", {})
    return registered.get(name, getattr(buffer, "persistent", True))


def own_modules(module: Branch) -> Iterator[tuple[str, Any]]:
    """The children of ``module``."""
    return ((name, value) for name, value in entries(module) if isinstance(value, Branch))


def walk(
    module: Branch, prefix: str = "", around: tuple[Any, ...] = ()
) -> Iterator[tuple[str, Any]]:
    """``module`` and all modules below it, under all their names, outer before inner; cycles are
    cut."""
    yield prefix, module
    around = (*around, module)
    for name, child in own_modules(module):
        if not any(child is outer for outer in around):
            yield from walk(child, joined(prefix, name), around)


def joined(prefix: str, name: str) -> str:
    """``prefix.name``, without the dot if either is empty."""
    return f"{prefix}.{name}" if prefix and name else prefix or name


def once(found: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """What is ``found``, each thing only the first time."""
    seen: set[int] = set()
    for name, value in found:
        if id(value) not in seen:
            seen.add(id(value))
            yield name, value
