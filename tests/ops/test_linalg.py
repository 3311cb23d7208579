from __future__ import annotations

from autograd.ops import linalg as ops


def test_multi_dot_takes_the_cheaper_order() -> None:
    # (1000 x 1) @ (1 x 1000) first would need a million numbers.
    assert ops._splits([1000, 1, 1000, 1]) == {(0, 1): 0, (1, 2): 1, (0, 2): 0}
