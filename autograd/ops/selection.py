"""Choosing elements by a condition."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import to_common
from autograd.core.variable import Array, Variable, unwrap
from autograd.errors import DTypeError


@primitive(
    x=lambda g, condition: _where(condition, g, 0),
    y=lambda g, condition: _where(condition, 0, g),
)
def _where(condition: Array, x: Array, y: Array) -> Array:
    """``x`` where ``condition`` holds, ``y`` elsewhere, broadcasting."""
    return np.where(condition, x, y)


def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """``x`` where ``condition`` holds, ``y`` elsewhere, broadcasting. With ``condition`` alone: its non-zero indices.

    Raises DTypeError unless ``condition`` is bool.

    >>> import autograd
    >>> autograd.where(autograd.tensor([True, False]), autograd.tensor([1.0, 2.0]), 0.0)
    tensor([1., 0.])
    """
    if x is None and y is None:
        return tuple(Variable.result_class.nonzero(condition).unbind(1))
    if unwrap(condition).dtype.kind not in "bu":
        raise DTypeError(f"where: condition must be bool, got {unwrap(condition).dtype}; compare first: x != 0")
    return _where(condition, *to_common((x, y)))


# -- zeros that must stay zero ----------------------------------------------------------------------------------------


@primitive(gradient=lambda g, gradient, upstream: _where(_is_unused(gradient, upstream), 0, g))
def zero_if_unused(gradient: Array, upstream: Array) -> Array:
    """``gradient``, but 0 where it is not finite although the ``upstream`` gradient it was made from is 0.

    Zero times infinity is no number. But an upstream gradient of 0 says that the result does not matter there:
    ``where(x > 0, sqrt(x), 0)`` has derivative 0 at 0, whatever sqrt's is. Rules with a singularity end in this.
    """
    unused = _is_unused(gradient, upstream)
    return np.where(unused, gradient.dtype.type(0), gradient) if np.any(unused) else gradient


@primitive()
def _is_unused(gradient: Array, upstream: Array) -> Array:
    return ~np.isfinite(gradient) & (upstream == 0)
