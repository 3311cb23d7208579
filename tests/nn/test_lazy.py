"""Lazy modules beside PyTorch's: before their first call, at it, and after."""

import copy

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd.errors import AutogradError, DTypeError, ShapeError

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")

ROWS = [
    ("Linear", (5,), {}, (4, 3)),
    ("Linear", (5,), {"bias": False}, (3,)),
    *((f"Conv{d}d", (4, 2), {"padding": 1}, (2, 3, 4, 5, 6)[: d + 2]) for d in (1, 2, 3)),
    *((f"ConvTranspose{d}d", (4, 2), {"bias": False}, (2, 3, 4, 5, 6)[: d + 2]) for d in (1, 2, 3)),
    ("Conv2d", (4, 3), {"groups": 2, "padding_mode": "circular", "padding": 1}, (6, 5, 5)),
    *((f"BatchNorm{d}d", (), {}, (2, 3, 4, 5, 6)[: d + 2]) for d in (1, 2, 3)),
    *((f"InstanceNorm{d}d", (), {}, (2, 3, 4, 5, 6)[: d + 2]) for d in (1, 2, 3)),
    ("BatchNorm1d", (), {"track_running_stats": False}, (4, 3)),
    ("InstanceNorm2d", (), {"affine": False, "momentum": 0.3}, (2, 3, 4, 4)),
]


def ours_name(text):
    return text.replace("Linear", "Dense").replace("d(", "D(")


@pytest.mark.parametrize(("name", "args", "params", "shape"), ROWS, ids=[str(r[:3]) for r in ROWS])
def test_lazy_modules_become_pytorchs(name, args, params, shape):
    mine, theirs = (getattr(m, f"Lazy{name}")(*args, **params) for m in (nn, torch.nn))
    assert isinstance(mine, getattr(nn, name))
    assert repr(mine) == ours_name(repr(theirs))
    assert repr(list(mine.state_dict().items())) == repr(list(theirs.state_dict().items()))
    assert mine.has_uninitialized_params()
    mine, theirs = mine.double(), theirs.double()
    x = np.random.default_rng(0).standard_normal(shape)
    mine(autograd.tensor(x)), theirs(torch.tensor(x))
    assert type(mine) is getattr(nn, name)
    assert repr(mine) == ours_name(repr(theirs))
    assert [type(p) for p in mine.parameters()] == [nn.Parameter] * len(list(theirs.parameters()))
    for key, value in theirs.state_dict().items():
        assert mine.state_dict()[key].shape == tuple(value.shape)
        assert str(mine.state_dict()[key].dtype) == str(value.dtype).removeprefix("torch.")
    mine.load_state_dict(theirs.state_dict())
    result, expected = mine(autograd.tensor(x)), theirs(torch.tensor(x))
    np.testing.assert_allclose(result.detach().numpy(), expected.detach().numpy(), atol=1e-12)


@pytest.mark.parametrize(
    "use",
    [
        lambda p: p.shape,
        lambda p: p + 1,
        lambda p: p.sum(),
        lambda p: p[0],
        lambda p: p.numel(),
        lambda p: np.asarray(p),
        lambda p: nn.init.ones_(p),
        lambda p: p.copy_(autograd.ones(2)),
    ],
)
def test_using_what_has_no_shape_yet_is_refused(use):
    for tensor in (nn.LazyDense(2).weight, nn.LazyBatchNorm1D().running_mean):
        with pytest.raises(ShapeError, match="call its module once"):
            use(tensor)


def test_an_optimizer_can_have_the_parameters_before_but_not_step():
    layer = nn.LazyDense(2)
    optimizer = optim.SGD(layer.parameters(), lr=0.5)
    with pytest.raises(ShapeError, match="call its module once"):
        optimizer.step()
    layer(autograd.ones(1, 3)).sum().backward()
    before = layer.bias.tolist()
    optimizer.step()
    assert layer.bias.tolist() == pytest.approx([b - 0.5 for b in before], abs=1e-6)


def test_what_works_before_the_first_call():
    net = nn.Sequential(nn.LazyDense(3), nn.LazyBatchNorm1D())
    assert [name for name, _ in net.named_parameters()][:2] == ["0.weight", "0.bias"]
    assert not net.requires_grad_(False)[0].weight.requires_grad
    net.requires_grad_()
    net.zero_grad()
    net.double()
    twin = copy.deepcopy(net)
    assert twin[0].weight is not net[0].weight
    assert twin[0].weight.dtype == autograd.float64
    assert repr(twin[0].weight) == "<UninitializedParameter>"
    net[0].reset_parameters()
    net(autograd.ones(2, 4, dtype=autograd.float64)).sum().backward()
    assert net[0].weight.grad.shape == (3, 4)
    assert net[1].running_mean.dtype == autograd.float64
    assert twin[0].has_uninitialized_params()


def test_loading_gives_shapes_and_keeps_the_values():
    source, layer = nn.Dense(4, 3), nn.LazyDense(3)
    assert layer.load_state_dict(source.state_dict()) == ([], [])
    assert layer.weight.shape == (3, 4)
    assert layer.weight.requires_grad
    layer(autograd.ones(2, 4))
    assert repr(layer) == "Dense(in_features=4, out_features=3, bias=True)"
    assert layer.weight.tolist() == source.weight.tolist()
    waiting = nn.LazyDense(3)
    assert waiting.load_state_dict(nn.LazyDense(3).state_dict()) == ([], [])
    assert waiting.has_uninitialized_params()
    with pytest.raises(ShapeError, match="no shape yet"):
        source.load_state_dict(waiting.state_dict())


def test_first_values_follow_pytorchs_distribution():
    layer = nn.LazyConv2D(8, 5)
    layer(autograd.ones(1, 4, 5, 5))
    assert 0.09 < abs(layer.weight.detach().numpy()).max() <= 0.1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.LazyDense(2)(autograd.tensor(1.0)), "needs .*features"),
        (lambda: nn.LazyConv2D(2, 3)(autograd.ones(4, 4)), r"\(channels, height, width\)"),
        (lambda: nn.LazyConv1D(4, 3, groups=4)(autograd.ones(2, 6)), "multiples of groups"),
        (lambda: nn.LazyBatchNorm2D()(autograd.ones(3)), r"needs \(batch, features, ...\)"),
        (lambda: nn.LazyConv1D(4, 3, padding_mode="mirror"), "padding_mode"),
    ],
)
def test_bad_inputs_and_options(call, message):
    with pytest.raises(ShapeError, match=message):
        call()


def test_a_failing_first_call_leaves_it_lazy():
    layer = nn.LazyConv1D(4, 3)
    with pytest.raises(ShapeError, match="smaller kernel"):
        layer(autograd.ones(2, 2))
    assert type(layer) is nn.LazyConv1D
    layer(autograd.ones(2, 5))
    assert type(layer) is nn.Conv1D


class Scale(nn.LazyModuleMixin, nn.Module):
    def __init__(self):
        self.factor = nn.UninitializedParameter()

    def initialize_parameters(self, x):
        if self.has_uninitialized_params():
            self.factor.materialize(x.shape[1:])
            nn.init.ones_(self.factor)

    def forward(self, x):
        return x * self.factor


def test_lazy_modules_of_ones_own():
    scale = Scale()
    assert scale(autograd.ones(2, 3)).shape == (2, 3)
    assert type(scale) is Scale
    assert scale(autograd.ones(5, 3)).shape == (5, 3)

    class Forgetful(Scale):
        def initialize_parameters(self, x):
            pass

    with pytest.raises(AutogradError, match="without a shape"):
        Forgetful()(autograd.ones(2))

    class Undefined(nn.LazyModuleMixin, nn.Module):
        pass

    with pytest.raises(NotImplementedError, match="define initialize_parameters"):
        Undefined()(1)


def test_materialize():
    parameter = nn.UninitializedParameter(requires_grad=False, dtype=autograd.float64)
    parameter.materialize((2, 3))
    assert type(parameter) is nn.Parameter
    assert (parameter.shape, parameter.dtype) == ((2, 3), autograd.float64)
    assert not parameter.requires_grad
    buffer = nn.UninitializedBuffer()
    buffer.materialize((2,), dtype=autograd.int64)
    assert type(buffer) is autograd.Tensor
    assert buffer.dtype == autograd.int64
    with pytest.raises(AutogradError, match="cuda"):
        nn.UninitializedParameter(device="cuda")
    with pytest.raises(DTypeError):
        nn.UninitializedParameter(dtype="no dtype")
