"""`formula`: a part of a rule that a kernel may compute at once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from autograd.core.variable import Variable


class Formula:
    """A function written in operators and operations, and what runs it on plain arrays: itself, or
    a kernel (see `autograd.kernels`)."""

    def __init__(self, implementation: Callable[..., Any]) -> None:
        self.name = implementation.__name__.strip("_")
        self.implementation = implementation
        self.run = implementation


def formula(function: Callable[..., Any]) -> Any:
    """Let a kernel stand in for ``function``, by which rules compute gradients.

    Only on plain arrays: tensors, which a rule gets under ``create_graph``, always go through the
    operators, so that what is recorded can be differentiated again, and no kernel needs rules.

    >>> from autograd.core.formula import formula
    >>> @formula
    ... def double(x):
    ...     return x + x
    >>> double(2)
    4
    """
    this = Formula(function)

    def apply(*args: Any) -> Any:
        for arg in args:
            # The gradient of an operation with several outputs is a tuple.
            if isinstance(arg[0] if type(arg) is tuple and arg else arg, Variable):
                return function(*args)
        return this.run(*args)

    functools.update_wrapper(apply, function)
    apply.primitive = this  # type: ignore[attr-defined]  # as that of an operation
    return apply
