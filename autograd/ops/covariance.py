"""How variables vary together: covariances and correlations."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.variable import array_of, unwrap
from autograd.errors import DTypeError, ShapeError
from autograd.ops.arithmetic import add, div, mul, sqrt, sub
from autograd.ops.complex_parts import _as_complex, conj, imag, real
from autograd.ops.diagonals import diagonal
from autograd.ops.magnitude import clamp
from autograd.ops.products import _swap_last, column, matmul
from autograd.ops.reduction import sum
from autograd.ops.shaping import reshape


def cov(input: Any, *, correction: int = 1, fweights: Any = None, aweights: Any = None) -> Any:
    """The covariances of variables, the rows of ``input``, of which each column is an observation:
    ``(n, k)`` to ``(n, n)``.

    A vector is one variable; its variance has no dims. ``fweights`` says how often each
    observation was made (integers), ``aweights`` how much it counts (floating). ``correction`` is
    taken from the number of observations, by which the sums of products are divided; where nothing
    is left the result is infinite or NaN. Raises ShapeError for more than 2 dims, and for weights
    that do not fit or are negative, DTypeError for their dtypes and for bools.

    >>> import autograd
    >>> autograd.cov(autograd.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    rows = _variables("cov", input)
    weights = _weights(fweights, aweights, array_of(rows).shape[1])
    number = array_of(rows).shape[1] or np.nan if weights is None else sum(weights)
    if weights is not None and not float(unwrap(number)):
        raise ShapeError("cov: the weights sum to 0; at least one must be positive")
    freedom = number - correction
    if aweights is not None and correction:
        freedom = number - div(correction * sum(mul(weights, aweights)), number)
    if float(unwrap(freedom)) <= 0:
        freedom = 0.0
    means = div(sum(_weighted(rows, weights), 1), number)
    centered = sub(rows, column(means))
    products = matmul(centered, _swap_last(conj(_weighted(centered, weights))))
    out = div(products, freedom)
    return reshape(out, ()) if array_of(out).shape == (1, 1) else out


def _variables(name: str, x: Any) -> Any:
    """``x`` as a matrix with a row for each variable."""
    array = array_of(x)
    if array.ndim > 2:
        raise ShapeError(
            f"{name}: needs at most 2 dims, variables and observations, got {array.shape}"
        )
    if array.dtype.kind == "b":
        raise DTypeError(f"{name}: not defined for bool; convert first: x.float()")
    return x if array.ndim == 2 else reshape(x, (1, array.size))


def _weights(fweights: Any, aweights: Any, size: int) -> Any:
    """The weights of the observations, or None if all count the same."""
    for name, weights, kinds in (("fweights", fweights, "iu"), ("aweights", aweights, "f")):
        if weights is None:
            continue
        array = array_of(weights)
        if array.ndim > 1 or array.size != size:
            raise ShapeError(
                f"cov: {name} needs one dim with a weight for each of {size} observations, got "
                f"shape {array.shape}"
            )
        if array.dtype.kind not in kinds:
            kind = "an integer" if kinds == "iu" else "a floating"
            raise DTypeError(f"cov: {name} needs {kind} dtype, got {array.dtype}")
        if (array < 0).any():
            raise ShapeError(f"cov: {name} must not be negative")
    if fweights is None or aweights is None:
        return aweights if fweights is None else fweights
    return mul(fweights, aweights)


def _weighted(x: Any, weights: Any) -> Any:
    return x if weights is None else mul(x, weights)


def corrcoef(input: Any) -> Any:
    """Pearson's correlations of the rows of ``input (n, k)``: their `cov`, divided by their
    standard deviations: ``(n, n)``.

    Between -1 and 1; NaN for a variable that does not vary. Raises as `cov` does.

    >>> import autograd
    >>> autograd.corrcoef(autograd.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    covariances = cov(_variables("corrcoef", input))
    if not array_of(covariances).ndim:
        return div(covariances, covariances)
    deviations = sqrt(real(diagonal(covariances)))
    out = div(div(covariances, column(deviations)), deviations)
    if array_of(out).dtype.kind != "c":
        return clamp(out, -1, 1)
    return add(_as_complex(clamp(real(out), -1, 1)), _as_complex(clamp(imag(out), -1, 1)) * 1j)
