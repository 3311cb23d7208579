"""The same program run with PyTorch and with the library, and what comes of it compared.

A program is source text in PyTorch's words: ``torch`` in it is the one library or the other. What
it comes to is the value of its last line, or the exception that ended it."""

from __future__ import annotations

import ast
import copy
import functools
import itertools
import math
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch

import autograd
from tests.parity.translate import FOREIGN, differences

LIBRARIES = (autograd, torch)


def grid(template: str, **choices: Sequence[str]) -> list[str]:
    """``template`` with every combination of ``choices`` for the names in its braces."""
    names = choices.keys()
    return [
        functools.reduce(
            lambda text, pair: text.replace(*pair), zip(map("{{{}}}".format, names), row), template
        )
        for row in itertools.product(*choices.values())
    ]


def words(text: str) -> list[str]:
    """What stands between the bars of ``text``."""
    return [word.strip() for word in text.split("|")]


def programs(lines: str, before: str = "") -> list[str]:
    """The programs that stand in ``lines``, one in each, after the statements ``before``."""
    return [before + line.strip() for line in lines.strip().splitlines()]


@functools.cache
def _compiled(source: str) -> tuple[Any, Any]:
    """All statements but the last, and the last one as an expression."""
    tree = ast.parse(source)
    last = tree.body.pop()
    if not isinstance(last, ast.Expr):
        raise SyntaxError(f"the last line of a program is its value: {source}")
    return compile(tree, source, "exec"), compile(ast.Expression(last.value), source, "eval")


def run(source: str, library: Any) -> tuple[Any, Exception | None]:
    """The value of the last line of ``source``, or the exception raised on the way."""
    names = {"torch": library, "np": np, "math": math, "copy": copy}
    statements, value = _compiled(source)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            exec(statements, names)
            return eval(value, names), None
        except Exception as error:
            return None, error


def disagreements(source: str) -> list[str]:
    """How the library's outcome of ``source`` differs from PyTorch's."""
    (got, error), (expected, refusal) = (run(source, library) for library in LIBRARIES)
    if refusal is not None:
        if error is None:
            return [f"should raise {type(refusal).__name__}: {refusal}, but gives {got!r}"]
        known = (autograd.AutogradError, AttributeError, TypeError, type(refusal))
        if not isinstance(error, known):
            return [f"raises an unexplained {type(error).__name__}: {error}"]
        return []
    if error is not None:
        return [f"raises {type(error).__name__}: {error}, not {expected!r}"]
    return list(_differences(got, expected))


def all_disagreements(sources: Sequence[str]) -> list[str]:
    """Those of all ``sources``, each with its program."""
    return [f"{source}\n    {line}" for source in sources for line in disagreements(source)]


def _differences(got: Any, expected: Any) -> Iterator[str]:
    if isinstance(expected, torch.Size):
        if not isinstance(got, autograd.Size) or got != expected:
            yield f"{got!r}, not {expected!r}"
    elif isinstance(expected, (list, tuple)) and isinstance(got, (list, tuple)):
        if len(got) != len(expected):
            yield f"{len(got)} items, not {len(expected)}"
        for mine, theirs in zip(got, expected):
            yield from _differences(mine, theirs)
    elif isinstance(expected, torch.Tensor) and expected.dtype in FOREIGN:
        return  # a complex number of half precision, say: it has no counterpart
    elif isinstance(expected, torch.Tensor):
        yield from differences(got, expected)
        for name in ("requires_grad", "is_leaf"):
            if isinstance(got, autograd.Tensor) and getattr(got, name) != getattr(expected, name):
                yield f"{name} is {getattr(got, name)}"
    elif isinstance(expected, (torch.dtype, torch.device)):
        if expected not in FOREIGN and str(got) != str(expected).removeprefix("torch."):
            yield f"{got}, not {expected}"
    else:
        yield from _plain_differences(got, expected)


def _plain_differences(got: Any, expected: Any) -> Iterator[str]:
    """What differs between values that are none of PyTorch's."""
    if isinstance(expected, np.ndarray):
        if not isinstance(got, np.ndarray) or got.dtype != expected.dtype:
            yield f"{got!r}, not {expected!r}"
        else:
            yield from differences(autograd.from_numpy(got), torch.from_numpy(expected))
    elif type(got) is not type(expected):
        yield f"{got!r} ({type(got).__name__}), not {expected!r} ({type(expected).__name__})"
    elif isinstance(expected, (float, complex)):
        if not np.isclose(got, expected, 1e-6, 1e-6, equal_nan=True):
            yield f"{got!r}, not {expected!r}"
    elif isinstance(expected, (int, str)) and got != expected:
        yield f"{got!r}, not {expected!r}"
