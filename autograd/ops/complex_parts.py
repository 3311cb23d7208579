"""The parts of complex numbers. A gradient of a complex number is a complex number: that by the
real part, plus i times that by the imaginary part (PyTorch's convention)."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.variable import Array, unwrap
from autograd.errors import DTypeError


@primitive(holomorphic=False, x=lambda g: conj(g))
def conj(x: Array) -> Array:
    """The complex conjugate, elementwise; real numbers as they are.

    >>> import autograd
    >>> autograd.conj(autograd.tensor([1 + 2j]))
    tensor([1.-2.j])
    """
    return np.conjugate(x)


@primitive(holomorphic=False, x=lambda g: _as_complex(g))
def _real(x: Array) -> Array:
    return np.real(x).copy()


def real(x: Any) -> Any:
    """The real part, elementwise; a real tensor itself.

    >>> import autograd
    >>> autograd.real(autograd.tensor([1 + 2j]))
    tensor([1.])
    """
    return _real(x) if unwrap(x).dtype.kind == "c" else x


@primitive(holomorphic=False, x=lambda g: _as_complex(g) * 1j)
def imag(x: Array) -> Array:
    """The imaginary part, elementwise. Raises DTypeError for a real tensor.

    >>> import autograd
    >>> autograd.imag(autograd.tensor([1 + 2j]))
    tensor([2.])
    """
    if x.dtype.kind != "c":
        raise DTypeError(f"needs a complex tensor, got {x.dtype}; its imaginary part is zero")
    return np.imag(x).copy()


@primitive(holomorphic=False, x=lambda g: real(g))
def _as_complex(x: Array) -> Array:
    return x.astype(np.result_type(x.dtype, np.complex64))
