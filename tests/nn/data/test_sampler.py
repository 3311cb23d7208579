"""Samplers: what is fixed against PyTorch's, what is random by its properties."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import DTypeError, ShapeError
from nn import data


def seeded(seed=0):
    return autograd.Generator(seed=seed)


@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("size", [0, 1, 5, 6, 7])
def test_batches_agree_with_pytorch(size, drop_last):
    theirs = pytest.importorskip("torch").utils.data
    ours = data.BatchSampler(data.SequentialSampler(range(size)), 3, drop_last)
    expected = theirs.BatchSampler(theirs.SequentialSampler(range(size)), 3, drop_last)
    assert list(ours) == list(expected)
    assert len(ours) == len(expected)


@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("replicas", [1, 2, 3, 7])
@pytest.mark.parametrize("size", [1, 6, 7, 20])
def test_shares_of_processes_agree_with_pytorch(size, replicas, drop_last):
    theirs = pytest.importorskip("torch").utils.data
    for rank in range(replicas):
        args = (range(size), replicas, rank, False, 0, drop_last)
        ours, expected = data.DistributedSampler(*args), theirs.DistributedSampler(*args)
        assert (len(ours), ours.total_size) == (len(expected), expected.total_size)
        assert list(ours) == list(expected)


def test_shuffled_shares_make_up_the_data_set_and_change_with_the_epoch():
    def epoch(number, seed=0):
        shares = [data.DistributedSampler(range(12), 3, rank, seed=seed) for rank in range(3)]
        for share in shares:
            share.set_epoch(number)
        return [list(share) for share in shares]

    assert sorted(i for share in epoch(0) for i in share) == list(range(12))
    assert epoch(0) == epoch(0)
    assert epoch(0) != epoch(1) != epoch(1, seed=5)


def test_a_random_sampler_gives_each_sample_once():
    sampler = data.RandomSampler(range(50), generator=seeded())
    first, second = list(sampler), list(sampler)
    assert sorted(first) == sorted(second) == list(range(50))
    assert first != second
    assert first == list(data.RandomSampler(range(50), generator=seeded()))
    assert list(data.RandomSampler([])) == []


@pytest.mark.parametrize("count", [3, 5, 12])
def test_num_samples_of_a_random_sampler(count):
    sampler = data.RandomSampler(range(5), num_samples=count, generator=seeded())
    drawn = np.bincount(list(sampler), minlength=5)
    assert len(sampler) == drawn.sum() == count
    assert drawn.max() - drawn.min() <= 1  # nobody a second time before all had their turn
    replacing = data.RandomSampler(range(5), True, 1000, seeded())
    assert np.bincount(list(replacing)).min() > 150


def test_a_subset_in_random_order():
    sampler = data.SubsetRandomSampler([7, 3, 5], seeded())
    assert sorted(sampler) == [3, 5, 7]
    assert {tuple(sampler) for _ in range(100)} == {
        (a, b, c) for a in (3, 5, 7) for b in (3, 5, 7) for c in (3, 5, 7) if len({a, b, c}) == 3
    }


def test_weights_are_probabilities():
    sampler = data.WeightedRandomSampler([1.0, 0.0, 3.0], 4000, generator=seeded())
    counts = np.bincount(list(sampler), minlength=3)
    assert counts[1] == 0
    assert abs(counts[2] / 4000 - 0.75) < 0.03
    assert sorted(data.WeightedRandomSampler([1, 2, 3], 3, replacement=False)) == [0, 1, 2]


def test_samplers_in_a_loader_follow_its_seed():
    def order(seed):
        sampler = data.WeightedRandomSampler(np.ones(20), 20)
        return [int(i) for i in data.DataLoader(range(20), sampler=sampler, generator=seeded(seed))]

    assert order(1) == order(1) != order(2)


def test_misuse_is_explained():
    with pytest.raises(ShapeError, match="batch_size must be a positive integer, got 0"):
        data.BatchSampler(range(3), 0, False)
    with pytest.raises(DTypeError, match="drop_last"):
        data.BatchSampler(range(3), 1, None)
    with pytest.raises(DTypeError, match="RandomSampler: replacement must be True or False, got 5"):
        data.RandomSampler(range(3), 5)
    with pytest.raises(DTypeError, match="WeightedRandomSampler: replacement"):
        data.WeightedRandomSampler([1.0], 1, None)
    with pytest.raises(ShapeError, match="can't take 5 of no samples"):
        list(data.RandomSampler([], num_samples=5))
    with pytest.raises(ShapeError, match="num_samples"):
        data.RandomSampler(range(3), num_samples=0)
    with pytest.raises(ShapeError, match="row of numbers"):
        data.WeightedRandomSampler([[1.0]], 1)
    with pytest.raises(ShapeError, match="fewer than 3"):
        list(data.WeightedRandomSampler([1.0, 2.0], 3, replacement=False))
    with pytest.raises(DTypeError, match="num_replicas and rank"):
        data.DistributedSampler(range(3))
    with pytest.raises(ShapeError, match="between 0 and 1, got 2"):
        data.DistributedSampler(range(3), 2, 2)
