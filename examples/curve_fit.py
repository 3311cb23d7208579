"""Fit two models of science to measurements, and say how certain their parameters are.

The curves are a decay of two substances at once (a sum of two exponentials) and the swinging of a
damped oscillator. L-BFGS finds the parameters of least squares. The curvature there tells their
uncertainty: with S the sum of the squared residuals of n points at the best p parameters and H the
Hessian of S / 2, their covariance is about ``S / (n - p) * inv(H)``, whose diagonal holds the
squares of the standard errors (Seber and Wild, Nonlinear Regression, 1989, section 2.1). The
Hessian is exact, `autograd.func.hessian`; SciPy's `least_squares`, to compare with, only knows
first derivatives, and leaves out what the residuals add.

python -m examples.curve_fit                # 2 seconds; the plot is runs/curve_fit/fits.png

The headline: the optimum that SciPy finds, to a hundredth of a standard error, and its standard
errors to 1 %.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from tqdm import trange

import autograd
import optim
from autograd import Tensor
from examples import program

POINTS = 200
NOISE = 0.01
Model = Callable[[Tensor, Tensor], Tensor]  # of the times and the parameters

# In float64: near the optimum the loss changes by less than a float32 can tell.
float64 = partial(autograd.tensor, dtype=autograd.float64)


def decay(t: Tensor, p: Tensor) -> Tensor:
    """Two substances, each with an amount in the beginning and a rate."""
    amount1, amount2, rate1, rate2 = p
    value: Tensor = amount1 * (-rate1 * t).exp() + amount2 * (-rate2 * t).exp()
    return value


def oscillator(t: Tensor, p: Tensor) -> Tensor:
    """A swinging with an amplitude, a damping, an angular frequency and a phase."""
    amplitude, damping, frequency, phase = p
    value: Tensor = amplitude * (-damping * t).exp() * (frequency * t + phase).cos()
    return value


class Experiment:
    """Simulated measurements: points on a model's curve, with normal noise.

    ``parameters``: by name, the true value and a first guess.
    """

    def __init__(self, model: Model, parameters: dict[str, tuple[float, float]]) -> None:
        self.model, self.names = model, list(parameters)
        self.true, self.guess = float64(list(parameters.values())).unbind(1)
        self.t = float64(range(POINTS)) * (10 / POINTS)
        self.y: Tensor = model(self.t, self.true) + NOISE * autograd.randn_like(self.t)

    def residuals(self, p: Tensor) -> Tensor:
        """What the model with parameters ``p`` leaves unexplained at each point."""
        return self.model(self.t, p) - self.y

    def half_squares(self, p: Tensor) -> Tensor:
        """Half the sum of the squared residuals: what the best ``p`` make least."""
        value: Tensor = 0.5 * (self.residuals(p) ** 2).sum()
        return value


def experiments() -> list[Experiment]:
    """One of each model."""
    amounts = {"amount1": (2.0, 1.0), "amount2": (3.0, 1.0)}
    rates = {"rate1": (0.3, 0.1), "rate2": (2.0, 1.0)}
    shape = {"amplitude": (2.0, 1.0), "damping": (0.2, 0.1)}
    place = {"frequency": (3.0, 2.8), "phase": (0.5, 0.0)}
    return [Experiment(decay, amounts | rates), Experiment(oscillator, shape | place)]


def fit(experiment: Experiment, steps: int) -> Tensor:
    """The parameters of least squares, by L-BFGS from the first guess on."""
    p: Tensor = experiment.guess.clone().requires_grad_()
    optimizer = optim.LBFGS(
        [p], tolerance_grad=1e-10, tolerance_change=1e-16, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = experiment.half_squares(p)
        loss.backward()
        return loss

    with program.interruptible("showing how far the fit has come"):
        for _ in trange(steps, desc=experiment.model.__name__, leave=False, disable=None):
            optimizer.step(closure)
    return p.detach()


def covariance(experiment: Experiment, p: Tensor) -> Tensor:
    """The parameters' covariance, by the curvature of the sum of squares at its minimum."""
    variance = 2 * experiment.half_squares(p) / (len(experiment.t) - len(p))
    hessian = autograd.func.hessian(experiment.half_squares)(p)
    matrix: Tensor = variance * autograd.linalg.inv(hessian)
    return matrix


def scipy_fit(experiment: Experiment) -> tuple[Tensor, Tensor]:
    """The parameters and their standard errors by SciPy, with derivatives by differences."""
    least_squares = program.need("scipy.optimize").least_squares

    def residuals(p: Any) -> Any:
        return experiment.residuals(autograd.from_numpy(p)).numpy()

    tight = dict.fromkeys(("ftol", "xtol", "gtol"), 1e-15)
    found = least_squares(residuals, experiment.guess.numpy(), jac="3-point", **tight)
    variance = 2 * found.cost / (len(experiment.t) - len(found.x))
    errors = np.sqrt(np.diag(variance * np.linalg.inv(found.jac.T @ found.jac)))
    return autograd.from_numpy(found.x), autograd.from_numpy(errors)


def compare(experiment: Experiment, p: Tensor, errors: Tensor) -> tuple[float, float]:
    """Print the parameters; how far they are from SciPy's in standard errors, and the relative
    difference of the standard errors."""
    scipy_p, scipy_errors = scipy_fit(experiment)
    columns = (x.tolist() for x in (p, errors, scipy_p, scipy_errors, experiment.true))
    for name, a, e, b, f, true in zip(experiment.names, *columns):
        print(f"{name:>10} = {a:.5f} +- {e:.5f}   SciPy {b:.5f} +- {f:.5f}   true {true}")
    apart = ((p - scipy_p) / scipy_errors).abs().max()
    return float(apart), float((errors / scipy_errors - 1).abs().max())


def draw(axes: Any, experiment: Experiment, p: Tensor, cov: Tensor) -> None:
    """The residuals, and a band of two standard errors of the fitted curve.

    By linear propagation, the curve's covariance is ``J cov J'`` with J its Jacobian by ``p``.
    """
    jacobian = autograd.func.jacobian(experiment.model, argnums=1)(experiment.t, p)
    t, y = experiment.t.numpy(), experiment.y.numpy()
    curve = experiment.model(experiment.t, p).numpy()
    band = 2 * (jacobian @ cov @ jacobian.T).diagonal().sqrt().numpy()
    above, below = axes
    above.plot(t, y, ".", markersize=3)
    above.plot(t, curve)
    above.set(title=experiment.model.__name__, ylabel="y")
    below.plot(t, y - curve, ".", markersize=3)
    below.fill_between(t, -band, band, alpha=0.5, color="C1")
    below.set(xlabel="t", ylabel="residual")


def main(arguments: list[str] | None = None) -> None:
    """Fit both models, compare with SciPy, draw."""
    parser = program.options("curve_fit", __doc__.split("\n")[0], steps=20)
    options = parser.parse_args(arguments)
    autograd.manual_seed(options.seed)
    figure, axes = program.pyplot().subplots(
        2, 2, figsize=(12, 6), sharex=True, layout="constrained", height_ratios=[2, 1]
    )
    results = []
    for experiment, column in zip(experiments(), axes.T):
        p = fit(experiment, options.steps)
        cov = covariance(experiment, p)
        results.append(compare(experiment, p, cov.diagonal().sqrt()))
        draw(column, experiment, p, cov)
    program.save(figure, options.out / "fits.png")
    if options.check:
        apart, difference = (max(each) for each in zip(*results))
        result = f"optimum apart by {apart:.1e} standard errors, which differ by {difference:.2%}"
        program.check(apart < 0.01 and difference < 0.01, result)


if __name__ == "__main__":
    program.run(main)
