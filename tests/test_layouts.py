"""New tensors with a layout in memory of one's own."""

from __future__ import annotations

import pytest

import autograd
from autograd.errors import DimensionError, ShapeError


@pytest.mark.parametrize(
    ("size", "stride"),
    [((), ()), ((5,), (4,)), ((5, 5), (2, 1)), ((2, 0), (3, 4)), ((3, 2), (0, 7))],
)
def test_strides(size: tuple[int, ...], stride: tuple[int, ...]) -> None:
    x = autograd.empty_strided(size, stride, dtype="int16")
    assert (x.shape, x.stride(), x.dtype) == (size, stride, autograd.int16)
    assert x.new_empty_strided(size, stride).dtype == autograd.int16


def test_permuted() -> None:
    torch = pytest.importorskip("torch")
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        ours = autograd.empty_permuted((2, 3, 4), order)
        assert ours.shape == (2, 3, 4)
        assert ours.stride() == torch.empty_permuted((2, 3, 4), order).stride()


def test_what_is_no_layout_is_refused() -> None:
    with pytest.raises(ShapeError, match="a stride, none negative"):
        autograd.empty_strided((2,), (1, 1))
    with pytest.raises(ShapeError, match="a stride, none negative"):
        autograd.empty_strided((2,), (-1,))
    with pytest.raises(ShapeError, match="each dim"):
        autograd.empty_permuted((2, 3), (0, 0))
    with pytest.raises(DimensionError, match="count from 0"):
        autograd.empty_permuted((2,), (3,))
