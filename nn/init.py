"""Filling parameters with their first values. Each function writes into the tensor it is given, and
returns it.

``generator``: an `autograd.Generator` to draw from, by default the library's own.
"""

from __future__ import annotations

import warnings
from math import ceil, erf, log, prod, sqrt
from typing import Any

import numpy as np

from autograd import random_filling
from autograd.core.variable import Variable, version_of
from autograd.dtypes import FLOATING
from autograd.errors import DTypeError, ShapeError
from autograd.generator import stream_of
from autograd.modes import no_grad


def _check(operation: str, tensor: Any) -> None:
    if not isinstance(tensor, Variable):
        raise DTypeError(f"{operation}: needs a tensor, got {type(tensor).__name__}")


def _check_floating(operation: str, tensor: Any) -> None:
    _check(operation, tensor)
    if tensor._array.dtype not in FLOATING:
        raise DTypeError(
            f"{operation}: needs a tensor of a floating dtype, got {tensor._array.dtype}"
        )


def _fill(operation: str, tensor: Any, values: Any) -> Any:
    _check(operation, tensor)
    np.copyto(tensor._array, values, casting="unsafe")
    version_of(tensor).bump()
    return tensor


def constant_(tensor: Any, val: float) -> Any:
    """Every element ``val``."""
    return _fill("constant_", tensor, val)


def zeros_(tensor: Any) -> Any:
    """Every element 0."""
    return _fill("zeros_", tensor, 0)


def ones_(tensor: Any) -> Any:
    """Every element 1."""
    return _fill("ones_", tensor, 1)


def eye_(tensor: Any) -> Any:
    """The identity matrix. Raises ShapeError unless the tensor has 2 dims."""
    if tensor.ndim != 2:
        raise ShapeError(f"eye_: needs 2 dims, got shape {tensor.shape}")
    return _fill("eye_", tensor, np.eye(*tensor.shape))


def dirac_(tensor: Any, groups: int = 1) -> Any:
    """The convolution weight that passes its input on unchanged, in each of ``groups``.

    Raises ShapeError for other than 3 to 5 dims, or where ``groups`` does not divide the first.
    """
    shape = tensor.shape
    if len(shape) not in (3, 4, 5) or shape[0] % groups:
        raise ShapeError(
            f"dirac_: needs 3 to 5 dims, the first a multiple of groups {groups}; got shape {shape}"
        )
    values = np.zeros(shape)
    out = shape[0] // groups
    centre = tuple(size // 2 for size in shape[2:])
    for group in range(groups):
        for i in range(min(out, shape[1])):
            values[(group * out + i, i, *centre)] = 1
    return _fill("dirac_", tensor, values)


@no_grad()
def uniform_(tensor: Any, a: float = 0.0, b: float = 1.0, generator: Any = None) -> Any:
    """Uniform in ``[a, b)``. Raises ShapeError if ``a > b``, DTypeError for integers."""
    _check("uniform_", tensor)
    return random_filling.uniform_(tensor, a, b, generator=generator)


@no_grad()
def normal_(tensor: Any, mean: float = 0.0, std: float = 1.0, generator: Any = None) -> Any:
    """Normal, of this mean and standard deviation. Raises ShapeError for a negative ``std``,
    DTypeError for integers."""
    _check("normal_", tensor)
    return random_filling.normal_(tensor, mean, std, generator=generator)


def trunc_normal_(
    tensor: Any,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Any = None,
) -> Any:
    """Normal, but only between ``a`` and ``b``. Raises ShapeError if ``a > b``, DTypeError.

    By rejection: what does not follow the distribution is drawn again.
    """
    _check_floating("trunc_normal_", tensor)
    if a > b or std <= 0:
        raise ShapeError(
            f"trunc_normal_: needs a <= b and a positive std, got a={a}, b={b}, std={std}"
        )
    low, high = (a - mean) / std, (b - mean) / std
    inside = (erf(high / sqrt(2)) - erf(low / sqrt(2))) / 2
    proposals = _normal_inside if inside > 0.3 else _uniform_under_the_bell
    values, pending = np.empty(tensor.shape), np.ones(tensor.shape, bool)
    while count := np.count_nonzero(pending):
        values[pending], accepted = proposals(stream_of(generator), int(count), low, high)
        pending[pending] = ~accepted
    return _fill("trunc_normal_", tensor, np.clip(mean + std * values, a, b))


def _normal_inside(stream: Any, count: int, low: float, high: float) -> tuple[Any, Any]:
    """Normal numbers, and which of them lie between ``low`` and ``high``."""
    values = stream.standard_normal(count)
    return values, (low <= values) & (values <= high)


def _uniform_under_the_bell(stream: Any, count: int, low: float, high: float) -> tuple[Any, Any]:
    """Uniform numbers between ``low`` and ``high``, and which of them to keep: as many as the
    normal density is high there.

    For intervals in which normal numbers rarely lie.
    """
    peak = max(low, min(0.0, high))
    # Where the density is less than 1e-17 of that at the peak, nothing would ever be kept.
    reach = sqrt(peak**2 + 2 * log(1e17))
    values = stream.uniform(max(low, -reach), min(high, reach), count)
    return values, stream.standard_exponential(count) >= (values**2 - peak**2) / 2


def orthogonal_(tensor: Any, gain: float = 1, generator: Any = None) -> Any:
    """``gain`` times a random matrix with orthonormal rows or columns (Saxe et al., 2013); later
    dims count as one.

    Raises ShapeError for fewer than 2 dims, DTypeError for integers.
    """
    _check_floating("orthogonal_", tensor)
    if tensor.ndim < 2:
        raise ShapeError(f"orthogonal_: needs at least 2 dims, got shape {tensor.shape}")
    if tensor.numel() == 0:
        return tensor
    rows = tensor.shape[0]
    columns = tensor.numel() // rows
    q, r = np.linalg.qr(
        stream_of(generator).standard_normal((max(rows, columns), min(rows, columns)))
    )
    q *= np.sign(np.diag(r))  # without this, it would not be uniformly distributed
    return _fill("orthogonal_", tensor, gain * (q.T if rows < columns else q).reshape(tensor.shape))


def sparse_(tensor: Any, sparsity: float, std: float = 0.01, generator: Any = None) -> Any:
    """Normal, of mean 0 and standard deviation ``std``; but in each column the part ``sparsity`` of
    the elements, chosen at random, is 0 (Martens, 2010).

    Raises ShapeError unless the tensor has 2 dims.

    >>> import autograd
    >>> (sparse_(autograd.empty(10, 3), sparsity=0.25) == 0).sum(0)
    tensor([3, 3, 3])
    """
    if tensor.ndim != 2:
        raise ShapeError(f"sparse_: needs 2 dims, got shape {tensor.shape}")
    normal_(tensor, 0, std, generator)
    rows = tensor.shape[0]
    places = np.argsort(stream_of(generator).random(tensor.shape), axis=0)
    return _fill("sparse_", tensor, np.where(places < ceil(sparsity * rows), 0, tensor._array))


def xavier_uniform_(tensor: Any, gain: float = 1.0, generator: Any = None) -> Any:
    """Uniform, of standard deviation ``gain * sqrt(2 / (fan_in + fan_out))`` (Glorot and Bengio,
    2010)."""
    bound = gain * sqrt(6 / sum(_fans("xavier_uniform_", tensor)))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Any, gain: float = 1.0, generator: Any = None) -> Any:
    """Normal, of standard deviation ``gain * sqrt(2 / (fan_in + fan_out))`` (Glorot and Bengio,
    2010)."""
    return normal_(tensor, 0, gain * sqrt(2 / sum(_fans("xavier_normal_", tensor))), generator)


def kaiming_uniform_(
    tensor: Any,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Any = None,
) -> Any:
    """Uniform, of standard deviation ``gain / sqrt(fan)`` (He et al., 2015).

    ``mode``: "fan_in" keeps the variance going forward, "fan_out" going backward. ``a``: the slope
    of a leaky_relu.
    """
    bound = sqrt(3) * _kaiming_std("kaiming_uniform_", tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Any,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Any = None,
) -> Any:
    """Normal, otherwise as `kaiming_uniform_`."""
    return normal_(
        tensor, 0, _kaiming_std("kaiming_normal_", tensor, a, mode, nonlinearity), generator
    )


def _kaiming_std(operation: str, tensor: Any, a: float, mode: str, nonlinearity: str) -> float:
    if 0 in tensor.shape:
        warnings.warn(f"{operation}: the tensor has no elements to fill", stacklevel=3)
        return 0.0
    if mode.lower() not in ("fan_in", "fan_out"):
        raise ShapeError(f"{operation}: mode must be 'fan_in' or 'fan_out', got {mode!r}")
    fan = _fans(operation, tensor)[mode.lower() == "fan_out"]
    return calculate_gain(nonlinearity, a) / sqrt(fan)


def _fans(operation: str, tensor: Any) -> tuple[int, int]:
    """How many inputs an output of this weight has, and how many outputs an input."""
    if tensor.ndim < 2:
        raise ShapeError(
            f"{operation}: needs at least 2 dims (out, in, ...), got shape {tensor.shape}"
        )
    window = prod(tensor.shape[2:])
    return tensor.shape[1] * window, tensor.shape[0] * window


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """By how much weights must be larger to make up for what ``nonlinearity`` takes from the
    variance.

    ``param``: the slope of a leaky_relu, 0.01 unless given. Raises ShapeError for an unknown name,
    and for a slope that is no number.

    >>> calculate_gain("tanh")
    1.6666666666666667
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, bool) or not isinstance(slope, (int, float)):
            raise ShapeError(f"calculate_gain: the slope must be a number, got {slope!r}")
        return sqrt(2 / (1 + slope**2))
    if nonlinearity not in _GAINS:
        raise ShapeError(
            f"calculate_gain: {nonlinearity!r} is unknown; there are leaky_relu, "
            f"{', '.join(_GAINS)}"
        )
    return _GAINS[nonlinearity]


_LINEAR = (
    "linear",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
)
_GAINS = {
    **dict.fromkeys(_LINEAR, 1.0),
    "sigmoid": 1.0,
    "tanh": 5 / 3,
    "relu": sqrt(2),
    "selu": 3 / 4,
}


def default_(weight: Any, bias: Any = None) -> None:
    """What dense layers and convolutions start with: uniform in ``±1 / sqrt(fan_in)``, as in
    PyTorch."""
    fan_in = _fans("default_", weight)[0]
    bound = 1 / sqrt(fan_in) if fan_in else 0.0
    uniform_(weight, -bound, bound)
    if bias is not None:
        uniform_(bias, -bound, bound)
