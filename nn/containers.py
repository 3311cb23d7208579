"""Modules that hold other modules or parameters: in a chain, a list, or by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, Self, TypeVar

from autograd._tensor import Tensor
from autograd.errors import DimensionError, DTypeError
from nn.module import Module
from nn.parameter import Parameter

T = TypeVar("T")


class _List(Module, Generic[T]):
    """Items under the names "0", "1", ..., which are attributes, so that the walk of `Module` finds
    them."""

    _kind: type[Any] = Module

    def _accept(self, item: Any) -> Any:
        if not isinstance(item, self._kind):
            raise DTypeError(f"{type(self).__name__}: holds modules, got {_name(item)}")
        return item

    def _items(self) -> dict[str, Any]:
        return {name: item for name, item in vars(self).items() if isinstance(item, self._kind)}

    def _replace(self, items: Iterable[Any]) -> None:
        """Hold ``items`` instead, renumbered."""
        accepted = [self._accept(item) for item in items]
        for name in self._items():
            delattr(self, name)
        for i, item in enumerate(accepted):
            setattr(self, str(i), item)

    def _name_of(self, index: int) -> str:
        names = list(self._items())
        try:
            return names[index]
        except IndexError:
            raise DimensionError(
                f"{type(self).__name__}: index {index} is out of range; there are {len(names)} "
                "items"
            ) from None

    def __len__(self) -> int:
        return len(self._items())

    def __iter__(self) -> Iterator[T]:
        return iter(self._items().values())

    def __contains__(self, item: object) -> bool:
        return any(item is held for held in self)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return type(self)(list(self)[index])  # type: ignore[call-arg]  # the subclasses take an iterable
        return self._items()[self._name_of(index)]

    def __setitem__(self, index: int, item: T) -> None:
        setattr(self, self._name_of(index), self._accept(item))

    def __delitem__(self, index: int | slice) -> None:
        items = list(self)
        del items[index]
        self._replace(items)

    def append(self, item: T) -> Self:
        """Add ``item`` at the end; return the container."""
        setattr(self, str(len(self)), self._accept(item))
        return self

    def extend(self, items: Iterable[T]) -> Self:
        """Add ``items`` at the end; return the container."""
        for item in list(items):
            self.append(item)
        return self

    def insert(self, index: int, item: T) -> Self:
        """Put ``item`` before the one at ``index``; return the container."""
        items = list(self)
        items.insert(index, item)
        self._replace(items)
        return self

    def pop(self, index: int = -1) -> T:
        """Take the item at ``index`` out and return it."""
        item: T = self[index]
        del self[index]
        return item

    def __iadd__(self, items: Iterable[T]) -> Self:
        return self.extend(items)

    def __add__(self, items: Iterable[T]) -> Self:
        return type(self)([*self, *items])  # type: ignore[call-arg]  # as in __getitem__


class Sequential(_List[Module]):
    """Modules one after the other: each is called with what the one before returned.

    Takes modules, or one dict of modules by name.

    >>> import nn
    >>> nn.Sequential(nn.Identity(), nn.Identity())
    Sequential(
      (0): Identity()
      (1): Identity()
    )
    """

    def __init__(self, *modules: Any) -> None:
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            for name, module in modules[0].items():
                self.register_module(name, self._accept(module))
        else:
            if len(modules) == 1 and isinstance(modules[0], (list, tuple)):
                raise DTypeError(
                    "Sequential: takes modules one by one, got a list; write Sequential(*modules)"
                )
            self._replace(modules)

    def forward(self, x: Any) -> Any:
        for module in tuple(vars(self).values()):
            if isinstance(module, Module):
                x = module(x)
        return x

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return type(self)(dict(list(self._items().items())[index]))
        return super().__getitem__(index)

    def __add__(self, items: Iterable[Module]) -> Self:
        return type(self)(*self, *items)


class ModuleList(_List[Module]):
    """A list of modules. (A plain list as an attribute of a module does as well.)"""

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        self._replace(modules or ())


class ParameterList(_List[Any]):
    """A list of parameters; tensors become parameters."""

    _kind = Parameter

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        self._replace(values or ())

    def _accept(self, item: Any) -> Any:
        return _as_parameter(self, item)

    def extra_repr(self) -> str:
        return _describe(self._items())


class _Dict(Module, Generic[T]):
    """Items by name, which are attributes, so that the walk of `Module` finds them."""

    _kind: type[Any] = Module

    def __init__(self, items: Any = None) -> None:
        self.update(items or {})

    def _accept(self, item: Any) -> Any:
        if not isinstance(item, self._kind):
            raise DTypeError(f"{type(self).__name__}: holds modules, got {_name(item)}")
        return item

    def _items(self) -> dict[str, Any]:
        return {name: item for name, item in vars(self).items() if isinstance(item, self._kind)}

    def __getitem__(self, key: str) -> T:
        item: T = self._items()[key]
        return item

    def __setitem__(self, key: str, item: T) -> None:
        self._register(key, self._accept(item))

    def __delitem__(self, key: str) -> None:
        self._items()[key]  # raises KeyError for what is no item
        delattr(self, key)

    def __len__(self) -> int:
        return len(self._items())

    def __iter__(self) -> Iterator[str]:
        return iter(self._items())

    def __contains__(self, key: object) -> bool:
        return key in self._items()

    def keys(self) -> Iterable[str]:
        """The names."""
        return self._items().keys()

    def values(self) -> Iterable[T]:
        """The items."""
        return self._items().values()

    def items(self) -> Iterable[tuple[str, T]]:
        """The pairs of name and item."""
        return self._items().items()

    def get(self, key: str, default: Any = None) -> Any:
        """The item ``key``, or ``default``."""
        return self._items().get(key, default)

    def update(self, items: Any) -> None:
        """Put in all ``items``: a dict, or pairs."""
        for key, item in dict(items.items() if hasattr(items, "items") else items).items():
            self[key] = item

    def pop(self, key: str) -> T:
        """Take the item ``key`` out and return it."""
        item = self[key]
        del self[key]
        return item

    def clear(self) -> None:
        """Take all items out."""
        for key in self._items():
            delattr(self, key)


class ModuleDict(_Dict[Module]):
    """Modules by name. (A plain dict as an attribute of a module does as well.)"""


class ParameterDict(_Dict[Any]):
    """Parameters by name; tensors become parameters."""

    _kind = Parameter

    def _accept(self, item: Any) -> Any:
        return _as_parameter(self, item)

    def extra_repr(self) -> str:
        return _describe(self._items())


class Identity(Module):
    """Returns what it is given; takes and ignores any arguments at its making."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def forward(self, x: Any) -> Any:
        return x


def _as_parameter(container: Module, item: Any) -> Parameter:
    if isinstance(item, Parameter):
        return item
    if not isinstance(item, Tensor):
        raise DTypeError(f"{type(container).__name__}: holds parameters, got {_name(item)}")
    return Parameter(item)


def _describe(items: Mapping[str, Any]) -> str:
    return "\n".join(
        f"({name}): Parameter {item.dtype} {item.shape}" for name, item in items.items()
    )


def _name(item: Any) -> str:
    kind = f"the class {item.__name__}" if isinstance(item, type) else f"a {type(item).__name__}"
    return f"{kind}; write {item.__name__}(...)" if isinstance(item, type) else kind
