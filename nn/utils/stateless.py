"""`functional_call`: a module as a function of its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any

from autograd._tensor import Tensor
from autograd.errors import DTypeError, ShapeError
from nn.module import Module

Tensors = MutableMapping[str, Tensor]

_ABSENT: Any = object()


def functional_call(
    module: Module,
    parameters_and_buffers: Tensors | Sequence[Tensors],
    args: Any = None,
    kwargs: Mapping[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """``module(*args, **kwargs)`` with other tensors in place of its parameters and buffers, by
    name: a dict, or several.

    One argument need not be in a tuple. The module keeps its own tensors; what it changes in place,
    such as a running mean, is the given one. ``tie_weights``: a tensor that the module has under
    several names is replaced under all. ``strict``: raise ShapeError unless exactly the names of
    the module are given. Raises ShapeError for two values of one tensor.

    >>> import autograd, nn
    >>> layer = nn.Dense(1, 1)
    >>> weights = {"weight": autograd.tensor([[2.0]]), "bias": autograd.tensor([1.0])}
    >>> nn.functional_call(layer, weights, autograd.tensor([3.0]))
    tensor([7.])
    """
    given = _merged(parameters_and_buffers)
    values = _tied(module, given) if tie_weights else dict(given)
    if strict:
        _check_names(module, values)
    positional = () if args is None else args if isinstance(args, tuple) else (args,)
    with _replaced(module, values):
        result = module(*positional, **(kwargs or {}))
    # A module may have put a new tensor in the place of a buffer.
    given.update({name: values[name] for name in given})
    return result


def _merged(dicts: Any) -> Tensors:
    if isinstance(dicts, MutableMapping):
        return dicts
    if not isinstance(dicts, Sequence) or not all(isinstance(each, Mapping) for each in dicts):
        raise DTypeError(
            f"functional_call: needs a dict of tensors by name, or several, got "
            f"{type(dicts).__name__}"
        )
    merged = {name: value for each in dicts for name, value in each.items()}
    if len(merged) != sum(map(len, dicts)):
        raise ShapeError("functional_call: a name is in more than one of the dicts")
    return merged


def _tensors(module: Module) -> dict[str, Tensor]:
    """The parameters and buffers under all their names."""
    return {
        **dict(module.named_parameters(remove_duplicate=False)),
        **dict(module.named_buffers(remove_duplicate=False)),
    }


def _tied(module: Module, given: Tensors) -> dict[str, Any]:
    """``given``, and each of its values under the other names of the tensor that it replaces."""
    aliases: dict[int, list[str]] = {}
    for name, tensor in _tensors(module).items():
        aliases.setdefault(id(tensor), []).append(name)
    values = dict(given)
    for names in aliases.values():
        found = [given[name] for name in names if name in given]
        if any(value is not found[0] for value in found):
            raise ShapeError(
                f"functional_call: {' and '.join(names)} are one tensor, for which several values "
                "are given; pass one, or tie_weights=False"
            )
        if found:
            values.update(dict.fromkeys(names, found[0]))
    return values


def _check_names(module: Module, values: Mapping[str, Any]) -> None:
    names = _tensors(module)
    missing = [name for name in names if name not in values]
    unexpected = [name for name in values if name not in names]
    if missing or unexpected:
        raise ShapeError(
            f"functional_call: the names do not fit {type(module).__name__}: missing are "
            f"{missing or 'none'}, unexpected {unexpected or 'none'}"
        )


@contextmanager
def _replaced(module: Module, values: dict[str, Any]) -> Iterator[None]:
    """Put ``values`` into ``module`` for the duration; afterwards they are what was there at the
    end."""
    places = {name: _place(module, name) for name in values}
    own = {name: _get(*place) for name, place in places.items()}
    try:
        for name, value in values.items():
            _set(*places[name], value)
        yield
    finally:
        for name, value in own.items():
            values[name] = _get(*places[name])
            _set(*places[name], value)


def _place(module: Module, name: str) -> tuple[Any, Any]:
    """The dict or list that holds the tensor ``name``, and where in it."""
    *path, last = name.split(".")
    holder: Any = vars(module)
    for i, part in enumerate(path):
        held = holder.get(part) if isinstance(holder, dict) else holder[int(part)]
        holder = vars(held) if isinstance(held, Module) else held
        if not isinstance(holder, (dict, list)):
            where = ".".join(path[: i + 1])
            raise AttributeError(
                f"functional_call: {type(module).__name__} has no {name!r} that can be replaced: "
                f"{where!r} is no module, list or dict"
            )
    return holder, last if isinstance(holder, dict) else int(last)


def _get(holder: Any, key: Any) -> Any:
    return holder.get(key, _ABSENT) if isinstance(holder, dict) else holder[key]


def _set(holder: Any, key: Any, value: Any) -> None:
    if value is _ABSENT:
        del holder[key]
    else:
        holder[key] = value
