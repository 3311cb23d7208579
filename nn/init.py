"""Filling parameters with their first values. Each function writes into the tensor it is given, and
returns it.

``generator``: an `autograd.Generator` to draw from, by default the library's own.
"""

from __future__ import annotations

from math import erf, prod, sqrt
from typing import Any

import numpy as np

from autograd.core.variable import Variable, version_of
from autograd.errors import DTypeError, ShapeError
from autograd.generator import stream_of


def _fill(operation: str, tensor: Any, values: Any) -> Any:
    if not isinstance(tensor, Variable):
        raise DTypeError(f"{operation}: needs a tensor, got {type(tensor).__name__}")
    np.copyto(tensor._array, values, casting="unsafe")
    version_of(tensor).bump()
    return tensor


def _precision(tensor: Any) -> Any:
    return np.float64 if tensor._array.dtype.itemsize > 4 else np.float32


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


def uniform_(tensor: Any, a: float = 0.0, b: float = 1.0, generator: Any = None) -> Any:
    """Uniform in ``[a, b)``."""
    values = stream_of(generator).random(tensor.shape, dtype=_precision(tensor))
    return _fill("uniform_", tensor, a + (b - a) * values)


def normal_(tensor: Any, mean: float = 0.0, std: float = 1.0, generator: Any = None) -> Any:
    """Normal, of this mean and standard deviation."""
    values = stream_of(generator).standard_normal(tensor.shape, dtype=_precision(tensor))
    return _fill("normal_", tensor, mean + std * values)


def trunc_normal_(
    tensor: Any,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Any = None,
) -> Any:
    """Normal, but only between ``a`` and ``b``: what falls outside is drawn again.

    Raises ShapeError where next to nothing lies inside.
    """
    low, high = (a - mean) / std, (b - mean) / std
    if not erf(high / sqrt(2)) - erf(low / sqrt(2)) > 1e-3:
        raise ShapeError(
            f"trunc_normal_: the normal distribution has too little between a = {a} and b = {b}"
        )
    stream = stream_of(generator)
    values = np.asarray(stream.standard_normal(tensor.shape, dtype=_precision(tensor)))
    outside = (values < low) | (values > high)
    while count := np.count_nonzero(outside):
        values[outside] = stream.standard_normal(count, dtype=_precision(tensor))
        outside = (values < low) | (values > high)
    return _fill("trunc_normal_", tensor, np.clip(mean + std * values, a, b))


def orthogonal_(tensor: Any, gain: float = 1, generator: Any = None) -> Any:
    """``gain`` times a random matrix with orthonormal rows or columns (Saxe et al., 2013); later
    dims count as one.

    Raises ShapeError for fewer than 2 dims.
    """
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
    if mode not in ("fan_in", "fan_out"):
        raise ShapeError(f"{operation}: mode must be 'fan_in' or 'fan_out', got {mode!r}")
    fan = _fans(operation, tensor)[mode == "fan_out"]
    return calculate_gain(nonlinearity, a) / sqrt(fan) if fan else 0.0


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

    ``param``: the slope of a leaky_relu, 0.01 unless given. Raises ShapeError for an unknown name.

    >>> calculate_gain("tanh")
    1.6666666666666667
    """
    if nonlinearity == "leaky_relu":
        return sqrt(2 / (1 + (0.01 if param is None else param) ** 2))
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
