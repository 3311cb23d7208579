from collections import OrderedDict

import pytest

import autograd
import nn
from autograd.errors import DimensionError, DTypeError


def chain(n=3):
    return nn.Sequential(*(nn.Dense(i + 1, i + 2) for i in range(n)))


def test_sequential_runs_in_order_and_indexes():
    net = chain()
    assert net(autograd.ones(1, 1)).shape == (1, 4)
    assert len(net) == 3
    assert net[-1].out_features == 4
    assert [layer.in_features for layer in net] == [1, 2, 3]
    part = net[1:]
    assert isinstance(part, nn.Sequential)
    assert "1.weight" in part.state_dict()  # as in PyTorch, the names stay
    with pytest.raises(DimensionError, match="3 items"):
        net[3]


def test_sequential_by_name():
    net = nn.Sequential(OrderedDict(first=nn.Dense(1, 2), act=nn.ReLU()))
    assert list(net.state_dict()) == ["first.weight", "first.bias"]
    assert net.act is net[1]
    net.first = nn.Dense(1, 5)
    assert net[0].out_features == 5
    assert dict(nn.Sequential({"a": nn.Identity()}).named_children()).keys() == {"a"}


def test_sequential_changes():
    net = chain(2)
    net.append(nn.ReLU()).extend([nn.Tanh()]).insert(0, nn.Identity())
    assert [type(m).__name__ for m in net] == ["Identity", "Dense", "Dense", "ReLU", "Tanh"]
    del net[0]
    assert [name for name, _ in net.named_children()] == ["0", "1", "2", "3"]
    assert isinstance(net.pop(), nn.Tanh)
    net[2] = nn.Sigmoid()
    assert isinstance(net[2], nn.Sigmoid)
    longer = net + (nn.ReLU(),)  # noqa: RUF005  # the operator is what is tested
    assert len(longer) == 4
    net += [nn.ReLU()]
    assert len(net) == 4
    assert net[0] in net


def test_containers_refuse_what_is_no_module():
    with pytest.raises(DTypeError, match=r"the class ReLU; write ReLU\(...\)"):
        nn.Sequential(nn.Dense(1, 1), nn.ReLU)
    with pytest.raises(DTypeError, match=r"Sequential\(\*modules\)"):
        nn.Sequential([nn.ReLU()])
    with pytest.raises(DTypeError, match="holds modules"):
        nn.ModuleList([1])
    with pytest.raises(DTypeError, match="holds parameters"):
        nn.ParameterList([nn.ReLU()])
    with pytest.raises(KeyError, match="keys"):
        nn.ModuleDict({"keys": nn.ReLU()})


def test_module_list_and_dict():
    net = nn.Module()
    net.layers = nn.ModuleList([nn.Dense(1, 2)])
    net.layers.append(nn.Dense(2, 3))
    net.heads = nn.ModuleDict({"a": nn.Dense(3, 1)})
    net.heads["b"] = nn.Dense(3, 2)
    assert list(net.state_dict())[::2] == [
        "layers.0.weight",
        "layers.1.weight",
        "heads.a.weight",
        "heads.b.weight",
    ]
    assert isinstance(net.layers[:1], nn.ModuleList)
    assert list(net.heads) == list(net.heads.keys()) == ["a", "b"]
    assert "a" in net.heads
    assert net.heads.pop("a").out_features == 1
    assert [m.out_features for m in net.heads.values()] == [2]
    assert net.heads.get("zzz") is None
    with pytest.raises(KeyError):
        del net.heads["zzz"]
    net.heads.clear()
    assert len(net.heads) == 0
    with pytest.raises(NotImplementedError, match="forward"):
        net.layers(1)


def test_parameter_list_and_dict():
    net = nn.Module()
    net.scales = nn.ParameterList([autograd.ones(1), nn.Parameter(autograd.ones(2))])
    net.by_name = nn.ParameterDict({"w": autograd.ones(3)})
    assert [name for name, _ in net.named_parameters()] == ["scales.0", "scales.1", "by_name.w"]
    assert net.by_name["w"].requires_grad
    assert "(0): Parameter float32 (1,)" in repr(net.scales)
    assert [name for name, _ in net.by_name.items()] == ["w"]


def test_identity():
    assert nn.Identity(1, anything=2)("x") == "x"
