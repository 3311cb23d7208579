"""The table of all operations: what each is given, what it must return, and what it must refuse.

A row is a `Case`. `tests/test_ops.py` runs every check of `tests/checks.py` on every row, and fails
for an operation without one. The rows stand in one file for each file of ``autograd/ops``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Input:
    """A random array argument.

    ``low`` and ``high`` bound its values. ``apart``: all its values are that far from each other
    and from 0 (for operations with kinks or ties). Integer and bool dtypes are never
    differentiated."""

    shape: tuple[int, ...]
    low: float = -2.0
    high: float = 2.0
    dtype: str = "float64"
    apart: float = 0.0

    def draw(self, generator: np.random.Generator) -> np.ndarray[Any, Any]:
        """The array: float64, or of the integer or bool dtype asked for."""
        if self.dtype == "bool":
            return np.asarray(generator.random(self.shape) < 0.5)
        if self.dtype.startswith(("int", "uint")):
            integers = generator.integers(int(self.low), int(self.high), self.shape)
            return np.asarray(integers).astype(self.dtype)
        size = int(np.prod(self.shape))
        if self.apart:
            steps = np.arange(1, size + 1) * np.where(np.arange(size) % 2, 1, -1)
            values = generator.permutation(steps * self.apart)
            values = values if self.low < 0 else np.abs(values) + self.low
        else:
            values = generator.uniform(self.low, self.high, size)
        return np.asarray(values, np.float64).reshape(self.shape)


@dataclass(frozen=True)
class Bad:
    """Arguments that must be refused: the exception's class, and words of its message."""

    args: Sequence[Any]
    error: type[Exception]
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One operation on one kind of arguments.

    ``inputs``: the positional arguments; an `Input` is a random tensor, a list of them is passed as
    a list of tensors, anything else as it is. ``oracle``: the same on NumPy arrays, independently;
    None leaves it to PyTorch, which is asked in any case where ``torch`` (a dotted name below
    ``torch``, by default the operation's own) exists. ``elementwise``: shapes may be anything, so
    0-d, empty and broadcast inputs are tried too.
    """

    name: str
    function: Callable[..., Any]
    inputs: Sequence[Any]
    params: Mapping[str, Any] = field(default_factory=dict)
    oracle: Callable[..., Any] | None = None
    torch: str | None = ""  # "" for the name itself; None where PyTorch has no such function
    elementwise: bool = False
    differentiable: bool = True
    bad: Sequence[Bad] = ()


def all_cases() -> list[Case]:
    """The rows of all files tests/ops/*_cases.py."""
    files = sorted(Path(__file__).parent.glob("ops/*_cases.py"))
    modules = [import_module(f"tests.ops.{file.stem}") for file in files]
    return [case for module in modules for case in module.CASES]
