"""`nn.summary`: its rows by hand, parameters as PyTorch has them, memory as measured; see also
`test_multiply_adds`."""

import gc
import threading
import tracemalloc

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import DTypeError, ShapeError
from tests.garbage import collect_all


def rows(model, shape, **options):
    return {row.name: row for row in nn.summary(model, shape, **options).rows}


def test_nested_sequential_by_hand():
    model = nn.Sequential(
        nn.Conv2D(3, 4, 3, padding=1),
        nn.ReLU(),
        nn.Sequential(nn.Flatten(), nn.Dense(4 * 64, 10), nn.Tanh()),
    )
    found = nn.summary(model, (2, 3, 8, 8))
    assert [(row.name, row.kind, row.depth) for row in found.rows] == [
        ("", "Sequential", 0),
        ("0", "Conv2D", 1),
        ("1", "ReLU", 1),
        ("2", "Sequential", 1),
        ("2.0", "Flatten", 2),
        ("2.1", "Dense", 2),
        ("2.2", "Tanh", 2),
    ]
    conv, relu, inner, flat, dense, tanh = found.rows[1:]
    assert conv.output_shapes == relu.output_shapes == [(2, 4, 8, 8)]
    assert flat.output_shapes == [(2, 256)]
    assert found.rows[0].output_shapes == inner.output_shapes == tanh.output_shapes == [(2, 10)]
    assert conv.parameters == 4 * 3 * 9 + 4
    assert conv.multiply_adds == 2 * 8 * 8 * 4 * (3 * 9)
    assert dense.parameters == 256 * 10 + 10
    assert dense.multiply_adds == 2 * 256 * 10
    assert relu.activation_bytes == 4 * 2 * 4 * 8 * 8  # its output
    # The convolution's result is channels last, so to flatten it copies it: the input of Dense.
    assert dense.activation_bytes in (0, 4 * 2 * 256)
    assert tanh.activation_bytes == 4 * 2 * 10
    assert conv.activation_bytes == 0  # its input is the user's
    assert inner.parameters == inner.multiply_adds == inner.activation_bytes == 0
    assert found.parameters == found.trainable_parameters == 112 + 2570
    assert found.parameter_bytes == 4 * found.parameters
    assert found.multiply_adds == conv.multiply_adds + dense.multiply_adds


# -- modules and parameters ------------------------------------------------------------------------


def test_shared_unused_frozen_and_listed():
    class Net(nn.Module):
        def __init__(self):
            self.blocks = [nn.Dense(4, 4), nn.Tanh()]
            self.again = nn.Dense(4, 4, bias=False)
            self.again.weight = self.blocks[0].weight
            self.unused = nn.Dense(4, 9).requires_grad_(False)
            self.alias = self.blocks[1]
            self.scale = nn.Parameter(autograd.ones(4))

        def forward(self, x):
            for _ in range(3):
                x = self.blocks[1](self.blocks[0](x))
            return {"out": self.again(x) * self.scale, "other": (x, None)}

    model = Net()
    found = nn.summary(model, (2, 4))
    by_name = {row.name: row for row in found.rows}
    assert list(by_name) == ["", "blocks.0", "blocks.1", "again", "unused"]
    assert by_name["blocks.0"].calls == by_name["blocks.1"].calls == 3
    assert by_name["blocks.0"].multiply_adds == 3 * 2 * 4 * 4
    assert by_name["again"].parameters == 0  # counted in blocks.0
    assert by_name["again"].multiply_adds == 2 * 4 * 4
    assert by_name["unused"].calls == by_name["unused"].multiply_adds == 0
    assert by_name["unused"].output_shapes == []
    assert (by_name["unused"].parameters, by_name["unused"].trainable_parameters) == (45, 0)
    assert by_name[""].parameters == 4
    assert by_name[""].output_shapes == [(2, 4), (2, 4)]
    assert found.parameters == sum(p.numel() for p in model.parameters()) == 20 + 45 + 4
    assert found.trainable_parameters == 24
    assert [row.name for row in found.rows if not row.is_used] == ["unused"]
    text = str(found)
    assert text.count("not called") == 1
    assert "(2, 4) (3 calls)" in text


def test_depth_counts_inner_modules_in_outer_ones():
    model = nn.Sequential(nn.Dense(2, 3), nn.Sequential(nn.Dense(3, 3), nn.Sequential(nn.Tanh())))
    full = nn.summary(model, (5, 2))
    for depth, count in ((0, 1), (1, 3), (2, 5), (9, 6)):
        found = nn.summary(model, (5, 2), depth=depth)
        assert len(found.rows) == count
        for name in ("parameters", "trainable_parameters", "multiply_adds", "activation_bytes"):
            assert getattr(found, name) == getattr(full, name) > 0
    layers = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 1, 4), 2)
    assert "not called" not in str(nn.summary(layers, (3, 4), depth=1))  # its ModuleList
    inner = rows(model, (5, 2), depth=1)["1"]
    assert (inner.parameters, inner.multiply_adds, inner.activation_bytes) == (12, 45, 2 * 60)
    assert inner.output_shapes == [(5, 3)]


def test_parameters_as_pytorch_counts_them():
    torch = pytest.importorskip("torch")
    pairs = [
        (nn.TransformerEncoderLayer(8, 2, 16), torch.nn.TransformerEncoderLayer(8, 2, 16), (3, 8)),
        (nn.LSTM(3, 4, 2, proj_size=2), torch.nn.LSTM(3, 4, 2, proj_size=2), (5, 1, 3)),
        (
            nn.Sequential(nn.Conv2D(1, 2, 3), nn.BatchNorm2D(2)),
            torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2)),
            (1, 1, 4, 4),
        ),
    ]
    for ours, theirs, shape in pairs:
        found = nn.summary(ours, shape)
        assert found.parameters == sum(p.numel() for p in theirs.parameters())
        own = {
            name: sum(p.numel() for p in module.parameters(recurse=False))
            for name, module in theirs.named_modules()
        }
        assert {row.name: row.parameters for row in found.rows} == own


def test_lazy_modules_become_what_they_are():
    model = nn.Sequential(nn.LazyDense(3), nn.LazyBatchNorm1D(), nn.LazyConv1D(2, 1))
    found = nn.summary(model[:2], (4, 5))
    assert [row.kind for row in found.rows] == ["Sequential", "Dense", "BatchNorm1D"]
    assert found.parameters == 5 * 3 + 3 + 6
    assert nn.summary(nn.LazyDense(2), (3, 4)).multiply_adds == 24
    unused = nn.Sequential(model[2])
    unused.forward = lambda x: x
    assert nn.summary(unused, (1,)).parameters == 0


# -- memory ----------------------------------------------------------------------------------------


def test_activations_are_what_the_graph_holds():
    model = nn.Sequential(
        nn.Conv2D(3, 8, 3),
        nn.ReLU(),
        nn.MaxPool2D(2),
        nn.Conv2D(8, 8, 3),
        nn.Tanh(),
        nn.Flatten(),
        nn.Dense(8 * 25, 100),
        nn.GELU(),
        nn.LayerNorm(100),
    ).eval()
    x = autograd.randn(64, 3, 16, 16)
    model(x)
    found = nn.summary(model, x)
    # The middle of three: what other tests have left may be let go of meanwhile.
    held = sorted(_memory_held_by(lambda: model(x).sum()) for _ in range(3))[1]
    assert found.activation_bytes == pytest.approx(held, rel=0.02)


def _memory_held_by(compute):
    collect_all()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        result = compute()
        gc.collect()
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert result.requires_grad
    return held


def test_activations_of_frozen_and_of_checkpointed_models():
    class Checkpointed(nn.Module):
        def __init__(self):
            self.inner = nn.Sequential(nn.Dense(4, 4), nn.Tanh(), nn.Tanh())

        def forward(self, x):
            return autograd.checkpoint(self.inner, x)

    model = Checkpointed()
    assert nn.summary(model.inner, (2, 4)).activation_bytes == 2 * 32
    assert nn.summary(model, (2, 4)).activation_bytes == 0
    assert nn.summary(model, (2, 4)).multiply_adds == 32
    model.inner.requires_grad_(False)
    assert nn.summary(model.inner, (2, 4)).activation_bytes == 0


def test_a_graph_before_the_input_does_not_count():
    x = autograd.ones(2, 4, requires_grad=True).exp().exp()
    assert nn.summary(nn.Tanh(), x).activation_bytes == 32


# -- what stays as it was --------------------------------------------------------------------------


class Restless(nn.Module):
    """Changes its buffers and draws random numbers in any mode."""

    def __init__(self, fails=False):
        self.register_buffer("steps", autograd.zeros(2))
        self.register_buffer("replaced", autograd.zeros(2))
        self.norm = nn.BatchNorm1D(3)
        self.frozen = nn.Dropout(0.5).eval()
        self.fails = fails

    def forward(self, x):
        assert not self.training
        assert not self.norm.training
        self.steps += 1
        self.replaced = self.replaced + 1
        out = self.norm(x) + autograd.randn(3)
        if self.fails:
            raise ValueError("failed on purpose")
        return out


@pytest.mark.parametrize("fails", [False, True])
def test_the_model_and_the_random_state_are_left_as_they_were(fails):
    model = Restless(fails)
    model.norm.requires_grad_(False)
    attributes = [dict(vars(module)) for module in model.modules()]
    values = {name: value.numpy().copy() for name, value in model.state_dict().items()}
    state = autograd.get_rng_state()
    if fails:
        with pytest.raises(ValueError, match="failed on purpose"):
            nn.summary(model, (4, 3))
    else:
        nn.summary(model, (4, 3))
    assert np.array_equal(autograd.get_rng_state(), state)
    assert (model.training, model.norm.training, model.frozen.training) == (True, True, False)
    for module, before in zip(model.modules(), attributes):
        assert vars(module).keys() == before.keys()
        assert all(vars(module)[name] is value for name, value in before.items())
    for name, value in model.state_dict().items():
        assert np.array_equal(value.numpy(), values[name])
    assert all(p.grad is None for p in model.parameters())


def test_it_is_recorded_even_under_no_grad_and_user_hooks_run():
    model = nn.Sequential(nn.Dense(2, 3), nn.Tanh())
    seen = []
    handle = model[0].register_forward_hook(lambda module, args, out: seen.append(out.shape))
    with autograd.no_grad():
        assert nn.summary(model, (5, 2)).activation_bytes == 60
        assert not autograd.is_grad_enabled()
    assert seen == [(5, 3)]
    handle.remove()


def test_another_thread_does_not_count():
    model, caller = nn.Sequential(nn.Dense(2, 3), nn.Tanh()), threading.get_ident()

    def meanwhile(module, args):
        if threading.get_ident() == caller:
            thread = threading.Thread(target=model, args=args)
            thread.start()
            thread.join()

    with model[1].register_forward_pre_hook(lambda module, args: meanwhile(module, inputs)):
        inputs = (autograd.ones(7, 2),)
        found = nn.summary(model, (5, 2))
    assert [row.calls for row in found.rows] == [1, 1, 1]
    assert found.multiply_adds == 5 * 2 * 3
    assert found.rows[2].output_shapes == [(5, 3)]


# -- inputs ----------------------------------------------------------------------------------------


def test_inputs_of_dtypes_and_tensors():
    class Lookup(nn.Module):
        def __init__(self):
            self.embedding = nn.Embedding(4, 3)

        def forward(self, index, x, scale):
            assert (str(index.dtype), str(x.dtype)) == ("int64", "float64")
            return self.embedding(index).double() * x * scale

    inputs = [(2, 5), (2, 5, 3), autograd.ones(1, dtype="float64")]
    found = nn.summary(Lookup(), inputs, dtype=["int64", "float64", None])
    assert found.rows[0].output_shapes == [(2, 5, 3)]
    double = nn.Dense(2, 2).double()
    assert nn.summary(double, [3, 2], dtype=autograd.float64).parameter_bytes == 48
    assert nn.summary(nn.Identity(), ()).rows[0].output_shapes == [()]
    assert nn.summary(nn.Identity(), [()]).rows[0].output_shapes == [()]


def test_printing():
    found = nn.summary(nn.Sequential(nn.Dense(1000, 1000)), (10, 1000))
    lines = str(found).splitlines()
    assert lines[0].split() == [
        "layer",
        "class",
        "output",
        "parameters",
        "multiply-adds",
        "activations",
    ]
    assert lines[3].split() == ["0", "Dense", "(10,", "1000)", "1,001,000", "10,000,000"]
    assert lines[-3:] == [
        "parameters: 1,001,000 (1,001,000 trainable), 4.0 MB",
        "multiply-adds: 10,000,000",
        "activations kept for backward: 0 B",
    ]
    assert repr(found) == "<Summary of 2 modules, 1,001,000 parameters>"
    page = found._repr_html_()
    assert page.count("<tr>") == 3
    assert "<p>multiply-adds: 10,000,000</p>" in page


def test_errors():
    model = nn.Dense(2, 2)
    with pytest.raises(DTypeError, match="summary: model must be a Module, got type"):
        nn.summary(nn.ReLU, (1,))
    with pytest.raises(ShapeError, match="summary: depth must be at least 0, got -1"):
        nn.summary(model, (1, 2), depth=-1)
    for shape in (3, "ab", None, 2.5):
        with pytest.raises(ShapeError, match="input_shape must be a shape, a tensor, or a list"):
            nn.summary(model, shape)
    for shape in ([(2, -1)], (-1, 2), [(2.0,)], ["ab"]):
        with pytest.raises(ShapeError, match="a shape is a tuple of sizes of at least 0"):
            nn.summary(model, shape)
    with pytest.raises(ShapeError, match="got 2 dtypes for 1 inputs"):
        nn.summary(model, (1, 2), dtype=["float32", "float32"])
    with pytest.raises(ShapeError, match="linear"):
        nn.summary(model, (1, 3))
