"""Memory: what lives how long, and what shares its memory with what. The collector is off."""

from __future__ import annotations

import gc
import platform
import subprocess
import sys
import tracemalloc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autograd
from autograd.core.node import Node
from autograd.core.variable import version_of
from tests.garbage import collect_all


@pytest.fixture(autouse=True)
def _no_collector() -> Iterator[None]:
    collect_all()
    gc.disable()
    yield
    gc.enable()


def leaf(size: int = 10_000) -> Any:
    return autograd.ones(size, dtype="float64", requires_grad=True)


def growth(step: Callable[[], Any]) -> int:
    """Bytes that a call of ``step`` leaves behind."""
    step()
    tracemalloc.start()
    try:
        step()
        before = tracemalloc.get_traced_memory()[0]
        step()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


def peak(step: Callable[[], Any]) -> int:
    step()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        step()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def test_a_leak_and_a_cycle_are_seen() -> None:
    kept: list[Any] = []
    assert growth(lambda: kept.append(np.ones(1000))) >= 8000
    cycle: list[Any] = []
    cycle.append(cycle)
    del cycle
    assert gc.collect() > 0


@pytest.mark.parametrize(
    "step",
    [
        lambda x: (x * x / (x + 2)).sum(),
        lambda x: (x * x / (x + 2)).sum().backward(),
        lambda x: (x * x / (x + 2)).sum().backward(retain_graph=True),
        lambda x: autograd.grad((x * x * x).sum(), x, create_graph=True),
        lambda x: (x * 1).add_(x).mul_(x).sum().backward(),
        lambda x: (x * 2)[3:].sum().backward(),
        lambda x: (x * 2).retain_grad(),
        lambda x: (x * 2).register_hook(lambda g: g),
        lambda x: autograd.exp(x).detach().add_(1),
    ],
)
def test_nothing_is_left_behind(step: Callable[[Any], Any]) -> None:
    x = leaf()
    assert growth(lambda: step(x)) < 8000  # of arrays of 80,000
    collect_all()
    step(x)
    x.grad = None
    assert gc.collect() == 0


def test_a_chain_saves_only_what_its_rules_name() -> None:
    x = leaf()

    def chain(operation: Callable[[Any], Any]) -> Any:
        y = x
        for _ in range(20):
            y = operation(y)
        return y

    array = 80_000
    assert peak(lambda: chain(lambda y: y + 1)) < 3 * array  # nothing
    assert peak(lambda: chain(lambda y: autograd.exp(y * 0.1))) < 22 * array  # the output of exp


def test_backward_frees_as_it_goes() -> None:
    x = leaf()
    y = x
    for _ in range(20):
        y = autograd.exp(y * 0.1)
    out = y.sum()
    del y
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        out.backward()
        # What was saved was allocated before, so that freeing it shows as a negative number only
        # for what the pass itself allocates: its gradients, never more than a few at a time.
        assert tracemalloc.get_traced_memory()[1] - before < 6 * 80_000
    finally:
        tracemalloc.stop()


def test_a_result_outlives_neither_its_inputs_nor_keeps_them() -> None:
    x = leaf()
    middle = x + 1
    gone = weakref.ref(middle)
    out = middle + 1
    del middle
    assert gone() is None
    assert out.requires_grad


def test_saved_arrays_live_as_long_as_the_graph() -> None:
    x = leaf()
    middle = x + 1
    gone = weakref.ref(middle._array)
    out = middle * middle
    del middle
    assert gone().tolist() == out._edge.saved[0].tolist()
    node = out._edge
    assert isinstance(node, Node)
    out.sum().backward()
    assert gone() is None
    assert node.saved is None


def test_the_graph_does_not_keep_a_leaf_alive() -> None:
    x = leaf()
    gone = weakref.ref(x)
    out = x + 1
    del x
    assert gone() is None
    out.sum().backward()


def test_a_leafs_gradient_is_a_new_array_each_time() -> None:
    x = leaf()
    (x * 2).sum().backward()
    first = x.grad
    x.grad = None
    (x * 2).sum().backward()
    assert not np.shares_memory(first.numpy(), x.grad.numpy())


def test_views_know_their_base_and_copies_do_not() -> None:
    x = autograd.ones(4, 6)
    view, copy = x[1:], x.t().reshape(-1)
    assert copy._version is None
    assert view._version.base() is x
    assert version_of(view) is version_of(x)
    assert np.shares_memory(view.numpy(), x.numpy())
    assert not np.shares_memory(copy.numpy(), x.numpy())


def test_many_views_of_one_tensor_do_not_pile_up() -> None:
    x = autograd.ones(4)
    for _ in range(10_000):
        x[1:]
    assert len(x._version.views) < 100


PAGE_FAULTS = """
import resource
{imported}
import numpy as np

def page_faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    arrays = [np.ones(1_000_000, np.float32) for _ in range(10)]  # 40 MB, 10,000 pages
    arrays.clear()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

page_faults()
print(page_faults())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have other rules")
@pytest.mark.parametrize(("imported", "expected"), [("import autograd", True), ("", False)])
def test_freed_memory_is_kept(imported: str, expected: bool) -> None:
    program = PAGE_FAULTS.format(imported=imported)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert (int(run.stdout) < 1000) == expected
