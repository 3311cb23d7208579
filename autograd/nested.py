"""Nested tuples, lists and dicts of tensors, as the arguments and results of functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograd.core.variable import Variable
from autograd.errors import DTypeError


def leaves(tree: Any) -> Iterator[Any]:
    """What stands in ``tree`` at the ends, in order.

    >>> list(leaves({"a": (1, 2), "b": [3]}))
    [1, 2, 3]
    """
    if isinstance(tree, dict):
        for item in tree.values():
            yield from leaves(item)
    elif isinstance(tree, (tuple, list)):
        for item in tree:
            yield from leaves(item)
    else:
        yield tree


def rebuild(tree: Any, values: Iterator[Any]) -> Any:
    """A tree like ``tree``, with ``values`` at the ends.

    >>> rebuild({"a": (1, 2), "b": [3]}, iter("xyz"))
    {'a': ('x', 'y'), 'b': ['z']}
    """
    if isinstance(tree, dict):
        return {key: rebuild(item, values) for key, item in tree.items()}
    if isinstance(tree, (tuple, list)):
        items = [rebuild(item, values) for item in tree]
        return type(tree)(*items) if hasattr(tree, "_fields") else type(tree)(items)
    return next(values)


def mapped(function: Callable[..., Any], *trees: Any) -> Any:
    """A tree like the first, of ``function`` of what stands at the same place in all of them."""
    return rebuild(trees[0], map(function, *map(leaves, trees)))


def tensors(operation: str, name: str, tree: Any) -> list[Any]:
    """The leaves of ``tree``. Raises DTypeError unless all of them are tensors."""
    found = list(leaves(tree))
    for leaf in found:
        if not isinstance(leaf, Variable):
            raise DTypeError(
                f"{operation}: {name} must be a tensor, or tuples, lists and dicts of tensors; "
                f"there is a {type(leaf).__name__} in it"
            )
    return found


def check_alike(operation: str, name: str, tree: Any, like: str, other: Any) -> Sequence[Any]:
    """The leaves of ``tree``. Raises DTypeError unless they are tensors with the shapes and dtypes
    of those of ``other``, nested as they are."""
    found, wanted = tensors(operation, name, tree), list(leaves(other))
    shapes = mapped(lambda leaf: (leaf.shape, str(leaf.dtype)), tree)
    wanted_shapes = mapped(lambda leaf: (leaf.shape, str(leaf.dtype)), other)
    if len(found) != len(wanted) or shapes != wanted_shapes:
        raise DTypeError(
            f"{operation}: {name} must be nested, shaped and typed as {like}: {wanted_shapes}, "
            f"not {shapes}"
        )
    return found
