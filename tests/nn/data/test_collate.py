"""Batches of samples, against PyTorch's."""

from __future__ import annotations

from collections import OrderedDict, UserDict, defaultdict, namedtuple
from collections.abc import Mapping

import numpy as np
import pytest

import autograd
from autograd.errors import DTypeError, ShapeError
from nn import data

Point = namedtuple("Point", "x y")


def plain(value, tensor):
    """``value`` with its tensors as (dtype, list)."""
    if isinstance(value, tensor):
        return str(value.dtype).removeprefix("torch."), value.tolist()
    if isinstance(value, Mapping):
        return type(value).__name__, {key: plain(part, tensor) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value).__name__, [plain(part, tensor) for part in value]
    return value


@pytest.mark.parametrize(
    "sample",
    [
        1,
        2.5,
        True,
        "a",
        b"a",
        np.str_("a"),
        OrderedDict(a=1, b=2.0),
        defaultdict(list, a=1),
        UserDict(a=1),
        (1, 2.5),
        [1, (2, 3)],
        {"a": 1, "b": {"c": (2.0, "x")}},
        Point(1, [2.0]),
        np.float32(2),
        np.arange(3),
        np.array(1.5),
        {"image": np.ones((1, 2, 2), np.float32), "label": np.int64(3)},
    ],
    ids=str,
)
def test_batches_agree_with_pytorch(sample):
    torch = pytest.importorskip("torch")
    expected = plain(torch.utils.data.default_collate([sample] * 3), torch.Tensor)
    assert plain(data.default_collate([sample] * 3), autograd.Tensor) == expected
    converted = plain(torch.utils.data.default_convert(sample), torch.Tensor)
    assert plain(data.default_convert(sample), autograd.Tensor) == converted


def test_tensors_are_stacked_and_their_history_stays_behind():
    x = autograd.ones(2, requires_grad=True)
    batch = data.default_collate([x, x * 2])
    assert batch.tolist() == [[1, 1], [2, 2]]
    assert not batch.requires_grad


@pytest.mark.parametrize(
    ("batch", "kind", "message"),
    [
        ([np.zeros(2), np.zeros(3)], ShapeError, r"same shape.*\(2,\).*\(3,\)"),
        ([(1, 2), (1,)], ShapeError, "same length, got 1 and 2"),
        ([{"a": 1}, {"b": 1}], ShapeError, r"same keys, got \['a'\] and \['b'\]"),
        ([(1, 2), 3], DTypeError, "must be of one kind, got tuple and int"),
        ([{"a": 1}, 3], DTypeError, "must be of one kind, got dict and int"),
        ([], ShapeError, "at least one sample"),
        ([object()], DTypeError, "can't make a batch of object"),
        ([np.array(["a"])], DTypeError, "dtype"),
    ],
)
def test_what_does_not_fit_is_named(batch, kind, message):
    with pytest.raises(kind, match=message):
        data.default_collate(batch)
