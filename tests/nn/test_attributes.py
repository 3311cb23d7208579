"""The attributes of modules: what they may hold, and finding and replacing them by name."""

import pytest

import autograd
import nn
from autograd.errors import DTypeError

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


def test_registration_refuses_bad_names_and_kinds():
    net = nn.Module()
    net.register_module("child", nn.Identity())
    net.add_module("other", None)
    net.register_parameter("p", None)
    assert names(net.named_children()) == ["child"]
    with pytest.raises(KeyError, match="forward"):
        net.register_buffer("forward", autograd.ones(1))
    for name in ("a.b", ""):
        with pytest.raises(KeyError, match="dots"):
            net.add_module(name, nn.Identity())
    with pytest.raises(DTypeError, match="must be a string"):
        net.add_module(3, nn.Identity())
    net.plain = 1
    for register, value in (
        (net.register_parameter, nn.Parameter(autograd.ones(1))),
        (net.register_buffer, autograd.ones(1)),
    ):
        for taken in ("plain", "child"):
            with pytest.raises(KeyError, match="already exists"):
                register(taken, value)
    net.add_module("child", nn.ReLU())  # of the same kind: replaces it
    assert isinstance(net.child, nn.ReLU)
    with pytest.raises(DTypeError, match="Parameter or None"):
        net.register_parameter("p", autograd.ones(1))
    with pytest.raises(DTypeError, match="Module or None"):
        net.register_module("m", autograd.ones(1))


PLACES = {
    "parameter": lambda n, x: n.Parameter(x),
    "module": lambda n, x: n.ReLU(),
    "buffer": lambda n, x: n.Buffer(x),
}
VALUES = {**PLACES, "tensor": lambda n, x: x, "None": lambda n, x: None, "number": lambda n, x: 3}


@pytest.mark.parametrize("between", [False, True], ids=["direct", "None between"])
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("place", PLACES)
def test_attributes_keep_their_kind_as_in_pytorch(place, value, between):
    refused = []
    for library, n in ((autograd, nn), (torch, torch.nn)):
        net = n.Module()
        net.x = PLACES[place](n, library.ones(2))
        if between:
            net.x = None
        try:
            net.x = VALUES[value](n, library.ones(2))
            refused.append((len(list(net.parameters())), len(list(net.buffers()))))
        except TypeError:
            refused.append("refused")
    assert refused[0] == refused[1]


def test_a_deleted_attribute_is_free_for_anything():
    net = nn.Module()
    net.register_buffer("a", autograd.ones(1))
    net.register_parameter("b", None)
    net.c = nn.ReLU()
    for name in ("a", "b", "c"):
        delattr(net, name)
        setattr(net, name, autograd.ones(1))
    assert list(net.buffers()) == []
    with pytest.raises(AttributeError):
        del net.missing


def test_a_registered_parameter_may_come_later():
    net = nn.Module()
    net.register_parameter("weight", None)
    with pytest.raises(DTypeError, match="wrap it in"):
        net.weight = autograd.ones(1)
    net.weight = nn.Parameter(autograd.ones(1))
    assert names(net.named_parameters()) == ["weight"]


def test_misspelled_attributes_get_a_hint_and_properties_keep_their_errors():
    class Broken(nn.Module):
        @property
        def size(self):
            return self.weigth

    layer = nn.Dense(2, 2)
    with pytest.raises(AttributeError, match="did you mean 'weight'"):
        _ = layer.wieght
    assert not hasattr(layer, "wieght")
    assert getattr(layer, "other", 3) == 3
    with pytest.raises(AttributeError, match="weigth"):
        _ = Broken().size


def test_dir_has_no_numbers():
    net = nn.Sequential(nn.ReLU())
    assert "0" not in dir(net)
    assert {"forward", "training"} <= set(dir(net))


def test_set_submodule():
    net = Scale()
    net.set_submodule("first", nn.Identity())
    net.set_submodule("blocks.0", nn.Tanh())
    net.set_submodule("new", nn.Sequential(nn.ReLU()))
    net.set_submodule("new.0", nn.Sigmoid(), strict=True)
    kinds = [type(m).__name__ for m in (net.first, net.blocks[0], net.new[0])]
    assert kinds == ["Identity", "Tanh", "Sigmoid"]
    net.heads = {"a": nn.ReLU()}
    net.set_submodule("heads.a", nn.Tanh())
    assert isinstance(net.heads["a"], nn.Tanh)
    for target, message in (("factor", "not a module"), ("no.way", "nothing is called 'no'")):
        with pytest.raises(AttributeError, match=message):
            net.set_submodule(target, nn.ReLU())
    with pytest.raises(AttributeError, match="no place 'other'"):
        net.set_submodule("other", nn.ReLU(), strict=True)
    for target, module in (("", nn.ReLU()), ("first", 3)):
        with pytest.raises(ValueError, match="needs a name and a module"):
            net.set_submodule(target, module)


def test_named_modules_takes_a_memo():
    net = nn.Sequential(nn.ReLU(), nn.Tanh())
    memo = {net[0]}
    assert names(net.named_modules(memo)) == ["", "1"]
    assert memo == {net, *net}
    layer = nn.ReLU()
    assert len(list(nn.Sequential(layer, layer).modules(remove_duplicate=False))) == 3
