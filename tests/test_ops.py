"""Every row of the table of operations through every check; and the checks themselves."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from types import FunctionType
from typing import Any

import numpy as np
import pytest

import autograd
import autograd.ops
from autograd.core.primitive import primitive
from autograd.core.variable import Array
from autograd.errors import GraphError, ShapeError
from tests import checks
from tests.cases import Bad, Case, Input, all_cases

CASES = all_cases()

# Functions in autograd/ops that need no row, and why.
WITHOUT_A_ROW = {"selection.zero_if_unused": "the ending of other rules; their rows show it"}


def rows(condition: Callable[[Case], Any] = lambda case: True) -> Any:
    chosen = [(i, case) for i, case in enumerate(CASES) if condition(case)]
    return pytest.mark.parametrize(
        "case", [pytest.param(case, id=f"{case.name}-{i}") for i, case in chosen]
    )


def has_gradient(case: Case) -> bool:
    return case.differentiable and any(item.dtype == "float64" for item in checks.inputs_of(case))


def in_torch(case: Case) -> bool:
    return checks.torch_function(case) is not None


def has_oracle(case: Case) -> bool:
    """Where PyTorch is not installed, the rows that rely on it alone can't be checked."""
    return case.oracle is not None or checks.torch is not None


@rows(has_oracle)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_value(case: Case, dtype: str) -> None:
    checks.check_value(case, dtype)


@rows(in_torch)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_dtype(case: Case, dtype: str) -> None:
    checks.check_dtype(case, dtype)


@rows(in_torch)
def test_against_torch(case: Case) -> None:
    checks.check_against_torch(case)


@rows(has_gradient)
def test_gradients(case: Case) -> None:
    checks.check_gradients(case)


@rows()
def test_layouts(case: Case) -> None:
    checks.check_layouts(case)


@rows(lambda case: case.elementwise and has_oracle(case))
def test_shapes(case: Case) -> None:
    checks.check_shapes(case)


@rows()
def test_memory(case: Case) -> None:
    checks.check_memory(case)


@rows(has_gradient)
def test_freed(case: Case) -> None:
    checks.check_freed(case)


@pytest.mark.parametrize(
    ("case", "bad"),
    [
        pytest.param(case, bad, id=f"{case.name}-{i}-{j}")
        for i, case in enumerate(CASES)
        for j, bad in enumerate(case.bad)
    ],
)
def test_refusals(case: Case, bad: Bad) -> None:
    checks.check_refused(case, bad)


# -- completeness ----------------------------------------------------------------------------------


def public_operations() -> Iterator[tuple[str, Any]]:
    """The functions of autograd/ops that a user can call: exported, or primitives."""
    exported = {id(f) for f in [*vars(autograd).values(), *vars(autograd.Tensor).values()]}
    for info in pkgutil.iter_modules(autograd.ops.__path__):
        module = import_module(f"autograd.ops.{info.name}")
        for name, function in vars(module).items():
            is_here = isinstance(function, FunctionType) and function.__module__ == module.__name__
            is_public = id(function) in exported or hasattr(function, "primitive")
            if is_here and is_public and not name.startswith("_"):
                yield f"{info.name}.{name}", function


def test_every_operation_has_a_row() -> None:
    covered = {id(case.function) for case in CASES}
    operations = dict(public_operations())
    missing = {name for name, function in operations.items() if id(function) not in covered}
    assert sorted(missing - WITHOUT_A_ROW.keys()) == []
    assert sorted(WITHOUT_A_ROW.keys() - missing) == [], "these have a row, or do not exist"


# -- the checks themselves -------------------------------------------------------------------------


@primitive(x=lambda g, x: g * 3 * x * x)
def _cube(x: Array) -> Array:
    return x * x * x


@primitive(x=lambda g, x: g * 3 * x * x)
def _cube_off(x: Array) -> Array:
    return x * x * x * 1.001


@primitive(x=lambda g, x: g * 3.003 * x * x)
def _cube_wrong_first(x: Array) -> Array:
    return x * x * x


@primitive(x=lambda g, x: 1.001 * g * x)
def _wrong_first_of_product(x: Array, y: Array) -> Array:
    return x * y


@primitive(x=lambda g, x: g * 6.006 * x)
def _slope(x: Array) -> Array:
    return 3 * x * x


@primitive(x=lambda g, x: g * _slope(x))
def _cube_wrong_second(x: Array) -> Array:
    return x * x * x


@primitive(x=lambda g: g, y=lambda g: g)
def _sum_that_shares(x: Array, y: Array) -> Array:
    x += y
    return x


@primitive(x=lambda g: g)
def _same(x: Array) -> Array:
    return x


@primitive(x=lambda g, x: g * 2 * np.ravel(x, order="K").reshape(x.shape))
def _reads_memory_order(x: Array) -> Array:
    return x * x


def row(function: Any, *inputs: Input, **fields: Any) -> Case:
    oracle = fields.pop("oracle", lambda x: x**3)
    return Case("cube", function, inputs or (Input((2, 3)),), oracle=oracle, torch=None, **fields)


def fails(check: Callable[[], Any]) -> bool:
    try:
        check()
    except AssertionError:
        return True
    return False


def test_the_right_one_passes_every_check() -> None:
    case = row(_cube, elementwise=True)
    checks.check_value(case, "float64")
    checks.check_value(case, "float32")
    checks.check_gradients(case)
    checks.check_layouts(case)
    checks.check_shapes(case)
    checks.check_memory(case)
    checks.check_freed(case)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_value_off_by_a_thousandth_is_found(dtype: str) -> None:
    assert fails(lambda: checks.check_value(row(_cube_off), dtype))


def test_a_value_of_another_shape_is_found() -> None:
    assert fails(lambda: checks.check_value(row(_cube, oracle=lambda x: x[:1] ** 3)))


@pytest.mark.parametrize("function", [_cube_wrong_first, _cube_wrong_second])
def test_a_gradient_off_by_a_thousandth_is_found(function: Any) -> None:
    assert fails(lambda: checks.check_gradients(row(function)))


@pytest.mark.parametrize("function", [_cube_off, _cube_wrong_first, _cube_wrong_second])
def test_comparing_with_torch_finds_each_fault(function: Any) -> None:
    pytest.importorskip("torch")
    pow3 = {"params": {}, "inputs": (Input((2, 3)), 3), "torch": "pow"}
    case = Case("cube", lambda x, n: function(x), **pow3)
    assert fails(lambda: checks.check_against_torch(case))
    checks.check_against_torch(Case("cube", lambda x, n: _cube(x), **pow3))


def test_a_changed_input_and_shared_memory_are_found() -> None:
    assert fails(lambda: checks.check_memory(row(_sum_that_shares, Input((2,)), Input((2,)))))
    assert fails(lambda: checks.check_memory(row(_same)))


def test_a_dependence_on_the_layout_is_found() -> None:
    assert fails(lambda: checks.check_layouts(row(_reads_memory_order)))


def test_a_graph_that_is_not_freed_is_found() -> None:
    def keeps(x: Any) -> Any:
        out = _cube(x)
        autograd.backward(out, autograd.ones(2, 3, dtype="float64"), retain_graph=True)
        return out

    case = row(keeps)
    checks.check_freed(case)  # retain_graph above does no harm: the pass of the check frees it
    assert fails(lambda: checks.check_freed(row(lambda x: _Kept.of(_cube(x)))))


class _Kept:
    """Puts back what a backward pass has freed."""

    @staticmethod
    def of(out: Any) -> Any:
        node, saved, args = out._edge, out._edge.saved, out._edge.args

        def put_back(g: Any) -> None:
            node.saved, node.args = saved, args

        x_sink = node.edges[0]
        x_sink.hooks["put back"] = put_back
        return out


def test_what_is_accepted_or_badly_refused_is_found() -> None:
    def refuse(x: Any) -> Any:
        raise ShapeError("refuse: needs 2 dims")

    case = row(refuse)
    checks.check_refused(case, Bad((np.ones(2),), ShapeError, "2 dims"))
    for bad in (Bad((np.ones(2),), GraphError, ""), Bad((np.ones(2),), ShapeError, "3 dims")):
        assert fails(lambda bad=bad: checks.check_refused(case, bad))
    assert fails(lambda: checks.check_refused(row(_cube), Bad((np.ones(2),), ShapeError, "")))
