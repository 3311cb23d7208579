"""The kernels for recurrent layers, against the definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba")

from autograd.errors import ShapeError
from autograd.kernels.compiled import recurrent
from autograd.ops.recurrent import _gru, _gru_gradients, _rnn, _rnn_gradients
from autograd.ops.recurrent_lstm import _lstm, _lstm_gradients
from tests.kernels.guards import Guards, guarding, random_shapes

# Time, batch, input, hidden. The last is worth three threads; neither its lines nor its steps have
# room at once in the caches that the kernels count on.
SIZES = [(1, 1, 1, 1), (3, 5, 2, 7), (4, 3, 9, 32), (5, 32, 11, 96), (45, 35, 5, 70)]
SIZES += random_shapes(9, 40, 20, 100)
CLOSE: dict[str, Any] = {"rtol": 1e-4, "atol": 3e-6}


def draw(generator: np.random.Generator, *shape: int) -> Any:
    return generator.standard_normal(shape).astype(np.float32)


def given(guards: Guards, args: Any) -> list[Any]:
    """The arrays of ``args`` with guards around them, some of them with gaps, or turned."""
    arrays = []
    for arg in args:
        if isinstance(arg, np.ndarray):
            strided, turned = guards.generator.integers(3, size=2) == 0
            arg = guards.array(arg, strided, tuple(range(arg.ndim))[::-1] if turned else None)
        arrays.append(arg)
    return arrays


def all_close(found: Any, expected: Any) -> None:
    for one, other in zip(found, expected, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            assert one.dtype == np.float32
            # Sums of many large terms are as near as those are.
            np.testing.assert_allclose(one, other, 1e-4, 3e-6 * max(1, np.abs(other).max()))


@pytest.mark.parametrize("biased", [False, True])
@pytest.mark.parametrize(("time", "batch", "features", "hidden"), SIZES)
def test_lstm(
    time: int, batch: int, features: int, hidden: int, biased: bool, monkeypatch: Any
) -> None:
    generator = np.random.default_rng(time)
    args = (
        draw(generator, time, batch, features),
        draw(generator, 4 * hidden, features) / 4,
        draw(generator, 4 * hidden) if biased else None,
        draw(generator, batch, hidden),
        draw(generator, batch, hidden),
        draw(generator, 4 * hidden, hidden) / 12,
        None,
    )
    scratch = np.empty((4, time, batch, hidden), np.float32)
    out = _lstm.primitive.implementation(*args, scratch)
    with guarding(monkeypatch.setattr, time) as guards:
        room = guards.empty(scratch.shape, np.float32)
        found = recurrent.lstm(*given(guards, args), room)
    all_close(found, out)
    np.testing.assert_allclose(room, scratch, **CLOSE)
    upstream = tuple(draw(generator, *part.shape) for part in out)
    for wanted in ((True,) * 6 + (False,), (False,) * 7):
        expected = _lstm_gradients.primitive.implementation(upstream, wanted, *args, out, scratch)
        with guarding(monkeypatch.setattr, time) as guards:
            g, outs = (tuple(given(guards, part)) for part in (upstream, out))
            found = recurrent.lstm_gradients(
                g, wanted, *given(guards, args), outs, guards.array(scratch)
            )
        if expected[2] is not None:  # which the definition leaves to the engine to add up
            expected[2] = expected[2].sum((0, 1))
        all_close(found, expected)


@pytest.mark.parametrize("relu", [False, True])
@pytest.mark.parametrize(("time", "batch", "features", "hidden"), SIZES)
def test_rnn(
    time: int, batch: int, features: int, hidden: int, relu: bool, monkeypatch: Any
) -> None:
    generator = np.random.default_rng(features)
    gates, h = draw(generator, time, batch, hidden), draw(generator, batch, hidden)
    weight = draw(generator, hidden, hidden) / 12
    out = _rnn.primitive.implementation(gates, weight, h, relu)
    with guarding(monkeypatch.setattr, time) as guards:
        found = recurrent.rnn(*given(guards, (gates, weight, h)), relu)
    np.testing.assert_allclose(found, out, **CLOSE)
    upstream = draw(generator, *out.shape)
    for wanted in ((True, True, True), (True, False, True)):
        args = (weight, h, out)
        expected = _rnn_gradients.primitive.implementation(upstream, wanted, *args, relu)
        with guarding(monkeypatch.setattr, time) as guards:
            (g,) = given(guards, (upstream,))
            found = recurrent.rnn_gradients(g, wanted, *given(guards, args), relu)
        all_close(found, expected)


@pytest.mark.parametrize("biased", [False, True])
@pytest.mark.parametrize(("time", "batch", "features", "hidden"), SIZES)
def test_gru(
    time: int, batch: int, features: int, hidden: int, biased: bool, monkeypatch: Any
) -> None:
    generator = np.random.default_rng(time)
    args = (
        draw(generator, time, batch, 3 * hidden),
        draw(generator, 3 * hidden, hidden) / 12,
        draw(generator, 3 * hidden) if biased else None,
        draw(generator, batch, hidden),
    )
    scratch = np.empty((time, 4, batch, hidden), np.float32)
    out = _gru.primitive.implementation(*args, scratch)
    with guarding(monkeypatch.setattr, time) as guards:
        room = guards.empty(scratch.shape, np.float32)
        found = recurrent.gru(*given(guards, args), room)
    np.testing.assert_allclose(found, out, **CLOSE)
    np.testing.assert_allclose(room, scratch, **CLOSE)
    upstream = draw(generator, *out.shape)
    for wanted in ((True, True, biased, True), (True, False, False, False)):
        rest = (out, scratch)
        expected = _gru_gradients.primitive.implementation(upstream, wanted, *args, *rest)
        with guarding(monkeypatch.setattr, time) as guards:
            g, outs = given(guards, (upstream, out))
            found = recurrent.gru_gradients(
                g, wanted, *given(guards, args), outs, guards.array(scratch)
            )
        all_close(found, expected)


def test_what_is_declined() -> None:
    x, state = np.ones((2, 3, 4), np.float32), np.ones((3, 5), np.float32)
    weights = (np.ones((20, 4), np.float32), None, state, state, np.ones((20, 5), np.float32))
    scratch = np.empty((4, 2, 3, 5), np.float32)
    assert recurrent.lstm(x, *weights, None, scratch) is not NotImplemented
    assert recurrent.lstm(x, *weights, state, scratch) is NotImplemented
    assert recurrent.lstm(x, *weights, None, scratch[:, :1]) is NotImplemented
    with pytest.raises(ShapeError, match="must be \\(batch, hidden\\)"):
        recurrent.lstm(x[:, :2], *weights, None, scratch)
    doubles = [None if w is None else w.astype(float) for w in weights]
    assert recurrent.lstm(x.astype(float), *doubles, None, scratch) is NotImplemented


def test_what_has_no_size_is_declined() -> None:
    gates, weight = np.ones((2, 0, 15), np.float32), np.ones((15, 5), np.float32)
    h, scratch = np.ones((0, 5), np.float32), np.ones((2, 4, 0, 5), np.float32)
    assert recurrent.gru(gates, weight, None, h, scratch) is NotImplemented
    square = np.ones((5, 5), np.float32)
    assert recurrent.rnn(gates[..., :5], square, h, False) is NotImplemented
