"""The kernels for recurrent layers, against the definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba")

from autograd.kernels.compiled import recurrent
from autograd.ops.recurrent import _gru, _gru_gradients
from autograd.ops.recurrent_lstm import _lstm, _lstm_gradients
from tests.kernels.guards import Guards, guarding

SIZES = [(1, 1, 1, 1), (3, 5, 2, 7), (4, 3, 9, 32), (5, 32, 11, 96)]  # time, batch, input, hidden
CLOSE: dict[str, Any] = {"rtol": 1e-4, "atol": 3e-6}


def draw(generator: np.random.Generator, *shape: int) -> Any:
    return generator.standard_normal(shape).astype(np.float32)


def given(guards: Guards, args: Any) -> list[Any]:
    return [guards.array(arg) if isinstance(arg, np.ndarray) else arg for arg in args]


def all_close(found: Any, expected: Any) -> None:
    for one, other in zip(found, expected, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            assert one.dtype == np.float32
            np.testing.assert_allclose(one, other, **CLOSE)


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
        draw(generator, 4 * hidden, hidden) / 8,
        None,
    )
    scratch = np.empty((4, time, batch, hidden), np.float32)
    out = _lstm.primitive.implementation(*args, scratch)
    with guarding(monkeypatch.setattr) as guards:
        room = guards.empty(scratch.shape, np.float32)
        found = recurrent.lstm(*given(guards, args), room)
    all_close(found, out)
    np.testing.assert_allclose(room, scratch, **CLOSE)
    upstream = tuple(draw(generator, *part.shape) for part in out)
    for wanted in ((True,) * 6 + (False,), (False,) * 7):
        expected = _lstm_gradients.primitive.implementation(upstream, wanted, *args, out, scratch)
        with guarding(monkeypatch.setattr) as guards:
            g, outs = (tuple(map(guards.array, part)) for part in (upstream, out))
            found = recurrent.lstm_gradients(
                g, wanted, *given(guards, args), outs, guards.array(scratch)
            )
        all_close(found, expected)


@pytest.mark.parametrize("biased", [False, True])
@pytest.mark.parametrize(("time", "batch", "features", "hidden"), SIZES)
def test_gru(
    time: int, batch: int, features: int, hidden: int, biased: bool, monkeypatch: Any
) -> None:
    generator = np.random.default_rng(time)
    args = (
        draw(generator, time, batch, 3 * hidden),
        draw(generator, 3 * hidden, hidden) / 8,
        draw(generator, 3 * hidden) if biased else None,
        draw(generator, batch, hidden),
    )
    scratch = np.empty((time, 4, batch, hidden), np.float32)
    out = _gru.primitive.implementation(*args, scratch)
    with guarding(monkeypatch.setattr) as guards:
        room = guards.empty(scratch.shape, np.float32)
        found = recurrent.gru(*given(guards, args), room)
    np.testing.assert_allclose(found, out, **CLOSE)
    np.testing.assert_allclose(room, scratch, **CLOSE)
    upstream = draw(generator, *out.shape)
    for wanted in ((True, True, biased, True), (True, False, False, False)):
        rest = (out, scratch)
        expected = _gru_gradients.primitive.implementation(upstream, wanted, *args, *rest)
        with guarding(monkeypatch.setattr) as guards:
            g = guards.array(upstream)
            found = recurrent.gru_gradients(g, wanted, *given(guards, args), *given(guards, rest))
        all_close(found, expected)


def test_what_is_declined() -> None:
    x, state = np.ones((2, 3, 4), np.float32), np.ones((3, 5), np.float32)
    weights = (np.ones((20, 4), np.float32), None, state, state, np.ones((20, 5), np.float32))
    scratch = np.empty((4, 2, 3, 5), np.float32)
    assert recurrent.lstm(x, *weights, None, scratch) is not NotImplemented
    assert recurrent.lstm(x, *weights, state, scratch) is NotImplemented
    assert recurrent.lstm(x, *weights, None, scratch[:, :1]) is NotImplemented
    assert recurrent.lstm(x[:, :2], *weights, None, scratch) is NotImplemented
    doubles = [None if w is None else w.astype(float) for w in weights]
    assert recurrent.lstm(x.astype(float), *doubles, None, scratch) is NotImplemented
