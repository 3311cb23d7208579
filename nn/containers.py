"""Modules that hold other modules or parameters: in a chain, a list, or by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Generic, Self, TypeVar

from autograd._tensor import Tensor
from autograd.errors import DimensionError, DTypeError, ShapeError
from nn.module import Module
from nn.parameter import Parameter

T = TypeVar("T")


class _List(Module, Generic[T]):
    """Items under the names "0", "1", ..., which are attributes, so that the walk of `Module` finds
    them."""

    def _accept(self, item: Any) -> Any:
        return _module_or_none(self, item)

    def _put(self, name: str, item: Any) -> None:
        self.register_module(name, self._accept(item))

    def _items(self) -> dict[str, Any]:
        return {name: item for name, item in vars(self).items() if name.isdigit()}

    def _replace(self, items: Iterable[Any]) -> None:
        """Hold ``items`` instead, renumbered."""
        accepted = [self._accept(item) for item in items]
        for name in self._items():
            delattr(self, name)
        for i, item in enumerate(accepted):
            self._put(str(i), item)

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
        self._put(self._name_of(index), item)

    def __delitem__(self, index: int | slice) -> None:
        if not isinstance(index, slice):
            self._name_of(index)  # raises for one that is not there
        items = list(self)
        del items[index]
        self._replace(items)

    def append(self, item: T) -> Self:
        """Add ``item`` at the end; return the container."""
        self._put(str(len(self)), item)
        return self

    def extend(self, items: Iterable[T]) -> Self:
        """Add ``items`` at the end; return the container."""
        given: Any = items
        if not isinstance(given, Iterable) or isinstance(given, Tensor):
            raise DTypeError(f"{type(self).__name__}: extend needs an iterable, got {_name(given)}")
        for item in list(items):
            self.append(item)
        return self

    def insert(self, index: int, item: T) -> Self:
        """Put ``item`` before the one at ``index``; return the container."""
        items = list(self)
        items.insert(index, item)
        self._replace(items)
        return self

    def pop(self, index: int | slice = -1) -> Any:
        """Take the item at ``index``, or those of a slice, out and return it."""
        item = self[index]
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
                self._put(name, module)
        else:
            if len(modules) == 1 and isinstance(modules[0], (list, tuple)):
                raise DTypeError(
                    "Sequential: takes modules one by one, got a list; write Sequential(*modules)"
                )
            self._replace(modules)

    def _accept(self, item: Any) -> Any:
        if item is None:
            raise DTypeError(f"{type(self).__name__}: holds modules, got None; use nn.Identity()")
        return super()._accept(item)

    def _items(self) -> dict[str, Any]:
        return {name: item for name, item in vars(self).items() if isinstance(item, Module)}

    def forward(self, x: Any) -> Any:
        for module in tuple(vars(self).values()):
            if isinstance(module, Module):
                x = module(x)
        return x

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return type(self)(dict(list(self._items().items())[index]))
        return super().__getitem__(index)

    def insert(self, index: int, module: Module) -> Self:
        """Put ``module`` before the one at ``index``; return the container."""
        if not -len(self) <= index <= len(self):
            raise DimensionError(
                f"{type(self).__name__}: index {index} is out of range; there are {len(self)} items"
            )
        return super().insert(index, module)

    def __add__(self, items: Iterable[Module]) -> Sequential:
        return Sequential(*self, *items)

    def __mul__(self, times: int) -> Sequential:
        """The same modules ``times`` times in a row."""
        self._check_times(times)
        return Sequential(*list(self) * times)

    __rmul__ = __mul__

    def __imul__(self, times: int) -> Self:
        self._check_times(times)
        return self.extend(list(self) * (times - 1))

    def _check_times(self, times: Any) -> None:
        if not isinstance(times, int):
            raise DTypeError(f"{type(self).__name__}: can be multiplied by an int, not {times!r}")
        if times < 1:
            raise ShapeError(f"{type(self).__name__}: can't be repeated {times} times")


class ModuleList(_List[Module]):
    """A list of modules, or of None. (A plain list as an attribute of a module does as well.)"""

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        self.extend(() if modules is None else modules)

    def _shown_children(self) -> list[tuple[str, str]]:
        """Neighbours that look the same are shown once, as ``(0-2): 3 x Dense(...)``."""
        shown, start = [], 0
        for text, group in groupby(repr(item) for item in self):
            count = len(list(group))
            last = start + count - 1
            shown.append(
                (f"{start}-{last}", f"{count} x {text}") if count > 1 else (f"{start}", text)
            )
            start += count
        return shown


class ParameterList(_List[Any]):
    """A list of parameters; tensors become parameters, anything else is kept as it is."""

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        self.extend(() if values is None else values)

    def _accept(self, item: Any) -> Any:
        return _as_parameter(item)

    def _put(self, name: str, item: Any) -> None:
        setattr(self, name, self._accept(item))

    def extra_repr(self) -> str:
        return _describe(self._items())


class _Dict(Module, Generic[T]):
    """Items by name, which are attributes, so that the walk of `Module` finds them."""

    def _put(self, key: str, item: Any) -> None:
        self.register_module(key, _module_or_none(self, item))

    def _keys(self) -> dict[str, None]:
        """The names, in their order. Attributes of other names are not among the items."""
        keys: dict[str, None] = vars(self).setdefault("_held", {})
        return keys

    def _items(self) -> dict[str, Any]:
        return {key: vars(self)[key] for key in self._keys()}

    def __getitem__(self, key: str) -> T:
        item: T = self._items()[key]
        return item

    def __setitem__(self, key: str, item: T) -> None:
        self._put(key, item)
        self._keys()[key] = None

    def __delitem__(self, key: str) -> None:
        del self._keys()[key]  # raises KeyError for what is no item
        delattr(self, key)

    def __len__(self) -> int:
        return len(self._keys())

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys())

    def __reversed__(self) -> Iterator[str]:
        return reversed(self._keys())

    def __contains__(self, key: object) -> bool:
        return key in self._keys()

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
        """Put in all ``items``: a dict, or pairs of name and item."""
        pairs = items.items() if hasattr(items, "items") else items
        if not isinstance(pairs, Iterable):
            raise DTypeError(
                f"{type(self).__name__}: update needs a dict or pairs of name and item, got "
                f"{_name(items)}"
            )
        for pair in pairs:
            if not isinstance(pair, Iterable):
                raise DTypeError(f"{type(self).__name__}: {pair!r} is no pair of name and item")
            pair = tuple(pair)
            if len(pair) != 2:
                raise ShapeError(f"{type(self).__name__}: {pair!r} is no pair of name and item")
            self[pair[0]] = pair[1]

    def pop(self, key: str) -> T:
        """Take the item ``key`` out and return it."""
        item = self[key]
        del self[key]
        return item

    def clear(self) -> None:
        """Take all items out."""
        for key in tuple(self._keys()):
            del self[key]


class ModuleDict(_Dict[Module]):
    """Modules, or None, by name. (A plain dict as an attribute of a module does as well.)"""

    def __init__(self, modules: Any = None) -> None:
        self.update(() if modules is None else modules)


class ParameterDict(_Dict[Any]):
    """Parameters by name; tensors become parameters, anything else is kept as it is.

    A plain dict is taken in the order of its sorted names, as in PyTorch, other mappings and pairs
    in their own.

    >>> import autograd, nn
    >>> nn.ParameterDict({"b": autograd.ones(2), "a": autograd.ones(3)}).keys()
    dict_keys(['a', 'b'])
    """

    def __init__(self, parameters: Any = None) -> None:
        self.update(() if parameters is None else parameters)

    def _put(self, key: str, item: Any) -> None:
        if not isinstance(key, str):
            raise DTypeError(f"ParameterDict: a name must be a string, got {_name(key)}")
        if hasattr(type(self), key):
            raise KeyError(f"ParameterDict: the class has an attribute {key!r}; use another name")
        setattr(self, key, _as_parameter(item))

    def update(self, items: Any) -> None:
        """Put in all ``items``: a dict, in the order of its sorted names, or pairs."""
        super().update(sorted(items.items(), key=_first) if type(items) is dict else items)

    def copy(self) -> ParameterDict:
        """Another of the same parameters."""
        return ParameterDict(self.items())

    def setdefault(self, key: str, default: Any = None) -> Any:
        """The item ``key``; if there is none, ``default``, which is put in."""
        if key not in self:
            self[key] = default
        return self[key]

    def popitem(self) -> tuple[str, Any]:
        """Take the last item out and return its name and it."""
        if not len(self):
            raise KeyError("ParameterDict: popitem: there are no items")
        key = next(reversed(self))
        return key, self.pop(key)

    def fromkeys(self, keys: Iterable[str], default: Any = None) -> ParameterDict:
        """A new one, with ``default`` under all ``keys``."""
        return ParameterDict((key, default) for key in keys)

    def __or__(self, other: Any) -> ParameterDict:
        return _joined(self, other)

    def __ror__(self, other: Any) -> ParameterDict:
        return _joined(other, self)

    def __ior__(self, other: Any) -> Self:
        self.update(other)
        return self

    def extra_repr(self) -> str:
        return _describe(self._items())


def _module_or_none(container: Module, item: Any) -> Any:
    if item is not None and not isinstance(item, Module):
        raise DTypeError(f"{type(container).__name__}: holds modules, got {_name(item)}")
    return item


def _as_parameter(item: Any) -> Any:
    """``item`` as a parameter, if it is a tensor."""
    return Parameter(item) if isinstance(item, Tensor) and not isinstance(item, Parameter) else item


def _joined(first: Any, second: Any) -> ParameterDict:
    result = ParameterDict(first)
    result.update(second)
    return result


def _first(pair: tuple[str, Any]) -> str:
    return pair[0]


def _describe(items: Mapping[str, Any]) -> str:
    """A line for each item, in PyTorch's layout."""
    return "\n".join(f"  ({name}): {_description(item)}" for name, item in items.items())


def _description(item: Any) -> str:
    if not isinstance(item, Tensor):
        return f"Object of type: {type(item).__name__}"
    return f"Parameter containing: [{item.dtype} of size {'x'.join(map(str, item.shape))}]"


def _name(item: Any) -> str:
    kind = f"the class {item.__name__}" if isinstance(item, type) else f"a {type(item).__name__}"
    return f"{kind}; write {item.__name__}(...)" if isinstance(item, type) else kind
