"""Parametrizations beside PyTorch's."""

import copy

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import DimensionError, ShapeError
from nn.utils import parametrizations, parametrize

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")


# The same parametrizations, of our modules and of PyTorch's.


class Symmetric:
    def forward(self, x):
        return x.triu() + x.triu(1).transpose(-1, -2)

    def right_inverse(self, x):
        return x.triu()


class Skew:
    def forward(self, x):
        x = x.triu(1)
        return x - x.transpose(-1, -2)


class Exponential:
    def forward(self, x):
        return x.exp()

    def right_inverse(self, y):
        return y.log()


class Difference:
    def forward(self, x, y):
        return x - y

    def right_inverse(self, z):
        return 2 * z, z


class Narrow:
    def forward(self, x):
        return x[:2]


class NoInverse:
    def forward(self, x):
        return x * 2

    def right_inverse(self, x):
        raise NotImplementedError


def of(cls):
    """``cls`` as a module of ours, and of PyTorch's."""
    return type(cls.__name__, (cls, nn.Module), {})(), type(
        cls.__name__, (cls, torch.nn.Module), {}
    )()


def pair(name, *args, **options):
    ours, theirs = getattr(nn, name)(*args, **options), getattr(torch.nn, name)(*args, **options)
    ours.double(), theirs.double()
    copied(ours, theirs)
    return ours, theirs


def register(modules, cls, name="weight", **options):
    (ours, theirs), (one, other) = modules, of(cls)
    assert parametrize.register_parametrization(ours, name, one, **options) is ours
    torch.nn.utils.parametrize.register_parametrization(theirs, name, other, **options)
    return ours, theirs


def copied(ours, theirs):
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict(theirs.state_dict())


def assert_close(ours, theirs):
    np.testing.assert_allclose(ours.detach().numpy(), theirs.detach().numpy(), 1e-8, 1e-9)


def assert_same_states(ours, theirs):
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for key, value in theirs.state_dict().items():
        assert_close(ours.state_dict()[key], value)


def assert_same_passes(ours, theirs, *shape):
    x = np.random.default_rng(0).standard_normal(shape)
    out, their_out = ours(autograd.tensor(x)), theirs(torch.tensor(x))
    assert_close(out, their_out)
    (out * out).sum().backward()
    (their_out * their_out).sum().backward()
    expected = dict(theirs.named_parameters())
    assert [name for name, _ in ours.named_parameters()] == list(expected)
    for name, parameter in ours.named_parameters():
        if expected[name].grad is None:
            assert parameter.grad is None or not parameter.grad.numpy().any()
        else:
            assert_close(parameter.grad, expected[name].grad)
    ours.zero_grad(), theirs.zero_grad()


def renamed(text):
    """A repr of ours with PyTorch's names."""
    return text.replace("Dense", "Linear")


# -- registering, reading, setting, removing -------------------------------------------------------


@pytest.mark.parametrize("cls", [Symmetric, Skew, NoInverse, Difference])
def test_one_parametrization(cls):
    ours, theirs = register(pair("Linear", 4, 4), cls)
    assert_same_states(ours, theirs)
    assert_close(ours.weight, theirs.weight)
    assert_same_passes(ours, theirs, 2, 4)
    assert renamed(repr(ours)) == repr(theirs)
    assert "weight" not in dict(ours.named_parameters(recurse=False))
    assert parametrize.is_parametrized(ours)
    assert parametrize.is_parametrized(ours, "weight")
    assert not parametrize.is_parametrized(ours, "bias")


def test_several_parametrizations_of_several_tensors():
    modules = register(register(pair("Linear", 3, 3), Skew), NoInverse)
    ours, theirs = register(modules, NoInverse, "bias")
    assert_same_states(ours, theirs)
    assert_same_passes(ours, theirs, 2, 3)
    assert len(ours.parametrizations.weight) == 2
    assert renamed(repr(ours)) == repr(theirs)


def test_the_first_of_several_takes_several_tensors():
    ours, theirs = register(register(pair("Linear", 3, 3), Difference), Symmetric)
    assert_same_states(ours, theirs)
    assert_same_passes(ours, theirs, 2, 3)
    value = np.random.default_rng(1).standard_normal((3, 3))
    value += value.T
    ours.weight, theirs.weight = autograd.tensor(value), torch.tensor(value)
    assert_same_states(ours, theirs)
    assert_close(ours.weight, torch.tensor(value))


@pytest.mark.parametrize("leave_parametrized", [True, False])
def test_removing(leave_parametrized):
    ours, theirs = register(register(pair("Linear", 3, 3), Skew), NoInverse, "bias")
    ours.double(), theirs.double()
    original = ours.parametrizations.weight.original
    optimized = list(ours.parameters())
    for name in ("weight", "bias"):
        result = parametrize.remove_parametrizations(ours, name, leave_parametrized)
        assert result is ours
        torch.nn.utils.parametrize.remove_parametrizations(theirs, name, leave_parametrized)
        assert_same_states(ours, theirs)
        assert_same_passes(ours, theirs, 2, 3)
    assert ours.weight is original
    assert {id(p) for p in ours.parameters()} == {id(p) for p in optimized}
    assert type(ours) is nn.Dense
    assert not hasattr(ours, "parametrizations")
    assert not parametrize.is_parametrized(ours)


def test_removing_from_several_tensors():
    ours, theirs = register(pair("Linear", 3, 3), Difference)
    with pytest.raises(ShapeError, match="several tensors"):
        parametrize.remove_parametrizations(ours, "weight", leave_parametrized=False)
    parametrize.remove_parametrizations(ours, "weight")
    torch.nn.utils.parametrize.remove_parametrizations(theirs, "weight")
    assert_same_states(ours, theirs)
    assert isinstance(ours.weight, nn.Parameter)


def test_setting_the_value():
    ours, theirs = register(pair("Linear", 3, 3), Symmetric)
    value = np.arange(9.0).reshape(3, 3)
    ours.weight, theirs.weight = autograd.tensor(value), torch.tensor(value)
    assert_same_states(ours, theirs)
    assert ours.parametrizations.weight.original.requires_grad
    assert_same_passes(ours, theirs, 2, 3)


def test_values_that_can_not_be_set():
    ours, _ = register(pair("Linear", 3, 3), Skew)
    with pytest.raises(ShapeError, match="Skew has none"):
        ours.weight = autograd.zeros(3, 3)
    ours, _ = register(pair("Linear", 3, 3), NoInverse)
    with pytest.raises(NotImplementedError):
        ours.weight = autograd.zeros(3, 3)
    ours, _ = register(pair("Linear", 3, 3), Symmetric)
    with pytest.raises(ShapeError, match="dtype"):
        ours.weight = autograd.zeros(3, 3, dtype=autograd.float32)


def test_buffers():
    ours, theirs = pair("BatchNorm1d", 3)
    register((ours, theirs), Exponential, "running_var")
    assert_same_states(ours, theirs)
    assert [name for name, _ in ours.named_parameters()] == ["weight", "bias"]
    parametrize.remove_parametrizations(ours, "running_var")
    torch.nn.utils.parametrize.remove_parametrizations(theirs, "running_var")
    assert_same_states(ours, theirs)
    assert ours.running_var.tolist() == [1, 1, 1]


def test_unsafe_parametrizations_may_change_the_shape():
    with pytest.raises(ShapeError, match="shape"):
        register(pair("Linear", 3, 3), Narrow)
    ours, theirs = register(pair("Linear", 3, 3, bias=False), Narrow, unsafe=True)
    assert_same_passes(ours, theirs, 2, 3)
    parametrize.remove_parametrizations(ours, "weight")
    assert ours.weight.shape == (2, 3)


def test_caching():
    ours, _ = register(pair("Linear", 3, 3), Symmetric)
    assert ours.weight is not ours.weight
    with parametrize.cached():
        weight = ours.weight
        with parametrize.cached():
            assert ours.weight is weight
        assert ours.weight is weight
        ours.weight = autograd.ones(3, 3, dtype=autograd.float64)
        assert ours.weight.tolist() == [[1] * 3] * 3
    with parametrize.cached():
        assert ours.weight is not weight


def test_copies_are_independent():
    ours, _ = register(pair("Linear", 3, 3), Symmetric)
    other = copy.deepcopy(ours)
    parametrize.remove_parametrizations(other, "weight")
    assert parametrize.is_parametrized(ours)
    assert autograd.equal(ours.weight, other.weight)
    ours.parametrizations.weight.original.data.zero_()
    assert not autograd.equal(ours.weight, other.weight)


def test_classes():
    ours, theirs = register(pair("Linear", 3, 3), Symmetric)
    assert parametrize.type_before_parametrizations(ours) is nn.Dense
    assert parametrize.type_before_parametrizations(nn.Dense(1, 1)) is nn.Dense
    assert isinstance(ours, nn.Dense)
    assert renamed(type(ours).__name__) == type(theirs).__name__
    assert isinstance(ours.parametrizations.weight, parametrize.ParametrizationList)


@pytest.mark.parametrize("cls", [Symmetric, Difference])
def test_transfer(cls):
    (ours, theirs), (target, their_target) = pair("Linear", 3, 3), pair("Linear", 3, 3)
    register((ours, theirs), cls)
    parametrize.transfer_parametrizations_and_params(ours, target)
    torch.nn.utils.parametrize.transfer_parametrizations_and_params(theirs, their_target)
    assert_same_states(target, their_target)
    assert autograd.equal(target.weight, ours.weight)
    plain = nn.Dense(3, 3)
    assert parametrize.transfer_parametrizations_and_params(plain, target) is target


class Wrong(nn.Module):
    def __init__(self, result, inverse=None):
        self.result, self.inverse = (result,), (inverse,)  # in tuples, they are no buffers

    def forward(self, *x):
        return self.result[0]

    def right_inverse(self, x):
        return x if self.inverse[0] is None else self.inverse[0]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Wrong(3), "must give a tensor, got int"),
        (Wrong(autograd.zeros(2, 2)), "shape"),
        (Wrong(autograd.zeros(3, 3, dtype=autograd.float16)), "dtype"),
        (Wrong(autograd.zeros(3, 3), 3), "right_inverse"),
        (Wrong(autograd.zeros(3, 3), [3, 4]), "right_inverse"),
        (Wrong(autograd.zeros(3, 3), autograd.arange(3)), "right_inverse: must not change the dt"),
    ],
)
@pytest.mark.parametrize("second", [False, True])
def test_parametrizations_that_do_not_fit(wrong, message, second):
    layer = nn.Dense(3, 3)
    if second:
        parametrize.register_parametrization(layer, "weight", of(Symmetric)[0])
    message = "right_inverse" if second and "right_inverse" in message else message
    before = list(layer.state_dict())
    with pytest.raises(ShapeError, match=message):
        parametrize.register_parametrization(layer, "weight", wrong)
    assert list(layer.state_dict()) == before


def test_bad_arguments():
    layer = nn.Dense(3, 3)
    with pytest.raises(ShapeError, match="no parameter or buffer 'wait'"):
        parametrize.register_parametrization(layer, "wait", of(Symmetric)[0])
    with pytest.raises(ShapeError, match="has none"):
        parametrize.remove_parametrizations(layer, "weight")
    with pytest.raises(ShapeError, match="at least one module"):
        parametrize.ParametrizationList([], layer.weight)


# -- the ready-made ones ---------------------------------------------------------------------------

LAYERS = [
    (("Linear", 4, 3), (2, 4)),
    (("Conv2d", 2, 3, 3), (1, 2, 5, 5)),
    (("ConvTranspose1d", 3, 2, 3), (1, 3, 6)),
]


@pytest.mark.parametrize("dim", [0, 1, -1, None])
@pytest.mark.parametrize(("layer", "shape"), LAYERS)
def test_weight_norm(layer, shape, dim):
    ours, theirs = pair(*layer)
    parametrizations.weight_norm(ours, dim=dim)
    torch.nn.utils.parametrizations.weight_norm(theirs, dim=dim)
    assert_same_states(ours, theirs)
    with torch.no_grad():
        theirs.parametrizations.weight.original0 += 0.5
        theirs.parametrizations.weight.original1 *= 3
    copied(ours, theirs)
    assert_same_passes(ours, theirs, *shape)
    ours.weight, theirs.weight = autograd.ones_like(ours.weight), torch.ones_like(theirs.weight)
    assert_same_states(ours, theirs)


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_weight_norm_loads_the_old_form():
    layers = [nn.Sequential(*pair("Linear", 4, 3)[:1]) for _ in range(2)]
    parametrizations.weight_norm(layers[0][0])
    nn.utils.weight_norm(layers[1][0])
    layers[0].load_state_dict(layers[1].state_dict())
    np.testing.assert_allclose(
        layers[0][0].weight.detach().numpy(), layers[1][0].weight.detach().numpy(), 1e-12
    )


@pytest.mark.parametrize("dim", [None, 0, 1, -1])
@pytest.mark.parametrize("n_power_iterations", [1, 3])
@pytest.mark.parametrize(("layer", "shape"), LAYERS)
def test_spectral_norm(layer, shape, dim, n_power_iterations):
    ours, theirs = pair(*layer)
    options = {"dim": dim, "n_power_iterations": n_power_iterations}
    parametrizations.spectral_norm(ours, **options)
    torch.nn.utils.parametrizations.spectral_norm(theirs, **options)
    copied(ours, theirs)
    for mode in (True, True, False):
        ours.train(mode), theirs.train(mode)
        assert_same_passes(ours, theirs, *shape)
        assert_same_states(ours, theirs)
    parametrize.remove_parametrizations(ours, "weight")
    torch.nn.utils.parametrize.remove_parametrizations(theirs, "weight")
    assert_same_passes(ours, theirs, *shape)


def test_spectral_norm_of_vectors_and_from_a_random_start():
    ours, theirs = pair("Linear", 4, 3)
    parametrizations.spectral_norm(ours, "bias")
    torch.nn.utils.parametrizations.spectral_norm(theirs, "bias")
    assert_same_states(ours, theirs)
    assert_same_passes(ours, theirs, 2, 4)
    autograd.manual_seed(0)
    layer = parametrizations.spectral_norm(nn.Dense(5, 6), n_power_iterations=50)
    assert np.linalg.norm(layer.weight.detach().numpy(), 2) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("use_trivialization", [True, False])
@pytest.mark.parametrize("orthogonal_map", [None, "matrix_exp", "cayley", "householder"])
@pytest.mark.parametrize("sizes", [(4, 4), (3, 5), (5, 3)])
def test_orthogonal(sizes, orthogonal_map, use_trivialization):
    ours, theirs = pair("Linear", *sizes)
    options = {"orthogonal_map": orthogonal_map, "use_trivialization": use_trivialization}
    parametrizations.orthogonal(ours, **options)
    torch.nn.utils.parametrizations.orthogonal(theirs, **options)
    rng = np.random.default_rng(0)
    original = theirs.parametrizations.weight.original
    step = rng.standard_normal(tuple(original.shape)) * (1 - np.eye(*original.shape))
    with torch.no_grad():
        original += torch.tensor(step)
    copied(ours, theirs)
    weight = ours.weight.detach().numpy()
    product = weight @ weight.T if weight.shape[0] <= weight.shape[1] else weight.T @ weight
    np.testing.assert_allclose(product, np.eye(len(product)), atol=1e-12)
    assert_same_passes(ours, theirs, 2, sizes[0])


@pytest.mark.parametrize("orthogonal_map", ["matrix_exp", "cayley", "householder"])
@pytest.mark.parametrize("shape", [(4, 4), (3, 5), (5, 3), (2, 4, 3)])
def test_orthogonal_matrices_that_are_set(shape, orthogonal_map):
    class Weight(nn.Module):
        def __init__(self):
            self.weight = nn.Parameter(autograd.randn(*shape, dtype=autograd.float64))

    autograd.manual_seed(0)
    tall = np.linalg.qr(np.random.default_rng(0).standard_normal((*shape[:-2], 5, 5)))[0]
    matrix = tall[..., : shape[-2], : shape[-1]] if 5 in shape else None
    if matrix is None:
        square = np.linalg.qr(np.random.default_rng(0).standard_normal((*shape[:-1], shape[-2])))[0]
        matrix = square[..., : shape[-1]]
    for trivial in (True, False):
        module = parametrizations.orthogonal(
            Weight(), orthogonal_map=orthogonal_map, use_trivialization=trivial
        )
        if not trivial and orthogonal_map != "householder":
            with pytest.raises(NotImplementedError, match="use_trivialization"):
                module.weight = autograd.tensor(matrix)
            continue
        module.weight = autograd.tensor(matrix)
        np.testing.assert_allclose(module.weight.detach().numpy(), matrix, atol=1e-12)


def test_a_square_matrix_starts_as_the_nearest_by_qr():
    ours, theirs = pair("Linear", 4, 4)
    parametrizations.orthogonal(ours)
    torch.nn.utils.parametrizations.orthogonal(theirs)
    assert_same_states(ours, theirs)


def test_complex_orthogonal_matrices():
    class Weight(nn.Module):
        def __init__(self):
            self.weight = nn.Parameter(autograd.randn(3, 3, dtype=autograd.complex128))

    weight = parametrizations.orthogonal(Weight()).weight
    np.testing.assert_allclose((weight @ weight.mH).detach().numpy(), np.eye(3), atol=1e-12)
    with pytest.raises(ShapeError, match="real matrices"):
        parametrizations.orthogonal(Weight(), orthogonal_map="householder")


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda layer: parametrizations.orthogonal(layer, "wait"), ShapeError, "'wait'"),
        (lambda layer: parametrizations.orthogonal(layer, "bias"), ShapeError, "needs a matrix"),
        (
            lambda layer: parametrizations.orthogonal(layer, orthogonal_map="qr"),
            ShapeError,
            "matrix_exp, cayley, householder",
        ),
        (lambda layer: parametrizations.spectral_norm(layer, "wait"), ShapeError, "'wait'"),
        (lambda layer: parametrizations.spectral_norm(layer, dim=2), DimensionError, "dim 2"),
        (
            lambda layer: parametrizations.spectral_norm(layer, n_power_iterations=0),
            ShapeError,
            "must be positive",
        ),
        (lambda layer: parametrizations.weight_norm(layer, "wait"), ShapeError, "'wait'"),
    ],
)
def test_bad_arguments_of_the_ready_made(make, error, message):
    with pytest.raises(error, match=message):
        make(nn.Dense(3, 3))


def test_orthogonal_of_another_shape():
    layer = parametrizations.orthogonal(nn.Dense(3, 3))
    with pytest.raises(ShapeError, match="needs a tensor of shape"):
        layer.weight = autograd.zeros(2, 2)


def test_second_derivatives_through_a_parametrization():
    layer = parametrizations.weight_norm(nn.Dense(2, 2, bias=False).double())

    def length(g, v):
        given = {"parametrizations.weight.original0": g, "parametrizations.weight.original1": v}
        return nn.functional_call(layer, given, autograd.ones(2, dtype=autograd.float64))

    originals = [p.detach().clone().requires_grad_() for p in layer.parameters()]
    assert autograd.gradgradcheck(length, originals)
