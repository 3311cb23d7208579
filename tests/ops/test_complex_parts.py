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
        results.append([t.detach().resolve_conj().numpy() for t in (first, second)])
    for ours, theirs in zip(*results):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


MORE_PROGRAMS = [
    lambda lib, z: (lib.angle(z) ** 2).sum(),
    lambda lib, z: (lib.view_as_real(z) ** 3).sum(),
    lambda lib, z: (lib.view_as_complex(lib.view_as_real(z * z)) ** 2).imag.sum(),
    lambda lib, z: (lib.polar(z.abs(), z.real * 2) ** 2).imag.sum(),
    lambda lib, z: (lib.complex(z.imag, z.real) ** 3).real.sum(),
    lambda lib, z: lib.logaddexp(z, z * 2j).imag.sum(),
    lambda lib, z: (lib.logcumsumexp(z, 0) ** 2).real.sum(),
    lambda lib, z: (lib.logsumexp(z * 3, 0) ** 2).imag.sum(),
    lambda lib, z: (lib.sgn(z) ** 2).imag.sum(),
]


@pytest.mark.parametrize("program", MORE_PROGRAMS)
def test_gradients_of_functions_are_pytorchs(program):
    results = []
    for library in (autograd, torch):
        z = library.tensor(VALUES, requires_grad=True)
        grad = library.autograd.grad if library is torch else library.grad
        (first,) = grad(program(library, z), z, create_graph=True)
        (second,) = grad((first.real**2 + first.imag**3).sum(), z)
        results.append([t.detach().resolve_conj().numpy() for t in (first, second)])
    for ours, theirs in zip(*results):
        np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-12)


def test_parts_are_views():
    z = autograd.tensor([1 + 2j, 3 + 4j])
    z.real.fill_(5)
    z.imag.mul_(2)
    autograd.view_as_real(z)[1, 0] = -1
    assert z.tolist() == [5 + 4j, -1 + 8j]
    pairs = autograd.zeros(2, 2)
    autograd.view_as_complex(pairs).fill_(1 + 2j)
    assert pairs.tolist() == [[1, 2], [1, 2]]


def test_angles_of_real_numbers():
    x = autograd.tensor([-0.0, 0.0, 2.0, -2.0, float("nan"), float("inf")], requires_grad=True)
    angle = autograd.angle(x)
    np.testing.assert_array_equal(angle.detach(), torch.angle(torch.from_numpy(x.detach().numpy())))
    angle.sum().backward()
    assert x.grad.tolist() == [0.0] * 6


def test_integers_to_negative_powers():
    x, y = [1, -1, -1, 2, 0, -2], [-1, -2, -3, -1, -1, 3]
    expected = torch.tensor(x) ** torch.tensor(y)
    assert (autograd.tensor(x) ** autograd.tensor(y)).tolist() == expected.tolist()


def test_logarithms_of_sums_of_infinities():
    inf = float("inf")
    values = [complex(-inf, 1), complex(-inf, 2), complex(0, 1), complex(inf, 0.5)]
    found = autograd.logcumsumexp(autograd.tensor(values), 0).numpy()
    np.testing.assert_array_equal(found.real, [-inf, -inf, 0, inf])
    assert found[2] == 1j
