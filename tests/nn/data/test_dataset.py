"""Data sets against PyTorch's, and what they say of misuse."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import DimensionError, DTypeError, ShapeError
from nn import data


class Counting(data.TensorDataset):
    """Counts how often it is asked for a sample, and how often for a batch."""

    def __init__(self, *tensors):
        super().__init__(*tensors)
        self.samples = self.batches = 0

    def __getitem__(self, index):
        self.samples += 1
        return super().__getitem__(index)

    def __getitems__(self, indices):
        self.batches += 1
        return super().__getitems__(indices)


def test_array_backed_sets_are_asked_for_whole_batches():
    dataset = Counting(autograd.arange(20), np.arange(20.0))
    subset = data.Subset(data.Subset(dataset, range(10, 20)), [9, 8, 7, 0, 1])
    (x, y), (x2, _) = data.DataLoader(subset, batch_size=3)
    assert (dataset.samples, dataset.batches) == (0, 2)
    assert x.tolist() == y.tolist() == [19, 18, 17]
    assert x2.tolist() == [10, 11]


def test_a_batch_does_not_share_memory_with_the_set():
    dataset = data.TensorDataset(autograd.zeros(4))
    (batch,) = next(iter(data.DataLoader(dataset, batch_size=4)))
    batch += 1
    assert dataset[0][0].item() == 0


def test_a_list_from_getitems_is_a_list_of_samples():
    class Rows(data.Dataset):
        def __len__(self):
            return 3

        def __getitem__(self, index):
            raise AssertionError("not asked for one by one")

        def __getitems__(self, indices):
            return [(index, str(index)) for index in indices]

    assert repr(list(data.DataLoader(Rows(), batch_size=2))) == (
        "[[tensor([0, 1]), ('0', '1')], [tensor([2]), ('2',)]]"
    )


def test_a_collate_fn_of_the_users_gets_samples():
    dataset = data.TensorDataset(autograd.arange(3), autograd.arange(3))
    loader = data.DataLoader(dataset, batch_size=2, collate_fn=lambda samples: samples)
    assert [[tuple(map(int, sample)) for sample in batch] for batch in loader] == [
        [(0, 0), (1, 1)],
        [(2, 2)],
    ]


def test_compositions_agree_with_pytorch():
    theirs = pytest.importorskip("torch").utils.data
    parts = [[1, 2, 3], [], [4], [5, 6]]
    ours, expected = data.ConcatDataset(parts), theirs.ConcatDataset(parts)
    assert ours.cumulative_sizes == expected.cumulative_sizes
    assert [ours[i] for i in range(-6, 6)] == [expected[i] for i in range(-6, 6)]
    assert list(data.Subset("abcdef", [3, 3, 0])) == list(theirs.Subset("abcdef", [3, 3, 0]))
    stacked = {"x": [1, 2], "y": "ab"}
    assert data.StackDataset(**stacked)[1] == theirs.StackDataset(**stacked)[1]
    assert data.StackDataset([1, 2], "ab")[0] == theirs.StackDataset([1, 2], "ab")[0]
    chain = data.ChainDataset([[1], [2, 3]])
    assert (list(chain), len(chain)) == ([1, 2, 3], 3)
    both = data.TensorDataset(autograd.arange(2)) + data.TensorDataset(autograd.arange(3))
    assert [int(x) for (x,) in both] == [0, 1, 0, 1, 2]


class Counted(data.TensorDataset):
    """Counts the look-ups of single samples."""

    def __init__(self, *tensors):
        super().__init__(*tensors)
        self.singles = 0

    def __getitem__(self, index):
        self.singles += 1
        return super().__getitem__(index)

    def __getitems__(self, indices):
        return super().__getitems__(indices)


def counted(size, *shape):
    numbers = np.random.default_rng(size)
    return Counted(numbers.standard_normal((size, *shape)), numbers.integers(0, 9, size))


COMPOSITIONS = {
    "concat": lambda *parts: data.ConcatDataset(parts),
    "stack": lambda *parts: data.StackDataset(*[data.Subset(p, range(5)) for p in parts]),
    "named": lambda a, b, c: data.StackDataset(x=a, y=data.Subset(b, [0] * len(a))),
    "subset": lambda *parts: data.Subset(data.ConcatDataset(parts), [9, 0, 7, 7, 12, 3]),
    "nested": lambda *parts: data.ConcatDataset([data.ConcatDataset(parts), parts[0]]),
}


def same(x, y):
    if isinstance(x, autograd.Tensor):
        return x.dtype == y.dtype and np.array_equal(x, y)
    pairs = [(x[key], y[key]) for key in x] if isinstance(x, dict) else zip(x, y, strict=True)
    return type(x) is type(y) and all(same(*pair) for pair in pairs)


@pytest.mark.parametrize("kind", COMPOSITIONS)
def test_compositions_make_the_batches_of_their_samples(kind):
    """Without looking a single one up."""
    parts = counted(5, 2), counted(7, 2), counted(6, 2)
    dataset = COMPOSITIONS[kind](*parts)
    order = np.random.default_rng(0).permutation(len(dataset)).tolist()
    batches = list(data.DataLoader(dataset, 4, sampler=order))
    assert sum(part.singles for part in parts) == 0
    samples = [dataset[i] for i in order]
    expected = [data.default_collate(samples[i : i + 4]) for i in range(0, len(samples), 4)]
    assert same(batches, expected)


class Negative(data.TensorDataset):
    """Has other samples than the class whose batches it inherits."""

    def __getitem__(self, index):
        return tuple(-tensor for tensor in super().__getitem__(index))


class Doubled(Negative):
    def __getitems__(self, indices):
        return tuple(2 * tensor for tensor in super().__getitems__(indices))


def test_a_subclass_with_other_samples_has_other_batches():
    plain = Negative(autograd.arange(4))
    first, reverse = data.Subset(plain, [0, 1]), data.Subset(plain, [3, 2])
    for dataset, expected in (
        (plain, [0, -1, -2, -3]),
        (reverse, [-3, -2]),
        (data.ConcatDataset([first, reverse]), [0, -1, -3, -2]),
        (Doubled(autograd.arange(4)), [0, 2, 4, 6]),
    ):
        ((batch,),) = data.DataLoader(dataset, 4)
        assert batch.tolist() == expected
    (((batch,), _),) = data.DataLoader(data.StackDataset(plain, range(4)), 4)
    assert batch.tolist() == [0, -1, -2, -3]


def test_compositions_of_what_does_not_fit_together_are_collated():
    array, plain = counted(3), [(float(i), i) for i in range(3)]
    for parts in ([array, plain], [plain, array]):
        (batch,) = data.DataLoader(data.ConcatDataset(parts), 6)
        assert same(batch, data.default_collate([*parts[0], *parts[1]]))
        stacked = data.StackDataset(*parts)
        (batch,) = data.DataLoader(stacked, 3)
        assert same(batch, data.default_collate(list(stacked)))
    both = data.ConcatDataset([array, counted(3, 2)])
    with pytest.raises(ShapeError, match="same shape"):
        list(data.DataLoader(both, 6))
    (batch,) = data.DataLoader(data.ConcatDataset([array, array]), 2, sampler=[-1, 2])
    assert np.array_equal(batch[1], [array[2][1]] * 2)
    with pytest.raises(DimensionError, match="index 6 is outside the 6") as caught:
        list(data.DataLoader(both, 2, sampler=[1, 6]))
    assert "fetching sample 6 of ConcatDataset" in caught.value.__notes__[0]


@pytest.mark.parametrize("total", [0, 1, 7, 10, 99])
@pytest.mark.parametrize("lengths", [[0.5, 0.5], [0.1] * 10, [0.33, 0.33, 0.34], [1.0], [1, 0]])
def test_random_split_by_shares_has_pytorchs_lengths(total, lengths):
    theirs = pytest.importorskip("torch").utils.data
    ours = data.random_split(range(total), lengths, generator=autograd.Generator(seed=0))
    sizes = [len(part) for part in ours]
    assert sorted(i for part in ours for i in part) == list(range(total))
    if all(sizes):  # PyTorch warns of empty parts
        assert sizes == [len(part) for part in theirs.random_split(range(total), lengths)]


def test_random_split_by_lengths():
    first, second = (
        data.random_split(range(9), [4, 5], generator=autograd.Generator(seed=seed))
        for seed in (1, 2)
    )
    assert [len(part) for part in first] == [4, 5]
    assert list(first[0]) != list(second[0])
    again = data.random_split(range(9), [4, 5], generator=autograd.Generator(seed=1))
    assert [list(part) for part in again] == [list(part) for part in first]


@pytest.mark.parametrize("lengths", [[5, 6], [0.5, 0.6], [-1, 11], [2.5, 7.5]])
def test_random_split_refuses_lengths_that_do_not_fit(lengths):
    with pytest.raises(ShapeError, match="random_split"):
        data.random_split(range(10), lengths)


def test_misuse_is_explained():
    with pytest.raises(ShapeError, match="equally many rows"):
        data.TensorDataset(autograd.zeros(3), autograd.zeros(4))
    with pytest.raises(ShapeError, match="equally many rows"):
        data.TensorDataset(autograd.tensor(1.0))
    with pytest.raises(DTypeError, match="at least one"):
        data.TensorDataset()
    for indices in ([True, False, True], [0.5], ["a"]):
        with pytest.raises(DTypeError, match="Subset: the indices must be integers"):
            data.Subset("abc", indices)
    assert len(data.Subset("abc", [])) == 0
    with pytest.raises(DTypeError, match="by position or all by name"):
        data.StackDataset([1], x=[1])
    with pytest.raises(ShapeError, match="same length"):
        data.StackDataset([1], [1, 2])
    with pytest.raises(ShapeError, match="at least one"):
        data.ConcatDataset([])
    with pytest.raises(DimensionError, match="index 3 is outside the 2"):
        data.ConcatDataset([[1], [2]])[3]
    with pytest.raises(DTypeError, match="no __len__"):
        data.ConcatDataset([iter([])])
    with pytest.raises(NotImplementedError, match="__getitem__"):
        data.Dataset()[0]
    with pytest.raises(NotImplementedError, match="__iter__"):
        iter(data.IterableDataset())
