"""Burgers' equation: its conditions, its analytic solution, its residual, and that it is learnt."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from examples import pinn

pytestmark = pytest.mark.usefixtures("restored_seed")


def test_it_learns(tmp_path, capsys):
    pinn.main(["--steps", "3", "--out", str(tmp_path)])
    captured = capsys.readouterr()
    assert "error: " in captured.out
    assert captured.err == ""
    assert (tmp_path / "burgers.png").stat().st_size > 1000


def test_the_loss_falls(monkeypatch):
    autograd.manual_seed(0)
    monkeypatch.setattr(pinn, "PLACES", 100)
    losses = pinn.train(pinn.Solution(8).double(), 4)
    assert losses[-1] < 0.1 * losses[0]


def test_the_conditions_hold_for_any_weights():
    u = pinn.Solution().double()
    x = autograd.linspace(-1, 1, 9, dtype=autograd.float64)
    assert autograd.allclose(u(autograd.zeros_like(x), x), -(np.pi * x).sin())
    edges = autograd.tensor([-1.0, 1.0], dtype=autograd.float64)
    assert autograd.allclose(u(autograd.rand_like(edges), edges), autograd.zeros_like(edges))


def test_the_residual_is_that_of_the_equation():
    t = autograd.tensor([0.5, 1.0], dtype=autograd.float64, requires_grad=True)
    x = autograd.tensor([0.25, -0.5], dtype=autograd.float64, requires_grad=True)
    found = pinn.residual(lambda t, x: t * x**3, t, x)
    u, u_t, u_x, u_xx = t * x**3, x**3, 3 * t * x**2, 6 * t * x
    assert autograd.allclose(found, u_t + u * u_x - pinn.VISCOSITY * u_xx)


def test_the_analytic_solution_fulfils_the_equation():
    t, x, h = np.full(7, 0.4), np.linspace(-0.9, 0.9, 7), 1e-4
    u, before, after = (pinn.exact(t + d, x) for d in (0, -h, h))
    left, right = pinn.exact(t, x - h), pinn.exact(t, x + h)
    u_t, u_x = (after - before) / (2 * h), (right - left) / (2 * h)
    u_xx = (right - 2 * u + left) / h**2
    assert np.allclose(u_t + u * u_x, pinn.VISCOSITY * u_xx, atol=1e-4)
    assert np.allclose(pinn.exact(np.full(7, 1e-6), x), -np.sin(np.pi * x), atol=1e-4)


def test_ctrl_c_ends_the_training(capsys, monkeypatch):
    def interrupted(self, closure):
        raise KeyboardInterrupt

    monkeypatch.setattr(pinn.optim.LBFGS, "step", interrupted)
    assert pinn.train(pinn.Solution().double(), 5) == []
    assert "interrupted" in capsys.readouterr().err
