"""Every layer against PyTorch's, from equal weights: values, gradients, buffers, state dict,
repr."""

import warnings

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import DimensionError, DTypeError, ShapeError
from nn import functional as F

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")

SIZES = {1: (9,), 2: (8, 9), 3: (6, 5, 7)}


def spatial_rows():
    for d, size in SIZES.items():
        x = (2, 4, *size)
        yield f"Conv{d}", (4, 6, 3), {"stride": 2, "padding": 1, "groups": 2}, [x], {}
        yield f"Conv{d}", (4, 6, 3), {"padding": "same", "dilation": 2, "bias": False}, [x], {}
        yield f"Conv{d}", (4, 6, 3), {"padding": "valid"}, [x[1:]], {}
        yield f"Conv{d}", (4, 6, (4,) * d), {"padding": "same", "padding_mode": "circular"}, [x], {}
        for mode in ("reflect", "replicate", "circular"):
            yield f"Conv{d}", (4, 6, 3), {"padding": 1, "padding_mode": mode}, [x], {}
        strided = {"stride": 2, "padding": 1}
        yield f"ConvTranspose{d}", (4, 6, 3), {**strided, "output_padding": 1, "groups": 2}, [x], {}
        longer = {"output_size": tuple(2 * n + 2 for n in size)}
        yield f"ConvTranspose{d}", (4, 6, 3), {**strided, "dilation": 2}, [x], longer
        yield f"MaxPool{d}", (2,), {"padding": 1, "ceil_mode": True}, [x], {}
        yield f"MaxPool{d}", (3,), {"stride": 2, "dilation": 2, "return_indices": True}, [x], {}
        yield f"AvgPool{d}", (3,), {"stride": 2, "padding": 1, "count_include_pad": False}, [x], {}
        yield f"AdaptiveAvgPool{d}", (3,), {}, [x], {}
        yield f"AdaptiveMaxPool{d}", (3,), {}, [x], {}
        yield f"BatchNorm{d}", (4,), {}, [x], {}
        yield f"BatchNorm{d}", (4,), {"momentum": None, "bias": False}, [x], {}
        yield f"BatchNorm{d}", (4,), {"track_running_stats": False, "affine": False}, [x], {}


def plain_rows():
    yield "Linear", (3, 4), {}, [(5, 3)], {}
    yield "Linear", (3, 4), {"bias": False}, [(3,)], {}
    yield "BatchNorm1", (4,), {}, [(5, 4)], {}
    yield "LayerNorm", ((3, 4),), {}, [(2, 3, 4)], {}
    yield "LayerNorm", (4,), {"bias": False}, [(2, 3, 4)], {}
    yield "LayerNorm", (4,), {"elementwise_affine": False}, [(2, 3, 4)], {}
    yield "GroupNorm", (2, 4), {}, [(2, 4, 3)], {}
    yield "GroupNorm", (2, 4), {"affine": False}, [(2, 4, 3)], {}
    yield "AvgPool2", (2,), {"divisor_override": 3}, [(2, 4, 6, 6)], {}
    yield "Flatten", (), {}, [(2, 3, 4)], {}
    yield "Unflatten", (1, (3, 4)), {}, [(2, 12)], {}
    yield "Identity", (1, 2), {}, [(3,)], {}
    yield "Dropout", (0.0,), {}, [(3,)], {}
    elementwise = (
        "CELU ELU GELU GLU Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid Mish ReLU "
        "ReLU6 SELU Sigmoid SiLU Softplus Softsign Tanh Tanhshrink"
    )
    for name in elementwise.split():
        yield name, (), {}, [(3, 4)], {}
    yield "ReLU", (), {"inplace": False}, [(3, 4)], {}
    yield "GELU", (), {"approximate": "tanh"}, [(3, 4)], {}
    yield "ELU", (0.5,), {}, [(3, 4)], {}
    for name in ("Softmax", "LogSoftmax", "Softmin"):
        yield name, (), {"dim": -1}, [(3, 4)], {}
    for name in [
        "MSELoss",
        "L1Loss",
        "SmoothL1Loss",
        "HuberLoss",
        "BCELoss",
        "BCEWithLogitsLoss",
        "KLDivLoss",
    ]:
        for reduction in ("mean", "sum", "none"):
            yield name, (), {"reduction": reduction}, [(3, 4), (3, 4)], {}
    yield "KLDivLoss", (), {"reduction": "batchmean", "log_target": True}, [(3, 4), (3, 4)], {}
    yield "SmoothL1Loss", (), {"beta": 0.2}, [(3, 4), (3, 4)], {}
    yield "HuberLoss", (), {"delta": 0.2}, [(3, 4), (3, 4)], {}
    yield "CrossEntropyLoss", (), {"label_smoothing": 0.1}, [(3, 4), (3, 4)], {}


ROWS = [*spatial_rows(), *plain_rows()]


def our_name(name):
    return (
        "Dense"
        if name == "Linear"
        else f"{name}D"
        if name[-1] in "123" and name != "SmoothL1"
        else name
    )


def first(result):
    return result[0] if isinstance(result, tuple) else result


@pytest.mark.parametrize(
    ("name", "args", "params", "shapes", "call"), ROWS, ids=[f"{r[0]}-{r[2]}" for r in ROWS]
)
def test_layer_agrees_with_pytorch(name, args, params, shapes, call):
    theirs_name = f"{name}d" if name[-1] in "123" else name
    ours, theirs = (
        getattr(nn, our_name(name))(*args, **params).double(),
        getattr(torch.nn, theirs_name)(*args, **params),
    )
    theirs = theirs.double()
    assert repr(ours).replace(our_name(name), theirs_name) == repr(theirs)
    ours.load_state_dict(theirs.state_dict())
    assert list(ours.state_dict()) == list(theirs.state_dict())
    generator = np.random.default_rng(0)
    for training in (True, True, False):
        ours.train(training), theirs.train(training)
        arrays = [generator.uniform(0.1, 0.9, shape) for shape in shapes]
        if name in ("BatchNorm1",) or name.startswith(("ReLU", "ELU", "Leaky", "Hard", "Soft")):
            arrays[0] -= 0.5
        xs = [autograd.tensor(array, requires_grad=i == 0) for i, array in enumerate(arrays)]
        ts = [torch.tensor(array, requires_grad=i == 0) for i, array in enumerate(arrays)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of PyTorch's mean in KLDivLoss
            result, expected = first(ours(*xs, **call)), first(theirs(*ts, **call))
        np.testing.assert_allclose(result.detach().numpy(), expected.detach().numpy(), atol=1e-12)
        g = generator.standard_normal(expected.shape)
        result.backward(autograd.tensor(g))
        expected.backward(torch.tensor(g))
        np.testing.assert_allclose(xs[0].grad.numpy(), ts[0].grad.numpy(), atol=1e-11)
        for p, q in zip(ours.parameters(), theirs.parameters()):
            np.testing.assert_allclose(p.grad.numpy(), q.grad.numpy(), atol=1e-10)
        for b, c in zip(ours.buffers(), theirs.buffers()):
            np.testing.assert_allclose(b.numpy(), c.numpy(), atol=1e-12)


def test_torch_names_are_the_same_classes():
    assert nn.Linear is nn.Dense
    for kind in (
        "Conv",
        "ConvTranspose",
        "MaxPool",
        "AvgPool",
        "AdaptiveAvgPool",
        "AdaptiveMaxPool",
        "BatchNorm",
    ):
        for d in (1, 2, 3):
            assert getattr(nn, f"{kind}{d}d") is getattr(nn, f"{kind}{d}D")


@pytest.mark.parametrize("padding_idx", [None, 0, -2])
def test_embedding_agrees_with_pytorch(padding_idx):
    ours, theirs = nn.Embedding(7, 3, padding_idx), torch.nn.Embedding(7, 3, padding_idx)
    if padding_idx is not None:
        assert ours.weight[padding_idx].tolist() == [0, 0, 0]
    assert repr(ours) == repr(theirs)
    ours.load_state_dict(theirs.state_dict())
    indices = np.random.default_rng(0).integers(0, 7, (4, 5))
    ours(autograd.tensor(indices)).sum().backward()
    theirs(torch.tensor(indices)).sum().backward()
    np.testing.assert_array_equal(ours.weight.grad.numpy(), theirs.weight.grad.numpy())
    table = nn.Embedding.from_pretrained(autograd.ones(2, 3))
    assert not table.weight.requires_grad


def test_embedding_refuses_what_is_no_index():
    table = nn.Embedding(3, 2)
    with pytest.raises(DTypeError, match="integers"):
        table(autograd.ones(2))
    for index in (3, -1):
        with pytest.raises(DimensionError, match="from 0 to 2"):
            table(autograd.tensor([index]))
    with pytest.raises(ShapeError, match="padding_idx 3"):
        nn.Embedding(3, 2, padding_idx=3)


@pytest.mark.parametrize(
    "params", [{}, {"ignore_index": 1}, {"label_smoothing": 0.2}, {"reduction": "none"}]
)
def test_classification_losses_agree_with_pytorch(params):
    generator = np.random.default_rng(0)
    scores, target, weight = (
        generator.standard_normal((4, 3, 2)),
        generator.integers(0, 3, (4, 2)),
        generator.random(3),
    )
    for name in ("CrossEntropyLoss", "NLLLoss"):
        if name == "NLLLoss" and "label_smoothing" in params:
            continue
        x, t = autograd.tensor(scores, requires_grad=True), torch.tensor(scores, requires_grad=True)
        ours = getattr(nn, name)(weight=autograd.tensor(weight), **params)
        theirs = getattr(torch.nn, name)(weight=torch.tensor(weight), **params)
        assert list(ours.state_dict()) == list(theirs.state_dict()) == ["weight"]
        result, expected = ours(x, autograd.tensor(target)), theirs(t, torch.tensor(target))
        np.testing.assert_allclose(result.detach().numpy(), expected.detach().numpy(), atol=1e-12)
        result.sum().backward()
        expected.sum().backward()
        np.testing.assert_allclose(x.grad.numpy(), t.grad.numpy(), atol=1e-12)


def test_bce_with_weights():
    generator = np.random.default_rng(0)
    x, target, weight = generator.random((3, 4)), generator.random((3, 4)), generator.random(4)
    for name, options in (("BCELoss", ["weight"]), ("BCEWithLogitsLoss", ["weight", "pos_weight"])):
        ours = getattr(nn, name)(**{option: autograd.tensor(weight) for option in options})
        theirs = getattr(torch.nn, name)(**{option: torch.tensor(weight) for option in options})
        expected = theirs(torch.tensor(x), torch.tensor(target)).item()
        assert ours(autograd.tensor(x), autograd.tensor(target)).item() == pytest.approx(
            expected, abs=1e-12
        )


def test_dropout_drops_p_and_keeps_the_mean_and_the_dtype():
    autograd.manual_seed(0)
    x = autograd.ones(40000, dtype=autograd.float64, requires_grad=True)
    y = nn.Dropout(0.25)(x)
    assert y.dtype == autograd.float64
    assert set(np.unique(y.detach().numpy())) == {0.0, 1 / 0.75}
    assert abs(y.mean().item() - 1) < 0.02
    y.sum().backward()
    assert np.array_equal(x.grad.numpy(), y.detach().numpy())
    assert nn.Dropout(0.5).eval()(x) is x
    assert F.dropout(x, 1.0).sum().item() == 0
    assert nn.Dropout(0.5)(autograd.ones(3)).dtype == autograd.float32
    autograd.manual_seed(1)
    first_mask = F.dropout(x).tolist()
    autograd.manual_seed(1)
    assert F.dropout(x).tolist() == first_mask
    for make in (lambda: nn.Dropout(1.5), lambda: F.dropout(x, -1)):
        with pytest.raises(ShapeError, match="between 0 and 1"):
            make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.Conv2D(3, 4, 3, groups=2), "multiples of groups"),
        (lambda: nn.Conv2D(3, 4, (3, 3, 3)), "kernel_size must be a number or 2 numbers"),
        (lambda: nn.Conv1D(3, 4, 3, padding="full"), "'same' or 'valid'"),
        (lambda: nn.Conv1D(3, 4, 3, stride=2, padding="same"), "stride 1"),
        (lambda: nn.Conv1D(3, 4, 3, padding_mode="mirror"), "padding_mode"),
        (lambda: nn.ConvTranspose1D(3, 4, 3, padding_mode="reflect"), "zeros"),
        (
            lambda: nn.ConvTranspose1D(1, 1, 3, stride=2)(
                autograd.ones(1, 1, 4), output_size=(20,)
            ),
            "output_size",
        ),
        (lambda: nn.GroupNorm(2, 3), "multiple of num_groups"),
        (
            lambda: nn.BatchNorm2D(3)(autograd.ones(2, 3)),
            r"\(batch, features, height, width\), got shape \(2, 3\)",
        ),
        (lambda: nn.Dense(-1, 2), "must not be negative"),
        (lambda: nn.MSELoss(reduction="average"), "reduction"),
    ],
)
def test_bad_options_are_refused(make, message):
    with pytest.raises(ShapeError, match=message):
        make()


def test_dtype_of_new_layers():
    assert nn.Dense(2, 2).weight.dtype == autograd.float32
    assert nn.Conv1D(1, 1, 1, dtype=autograd.float64).bias.dtype == autograd.float64
    assert nn.BatchNorm1D(2, dtype=autograd.float64).running_var.dtype == autograd.float64
