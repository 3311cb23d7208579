"""Questions to a tensor, and functions of its elements."""

from __future__ import annotations

import pytest

import autograd
from autograd.errors import DTypeError, GraphError, ShapeError


def test_questions() -> None:
    x = autograd.zeros(2, 3)
    assert (x.nelement(), x.ndimension(), x.is_cpu, x.is_cuda) == (6, 2, True, False)
    assert (x.get_device(), x.storage_offset(), x[1].storage_offset()) == (-1, 0, 3)
    assert x[1].data_ptr() - x.data_ptr() == 3 * x.element_size()
    assert x.is_same_size(autograd.ones(2, 3))
    assert not autograd.is_same_size(x, autograd.ones(3, 2))
    assert x.share_memory_() is x


@pytest.mark.parametrize(
    ("dtype", "signed", "floating", "is_complex"),
    [
        ("float16", True, True, False),
        ("int8", True, False, False),
        ("uint8", False, False, False),
        ("bool", False, False, False),
        ("complex64", True, False, True),
    ],
)
def test_kinds_of_dtypes(dtype: str, signed: bool, floating: bool, is_complex: bool) -> None:
    x = autograd.zeros(2, dtype=dtype)
    assert x.is_signed() is autograd.is_signed(x) is signed
    assert x.is_floating_point() is autograd.is_floating_point(x) is floating
    assert x.is_complex() is autograd.is_complex(x) is is_complex


def test_is_nonzero() -> None:
    assert autograd.is_nonzero(autograd.tensor([[2]]))
    assert not autograd.tensor(0.0).is_nonzero()
    with pytest.raises(ShapeError, match="one element"):
        autograd.is_nonzero(autograd.zeros(2))


def test_functions_of_elements() -> None:
    x = autograd.tensor([[1, 2], [3, 4]])
    assert x.apply_(lambda number: number * 10) is x
    assert x.tolist() == [[10, 20], [30, 40]]
    assert x.map_(autograd.tensor([1, 2]), lambda a, b: a + b).tolist() == [[11, 22], [31, 42]]
    with pytest.raises(GraphError, match=r"apply_: .*requires grad"):
        autograd.ones(2, requires_grad=True).apply_(abs)
    with pytest.raises(DTypeError, match="map_: needs a function"):
        x.map_(x, 3)
    with pytest.raises(ShapeError, match="does not broadcast"):
        x.map_(autograd.zeros(3), max)
