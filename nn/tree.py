"""What a module holds: a walk over its attributes, and over the lists, tuples and dicts among them.

The order is that of definition, and each thing is found once, under the first of its names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from autograd.core.variable import Variable
from nn.parameter import Buffer, Parameter

if TYPE_CHECKING:
    from autograd._tensor import Tensor
    from nn.module import Module


class Branch:
    """What the walk takes for a module; `nn.Module` is one."""

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """The parameters, each once: the module's own, then those of its children."""
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """The `parameters` with their names, as ``blocks.0.weight``."""
        return _named(self, own_parameters, prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """The tensors that are kept but not learned, each once."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """The `buffers` with their names."""
        return _named(self, own_buffers, prefix, recurse, remove_duplicate)

    def children(self) -> Iterator[Module]:
        """The modules directly inside, each once."""
        return (child for _, child in self.named_children())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The `children` with their names."""
        return once(own_modules(self))

    def modules(self, remove_duplicate: bool = True) -> Iterator[Module]:
        """The module and all modules inside it, each once."""
        found = self.named_modules(remove_duplicate=remove_duplicate)
        return (module for _, module in found)

    def named_modules(
        self, memo: set[Any] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Any]]:
        """The `modules` with their names; the module's own is ``prefix``.

        Those in ``memo`` are left out, and those found are added to it.
        """
        seen = set() if memo is None else memo
        for name, module in walk(self, prefix):
            if module not in seen:
                if remove_duplicate:
                    seen.add(module)
                yield name, module

    def get_submodule(self, target: str) -> Module:
        """The module of the name ``target``. Raises AttributeError if there is none."""
        found: Module = _get(self, "module", self.named_modules(remove_duplicate=False), target)
        return found

    def get_parameter(self, target: str) -> Parameter:
        """The parameter of the name ``target``. Raises AttributeError if there is none."""
        parameters = self.named_parameters(remove_duplicate=False)
        found: Parameter = _get(self, "parameter", parameters, target)
        return found

    def get_buffer(self, target: str) -> Tensor:
        """The buffer of the name ``target``. Raises AttributeError if there is none."""
        found: Tensor = _get(self, "buffer", self.named_buffers(remove_duplicate=False), target)
        return found


def _named(
    branch: Branch,
    own: Callable[[Any], Iterator[tuple[str, Any]]],
    prefix: str,
    recurse: bool,
    remove_duplicate: bool,
) -> Iterator[tuple[str, Any]]:
    modules = (
        branch.named_modules(prefix=prefix, remove_duplicate=remove_duplicate)
        if recurse
        else iter([(prefix, branch)])
    )
    found = ((joined(path, name), value) for path, module in modules for name, value in own(module))
    return once(found) if remove_duplicate else found


def _get(branch: Branch, kind: str, named: Iterator[tuple[str, Any]], target: str) -> Any:
    found: Mapping[str, Any] = dict(named)
    if target not in found:
        raise AttributeError(
            f"{type(branch).__name__}: there is no {kind} {target!r}{near(target, found)}"
        )
    return found[target]


def near(name: str, names: Any) -> str:
    """``; did you mean ...?`` if one of ``names`` resembles ``name``."""
    from difflib import get_close_matches  # here, for only errors need it

    found = get_close_matches(name, names, 1)
    return f"; did you mean {found[0]!r}?" if found else ""


# -- the walk --------------------------------------------------------------------------------------


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
    registered = registered_buffers(module)
    return (
        (name, value)
        for name, value in entries(module)
        if isinstance(value, Buffer)
        or (name in registered and isinstance(value, Variable) and not isinstance(value, Parameter))
    )


def registered_buffers(module: Branch) -> dict[str, bool]:
    """The names of buffers among the attributes of ``module``, and whether they are persistent:
    whatever tensor such an attribute holds is a buffer."""
    found: dict[str, bool] = vars(module).get("_registered_buffers", {})
    return found


def saved_buffers(module: Branch) -> Iterator[tuple[str, Any]]:
    """The buffers of ``module`` itself that belong into the state dict."""
    registered = registered_buffers(module)
    return (
        (name, buffer)
        for name, buffer in own_buffers(module)
        if registered.get(name, getattr(buffer, "persistent", True))
    )


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
