"""How the special functions are computed: in double precision, block by block, by region, from
polynomials."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from autograd.ops.checks import refuse_only_numbers

# A polynomial reads and writes its arrays once for each coefficient. Blocks of so many elements
# stay in the processor's cache while it does, which makes large arrays several times faster.
BLOCK = 1 << 15
LARGE = 1 << 17  # elements; of no more, a few arrays stay in the cache anyway

F = TypeVar("F", bound=Callable[..., Any])


def in_double(function: Callable[..., Any], *args: Any) -> Any:
    """``function`` of the broadcast ``args``, computed in float64, in the dtype of ``args``.

    Raises DTypeError if all of them are Python numbers, which have no dtype.
    """
    refuse_only_numbers(*args)
    dtype = np.result_type(*args)
    arrays = np.broadcast_arrays(*(np.asarray(arg) for arg in args))
    return in_blocks(
        lambda *blocks: function(*(block.astype(np.float64) for block in blocks)), dtype, arrays
    )


def in_blocks(function: Callable[..., Any], dtype: Any, arrays: Sequence[Any]) -> Any:
    """``function(*arrays)`` as ``dtype``, computed a block at a time; elementwise functions only.

    What is infinite or no number is meant to be: nothing is warned of.
    """
    with np.errstate(all="ignore"):
        if not arrays[0].ndim:  # NumPy would give a scalar, which is not written to in place
            return function(*(array.reshape(1) for array in arrays)).astype(dtype).reshape(())
        if arrays[0].size <= BLOCK:
            return function(*arrays).astype(dtype, copy=False)
        out = np.empty_like(arrays[0], dtype)
        order: Any = "K"
        if any(array.strides != out.strides for array in arrays):
            out, order = np.empty(out.shape, dtype), "C"
        flat, written = [array.ravel(order) for array in arrays], out.ravel(order)
        for start in range(0, out.size, BLOCK):
            block = slice(start, start + BLOCK)
            written[block] = function(*(array[block] for array in flat))
    return out


def blockwise(function: F) -> F:
    """A formula of the elements of its arguments, computed a block at a time where these are large
    arrays of one shape."""

    @functools.wraps(function)
    def computed(*args: Any) -> Any:
        first = args[0]
        if type(first) is not np.ndarray or first.size <= LARGE:
            return function(*args)
        return in_blocks(function, first.dtype, args)

    return computed  # type: ignore[return-value]  # it takes whatever the formula takes


def by_region(regions: Sequence[tuple[Any, Any]], *args: Any) -> Any:
    """Elementwise the value of the first region (a mask, and a function of ``args`` or a number)
    that an element lies in, or else NaN.

    >>> x = np.array([-1.0, 1.0, 4.0, np.nan])
    >>> by_region([(x < 0, 0.0), (x >= 0, np.sqrt)], x)
    array([ 0.,  1.,  2., nan])
    """
    out = np.full_like(args[0], np.nan)
    rest = np.ones(out.shape, bool)
    for mask, value in regions:
        chosen = rest & mask
        if chosen.any():
            out[chosen] = value(*(arg[chosen] for arg in args)) if callable(value) else value
            rest &= ~mask
    return out


def polynomial(coefficients: Sequence[Any], x: Any) -> Any:
    """``coefficients[0] + coefficients[1] * x + ...``, two or more of them, by Horner's scheme, in
    the dtype of ``x``.

    >>> polynomial((1.0, 2.0, 3.0), np.array([10.0]))
    array([321.])
    """
    out = x * coefficients[-1]
    for coefficient in coefficients[-2:0:-1]:
        out += coefficient
        out *= x
    out += coefficients[0]
    return out
