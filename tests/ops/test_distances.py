from __future__ import annotations

import numpy as np

import autograd
from autograd.ops import distances as ops


def test_the_gradient_of_a_distance_of_0_is_0() -> None:
    for p in (1.0, 2.0, 3.0, float("inf")):
        x = autograd.tensor(np.ones((2, 3)), requires_grad=True)
        ops.cdist(x, x, p).sum().backward()
        assert x.grad.tolist() == [[0.0] * 3] * 2


def test_a_distance_in_float16_does_not_overflow_on_the_way() -> None:
    x = autograd.tensor([100.0, 200.0], dtype="float16")
    for p in (2, 4):
        wanted = np.linalg.norm([100.0, 200.0], p)
        assert abs(ops.dist(x, x * 0, p).item() / wanted - 1) < 1e-3


def test_renorm_leaves_short_slices_as_they_are() -> None:
    x = autograd.tensor([[3.0, 4.0], [0.3, 0.4]])
    out = ops.renorm(x, 2, 0, 1.0)
    assert out[1].tolist() == x[1].tolist()
    assert np.linalg.norm(out[0].numpy()) <= 1
