"""Divisors and multiples of integers."""

from __future__ import annotations

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import to_common
from autograd.core.variable import Array
from autograd.ops.checks import needing_tensors, refuse_kind

REMEDY = "convert to an integer dtype first: x.to(autograd.int64)"


@needing_tensors(2)
@primitive(promote=to_common)
def gcd(x: Array, y: Array) -> Array:
    """The greatest common divisor, elementwise, broadcasting; that of 0 and 0 is 0.

    Raises DTypeError unless both are integers.

    >>> import autograd
    >>> autograd.gcd(autograd.tensor([12, -8, 0]), autograd.tensor([18, 12, 5]))
    tensor([6, 4, 5])
    """
    refuse_kind("bfc", x, REMEDY)
    return np.gcd(x, y)


@needing_tensors(2)
@primitive(promote=to_common)
def lcm(x: Array, y: Array) -> Array:
    """The least common multiple, elementwise, broadcasting; that of 0 and anything is 0.

    Raises DTypeError unless both are integers.

    >>> import autograd
    >>> autograd.lcm(autograd.tensor([4, -6, 0]), autograd.tensor([6, 4, 5]))
    tensor([12, 12,  0])
    """
    refuse_kind("bfc", x, REMEDY)
    return np.lcm(x, y)
