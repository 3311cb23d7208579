"""The recurrences beyond the table: large weights, saturated gates."""

import numpy as np
import pytest

import autograd
from autograd.ops import recurrent as ops
from tests.ops import recurrent_cases as oracles

COUNTS = {"rnn": 1, "gru": 3, "lstm": 4}


def arguments(name, batch, hidden, scale=0.3):
    generator = np.random.default_rng(0)
    rows = COUNTS[name] * hidden
    shapes = [(2, batch, 5), *[(batch, hidden)] * (2 if name == "lstm" else 1)]
    shapes += [(rows, 5), (rows, hidden), (rows,), (rows,)]
    return [generator.standard_normal(shape) * scale for shape in shapes]


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize(("batch", "hidden"), [(3, 64), (0, 64), (300, 128), (1, 32), (2, 33)])
def test_a_large_weight_in_blocks_or_in_one_gives_the_same(name, batch, hidden):
    arrays = arguments(name, batch, hidden)
    result = getattr(ops, name)(*map(autograd.tensor, arrays))
    expected = getattr(oracles, name)(*arrays)
    for ours, theirs in zip(
        result if name == "lstm" else [result], expected if name == "lstm" else [expected]
    ):
        np.testing.assert_allclose(ours.numpy(), theirs, atol=1e-12)


@pytest.mark.parametrize("name", ["gru", "lstm"])
def test_saturated_gates_neither_overflow_nor_lose_their_gradient(name):
    arrays = arguments(name, 2, 3, scale=1000.0)
    tensors = [autograd.tensor(array, requires_grad=True) for array in arrays]
    with np.errstate(all="raise", under="ignore"):
        result = getattr(ops, name)(*tensors)
        (result[0] if name == "lstm" else result).sum().backward()
    assert all(np.isfinite(tensor.grad.numpy()).all() for tensor in tensors)


def test_only_what_needs_a_gradient_gets_one():
    arrays = arguments("lstm", 2, 3)
    tensors = [autograd.tensor(array) for array in arrays]
    tensors[2].requires_grad_()
    outputs, _ = ops.lstm(*tensors)
    outputs.sum().backward()
    assert [tensor.grad is not None for tensor in tensors] == [i == 2 for i in range(7)]
