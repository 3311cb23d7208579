"""There and back again, and PyTorch's gradients."""

from __future__ import annotations

import numpy as np
import pytest

import autograd

SIGNAL = np.random.default_rng(0).normal(size=(2, 30))
WINDOW = np.random.default_rng(1).uniform(0.5, 1.5, 6)


@pytest.mark.parametrize("onesided", [True, False])
@pytest.mark.parametrize("normalized", [True, False])
@pytest.mark.parametrize("win_length", [None, 6])
def test_istft_inverts_stft(onesided, normalized, win_length):
    x = autograd.from_numpy(SIGNAL)
    window = None if win_length is None else autograd.from_numpy(WINDOW)
    params = {"onesided": onesided, "normalized": normalized, "window": window}
    spectra = autograd.stft(x, 8, 2, win_length, return_complex=True, **params)
    back = autograd.istft(spectra, 8, 2, win_length, length=30, **params)
    np.testing.assert_allclose(back.numpy(), SIGNAL, atol=1e-12)


@pytest.mark.parametrize("length", [None, 5, 29, 33])
@pytest.mark.parametrize("return_complex", [False, True])
def test_gradients_are_pytorchs(length, return_complex):
    torch = pytest.importorskip("torch")
    results = []
    for library in (autograd, torch):
        grad = library.autograd.grad if library is torch else library.grad
        x, window = library.tensor(SIGNAL), library.tensor(WINDOW)
        inputs = [x.requires_grad_(), window.requires_grad_()]
        z = library.stft(x, 8, 1, 6, window, onesided=False, return_complex=True)
        out = library.istft(
            z * z, 8, 1, 6, window, onesided=False, length=length, return_complex=return_complex
        )
        firsts = grad((out.abs() ** 2).sum(), inputs, create_graph=True)
        seconds = grad(sum((first**2).sum() for first in firsts), inputs)
        results.append([t.detach().numpy() for t in (out, *firsts, *seconds)])
    for ours, theirs in zip(*results):
        np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=1e-8)


def test_complex_window():
    torch = pytest.importorskip("torch")
    window = WINDOW * (1 + 0.5j)
    ours = autograd.from_numpy(SIGNAL).stft(6, 2, window=autograd.from_numpy(window))
    theirs = torch.from_numpy(SIGNAL).stft(6, 2, window=torch.from_numpy(window))
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), atol=1e-12)
    back = ours.istft(6, 2, window=autograd.from_numpy(window), return_complex=True)
    np.testing.assert_allclose(back.numpy(), SIGNAL[:, : back.shape[-1]], atol=1e-12)


def test_a_longer_signal_ends_in_zeros():
    spectra = autograd.from_numpy(SIGNAL).stft(8, 2, return_complex=True)
    back = spectra.istft(8, 2, length=40)
    np.testing.assert_allclose(back.numpy()[:, :30], SIGNAL, atol=1e-12)
    assert not back.numpy()[:, 34:].any()
