"""Normalization beyond the table: running statistics, empty batches, large means, zeros."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import GraphError
from autograd.ops.normalization import (
    batch_norm,
    group_norm,
    instance_norm,
    layer_norm,
)
from autograd.ops.scaling import normalize


def draw(*shape, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, shape)


def statistics(channels):
    return autograd.tensor(draw(channels, seed=1)), autograd.tensor(draw(channels, seed=2) + 2)


@pytest.mark.parametrize("shape", [(6, 3), (2, 3, 4), (2, 3, 4, 5)])
def test_batch_norm_moves_the_running_statistics(shape):
    x, (mean, var) = draw(*shape), statistics(3)
    before, dims = (mean.clone().numpy(), var.clone().numpy()), (0, *range(2, len(shape)))
    batch_norm(autograd.tensor(x, requires_grad=True), mean, var, training=True, momentum=0.3)
    np.testing.assert_allclose(mean.numpy(), 0.7 * before[0] + 0.3 * x.mean(dims))
    np.testing.assert_allclose(var.numpy(), 0.7 * before[1] + 0.3 * x.var(dims, ddof=1))
    assert not mean.requires_grad
    assert not var.requires_grad


def test_instance_norm_moves_them_by_averages_over_the_batch():
    x, (mean, var) = draw(2, 3, 5), statistics(3)
    before = mean.clone().numpy(), var.clone().numpy()
    instance_norm(autograd.tensor(x), mean, var, momentum=0.3)
    np.testing.assert_allclose(mean.numpy(), 0.7 * before[0] + 0.3 * x.mean((0, 2)))
    np.testing.assert_allclose(var.numpy(), 0.7 * before[1] + 0.3 * x.var(2, ddof=1).mean(0))


def test_evaluation_leaves_the_running_statistics_alone():
    mean, var = statistics(3)
    before = mean.tolist(), var.tolist()
    batch_norm(autograd.tensor(draw(4, 3)), mean, var)
    instance_norm(autograd.tensor(draw(4, 3, 2)), mean, var, use_input_stats=False)
    assert (mean.tolist(), var.tolist()) == before


def test_a_graph_that_used_the_running_statistics_notices_the_change():
    x, (mean, var) = autograd.tensor(draw(4, 3), requires_grad=True), statistics(3)
    out = (x * mean).sum()
    batch_norm(x, mean, var, training=True)
    with pytest.raises(GraphError, match="changed in place"):
        out.backward()


def test_instance_norm_with_running_statistics_is_batch_norm():
    x, (mean, var) = autograd.tensor(draw(4, 3, 2)), statistics(3)
    one, other = instance_norm(x, mean, var, use_input_stats=False), batch_norm(x, mean, var)
    assert one.tolist() == other.tolist()


def test_empty_batch():
    mean, var = statistics(3)
    before = mean.tolist(), var.tolist()
    x = autograd.tensor(np.ones((0, 3)), requires_grad=True)
    out = batch_norm(x, mean, var, training=True)
    assert out.shape == (0, 3)
    out.sum().backward()
    assert x.grad.shape == (0, 3)
    assert (mean.tolist(), var.tolist()) == before
    assert group_norm(autograd.ones(0, 4, 2), 2).shape == (0, 4, 2)
    assert layer_norm(autograd.ones(2, 0), 0).shape == (2, 0)


@pytest.mark.parametrize(
    "norm",
    [
        lambda x: batch_norm(x, None, None, training=True),
        lambda x: group_norm(x, 1),
        lambda x: layer_norm(x, x.shape[-1]),
    ],
)
def test_a_large_mean_does_not_drown_the_variance(norm):
    x = np.arange(64.0).reshape(8, 8) % 7
    exact = norm(autograd.tensor(x)).numpy()
    shifted = norm(autograd.tensor((x + 10000).astype(np.float32))).numpy()
    np.testing.assert_allclose(shifted, exact, atol=1e-3)


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("shape", [(700, 130), (7, 100, 130), (3, 40_000)])
def test_large_layers_a_block_of_rows_at_a_time(shape, affine):
    """The gradients of the parts are those of the whole, by the formulas of Ba, Kiros, Hinton."""
    x, g, weight, bias = draw(*shape), draw(*shape, seed=1), draw(shape[-1]), draw(shape[-1])
    rows = [autograd.tensor(each, requires_grad=True) for each in (x, weight, bias)]
    out = layer_norm(rows[0], shape[-1:], *(rows[1:] if affine else ()))
    out.backward(autograd.tensor(g))
    scale = 1 / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
    standard = (x - x.mean(-1, keepdims=True)) * scale
    expected, upstream = (standard * weight + bias, g * weight) if affine else (standard, g)
    np.testing.assert_allclose(out.detach().numpy(), expected, atol=1e-9)
    along = (upstream * standard).mean(-1, keepdims=True)
    gradient = (upstream - upstream.mean(-1, keepdims=True) - standard * along) * scale
    np.testing.assert_allclose(rows[0].grad.numpy(), gradient, atol=1e-9)
    if affine:
        leading = tuple(range(len(shape) - 1))
        np.testing.assert_allclose(rows[1].grad.numpy(), (g * standard).sum(leading), atol=1e-9)
        np.testing.assert_allclose(rows[2].grad.numpy(), g.sum(leading), atol=1e-9)


@pytest.mark.parametrize("frozen", [0, 1, 2])
def test_layer_norm_with_an_argument_that_needs_no_gradient(frozen):
    def gradients(wanted):
        args = [autograd.tensor(draw(*size)) for size in ((300, 250), (250,), (250,))]
        for i in wanted:
            args[i].requires_grad_()
        (layer_norm(args[0], 250, *args[1:]) ** 2).sum().backward()
        return [arg.grad for arg in args]

    whole, part = gradients((0, 1, 2)), gradients({0, 1, 2} - {frozen})
    assert part[frozen] is None
    for i in {0, 1, 2} - {frozen}:
        np.testing.assert_array_equal(part[i].numpy(), whole[i].numpy())


def test_equal_values_give_zeros_and_finite_gradients():
    x = autograd.tensor(np.full((4, 3), 5.0), requires_grad=True)
    out = batch_norm(x, None, None, training=True)
    assert not out.detach().numpy().any()
    (out * autograd.tensor(draw(4, 3))).sum().backward()
    assert np.isfinite(x.grad.numpy()).all()


def test_the_zero_vector_stays_zero():
    x = autograd.tensor(np.zeros((1, 3)), requires_grad=True)
    out = normalize(x)
    assert out.tolist() == [[0, 0, 0]]
    out.sum().backward()
    assert np.isfinite(x.grad.numpy()).all()


def test_instance_norm_of_no_elements_leaves_the_running_statistics_alone():
    mean, var = statistics(3)
    before = mean.tolist(), var.tolist()
    assert instance_norm(autograd.ones(2, 3, 0).double(), mean, var).shape == (2, 3, 0)
    assert instance_norm(autograd.ones(0, 3, 2)).shape == (0, 3, 2)
    assert (mean.tolist(), var.tolist()) == before
