"""Threads: each has its modes, and graphs built at the same time do not disturb each other."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import autograd
from autograd.errors import ShapeError


def train(seed: int) -> list[Any]:
    """Some steps with in-place updates; the final weights and the gradients on the way."""
    generator = np.random.default_rng(seed)
    weight = autograd.tensor(generator.standard_normal((4, 4)), requires_grad=True)
    results = []
    for _ in range(30):
        x = autograd.tensor(generator.standard_normal((3, 4)))
        hidden = autograd.exp((x.unsqueeze(1) * weight).sum(2) * 0.1) * 1
        hidden.mul_(hidden)
        (first,) = autograd.grad(hidden.sum(), weight, create_graph=True)
        (first * first).sum().backward()
        results.append(weight.grad.numpy().copy())
        with autograd.no_grad():
            weight.sub_(weight.grad * 0.01)
        weight.grad = None
    return [*results, weight.detach().numpy()]


@pytest.mark.parametrize("count", [2, 8])
def test_threads_get_the_gradients_that_one_thread_gets(count: int) -> None:
    expected = [train(seed) for seed in range(count)]
    barrier = threading.Barrier(count)

    def run(seed: int) -> list[Any]:
        barrier.wait()
        return train(seed)

    with ThreadPoolExecutor(count) as pool:
        found = list(pool.map(run, range(count)))
    for ours, theirs in zip(found, expected, strict=True):
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(one, other)


def in_a_thread(function: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


def test_a_mode_is_the_threads_own() -> None:
    with autograd.no_grad(), autograd.detect_anomaly():
        assert in_a_thread(autograd.is_grad_enabled)
    in_a_thread(lambda: autograd.set_grad_enabled(False))
    in_a_thread(lambda: autograd.set_default_dtype("float64"))
    assert autograd.is_grad_enabled()
    assert autograd.get_default_dtype() == autograd.float32


def test_a_graph_built_in_one_thread_is_walked_in_another() -> None:
    x = autograd.tensor(3.0, requires_grad=True)
    out = in_a_thread(lambda: x * x)
    in_a_thread(out.backward)
    assert x.grad.item() == 6.0


def test_changes_in_place_are_counted_exactly() -> None:
    tensors = [autograd.zeros(1) for _ in range(4)]

    def change(tensor: Any) -> None:
        for _ in range(500):
            tensor.add_(1)

    from autograd.core.variable import Version, tick

    before = tick()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(change, tensors))
    assert Version.last - before == 2000  # nothing was recorded meanwhile
    assert [tensor.item() for tensor in tensors] == [500.0] * 4


def test_the_number_of_threads_is_that_of_matrix_products_too() -> None:
    threadpoolctl = pytest.importorskip("threadpoolctl")
    before = autograd.get_num_threads()
    with threadpoolctl.threadpool_limits(2, "blas"):
        autograd.set_num_threads(1)
        found = [pool["num_threads"] for pool in threadpoolctl.threadpool_info()]
        autograd.set_num_threads(before)
    assert autograd.get_num_threads() == before
    assert 1 in found


def threads_with(**variables: str) -> int:
    """How many threads a program has at first, with these variables in its environment."""
    others = {name: text for name, text in os.environ.items() if not name.endswith("NUM_THREADS")}
    printed = subprocess.run(
        [sys.executable, "-c", "import autograd; print(autograd.get_num_threads())"],
        env=others | variables,
        check=True,
        capture_output=True,
        text=True,
    )
    return int(printed.stdout)


def test_the_environment_says_how_many_threads() -> None:
    assert threads_with(OMP_NUM_THREADS="5") == 5
    assert threads_with(OMP_NUM_THREADS="5", OPENBLAS_NUM_THREADS="3") == 3
    for unclear in ("0", "2,1"):
        assert threads_with(OMP_NUM_THREADS=unclear) == threads_with()


@pytest.mark.parametrize("threads", [0, -1, 1.0, True, "2"])
def test_a_number_of_threads_is_a_positive_integer(threads: Any) -> None:
    with pytest.raises(ShapeError, match="set_num_threads: needs an integer of at least 1"):
        autograd.set_num_threads(threads)
