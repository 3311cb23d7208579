"""nn.utils beside torch.nn.utils: clipping, vectors, fusion, old norms, stateless calls."""

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import DTypeError, ShapeError
from nn import utils

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")


def arrays(seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape).astype(dtype) for shape in [(3, 4), (5,), (), (2, 1, 3)]]


def with_gradients(gradients):
    """Parameters with these gradients (None: without), ours and PyTorch's."""
    ours, theirs = [], []
    for gradient in gradients:
        shape = () if gradient is None else gradient.shape
        dtype = np.float64 if gradient is None else gradient.dtype
        ours.append(nn.Parameter(np.zeros(shape, dtype)))
        theirs.append(torch.nn.Parameter(torch.from_numpy(np.zeros(shape, dtype))))
        if gradient is not None:
            ours[-1].grad = autograd.tensor(gradient)
            theirs[-1].grad = torch.from_numpy(np.array(gradient))
    return ours, theirs


def assert_same_gradients(ours, theirs, rtol=1e-12):
    for one, other in zip(ours, theirs):
        if other.grad is None:
            assert one.grad is None
        else:
            np.testing.assert_allclose(one.grad.numpy(), other.grad.numpy(), rtol, rtol)


# -- clipping --------------------------------------------------------------------------------------


@pytest.mark.parametrize("norm_type", [2.0, 1, 0.5, 3, float("inf"), "inf", float("-inf"), 0])
@pytest.mark.parametrize("max_norm", [0.0, 0.5, 1e6])
@pytest.mark.parametrize("foreach", [None, False, True])
def test_clip_grad_norm(norm_type, max_norm, foreach):
    gradients = arrays()
    gradients.insert(2, None)
    ours, theirs = with_gradients(gradients)
    before = ours[0].grad
    norm = utils.clip_grad_norm_(iter(ours), max_norm, norm_type, foreach=foreach)
    their_norm = torch.nn.utils.clip_grad_norm_(theirs, max_norm, norm_type)
    np.testing.assert_allclose(norm.numpy(), their_norm.numpy(), 1e-12)
    assert norm.dtype == autograd.float64
    assert ours[0].grad is before  # changed in place
    assert_same_gradients(ours, theirs)


def test_clip_grad_norm_of_one_tensor_of_mixed_dtypes_and_of_nothing():
    ours, theirs = with_gradients(arrays(1, np.float32))
    norm = utils.clip_grad_norm_(ours[0], 1.0)
    assert norm.item() == pytest.approx(torch.nn.utils.clip_grad_norm_(theirs[0], 1.0).item())
    assert_same_gradients(ours, theirs, 1e-6)
    mixed = [arrays(1, np.float32)[0], arrays(2)[1]]
    ours, theirs = with_gradients(mixed)
    norm, their_norm = utils.clip_grad_norm_(ours, 1.0), torch.nn.utils.clip_grad_norm_(theirs, 1.0)
    assert str(norm.dtype) == str(their_norm.dtype).removeprefix("torch.")
    assert_same_gradients(ours, theirs, 1e-6)
    assert utils.clip_grad_norm_([], 1.0).item() == 0
    assert utils.get_total_norm([]).dtype == autograd.float32
    with pytest.warns(UserWarning, match="empty"):
        utils.clip_grad_norm_((p for p in ours if False), 1.0)
    with pytest.warns(FutureWarning, match="clip_grad_norm_"):
        utils.clip_grad_norm(ours, 1.0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_norms_that_are_not_finite(bad):
    gradients = arrays()
    gradients[1][2] = bad
    ours, theirs = with_gradients(gradients)
    with pytest.raises(ShapeError, match="norm of the gradients is"):
        utils.clip_grad_norm_(ours, 1.0, error_if_nonfinite=True)
    np.testing.assert_array_equal(ours[0].grad.numpy(), gradients[0])
    utils.clip_grad_norm_(ours, 1.0)
    torch.nn.utils.clip_grad_norm_(theirs, 1.0)
    assert_same_gradients(ours, theirs)


def test_clip_in_two_steps():
    ours, theirs = with_gradients(arrays())
    norm = utils.get_total_norm([p.grad for p in ours], 1)
    their_norm = torch.nn.utils.get_total_norm([p.grad for p in theirs], 1)
    utils.clip_grads_with_norm_(ours, 0.3, norm)
    torch.nn.utils.clip_grads_with_norm_(theirs, 0.3, their_norm)
    assert norm.item() == pytest.approx(their_norm.item())
    assert_same_gradients(ours, theirs)


@pytest.mark.parametrize("clip_value", [0.5, 0, 100])
def test_clip_grad_value(clip_value):
    gradients = arrays()
    gradients.insert(1, None)
    gradients[0][0, 0] = np.nan
    ours, theirs = with_gradients(gradients)
    utils.clip_grad_value_(ours, clip_value)
    torch.nn.utils.clip_grad_value_(theirs, clip_value)
    assert_same_gradients(ours, theirs)
    utils.clip_grad_value_(ours[0], 0.25)
    assert np.nanmax(abs(ours[0].grad.numpy())) <= 0.25


# -- vectors ---------------------------------------------------------------------------------------


def test_parameters_as_a_vector_and_back():
    values = arrays()
    ours = [nn.Parameter(value) for value in values]
    vector = utils.parameters_to_vector(iter(ours))
    np.testing.assert_array_equal(
        vector.detach().numpy(), np.concatenate([v.ravel() for v in values])
    )
    (vector * vector).sum().backward()
    np.testing.assert_array_equal(ours[0].grad.numpy(), 2 * values[0])
    new = autograd.arange(vector.numel() + 1, dtype=autograd.float64)  # one is left over
    utils.vector_to_parameters(new, ours)
    assert ours[0].tolist() == np.arange(12).reshape(3, 4).tolist()
    assert ours[3].shape == (2, 1, 3)
    assert ours[0].requires_grad
    new[0] = 7.0
    assert ours[0][0, 0].item() == 7  # they share its memory, as in PyTorch


def test_bad_vectors():
    ours = [nn.Parameter(value) for value in arrays()]
    with pytest.raises(DTypeError, match="ndarray"):
        utils.vector_to_parameters(np.zeros(24), ours)
    with pytest.raises(ShapeError, match="has 5 elements"):
        utils.vector_to_parameters(autograd.zeros(5), ours)


# -- modules beside PyTorch's ----------------------------------------------------------------------


def pair(name, *args, **options):
    """A module of ours and PyTorch's, of the same weights, in double precision."""
    ours, theirs = getattr(nn, name)(*args, **options), getattr(torch.nn, name)(*args, **options)
    ours.double(), theirs.double()
    copied(ours, theirs)
    return ours, theirs


def copied(ours, theirs):
    result = ours.load_state_dict(theirs.state_dict())
    assert not result.missing_keys
    assert list(ours.state_dict()) == list(theirs.state_dict())


def inputs(*shape, seed=0):
    x = np.random.default_rng(seed).standard_normal(shape)
    return autograd.tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)


def assert_same_passes(ours, theirs, *shape):
    """Equal outputs, and gradients by the input and all parameters."""
    x, their_x = inputs(*shape)
    out, their_out = ours(x), theirs(their_x)
    np.testing.assert_allclose(out.detach().numpy(), their_out.detach().numpy(), 1e-9, 1e-9)
    (out * out).sum().backward()
    (their_out * their_out).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), their_x.grad.numpy(), 1e-8, 1e-8)
    theirs_by_name = dict(theirs.named_parameters())
    for name, parameter in ours.named_parameters():
        expected = theirs_by_name[name].grad
        assert (parameter.grad is None) == (expected is None)
        if expected is not None:
            np.testing.assert_allclose(parameter.grad.numpy(), expected.numpy(), 1e-8, 1e-8)
    ours.zero_grad(), theirs.zero_grad()


def trained(bn):
    """A normalisation in eval mode that has seen something, ours and PyTorch's."""
    generator = torch.Generator().manual_seed(0)
    ours, theirs = bn
    for tensor in (theirs.running_mean, theirs.running_var, theirs.weight, theirs.bias):
        if tensor is not None:
            tensor.data = torch.rand(tensor.shape, generator=generator, dtype=tensor.dtype) + 0.5
    copied(ours, theirs)
    return ours.eval(), theirs.eval()


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize(
    ("name", "transpose", "shape"),
    [
        ("Conv1d", False, (2, 3, 7)),
        ("Conv2d", False, (2, 3, 7, 6)),
        ("ConvTranspose2d", True, (2, 3, 4, 5)),
    ],
)
def test_fused_convolutions(name, transpose, shape, bias, affine):
    ours, theirs = pair(name, 3, 5, 3, bias=bias)
    ours.eval(), theirs.eval()
    bn, their_bn = trained(pair(f"BatchNorm{len(shape) - 2}d", 5, affine=affine))
    fused = utils.fuse_conv_bn_eval(ours, bn, transpose)
    expected = torch.nn.utils.fuse_conv_bn_eval(theirs, their_bn, transpose)
    for one, other in zip(fused.parameters(), expected.parameters(), strict=True):
        np.testing.assert_allclose(one.detach().numpy(), other.detach().numpy(), 1e-12, 1e-12)
        assert one.requires_grad == other.requires_grad
    x, _ = inputs(*shape)
    np.testing.assert_allclose(fused(x).detach().numpy(), bn(ours(x)).detach().numpy(), 1e-9, 1e-9)
    assert fused is not ours


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("features", [5, 1])
def test_fused_dense_layers(features, bias):
    ours, theirs = pair("Linear", 3, 5, bias=bias)
    ours.eval(), theirs.eval()
    bn, their_bn = trained(pair("BatchNorm1d", features))
    fused = utils.fuse_linear_bn_eval(ours, bn)
    expected = torch.nn.utils.fuse_linear_bn_eval(theirs, their_bn)
    for one, other in zip(fused.parameters(), expected.parameters(), strict=True):
        np.testing.assert_allclose(one.detach().numpy(), other.detach().numpy(), 1e-12, 1e-12)


def test_what_can_not_be_fused():
    conv, bn = nn.Conv2D(3, 5, 3), nn.BatchNorm2D(5)
    with pytest.raises(ShapeError, match="eval mode"):
        utils.fuse_conv_bn_eval(conv, bn)
    conv.eval()
    with pytest.raises(ShapeError, match="no running means"):
        utils.fuse_conv_bn_eval(conv, nn.BatchNorm2D(5, track_running_stats=False).eval())
    with pytest.raises(ShapeError, match="gives 4 features"):
        utils.fuse_linear_bn_eval(nn.Dense(3, 4).eval(), nn.BatchNorm1D(5).eval())


def test_skip_init():
    layer = utils.skip_init(nn.Conv2D, 2, 3, kernel_size=3, bias=False)
    assert type(layer) is nn.Conv2D
    assert layer.weight.shape == (3, 2, 3, 3)
    before = autograd.get_rng_state()
    utils.skip_init(nn.Dense, 4, 5)
    assert autograd.equal(autograd.get_rng_state(), before)  # nothing was drawn
    with pytest.raises(DTypeError, match="class of modules"):
        utils.skip_init(int)


# -- normalisations in their old form --------------------------------------------------------------

LAYERS = [
    (("Linear", 4, 3), (2, 4)),
    (("Conv2d", 2, 3, 3), (1, 2, 5, 5)),
    (("ConvTranspose1d", 3, 2, 3), (1, 3, 6)),
]


@pytest.mark.parametrize("dim", [0, 1, -1, -2, None])
@pytest.mark.parametrize(("layer", "shape"), LAYERS)
def test_old_weight_norm(layer, shape, dim):
    ours, theirs = pair(*layer)
    plain, _ = inputs(*shape)
    before = ours(plain).detach().numpy()
    with pytest.warns(FutureWarning):
        assert utils.weight_norm(ours, dim=dim) is ours
    with pytest.warns(FutureWarning):
        torch.nn.utils.weight_norm(theirs, dim=dim)
    np.testing.assert_allclose(ours(plain).detach().numpy(), before, 1e-9, 1e-9)
    for key, value in theirs.state_dict().items():
        np.testing.assert_allclose(ours.state_dict()[key].numpy(), value.numpy(), 1e-9)
    with torch.no_grad():
        theirs.weight_g += 0.5
        theirs.weight_v *= 3
    copied(ours, theirs)
    assert_same_passes(ours, theirs, *shape)
    utils.remove_weight_norm(ours)
    torch.nn.utils.remove_weight_norm(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert_same_passes(ours, theirs, *shape)


@pytest.mark.parametrize("dim", [None, 0, 1])
@pytest.mark.parametrize("n_power_iterations", [1, 3])
@pytest.mark.parametrize(("layer", "shape"), LAYERS)
def test_old_spectral_norm(layer, shape, dim, n_power_iterations):
    ours, theirs = pair(*layer)
    options = {"dim": dim, "n_power_iterations": n_power_iterations}
    assert utils.spectral_norm(ours, **options) is ours
    np.testing.assert_allclose(np.linalg.norm(ours.weight_u.numpy()), 1)
    torch.nn.utils.spectral_norm(theirs, **options)
    copied(ours, theirs)
    for mode in (True, True, False):
        ours.train(mode), theirs.train(mode)
        assert_same_passes(ours, theirs, *shape)
        np.testing.assert_allclose(ours.weight_u.numpy(), theirs.weight_u.numpy(), 1e-9, 1e-9)
        np.testing.assert_allclose(ours.weight_v.numpy(), theirs.weight_v.numpy(), 1e-9, 1e-9)
    utils.remove_spectral_norm(ours)
    torch.nn.utils.remove_spectral_norm(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert_same_passes(ours, theirs, *shape)


def test_spectral_norm_read_twice_before_the_backward_pass():
    ours, theirs = pair("Linear", 4, 4)
    utils.spectral_norm(ours), torch.nn.utils.spectral_norm(theirs)
    ours.load_state_dict(theirs.state_dict())
    x, their_x = inputs(2, 4)
    ours(ours(x)).sum().backward()
    theirs(theirs(their_x)).sum().backward()
    np.testing.assert_allclose(ours.weight_orig.grad.numpy(), theirs.weight_orig.grad.numpy(), 1e-9)


@pytest.mark.filterwarnings("ignore:nn.utils.weight_norm")
@pytest.mark.parametrize("name", ["weight_norm", "spectral_norm"])
def test_old_forms_on_and_off(name):
    put_on, take_off = getattr(utils, name), getattr(utils, f"remove_{name}")
    layer = nn.Dense(3, 2)
    with pytest.raises(ShapeError, match="found none"):
        take_off(layer)
    with pytest.raises(ShapeError, match="no parameter 'wait'"):
        put_on(layer, "wait")
    put_on(layer)
    with pytest.raises(ShapeError, match="already"):
        put_on(layer)
    put_on(nn.LSTM(3, 2), "weight_hh_l0")
    take_off(layer)
    assert isinstance(layer.weight, nn.Parameter)
    if name == "spectral_norm":
        with pytest.raises(ShapeError, match="must be positive"):
            put_on(layer, n_power_iterations=0)


# -- stateless calls -------------------------------------------------------------------------------


class Net(nn.Module):
    def __init__(self):
        self.first = nn.Dense(3, 3)
        self.others = [nn.Dense(3, 3), {"last": nn.Dense(3, 3)}]
        self.scales = [nn.Parameter(np.ones(3, np.float32))]
        self.norm = nn.BatchNorm1D(3)
        self.tied = self.first.weight

    def forward(self, x, shift=0.0):
        x = self.others[1]["last"](self.others[0](self.first(x))) * self.scales[0]
        return self.norm(x) + x @ self.tied + shift


def test_functional_call_replaces_all_and_puts_all_back():
    net, other = Net(), Net()
    x = autograd.randn(4, 3)
    before = {name: id(t) for name, t in net.state_dict(keep_vars=True).items()}
    values = {name: t.clone() for name, t in net.state_dict().items()}
    given = {
        **dict(other.named_parameters(remove_duplicate=False)),
        **{name: buffer.clone() for name, buffer in other.named_buffers()},
    }
    out = nn.functional_call(net, given, (x,), {"shift": 1.0}, strict=True)
    out.sum().backward()
    assert all(p.grad is None for p in net.parameters())
    assert all(p.grad is not None for p in other.parameters())
    assert {name: id(t) for name, t in net.state_dict(keep_vars=True).items()} == before
    assert all(autograd.equal(values[name], t) for name, t in net.state_dict().items())
    assert given["norm.num_batches_tracked"].item() == 1  # the running means are those given
    np.testing.assert_allclose(out.detach().numpy(), (other(x) + 1).detach().numpy(), rtol=1e-6)


def test_functional_call_is_differentiable_by_what_is_given():
    layer = nn.Dense(2, 1, bias=False)
    scale = autograd.tensor(2.0, requires_grad=True)
    weight = autograd.ones(1, 2) * scale
    out = nn.functional_call(layer, {"weight": weight}, autograd.tensor([3.0, 4.0]))
    out.backward()
    assert (out.item(), scale.grad.item()) == (14, 7)


def test_functional_call_and_tied_weights():
    net = Net().eval()
    weight = autograd.eye(3)
    x = autograd.randn(2, 3)
    tied = nn.functional_call(net, {"tied": weight}, x)
    np.testing.assert_array_equal(
        tied.detach().numpy(), nn.functional_call(net, {"first.weight": weight}, x).detach().numpy()
    )
    apart = nn.functional_call(net, {"tied": weight}, x, tie_weights=False)
    assert not autograd.allclose(tied, apart)
    with pytest.raises(ShapeError, match="several values"):
        nn.functional_call(net, {"tied": weight, "first.weight": weight.clone()}, x)


def test_functional_call_after_an_error_and_with_new_buffers():
    class Counter(nn.Module):
        def __init__(self):
            self.register_buffer("count", autograd.zeros(1))

        def forward(self, by):
            self.count = self.count + by
            return self.count

    counter = Counter()
    given = {"count": autograd.tensor([5.0])}
    assert nn.functional_call(counter, given, 2).tolist() == [7]
    assert given["count"].tolist() == [7]
    assert counter.count.tolist() == [0]
    with pytest.raises(DTypeError):
        nn.functional_call(counter, given, (None,))
    assert counter.count.tolist() == [0]


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"weight": autograd.ones(1, 2)}, ShapeError, "missing are \\['bias'\\]"),
        (
            {"weight": autograd.ones(1, 2), "bias": autograd.ones(1), "b": autograd.ones(1)},
            ShapeError,
            "unexpected \\['b'\\]",
        ),
        ([{"bias": autograd.ones(1)}, {"bias": autograd.ones(1)}], ShapeError, "more than one"),
        (autograd.ones(1), DTypeError, "needs a dict"),
    ],
)
def test_bad_functional_calls(given, error, message):
    with pytest.raises(error, match=message):
        nn.functional_call(nn.Dense(2, 1), given, autograd.ones(2), strict=True)


def test_functional_call_of_names_that_lead_nowhere():
    with pytest.raises(AttributeError, match="'inner' is no module"):
        nn.functional_call(nn.Dense(2, 1), {"inner.weight": autograd.ones(1)}, autograd.ones(2))
    layer = nn.Dense(2, 1)
    nn.functional_call(layer, {"unused": autograd.ones(1)}, autograd.ones(2))
    assert not hasattr(layer, "unused")


def test_functional_call_agrees_with_pytorch():
    ours, theirs = pair("Linear", 4, 3)
    x, their_x = inputs(2, 4)
    w, their_w = inputs(3, 4, seed=1)
    out = utils.stateless.functional_call(ours, [{"weight": w}], (x,))
    their_out = torch.func.functional_call(theirs, ({"weight": their_w},), (their_x,))
    np.testing.assert_allclose(out.detach().numpy(), their_out.detach().numpy(), 1e-12)
