"""The kernels for update rules, against the rules."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba")

import autograd
import optim
from autograd.kernels.compiled import optimizers
from tests.kernels.guards import Guards, random_shapes

SHAPES = [(3, 4), (), (0,), (1,), (37,), (2, 3, 5), (70_000,), (300, 1000)]
SHAPES += random_shapes(40, 70)
ROWS = [
    (optim.Adam, {"lr": 0.1}),
    (optim.Adam, {"lr": 0.1, "betas": (0.3, 0.5), "eps": 0.5, "weight_decay": 0.1}),
    (optim.Adam, {"maximize": True, "weight_decay": 0.1}),
    (optim.AdamW, {"lr": 0.1, "weight_decay": 0.3}),
    (optim.SGD, {"lr": 0.1}),
    (optim.SGD, {"lr": 0.1, "weight_decay": 0.1, "maximize": True}),
    (optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    (optim.SGD, {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.2}),
    (optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True, "maximize": True}),
]


def fortran(guards: Guards, values: Any) -> Any:
    return guards.array(values, order=tuple(reversed(range(values.ndim))))


def steps(
    name: str | None, optimizer: Any, options: Any, dtype: Any, strided: bool
) -> tuple[list[Any], list[Any]]:
    """The parameters after some steps, in guarded memory, and what the rule remembers of them."""
    generator = np.random.default_rng(1)
    params = []
    guards = Guards()
    for shape in SHAPES:
        values = generator.standard_normal(shape).astype(dtype)
        array = fortran(guards, values) if strided and values.ndim > 1 else guards.array(values)
        params.append(autograd.from_numpy(array).requires_grad_())
    for i in range(len(guards.buffers)):  # they will change
        guards.buffers[i] = (*guards.buffers[i][:2], None)
    rule = optimizer(params, **options)
    with autograd.kernels.use(name):
        for turn in range(4):
            for param in params:
                gradient = generator.standard_normal(param.shape).astype(dtype)
                if strided:
                    gradient = guards.array(gradient, strided=True)
                param.grad = autograd.from_numpy(gradient)
            if turn == 2:
                params[4].grad = None  # its steps lag behind from here on
            rule.step()
    guards.check()
    state = [value.numpy() for entry in rule.state.values() for value in entry.values()]
    return [param.detach().numpy() for param in params], state


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("strided", [False, True])
@pytest.mark.parametrize(("optimizer", "options"), ROWS)
def test_steps(optimizer: Any, options: Any, strided: bool, dtype: Any) -> None:
    expected = steps(None, optimizer, options, dtype, strided)
    found = steps("numba", optimizer, options, dtype, strided)
    tolerance = 1e-5 if dtype == np.float32 else 1e-12
    for ours, theirs in zip(found, expected, strict=True):
        for one, other in zip(ours, theirs, strict=True):
            assert one.dtype == other.dtype
            np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


def test_what_is_not_finite() -> None:
    special = np.array([np.nan, np.inf, -np.inf, 0, 1], np.float32)
    values, gradients = np.repeat(special, 5), np.tile(special, 5)
    for optimizer, options in ROWS:
        results = []
        for name in (None, "numba"):
            param = autograd.tensor(values, requires_grad=True)
            rule = optimizer([param], **options)
            with autograd.kernels.use(name):
                for _ in range(2):
                    param.grad = autograd.tensor(gradients)
                    rule.step()
            results.append(param.detach().numpy())
        np.testing.assert_allclose(*results, rtol=1e-6)


def test_what_is_declined() -> None:
    one = [np.ones(2)]
    adam = {"betas": (0.9, 0.99), "eps": 0, "lr": 1, "weight_decay": 0, "maximize": False}
    state = {"exp_avg": one, "exp_avg_sq": one}
    group = {**adam, "amsgrad": True}
    assert optimizers.adam(one, one, state, {"step": 1}, group) is NotImplemented
    half = [np.ones(2, np.float16)]
    group = {"lr": 1, "momentum": 0, "weight_decay": 0, "maximize": False, "dampening": 0}
    assert optimizers.sgd(half, half, {}, {"step": 1}, group) is NotImplemented
    assert optimizers.sgd(one, [np.ones(2, np.float32)], {}, {"step": 1}, group) is NotImplemented
    np.testing.assert_array_equal(one[0], 1)
    assert optimizers.sgd(one, [np.ones(2)], {}, {"step": 1}, group) is None  # this isn't
    np.testing.assert_array_equal(one[0], 0)


def test_options_that_are_tensors() -> None:
    results = []
    for name in (None, "numba"):
        param = autograd.ones(3, requires_grad=True)
        param.grad = autograd.ones(3)
        betas = (autograd.tensor(0.9), autograd.tensor(0.99))
        rule = optim.Adam([param], lr=autograd.tensor(0.1), betas=betas)
        with autograd.kernels.use(name):
            rule.step()
        results.append(param.detach().numpy())
    np.testing.assert_allclose(*results, rtol=1e-6)
