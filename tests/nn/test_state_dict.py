"""State dicts: saving and loading by name, beside PyTorch's."""

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


def test_prefix_destination_and_keep_vars_are_pytorchs():
    kept = {}
    for library, n in ((autograd, nn), (torch, torch.nn)):
        net = n.Sequential(n.Linear(1, 1), n.BatchNorm1d(1))
        destination = {"old": 1}
        assert net.state_dict(destination=destination, prefix="net.") is destination
        held = net.state_dict(keep_vars=True)
        assert held["0.weight"] is net[0].weight
        assert not net.state_dict()["0.weight"].requires_grad
        kept[library] = (list(destination), list(held), list(net.state_dict()._metadata))
    assert kept[autograd] == kept[torch]


def extra(n, library):
    class Extra(n.Module):
        def __init__(self):
            super().__init__()
            self.weight = n.Parameter(library.ones(1))
            self.seen = 0

        def get_extra_state(self):
            return {"seen": self.seen}

        def set_extra_state(self, state):
            self.seen = state["seen"]

    return n.Sequential(Extra())


def test_extra_state():
    for library, n in ((autograd, nn), (torch, torch.nn)):
        net, other = extra(n, library), extra(n, library)
        net[0].seen = 7
        state = net.state_dict()
        assert list(state) == ["0.weight", "0._extra_state"]
        other.load_state_dict(state)
        assert other[0].seen == 7
        del state["0._extra_state"]
        assert other.load_state_dict(state, strict=False).missing_keys == ["0._extra_state"]
        with pytest.raises(RuntimeError, match="Missing key"):
            other.load_state_dict(state)
        with pytest.raises(RuntimeError):
            n.Module().get_extra_state()
        with pytest.raises(RuntimeError):
            n.Module().set_extra_state(1)


def test_hooks_of_saving():
    results = []
    for n in (nn, torch.nn):
        calls = []
        net = n.Sequential(n.Linear(1, 1, bias=False))

        def post(module, state, prefix, metadata, calls=calls):
            calls.append((prefix, list(state), metadata))
            state[prefix + "added"] = state[prefix + "weight"]

        net[0].register_state_dict_pre_hook(lambda m, *args, c=calls: c.append(args))
        net[0].register_state_dict_post_hook(post)
        keys = list(net.state_dict())
        net._register_state_dict_hook(lambda m, state, prefix, metadata: {"only": 1})
        results.append((calls[:2], keys, dict(net.state_dict())))
        net[0].register_state_dict_post_hook(lambda *args: {})
        with pytest.raises(RuntimeError, match="must return None"):
            net.state_dict()
    assert results[0] == results[1]


def test_hooks_before_loading_may_rename():
    results = []
    for library, n in ((autograd, nn), (torch, torch.nn)):
        calls = []
        net = n.Sequential(n.Linear(1, 1, bias=False))

        def pre(module, state, prefix, *rest, calls=calls):
            calls.append((type(module).__name__ in ("Dense", "Linear"), prefix, rest[1:]))
            if prefix + "w" in state:
                state[prefix + "weight"] = state.pop(prefix + "w")

        net[0].register_load_state_dict_pre_hook(pre)
        net[0]._register_load_state_dict_pre_hook(
            lambda state, prefix, *rest, c=calls: c.append(prefix)
        )
        given = {"0.w": library.ones(1, 1)}
        assert repr(net.load_state_dict(given)) == "<All keys matched successfully>"
        assert list(given) == ["0.w"]  # a copy was changed
        results.append((calls, net[0].weight.tolist()))
    assert results[0] == results[1]


def test_hooks_after_loading_may_forgive():
    for library, n in ((autograd, nn), (torch, torch.nn)):
        net = n.Linear(1, 1)
        net.register_load_state_dict_post_hook(lambda m, keys: keys.missing_keys.clear())
        result = net.load_state_dict({"weight": library.zeros(1, 1)})
        assert result.missing_keys == []
        assert net.weight.item() == 0
        with pytest.raises(RuntimeError, match="Unexpected key"):
            net.load_state_dict({"weight": library.zeros(1, 1), "other": library.ones(1)})


def test_loading_reads_one_element_for_a_number():
    for library, n in ((autograd, nn), (torch, torch.nn)):
        net = n.Module()
        net.scale = n.Parameter(library.tensor(0.0))
        net.load_state_dict({"scale": library.tensor([3.0])})
        assert net.scale.item() == 3


def test_assign_keeps_the_dtype_that_was_saved():
    for library, n in ((autograd, nn), (torch, torch.nn)):
        net = n.Linear(1, 1, bias=False)
        net.weight.requires_grad_(False)
        net.load_state_dict({"weight": library.ones(1, 1, dtype=library.float64)}, assign=True)
        assert net.weight.dtype == library.float64
        assert isinstance(net.weight, n.Parameter)
        assert not net.weight.requires_grad
