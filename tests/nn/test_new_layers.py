"""What a layer starts with beside PyTorch's: the distribution of its parameters, their dtype and
device, and the arguments that are refused."""

import inspect

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import DeviceError, DTypeError, ShapeError

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")
stats = pytest.importorskip("scipy.stats", reason="compares distributions")

ROWS = [
    ("Linear", (40, 50), {}),
    ("Bilinear", (10, 12, 20), {}),
    ("Conv1d", (12, 30, 5), {}),
    ("Conv2d", (8, 40, 3), {"groups": 4}),
    ("Conv3d", (4, 20, (1, 2, 3)), {}),
    ("ConvTranspose1d", (30, 12, 5), {}),
    ("ConvTranspose2d", (40, 8, 3), {"groups": 4}),
    ("ConvTranspose3d", (20, 4, (1, 2, 3)), {}),
    ("Embedding", (100, 20), {"padding_idx": 3}),
    ("EmbeddingBag", (100, 20), {}),
    ("BatchNorm1d", (5,), {}),
    ("BatchNorm2d", (5,), {}),
    ("BatchNorm3d", (5,), {}),
    ("InstanceNorm2d", (5,), {"affine": True, "track_running_stats": True}),
    ("LayerNorm", ((3, 4),), {}),
    ("GroupNorm", (2, 4), {}),
    ("RMSNorm", (7,), {}),
    ("PReLU", (4,), {"init": 0.3}),
    ("RNN", (10, 20), {"num_layers": 2}),
    ("LSTM", (10, 20), {"bidirectional": True, "proj_size": 8}),
    ("GRU", (10, 20), {}),
    ("RNNCell", (10, 20), {}),
    ("LSTMCell", (10, 20), {}),
    ("GRUCell", (10, 20), {}),
    ("MultiheadAttention", (24, 4), {}),
    ("MultiheadAttention", (24, 4), {"kdim": 10, "vdim": 12, "add_bias_kv": True}),
    ("TransformerEncoderLayer", (24, 4, 30), {}),
    ("TransformerDecoderLayer", (24, 4, 30), {}),
    ("Transformer", (12, 2, 1, 1, 20), {}),
    ("AdaptiveLogSoftmaxWithLoss", (20, 60, [10, 30]), {"head_bias": True}),
]
IDS = [f"{name}{params}" for name, _, params in ROWS]


@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
@pytest.mark.parametrize(("name", "args", "params"), ROWS, ids=IDS)
def test_layers_start_with_pytorchs_distribution(name, args, params):
    autograd.manual_seed(0)
    mine = getattr(nn, name)(*args, **params).state_dict()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        theirs = getattr(torch.nn, name)(*args, **params).state_dict()
    assert list(mine) == list(theirs)
    for key, value in theirs.items():
        got, expected = mine[key].numpy().ravel(), value.numpy().ravel()
        assert str(got.dtype) == str(expected.dtype)
        if np.ptp(expected) == 0:
            assert np.array_equal(got, expected)
        else:
            assert stats.ks_2samp(got, expected).pvalue > 1e-4, key
            bound = np.abs(expected).max()
            assert 0.5 * bound < np.abs(got).max() < 2 * bound, key


def test_a_padding_vector_is_zero():
    assert not np.any(nn.Embedding(5, 3, padding_idx=2).weight[2].detach().numpy())


@pytest.mark.parametrize(("name", "args", "params"), ROWS, ids=IDS)
def test_layers_take_a_dtype_and_a_device(name, args, params):
    kind = getattr(nn, name)
    assert "device" in inspect.signature(getattr(torch.nn, name).__init__).parameters or name in (
        "RNN",
        "LSTM",
        "GRU",
    )
    layer = kind(*args, **params, device="cpu", dtype=autograd.float64)
    dtypes = {str(tensor.dtype) for tensor in layer.state_dict().values()}
    assert dtypes <= {"float64", "int64"}
    assert "float64" in dtypes
    for device in ("cuda", autograd.device("cuda:0")):
        with pytest.raises(DeviceError, match="there is no device"):
            kind(*args, **params, device=device)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: nn.Dense(-1, 2), ShapeError, "Dense: in_features must not be negative, got -1"),
        (lambda: nn.Dense(2.5, 2), DTypeError, "in_features must be an int, got 2.5"),
        (lambda: nn.Dense(3, "2"), DTypeError, "out_features must be an int"),
        (lambda: nn.Dense(2, 2, dtype=autograd.int64), DTypeError, "int64"),
        (lambda: nn.Bilinear(0, 1, 1), ShapeError, "at least 1"),
        (lambda: nn.Bilinear(1, 1, -1), ShapeError, "out_features must not be negative"),
        (lambda: nn.Conv2D(-3, 4, 3), ShapeError, "Conv2D: in_channels must not be negative"),
        (lambda: nn.Conv2D("3", 4, 3), DTypeError, "in_channels must be an int"),
        (lambda: nn.Conv2D(3, 4, 2.5), DTypeError, "kernel_size must be an int or 2 ints"),
        (lambda: nn.Conv2D(3, 4, -1), ShapeError, "must not be negative"),
        (lambda: nn.Conv2D(3, 4, 3, stride="2"), DTypeError, "stride must be an int or 2"),
        (lambda: nn.Conv2D(4, 6, 3, groups=4), ShapeError, "multiples of groups 4"),
        (lambda: nn.Conv2D(4, 6, 3, groups=0), ShapeError, "groups must be at least 1"),
        (lambda: nn.ConvTranspose2D(4, 6, 3, groups=-1), ShapeError, "groups must be at least"),
        (lambda: nn.Conv1D(4, 6, 3, padding_mode="reflection"), ShapeError, "padding_mode must"),
        (lambda: nn.ConvTranspose1D(4, 6, 3, padding="same"), ShapeError, "by numbers"),
        (lambda: nn.ConvTranspose1D(4, 6, 3, output_padding=0.5), DTypeError, "output_padding"),
        (lambda: nn.Unflatten(1, 5), DTypeError, "tuple of ints, got 5"),
        (lambda: nn.Unflatten(1, (2.0, 3)), DTypeError, "tuple of ints"),
        (lambda: nn.Unflatten("1", (2, 3)), DTypeError, "dim must be an int"),
    ],
)
def test_wrong_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (nn.Dense(3, 2), (4, 5), "takes 3 features"),
        (nn.Conv1D(3, 2, 2), (4,), r"Conv1D: needs \(3, length\) or \(batch, 3, length\), got"),
        (nn.Conv2D(3, 2, 2), (4, 4), r"Conv2D: needs \(3, height, width\)"),
        (nn.Conv3D(3, 2, 2), (1, 1, 3, 4, 4, 4), r"\(3, depth, height, width\)"),
        (nn.Conv2D(3, 2, 2, padding=1, padding_mode="reflect"), (4, 4), "Conv2D: needs"),
        (nn.Conv2D(3, 2, 2), (1, 4, 5, 5), "x .1, 4, 5, 5. has 4 channels"),
        (nn.ConvTranspose2D(3, 2, 2), (5, 5), "ConvTranspose2D: needs"),
        (nn.ConvTranspose2D(3, 2, 2), (1, 4, 5, 5), "4 channels"),
        (nn.Conv2D(3, 2, 4), (3, 2, 2), "a window spans 4 elements"),
        (nn.Conv2D(3, 2, 2, stride=0), (3, 2, 2), "stride must be an integer >= 1"),
        (nn.Bilinear(2, 3, 1), (4, 2), "input2"),
    ],
)
def test_wrong_inputs_say_what_is_needed_and_where(layer, shape, message):
    inputs = [autograd.ones(shape)] * (2 if isinstance(layer, nn.Bilinear) else 1)
    with pytest.raises(ShapeError, match=message) as caught:
        layer(*inputs)
    assert caught.value.__notes__ == [f"  in {type(layer).__name__}"]


def test_a_replaced_weight_of_other_channels_counts():
    layer = nn.Conv1D(4, 2, 1, bias=False)
    layer.weight = nn.Parameter(layer.weight.detach()[:, :3])
    assert layer(autograd.ones(3, 5)).shape == (2, 5)
