"""The random functions: what must hold whatever they draw."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import DTypeError, GraphError, ShapeError
from nn import functional as F

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")

SHAPES = {"dropout1d": (40, 50, 3), "dropout2d": (40, 50, 2, 3), "dropout3d": (40, 50, 2, 1, 2)}


@pytest.mark.parametrize("name", SHAPES)
def test_channels_are_dropped_as_a_whole(name: str) -> None:
    autograd.manual_seed(0)
    x = autograd.ones(SHAPES[name], requires_grad=True)
    y = getattr(F, name)(x, 0.25)
    channels = y.detach().numpy().reshape(2000, -1)
    assert np.all(channels == channels[:, :1])
    assert abs(np.mean(channels[:, 0] == 0) - 0.25) < 0.04
    assert set(np.unique(channels)) == {0, np.float32(1 / 0.75)}
    y.sum().backward()
    assert np.array_equal(x.grad.numpy(), y.detach().numpy())
    without_batch = getattr(F, name)(autograd.ones(SHAPES[name][1:]), 0.5).numpy()
    if name != "dropout2d":  # which takes three dims for a batch
        assert np.all(
            without_batch
            == without_batch.reshape(50, -1)[:, 0].reshape(50, *[1] * (without_batch.ndim - 1))
        )


@pytest.mark.parametrize("name", ["alpha_dropout", "feature_alpha_dropout"])
def test_alpha_dropout_keeps_mean_and_variance(name: str) -> None:
    autograd.manual_seed(0)
    x = autograd.randn(300, 300, 2, dtype="float64")
    y = getattr(F, name)(x, 0.3, training=True).numpy()
    assert abs(y.mean()) < 0.02
    assert abs(y.std() - 1) < 0.02
    assert getattr(F, name)(x, 0.3) is x
    if name == "feature_alpha_dropout":
        values, counts = np.unique(y, return_counts=True)
        dropped = y == values[np.argmax(counts)]
        assert abs(dropped.mean() - 0.3) < 0.02
        assert np.array_equal(dropped[..., 0], dropped[..., 1])


def test_the_values_of_alpha_dropout_are_pytorchs() -> None:
    ours = set(np.unique(F.alpha_dropout(autograd.ones(500), 0.4, True).numpy().round(5)))
    theirs = torch.nn.functional.alpha_dropout(torch.ones(500), 0.4, True).numpy()
    assert ours == set(np.unique(theirs.round(5)))
    assert F.alpha_dropout(autograd.ones(3), 1.0, True).tolist() == [0, 0, 0]


def test_random_slopes() -> None:
    autograd.manual_seed(0)
    x = autograd.tensor(np.linspace(-2, 2, 1001), requires_grad=True)
    y = F.rrelu(x, 0.1, 0.4, training=True)
    y.sum().backward()
    slopes = x.grad.numpy()
    np.testing.assert_allclose(y.detach().numpy(), x.detach().numpy() * slopes)
    assert np.all(slopes[501:] == 1)
    assert 0.1 <= slopes[:500].min() < 0.11
    assert 0.39 < slopes[:500].max() <= 0.4
    assert F.rrelu(autograd.tensor([-1.0]), 0.1, 0.3).tolist() == pytest.approx([-0.2])


def test_gumbel_softmax_samples_the_distribution() -> None:
    autograd.manual_seed(0)
    logits = autograd.tensor([0.2, 0.3, 0.5], dtype="float64").log().repeat(20000, 1)
    logits.requires_grad_()
    hard = F.gumbel_softmax(logits, hard=True)
    np.testing.assert_allclose(hard.detach().numpy().mean(0), [0.2, 0.3, 0.5], atol=0.02)
    assert np.all(np.isin(hard.detach().numpy().round(12), [0, 1]))
    soft = F.gumbel_softmax(logits, tau=0.5, dim=0)
    np.testing.assert_allclose(soft.detach().numpy().sum(0), 1)
    (hard * autograd.tensor([1.0, 2.0, 3.0])).sum().backward()
    assert np.any(logits.grad.numpy() != 0)


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize("options", [{"output_size": 3}, {"output_ratio": (0.6, 0.5, 0.7)}])
def test_fractional_pooling_is_pytorchs_from_the_same_samples(
    dims: int, options: dict[str, Any]
) -> None:
    generator = np.random.default_rng(0)
    x, samples = generator.random((2, 3, *(7, 8, 9)[:dims])), generator.random((2, 3, dims))
    options = {k: v[:dims] if isinstance(v, tuple) else v for k, v in options.items()}
    name = f"fractional_max_pool{dims}d"
    ours, theirs = autograd.tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    values, places = getattr(F, name)(
        ours, 2, **options, return_indices=True, _random_samples=autograd.tensor(samples)
    )
    expected, their_places = getattr(torch.nn.functional, name)(
        theirs, 2, **options, return_indices=True, _random_samples=torch.tensor(samples)
    )
    np.testing.assert_array_equal(values.detach().numpy(), expected.detach().numpy())
    np.testing.assert_array_equal(places.numpy(), their_places.numpy())
    g = generator.standard_normal(expected.shape)
    values.backward(autograd.tensor(g))
    expected.backward(torch.tensor(g))
    np.testing.assert_allclose(ours.grad.numpy(), theirs.grad.numpy())
    assert getattr(F, name)(ours[0], 2, **options).shape == expected.shape[1:]


INPLACE = [
    lambda x: F.relu(x, inplace=True),
    lambda x: F.relu6(x, True),
    lambda x: F.elu(x, 0.5, True),
    lambda x: F.selu(x, True),
    lambda x: F.celu(x, 0.5, True),
    lambda x: F.leaky_relu(x, 0.1, True),
    lambda x: F.hardtanh(x, -0.5, 0.5, True),
    lambda x: F.hardsigmoid(x, True),
    lambda x: F.hardswish(x, True),
    lambda x: F.silu(x, True),
    lambda x: F.mish(x, True),
    lambda x: F.threshold(x, 0.1, 0.2, True),
    lambda x: F.rrelu(x, inplace=True),
    lambda x: F.relu_(x),
    lambda x: F.elu_(x),
    lambda x: F.selu_(x),
    lambda x: F.celu_(x),
    lambda x: F.leaky_relu_(x),
    lambda x: F.hardtanh_(x),
    lambda x: F.threshold_(x, 0.1, 0.2),
    lambda x: F.rrelu_(x),
]


@pytest.mark.parametrize("number", range(len(INPLACE)))
def test_in_place_is_in_place(number: int) -> None:
    function = INPLACE[number]
    theirs_function = function.__code__.replace()
    twin = type(function)(theirs_function, {"F": torch.nn.functional})
    values = np.random.default_rng(0).standard_normal(30)
    leaf, their_leaf = (
        autograd.tensor(values, requires_grad=True),
        torch.tensor(values, requires_grad=True),
    )
    x, t = leaf * 1, their_leaf * 1
    memory = x.detach()
    assert function(x) is x
    twin(t)
    np.testing.assert_allclose(memory.numpy(), t.detach().numpy(), atol=1e-12)
    x.sum().backward()
    t.sum().backward()
    np.testing.assert_allclose(leaf.grad.numpy(), their_leaf.grad.numpy(), atol=1e-7)
    with pytest.raises(GraphError, match="leaf that requires grad"):
        function(leaf)


@pytest.mark.parametrize(
    "name", ["dropout", "dropout1d", "dropout2d", "alpha_dropout", "feature_alpha_dropout"]
)
def test_dropout_in_place(name: str) -> None:
    autograd.manual_seed(0)
    leaf = autograd.ones(20, 30, 2, requires_grad=True)
    x = leaf * 1
    memory = x.detach()
    assert getattr(F, name)(x, 0.5, True, True) is x
    assert len(np.unique(memory.numpy())) == 2
    x.sum().backward()
    assert set(np.unique(leaf.grad.numpy() > 0)) == {False, True}


def test_what_is_refused() -> None:
    x = autograd.ones(2, 3, 4)
    for name in [*SHAPES, "dropout", "alpha_dropout", "feature_alpha_dropout"]:
        with pytest.raises(ShapeError, match="between 0 and 1"):
            getattr(F, name)(x, 1.5)
    for call, error in (
        (lambda: F.dropout(x.long()), DTypeError),
        (lambda: F.dropout3d(x), ShapeError),
        (lambda: F.feature_alpha_dropout(autograd.ones(3), 0.5, True), ShapeError),
        (lambda: F.rrelu(x, 0.5, 0.1), ShapeError),
        (lambda: F.rrelu(x, 0.5, math.inf), ShapeError),
        (lambda: F.fractional_max_pool2d(x, 2), ShapeError),
        (lambda: F.fractional_max_pool2d(x, 2, 3, 0.5), ShapeError),
        (lambda: F.fractional_max_pool2d(x, 2, 3), ShapeError),
        (lambda: F.fractional_max_pool2d(x, 2, output_ratio=1.5), ShapeError),
        (lambda: nn.AlphaDropout(-0.1), ShapeError),
    ):
        with pytest.raises(error):
            call()
