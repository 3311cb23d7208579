"""Faster implementations of single operations, for those who choose them.

A set of kernels is a dict: for an operation, or a formula that rules use, a function of the same
signature, which computes the same, or declines by returning ``NotImplemented``; then the definition
runs. Operations know nothing of kernels: what they call, ``Primitive.run`` or ``Formula.run``, is
exchanged. The update rules of optimizers, which are neither, are entered by their names, such as
``"optim.adam.Adam.rule"``, and looked up with `find`.
"""

from __future__ import annotations

import functools
import importlib
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from autograd.core.formula import Formula
from autograd.core.primitive import Primitive
from autograd.errors import ShapeError

Kernel = Callable[..., Any]

# The sets, and the modules whose KERNELS they are; one is imported when it is chosen.
SETS = {"numba": "autograd.kernels.compiled"}

_lock = threading.Lock()
_chosen: str | None = None
_definitions: list[Primitive | Formula] = []  # those that kernels stand in for
_rules: dict[str, Kernel] = {}


class Choice:
    """What `use` returns: a context manager that ends with the kernels of before."""

    def __init__(self, previous: str | None) -> None:
        self._previous = previous

    def __enter__(self) -> None:
        """Nothing: the kernels are in use already."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        use(self._previous)


def use(name: str | None) -> Choice:
    """Compute with the kernels called ``name``, or with the definitions alone for None.

    This holds for all threads, until the next call, or for the block if it is used as a context
    manager. ``"numba"``: compiled by Numba, which ``pip install 'retrograd[fast]'`` installs; what
    is compiled is kept on disk for the next program. Set by ``RETROGRAD_KERNELS=numba`` in the
    environment too. Raises ShapeError for other names, ImportError where Numba is missing.

    >>> import autograd
    >>> with autograd.kernels.use(None):
    ...     print(autograd.kernels.chosen())
    None
    """
    global _chosen, _rules
    kernels = {} if name is None else _load(name)
    with _lock:
        choice = Choice(_chosen)
        for definition in _definitions:
            definition.run = definition.implementation
        _definitions[:] = [key for key in kernels if not isinstance(key, str)]
        for definition in _definitions:
            definition.run = _preferring(kernels[definition], definition.implementation)
        _rules = {key: kernel for key, kernel in kernels.items() if isinstance(key, str)}
        _chosen = name
    return choice


def chosen() -> str | None:
    """The name of the kernels in use, or None."""
    return _chosen


def find(rule: str) -> Kernel | None:
    """The kernel in use for the update rule of an optimizer, if there is one."""
    return _rules.get(rule)


def _load(name: str) -> Mapping[Primitive | Formula | str, Kernel]:
    if name not in SETS:
        raise ShapeError(f"kernels.use: {name!r} is not one of {', '.join(map(repr, SETS))}, None")
    return importlib.import_module(SETS[name]).KERNELS  # type: ignore[no-any-return]  # any module's


def _preferring(kernel: Kernel, definition: Kernel) -> Kernel:
    """``kernel``, and ``definition`` where it declines."""

    @functools.wraps(definition)
    def run(*args: Any, **params: Any) -> Any:
        out = kernel(*args, **params)
        return definition(*args, **params) if out is NotImplemented else out

    return run
