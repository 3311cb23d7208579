"""What the rows for float_parts.py don't say."""

from __future__ import annotations

import autograd


def test_the_neighbour_of_a_number_on_the_way_to_itself_has_no_derivative() -> None:
    x = autograd.tensor([1.0, 2.0, 0.0], requires_grad=True)
    y = autograd.tensor([1.0, 3.0, -0.0], requires_grad=True)
    autograd.nextafter(x, y).sum().backward()
    assert x.grad.tolist() == [0, 1, 0]
    assert y.grad.tolist() == [0, 0, 0]
