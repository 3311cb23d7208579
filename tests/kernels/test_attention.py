"""The kernels for attention, against the definitions in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba")

import autograd
from autograd.kernels.compiled import attention as kernels
from autograd.ops.attention import _attention, _attention_gradients, attention
from tests.kernels.guards import Guards, guarding, random_shapes

ALL = (True, True, True, False)
SPECIAL = np.array([np.nan, -np.inf, -np.inf, np.inf, 0], np.float32)

# (batch, queries, keys, features, width): more than a tile has, and less; many blocks of queries.
SIZES = [
    ((), 1, 1, 1, 1),
    ((), 14, 33, 4, 65),
    ((3,), 29, 7, 40, 3),
    ((2, 3), 50, 60, 16, 32),
    ((1, 2), 40, 300, 33, 16),
    *(((a, b), *sizes) for a, b, *sizes in random_shapes(3, 3, 60, 60, 33, 33)),
]


def in_double(definition: Any, *args: Any) -> Any:
    widened = [a.astype(np.float64) if getattr(a, "dtype", 0) == np.float32 else a for a in args]
    with np.errstate(all="ignore"):
        return definition.primitive.implementation(*widened)


def close(found: Any, expected: Any) -> None:
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=2e-5)


class Drawing:
    """Arguments at random, in guarded memory."""

    def __init__(self, seed: int, guards: Guards) -> None:
        self.generator, self.guards = np.random.default_rng(seed), guards

    def array(self, *shape: int) -> Any:
        """Its rows follow each other, or lie apart; seldom its numbers do too."""
        values = self.generator.standard_normal(shape).astype(np.float32)
        order = None
        if len(shape) == 4 and self.generator.random() < 0.7:
            order = (2, 0, 1, 3)  # as MultiheadAttention has them
        return self.guards.array(values, strided=self.generator.random() < 0.1, order=order)

    def some(self, batch: tuple[int, ...]) -> tuple[int, ...]:
        """Leading dims that broadcast to ``batch``."""
        ones = tuple(1 if self.generator.random() < 0.2 else size for size in batch)
        return ones if self.generator.random() < 0.8 else ()

    def bias(self, batch: tuple[int, ...], queries: int, keys: int) -> Any:
        rows = 1 if self.generator.random() < 0.3 else queries
        shape = (*self.some(batch), rows, keys)
        values = self.generator.standard_normal(shape)
        kept = self.generator.random(shape) < self.generator.choice([0, 0.5, 0.97, 1])
        return self.guards.array(np.where(kept, values, -np.inf).astype(np.float32))

    def arguments(self, batch: Any, queries: int, keys: int, features: int, width: int) -> Any:
        """Of `_attention`: with a bias, causal, or neither."""
        query = self.array(*batch, queries, features)
        key, value = (self.array(*self.some(batch), keys, size) for size in (features, width))
        kind = self.generator.integers(3)
        bias = self.bias(batch, queries, keys) if kind == 0 else None
        safe = bias is not None or bool(self.generator.integers(2))
        return query, key, value, bias, float(self.generator.normal()), safe, bool(kind == 1)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("seed", range(12))
def test_result_and_gradients(sizes: Any, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "WEIGHTS", 1000)
    with guarding(monkeypatch.setattr, seed) as guards:
        drawing = Drawing(seed, guards)
        args = drawing.arguments(*sizes)
        out = kernels.attention(*args)
        g = drawing.array(*out.shape)
        gradients = kernels.attention_gradients(g, ALL, *args)
    close(out, in_double(_attention, *args))
    expected = in_double(_attention_gradients, g, ALL, *args)
    assert gradients[3] is expected[3] is None
    for found, right in zip(gradients[:3], expected[:3]):
        close(found, right)


@pytest.mark.parametrize("safe", [False, True])
def test_special_values(safe: bool) -> None:
    drawing = Drawing(0, Guards())
    query, key, value = (drawing.array(2, 20, size) for size in (8, 8, 4))
    bias = np.zeros((20, 20), np.float32)
    bias[3], bias[5:10, ::4] = -np.inf, SPECIAL
    for args in (
        (query, key, value, bias, 0.3, safe, False),
        (query, np.where(key > 2, np.float32(np.inf), key), value, None, 0.3, safe, False),
    ):
        close(kernels.attention(*args), in_double(_attention, *args))


def test_a_causal_result_is_that_of_the_keys_seen() -> None:
    drawing = Drawing(0, Guards())
    query, key, value = (drawing.array(2, 20, size) for size in (8, 8, 4))
    whole = kernels.attention(query, key, value, None, 0.3, True, True)
    key[:, 12:], value[:, 13:] = 1e6, -1e6
    found = kernels.attention(query, key, value, None, 0.3, True, True)
    np.testing.assert_array_equal(found[:, :12], whole[:, :12])


def test_gradients_lie_in_memory_as_their_arrays() -> None:
    base = np.ones((5, 2, 3, 4), np.float32)
    x = base.transpose(1, 2, 0, 3)
    out = kernels.attention(x, x, x, None, 1.0, True, False)
    gradients = kernels.attention_gradients(out, ALL, x, x, x, None, 1.0, True, False)
    assert {array.strides for array in (out, *gradients[:3])} == {x.strides}


def gradients_of_two_orders(chosen: str | None, arrays: Any, **options: Any) -> list[Any]:
    with autograd.kernels.use(chosen):
        tensors = [autograd.tensor(array, requires_grad=True) for array in arrays]
        out = attention(*tensors, **options)
        first = autograd.grad((out * out).sum(), tensors, create_graph=True)
        second = autograd.grad(sum((part * part).sum() for part in first), tensors)
    return [x.numpy() for x in (out.detach(), *(part.detach() for part in first), *second)]


@pytest.mark.parametrize("biased", [False, True])
def test_gradients_of_both_orders_through_the_engine(biased: bool) -> None:
    generator = np.random.default_rng(1)
    shapes = [(2, 9, 5), (2, 9, 5), (2, 9, 3), (9, 9)][: 4 if biased else 3]
    arrays = [generator.standard_normal(shape).astype(np.float32) for shape in shapes]
    options = {"causal": not biased}
    found = gradients_of_two_orders("numba", arrays, **options)
    for one, right in zip(found, gradients_of_two_orders(None, arrays, **options), strict=True):
        np.testing.assert_allclose(one, right, rtol=1e-4, atol=1e-4)


def test_what_is_declined() -> None:
    x = np.ones((2, 3, 4), np.float32)
    rest = 1.0, True, False
    assert kernels.attention(x, x, x, None, *rest) is not NotImplemented
    deep, bias = x[None, None], np.zeros((3, 3), np.float32)
    for query, key, value, given in (
        (x.astype(np.float64),) * 3 + (None,),
        (x[:0],) * 3 + (None,),
        (x[..., :0], x[..., :0], x, None),
        (deep, deep, deep, None),
        (x, x[..., :3], x, None),
        (x, x, x[:, :2], None),
        (x, x, x, bias[0]),
        (x, x, x, bias[:, :1]),
        (x, x, x, bias.astype(np.float64)),
    ):
        assert kernels.attention(query, key, value, given, *rest) is NotImplemented
        found = kernels.attention_gradients(x, ALL, query, key, value, given, *rest)
        assert found is NotImplemented
    wanted = (True,) * 4
    assert kernels.attention_gradients(x, wanted, x, x, x, bias, *rest) is NotImplemented
