"""`Size`: the shape of a tensor, a tuple that knows how many elements there are."""

from __future__ import annotations

import math
import operator
from typing import Any, SupportsIndex, overload

from autograd.core.variable import unwrap
from autograd.errors import DimensionError, DTypeError, describe


class Size(tuple[int, ...]):
    """The size of each dim: a tuple, equal to any other of the same numbers.

    >>> size = Size([2, 3, 4])
    >>> size, size.numel(), size[1:].numel()
    ((2, 3, 4), 24, 12)
    """

    __slots__ = ()

    def numel(self) -> int:
        """The number of elements of a tensor of this shape."""
        return math.prod(self)

    @overload
    def __getitem__(self, index: SupportsIndex) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Size: ...
    def __getitem__(self, index: Any) -> Any:
        found = tuple.__getitem__(self, index)
        return Size(found) if isinstance(index, slice) else found

    def __add__(self, other: Any) -> Any:
        return Size(tuple(self) + tuple(other)) if isinstance(other, tuple) else NotImplemented

    def __radd__(self, other: Any) -> Any:
        return Size(tuple(other) + tuple(self)) if isinstance(other, tuple) else NotImplemented

    def __mul__(self, count: Any) -> Any:
        return Size(tuple(self) * count)

    __rmul__ = __mul__


def entry(sizes: tuple[int, ...], dim: Any, name: str) -> int:
    """That of ``sizes`` which belongs to ``dim``. Raises DimensionError if there is none."""
    if isinstance(dim, bool) or not hasattr(dim, "__index__"):
        raise DTypeError(f"{name}: dim must be an integer, got {describe(unwrap(dim))}")
    place: int = operator.index(dim)
    if not -len(sizes) <= place < len(sizes):
        raise DimensionError(f"{name}: there is no dim {place} in a tensor of {len(sizes)} dims")
    return sizes[place]
