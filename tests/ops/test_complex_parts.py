"""The parts of complex tensors, and their gradients in PyTorch's convention."""

from __future__ import annotations

import numpy as np
import pytest

import autograd

torch = pytest.importorskip("torch", reason="PyTorch is the oracle for the convention")

VALUES = np.array([1 + 2j, -0.5 + 0.3j, 3 - 1j])
PROGRAMS = [
    lambda z: (z.conj() * z * z).real.sum(),
    lambda z: (z * z).imag.sum(),
    lambda z: (z.exp() / z).abs().sum(),
    lambda z: (z.real * z.imag).sum(),
    lambda z: (z.sin() * (2 - 3j)).real.sum(),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_first_and_second_gradients_are_pytorchs(program):
    results = []
    for library in (autograd, torch):
        z = library.tensor(VALUES, requires_grad=True)
        grad = library.autograd.grad if library is torch else library.grad
        (first,) = grad(program(z), z, create_graph=True)
        (second,) = grad((first.real**2 + first.imag**3).sum(), z)
        results.append((first.detach().numpy(), second.numpy()))
    for ours, theirs in zip(*results):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
