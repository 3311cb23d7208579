from math import sqrt

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import DTypeError, ShapeError
from nn import init

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")
stats = pytest.importorskip("scipy.stats", reason="SciPy knows the distributions")


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


def drawn(name, shape, **options):
    """What our function and PyTorch's draw: two samples of one distribution, if we are right."""
    ours = autograd.zeros(*shape, dtype=autograd.float64)
    theirs = torch.zeros(*shape, dtype=torch.float64)
    torch.manual_seed(0)
    assert getattr(init, name)(ours, **options) is ours
    getattr(torch.nn.init, name)(theirs, **options)
    return ours.numpy(), theirs.numpy()


DRAWS = [
    ("uniform_", {"a": -2.0, "b": 3.0}),
    ("normal_", {"mean": 1.0, "std": 0.5}),
    ("trunc_normal_", {}),
    ("trunc_normal_", {"mean": 1.0, "std": 2.0, "a": -1.0, "b": 1.5}),
    ("trunc_normal_", {"mean": -1.0, "std": 0.5, "a": 0.5, "b": 4.0}),
    ("xavier_uniform_", {}),
    ("xavier_uniform_", {"gain": 3.0}),
    ("xavier_normal_", {"gain": 0.5}),
    *(
        (name, options)
        for name in ("kaiming_uniform_", "kaiming_normal_")
        for options in (
            {},
            {"a": 2.0},
            {"mode": "fan_out"},
            {"mode": "FAN_OUT", "nonlinearity": "relu"},
            {"nonlinearity": "tanh"},
            {"nonlinearity": "selu"},
            {"nonlinearity": "conv_transpose2d"},
        )
    ),
]


@pytest.mark.parametrize("shape", [(60, 50), (40, 5, 3, 5)], ids=["dense", "conv"])
@pytest.mark.parametrize(("name", "options"), DRAWS)
@pytest.mark.filterwarnings("ignore:mean is more than 2 std")
def test_distributions_are_pytorchs(name, options, shape):
    ours, theirs = drawn(name, shape, **options)
    assert stats.ks_2samp(ours.ravel(), theirs.ravel()).pvalue > 1e-3
    scale = theirs.std()
    assert abs(ours.mean() - theirs.mean()) < 0.1 * scale
    assert abs(ours.std() / scale - 1) < 0.05


@pytest.mark.parametrize(
    ("mean", "std", "a", "b"),
    [
        (0.0, 1.0, -2.0, 2.0),
        (0.0, 1.0, 5.0, 6.0),
        (3.0, 0.5, -1.0, 0.5),
        (0.0, 1.0, 50.0, 60.0),
        (0.0, 1.0, 4.0, 1e9),
        (0.0, 1.0, -float("inf"), -3.0),
        (0.0, 100.0, -1.0, 1.0),
    ],
)
def test_truncated_normals_far_out(mean, std, a, b):
    x = init.trunc_normal_(autograd.zeros(4000, dtype=autograd.float64), mean, std, a, b).numpy()
    low, high = (a - mean) / std, (b - mean) / std
    assert ((a <= x) & (x <= b)).all()
    assert stats.kstest(x, stats.truncnorm(low, high, mean, std).cdf).pvalue > 1e-3


def test_truncated_normals_of_a_point_and_of_no_dims():
    assert init.trunc_normal_(autograd.zeros(3), a=1.5, b=1.5).tolist() == [1.5] * 3
    assert 0.5 <= init.trunc_normal_(autograd.zeros(()), a=0.5, b=4.0).item() <= 4.0
    assert init.trunc_normal_(autograd.zeros(0)).shape == (0,)


@pytest.mark.parametrize("sparsity", [0.0, 0.1, 0.33, 1.0])
def test_sparse(sparsity):
    ours, theirs = drawn("sparse_", (37, 90), sparsity=sparsity, std=0.5)
    assert ((ours == 0).sum(0) == (theirs == 0).sum(0)).all()
    zeros = (ours == 0).sum(1) / 90  # in each row about as many: the places are random
    assert abs(zeros - zeros.mean()).max() < 0.25
    if sparsity < 1:
        assert stats.kstest(ours[ours != 0], stats.norm(0, 0.5).cdf).pvalue > 1e-3


def test_orthogonal_matrices_are_uniformly_distributed():
    corners = [
        init.orthogonal_(autograd.zeros(3, 3, dtype=autograd.float64)).numpy()[0, 0]
        for _ in range(400)
    ]
    # A coordinate of a uniform point on the sphere is uniform (Archimedes).
    assert stats.kstest(corners, stats.uniform(-1, 2).cdf).pvalue > 1e-3


@pytest.mark.parametrize("name", ["kaiming_uniform_", "kaiming_normal_"])
def test_nothing_to_fill(name):
    for module, zeros in ((init, autograd.zeros), (torch.nn.init, torch.zeros)):
        with pytest.warns(UserWarning, match="no"):
            assert getattr(module, name)(zeros(0, 3)).shape == (0, 3)


def test_complex_numbers():
    x = init.normal_(autograd.zeros(2000, dtype=autograd.complex128), 0.0, 2.0).numpy()
    assert abs(np.mean(abs(x) ** 2) - 4) < 0.4


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
        (lambda: init.calculate_gain("leaky_relu", True), ShapeError, "must be a number"),
        (lambda: init.calculate_gain("leaky_relu", "1"), ShapeError, "must be a number"),
        (lambda: init.dirac_(autograd.zeros(3, 2, 2), groups=2), ShapeError, "multiple of groups"),
        (lambda: init.sparse_(autograd.zeros(2), 0.1), ShapeError, "2 dims"),
        (lambda: init.kaiming_uniform_(autograd.zeros(2)), ShapeError, "at least 2 dims"),
        (lambda: init.trunc_normal_(autograd.zeros(2), a=2, b=1), ShapeError, "a <= b"),
        (lambda: init.trunc_normal_(autograd.zeros(2), std=0), ShapeError, "positive std"),
        (lambda: init.normal_(autograd.zeros(2), std=-1), ShapeError, "std"),
        (lambda: init.uniform_(autograd.zeros(2), 2, 1), ShapeError, "from <= to"),
        (lambda: init.uniform_(autograd.arange(3)), DTypeError, "int64"),
        (lambda: init.normal_(autograd.arange(3)), DTypeError, "int64"),
        (lambda: init.trunc_normal_(autograd.arange(3)), DTypeError, "int64"),
        (lambda: init.orthogonal_(autograd.arange(4).reshape(2, 2)), DTypeError, "int64"),
        (lambda: init.uniform_(np.zeros(2)), DTypeError, "ndarray"),
        (lambda: init.normal_(np.zeros(2)), DTypeError, "ndarray"),
        (lambda: init.zeros_([1]), DTypeError, "list"),
    ],
)
def test_bad_arguments(make, error, message):
    with pytest.raises(error, match=message):
        make()
