"""Threads: each has its modes, and graphs built at the same time do not disturb each other."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import threads
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


@pytest.fixture
def two_threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Two threads for ours and for BLAS; yields a function that tells how many BLAS has."""
    threadpoolctl = pytest.importorskip("threadpoolctl")  # an extra, for those who want threads
    monkeypatch.setattr(threads, "_threads", 2)  # as it was, afterwards
    monkeypatch.setattr(threads, "_divides_products", False)
    with threadpoolctl.threadpool_limits(2, "blas"):
        autograd.set_num_threads(2)
        yield lambda: {library.num_threads for library in threads._controller().lib_controllers}


def test_the_number_of_threads_is_that_of_matrix_products_too(two_threads: Any) -> None:
    autograd.set_num_threads(1)
    assert autograd.get_num_threads() == 1
    assert two_threads() == {1}


def test_products_have_one_thread_while_ours_work(two_threads: Any) -> None:
    names = []

    def work(start: int, stop: int) -> tuple[int, int, set[int]]:
        names.append(threading.current_thread().name)
        return start, stop, two_threads()

    least = 2 * threads.SHARE
    assert threads.spread_products(work, 5, least) == [(0, 2, {1}), (2, 5, {1})]
    assert len(set(names)) == 2
    assert threads.spread_products(work, 5, least // 2) == [(0, 5, {1})]
    assert threads.spread_products(work, 5, threads.BLAS_ALONE) == [(0, 5, {2})]
    assert two_threads() == {2}


def test_products_get_their_threads_back_whatever_happens(two_threads: Any) -> None:
    def work(start: int, stop: int) -> None:
        raise ValueError(f"from {start}")

    autograd.set_num_threads(3)
    with pytest.raises(ValueError, match="from 0"):
        threads.spread_products(work, 2, 2 * threads.SHARE)
    assert two_threads() == {3}


def test_products_get_their_threads_back_from_many_users(two_threads: Any) -> None:
    barrier = threading.Barrier(4)

    def work(start: int, stop: int) -> set[int]:
        barrier.wait()  # all are within
        time.sleep(0.02 * generator.random())
        return set(two_threads())

    generator = random.Random(0)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(10):
            tasks = [pool.submit(threads.spread_products, work, 1, threads.SHARE) for _ in range(4)]
            assert {1} in [task.result()[0] for task in tasks]
            assert two_threads() == {2}


def test_every_thread_may_set_the_number(two_threads: Any) -> None:
    in_a_thread(lambda: autograd.set_num_threads(3))
    assert two_threads() == {3}
    assert in_a_thread(autograd.get_num_threads) == 3
    autograd.set_num_threads(2)
    assert two_threads() == {2}


def test_products_keep_their_threads_until_we_are_told_a_number(
    two_threads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "_divides_products", False)
    everything = threads.spread_products(lambda a, b: (a, b, two_threads()), 5, 1 << 40)
    assert everything == [(0, 5, {2})]
    autograd.set_num_threads(1)
    assert threads.spread_products(lambda a, b: (a, b, two_threads()), 5, 1 << 40) == [(0, 5, {1})]
    autograd.set_num_threads(2)
    assert len(threads.spread_products(lambda a, b: (a, b), 5, 1 << 40)) == 2


def test_a_product_too_small_for_two_threads_has_one(two_threads: Any) -> None:
    class Watching(np.ndarray):
        """An array that tells how many threads its products have."""

        def __matmul__(self, other: Any) -> Any:
            return two_threads()

    def of(rows: int) -> Any:
        return threads.product(np.empty((rows, 512)).view(Watching), np.empty((512, 512)))

    assert of(1) == {2}  # BLAS itself takes one for it
    assert of(2) == {1}
    assert of(2 * threads.SHARE // 512**2 - 1) == {1}
    assert of(2 * threads.SHARE // 512**2) == {2}
    assert two_threads() == {2}


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("groups", [1, 2])
def test_convolutions_are_the_same_by_threads(
    two_threads: Any, monkeypatch: pytest.MonkeyPatch, stride: int, groups: int
) -> None:
    generator = np.random.default_rng(0)
    arrays = [generator.standard_normal(s) for s in ((7, 4, 9, 8), (6, 4 // groups, 3, 3), (6,))]

    def results() -> list[Any]:
        x, weight, bias = (autograd.tensor(a, requires_grad=True) for a in arrays)
        out = autograd.conv2d(x, weight, bias, stride=stride, padding=1, groups=groups)
        (out * out).sum().backward()
        return [out.detach(), x.grad, weight.grad, bias.grad]

    expected = results()  # too small for two threads
    ranges = []
    spread = threads.spread

    def counted(work: Any, count: int, least: int) -> Any:
        found = spread(work, count, least)
        ranges.append(len(found))
        return found

    monkeypatch.setattr(threads, "spread", counted)
    monkeypatch.setattr(threads, "SHARE", 1)
    monkeypatch.setattr(threads, "BLAS_ALONE", 0)
    with autograd.kernels.use(None):
        for ours, theirs in zip(results(), expected, strict=True):
            np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-12, atol=1e-12)
    assert ranges.count(2) >= 2


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
