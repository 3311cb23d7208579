"""Complex numbers, their parts, and what they are made of. A gradient of a complex number is a
complex number: that by the real part, plus i times that by the imaginary part (PyTorch's
convention)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import to_floating
from autograd.core.variable import Array, array_of, checked_tensor
from autograd.errors import DTypeError, ShapeError
from autograd.ops.checks import needing_tensors
from autograd.ops.trigonometric import atan2, cos, sin

# -- conjugates ------------------------------------------------------------------------------------


@primitive(holomorphic=False, x=lambda g: conj(g))
def _conj(x: Array) -> Array:
    return np.conjugate(x)


def conj(input: Any) -> Any:
    """The complex conjugate, elementwise; a real tensor itself.

    >>> import autograd
    >>> autograd.conj(autograd.tensor([1 + 2j]))
    tensor([1.-2.j])
    """
    return _conj(input) if _is_complex(input) else input


def conj_physical(input: Any) -> Any:
    """`conj`: here a conjugate is always computed at once."""
    return conj(input)


def resolve_conj(input: Any) -> Any:
    """``input``: no conjugation is ever left for later, as it may be in PyTorch."""
    return checked_tensor(input)


def resolve_neg(input: Any) -> Any:
    """``input``: no negation is ever left for later, as it may be in PyTorch."""
    return checked_tensor(input)


def is_conj(input: Any) -> bool:
    """Whether ``input`` is still to be conjugated: never; see `resolve_conj`."""
    return False


def is_neg(input: Any) -> bool:
    """Whether ``input`` is still to be negated: never; see `resolve_neg`."""
    return False


# -- cartesian -------------------------------------------------------------------------------------


@primitive(view=True, holomorphic=False, x=lambda g: _as_complex(g))
def _real(x: Array) -> Array:
    _refuse_unless_complex(x)
    return np.real(x)


def real(input: Any) -> Any:
    """The real part, elementwise, as a view; a real tensor itself.

    >>> import autograd
    >>> autograd.real(autograd.tensor([1 + 2j]))
    tensor([1.])
    """
    return _real(input) if _is_complex(input) else input


@primitive(view=True, holomorphic=False, x=lambda g: _as_complex(g) * 1j)
def imag(x: Array) -> Array:
    """The imaginary part, elementwise, as a view. Raises DTypeError for a real tensor.

    >>> import autograd
    >>> autograd.imag(autograd.tensor([1 + 2j]))
    tensor([2.])
    """
    _refuse_unless_complex(x)
    return np.imag(x)


@primitive(holomorphic=False, x=lambda g: real(g))
def _as_complex(x: Array) -> Array:
    return x.astype(np.result_type(x.dtype, np.complex64))


@needing_tensors(2)
@primitive(holomorphic=False, real=lambda g: _real(g), imag=lambda g: imag(g))
def complex(real: Array, imag: Array) -> Array:
    """``real + 1j * imag``, elementwise, broadcasting.

    Raises DTypeError unless both are float32 or both float64.

    >>> import autograd
    >>> autograd.complex(autograd.tensor([1.0, 2.0]), autograd.tensor([3.0, 0.0]))
    tensor([1.+3.j, 2.+0.j])
    """
    _refuse_unless_parts(real, imag)
    out = np.empty(np.broadcast_shapes(real.shape, imag.shape), np.result_type(real, np.complex64))
    out.real, out.imag = real, imag
    return out


def _refuse_unless_parts(first: Any, second: Any, operation: str = "") -> None:
    if first.dtype != second.dtype or first.dtype not in (np.float32, np.float64):
        raise DTypeError(
            f"{operation}needs two float32 or two float64 tensors, got {first.dtype} and "
            f"{second.dtype}; convert first: x.to(autograd.float32)"
        )


@primitive(view=True, holomorphic=False, x=lambda g: complex(g[..., 0], g[..., 1]))
def view_as_real(x: Array) -> Array:
    """A view of complex ``x`` with real and imaginary parts in a new last dim of size 2.

    Raises DTypeError for a real tensor.

    >>> import autograd
    >>> autograd.view_as_real(autograd.tensor([1 + 2j]))
    tensor([[1., 2.]])
    """
    _refuse_unless_complex(x)
    parts = np.real(x)
    shape, strides = (*x.shape, 2), (*x.strides, parts.itemsize)
    return np.lib.stride_tricks.as_strided(parts, shape, strides)


@primitive(view=True, holomorphic=False, x=lambda g: view_as_real(g))
def view_as_complex(x: Array) -> Array:
    """A view of float32 or float64 ``x``: its last dim holds real and imaginary parts.

    Raises ShapeError unless that dim has size 2 and its elements lie side by side in memory.

    >>> import autograd
    >>> autograd.view_as_complex(autograd.tensor([[1.0, 2.0]]))
    tensor([1.+2.j])
    """
    if x.dtype not in (np.float32, np.float64):
        raise DTypeError(f"needs a float32 or float64 tensor, got {x.dtype}; convert first")
    if x.shape[-1:] != (2,):
        raise ShapeError(f"the last dim must have size 2, got shape {x.shape}")
    if x.strides[-1] != x.itemsize or any(s % (2 * x.itemsize) for s in x.strides[:-1]):
        raise ShapeError("a pair is not contiguous in memory; use x.contiguous()")
    return x.view(np.result_type(x.dtype, np.complex64))[..., 0]


# -- polar -----------------------------------------------------------------------------------------


@primitive(promote=to_floating, x=lambda g: g * 0)
def _angle_of_real(x: Array) -> Array:
    return np.where(np.less(x, 0), x.dtype.type(math.pi), np.where(np.isnan(x), x, x.dtype.type(0)))


def angle(input: Any) -> Any:
    """The angle of complex ``input`` to the positive real axis, elementwise, in [-pi, pi].

    Of real numbers 0 or, if negative, pi. Its gradient at 0 is 0.

    >>> import autograd
    >>> autograd.angle(autograd.tensor([1j, -1.0]))
    tensor([1.5708, 3.1416])
    """
    return atan2(imag(input), real(input)) if _is_complex(input) else _angle_of_real(input)


@needing_tensors(2)
def polar(abs: Any, angle: Any) -> Any:
    """The complex number of magnitude ``abs`` at ``angle``, elementwise, broadcasting.

    Raises DTypeError unless both are float32 or both float64.

    >>> import autograd
    >>> autograd.polar(autograd.tensor([2.0]), autograd.tensor([0.0]))
    tensor([2.+0.j])
    """
    _refuse_unless_parts(array_of(abs), array_of(angle), "polar: ")
    return complex(abs * cos(angle), abs * sin(angle))


def _refuse_unless_complex(x: Any) -> None:
    if x.dtype.kind != "c":
        raise DTypeError(f"needs a complex tensor, got {x.dtype}; its imaginary part is zero")


def _is_complex(x: Any) -> bool:
    return bool(array_of(x).dtype.kind == "c")
