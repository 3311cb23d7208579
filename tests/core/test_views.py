"""A recorded change of a view changes its base and all its other views, as in PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd
from autograd.errors import GraphError

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")


def an_element_of_a_buffer(library: Any, x: Any) -> Any:
    sums = library.zeros(2, dtype=library.float64)
    sums[0] += x.sum()
    sums[1] += (x * x).sum()
    return sums.prod()


def the_base_is_used_after(library: Any, x: Any) -> Any:
    base = x * 2
    row = base[0]
    row.mul_(3)
    return (base * base).sum() + row.sum()


def the_view_is_used_after(library: Any, x: Any) -> Any:
    base = x * 2
    column = base.view(3, 1)
    base.mul_(x)
    return (column * column).sum()


def overlapping_views(library: Any, x: Any) -> Any:
    base = x * 1
    first, second = base[:2], base[1:]
    first.mul_(2)
    second.mul_(3)
    return (first * first).sum() + (second**3).sum() + base.sum()


def rows_of_a_buffer(library: Any, x: Any) -> Any:
    rows = library.zeros(3, 3, dtype=library.float64)
    for i in range(3):
        rows[i].copy_(x * i)
    return (rows.t() * rows).sum()


def views_of_views(library: Any, x: Any) -> Any:
    base = library.zeros(2, 3, dtype=library.float64)
    base[0][1].add_(x[0])
    base[1][0:2].mul_(0).add_(x[1:])
    return (base * base).sum()


def a_view_of_what_is_gone(library: Any, x: Any) -> Any:
    column = (x * 2).view(3, 1)
    column += 1
    return (column * column).sum()


def a_change_of_the_base_and_then_of_a_view(library: Any, x: Any) -> Any:
    base = x * 1.0
    pair = base[0:2]
    column = pair.view(2, 1)
    base[1] = 5.0
    column *= x[2]
    return pair.sum() * base.prod()


def the_parts_of_complex_numbers(library: Any, x: Any) -> Any:
    z = library.complex(x, x * x)
    z.imag.mul_(x[1])
    z[1:].real.add_(x[0])
    library.view_as_real(z)[0].mul_(x[2])
    return (z**3).imag.sum() + z.real.prod()


def numbers_seen_as_complex(library: Any, x: Any) -> Any:
    pairs = library.stack([x, x * x], 1)
    library.view_as_complex(pairs).mul_(library.complex(x[0], x[1]))
    return (pairs**3).sum()


PROGRAMS = [
    the_parts_of_complex_numbers,
    numbers_seen_as_complex,
    an_element_of_a_buffer,
    the_base_is_used_after,
    the_view_is_used_after,
    overlapping_views,
    rows_of_a_buffer,
    views_of_views,
    a_view_of_what_is_gone,
    a_change_of_the_base_and_then_of_a_view,
]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_values_and_two_gradients_are_pytorchs(program: Any) -> None:
    results = []
    for library in (autograd, torch):
        x = library.tensor([0.3, 1.2, -0.7], dtype=library.float64, requires_grad=True)
        grad = library.autograd.grad if library is torch else library.grad
        out = program(library, x)
        (first,) = grad(out, x, create_graph=True)
        (second,) = grad((first * first).sum(), x)
        results.append([out.item(), *first.tolist(), *second.tolist()])
    np.testing.assert_allclose(results[0], results[1], rtol=1e-12, atol=1e-12)


def test_a_view_of_a_leaf_is_refused() -> None:
    x = autograd.ones(3, requires_grad=True)
    with pytest.raises(GraphError, match="a view of a leaf that requires grad"):
        x[0].add_(1)
    with autograd.no_grad():
        x[0].add_(1)
    assert x.tolist() == [2.0, 1.0, 1.0]


def test_a_view_of_a_detached_tensor_has_no_part_in_the_history() -> None:
    x = autograd.ones(3, requires_grad=True)
    base = x * 1
    detached = base.detach()[0:1]
    base.mul_(2)
    assert detached.tolist() == [2.0]
    assert not detached.requires_grad


def test_a_view_taken_without_history_changes_that_of_its_base() -> None:
    """PyTorch refuses this."""
    x = autograd.ones(3, requires_grad=True)
    base = x * 1
    with autograd.no_grad():
        view = base[:1]
    view.mul_(5)
    base.sum().backward()
    assert x.grad.tolist() == [5.0, 1.0, 1.0]


def test_what_is_stale_says_so_to_grad_too() -> None:
    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    y = x.exp()
    first, _ = y.unbind()
    y += 1.0
    with pytest.raises(GraphError, match="base was changed in place"):
        autograd.grad(first * 2, x)


def test_a_view_that_is_a_leaf_is_not_changed_through_others() -> None:
    base = autograd.arange(6.0)
    leaf = base.reshape(2, 3).requires_grad_()
    with pytest.raises(GraphError, match="a view of a leaf"):
        leaf[0].add_(1.0)
    with pytest.raises(GraphError, match="or has such a view"):
        base[0] = leaf.detach().sum().requires_grad_()
    (leaf * 2).sum().backward()
    assert leaf.grad.tolist() == [[2, 2, 2], [2, 2, 2]]


def test_detaching_in_place_changes_no_value() -> None:
    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    z = (y * y).sum()
    again = (y * y).sum()
    y.detach_()
    z.backward()
    assert x.grad.tolist() == [18, 36]
    with pytest.raises(GraphError):  # but a graph of gradients would go through it
        autograd.grad(again, x, create_graph=True)
