"""States become JSON and arrays, and come back as they were."""

from __future__ import annotations

import json
import math
from collections import Counter, OrderedDict, deque
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as arrays_of

import autograd
import nn
import optim
from autograd.errors import DTypeError
from nn.checkpoint_state import from_json, to_json
from nn.saving import read_arrays, serialized


def there_and_back(value: Any, path: Any) -> Any:
    arrays: dict[str, Any] = {}
    text = json.dumps(to_json(value, "x", arrays), allow_nan=False)
    path.write_bytes(serialized(arrays, "test"))
    return from_json(json.loads(text), read_arrays(path, "test"))


def same(one: Any, other: Any) -> bool:
    """Whether both are of the same types, throughout, and have the same bits."""
    if type(one) is not type(other) or vars_of(one) != vars_of(other):
        return False
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, float):
        return one == other or (math.isnan(one) and math.isnan(other))
    if isinstance(one, (np.ndarray, np.generic, autograd.Tensor)):
        first, second = np.asarray(one), np.asarray(other)
        alike = first.dtype == second.dtype and first.shape == second.shape
        return alike and first.tobytes() == second.tobytes()
    return bool(one == other)


def vars_of(value: Any) -> Any:
    return getattr(value, "_metadata", None)


def test_same_tells_differences():
    differences = [
        (1, True), (1, 1.0), ([1], (1,)), ({"a": 1}, OrderedDict(a=1)), (0.5, np.float64(0.5)),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}), (np.zeros(1), autograd.zeros(1)), (1.0, math.nan),
        (np.zeros(1), -np.zeros(1)), (np.zeros(1), np.zeros(1, np.float32)), ([1], [1, 2]),
        (np.zeros((0, 1)), np.zeros((1, 0))), (None, 0),
    ]  # fmt: skip
    assert not any(same(one, other) for one, other in differences)
    assert all(same(one, one) for pair in differences for one in pair)


VALUES = [
    None, True, False, 0, -1, 2**200, "", "naïve\ud800 \0", 0.1, -0.0, 1e-320, math.nan, math.inf,
    -math.inf, [], (), {}, [None, [()]], ((1,), [2.5]), {"a": {"b": [1]}, "": 0},
    {1: "int", "1": 2}, {(1, "a"): 1, None: 2, True: 3, 0.5: 4}, {"$tuple": [1]},
    {"$": {"$tensor": "x"}},
    OrderedDict([("b", 1), ("a", autograd.ones(2))]), Counter({3: 2, 5: 1}), np.float64(0.1),
    np.float32(math.nan), np.bool_(True), np.int8(-3), np.array(3.5), np.zeros((0, 2), "int16"),
    np.arange(6, dtype=">f4").reshape(2, 3).T, autograd.tensor(2.5), autograd.zeros(0),
    autograd.tensor([1 + 2j]), [autograd.ones(2), np.ones(2)], np.array([math.nan, -0.0, math.inf]),
    {"x.0": autograd.ones(1), "x": [autograd.zeros(1)]},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:40])
def test_values(value, tmp_path):
    back = there_and_back(value, tmp_path / "arrays")
    if isinstance(value, np.ndarray):
        value = value.astype(value.dtype.newbyteorder("="))
    assert same(value, back)


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    | arrays_of.arrays(
        st.sampled_from(["f2", "f4", "f8", "i1", "i8", "u4", "?", "c8"]),
        arrays_of.array_shapes(min_dims=0, min_side=0, max_side=3),
    )
)  # fmt: skip
states = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(derandomize=True, deadline=None, database=None)
@given(value=states)
def test_any_state(value, tmp_path_factory):
    assert same(value, there_and_back(value, tmp_path_factory.mktemp("state") / "arrays"))


class Odd(dict[str, int]):
    """A dict that would come back as another class."""


@pytest.mark.parametrize(
    "value",
    [object(), {1, 2}, b"bytes", 1j, deque(), Odd(), print, np.array(["text"]), np.array([None]),
     np.ma.masked_array([1]), np.zeros(2, "complex128"), {"deep": [0, object()]}],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_is_no_state(value, tmp_path):
    with pytest.raises(DTypeError, match=r"x(\.deep\.1)? is "):
        there_and_back(value, tmp_path / "arrays")


def test_a_modules_state_keeps_the_versions_of_its_classes(tmp_path):
    state = nn.Sequential(nn.BatchNorm1D(2)).state_dict()
    back = there_and_back(state, tmp_path / "arrays")
    assert same(state, back)
    assert back._metadata["0"]["version"] == nn.BatchNorm1D._version


# -- the library's own states ----------------------------------------------------------------------

OPTIMIZERS = {
    name: getattr(optim, name)
    for name in ("ASGD", "Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax", "LBFGS",
                 "Momentum", "Muon", "NAdam", "RAdam", "RMSprop", "Rprop", "SGD")
}  # fmt: skip


def test_all_optimizers_are_here():
    classes = {name for name, cls in vars(optim).items()
               if isinstance(cls, type) and issubclass(cls, optim.Optimizer)}  # fmt: skip
    assert classes - {"Optimizer", "SparseAdam"} == set(OPTIMIZERS)


def train(model: Any, optimizer: Any, scheduler: Any, steps: range) -> None:
    for step in steps:
        x = autograd.from_numpy(np.random.default_rng(step).standard_normal((4, 3)))

        def loss(x: Any = x) -> Any:
            optimizer.zero_grad()
            loss = (model(x) ** 2).sum()
            loss.backward()
            return loss

        value = optimizer.step(loss)
        if isinstance(scheduler, optim.lr_scheduler.ReduceLROnPlateau):
            scheduler.step(value)
        else:
            scheduler.step()


def resumed_gives_the_same(make: Any, folder: Any) -> bool:
    """Whether a run that is resumed in the middle goes on as if it had never stopped."""
    whole, first, second = make(0), make(0), make(1)
    train(*whole, range(8))
    train(*first, range(4))
    checkpoint = nn.Checkpoint(folder)
    checkpoint.save(4, model=first[0], optimizer=first[1], scheduler=first[2])
    checkpoint.load(model=second[0], optimizer=second[1], scheduler=second[2])
    train(*second, range(4, 8))
    states = [[part.state_dict() for part in run] for run in (whole, second)]
    return same(*(there_and_back(state, folder / "arrays") for state in states))


def model(seed: int) -> Any:
    autograd.manual_seed(seed)
    return nn.Sequential(nn.Dense(3, 4, bias=False), nn.Tanh(), nn.Dense(4, 2, bias=False)).double()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_go_on(name, tmp_path):
    options = {"momentum": 0.9} if name in ("SGD", "RMSprop") else {}

    def make(seed: int) -> Any:
        net = model(seed)
        optimizer = OPTIMIZERS[name](net.parameters(), lr=0.01, **options)
        return net, optimizer, optim.lr_scheduler.ExponentialLR(optimizer, 0.9)

    assert resumed_gives_the_same(make, tmp_path)


schedulers = optim.lr_scheduler
SCHEDULERS = {
    "LambdaLR": lambda o: schedulers.LambdaLR(o, lambda epoch: 0.9**epoch),
    "MultiplicativeLR": lambda o: schedulers.MultiplicativeLR(o, lambda epoch: 0.9),
    "StepLR": lambda o: schedulers.StepLR(o, 3),
    "MultiStepLR": lambda o: schedulers.MultiStepLR(o, [2, 5, 5]),
    "ConstantLR": lambda o: schedulers.ConstantLR(o, total_iters=6),
    "LinearLR": lambda o: schedulers.LinearLR(o, total_iters=6),
    "ExponentialLR": lambda o: schedulers.ExponentialLR(o, 0.9),
    "PolynomialLR": lambda o: schedulers.PolynomialLR(o, 6, power=2),
    "CosineAnnealingLR": lambda o: schedulers.CosineAnnealingLR(o, 6),
    "CosineAnnealingWarmRestarts": lambda o: schedulers.CosineAnnealingWarmRestarts(o, 3),
    "CyclicLR": lambda o: schedulers.CyclicLR(o, 0.01, 0.1, 3),
    "OneCycleLR": lambda o: schedulers.OneCycleLR(o, 0.1, 10),
    "ReduceLROnPlateau": lambda o: schedulers.ReduceLROnPlateau(o, patience=1, threshold=0.5),
    "SequentialLR": lambda o: schedulers.SequentialLR(
        o, [schedulers.ConstantLR(o), schedulers.MultiStepLR(o, [1, 3])], [3]),
    "ChainedScheduler": lambda o: schedulers.ChainedScheduler(
        [schedulers.ExponentialLR(o, 0.9), schedulers.StepLR(o, 3)], o),
}  # fmt: skip


def test_all_schedulers_are_here():
    classes = {name for name, cls in vars(schedulers).items()
               if isinstance(cls, type) and issubclass(cls, schedulers.LRScheduler)}  # fmt: skip
    assert classes - {"LRScheduler", "_LRScheduler"} == set(SCHEDULERS)


@pytest.mark.parametrize("name", SCHEDULERS)
def test_schedulers_go_on(name, tmp_path):
    def make(seed: int) -> Any:
        net = model(seed)
        optimizer = optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
        return net, optimizer, SCHEDULERS[name](optimizer)

    assert resumed_gives_the_same(make, tmp_path)
