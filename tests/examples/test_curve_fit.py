"""The curve fits: the optimum, its covariance, and what Ctrl-C leaves."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from examples import curve_fit

pytestmark = pytest.mark.usefixtures("restored_seed")


def test_it_finds_what_scipy_finds(tmp_path, capsys):
    pytest.importorskip("scipy")
    curve_fit.main(["--steps", "10", "--check", "--out", str(tmp_path)])
    captured = capsys.readouterr()
    assert captured.out.endswith("reached\n")
    assert captured.err == ""
    assert (tmp_path / "fits.png").stat().st_size > 1000


def test_the_optimum_is_better_than_the_truth():
    autograd.manual_seed(1)
    for experiment in curve_fit.experiments():
        p = curve_fit.fit(experiment, 10)
        at_truth = experiment.half_squares(experiment.true)
        assert 0.8 * at_truth < experiment.half_squares(p) < at_truth
        assert experiment.half_squares(experiment.guess) > 10 * at_truth


def test_the_covariance_of_a_linear_model_is_the_textbooks():
    autograd.manual_seed(2)

    def line(t, p):
        return p[0] + p[1] * t

    experiment = curve_fit.Experiment(line, {"intercept": (1.0, 0.0), "slope": (2.0, 0.0)})
    p = curve_fit.fit(experiment, 5)
    design = np.stack([np.ones(curve_fit.POINTS), experiment.t.numpy()], 1)
    rest = experiment.y.numpy() - design @ p.numpy()
    expected = rest @ rest / (len(rest) - 2) * np.linalg.inv(design.T @ design)
    assert np.allclose(curve_fit.covariance(experiment, p).numpy(), expected, rtol=1e-6)


def test_ctrl_c_ends_a_fit_where_it_is(capsys, monkeypatch):
    def interrupted(self, closure):
        raise KeyboardInterrupt

    monkeypatch.setattr(curve_fit.optim.LBFGS, "step", interrupted)
    experiment = curve_fit.experiments()[0]
    assert curve_fit.fit(experiment, 5).equal(experiment.guess)
    assert "interrupted" in capsys.readouterr().err
