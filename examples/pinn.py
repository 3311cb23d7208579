"""Solve a differential equation with a network: Burgers' equation, by its residual alone.

A physics-informed network (Raissi, Perdikaris and Karniadakis, 2019) sees no solutions: its loss
says how far it is from fulfilling the equation

    u_t + u u_x = nu u_xx,  u(0, x) = -sin(pi x),  u(t, -1) = u(t, 1) = 0

at random places. Its derivatives by t and x, the second one too, come from `autograd.grad` with
``create_graph=True``, and the loss made of them is differentiated once more, by the weights. The
waves from both sides run into a steep front at x = 0, as wide as the viscosity nu is large.

python -m examples.pinn                     # half a minute; the plot is runs/pinn/burgers.png
python -m examples.pinn --steps 20          # a shorter run

The headline: an error of less than 1 % against the analytic solution (root mean square, relative).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from tqdm import trange

import autograd
import nn
import optim
from autograd import Tensor
from examples import program

VISCOSITY = 0.05 / math.pi
PLACES = 1500  # where the equation is to hold
Array = np.ndarray[Any, Any]


class Solution(nn.Module):
    """u(t, x) of a network, in a form that fulfils the initial and boundary conditions whatever
    the network says (Lagaris, Likas and Fotiadis, 1998): so the equation is all of the loss."""

    def __init__(self, width: int = 20) -> None:
        tanh = nn.Tanh  # smooth: a ReLU has no second derivative
        self.network = nn.Sequential(
            nn.Dense(2, width),
            tanh(),
            nn.Dense(width, width),
            tanh(),
            nn.Dense(width, width),
            tanh(),
            nn.Dense(width, 1),
        )
        for name, x in self.named_parameters():
            (nn.init.zeros_ if name.endswith("bias") else nn.init.xavier_normal_)(x)

    def forward(self, t: Tensor, x: Tensor) -> Tensor:
        """The value at each time and place (N,)."""
        free = self.network(autograd.stack([t, x], dim=1)).squeeze(1)
        value: Tensor = -(math.pi * x).sin() + t * (1 - x**2) * free
        return value


def residual(u: nn.Module, t: Tensor, x: Tensor) -> Tensor:
    """``u_t + u u_x - nu u_xx`` at each time and place: zero for a solution."""
    value = u(t, x)
    # Each value depends on its own t and x only: the gradients of the sum are those of each.
    u_t, u_x = autograd.grad(value.sum(), (t, x), create_graph=True)
    (u_xx,) = autograd.grad(u_x.sum(), (x,), create_graph=True)
    rest: Tensor = u_t + value * u_x - VISCOSITY * u_xx
    return rest


def train(u: nn.Module, steps: int) -> list[float]:
    """Make the mean square of the residual small by L-BFGS; its values on the way."""
    t = autograd.rand(PLACES, dtype=autograd.float64).requires_grad_()
    x = (2 * autograd.rand(PLACES, dtype=autograd.float64) - 1).requires_grad_()
    optimizer = optim.LBFGS(u.parameters(), history_size=50, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss: Tensor = (residual(u, t, x) ** 2).mean()
        loss.backward()
        return loss

    losses = []
    with (
        trange(steps, leave=False, disable=None) as bar,
        program.interruptible("showing what has been learnt"),
    ):
        for _ in bar:  # each of up to 20 iterations
            losses.append(optimizer.step(closure).item())
            bar.set_postfix(loss=f"{losses[-1]:.1e}", refresh=False)
    return losses


def exact(t: Array, x: Array) -> Array:
    """The analytic solution at times ``t > 0`` (Cole, 1951; Hopf, 1950).

    It is the mean of ``-sin(pi y)`` over all y, weighted by ``exp(-cos(pi y) / (2 pi nu))`` and by
    the normal density around x of variance ``2 nu t``, whose mean Gauss-Hermite quadrature takes.
    """
    nodes, weights = np.polynomial.hermite.hermgauss(100)
    y = x[..., None] - np.sqrt(4 * VISCOSITY * t[..., None]) * nodes
    # The largest exponent is taken out of the ratio, which stays the same and cannot overflow.
    weights = weights * np.exp(-(np.cos(np.pi * y) + 1) / (2 * np.pi * VISCOSITY))
    mean: Array = -(np.sin(np.pi * y) * weights).sum(-1) / weights.sum(-1)
    return mean


def evaluate(u: nn.Module) -> tuple[Array, Array]:
    """What the network says and what is true, at 100 times after 0 (columns) and 201 places."""
    t, x = np.meshgrid(np.linspace(0.01, 1, 100), np.linspace(-1, 1, 201))
    with autograd.no_grad():
        found = u(autograd.from_numpy(t.ravel()), autograd.from_numpy(x.ravel()))
    return found.numpy().reshape(t.shape), exact(t, x)


def draw(pyplot: Any, found: Array, true: Array, losses: list[float]) -> Any:
    """The solution over time and space, at three times, and the loss."""
    figure, (left, middle, right) = pyplot.subplots(1, 3, figsize=(15, 4), layout="constrained")
    image = left.imshow(found, extent=(0.01, 1, -1, 1), aspect="auto", origin="lower", cmap="RdBu")
    figure.colorbar(image, ax=left)
    left.set(title="u, the network", xlabel="t", ylabel="x")
    x = np.linspace(-1, 1, len(found))
    for column, color in ((19, "C0"), (49, "C1"), (99, "C2")):
        middle.plot(x, true[:, column], color, linewidth=4, alpha=0.4)
        middle.plot(x, found[:, column], color, label=f"t = {(column + 1) / 100}")
    middle.set(title="network (thin) and analytic solution", xlabel="x", ylabel="u")
    middle.set_xticks([-1, -0.5, 0, 0.5, 1])
    middle.legend()
    right.plot(losses)
    right.set(title="mean square of the residual", xlabel="step", yscale="log")
    return figure


def main(arguments: list[str] | None = None) -> None:
    """Train, compare with the analytic solution, draw."""
    options = program.options("pinn", __doc__.split("\n")[0], steps=100).parse_args(arguments)
    pyplot = program.pyplot()
    autograd.manual_seed(options.seed)
    u = Solution().double()  # L-BFGS follows differences that float32 would round away
    losses = train(u, options.steps)
    found, true = evaluate(u)
    error = float(np.linalg.norm(found - true) / np.linalg.norm(true))
    print(f"error: {error:.3%} of the solution; at most {np.abs(found - true).max():.4f}")
    program.save(draw(pyplot, found, true, losses), options.out / "burgers.png")
    if options.check:
        program.check(error < 0.01, f"error below 1 %: {error:.3%}")


if __name__ == "__main__":
    program.run(main)
