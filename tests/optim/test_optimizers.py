"""Optimizers against PyTorch's: the same numbers after many steps, whatever happens to the
parameters in between."""

import copy
import inspect
import pickle

import numpy as np
import pytest

import autograd
import optim
from autograd.errors import DTypeError, GraphError, ShapeError
from optim import blocks
from tests.optim.rows import NAMES, REAL_ONLY, ROWS, SINGLE_PRECISION, ids, shapes

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")
torch.set_num_threads(1)  # with arrays this small, its threads only wait for each other


class Pair:
    """An optimizer of each library over equal parameters."""

    def __init__(self, name, params, dtype="float64", seed=0):
        self.generator = np.random.default_rng(seed)
        self.dtype = dtype
        arrays = [self.draw(shape) for shape in shapes(name)]
        self.ours = [autograd.tensor(array, requires_grad=True) for array in arrays]
        self.theirs = [torch.tensor(array, requires_grad=True) for array in arrays]
        self.optimizers = (
            getattr(optim, name)(self.ours, **{"lr": 0.01, **params}),
            getattr(torch.optim, name)(self.theirs, **{"lr": 0.01, **params}),
        )

    def draw(self, shape):
        values = np.asarray(self.generator.standard_normal(shape))
        if self.dtype.startswith("complex"):
            values = values + 1j * self.generator.standard_normal(shape)
        return values.astype(self.dtype)

    def set_gradients(self, skip=lambda i: False):
        for i, (p, q) in enumerate(zip(self.ours, self.theirs)):
            if skip(i):
                p.grad = q.grad = None
            else:
                g = self.draw(p.shape)
                p.grad, q.grad = autograd.tensor(g), torch.tensor(g)

    def step(self, skip=lambda i: False):
        self.set_gradients(skip)
        for optimizer in self.optimizers:
            optimizer.step()

    def check(self, atol=1e-12):
        for p, q in zip(self.ours, self.theirs):
            np.testing.assert_allclose(p.detach().numpy(), q.detach().numpy(), rtol=0, atol=atol)


@pytest.mark.parametrize(("name", "params"), ROWS, ids=ids(ROWS))
@pytest.mark.parametrize("dtype", ["float64", "complex128"])
def test_fifty_steps(name, params, dtype):
    if dtype == "complex128" and name in REAL_ONLY:
        pytest.skip("refused")
    pair = Pair(name, params, dtype=dtype)
    for _ in range(50):
        pair.step()
        pair.check()


@pytest.mark.parametrize(("name", "params"), ROWS, ids=ids(ROWS))
def test_gradients_that_are_missing_now_and_then(name, params):
    pair = Pair(name, params)
    for _ in range(30):
        pair.step(lambda i: pair.generator.random() < 0.4)
        pair.check()


@pytest.mark.parametrize(("name", "params"), ROWS, ids=ids(ROWS))
def test_float32_stays_float32(name, params):
    pair = Pair(name, params, dtype="float32")
    for _ in range(10):
        pair.step()
    pair.check(atol=1e-5)
    for state in pair.optimizers[0].state_dict()["state"].values():
        assert {str(value.dtype) for value in state.values()} == {"float32"}


@pytest.mark.parametrize("name", ["SGD", "Adam"])
def test_several_chunks(name, monkeypatch):
    monkeypatch.setattr(blocks, "CHUNK", 5)
    pair = Pair(
        name, {"weight_decay": 0.1} if name == "Adam" else {"momentum": 0.9, "nesterov": True}
    )
    for i in range(10):
        pair.step(lambda j, i=i: (i + j) % 3 == 0)
        pair.check()


def test_options_changed_between_steps():
    pair = Pair("SGD", {})
    changes = [
        {"lr": 0.5},
        {"momentum": 0.9},
        {"nesterov": True},
        {"momentum": 0, "nesterov": False},
        {"momentum": 0.5},
    ]
    for change in changes:
        for optimizer in pair.optimizers:
            optimizer.param_groups[0].update(change)
        pair.step()
        pair.step()
        pair.check()


def test_groups_with_options_of_their_own_and_late_ones():
    pair = Pair("Adam", {})
    a, b = [
        autograd.tensor([1.0, 2.0], requires_grad=True, dtype=autograd.float64) for _ in range(2)
    ]
    c, d = [torch.tensor([1.0, 2.0], requires_grad=True, dtype=torch.float64) for _ in range(2)]
    pair.step()
    pair.optimizers[0].add_param_group({"params": [a, b], "lr": 0.5, "betas": (0.5, 0.6)})
    pair.optimizers[1].add_param_group({"params": [c, d], "lr": 0.5, "betas": (0.5, 0.6)})
    pair.ours += [a, b]
    pair.theirs += [c, d]
    for _ in range(5):
        pair.step()
        pair.check()


def test_a_parameter_appended_to_a_group_by_hand():
    pair = Pair("Adam", {})
    pair.step()
    extra = (
        autograd.ones(2, dtype=autograd.float64, requires_grad=True),
        torch.ones(2, dtype=torch.float64, requires_grad=True),
    )
    for optimizer, p in zip(pair.optimizers, extra):
        optimizer.param_groups[0]["params"].append(p)
    pair.ours.append(extra[0])
    pair.theirs.append(extra[1])
    for _ in range(3):
        pair.step()
        pair.check()


def test_reassigned_data_and_gradients_of_any_layout():
    pair = Pair("Adam", {"weight_decay": 0.1})
    for _ in range(4):
        array = pair.draw((4, 3))
        pair.ours[0].data = autograd.tensor(array).T
        pair.theirs[0].data = torch.tensor(array).T
        pair.set_gradients()
        g = pair.draw((4, 3))
        pair.ours[0].grad, pair.theirs[0].grad = autograd.tensor(g).T, torch.tensor(g).T
        for optimizer in pair.optimizers:
            optimizer.step()
        pair.check()


def test_memory_shared_with_other_tensors_stays_shared():
    array = np.ones(3)
    p = autograd.from_numpy(array).requires_grad_()
    tied = autograd.zeros(3, dtype=autograd.float64, requires_grad=True)
    tied.data = p.data
    view = p.detach()[1:]
    p.grad = autograd.ones(3, dtype=autograd.float64)
    for optimizer in (optim.SGD([p, tied], lr=0.25), optim.AdamW([p], lr=0.25, weight_decay=0)):
        before = array[0]
        optimizer.step()
        assert array[0] < before
        assert tied.tolist() == array.tolist()
        assert view.tolist() == array[1:].tolist()


def test_two_optimizers_over_the_same_parameters():
    p = autograd.ones(2, requires_grad=True)
    first, second = optim.SGD([p], lr=0.5), optim.SGD([p], lr=0.25)
    p.grad = autograd.ones(2)
    first.step(), second.step(), first.step()
    assert p.tolist() == [-0.25, -0.25]


def test_frozen_parameters_are_left_alone():
    p, q = (autograd.ones(2, requires_grad=True) for _ in range(2))
    optimizer = optim.AdamW([p, q], lr=0.1)
    q.requires_grad_(False)
    (p * q).sum().backward()
    optimizer.step()
    assert q.tolist() == [1, 1]
    assert list(optimizer.state_dict()["state"]) == [0]


def test_parameters_of_several_dtypes_and_converted_ones():
    p = autograd.ones(2, requires_grad=True)
    q = autograd.ones(2, requires_grad=True, dtype=autograd.float64)
    optimizer = optim.Adam([p, q], lr=0.1)
    for _ in range(2):
        for x in (p, q):
            x.grad = autograd.ones(2, dtype=x.dtype)
        optimizer.step()
        p.grad = None
        p.data = p.data.to(autograd.float64)
    np.testing.assert_allclose(p.detach().numpy(), q.detach().numpy(), atol=1e-6)
    assert optimizer.state[p]["exp_avg"].dtype == autograd.float64
    assert optimizer.state[p]["step"].item() == 2
    p.grad = q.grad = None
    p.data = autograd.ones(3, dtype=autograd.float64)
    with pytest.raises(ShapeError, match="new optimizer"):
        optimizer.step()


def test_a_backward_pass_through_the_old_values_is_refused():
    w = autograd.ones(2, requires_grad=True)
    x = autograd.ones(2, requires_grad=True)
    loss = (w * x).sum()
    loss.backward(retain_graph=True)
    optim.SGD([w], lr=0.1).step()
    with pytest.raises(GraphError, match="changed in place"):
        loss.backward()


def test_training_records_nothing_and_keeps_leaves():
    w = autograd.tensor([3.0], requires_grad=True)
    optimizer = optim.SGD([w], lr=0.1)
    losses = []

    def closure():
        optimizer.zero_grad()
        loss = (w * w).sum()
        loss.backward()
        losses.append(loss.item())
        return loss

    with autograd.no_grad():
        returned = optimizer.step(closure)
    assert returned.item() == 9
    assert w.is_leaf
    assert w.requires_grad
    for _ in range(30):
        optimizer.step(closure)
    assert losses[-1] < 1e-4


def test_zero_grad():
    p = autograd.ones(2, requires_grad=True)
    optimizer = optim.SGD([p, autograd.ones(1, requires_grad=True)], lr=0.1)
    p.grad = autograd.ones(2)
    optimizer.zero_grad(set_to_none=False)
    assert p.grad.tolist() == [0, 0]
    optimizer.zero_grad()
    assert p.grad is None


def as_torch(state):
    """A state_dict of ours, with PyTorch's tensors."""
    return {
        "state": {
            i: {key: torch.tensor(np.asarray(value)) for key, value in entries.items()}
            for i, entries in state["state"].items()
        },
        "param_groups": state["param_groups"],
    }


@pytest.mark.parametrize(("name", "params"), ROWS, ids=ids(ROWS))
def test_state_goes_on_where_it_was_and_moves_to_and_from_pytorch(name, params):
    pair = Pair(name, params)
    pair.step()
    pair.step(lambda i: i == 1)
    ours, theirs = (optimizer.state_dict() for optimizer in pair.optimizers)
    assert ours["param_groups"] == theirs["param_groups"]
    for i, entries in theirs["state"].items():
        assert {key: (tuple(value.shape), str(value.dtype)) for key, value in entries.items()} == {
            key: (value.shape, f"torch.{value.dtype}") for key, value in ours["state"][i].items()
        }
    # Each goes on in the other library.
    other = Pair(name, params)
    for mine, yours, p, q in zip(other.ours, other.theirs, pair.ours, pair.theirs):
        mine.data, yours.data = p.data.clone(), q.data.clone()
    other.optimizers[0].load_state_dict(theirs)
    other.optimizers[1].load_state_dict(as_torch(ours))
    other.generator.bit_generator.state = pair.generator.bit_generator.state
    for both in (pair, other):
        both.step()
        both.step(lambda i: i == 2)
        both.check(atol=1e-8 if name in SINGLE_PRECISION else 1e-12)
    for p, q in zip(pair.ours, other.ours):
        np.testing.assert_allclose(p.detach().numpy(), q.detach().numpy(), atol=1e-12)


@pytest.mark.parametrize("copied", ["loaded", "pickled", "deepcopied"])
@pytest.mark.parametrize(("name", "params"), ROWS, ids=ids(ROWS))
def test_resumed_runs_are_uninterrupted_ones_bit_for_bit(name, params, copied):
    pair = Pair(name, params)
    for _ in range(25):
        pair.step(lambda i: pair.generator.random() < 0.2)
    optimizer = pair.optimizers[0]
    if copied == "loaded":
        params = [p.detach().clone().requires_grad_() for p in pair.ours]
        resumed = getattr(optim, name)(params, lr=1000)
        resumed.load_state_dict(optimizer.state_dict())
    else:
        resumed = (
            copy.deepcopy(optimizer)
            if copied == "deepcopied"
            else pickle.loads(pickle.dumps(optimizer))
        )
        params = resumed.param_groups[0]["params"]
    assert repr(resumed) == repr(optimizer)
    for _ in range(5):
        pair.set_gradients(lambda i: pair.generator.random() < 0.2)
        for p, q in zip(pair.ours, params):
            q.grad = p.grad
        optimizer.step()
        resumed.step()
        for p, q in zip(pair.ours, params):
            np.testing.assert_array_equal(p.detach().numpy(), q.detach().numpy())


def pytorchs_rows():
    """PyTorch's own examples of arguments for the optimizers."""
    from torch.testing._internal.common_optimizers import optim_db

    return [
        (info.optim_cls.__name__, row.kwargs)
        for info in optim_db
        if info.optim_cls.__name__ in NAMES
        for row in info.optim_inputs_func(device="cpu")
    ]


@pytest.mark.parametrize("with_tensors", [False, True])
@pytest.mark.parametrize(("name", "params"), pytorchs_rows())
def test_pytorchs_examples(name, params, with_tensors):
    generator = np.random.default_rng(0)
    arrays = [generator.standard_normal((3, 2)), generator.standard_normal((2, 5))]
    ours = [autograd.tensor(array, requires_grad=True) for array in arrays]
    theirs = [torch.tensor(array, requires_grad=True) for array in arrays]
    own = {k: autograd.tensor(v.numpy()) if torch.is_tensor(v) else v for k, v in params.items()}
    if with_tensors:  # in double precision, in which PyTorch computes with numbers
        lr = getattr(torch.optim, name)(theirs, **params).defaults["lr"]
        params = {**params, "lr": torch.tensor(float(lr), dtype=torch.float64)}
        own["lr"] = autograd.tensor([float(lr)], dtype=autograd.float64)
    # Where lr is a tensor of single precision, PyTorch rounds what it computes from it.
    atol = 1e-5 if any(map(torch.is_tensor, params.values())) and not with_tensors else 1e-12
    pair = getattr(optim, name)(ours, **own), getattr(torch.optim, name)(theirs, **params)
    for _ in range(50):
        for p, q in zip(ours, theirs):
            array = generator.standard_normal(p.shape)
            p.grad, q.grad = autograd.tensor(array), torch.tensor(array)
        for optimizer in pair:
            optimizer.step()
        for p, q in zip(ours, theirs):
            np.testing.assert_allclose(p.detach().numpy(), q.detach().numpy(), atol=atol)


@pytest.mark.parametrize("name", [*NAMES, "LBFGS"])
def test_signatures_and_printing_are_pytorchs(name):
    ours, theirs = getattr(optim, name), getattr(torch.optim, name)
    assert [
        (parameter.name, parameter.default, parameter.kind)
        for parameter in inspect.signature(ours).parameters.values()
    ] == [
        (parameter.name, parameter.default, parameter.kind)
        for parameter in inspect.signature(theirs).parameters.values()
    ]
    pair = (
        ours([("w", autograd.ones(1, 1, requires_grad=True))]),
        theirs([("w", torch.ones(1, 1, requires_grad=True))]),
    )
    assert repr(pair[0]) == repr(pair[1])
    assert pair[0].defaults == pair[1].defaults


@pytest.mark.parametrize("name", NAMES)
def test_groups_with_their_own_options(name):
    pair = Pair(name, {})
    groups = [
        [{"params": params[:2], "lr": 0.1}, {"params": params[2:], "maximize": True}]
        for params in (pair.ours, pair.theirs)
    ]
    if name == "Muon":
        groups = [[{**a, "momentum": 0.5}, {"params": b["params"]}] for a, b in groups]
    pair.optimizers = getattr(optim, name)(groups[0]), getattr(torch.optim, name)(groups[1])
    for _ in range(5):
        pair.step()
        for optimizer in pair.optimizers:
            optimizer.param_groups[1]["lr"] *= 0.5
        pair.check()


@pytest.mark.parametrize("name", ["SGD", "Adam", "Rprop", "Adafactor"])
def test_parameters_that_are_listed_twice_step_twice(name):
    pair = Pair(name, {})
    for params in (pair.ours, pair.theirs):
        params.append(params[0])
    with pytest.warns(UserWarning, match="more than once"):
        ours = getattr(optim, name)(pair.ours, lr=0.01)
    with pytest.warns(UserWarning, match="duplicate"):
        theirs = getattr(torch.optim, name)(pair.theirs, lr=0.01)
    pair.optimizers = ours, theirs
    for _ in range(5):
        pair.step()
        pair.check()
    numbers = [optimizer.state_dict()["param_groups"][0]["params"] for optimizer in (ours, theirs)]
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("dtype", [autograd.float32, autograd.float64])
def test_numbers_of_the_state_have_the_dtype_of_pytorchs(dtype):
    before = autograd.get_default_dtype()
    autograd.set_default_dtype(dtype)
    try:
        p = autograd.ones(2, requires_grad=True)
        optimizer = optim.NAdam([p])
        p.grad = autograd.ones(2)
        optimizer.step()
    finally:
        autograd.set_default_dtype(before)
    assert optimizer.state_dict()["state"][0]["mu_product"].dtype == dtype


@pytest.mark.parametrize("name", REAL_ONLY)
def test_complex_parameters_are_refused_where_the_rule_has_no_meaning(name):
    p = autograd.ones(2, 2, dtype=autograd.complex64, requires_grad=True)
    optimizer = getattr(optim, name)([p])
    p.grad = autograd.ones(2, 2, dtype=autograd.complex64)
    with pytest.raises(DTypeError, match="complex"):
        optimizer.step()


def test_momentum_is_sgd_with_momentum():
    p, q = (autograd.ones(2, requires_grad=True) for _ in range(2))
    pair = optim.Momentum([p], lr=0.1), optim.SGD([q], lr=0.1, momentum=0.9)
    for optimizer in pair * 3:
        p.grad, q.grad = autograd.ones(2), autograd.ones(2)
        optimizer.step()
    assert p.tolist() == q.tolist()


def test_adamw_goes_on_from_the_state_of_adam():
    p = autograd.ones(2, requires_grad=True)
    optimizer = optim.AdamW([p])
    optimizer.load_state_dict(optim.Adam([p]).state_dict())
    assert optimizer.param_groups[0]["decoupled_weight_decay"]


def test_state_is_readable_and_its_tensors_can_be_changed():
    p = autograd.ones(2, requires_grad=True)
    optimizer = optim.Adam([p])
    assert len(optimizer.state) == 0
    p.grad = autograd.ones(2)
    optimizer.step()
    optimizer.state[p]["exp_avg"].zero_()
    assert optimizer.state[p]["exp_avg"].tolist() == [0, 0]
    with pytest.raises(TypeError):
        del optimizer.state[p]


def test_loading_a_state_that_does_not_fit():
    p = autograd.ones(2, requires_grad=True)
    optimizer = optim.Adam([p])
    state = optimizer.state_dict()
    with pytest.raises(ShapeError, match=r"groups of \[2\]"):
        optimizer.load_state_dict(
            {**state, "param_groups": [{**state["param_groups"][0], "params": [0, 1]}]}
        )
    with pytest.raises(ShapeError, match="exp_avg"):
        optimizer.load_state_dict({**state, "state": {0: {"step": 1, "exp_avg": autograd.ones(3)}}})
    with pytest.raises(DTypeError, match="param_groups"):
        optimizer.load_state_dict({})
