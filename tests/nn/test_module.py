import copy
import gc

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import AutogradError, DTypeError

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")


class Scale(nn.Module):
    """No super().__init__(), a parameter defined after a child, and a list."""

    def __init__(self):
        self.first = nn.Dense(2, 2)
        self.factor = nn.Parameter(autograd.ones(2))
        self.blocks = [nn.Dense(2, 2), (nn.ReLU(), nn.Dense(2, 2, bias=False))]
        self.named = {"a": nn.Parameter(autograd.zeros(1))}

    def forward(self, x):
        x = self.first(x) * self.factor
        for block in (self.blocks[0], *self.blocks[1]):
            x = block(x)
        return x


def names(pairs):
    return [name for name, _ in pairs]


def test_parameters_are_found_in_order_own_ones_first():
    own, first, blocks = ["factor", "named.a"], ["first.weight", "first.bias"], ["blocks.0.weight"]
    blocks += ["blocks.0.bias", "blocks.1.1.weight"]
    assert names(Scale().named_parameters()) == own + first + blocks
    assert names(Scale().named_parameters(recurse=False)) == ["factor", "named.a"]
    assert names(Scale().named_parameters(prefix="net"))[2] == "net.first.weight"


def test_shared_things_count_once_but_are_saved_under_all_names():
    net = nn.Sequential(nn.Dense(2, 2), nn.Dense(2, 2))
    net[1].weight = net[0].weight
    assert names(net.named_parameters()) == ["0.weight", "0.bias", "1.bias"]
    assert list(net.state_dict()) == ["0.weight", "0.bias", "1.weight", "1.bias"]
    layer = nn.Dense(1, 1)
    twice = nn.Sequential(layer, layer)
    assert len(list(twice.children())) == 1
    assert names(twice.named_modules()) == ["", "0"]


def test_a_module_that_refers_back_to_its_parent_is_walked_once():
    net = Scale()
    net.first.parent = net
    assert len(list(net.parameters())) == 7
    assert "first.parent.factor" not in net.state_dict()
    net.loop = [net.factor]
    net.loop.append(net.loop)
    assert len(list(net.parameters())) == 7


def test_buffers():
    net = nn.Module()
    net.register_buffer("kept", autograd.ones(2))
    net.register_buffer("temporary", autograd.ones(2), persistent=False)
    net.register_buffer("none", None)
    net.direct = nn.Buffer(autograd.zeros(1))
    net.hidden = nn.Buffer(autograd.zeros(1), persistent=False)
    net.plain = autograd.zeros(3)
    assert names(net.named_buffers()) == ["kept", "temporary", "direct", "hidden"]
    assert list(net.state_dict()) == ["kept", "direct"]
    net.kept = autograd.zeros(2)  # a plain tensor in its place stays a buffer
    assert list(net.state_dict()) == ["kept", "direct"]
    assert list(copy.deepcopy(net).state_dict()) == ["kept", "direct"]


def test_deepcopy_is_independent():
    net = Scale()
    twin = copy.deepcopy(net)
    twin.factor._array[:] = 7
    assert isinstance(twin.factor, nn.Parameter)
    assert net.factor.tolist() == [1, 1]


def test_a_parameter_is_a_leaf_whose_results_are_plain_tensors():
    p = nn.Parameter(autograd.ones(2))
    assert p.requires_grad
    assert p.is_leaf
    assert type(p * 2) is autograd.Tensor
    assert not nn.Parameter(autograd.ones(2), requires_grad=False).requires_grad
    data = autograd.ones(2)
    assert nn.Parameter(data)._array is data._array
    with pytest.raises(DTypeError, match="make it one"):
        nn.Parameter([1.0])
    with pytest.raises(DTypeError, match="int64"):
        nn.Parameter(autograd.tensor([1]))


def test_replacing_a_parameter_by_a_plain_tensor_is_refused():
    layer = nn.Dense(2, 2)
    with pytest.raises(DTypeError, match="wrap it in"):
        layer.weight = autograd.ones(2, 2)
    layer.weight = nn.Parameter(autograd.ones(2, 2))
    layer.bias = None
    assert names(layer.named_parameters()) == ["weight"]


def test_train_eval_apply_requires_grad_zero_grad():
    net = Scale()
    assert net.training
    assert not net.eval().training
    assert not net.blocks[1][1].training
    assert net.train().blocks[0].training
    seen = []
    net.apply(lambda module: seen.append(type(module).__name__))
    assert seen == ["Dense", "Dense", "ReLU", "Dense", "Scale"]
    net(autograd.ones(1, 2)).sum().backward()
    net.zero_grad(set_to_none=False)
    assert net.factor.grad.tolist() == [0, 0]
    net.zero_grad()
    assert net.factor.grad is None
    assert not any(p.requires_grad for p in net.requires_grad_(False).parameters())
    with pytest.raises(DTypeError, match="mode"):
        net.train(1)


def test_a_child_may_refuse_to_train():
    class Frozen(nn.Dense):
        def train(self, mode=True):
            return super().train(False)

    net = nn.Sequential(Frozen(1, 1), nn.Dense(1, 1)).train()
    assert [child.training for child in net] == [False, True]


def test_conversion_leaves_integers_alone():
    net = nn.BatchNorm1D(2)
    net.weight.grad = autograd.ones(2)
    net.double()
    assert {str(t.dtype) for t in net.state_dict().values()} == {"float64", "int64"}
    assert net.weight.grad.dtype == autograd.float64
    assert net.to(autograd.ones(1)).weight.dtype == autograd.float32
    assert net.to("cpu", autograd.float16).weight.dtype == autograd.float16
    assert net.float().weight.dtype == autograd.float32
    with pytest.raises(DTypeError, match="floating"):
        net.to(autograd.int64)
    with pytest.raises(AutogradError, match="cuda"):
        net.to("cuda")


def test_state_dict_round_trip_shares_and_copies():
    net, other = Scale(), Scale()
    result = other.load_state_dict(net.state_dict())
    assert result.missing_keys == []
    assert result == ([], [])
    assert all(
        np.array_equal(a, b) for a, b in zip(net.state_dict().values(), other.state_dict().values())
    )
    memory = other.factor._array
    net.state_dict()["factor"]._array[:] = 5
    assert net.factor.tolist() == [5, 5]
    other.load_state_dict(net.state_dict())
    assert other.factor._array is memory


def test_load_state_dict_lists_everything_and_changes_nothing():
    net = nn.Sequential(nn.Dense(2, 3), nn.Dense(3, 1))
    before = {key: value.clone() for key, value in net.state_dict().items()}
    state = {key: value.clone() + 1 for key, value in before.items()}
    state["0.wieght"] = state.pop("0.weight")
    state["1.weight"] = autograd.ones(4, 4)
    with pytest.raises(RuntimeError) as caught:
        net.load_state_dict(state)
    for part in (
        "Missing key: 0.weight",
        "Unexpected key: 0.wieght",
        "did you mean '0.weight'",
        "1.weight",
        "(4, 4)",
    ):
        assert part in str(caught.value)
    assert all(np.array_equal(before[key], value) for key, value in net.state_dict().items())
    with pytest.raises(RuntimeError, match="size mismatch"):
        net.load_state_dict(state, strict=False)
    del state["1.weight"]
    assert net.load_state_dict(state, strict=False) == (["0.weight", "1.weight"], ["0.wieght"])
    assert np.array_equal(net[0].bias, before["0.bias"] + 1)
    with pytest.raises(DTypeError, match="list"):
        net.load_state_dict([1])


def test_loading_assign_and_versions():
    layer = nn.Dense(2, 1)
    state = {key: autograd.ones(*value.shape) for key, value in layer.state_dict().items()}
    layer.load_state_dict(state, assign=True)
    assert layer.weight._array is state["weight"]._array
    out = layer(autograd.ones(1, 2, requires_grad=True)).sum()
    layer.load_state_dict(state)
    with pytest.raises(AutogradError, match="changed in place"):
        out.backward()


def test_state_dicts_move_to_and_from_torch():
    ours = nn.Sequential(
        nn.Conv2D(3, 4, 3), nn.BatchNorm2D(4), nn.ReLU(), nn.Flatten(), nn.Linear(16, 2)
    )
    theirs = torch.nn.Sequential(
        torch.nn.Conv2d(3, 4, 3),
        torch.nn.BatchNorm2d(4),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(16, 2),
    )
    ours.load_state_dict(theirs.state_dict())
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 4)).astype(np.float32)
    expected = theirs(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(ours(autograd.tensor(x)).detach().numpy(), expected, atol=1e-5)
    theirs.load_state_dict(
        {key: torch.tensor(np.asarray(value)) for key, value in ours.state_dict().items()}
    )


def test_lookups_by_name():
    net = Scale()
    assert net.get_submodule("blocks.1.1") is net.blocks[1][1]
    assert net.get_submodule("") is net
    assert net.get_parameter("named.a") is net.named["a"]
    with pytest.raises(AttributeError, match="did you mean 'factor'"):
        net.get_parameter("factr")
    with pytest.raises(AttributeError, match="no buffer"):
        net.get_buffer("factor")


def test_registration_refuses_bad_names_and_kinds():
    net = nn.Module()
    net.register_module("child", nn.Identity())
    net.add_module("other", None)
    net.register_parameter("p", None)
    assert names(net.named_children()) == ["child"]
    with pytest.raises(KeyError, match="forward"):
        net.register_buffer("forward", autograd.ones(1))
    with pytest.raises(DTypeError, match="dots"):
        net.add_module("a.b", nn.Identity())
    with pytest.raises(DTypeError, match="Parameter or None"):
        net.register_parameter("p", autograd.ones(1))
    with pytest.raises(DTypeError, match="Module or None"):
        net.register_module("m", autograd.ones(1))


def test_calling_without_forward_teaches():
    class Empty(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match="define `def forward"):
        Empty()(1)


class Failing(nn.Module):
    def forward(self, x):
        raise ValueError("inside")


class Net(nn.Module):
    def __init__(self):
        self.encoder = nn.Sequential(nn.Identity(), nn.Identity(), Failing())
        self.parts = [Failing()]

    def forward(self, x):
        return self.encoder(x)


def test_errors_say_where_once():
    with pytest.raises(ValueError, match="inside") as caught:
        Net()(1)
    assert caught.value.__notes__ == ["  in Net.encoder.2 (Failing)"]
    with pytest.raises(ValueError, match="inside") as caught:
        Failing()(1)
    assert caught.value.__notes__ == ["  in Failing"]


def test_an_error_below_a_module_that_is_not_held_keeps_its_path():
    class Caller(nn.Module):
        def forward(self, x):
            return Net()(x)

    with pytest.raises(ValueError, match="inside") as caught:
        Caller()(1)
    assert caught.value.__notes__ == ["  in Net.encoder.2 (Failing)"]


def test_repr_is_pytorchs():
    net = nn.Sequential(nn.Dense(2, 3), nn.Sequential(nn.ReLU(), nn.Dropout(0.1)))
    theirs = torch.nn.Sequential(
        torch.nn.Linear(2, 3), torch.nn.Sequential(torch.nn.ReLU(), torch.nn.Dropout(0.1))
    )
    assert repr(net) == repr(theirs).replace("Linear", "Dense")
    assert "(blocks.1.1): Dense" in repr(Scale())


def test_forward_hooks():
    layer = nn.Identity()
    calls = []
    with layer.register_forward_pre_hook(lambda m, args: (args[0] + 1,)):
        handle = layer.register_forward_hook(lambda m, args, out: calls.append((args, out)))
        layer.register_forward_hook(
            lambda m, args, kwargs, out: out * 10, with_kwargs=True, prepend=True
        )
        assert layer(1) == 20
    assert calls == [((2,), 20)]
    handle.remove()
    assert layer(1) == 10
    assert len(calls) == 1


def hooked(module, torch_like):
    seen = []

    def hook(m, grad_input, grad_output):
        seen.append(([None if g is None else np.asarray(g).tolist() for g in grad_input],
                     [np.asarray(g).tolist() for g in grad_output]))  # fmt: skip
        return tuple(None if g is None else g * 2 for g in grad_input)

    module.register_full_backward_hook(hook)
    return seen


def test_full_backward_hooks_see_and_replace_the_gradients_like_pytorch():
    class Two:
        def forward(self, x, y):
            return x * y, x + y

    class Ours(Two, nn.Module):
        pass

    class Theirs(Two, torch.nn.Module):
        pass

    results = []
    for library, module in ((autograd, Ours()), (torch, Theirs())):
        seen = hooked(module, library)
        x = library.tensor([1.0, 2.0], requires_grad=True)
        y = library.tensor([3.0], requires_grad=True)
        a, b = module(x * 1, y * 1)
        (a.sum() + (b * 3).sum()).backward()
        results.append((seen, x.grad.tolist(), y.grad.tolist()))
    assert results[0] == results[1]


def test_full_backward_hook_without_input_gradients_and_pre_hook():
    layer = nn.Dense(2, 1)
    seen = []
    layer.register_full_backward_hook(lambda m, gi, go: seen.append((gi, go[0].tolist())))
    layer.register_full_backward_pre_hook(lambda m, go: (go[0] * 3,))
    layer(autograd.ones(1, 2)).sum().backward()
    assert seen == [((None,), [[3.0]])]
    assert layer.bias.grad.tolist() == [3.0]


def test_a_backward_hook_with_too_few_gradients_is_refused():
    layer = nn.Identity()
    layer.register_full_backward_hook(lambda m, gi, go: (gi[0], gi[0]))
    x = autograd.ones(1, requires_grad=True)
    with pytest.raises(DTypeError, match="2 gradients in place of 1"):
        layer(x * 1).sum().backward()


def test_no_reference_cycles():
    gc.collect()
    gc.disable()
    try:
        net = nn.Sequential(nn.Dense(2, 2), nn.ReLU())
        net(autograd.ones(1, 2)).sum().backward()
        del net
        assert gc.collect() == 0
    finally:
        gc.enable()
