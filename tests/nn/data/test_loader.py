"""Loaders with threads or none: what comes, in which order, and going on in mid-epoch."""

from __future__ import annotations

import inspect
import itertools
import json
import multiprocessing
import threading
import time

import numpy as np
import pytest

import autograd
from autograd.errors import AutogradError, DTypeError, ShapeError
from nn import data


def seeded(seed=0):
    return autograd.Generator(seed=seed)


class Noisy(data.Dataset):
    """Sample ``i`` is ``i`` and something random; some take longer than others."""

    def __init__(self, size=23):
        self.size = size

    def __len__(self):
        return self.size

    def __getitem__(self, index):
        if index % 5 == 0:
            time.sleep(0.001)
        return index, autograd.rand(1, generator=data.get_generator()).item()


class Shards(data.IterableDataset):
    """0, 1, 2, ... dealt out among the workers."""

    def __init__(self, size=11):
        self.size = size

    def __iter__(self):
        info = data.get_worker_info()
        for i in range(self.size):
            if info is None or i % info.num_workers == info.id:
                yield i, autograd.rand(1, generator=data.get_generator()).item()


def lists(loader):
    return [[part.tolist() for part in batch] for batch in loader]


OPTIONS = [
    {"batch_size": 4},
    {"batch_size": 4, "drop_last": True},
    {"batch_size": 4, "shuffle": True},
    {"batch_sampler": data.BatchSampler(data.RandomSampler(range(23)), 5, False)},
    {"batch_size": 3, "sampler": data.RandomSampler(range(23), generator=seeded(5))},
    {"batch_size": None, "shuffle": True},
    {"batch_size": 100},
]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: " ".join(options))
def test_any_number_of_workers_gives_the_same(options):
    own = getattr(options.get("sampler"), "generator", None)

    def epochs(workers):
        if own is not None:
            own.manual_seed(5)
        loader = data.DataLoader(Noisy(), num_workers=workers, generator=seeded(), **options)
        read = list if loader.batch_sampler is None else lists  # samples, or batches
        return [read(loader) for _ in range(2)]

    first, second = expected = epochs(0)
    assert len(first) == len(data.DataLoader(Noisy(), **options))
    assert first != second
    for workers in (1, 2, 5):
        assert epochs(workers) == expected


@pytest.mark.parametrize(
    ("batch_size", "drop_last"), [(None, False), (1, False), (4, False), (4, True)]
)
def test_batches_agree_with_pytorch(batch_size, drop_last):
    theirs = pytest.importorskip("torch").utils.data
    samples = [(i, {"x": np.full(2, i)}) for i in range(10)]
    ours = data.DataLoader(samples, batch_size, drop_last=drop_last, num_workers=2)
    expected = theirs.DataLoader(samples, batch_size, drop_last=drop_last)
    assert len(ours) == len(expected)
    for (i, x), (j, y) in zip(ours, expected, strict=True):
        assert np.array_equal(i, j)
        assert np.array_equal(x["x"], y["x"])


@pytest.mark.parametrize("workers", [0, 1, 3, 12])
def test_iterable_sets_are_shared_out(workers):
    loader = data.DataLoader(Shards(), batch_size=2, num_workers=workers, generator=seeded())
    first, second = lists(loader), lists(loader)
    assert sorted(i for batch in first for i in batch[0]) == list(range(11))
    assert [batch[0] for batch in first] == [batch[0] for batch in second]
    assert [batch[1] for batch in first] != [batch[1] for batch in second]
    again = data.DataLoader(Shards(), batch_size=2, num_workers=workers, generator=seeded())
    assert lists(again) == first
    if workers < 2:
        assert [batch[0] for batch in first] == [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9], [10]]
    dropped = data.DataLoader(range(5), batch_size=2, drop_last=True)
    assert len(list(dropped)) == len(dropped) == 2


@pytest.mark.parametrize("kind", ["by index", "iterable"])
@pytest.mark.parametrize("workers", [0, 2])
def test_a_state_goes_on_with_the_batch_that_would_have_come(workers, kind):
    def loader(seed):
        options = (
            {"shuffle": True, "dataset": Noisy()} if kind == "by index" else {"dataset": Shards(23)}
        )
        return data.DataLoader(batch_size=4, num_workers=workers, generator=seeded(seed), **options)

    whole = [lists(epoch) for epoch in [loader(1)] * 3]
    size = len(whole[0])
    for epoch, batches in itertools.product(range(2), range(size + 1)):
        stopped = loader(1)
        for _ in range(epoch):
            lists(stopped)
        taken = lists(itertools.islice(stopped, batches)) if batches else []
        state = json.loads(json.dumps(stopped.state_dict()))
        resumed = loader(2)
        resumed.load_state_dict(state)
        assert taken == whole[epoch][:batches]
        assert resumed.state_dict() == state
        assert lists(resumed) == whole[epoch][batches:]
        assert lists(resumed) == whole[epoch + 1]


def test_a_state_within_the_loop_and_a_sampler_with_a_generator():
    def loader():
        sampler = data.RandomSampler(range(10), generator=seeded(3))
        return data.DataLoader(range(10), 3, sampler=sampler)

    states, whole = [], []
    running = loader()
    for _ in range(2):
        for batch in running:
            whole.append(batch.tolist())
            states.append(running.state_dict())
    for i, state in enumerate(states):
        resumed = loader()
        resumed.load_state_dict(state)
        rest = [batch.tolist() for _ in range(2 - i // 4) for batch in resumed]
        assert rest == whole[i + 1 :]


def test_a_state_where_sampler_and_loader_share_a_generator():
    def loader(seed):
        generator = seeded(seed)
        sampler = data.RandomSampler(range(10), generator=generator)
        return data.DataLoader(range(10), 3, sampler=sampler, generator=generator)

    running, resumed, unbegun = loader(1), loader(2), loader(3)
    unbegun.load_state_dict(loader(1).state_dict())
    iterator = iter(running)
    first = next(iterator).tolist()
    resumed.load_state_dict(running.state_dict())
    rest = [batch.tolist() for batch in iterator]
    assert [batch.tolist() for batch in resumed] == rest
    assert [batch.tolist() for batch in unbegun] == [first, *rest]


def test_persistent_workers_begin_an_epoch_again_where_a_state_was_loaded():
    loader = data.DataLoader(Shards(), 2, num_workers=2, persistent_workers=True)
    iterator = iter(loader)
    next(iterator)
    state = loader.state_dict()
    rest = lists(iterator)
    loader.load_state_dict(state)
    assert lists(loader) == rest


def test_a_state_of_another_loader_is_refused():
    state = data.DataLoader(range(10), 3).state_dict()
    with pytest.raises(AutogradError, match="length=4, but this one has length=5"):
        data.DataLoader(range(10), 2).load_state_dict(state)
    with pytest.raises(AutogradError, match="batch_size=3, but this one has batch_size=4"):
        data.DataLoader(range(15), 4).load_state_dict(state)
    two = data.DataLoader(Shards(), num_workers=2)
    with pytest.raises(AutogradError, match="workers=2, but this one has workers=3"):
        data.DataLoader(Shards(), num_workers=3).load_state_dict(two.state_dict())
    with pytest.raises(AutogradError, match=r"lacks \['batch_size', 'batches'"):
        data.DataLoader(range(10), 2).load_state_dict({"seed": 1})
    sampler = data.RandomSampler(range(10), generator=seeded())
    with pytest.raises(AutogradError, match="generator of its own"):
        data.DataLoader(range(10), 3, sampler=sampler).load_state_dict(state)


def test_the_seed_comes_from_the_default_generator_too():
    before = autograd.get_rng_state()
    try:
        autograd.manual_seed(1)
        first = [int(i) for i in data.DataLoader(range(30), shuffle=True)]
        second = [int(i) for i in data.DataLoader(range(30), shuffle=True)]
        autograd.manual_seed(1)
        assert [int(i) for i in data.DataLoader(range(30), shuffle=True)] == first != second
    finally:
        autograd.set_rng_state(before)


class Broken(Noisy):
    def __getitem__(self, index):
        if index == 9:
            raise ValueError("sample nine is broken")
        return super().__getitem__(index)


@pytest.mark.parametrize("workers", [0, 2])
def test_an_error_says_which_sample_and_the_loader_can_be_used_again(workers):
    loader = data.DataLoader(Broken(), batch_size=4, num_workers=workers)
    for _ in range(2):
        seen = []
        with pytest.raises(ValueError, match="sample nine is broken") as caught:
            seen.extend(iter(loader))
        notes = "\n".join(caught.value.__notes__)
        assert "while fetching sample 9" in notes
        assert "in batch 2 of epoch 0, samples [8, 9, 10, 11]" in notes.replace(
            "epoch 1", "epoch 0"
        )
        assert ("in worker 0" in notes) == (workers > 0)
    assert len(list(itertools.islice(loader, 2))) == 2


@pytest.mark.parametrize(
    "wrap", [data.Subset, lambda *args: data.Subset(data.Subset(*args), range(20))]
)
def test_an_error_in_a_subset_says_which_sample(wrap):
    with pytest.raises(ValueError, match="sample nine is broken") as caught:
        list(data.DataLoader(wrap(Broken(), range(3, 23)), batch_size=4))
    assert caught.value.__notes__ == [
        "DataLoader: while fetching sample 9 of Broken",
        "DataLoader: in batch 1 of epoch 0, samples [4, 5, 6, 7]",
    ]


def test_samples_that_do_not_fit_each_other_are_named():
    with pytest.raises(ShapeError, match="same shape") as caught:
        list(data.DataLoader([np.ones(2), np.ones(2), np.ones(2), np.ones(3)], 2))
    assert caught.value.__notes__ == ["DataLoader: in batch 1 of epoch 0, samples [2, 3]"]


def test_what_pytorchs_programs_pass():
    options = {"pin_memory": True, "pin_memory_device": "cuda", "in_order": False}
    assert len(list(data.DataLoader(range(4), **options))) == 4
    for context in ("spawn", multiprocessing.get_context("spawn")):
        loader = data.DataLoader(range(4), num_workers=1, multiprocessing_context=context)
        assert loader.workers == "processes"
    parameters = list(inspect.signature(data.DataLoader).parameters)
    theirs = pytest.importorskip("torch").utils.data.DataLoader
    positional = parameters[: parameters.index("generator") + 1]
    assert positional == list(inspect.signature(theirs).parameters)[: len(positional)]
    assert set(inspect.signature(theirs).parameters) <= set(parameters)


def worker_threads():
    return [t for t in threading.enumerate() if t.name.startswith("DataLoader worker")]


@pytest.mark.parametrize("end", ["break", "close", "error", "exhaust"])
def test_no_thread_is_left(end):
    loader = data.DataLoader(Broken() if end == "error" else Noisy(), num_workers=3)
    iterator = iter(loader)
    next(iterator)
    assert len(worker_threads()) == 3
    if end == "error":
        with pytest.raises(ValueError, match="nine"):
            list(iterator)
    elif end == "exhaust":
        list(iterator)
    elif end == "close":
        iterator.close()
    else:
        del iterator
    assert worker_threads() == []


def test_persistent_workers_stay_until_the_loader_goes():
    started = []
    loader = data.DataLoader(
        Shards(), 2, num_workers=2, persistent_workers=True, worker_init_fn=started.append,
        generator=seeded(),
    )  # fmt: skip
    plain = data.DataLoader(Shards(), 2, num_workers=2, generator=seeded())
    lists(itertools.islice(plain, 1))
    lists(itertools.islice(loader, 1))  # broken off
    before = worker_threads()
    assert lists(loader) == lists(plain)
    assert [*zip(*zip(lists(loader), loader))] != []  # two loops at a time
    assert worker_threads() == before
    assert sorted(started[:2]) == [0, 1]
    del loader
    assert worker_threads() == []


def test_two_loops_at_a_time_do_not_disturb_each_other():
    for workers in (0, 2):
        loader = data.DataLoader(Shards(), 2, num_workers=workers)
        pairs = [(a[0].tolist(), b[0].tolist()) for a, b in zip(loader, loader)]
        assert all(a == b for a, b in pairs)
        assert len(pairs) == 6


def test_workers_know_who_they_are():
    seen = set()

    class Asking(Noisy):
        def __getitem__(self, index):
            info = data.get_worker_info()
            seen.add((info.id, info.num_workers, info.dataset is dataset))
            return index

    dataset = Asking()
    list(data.DataLoader(dataset, num_workers=2))
    assert seen == {(0, 2, True), (1, 2, True)}
    assert data.get_worker_info() is None


def test_workers_run_ahead_but_not_further_than_asked():
    made = []

    class Noting(Noisy):
        def __getitem__(self, index):
            made.append(index)
            return index

    iterator = iter(data.DataLoader(Noting(), num_workers=2, prefetch_factor=3))
    next(iterator)
    for _ in range(200):
        if len(made) >= 7:
            break
        time.sleep(0.01)
    time.sleep(0.02)
    assert sorted(made) == list(range(7))
    iterator.close()


def test_a_worker_that_takes_too_long_is_given_up():
    gate = threading.Event()

    class Hanging(Noisy):
        def __getitem__(self, index):
            gate.wait(20)
            return index

    loader = data.DataLoader(Hanging(), num_workers=1, timeout=0.05)
    monkey = pytest.MonkeyPatch()
    monkey.setattr("nn.data.workers._GRACE", 0.05)
    try:
        with pytest.raises(AutogradError, match=r"timeout of 0.05 s \(batch 0 of epoch 0"):
            list(loader)
    finally:
        gate.set()
        monkey.undo()


def test_workers_have_the_callers_default_dtype():
    class Reals(Noisy):
        def __getitem__(self, index):
            return autograd.tensor([1.0])

    autograd.set_default_dtype(autograd.float64)
    try:
        assert next(iter(data.DataLoader(Reals(), num_workers=1))).dtype == autograd.float64
    finally:
        autograd.set_default_dtype(autograd.float32)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, "batch_size must be a positive integer"),
        ({"num_workers": -1}, "num_workers"),
        ({"num_workers": 1, "workers": "fibers"}, "'threads' or 'processes'"),
        ({"prefetch_factor": 2}, "needs workers"),
        ({"num_workers": 1, "prefetch_factor": 2.5}, "must be a positive integer"),
        ({"persistent_workers": True}, "needs workers"),
        ({"timeout": -1}, "timeout"),
        ({"timeout": 5}, "timeout=5 must be 0, or positive with workers"),
        ({"num_workers": 1, "multiprocessing_context": "fork"}, "'fork' is not possible"),
        ({"multiprocessing_context": "spawn"}, "needs workers"),
        ({"batch_size": None, "drop_last": True}, "no last batch"),
        ({"shuffle": True, "sampler": [1]}, "leave out shuffle"),
        ({"batch_sampler": [[1]], "batch_size": 2}, "decides by itself"),
        ({"dataset": Shards(), "shuffle": True}, "its own order"),
        ({"dataset": Shards(), "sampler": [1]}, "its own order"),
    ],
    ids=lambda value: "" if isinstance(value, str) else " ".join(value),
)
def test_arguments_that_make_no_sense(options, message):
    with pytest.raises(ShapeError, match=message):
        data.DataLoader(**{"dataset": range(4), **options})


@pytest.mark.parametrize("name", ["dataset", "batch_size", "sampler", "drop_last", "collate_fn"])
def test_what_would_have_no_effect_can_not_be_changed(name):
    loader = data.DataLoader(range(4), 2)
    with pytest.raises(AutogradError, match=f"{name} can't be changed; make a new DataLoader"):
        setattr(loader, name, None)
    loader.timeout = 0
    assert lists([list(loader)]) == [[[0, 1], [2, 3]]]


def test_a_length_that_nobody_knows():
    loader = data.DataLoader(Shards())
    with pytest.raises(DTypeError, match="Shards has no __len__"):
        len(loader)
    with pytest.raises(DTypeError, match="no __len__"):
        data.DataLoader(iter([]))
    assert list(data.DataLoader([])) == []


def test_each_epoch_and_each_batch_has_its_own_luck():
    loader = data.DataLoader(Noisy(), 4, True, generator=seeded())
    batches = [batch for _ in range(3) for batch in loader]
    orders = [sum((i.tolist() for i, _ in batches[k : k + 6]), []) for k in (0, 6, 12)]  # noqa: RUF017
    assert all(sorted(order) == list(range(23)) for order in orders)
    assert orders[0] != orders[1] != orders[2] != orders[0]
    assert len({number for _, noise in batches for number in noise.tolist()}) == 3 * 23


def test_what_was_ordered_is_not_made_once_the_loop_is_left():
    made, gate = [], threading.Event()

    class Gated(Noisy):
        def __getitem__(self, index):
            if index:
                gate.wait(20)
            made.append(index)
            return index

    loader = data.DataLoader(Gated(), num_workers=1, prefetch_factor=4, persistent_workers=True)
    iterator = iter(loader)
    next(iterator)
    iterator.close()
    gate.set()
    assert next(iter(loader)).tolist() == [0]
    assert set(made[:2]) <= {0, 1}  # sample 1 was being made; samples 2, 3 and 4 were only ordered
    assert made[1:].index(0) <= 1
