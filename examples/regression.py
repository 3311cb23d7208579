"""Fit functions to noisy points, with a little more of the library each time.

- A line: its two coefficients are plain tensors.
- A cubic polynomial: a module of one's own, with its coefficients as a parameter.
- Two moons: a network of ready-made layers, which tells two classes of points apart.

python -m examples.regression               # 3 seconds; the plot is runs/regression/fits.png
python -m examples.regression --steps 100   # a shorter run

The headline: the coefficients come back to within 0.01 of those that made the points, and of new
points on the moons, 99 % are told apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tqdm import trange

import autograd
import nn
import optim
from autograd import Tensor
from examples import program

POINTS = 10_000  # so many that the noise moves no coefficient by much more than 0.002
NOISE = 0.1
LINE = [0.7, -1.8]  # c0 + c1 * x
CUBIC = [0.5, -2.0, 0.3, 0.8]  # c0 + c1 * x + c2 * x**2 + c3 * x**3


def polynomial(coefficients: Tensor, x: Tensor) -> Tensor:
    """``c0 + c1 * x + c2 * x**2 + ...``, by Horner's rule."""
    value: Tensor = autograd.zeros_like(x)
    for c in coefficients.flip(0):
        value = value * x + c
    return value


class Polynomial(nn.Module):
    """A polynomial whose ``degree + 1`` coefficients are learnt."""

    def __init__(self, degree: int) -> None:
        self.coefficients = nn.Parameter(autograd.zeros(degree + 1))

    def forward(self, x: Tensor) -> Tensor:
        """The value at each ``x``."""
        return polynomial(self.coefficients, x)


def observe(coefficients: list[float]) -> tuple[Tensor, Tensor]:
    """Random ``x`` in [-2, 2], and the polynomial there with noise."""
    x = 4 * autograd.rand(POINTS) - 2
    return x, polynomial(autograd.tensor(coefficients), x) + NOISE * autograd.randn(POINTS)


def moons(count: int) -> tuple[Tensor, Tensor]:
    """Points (2 * count, 2) on two interleaved half-circles with noise; which of them: 0 or 1."""
    angle = math.pi * autograd.rand(count, 1)
    upper = autograd.cat([angle.cos(), angle.sin()], dim=1)
    lower = autograd.cat([1 - angle.cos(), 0.5 - angle.sin()], dim=1)
    points = autograd.cat([upper, lower]) + NOISE * autograd.randn(2 * count, 2)
    return points, autograd.cat([autograd.zeros(count), autograd.ones(count)]).long()


def classifier() -> nn.Module:
    """Two scores for each point (N, 2), one of each moon."""
    layers = [nn.Dense(2, 32), nn.Tanh(), nn.Dense(32, 32), nn.Tanh(), nn.Dense(32, 2)]
    return nn.Sequential(*layers)


@dataclass
class Problem:
    """A model, the parameters to learn, the points (x, y), and a loss of what it says of them."""

    title: str
    model: Callable[[Tensor], Tensor]
    parameters: list[Tensor]
    loss: Callable[[Tensor, Tensor], Tensor]
    x: Tensor
    y: Tensor

    def fit(self, steps: int) -> None:
        """Change the parameters so that the loss falls."""
        optimizer = optim.Adam(self.parameters, lr=0.01)
        losses = []
        for _ in trange(steps, desc=self.title, leave=False, disable=None):
            optimizer.zero_grad()
            loss = self.loss(self.model(self.x), self.y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        print(f"{self.title}: loss {losses[0]:.4f} -> {losses[-1]:.4f}")

    @autograd.no_grad()
    def draw_curve(self, axes: Any) -> None:
        """Draw the points, and the curve that was fitted to them."""
        grid = autograd.linspace(-2, 2, 200)
        axes.plot(self.x.numpy(), self.y.numpy(), ".", markersize=1, alpha=0.3)
        axes.plot(grid.numpy(), self.model(grid).numpy(), linewidth=2)
        axes.set(title=self.title, xlabel="x", ylabel="y")

    @autograd.no_grad()
    def draw_boundary(self, axes: Any) -> None:
        """Draw the points by class, over the probability of class 1 anywhere in the plane."""
        first, second = autograd.linspace(-1.5, 2.5, 120), autograd.linspace(-1.2, 1.7, 120)
        plane = autograd.cartesian_prod(first, second)
        probability = self.model(plane).softmax(1)[:, 1].reshape(120, 120).T.numpy()
        levels = [0.0, 0.1, 0.5, 0.9, 1.0]
        axes.contourf(first, second, probability, levels, cmap="coolwarm", alpha=0.5)
        axes.scatter(*self.x.T.numpy(), s=3, c=self.y.numpy(), cmap="coolwarm")
        axes.set(title=self.title, xlabel="x1", ylabel="x2")


def problems() -> tuple[Problem, Problem, Problem]:
    """The line, the polynomial, the moons."""
    mse, cross_entropy = nn.functional.mse_loss, nn.functional.cross_entropy
    c = autograd.zeros(2, requires_grad=True)
    cubic, network = Polynomial(3), classifier()
    return (
        Problem("line", lambda x: c[0] + c[1] * x, [c], mse, *observe(LINE)),
        Problem("cubic", cubic, list(cubic.parameters()), mse, *observe(CUBIC)),
        Problem("moons", network, list(network.parameters()), cross_entropy, *moons(300)),
    )


def worst(problem: Problem, true: list[float]) -> float:
    """Print the coefficients that were found beside the true ones; the largest difference."""
    (coefficients,) = problem.parameters
    found: list[float] = coefficients.tolist()
    for i, (a, b) in enumerate(zip(found, true)):
        print(f"{problem.title}: c{i} = {a:+.4f}, true {b:+.4f}")
    return max(abs(a - b) for a, b in zip(found, true))


def accuracy(problem: Problem) -> float:
    """The share of 10,000 new points on the moons that the model tells apart."""
    points, labels = moons(5000)
    share = float((problem.model(points).argmax(1) == labels).float().mean())
    print(f"{problem.title}: accuracy {share:.4f} on new points")
    return share


def main(arguments: list[str] | None = None) -> None:
    """Fit all three, print what was found, draw it."""
    parser = program.options("regression", __doc__.split("\n")[0], steps=1500)
    options = parser.parse_args(arguments)
    pyplot = program.pyplot()
    autograd.manual_seed(options.seed)
    line, cubic, two_moons = problems()
    with program.interruptible("showing what has been learnt"):
        for problem in (line, cubic, two_moons):
            problem.fit(options.steps)
    error = max(worst(line, LINE), worst(cubic, CUBIC))
    share = accuracy(two_moons)
    figure, (left, middle, right) = pyplot.subplots(1, 3, figsize=(14, 4), layout="constrained")
    line.draw_curve(left)
    cubic.draw_curve(middle)
    two_moons.draw_boundary(right)
    program.save(figure, options.out / "fits.png")
    if options.check:
        result = f"coefficients to 0.01 ({error:.4f}), moons to 0.99 ({share:.4f})"
        program.check(error < 0.01 and share > 0.99, result)


if __name__ == "__main__":
    program.run(main)
