"""Choosing kernels: what `autograd.kernels` does, with a set made for it."""

from __future__ import annotations

import os
import subprocess
import sys
import types
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import autograd
import optim
from autograd import kernels
from autograd.core.formula import formula
from autograd.core.primitive import primitive
from autograd.core.variable import Array
from autograd.errors import ShapeError

calls: list[str] = []


@formula
def _slope(g: Any, x: Any) -> Any:
    calls.append("formula")
    return g * x * 2


@primitive(x=lambda g, x: _slope(g, x))
def squared(x: Array) -> Array:
    calls.append("definition")
    return x * x


def by_kernel(x: Any) -> Any:
    if x.dtype != np.float32:
        return NotImplemented
    calls.append("kernel")
    return x * x


def slope_by_kernel(g: Any, x: Any) -> Any:
    calls.append("slope")
    return 2 * x * g


def rule_by_kernel(values: Any, gradients: Any, state: Any, numbers: Any, group: Any) -> Any:
    if group["lr"] > 1:
        return NotImplemented
    calls.append(f"rule {numbers['step']} {sorted(state)}")
    for value, gradient in zip(values, gradients):
        value -= gradient * 100
    return None


KERNELS = {
    squared.primitive: by_kernel,
    _slope.primitive: slope_by_kernel,
    "optim.sgd.SGD.rule": rule_by_kernel,
}


@pytest.fixture(autouse=True)
def _with_set(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(kernels.SETS, "ours", "kernels_for_test")
    module = types.SimpleNamespace(KERNELS=KERNELS)
    monkeypatch.setitem(sys.modules, "kernels_for_test", module)
    monkeypatch.setitem(kernels.SETS, "none", "no_kernels_for_test")
    monkeypatch.setitem(sys.modules, "no_kernels_for_test", types.SimpleNamespace(KERNELS={}))
    with kernels.use(None):
        calls.clear()
        yield


def test_as_a_function() -> None:
    x = autograd.ones(3)
    kernels.use("ours")
    assert kernels.chosen() == "ours"
    squared(x)
    kernels.use(None)
    assert kernels.chosen() is None
    squared(x)
    assert calls == ["kernel", "definition"]


def test_as_a_context_manager_within_another() -> None:
    with kernels.use("ours"):
        with kernels.use(None):
            squared(autograd.ones(3))
        squared(autograd.ones(3))
        with kernels.use("none"):
            assert kernels.chosen() == "none"
            squared(autograd.ones(3))
        assert kernels.chosen() == "ours"
    assert kernels.chosen() is None
    assert calls == ["definition", "kernel", "definition"]


def test_the_kernels_of_before_are_back_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), kernels.use("ours"):
        raise ZeroDivisionError
    assert kernels.chosen() is None
    assert squared.primitive.run is squared.primitive.implementation


def test_an_unknown_name_changes_nothing() -> None:
    with kernels.use("ours"):
        with pytest.raises(ShapeError, match="'cuda' is not one of 'numba'"):
            kernels.use("cuda")
        assert kernels.chosen() == "ours"


def test_a_kernel_that_declines() -> None:
    with kernels.use("ours"):
        out = squared(autograd.ones(3, dtype=autograd.float64))
    assert calls == ["definition"]
    assert out.dtype == autograd.float64


def test_a_formula_has_a_kernel_on_arrays_alone() -> None:
    x = autograd.tensor([3.0], requires_grad=True)
    with kernels.use("ours"):
        squared(x).backward()
        assert calls == ["kernel", "slope"]
        (first,) = autograd.grad(squared(x), x, create_graph=True)
        (second,) = autograd.grad(first, x)
    assert x.grad.item() == first.item() == 6
    assert second.item() == 2
    assert "formula" in calls


def test_an_update_rule() -> None:
    x = autograd.tensor([3.0], requires_grad=True)
    x.grad = autograd.ones(1)
    with kernels.use("ours"):
        optim.SGD([x], lr=1.0, momentum=0.5).step()
        assert x.item() == -97
        optim.SGD([x], lr=2.0).step()  # which is declined
    assert x.item() == -99
    optim.SGD([x], lr=1.0).step()
    assert x.item() == -100
    assert calls == ["rule 1 ['momentum_buffer']"]


def test_a_rule_of_ones_own_is_not_that_of_the_kernel() -> None:
    class Half(optim.SGD):
        def rule(self, piece: Any, numbers: Any, group: Any) -> None:
            piece.gradient[...] *= 0.5

    x = autograd.tensor([3.0], requires_grad=True)
    x.grad = autograd.ones(1)
    with kernels.use("ours"):
        Half([x], lr=1.0).step()
    assert x.item() == 2.5


def test_all_threads_have_the_choice() -> None:
    with kernels.use("ours"), ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda i: squared(autograd.ones(2) * i).sum().item(), range(40)))
    assert results == [2.0 * i * i for i in range(40)]
    assert set(calls) == {"kernel"}


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_environment_chooses() -> None:
    pytest.importorskip("numba")
    result = run("import autograd; print(autograd.kernels.chosen())", RETROGRAD_KERNELS="numba")
    assert result.stdout == "numba\n"
    result = run("import autograd", RETROGRAD_KERNELS="abacus")
    assert "kernels.use: 'abacus' is not one of 'numba'" in result.stderr


def test_numba_is_imported_when_it_is_chosen() -> None:
    program = "import sys, autograd, nn, optim; print('numba' in sys.modules)"
    result = run(program, RETROGRAD_KERNELS="")
    assert result.stdout == "False\n"


def test_without_numba_it_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['numba'] = None; import autograd; autograd.kernels.use('numba')"
    )
    assert "ImportError: kernels.use('numba'): Numba is not installed" in run(program).stderr


def compile_and_run(folder: Any, name: str) -> Any:
    program = f"import numpy, {name}; x = numpy.ones(2); {name}._scale(x); print(x[1])"
    path = os.pathsep.join([str(folder), os.getcwd()])
    return run(program, PYTHONPATH=path, RETROGRAD_QUIET="")


def test_a_compilation_is_announced_once(tmp_path: Any) -> None:
    pytest.importorskip("numba")
    (tmp_path / "halves.py").write_text(
        "from autograd.kernels.compiled.common import compiled\n"
        "@compiled\ndef _one_half(x):\n    return x * 0.5\n"
        "@compiled\ndef _scale(x):\n    for i in range(x.size):\n        x[i] = _one_half(x[i])\n"
    )
    first, second = (compile_and_run(tmp_path, "halves") for _ in range(2))
    assert first.stdout == second.stdout == "0.5\n"
    assert first.stderr.count("\n") == 1
    assert "compiling scale " in first.stderr
    assert second.stderr == ""


def test_what_is_on_disk_is_not_used_after_a_change_elsewhere(tmp_path: Any) -> None:
    pytest.importorskip("numba")
    (tmp_path / "factors.py").write_text("FACTOR = 3.0\n")
    (tmp_path / "scaled.py").write_text(
        "from autograd.kernels.compiled.common import compiled\nfrom factors import FACTOR\n"
        "@compiled\ndef _scale(x):\n    for i in range(x.size):\n        x[i] *= FACTOR\n"
    )
    assert compile_and_run(tmp_path, "scaled").stdout == "3.0\n"
    (tmp_path / "factors.py").write_text("FACTOR = 5.25\n")
    assert compile_and_run(tmp_path, "scaled").stdout == "5.25\n"
