"""Filling a tensor with random numbers in place.

Each takes a `Generator` to draw from, gives what the tensor was computed from the gradient 0, and
raises GraphError for a leaf that requires grad. Those of continuous distributions raise DTypeError
for integer tensors.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core import inplace
from autograd.core.variable import make
from autograd.dtypes import DIFFERENTIABLE, FLOATING, finfo
from autograd.errors import DTypeError
from autograd.generator import Generator, stream_of
from autograd.ops.filling import copy
from autograd.random import coins, draw, integers, require, whole_numbers


def _fill(x: Any, array: Any, name: str) -> Any:
    """Write ``array`` into ``x``: its gradient is 0. Raises GraphError if a leaf requires grad."""
    if inplace.is_recorded((x, inplace.base_of(x))):
        inplace.refuse_unless_rebindable(x, name)
        result = copy(inplace.snapshot(x), make(array))
        inplace.write(x, result._array, name)
        inplace.rebind(x, result, name)
    else:
        inplace.write(x, array, name)
    return x


def _continuous(x: Any, name: str) -> Any:
    """The array of ``x``, whose dtype must be floating."""
    if x._array.dtype not in DIFFERENTIABLE:
        raise DTypeError(
            f"{name}: x is {x._array.dtype}, but the distribution is continuous; use float()"
        )
    return x._array


def uniform_(x: Any, from_: float = 0, to: float = 1, *, generator: Generator | None = None) -> Any:
    """Fill ``x`` with numbers uniform in ``[from_, to)``. Raises ShapeError if ``from_ > to``."""
    array = _continuous(x, "uniform_")
    most = finfo(array.dtype).max
    require(-most <= from_ <= to <= most, f"uniform_: needs from <= to, got {from_} and {to}")
    numbers = draw("random", array.shape, array.dtype, generator)
    numbers *= to - from_
    numbers += from_
    return _fill(x, numbers, "uniform_")


def normal_(x: Any, mean: float = 0, std: float = 1, *, generator: Generator | None = None) -> Any:
    """Fill ``x`` with normal numbers. Raises ShapeError for a negative ``std``."""
    array = _continuous(x, "normal_")
    require(std >= 0, f"normal_: std must not be negative, got {std}")
    numbers = draw("standard_normal", array.shape, array.dtype, generator)
    numbers *= std
    numbers += mean
    return _fill(x, numbers, "normal_")


def bernoulli_(x: Any, p: Any = 0.5, *, generator: Generator | None = None) -> Any:
    """Fill ``x`` with 1 with probability ``p`` (a number, or a tensor of them), else 0.

    Raises DTypeError if ``x`` is complex.
    """
    if x._array.dtype.kind == "c":
        raise DTypeError("bernoulli_: x is complex; fill a real tensor, and convert it")
    ones = coins(p, x._array.shape, generator)
    return _fill(x, ones.astype(x._array.dtype), "bernoulli_")


def exponential_(x: Any, lambd: float = 1, *, generator: Generator | None = None) -> Any:
    """Fill ``x`` with exponential numbers of rate ``lambd > 0``. Raises ShapeError for others."""
    array = _real("exponential_", x)
    require(lambd > 0, f"exponential_: the rate must be positive, got {lambd}")
    numbers = draw("standard_exponential", array.shape, array.dtype, generator)
    numbers /= lambd
    return _fill(x, numbers, "exponential_")


def random_(
    x: Any, from_: Any = None, to: Any = None, *, generator: Generator | None = None
) -> Any:
    """Fill ``x`` with integers uniform in ``[from_, to)``: ``random_(to)``, ``random_(from_, to)``.

    Without a range: up to the last integer that the dtype can hold without rounding.
    """
    dtype = x._array.dtype
    if to is None:
        from_, to = (
            0,
            (0 if dtype.kind == "c" else whole_numbers(dtype)) if from_ is None else from_,
        )
    numbers = integers(
        "random_", 0 if from_ is None else from_, to, x._array.shape, dtype, generator
    )
    return _fill(x, numbers, "random_")


# -- less usual distributions ----------------------------------------------------------------------


def log_normal_(
    x: Any, mean: float = 1, std: float = 2, *, generator: Generator | None = None
) -> Any:
    """Fill ``x`` with numbers whose logarithms are normal. Raises ShapeError unless ``std > 0``."""
    array = _real("log_normal_", x)
    require(std > 0, f"log_normal_: std must be positive, got {std}")
    numbers = np.exp(draw("standard_normal", array.shape, array.dtype, generator) * std + mean)
    return _fill(x, numbers.astype(array.dtype), "log_normal_")


def cauchy_(
    x: Any, median: float = 0, sigma: float = 1, *, generator: Generator | None = None
) -> Any:
    """Fill ``x`` with numbers of the Cauchy distribution of width ``sigma``.

    Raises ShapeError unless ``sigma > 0``.
    """
    array = _real("cauchy_", x)
    require(sigma > 0, f"cauchy_: sigma must be positive, got {sigma}")
    # The tangent of a uniform angle, in double precision, where that of a right one is finite.
    angles = np.pi * (draw("random", array.shape, np.dtype(np.float64), generator) - 0.5)
    return _fill(x, (median + sigma * np.tan(angles)).astype(array.dtype), "cauchy_")


def geometric_(x: Any, p: float, *, generator: Generator | None = None) -> Any:
    """Fill ``x`` with how often one has to try until the first success of probability ``p``.

    Raises ShapeError unless ``0 < p < 1``.
    """
    require(0 < p < 1, f"geometric_: p must lie between 0 and 1, got {p}")
    if x._array.dtype.kind not in "fiu":
        raise DTypeError(f"geometric_: x is {x._array.dtype}, which holds no counts")
    counts = stream_of(generator).geometric(p, x._array.shape)
    return _fill(x, np.asarray(counts).astype(x._array.dtype), "geometric_")


def _real(name: str, x: Any) -> Any:
    """The array of ``x``, whose dtype must be a real floating one."""
    if x._array.dtype not in FLOATING:
        raise DTypeError(f"{name}: x must be of a real floating dtype, got {x._array.dtype}")
    return x._array
