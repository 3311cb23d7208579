"""Fourier transforms of complex, integer and single-precision numbers; the frequencies."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import DTypeError, ShapeError

VALUES = np.random.default_rng(0).normal(size=(2, 3, 4, 2)) @ np.array([1, 1j])
COMPLEX_TO_ANY = ["fft", "ifft", "irfft", "hfft", "fftn", "ifftn", "irfftn", "hfftn"]
PARAMS = [{}, {"norm": "ortho"}, {"norm": "forward"}]


@pytest.mark.parametrize("name", COMPLEX_TO_ANY)
@pytest.mark.parametrize("params", PARAMS)
def test_complex_gradients_are_pytorchs(name, params):
    torch = pytest.importorskip("torch")
    results = []
    for library in (autograd, torch):
        z = library.tensor(VALUES, requires_grad=True)
        grad = library.autograd.grad if library is torch else library.grad
        out = getattr(library.fft, name)(z, **params)
        loss = (out.abs() ** 3).sum()
        (first,) = grad(loss, z, create_graph=True)
        (second,) = grad((first.real**2 + first.imag**3).sum(), z)
        results.append([t.detach().resolve_conj().numpy() for t in (out, first, second)])
    for ours, theirs in zip(*results):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("n", [1, 2, 5, 6])
def test_inverses(n):
    fft, x = autograd.fft, autograd.from_numpy(np.random.default_rng(1).normal(size=(2, n)))
    for there, back in [("rfft", "irfft"), ("ihfft", "hfft"), ("fft", "ifft")]:
        for norm in ("backward", "ortho", "forward"):
            spectrum = getattr(fft, there)(x, norm=norm)
            found = getattr(fft, back)(spectrum, n=n, norm=norm)
            np.testing.assert_allclose(found.numpy(), x.numpy(), atol=1e-12)


def test_shifts_are_inverse():
    for n in (1, 4, 5):
        x = autograd.arange(n)
        assert autograd.equal(autograd.fft.ifftshift(autograd.fft.fftshift(x)), x)


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [("float32", "complex64"), ("float64", "complex128"), ("int64", "complex64")],
)
def test_dtypes(dtype, expected):
    x = autograd.ones(4, dtype=dtype)
    assert autograd.fft.fft(x).dtype == expected
    assert autograd.fft.rfft(x).dtype == expected
    assert autograd.fft.irfft(x).dtype == autograd.fft.fft(x).real.dtype


def test_without_dims():
    assert autograd.fft.fftn(autograd.tensor(2.0)).tolist() == 2 + 0j


def test_imaginary_parts_that_do_not_count_get_no_gradient():
    z = autograd.zeros(3, dtype=autograd.complex128, requires_grad=True)
    (autograd.fft.irfft(z) ** 2 + autograd.fft.irfft(z) * autograd.arange(4)).sum().backward()
    assert z.grad.imag[0].item() == z.grad.imag[2].item() == 0
    assert z.grad.imag[1].item() != 0


@pytest.mark.parametrize("n", [0, 1, 4, 5])
def test_frequencies(n):
    if n:
        np.testing.assert_allclose(autograd.fft.fftfreq(n, 0.5).numpy(), np.fft.fftfreq(n, 0.5))
        np.testing.assert_allclose(autograd.fft.rfftfreq(n, 0.5).numpy(), np.fft.rfftfreq(n, 0.5))
    else:
        assert autograd.fft.fftfreq(0).shape == (0,)


def test_frequencies_refused():
    with pytest.raises(ShapeError, match="must not be negative"):
        autograd.fft.fftfreq(-1)
    with pytest.raises(DTypeError, match="need a floating dtype"):
        autograd.fft.rfftfreq(4, dtype=autograd.int64)
