"""The recurrences beyond the table: large weights, saturated gates."""

import numpy as np
import pytest

import autograd
from autograd.ops.recurrence import _product_of_step, blocks_of, from_last_to_first
from autograd.ops.recurrent import gru, rnn
from autograd.ops.recurrent_lstm import lstm
from tests.ops import recurrent_cases, recurrent_lstm_cases

COUNTS = {"rnn": 1, "gru": 3, "lstm": 4}
OPERATIONS = {"rnn": rnn, "gru": gru, "lstm": lstm}
ORACLES = {
    "rnn": recurrent_cases.rnn,
    "gru": recurrent_cases.gru,
    "lstm": recurrent_lstm_cases.lstm,
}
SIZES = [(64, 128), (3, 64), (0, 64), (300, 128), (1, 32), (2, 33)]  # the first is done in blocks


def arguments(name, batch, hidden, scale=0.3, time=2):
    generator = np.random.default_rng(0)
    rows = COUNTS[name] * hidden
    shapes = [(time, batch, 5), *[(batch, hidden)] * (2 if name == "lstm" else 1)]
    shapes += [(rows, 5), (rows, hidden), (rows,), (rows,)]
    return [generator.standard_normal(shape) * scale for shape in shapes]


def outputs_of(result):
    return result if isinstance(result, tuple) else (result,)


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize(("batch", "hidden"), SIZES)
def test_a_large_weight_in_blocks_or_in_one_gives_the_same(name, batch, hidden):
    arrays = arguments(name, batch, hidden)
    results = outputs_of(OPERATIONS[name](*map(autograd.tensor, arrays)))
    expected = outputs_of(ORACLES[name](*arrays))
    for ours, theirs in zip(results, expected, strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs, atol=1e-12)


@pytest.mark.parametrize(
    ("time", "shape", "expected"),
    [
        (5, (64, 128), [(3, 5), (1, 3), (0, 1)]),
        (2, (300, 128), [(1, 2), (0, 1)]),
        (3, (0, 4), [(0, 3)]),
    ],
)
def test_slices_of_steps(time, shape, expected):
    slices = from_last_to_first(time, np.empty(shape))
    assert [(steps.start, steps.stop) for steps in slices] == expected


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize("time", [2, 5])  # 5 are done in slices of 2 steps and one of a single step
def test_the_gradient_in_blocks_is_the_slope_of_the_oracle(name, time):
    arrays = arguments(name, *SIZES[0], time=time)
    tensors = [autograd.tensor(array, requires_grad=True) for array in arrays]
    generator = np.random.default_rng(1)
    ways = [generator.standard_normal(array.shape) for array in arrays]
    results = outputs_of(OPERATIONS[name](*tensors))
    factors = [generator.standard_normal(result.shape) for result in results]
    sum((result * factor).sum() for result, factor in zip(results, factors)).backward()

    def value(step):
        moved = ORACLES[name](*[array + step * way for array, way in zip(arrays, ways)])
        return sum(np.vdot(out, factor) for out, factor in zip(outputs_of(moved), factors))

    slope = sum(np.vdot(tensor.grad.numpy(), way) for tensor, way in zip(tensors, ways))
    np.testing.assert_allclose(slope, (value(1e-6) - value(-1e-6)) / 2e-6, rtol=1e-6)


@pytest.mark.parametrize(("count", "batch", "size"), [(1, 64, 128), (4, 64, 64), (3, 2, 5)])
def test_the_product_of_a_step_and_its_derivatives(count, batch, size):
    generator = np.random.default_rng(0)
    x = generator.standard_normal((batch, count * size))
    weight = generator.standard_normal((count * size, size))
    blocks = blocks_of(weight, batch, count)
    assert (blocks.shape[1] > 1) == (batch == 64)
    np.testing.assert_allclose(_product_of_step(x, weight, blocks=blocks), x @ weight, atol=1e-12)
    tensors = [autograd.tensor(array, requires_grad=True) for array in (x, weight)]
    g = generator.standard_normal((batch, size))
    _product_of_step(*tensors, blocks=blocks).backward(autograd.tensor(g))
    np.testing.assert_allclose(tensors[0].grad.numpy(), g @ weight.T, atol=1e-12)
    np.testing.assert_allclose(tensors[1].grad.numpy(), x.T @ g, atol=1e-12)


@pytest.mark.parametrize("name", ["gru", "lstm"])
def test_saturated_gates_neither_overflow_nor_lose_their_gradient(name):
    arrays = arguments(name, 2, 3, scale=1000.0)
    tensors = [autograd.tensor(array, requires_grad=True) for array in arrays]
    with np.errstate(all="raise", under="ignore"):
        outputs_of(OPERATIONS[name](*tensors))[0].sum().backward()
    assert all(np.isfinite(tensor.grad.numpy()).all() for tensor in tensors)


def test_only_what_needs_a_gradient_gets_one():
    arrays = arguments("lstm", 2, 3)
    tensors = [autograd.tensor(array) for array in arrays]
    tensors[2].requires_grad_()
    outputs, _ = lstm(*tensors)
    outputs.sum().backward()
    assert [tensor.grad is not None for tensor in tensors] == [i == 2 for i in range(7)]
