"""Shaping and rearranging beyond the table: what shares memory, and what must not."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.errors import DTypeError, ShapeError
from autograd.ops import rearranging, shaping

X = np.arange(6.0).reshape(2, 3)


def shares(function, *args):
    x = autograd.from_numpy(X.copy())
    return np.shares_memory(function(x, *args)._array, x._array)


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (shaping.reshape, (3, 2)),
        (shaping.view, (6,)),
        (shaping.unsqueeze, (0,)),
        (shaping.expand, (4, 2, 3)),
        (shaping.narrow, (1, 0, 2)),
        (shaping.select, (0, 1)),
        (shaping.unfold, (1, 2, 1)),
        (shaping.contiguous, ()),
        (rearranging.permute, (1, 0)),
        (rearranging.transpose, (0, 1)),
        (rearranging.movedim, (0, 1)),
    ],
)
def test_views(function, args):
    assert shares(function, *args)


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (rearranging.flip, (0,)),
        (rearranging.flip, ((),)),
        (rearranging.rot90, (0,)),
        (rearranging.rot90, (1,)),
        (rearranging.roll, (0, 0)),
        (rearranging.repeat, (1, 1)),
        (rearranging.tile, (1,)),
        (rearranging.repeat_interleave, (1, 0)),
    ],
)
def test_copies(function, args):
    assert not shares(function, *args)


def test_repeat_of_one_element_can_be_written_to():
    out = autograd.tensor(np.ones(1)).repeat(3)
    assert out._array.flags.writeable
    assert out._array.strides != (0,)


def test_sizes_apart_or_together():
    x = autograd.from_numpy(X)
    for function in (shaping.reshape, shaping.view):
        assert function(x, 3, 2).shape == function(x, (3, 2)).shape == function(x, [3, -1]).shape
    assert rearranging.permute(x, 1, 0).shape == rearranging.permute(x, (1, 0)).shape


def test_view_refuses_what_only_a_copy_could_give():
    x = rearranging.t(autograd.from_numpy(X))
    with pytest.raises(ShapeError, match="use reshape"):
        shaping.view(x, 6)
    assert shaping.reshape(x, 6).tolist() == [0, 3, 1, 4, 2, 5]
    assert shaping.view(x, 3, 1, 2).shape == (3, 1, 2)


def test_contiguous_copies_into_row_major_order():
    x = autograd.tensor(X, requires_grad=True)
    y = rearranging.t(x).contiguous()
    assert y.is_contiguous()
    assert y.view(-1).tolist() == [0, 3, 1, 4, 2, 5]
    y.view(-1)[:2].sum().backward()
    assert x.grad.tolist() == [[1, 0, 0], [1, 0, 0]]
    assert y.contiguous() is y


def test_view_as_another_dtype():
    x = autograd.tensor(np.array([1.0], np.float32))
    assert shaping.view(x, autograd.int32).tolist() == [0x3F800000]
    assert shaping.view(x, "uint8").shape == (4,)


def test_broadcast_shapes():
    assert shaping.broadcast_shapes((2, 1), (3,), ()) == (2, 3)
    with pytest.raises(ShapeError, match=r"\(2,\), \(3,\) don't broadcast"):
        shaping.broadcast_shapes((2,), (3,))


def test_several_tensors_in_a_list():
    a, b = shaping.atleast_2d([autograd.tensor(1.0), autograd.tensor([1.0, 2.0])])
    assert (a.shape, b.shape) == ((1, 1), (1, 2))


def test_a_view_of_a_result_that_is_not_row_major():
    """A convolution's result may have its channels last in memory; PyTorch's code views it."""
    x = autograd.ones(2, 3, 4, 4)
    result = autograd.conv2d(x, autograd.ones(5, 3, 3, 3))
    flat = result.view(2, -1)
    assert flat.shape == (2, 20)
    flat.zero_()
    assert result.sum().item() == 0  # they share memory


def test_a_view_of_memory_that_others_have_seen_is_refused():
    array = np.ones((3, 2)).T
    with pytest.raises(ShapeError, match="not contiguous"):
        autograd.from_numpy(array).view(-1)
    with pytest.raises(ShapeError, match="not contiguous"):
        autograd.ones(2, 3).T.view(-1)


def test_sizes_and_dims_by_name():
    x = autograd.arange(6).reshape(shape=(2, 3))
    assert x.permute(dims=(1, 0)).shape == (3, 2)
    assert autograd.flip(x, dims=(0,))[0].tolist() == [3, 4, 5]
    assert x.repeat(repeats=(2, 1)).shape == autograd.tile(x, dims=(2, 1)).shape == (4, 3)
    assert x[:1].expand(size=(4, 3)).shape == (4, 3)
    with pytest.raises(DTypeError, match=r"by position and .* by name"):
        autograd.reshape(x, 6, shape=6)


def test_sums_to_a_size_are_of_int64():
    x = autograd.ones(2, 3, dtype="uint8")
    assert x.sum_to_size(1, 3).dtype == autograd.int64
    assert x.sum_to_size(2, 3).dtype == autograd.uint8
    assert x[0, 0].sum_to_size(()).dtype == autograd.int64


def test_a_bool_is_no_start():
    with pytest.raises(DTypeError, match="start must be an integer"):
        autograd.narrow(autograd.ones(3), 0, autograd.tensor(True), 1)
