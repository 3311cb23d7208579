"""Beside torch.distributions: densities, entropies, moments, gradients; moments of samples."""

import numpy as np
import pytest

import autograd
from autograd import distributions
from autograd.errors import DTypeError, ShapeError

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")

generator = np.random.default_rng(0)
CHANCES = generator.dirichlet(np.ones(4), (3,))
SCORES = generator.standard_normal((3, 4))
ROWS = [
    ("Categorical", {"probs": CHANCES}, [0, 3, 1]),
    ("Categorical", {"probs": 7 * CHANCES}, [[0, 3, 1], [2, 2, 2]]),
    ("Categorical", {"logits": SCORES}, [1, 1, 3]),
    ("Categorical", {"logits": SCORES[0]}, 2),
    ("Bernoulli", {"probs": CHANCES}, (CHANCES > 0.3).astype(float)),
    ("Bernoulli", {"logits": SCORES}, 1.0),
    ("Normal", {"loc": SCORES, "scale": CHANCES}, SCORES**2),
    ("Normal", {"loc": SCORES, "scale": CHANCES[0]}, 0.5),
]
MOMENTS = {"Categorical": ["probs", "logits"], "Bernoulli": ["mean", "variance", "logits"],
           "Normal": ["mean", "stddev", "variance"]}  # fmt: skip


def both(name, parameters, value):
    """The two distributions, their parameters, and the two values."""
    for library, of in ((autograd, distributions), (torch, torch.distributions)):
        tensors = {k: library.tensor(v, requires_grad=True) for k, v in parameters.items()}
        dtype = library.float64 if name != "Categorical" else library.int64
        yield getattr(of, name)(**tensors), tensors, library.tensor(value, dtype=dtype)


@pytest.mark.parametrize(("name", "parameters", "value"), ROWS)
def test_scores_and_their_gradients(name, parameters, value):
    (ours, tensors, v), (theirs, torch_tensors, torch_v) = both(name, parameters, value)
    for attribute in MOMENTS[name]:
        np.testing.assert_allclose(
            getattr(ours, attribute).detach(), getattr(theirs, attribute).detach(), rtol=1e-6
        )
    np.testing.assert_allclose(ours.entropy().detach(), theirs.entropy().detach(), rtol=1e-9)
    np.testing.assert_allclose(ours.log_prob(v).detach(), theirs.log_prob(torch_v).detach(), 1e-9)
    (ours.log_prob(v).sum() + ours.entropy().sum()).backward()
    (theirs.log_prob(torch_v).sum() + theirs.entropy().sum()).backward()
    for key in parameters:
        np.testing.assert_allclose(tensors[key].grad, torch_tensors[key].grad, rtol=1e-6)


@pytest.mark.parametrize(("name", "parameters", "value"), ROWS)
def test_samples(name, parameters, value):
    autograd.manual_seed(0)
    (ours, _, _), (theirs, _, _) = both(name, parameters, value)
    drawn = ours.sample((50, 400))
    assert not drawn.requires_grad
    assert drawn.shape == tuple(theirs.sample((50, 400)).shape)
    drawn = drawn.numpy().reshape(20000, *drawn.shape[2:])
    if name == "Categorical":
        drawn = (drawn[..., None] == np.arange(4)).astype(float)
    mean = theirs.probs if name == "Categorical" else theirs.mean
    np.testing.assert_allclose(drawn.mean(0), mean.detach(), atol=0.02)
    assert ours.sample().shape == tuple(theirs.sample().shape)


def test_gradients_flow_through_a_reparametrised_sample():
    loc = autograd.tensor([1.0, 2.0], requires_grad=True)
    scale = autograd.tensor([0.5, 2.0], requires_grad=True)
    sample = distributions.Normal(loc, scale).rsample((3,))
    sample.sum().backward()
    assert loc.grad.tolist() == [3.0, 3.0]
    np.testing.assert_allclose(scale.grad, ((sample - loc) / scale).sum(0).detach(), rtol=1e-5)


def test_refusals():
    with pytest.raises(DTypeError, match="exactly one of probs and logits"):
        distributions.Categorical()
    with pytest.raises(DTypeError, match="exactly one of probs and logits"):
        distributions.Bernoulli(0.5, logits=0.0)
    with pytest.raises(ShapeError, match="at least one dim"):
        distributions.Categorical(autograd.tensor(1.0))
    with pytest.raises(ShapeError, match="must be positive"):
        distributions.Normal(0.0, autograd.tensor([1.0, 0.0]))
