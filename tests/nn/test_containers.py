from collections import OrderedDict

import pytest

import autograd
import nn
from autograd.errors import DimensionError, DTypeError

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")


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
    assert [name for name, _ in net.by_name.items()] == ["w"]


def test_identity():
    assert nn.Identity(1, anything=2)("x") == "x"


def both():
    return (autograd, nn), (torch, torch.nn)


def named(result):
    return repr(result).replace("torch.", "").replace("FloatTensor", "float32")


def test_sequential_arithmetic_is_pytorchs():
    texts = []
    for _, n in both():
        net = n.Sequential(n.ReLU(), n.Tanh())
        results = [net + n.Sequential(n.ELU()), net * 2, 2 * net, net[:1], net[::-1], net[-1]]
        net *= 3
        net += n.Sequential(n.GELU())
        results += [net, net.pop(0), len(net), net.extend([n.SiLU()]), net.insert(-1, n.Mish())]
        texts.append([repr(result) for result in results])
        with pytest.raises(TypeError):
            net * 1.5
        with pytest.raises(ValueError, match="0"):
            net * 0
        for index in (99, -99):
            with pytest.raises(IndexError):
                net.insert(index, n.ReLU())
            with pytest.raises(IndexError):
                del net[index]
        del net[1:3]
        texts[-1].append(repr(net))
    assert texts[0] == texts[1]
    layer = nn.Sequential(nn.Dense(2, 2)) * 2
    assert layer[0] is layer[1]


def test_module_list_is_pytorchs():
    texts = []
    for _, n in both():
        layers = n.ModuleList([n.ReLU(), n.ReLU(), n.Tanh()])
        layers.insert(1, n.ELU())
        layers += [None]
        results = [
            layers,
            layers + n.ModuleList([n.GELU()]),
            layers[1:3],
            layers[-2],
            layers.pop(0),
            len(layers),
        ]
        layers[0] = n.SiLU()
        layers.extend(n.ModuleList([n.Mish(), n.Mish()])).append(n.ReLU())
        results += [layers, layers.pop(slice(0, 2)), list(layers)]
        texts.append([repr(result) for result in results])
        del layers[-1]
        for bad in (lambda: layers[10], lambda: layers.pop(-10)):  # noqa: B023  # called at once
            with pytest.raises(IndexError):
                bad()
        with pytest.raises(TypeError):
            layers.extend(3)
    assert texts[0] == texts[1]


def test_a_refused_item_leaves_the_list_as_it_was():
    layers = nn.ModuleList([nn.ReLU(), nn.Tanh()])
    with pytest.raises(DTypeError, match="holds modules"):
        layers.insert(0, 3)
    assert [type(layer).__name__ for layer in layers] == ["ReLU", "Tanh"]
    with pytest.raises(DTypeError, match=r"nn\.Identity"):
        nn.Sequential(None)


def test_parameter_list_is_pytorchs():
    texts = []
    for library, n in both():
        values = n.ParameterList([library.ones(2, 3), "text", n.Parameter(library.ones(1))])
        values.append(library.ones(4)).extend([7])
        values[0] = library.zeros(2)
        values += n.ParameterList([library.ones(5)])
        net = n.Module()
        net.values = values
        results = [values, values[1:3], len(values), [p.shape for p in values.parameters()]]
        results += [values[-2], list(net.state_dict()), n.ParameterList([library.ones(2)])]
        texts.append([named(result).replace("Size(", "").replace("])", "]") for result in results])
        assert all(isinstance(values[i], n.Parameter) for i in (0, 2, 3))
        for wrong in (3, library.ones(2)):
            with pytest.raises(TypeError):
                values.extend(wrong)
        with pytest.raises(RuntimeError):
            values(1)
    texts = [[text.replace("(", "[").replace(")", "]") for text in group] for group in texts]
    assert texts[0][:3] == texts[1][:3]
    assert texts[0][4:] == texts[1][4:]


def test_parameter_dict_is_pytorchs():
    results = []
    for library, n in both():
        values = n.ParameterDict({"b": library.ones(2), "a": library.ones(3)})
        order = [list(values), list(reversed(values)), list(values.state_dict())]
        twin = values.copy()
        assert twin["a"] is values["a"]
        values.update([("c", library.ones(4)), ("d", "text")])
        joined = values | n.ParameterDict({"e": library.ones(1)})
        twin |= {"z": library.ones(1)}
        default = values.setdefault("f", library.ones(6))
        assert isinstance(default, n.Parameter)
        order += [list(joined), list(twin), values.popitem()[0], values.get("no"), "c" in values]
        order += [list(values.fromkeys(["x", "y"], 3).items()), values.pop("d"), len(values)]
        order.append(named(values))
        values.clear()
        order.append(list(values.keys()))
        results.append(order)
        with pytest.raises((KeyError, AttributeError)):  # the latter is PyTorch's
            values["missing"]
        with pytest.raises(TypeError):
            values[3] = library.ones(1)
        for wrong, error in ((3, TypeError), ([1], TypeError), (["abc"], ValueError)):
            with pytest.raises(error):
                values.update(wrong)
    assert results[0] == results[1]


def test_module_dict_is_pytorchs():
    results = []
    for _, n in both():
        net = n.ModuleDict([("b", n.ReLU()), ("a", n.Tanh())])
        net.update({"d": n.ELU(), "c": None})
        net.update(n.ModuleDict({"e": n.GELU()}))
        result = [list(net), list(net.values()), len(net), net.pop("a"), net]
        results.append([repr(item) for item in result])
        with pytest.raises(TypeError):
            net["x"] = 3
        with pytest.raises(KeyError):
            net["missing"]
    assert results[0] == results[1]


def test_what_lies_beside_the_items_is_no_item():
    values = nn.ParameterDict({"a": autograd.ones(1)})
    values.beside = nn.Parameter(autograd.ones(1))
    assert list(values) == ["a"]
    assert len(list(values.parameters())) == 2
    with pytest.raises(KeyError, match="the class has an attribute"):
        values["keys"] = autograd.ones(1)
    layers = nn.ModuleList([nn.ReLU()])
    layers.beside = nn.Tanh()
    assert len(layers) == 1
