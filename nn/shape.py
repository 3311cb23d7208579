"""Modules that only change the shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd._tensor import Tensor
from autograd.errors import DTypeError
from autograd.ops.shaping import flatten, unflatten
from nn.options import Options


class Flatten(Options):
    """The dims from ``start_dim`` to ``end_dim`` as one; by default, all but the batch.

    >>> import autograd, nn
    >>> nn.Flatten()(autograd.ones(2, 3, 4)).shape
    (2, 12)
    """

    _shown = ("start_dim", "end_dim")

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, x: Tensor) -> Any:
        return flatten(x, self.start_dim, self.end_dim)


class Unflatten(Options):
    """The dim ``dim`` as several, of sizes ``unflattened_size``, one of which may be -1.

    >>> import autograd, nn
    >>> nn.Unflatten(1, (3, 4))(autograd.ones(2, 12)).shape
    (2, 3, 4)
    """

    _shown = ("dim", "unflattened_size")

    def __init__(self, dim: int, unflattened_size: Sequence[int]) -> None:
        if not isinstance(unflattened_size, (tuple, list)) or not all(
            isinstance(size, int) for size in unflattened_size
        ):
            raise DTypeError(
                f"Unflatten: unflattened_size must be a tuple of ints, got {unflattened_size!r}"
            )
        if not isinstance(dim, int):
            raise DTypeError(f"Unflatten: dim must be an int, got {dim!r}")
        self.dim, self.unflattened_size = dim, tuple(unflattened_size)

    def forward(self, x: Tensor) -> Any:
        return unflatten(x, self.dim, self.unflattened_size)
