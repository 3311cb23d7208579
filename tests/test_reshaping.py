"""Changing the shape of a tensor in place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd
from autograd.errors import GraphError, ShapeError


def leaf() -> Any:
    return autograd.arange(6.0, dtype="float64").reshape(2, 3).requires_grad_()


def test_the_history_goes_on_in_the_new_shape() -> None:
    x = leaf()
    y = x * 2
    assert y.t_() is y
    (y * autograd.arange(6.0).reshape(3, 2)).sum().backward()
    assert y.shape == (3, 2)
    assert x.grad.tolist() == [[0.0, 4.0, 8.0], [2.0, 6.0, 10.0]]


@pytest.mark.parametrize(
    ("name", "args", "shape"),
    [
        ("squeeze_", (), (2, 3)),
        ("squeeze_", (0,), (2, 1, 3)),
        ("unsqueeze_", (-1,), (1, 2, 1, 3, 1)),
        ("transpose_", (1, -1), (1, 3, 1, 2)),
        ("swapaxes_", (0, 1), (2, 1, 1, 3)),
        ("swapdims_", (0, 3), (3, 2, 1, 1)),
        ("as_strided_", ((2, 2), (1, 3)), (2, 2)),
        ("resize_", (3, 2), (3, 2)),
    ],
)
def test_as_out_of_place_in_the_same_memory(
    name: str, args: tuple[Any, ...], shape: tuple[int, ...]
) -> None:
    x = autograd.arange(6.0).reshape(1, 2, 1, 3)
    memory = x.numpy()
    assert getattr(x, name)(*args) is x
    assert x.shape == shape
    x.fill_(7.0)
    assert memory.reshape(-1)[0] == 7.0
    if name not in ("resize_", "as_strided_"):
        assert (memory == 7.0).all()


def test_a_view_writes_through_in_its_new_shape() -> None:
    x = leaf()
    y = x * 2
    row = y[0]
    row.unsqueeze_(0)
    row.mul_(3)
    y.sum().backward()
    assert row.shape == (1, 3)
    assert x.grad.tolist() == [[6.0] * 3, [2.0] * 3]


def test_what_can_not_follow_is_refused() -> None:
    x = leaf()
    with pytest.raises(GraphError, match=r"squeeze_: .*leaf that requires grad"):
        x.squeeze_()
    with pytest.raises(GraphError, match=r"resize_: .*requires grad"):
        x.resize_(6)
    y = x * 2
    row = y[0]
    with pytest.raises(GraphError, match=r"t_: .*has views"):
        y.t_()
    del row
    y.t_()
    with pytest.raises(ShapeError, match="resize_: sizes must not be negative"):
        autograd.zeros(2).resize_(-1)


def test_a_value_saved_before_is_outdated() -> None:
    x = leaf()
    y = x * x
    z = y * y
    y.t_()
    with pytest.raises(GraphError, match="changed in place"):
        z.sum().backward()


def test_resizing_keeps_the_first_elements() -> None:
    x = autograd.tensor([1, 2, 3])
    assert x.resize_(2).tolist() == [1, 2]
    assert x.resize_((2, 2)).tolist() == [[1, 2], [0, 0]]
    assert x.resize_as_(autograd.zeros(1, 1)).tolist() == [[1]]


def test_strided_views_of_recorded_memory() -> None:
    x = leaf()
    y = x * 1
    y.as_strided((2, 2), (1, 2)).mul_(5.0)
    (gradient,) = autograd.grad(y.sum(), x)
    np.testing.assert_array_equal(gradient.numpy(), [[5.0, 5.0, 5.0], [5.0, 1.0, 1.0]])


def test_strided_views_count_from_the_beginning_of_the_memory() -> None:
    x = leaf()
    flat = x.reshape(-1)
    assert flat[2:].storage_offset() == 2
    assert flat[2:].as_strided((2,), (1,), 0).tolist() == [0.0, 1.0]
    inside = flat[2:5].as_strided((2, 2), (1, 2))
    assert inside.tolist() == [[2.0, 4.0], [3.0, 5.0]]
    (gradient,) = autograd.grad(inside.sum(), x)  # of what lies behind flat[2:5], none
    assert gradient.tolist() == [[0.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
