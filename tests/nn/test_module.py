import copy
import gc

import pytest

import autograd
import nn
from autograd.errors import AutogradError, DTypeError
from tests.garbage import collect_all

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


def test_lookups_by_name():
    net = Scale()
    assert net.get_submodule("blocks.1.1") is net.blocks[1][1]
    assert net.get_submodule("") is net
    assert net.get_parameter("named.a") is net.named["a"]
    with pytest.raises(AttributeError, match="did you mean 'factor'"):
        net.get_parameter("factr")
    with pytest.raises(AttributeError, match="no buffer"):
        net.get_buffer("factor")


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


def test_no_reference_cycles():
    collect_all()
    gc.disable()
    try:
        net = nn.Sequential(nn.Dense(2, 2), nn.ReLU())
        net(autograd.ones(1, 2)).sum().backward()
        del net
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_conversions_of_every_form():
    net = nn.Module()
    net.weight = nn.Parameter(autograd.ones(2))
    net.phase = nn.Parameter(autograd.ones(2, dtype=autograd.complex64))
    net.register_buffer("count", autograd.tensor(3))

    def dtypes():
        return [str(t.dtype) for t in net.state_dict().values()]

    weight = net.weight
    assert net.double() is net
    assert dtypes() == ["float64", "complex64", "int64"]
    assert net.weight is weight
    assert net.half().weight.dtype == autograd.float16
    assert net.float().weight.dtype == autograd.float32
    assert net.to(device=autograd.device("cpu"), dtype=autograd.float64, non_blocking=True) is net
    assert dtypes() == ["float64", "float64", "int64"]
    assert net.to("cpu").cpu().weight.dtype == autograd.float64
    assert net.to(tensor=autograd.ones(1)).weight.dtype == autograd.float32
    net.type(autograd.float64)
    assert dtypes() == ["float64"] * 3
    assert net.share_memory() is net
    assert net.to_empty(device="cpu").weight.shape == (2,)
    assert net.compile() is None
    for call in (net.cuda, net.xpu, net.ipu, net.mtia, lambda: net.to_empty(device="cuda")):
        with pytest.raises(AutogradError, match="there is no device"):
            call()
    with pytest.raises(DTypeError, match="no bfloat16"):
        net.bfloat16()


def test_converting_to_what_it_is_already_changes_nothing():
    layer = nn.Dense(2, 1)
    array = layer.weight._array
    out = layer(autograd.ones(1, 2)).sum()
    layer.float().to(autograd.float32)
    assert layer.weight._array is array
    out.backward()  # nothing has been changed in place


def test_repr_shows_what_pytorch_shows():
    class Options(torch.nn.Module):
        def extra_repr(self):
            return "one\ntwo"

    class OurOptions(nn.Module):
        def extra_repr(self):
            return "one\ntwo"

    texts = []
    for n, options in ((nn, OurOptions()), (torch.nn, Options())):
        shared = n.ReLU()
        net = n.Sequential(shared, n.ModuleList([n.ReLU(), n.ReLU(), n.Tanh(), None]), shared)
        options.inner = n.ModuleDict({"a": n.Sequential(), "b": n.ModuleList()})
        net.append(options)
        net.add_module("gap", None)
        texts.append(repr(net).replace("OurOptions", "Options"))
    assert texts[0] == texts[1]
    loop = nn.Sequential(nn.ReLU())
    loop.again = loop
    assert "(again): ..." in repr(loop)


def test_deepcopy_keeps_ties_hooks_and_modes():
    net = nn.Sequential(nn.Dense(2, 2), nn.Dense(2, 2), nn.Dropout())
    net[1].weight = net[0].weight
    net[0].weight.requires_grad_(False)
    net.register_forward_hook(lambda m, args, out: out * 0)
    net.eval()
    twin = copy.deepcopy(net)
    assert twin[1].weight is twin[0].weight
    assert not twin[0].weight.requires_grad
    assert not twin[2].training
    assert twin(autograd.ones(1, 2)).tolist() == [[0, 0]]
    twin[0].weight = None
    assert net[0].weight is net[1].weight


def test_super_init_may_come_late_or_not_at_all():
    class Late(nn.Module):
        def __init__(self):
            self.weight = nn.Parameter(autograd.ones(1))
            self.training = False
            super().__init__()

    assert names(Late().named_parameters()) == ["weight"]
    with pytest.raises(TypeError):
        nn.Module(3)


@pytest.mark.parametrize(
    ("layer", "inputs"),
    [
        (nn.Conv2D(1, 1, 1), (2.0,)),
        (nn.Sequential(nn.Conv2D(1, 1, 1)), (2.0,)),
        (nn.BatchNorm2D(1), ([1.0],)),
        (nn.LSTM(1, 1), (None,)),
        (nn.GRUCell(1, 1), (2.0,)),
        (nn.LSTMCell(1, 1), (2.0,)),
        (nn.LazyConv2D(1, 1), (2.0,)),
    ],
    ids=repr,
)
def test_a_layer_given_no_tensor_says_so(layer, inputs):
    kind = "Conv2D" if isinstance(layer, (nn.Sequential, nn.LazyConv2D)) else type(layer).__name__
    with pytest.raises(DTypeError, match=rf"(Lazy)?{kind}: \w+ must be a tensor, got "):
        layer(*inputs)
