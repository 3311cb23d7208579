"""Padding, resizing, unpooling, tables and the rarer norms and activations against PyTorch's."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import AutogradError

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")

SIZES = {1: (9,), 2: (8, 9), 3: (6, 5, 7)}
Row = tuple[str, tuple[Any, ...], dict[str, Any], list[Any]]


def spatial_rows() -> Iterator[Row]:
    """Layers in one, two and three dims: name, arguments, options, input shapes."""
    for d, size in SIZES.items():
        x = (2, 4, *size)
        uneven = tuple(range(1, 2 * d + 1))[::-1]
        for kind in ("ZeroPad", "ReflectionPad", "ReplicationPad", "CircularPad"):
            yield f"{kind}{d}d", (2,), {}, [x]
            yield f"{kind}{d}d", (tuple(min(n, 4) for n in uneven),), {}, [x[1:]]
        yield f"ConstantPad{d}d", (uneven, 1.5), {}, [x]
        yield f"ConstantPad{d}d", (-1, 0), {}, [x]
        yield f"LPPool{d}d", (2, 3), {"stride": 2}, [x]
        yield f"LPPool{d}d", (3.0, 2), {"ceil_mode": True}, [x]
        yield f"InstanceNorm{d}d", (4,), {}, [x]
        yield f"InstanceNorm{d}d", (4,), {"affine": True, "track_running_stats": True}, [x]
        yield f"InstanceNorm{d}d", (4,), {"affine": True, "bias": False, "momentum": 0.3}, [x[1:]]
        yield "Upsample", (), {"scale_factor": 2}, [x]
        yield "Upsample", (tuple(n + 2 for n in size),), {}, [x]
        mode = ("linear", "bilinear", "trilinear")[d - 1]
        yield "Upsample", (), {"scale_factor": 1.5, "mode": mode, "align_corners": True}, [x]


def plain_rows() -> Iterator[Row]:
    """The others."""
    image = (2, 8, 4, 6)
    yield "PixelShuffle", (2,), {}, [image]
    yield "PixelUnshuffle", (2,), {}, [image]
    yield "ChannelShuffle", (4,), {}, [image]
    yield "UpsamplingNearest2d", (), {"scale_factor": (2, 1.5)}, [image]
    yield "UpsamplingBilinear2d", (7,), {}, [image]
    yield "Unfold", (3,), {"padding": 1, "stride": 2, "dilation": 2}, [(2, 3, 8, 9)]
    yield "Fold", ((4, 5), (2, 3)), {"padding": 1}, [(2, 12, 25)]
    yield "LocalResponseNorm", (3,), {"alpha": 0.5}, [image]
    yield "RMSNorm", ((4, 6),), {}, [image]
    yield "RMSNorm", (6,), {"eps": 0.1, "elementwise_affine": False}, [image]
    yield "Bilinear", (3, 2, 5), {}, [(4, 3), (4, 2)]
    yield "Bilinear", (3, 2, 5), {"bias": False}, [(2, 4, 3), (2, 4, 2)]
    yield "PReLU", (), {}, [(3, 4)]
    yield "PReLU", (8,), {"init": 0.1}, [image]
    yield "Hardshrink", (0.3,), {}, [(3, 4)]
    yield "Softshrink", (), {}, [(3, 4)]
    yield "Threshold", (0.1, 5.0), {}, [(3, 4)]
    yield "Threshold", (0.1, 5.0, True), {}, [(3, 4)]
    yield "RReLU", (0.25, 0.25), {}, [(3, 4)]
    yield "Softmax2d", (), {}, [image]
    for name in [
        "ReLU",
        "ReLU6",
        "LeakyReLU",
        "ELU",
        "CELU",
        "SELU",
        "SiLU",
        "Mish",
        "Hardtanh",
        "Hardsigmoid",
        "Hardswish",
    ]:
        yield name, (), {"inplace": True}, [(3, 4)]
    for name in ("Dropout", "Dropout1d", "AlphaDropout", "FeatureAlphaDropout"):
        yield name, (0.0,), {"inplace": True}, [(3, 4, 5)]


ROWS = [*spatial_rows(), *plain_rows()]


def our_name(name: str) -> str:
    return re.sub(r"(\d)d$", r"\1D", name)


def in_torch_spelling(text: str) -> str:
    return re.sub(r"(\d)D\(", r"\1d(", text)


@pytest.mark.parametrize(
    ("name", "args", "params", "shapes"), ROWS, ids=[f"{r[0]}-{r[1]}-{r[2]}" for r in ROWS]
)
def test_layer_agrees_with_pytorch(name: str, args: Any, params: Any, shapes: Any) -> None:
    ours = getattr(nn, our_name(name))(*args, **params).double()
    theirs = getattr(torch.nn, name)(*args, **params).double()
    assert getattr(nn, name) is type(ours)
    assert in_torch_spelling(repr(ours)) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict(theirs.state_dict())
    generator = np.random.default_rng(0)
    # A root of a negative sum is no number.
    low = 0.1 if "LP" in name else -1.0
    for training in (True, False):
        ours.train(training), theirs.train(training)
        arrays = [generator.uniform(low, 1, shape) for shape in shapes]
        leaves = [autograd.tensor(array, requires_grad=True) for array in arrays]
        their_leaves = [torch.tensor(array, requires_grad=True) for array in arrays]
        result = ours(*(leaf * 1 for leaf in leaves))
        expected = theirs(*(leaf * 1 for leaf in their_leaves))
        np.testing.assert_allclose(result.detach().numpy(), expected.detach().numpy(), atol=1e-12)
        g = generator.standard_normal(expected.shape)
        result.backward(autograd.tensor(g))
        expected.backward(torch.tensor(g))
        for mine, their in zip(
            [*leaves, *ours.parameters()], [*their_leaves, *theirs.parameters()], strict=True
        ):
            # PyTorch's hardsigmoid knows 1 / 6 in single precision only.
            np.testing.assert_allclose(mine.grad.numpy(), their.grad.numpy(), atol=1e-7)
        for mine, their in zip(ours.buffers(), theirs.buffers(), strict=True):
            np.testing.assert_allclose(mine.numpy(), their.numpy(), atol=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_cross_map_lrn_takes_as_many_neighbours_on_both_sides(size: int) -> None:
    # PyTorch's (2.13) never lets channel 0 out of the window again, so it is an oracle only where
    # that stays inside.
    x = np.random.default_rng(0).standard_normal((2, 7, 3, 2))
    reach = (size - 1) // 2
    sums = [np.sum(x[:, max(c - reach, 0) : c + reach + 1] ** 2, 1) for c in range(7)]
    expected = x / (2 + 0.5 / size * np.stack(sums, 1)) ** 0.75
    result = nn.CrossMapLRN2D(size, 0.5, 0.75, 2)(autograd.tensor(x))
    np.testing.assert_allclose(result.numpy(), expected)
    ours, theirs = nn.CrossMapLRN2d(size, 0.5), torch.nn.CrossMapLRN2d(size, 0.5)
    assert in_torch_spelling(repr(ours)) == repr(theirs)
    few = x[:, : 1 + reach]
    np.testing.assert_allclose(ours(autograd.tensor(few)), theirs(torch.tensor(few)))


@pytest.mark.parametrize("d", [1, 2, 3])
def test_unpooling_agrees_with_pytorch(d: int) -> None:
    x = np.random.default_rng(0).random((2, 3, *SIZES[d]))
    leaf, their_leaf = autograd.tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    pooled = getattr(nn, f"MaxPool{d}D")(3, 2, 1, return_indices=True)(leaf)
    their_pooled = getattr(torch.nn, f"MaxPool{d}d")(3, 2, 1, return_indices=True)(their_leaf)
    layer, their_layer = (
        getattr(nn, f"MaxUnpool{d}d")(3, 2, 1),
        getattr(torch.nn, f"MaxUnpool{d}d")(3, 2, 1),
    )
    assert in_torch_spelling(repr(layer)) == repr(their_layer)
    result = layer(*pooled, output_size=x.shape)
    expected = their_layer(*their_pooled, output_size=x.shape)
    np.testing.assert_array_equal(result.detach().numpy(), expected.detach().numpy())
    g = np.random.default_rng(1).random(expected.shape)
    result.backward(autograd.tensor(g))
    expected.backward(torch.tensor(g))
    np.testing.assert_allclose(leaf.grad.numpy(), their_leaf.grad.numpy())


@pytest.mark.parametrize("d", [2, 3])
def test_fractional_pooling_agrees_with_pytorch(d: int) -> None:
    generator = np.random.default_rng(0)
    x, samples = generator.random((2, 3, *SIZES[d])), generator.random((2, 3, d))
    ours = getattr(nn, f"FractionalMaxPool{d}d")(2, 3, _random_samples=autograd.tensor(samples))
    theirs = getattr(torch.nn, f"FractionalMaxPool{d}d")(
        2, 3, _random_samples=torch.tensor(samples)
    )
    assert in_torch_spelling(repr(ours)) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    np.testing.assert_array_equal(ours(autograd.tensor(x)).numpy(), theirs(torch.tensor(x)).numpy())


@pytest.mark.parametrize("name", ["Embedding", "EmbeddingBag"])
@pytest.mark.parametrize(
    "params",
    [
        {},
        {"padding_idx": 1},
        {"max_norm": 1.0, "norm_type": 1.0},
        {"scale_grad_by_freq": True},
    ],
)
def test_tables_agree_with_pytorch(name: str, params: dict[str, Any]) -> None:
    ours, theirs = getattr(nn, name)(7, 3, **params), getattr(torch.nn, name)(7, 3, **params)
    assert repr(ours) == repr(theirs)
    ours.load_state_dict(theirs.state_dict())
    index = np.array([[0, 1], [2, 3], [1, 4]])  # none twice in a way that PyTorch counts wrongly
    if name == "EmbeddingBag" and "scale_grad_by_freq" in params:
        index = np.array([[0, 1], [2, 3]])
    result, expected = ours(autograd.tensor(index)), theirs(torch.tensor(index))
    np.testing.assert_allclose(result.detach().numpy(), expected.detach().numpy(), atol=1e-6)
    result.sum().backward()
    expected.sum().backward()
    np.testing.assert_allclose(ours.weight.grad.numpy(), theirs.weight.grad.numpy(), atol=1e-6)
    np.testing.assert_allclose(
        ours.weight.detach().numpy(), theirs.weight.detach().numpy(), atol=1e-6
    )
    given = getattr(nn, name).from_pretrained(ours.weight.detach(), **params)
    assert not given.weight.requires_grad
    assert repr(given) == repr(ours)


def test_tables_start_as_pytorchs_do() -> None:
    autograd.manual_seed(0)
    table = nn.EmbeddingBag(200, 100, padding_idx=-1)
    assert table.weight[-1].abs().sum().item() == 0
    assert abs(table.weight[:-1].std().item() - 1) < 0.02
    bound = 1 / np.sqrt(50)
    weight = nn.Bilinear(50, 20, 10).weight.detach().numpy()
    assert 0.99 * bound < np.abs(weight).max() <= bound


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.ZeroPad2D((1, 2)), "4 numbers"),
        (lambda: nn.FractionalMaxPool2D(2), "either output_size or output_ratio"),
        (lambda: nn.FractionalMaxPool2D(2, output_ratio=1.5), "between 0 and 1"),
        (lambda: nn.MaxUnpool2D((1, 2, 3)), "2 numbers"),
        (lambda: nn.Bilinear(0, 1, 1), "at least 1"),
        (lambda: nn.Embedding(3, 2, _weight=autograd.ones(2, 2)), "must have shape"),
        (lambda: nn.EmbeddingBag.from_pretrained(autograd.ones(2)), "got shape"),
        (lambda: nn.InstanceNorm1D(3)(autograd.ones(2)), "batch, features, length"),
        (lambda: nn.InstanceNorm1D(3, affine=True)(autograd.ones(2, 4, 5)), "needs 3 features"),
        (lambda: nn.Softmax2D()(autograd.ones(2)), "channels, height, width"),
        (lambda: nn.CrossMapLRN2D(3)(autograd.ones(2, 3)), "height, width"),
    ],
)
def test_bad_options_are_refused(make: Any, message: str) -> None:
    with pytest.raises(AutogradError, match=message):
        make()


def test_float16_unfolds_and_back() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        x = autograd.ones(1, 1, 4, 4, dtype=autograd.float16)
        again = nn.Fold((4, 4), 2, stride=2)(nn.Unfold(2, stride=2)(x))
    assert again.tolist() == x.tolist()
