"""Discrete Fourier transforms. They are linear, so that the derivative of each is a transform, too.

Three of them are operations: of complex numbers, of real numbers to half of their symmetric
spectrum, and back. The others are made of these.

Of all: ``n`` (``s``, for several dims) is the size to which ``x`` is cut or filled up with zeros
first, ``dim`` where it is transformed. ``norm`` says which way is divided by the size: "backward"
(the default) means the inverse, "forward" the other, and "ortho" both, by its root. Integers become
the default dtype. Bad sizes and norms raise ShapeError, bad dims DimensionError, float16 and what
is no tensor DTypeError.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import to_floating
from autograd.core.variable import Array, array_of, unwrap
from autograd.dtypes import float16
from autograd.errors import DimensionError, DTypeError, ShapeError, describe
from autograd.ops.along import axis_of
from autograd.ops.complex_parts import _as_complex, conj
from autograd.ops.padding import _pad
from autograd.ops.rearranging import roll

Sizes = int | Sequence[int] | None
Dims = int | Sequence[int] | None
Norm = Literal["backward", "ortho", "forward"]
SECOND_TO_LAST = (-2, -1)

# The adjoint of a transform goes the other way, and is divided by the same number.
_OPPOSITE: dict[Norm, Norm] = {"backward": "forward", "ortho": "ortho", "forward": "backward"}

# -- the three transforms --------------------------------------------------------------------------


@primitive(
    holomorphic=False,
    x=lambda g, dim, norm, inverse: _transform(g, dim, _OPPOSITE[norm], not inverse),
)
def _transform(x: Array, dim: tuple[int, ...], norm: Norm, inverse: bool) -> Array:
    """``sum of x[j] * exp(-2i pi j k / n)`` along each ``dim``; with ``+2i`` if ``inverse``."""
    return (np.fft.ifftn if inverse else np.fft.fftn)(x, axes=dim, norm=norm)


@primitive(
    holomorphic=False,
    x=lambda g, x_shape, dim, norm: _to_real(
        g / _occurrences(g, x_shape[dim], dim), x_shape[dim], dim, _OPPOSITE[norm]
    ),
)
def _from_real(x: Array, dim: int, norm: Norm) -> Array:
    """The first half of `_transform` of real numbers; the other half is conjugate to it."""
    return np.fft.rfft(x, axis=dim, norm=norm)


@primitive(
    holomorphic=False,
    x=lambda g, n, dim, norm: _weighted(_from_real(g, dim, _OPPOSITE[norm]), n, dim),
)
def _to_real(x: Array, n: int, dim: int, norm: Norm) -> Array:
    """The inverse `_transform` of a symmetric spectrum of which ``x`` is the first half."""
    return np.fft.irfft(x, n, axis=dim, norm=norm)


def _weighted(spectrum: Any, n: int, dim: int) -> Any:
    return spectrum * _occurrences(spectrum, n, dim)


def _occurrences(half: Any, n: int, dim: int) -> Any:
    """How often each frequency of half a spectrum is in the whole one of ``n``: once or twice."""
    half = array_of(half)
    counts = np.full(half.shape[dim], 2, half.real.dtype)
    counts[0] = 1
    if n % 2 == 0:
        counts[-1] = 1
    return counts.reshape((-1,) + (1,) * (half.ndim - 1 - dim))


# -- complex to complex ----------------------------------------------------------------------------


def fft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The Fourier transform along ``dim``: ``out[k] = sum of input[j] * exp(-2i pi j k / n)``.

    >>> import autograd
    >>> autograd.fft.fft(autograd.tensor([1.0, 0.0, -1.0, 0.0]))
    tensor([0.+0.j, 2.+0.j, 0.+0.j, 2.+0.j])
    """
    return _complex("fft", input, *_one("fft", input, n, dim), norm, inverse=False)


def ifft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The inverse of `fft`: ``out[j] = sum of input[k] * exp(2i pi j k / n) / n``."""
    return _complex("ifft", input, *_one("ifft", input, n, dim), norm, inverse=True)


def fftn(input: Any, s: Sizes = None, dim: Dims = None, norm: str | None = None) -> Any:
    """`fft` along several dims: ``dim``, or the last ``len(s)``, or all."""
    return _complex("fftn", input, *_several("fftn", input, s, dim), norm, inverse=False)


def ifftn(input: Any, s: Sizes = None, dim: Dims = None, norm: str | None = None) -> Any:
    """`ifft` along several dims: ``dim``, or the last ``len(s)``, or all."""
    return _complex("ifftn", input, *_several("ifftn", input, s, dim), norm, inverse=True)


def fft2(input: Any, s: Sizes = None, dim: Dims = SECOND_TO_LAST, norm: str | None = None) -> Any:
    """`fftn` along the last two dims."""
    return _complex("fft2", input, *_several("fft2", input, s, dim), norm, inverse=False)


def ifft2(input: Any, s: Sizes = None, dim: Dims = SECOND_TO_LAST, norm: str | None = None) -> Any:
    """`ifftn` along the last two dims."""
    return _complex("ifft2", input, *_several("ifft2", input, s, dim), norm, inverse=True)


def _complex(
    operation: str, x: Any, sizes: Any, dims: Any, norm: str | None, *, inverse: bool
) -> Any:
    kind = _checked_norm(operation, norm)
    x = _resized(operation, _floating(operation, x), sizes, dims)
    x = x if _is_complex(x) else _as_complex(x)
    return _transform(x, dims, kind, inverse) if dims else x


# -- real to half a spectrum -----------------------------------------------------------------------


def rfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """`fft` of real numbers, without the frequencies above ``n // 2``: those are conjugates.

    Raises DTypeError for complex ``input``.

    >>> import autograd
    >>> autograd.fft.rfft(autograd.tensor([1.0, 0.0, -1.0, 0.0]))
    tensor([0.+0.j, 2.+0.j, 0.+0.j])
    """
    return _half("rfft", input, *_one("rfft", input, n, dim), norm)


def rfftn(input: Any, s: Sizes = None, dim: Dims = None, norm: str | None = None) -> Any:
    """`fftn` of real numbers, with half of the frequencies along the last of ``dim``; see `rfft`.

    >>> import autograd
    >>> autograd.fft.rfftn(autograd.ones(2, 4)).shape
    (2, 3)
    """
    return _half("rfftn", input, *_several("rfftn", input, s, dim), norm)


def rfft2(input: Any, s: Sizes = None, dim: Dims = SECOND_TO_LAST, norm: str | None = None) -> Any:
    """`rfftn` along the last two dims."""
    return _half("rfft2", input, *_several("rfft2", input, s, dim), norm)


def ihfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The inverse of `hfft`: `ifft` of real numbers, without the frequencies above ``n // 2``."""
    return _half("ihfft", input, *_one("ihfft", input, n, dim), norm, conjugate=True)


def ihfftn(input: Any, s: Sizes = None, dim: Dims = None, norm: str | None = None) -> Any:
    """The inverse of `hfftn`: `ifftn` of real numbers, with half of the last frequencies."""
    return _half("ihfftn", input, *_several("ihfftn", input, s, dim), norm, conjugate=True)


def ihfft2(input: Any, s: Sizes = None, dim: Dims = SECOND_TO_LAST, norm: str | None = None) -> Any:
    """`ihfftn` along the last two dims."""
    return _half("ihfft2", input, *_several("ihfft2", input, s, dim), norm, conjugate=True)


def _half(
    operation: str, x: Any, sizes: Any, dims: Any, norm: str | None, *, conjugate: bool = False
) -> Any:
    """The transform of real numbers; with ``conjugate`` its conjugate, which is the inverse one."""
    kind = _checked_norm(operation, norm)
    _refuse_no_dims(operation, dims)
    if conjugate:
        kind = _OPPOSITE[kind]
    if _is_complex(x):
        raise DTypeError(f"{operation}: needs real numbers, got {describe(unwrap(x))}; use fft")
    *others, last = dims
    x = _from_real(_resized(operation, _floating(operation, x), sizes, dims), last, kind)
    x = _transform(x, tuple(others), kind, False) if others else x
    return conj(x) if conjugate else x


# -- half a spectrum to real -----------------------------------------------------------------------


def irfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The inverse of `rfft`: ``n`` real numbers, ``2 * (size - 1)`` unless given.

    The imaginary parts of the first frequency, and for even ``n`` of the last, do not count.

    >>> import autograd
    >>> autograd.fft.irfft(autograd.tensor([0.0, 2.0, 0.0]))
    tensor([ 1.,  0., -1.,  0.])
    """
    return _real("irfft", input, *_one("irfft", input, n, dim), norm)


def irfftn(input: Any, s: Sizes = None, dim: Dims = None, norm: str | None = None) -> Any:
    """The inverse of `rfftn`; the last of ``s`` is ``2 * (size - 1)`` unless given."""
    return _real("irfftn", input, *_several("irfftn", input, s, dim), norm)


def irfft2(input: Any, s: Sizes = None, dim: Dims = SECOND_TO_LAST, norm: str | None = None) -> Any:
    """`irfftn` along the last two dims."""
    return _real("irfft2", input, *_several("irfft2", input, s, dim), norm)


def hfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """`fft` of numbers of which ``input`` is half, the other half being conjugate: ``n`` real
    numbers.

    ``n`` is ``2 * (size - 1)`` unless given.

    >>> import autograd
    >>> autograd.fft.hfft(autograd.tensor([1.0, 0.0, 1.0]))
    tensor([2., 0., 2., 0.])
    """
    return _real("hfft", input, *_one("hfft", input, n, dim), norm, conjugate=True)


def hfftn(input: Any, s: Sizes = None, dim: Dims = None, norm: str | None = None) -> Any:
    """`fftn` of numbers of which ``input`` is half along the last of ``dim``; see `hfft`."""
    return _real("hfftn", input, *_several("hfftn", input, s, dim), norm, conjugate=True)


def hfft2(input: Any, s: Sizes = None, dim: Dims = SECOND_TO_LAST, norm: str | None = None) -> Any:
    """`hfftn` along the last two dims."""
    return _real("hfft2", input, *_several("hfft2", input, s, dim), norm, conjugate=True)


def _real(
    operation: str, x: Any, sizes: Any, dims: Any, norm: str | None, *, conjugate: bool = False
) -> Any:
    """The inverse transform to real numbers; with ``conjugate`` of that of ``x``, which is the
    transform the other way."""
    kind = _checked_norm(operation, norm)
    _refuse_no_dims(operation, dims)
    if conjugate:
        x, kind = conj(x), _OPPOSITE[kind]
    *others, last = dims
    n = sizes[-1]
    if n is None:
        n = 2 * (array_of(x).shape[last] - 1)
    _refuse_empty(operation, n)
    x = _resized(operation, _floating(operation, x), (*sizes[:-1], n // 2 + 1), dims)
    x = x if _is_complex(x) else _as_complex(x)
    return _to_real(_transform(x, tuple(others), kind, True) if others else x, n, last, kind)


# -- the zero frequency in the middle --------------------------------------------------------------


def fftshift(input: Any, dim: Dims = None) -> Any:
    """``input``, a result of `fftn`, with the frequency 0 moved from the front of ``dim`` (all dims
    unless given) to its middle.

    >>> import autograd
    >>> autograd.fft.fftshift(autograd.fft.fftfreq(4))
    tensor([-0.5000, -0.2500,  0.0000,  0.2500])
    """
    return _shifted("fftshift", input, dim, lambda size: size // 2)


def ifftshift(input: Any, dim: Dims = None) -> Any:
    """The inverse of `fftshift`."""
    return _shifted("ifftshift", input, dim, lambda size: (size + 1) // 2)


def _shifted(operation: str, x: Any, dim: Dims, by: Any) -> Any:
    shape = array_of(x).shape
    dims = tuple(range(len(shape))) if dim is None else _as_tuple(operation, dim)
    axes = [axis_of(x, d, operation) for d in dims]
    return roll(x, [by(shape[axis]) for axis in axes], axes) if axes and shape else x


# -- what can be asked for -------------------------------------------------------------------------


def _one(operation: str, x: Any, n: int | None, dim: int) -> tuple[Any, tuple[int, ...]]:
    """The sizes and the dims of a transform along one dim."""
    if not array_of(x).shape:
        raise DimensionError(f"{operation}: a tensor without dims has none to transform along")
    if n is not None:
        _refuse_empty(operation, n)
    return (n,), (axis_of(x, dim, operation),)


def _several(operation: str, x: Any, s: Sizes, dim: Dims) -> tuple[Any, tuple[int, ...]]:
    """The sizes (None where they stay) and the dims of a transform along several dims."""
    ndim = len(array_of(x).shape)
    sizes = None if s is None else _as_tuple(operation, s)
    if dim is not None:
        dims = tuple(_dim_of(operation, d, ndim) for d in _as_tuple(operation, dim))
        if len(set(dims)) < len(dims):
            raise ShapeError(f"{operation}: dim {dim} names a dim twice; name each once")
        if sizes is not None and len(sizes) != len(dims):
            raise ShapeError(f"{operation}: needs a size in s for each dim, got s {s}, dim {dim}")
    else:
        count = ndim if sizes is None else len(sizes)
        if count > ndim:
            raise ShapeError(f"{operation}: s has {count} sizes, but x only {ndim} dims")
        dims = tuple(range(ndim - count, ndim))
    if sizes is None:
        return (None,) * len(dims), dims
    return tuple(None if size == -1 else size for size in sizes), dims


def _dim_of(operation: str, dim: int, ndim: int) -> int:
    if not -ndim <= dim < ndim:
        raise DimensionError(f"{operation}: x has {ndim} dims, got dim {dim}")
    return dim % ndim


def _as_tuple(operation: str, numbers: Any) -> tuple[int, ...]:
    try:
        given = numbers if isinstance(numbers, (tuple, list)) else (numbers,)
        return tuple(map(operator.index, given))
    except TypeError:
        raise DTypeError(f"{operation}: sizes and dims are integers, got {numbers!r}") from None


def _resized(operation: str, x: Any, sizes: Sequence[int | None], dims: Sequence[int]) -> Any:
    """``x`` cut or filled with zeros at the ends of ``dims``, to ``sizes``."""
    shape = array_of(x).shape
    widths = [(0, 0)] * len(shape)
    for size, dim in zip(sizes, dims):
        size = shape[dim] if size is None else size
        _refuse_empty(operation, size)
        widths[dim] = (0, size - shape[dim])
    return _pad(x, tuple(widths), 0) if any(after for _, after in widths) else x


def _refuse_empty(operation: str, size: int) -> None:
    if size < 1:
        raise ShapeError(f"{operation}: a transform needs at least 1 element, got size {size}")


def _refuse_no_dims(operation: str, dims: Sequence[int]) -> None:
    if not dims:
        raise ShapeError(f"{operation}: needs at least one dim")


def _checked_norm(operation: str, norm: str | None) -> Norm:
    for known in _OPPOSITE:
        if norm == known:
            return known
    if norm is not None:
        raise ShapeError(f"{operation}: norm must be one of {', '.join(_OPPOSITE)}, got {norm!r}")
    return "backward"


def _is_complex(x: Any) -> bool:
    return bool(array_of(x).dtype.kind == "c")


def _floating(operation: str, x: Any) -> Any:
    """``x`` in a dtype that can be transformed."""
    if array_of(x).dtype == float16:
        raise DTypeError(f"{operation}: not defined for float16; convert to float32 first")
    return to_floating((x,))[0]
