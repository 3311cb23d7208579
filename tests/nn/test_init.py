from math import sqrt

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import DTypeError, ShapeError
from nn import init

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")


@pytest.fixture(autouse=True)
def _seed():
    autograd.manual_seed(0)


def bounds(tensor):
    array = tensor.detach().numpy()
    return array.min(), array.max()


def test_constants():
    x = nn.Parameter(autograd.zeros(2, 3))
    assert init.constant_(x, 2.5) is x
    assert x.tolist() == [[2.5] * 3] * 2
    assert init.ones_(x).sum().item() == 6
    assert init.zeros_(x).sum().item() == 0
    assert init.eye_(x).tolist() == [[1, 0, 0], [0, 1, 0]]
    assert x.requires_grad
    assert x.is_leaf


@pytest.mark.parametrize(
    ("shape", "groups"), [((4, 2, 3), 1), ((4, 2, 3, 3), 2), ((2, 3, 2, 3, 3), 1)]
)
def test_dirac(shape, groups):
    ours, theirs = autograd.zeros(*shape), torch.zeros(*shape)
    assert init.dirac_(ours, groups).tolist() == torch.nn.init.dirac_(theirs, groups).tolist()


@pytest.mark.parametrize("dtype", [autograd.float16, autograd.float32, autograd.float64])
def test_distributions_have_their_moments_and_ranges(dtype):
    x = autograd.zeros(200, 300, dtype=dtype)
    assert init.uniform_(x, -2, 3).dtype == dtype
    low, high = bounds(x)
    assert -2 <= low < -1.9
    assert 2.9 < high <= 3
    x = x.to(autograd.float64)
    init.normal_(x, 1.0, 2.0)
    assert abs(x.numpy().mean() - 1) < 0.05
    assert abs(x.numpy().std() - 2) < 0.05
    init.trunc_normal_(x, 0.0, 1.0, -0.5, 2.0)
    low, high = bounds(x)
    assert -0.5 <= low < -0.49
    assert 1.9 < high <= 2
    init.xavier_normal_(x, gain=2.0)
    assert abs(x.numpy().std() / (2 * sqrt(2 / 500)) - 1) < 0.05
    init.xavier_uniform_(x)
    assert bounds(x)[1] == pytest.approx(sqrt(6 / 500), rel=0.01)
    init.kaiming_normal_(x, mode="fan_out", nonlinearity="relu")
    assert abs(x.numpy().std() / sqrt(2 / 200) - 1) < 0.05
    init.kaiming_uniform_(x, a=sqrt(5))
    assert bounds(x)[1] == pytest.approx(1 / sqrt(300), rel=0.01)


@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (4, 2, 3)])
def test_orthogonal(shape):
    x = (
        init.orthogonal_(autograd.zeros(*shape, dtype=autograd.float64), gain=2.0)
        .numpy()
        .reshape(shape[0], -1)
    )
    product = x @ x.T if x.shape[0] <= x.shape[1] else x.T @ x
    np.testing.assert_allclose(product, 4 * np.eye(len(product)), atol=1e-12)


@pytest.mark.parametrize(
    "name",
    ["linear", "conv2d", "conv_transpose3d", "sigmoid", "tanh", "relu", "leaky_relu", "selu"],
)
def test_gains_are_pytorchs(name):
    assert init.calculate_gain(name) == torch.nn.init.calculate_gain(name)
    assert init.calculate_gain("leaky_relu", 0.3) == torch.nn.init.calculate_gain("leaky_relu", 0.3)


def test_draws_follow_the_generator():
    x = init.normal_(autograd.zeros(4), generator=autograd.Generator(3)).tolist()
    assert init.normal_(autograd.zeros(4), generator=autograd.Generator(3)).tolist() == x


@pytest.mark.parametrize(
    ("make", "fan_in"),
    [
        (lambda: nn.Dense(50, 400), 50),
        (lambda: nn.Conv2D(8, 60, 3, groups=4), 18),
        (lambda: nn.ConvTranspose1D(100, 60, 3), 180),
    ],
)
def test_layers_start_as_pytorchs(make, fan_in):
    layer = make()
    bound = 1 / sqrt(fan_in)
    for tensor in (layer.weight, layer.bias):
        low, high = bounds(tensor)
        assert -bound <= low < -0.9 * bound
        assert 0.9 * bound < high <= bound


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: init.eye_(autograd.zeros(2)), ShapeError, "2 dims"),
        (lambda: init.dirac_(autograd.zeros(2, 2)), ShapeError, "3 to 5"),
        (lambda: init.xavier_uniform_(autograd.zeros(2)), ShapeError, "at least 2 dims"),
        (lambda: init.kaiming_normal_(autograd.zeros(2, 2), mode="fan"), ShapeError, "fan_in"),
        (lambda: init.orthogonal_(autograd.zeros(2)), ShapeError, "2 dims"),
        (lambda: init.calculate_gain("rlu"), ShapeError, "unknown"),
        (lambda: init.trunc_normal_(autograd.zeros(2), a=50, b=60), ShapeError, "too little"),
        (lambda: init.zeros_([1]), DTypeError, "list"),
    ],
)
def test_bad_arguments(make, error, message):
    with pytest.raises(error, match=message):
        make()
