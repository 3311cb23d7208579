"""What `tests/test_ops.py` checks of each row of the table. Every check raises AssertionError."""

from __future__ import annotations

import functools
import re
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

import autograd
from autograd._gradcheck import GradcheckError, gradcheck, gradgradcheck
from autograd.core.node import Node
from autograd.core.variable import Variable, version_of
from autograd.errors import GraphError, ShapeError
from tests.cases import Bad, Case, Input

try:
    import torch
except ImportError:
    torch = None

Array = np.ndarray[Any, Any]
CLOSE = {"float64": 1e-9, "float32": 2e-4}  # relative to the largest value


# -- a row's arguments and results -----------------------------------------------------------------


def inputs_of(case: Case) -> list[Input]:
    flat: list[Input] = []
    for item in case.inputs:
        flat += item if is_list(item) else [item] if isinstance(item, Input) else []
    return flat


def is_list(item: Any) -> bool:
    return isinstance(item, (list, tuple)) and bool(item) and isinstance(item[0], Input)


def arrays_of(case: Case, dtype: str = "float64") -> list[Array]:
    """Random arrays for the inputs of a row; always the same."""
    generator = np.random.default_rng(zlib.crc32(case.name.encode()))
    arrays = [item.draw(generator) for item in inputs_of(case)]
    return [a.astype(dtype) if a.dtype.kind == "f" else a for a in arrays]


def arguments(case: Case, values: Sequence[Any]) -> list[Any]:
    """The row's positional arguments with ``values`` in the place of its inputs."""
    rest: Iterator[Any] = iter(values)
    return [
        [next(rest) for _ in item] if is_list(item) else next(rest) if type(item) is Input else item
        for item in case.inputs
    ]


def tensors_of(case: Case, arrays: Sequence[Array]) -> list[Any]:
    """The arrays themselves as tensors (no copies), which require grad where they can."""
    tensors = [autograd.from_numpy(array) for array in arrays]
    return [t.requires_grad_(case.differentiable and t.is_floating_point()) for t in tensors]


def call(case: Case, values: Sequence[Any]) -> tuple[Any, ...]:
    """The outputs of the row's function, as a tuple."""
    result = case.function(*arguments(case, values), **case.params)
    return tuple(result) if isinstance(result, (tuple, list)) else (result,)


def as_array(value: Any) -> Array:
    if torch is not None and isinstance(value, torch.Tensor):
        return np.asarray(value.numpy(force=True))
    return np.asarray(getattr(value, "_array", value))


# -- PyTorch as the second oracle ------------------------------------------------------------------


def torch_function(case: Case) -> Callable[..., Any] | None:
    if torch is None or case.torch is None:
        return None
    try:
        return functools.reduce(getattr, (case.torch or case.name).split("."), torch)
    except AttributeError:
        assert not case.torch, f"torch.{case.torch} does not exist"
        return None


def to_torch(value: Any) -> Any:
    if isinstance(value, Variable):
        return torch.from_numpy(as_array(value).copy())
    if isinstance(value, np.ndarray):
        return torch.from_numpy(np.ascontiguousarray(value).reshape(value.shape).copy())
    if isinstance(value, np.dtype):
        return getattr(torch, value.name)
    if type(value) in (list, tuple):
        return type(value)(map(to_torch, value))
    return value


def call_torch(case: Case, arrays: Sequence[Array], grad: bool = False) -> tuple[Any, Any]:
    """PyTorch's inputs and outputs."""
    function = torch_function(case)
    assert function is not None
    inputs = [to_torch(array).requires_grad_(grad and array.dtype.kind == "f") for array in arrays]
    positional = [to_torch(argument) for argument in arguments(case, inputs)]
    params = {name: to_torch(value) for name, value in case.params.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = function(*positional, **params)
    return inputs, tuple(result) if isinstance(result, (tuple, list)) else (result,)


# -- values ----------------------------------------------------------------------------------------


def check_value(case: Case, dtype: str = "float64") -> None:
    """The row's function returns what the oracle, or PyTorch, returns for the same numbers."""
    arrays = arrays_of(case, dtype)
    doubled = [a.astype("float64") if a.dtype.kind == "f" else a for a in arrays]
    if case.oracle is not None:
        result = case.oracle(*arguments(case, doubled), **case.params)
        expected = result if isinstance(result, (tuple, list)) else (result,)
    elif torch_function(case) is not None:
        expected = call_torch(case, doubled)[1]
    else:
        raise AssertionError("the row has no oracle, and PyTorch no such function")
    assert_same(call(case, tensors_of(case, arrays)), expected, CLOSE[dtype])


def check_dtype(case: Case, dtype: str) -> None:
    """The dtypes of the results are PyTorch's."""
    arrays = arrays_of(case, dtype)
    for ours, theirs in zip(call(case, arrays_to_tensors(arrays)), call_torch(case, arrays)[1]):
        if isinstance(ours, Variable):
            assert str(theirs.dtype) == f"torch.{as_array(ours).dtype.name}"


def arrays_to_tensors(arrays: Sequence[Array]) -> list[Any]:
    return [autograd.from_numpy(array) for array in arrays]


def assert_same(ours: Sequence[Any], theirs: Sequence[Any], tolerance: float) -> None:
    assert len(ours) == len(theirs), f"{len(ours)} outputs, expected {len(theirs)}"
    for i, (one, other) in enumerate(zip(map(as_array, ours), map(as_array, theirs))):
        assert one.shape == other.shape, f"output {i} has shape {one.shape}, expected {other.shape}"
        finite = other[np.isfinite(other)] if other.dtype.kind in "fc" else other
        scale = np.max(np.abs(finite), initial=1e-3) if finite.dtype.kind != "b" else 1
        close = CLOSE["float32"] if one.dtype in (np.float32, np.complex64) else tolerance
        np.testing.assert_allclose(one, other, rtol=close, atol=close * scale)


def check_layouts(case: Case) -> None:
    """Values and gradients do not depend on how the inputs lie in memory (or it is refused)."""
    arrays = arrays_of(case)
    expected = values_and_gradients(case, arrays)
    for layout in (transposed, sliced, reversed_):
        try:
            found = values_and_gradients(case, [layout(array) for array in arrays])
        except ShapeError as error:
            if "is not contiguous" not in str(error):
                raise
            continue
        assert_same(found, expected, 1e-12)


def transposed(array: Array) -> Array:
    return array.T.copy().T


def sliced(array: Array) -> Array:
    """In every second place of larger memory."""
    memory = np.zeros([2 * size for size in array.shape], array.dtype)
    view = memory[(slice(None, None, 2),) * array.ndim + (...,)]
    view[...] = array
    return view


def reversed_(array: Array) -> Array:
    """With negative strides."""
    back = (slice(None, None, -1),) * array.ndim + (...,)
    return array[back].copy()[back]


def values_and_gradients(case: Case, arrays: Sequence[Array]) -> list[Any]:
    tensors = tensors_of(case, arrays)
    outputs = call(case, tensors)
    return [*outputs, *first_gradients(outputs, tensors)]


def recorded(tensors: Sequence[Any]) -> list[Any]:
    return [t for t in tensors if getattr(t, "requires_grad", False)]


def first_gradients(outputs: Sequence[Any], tensors: Sequence[Any]) -> list[Any]:
    wanted, roots = recorded(tensors), recorded(outputs)
    if not wanted or not roots:
        return []
    starts = [autograd.from_numpy(weights(root, 1)) for root in roots]
    return list(autograd.grad(roots, wanted, starts, materialize_grads=True))


def weights(like: Any, seed: int) -> Array:
    """Random numbers of the shape and dtype of ``like``."""
    array = as_array(like)
    return np.asarray(np.random.default_rng(seed).uniform(0.5, 1.5, array.shape), array.dtype)


def check_shapes(case: Case) -> None:
    """An elementwise operation takes inputs of any shape: 0-d, empty, broadcast."""
    shapes = [[(), (3,), (2, 3)], [(0,), (1,), ()], [(2, 1), (1, 3), (3,)], [(2, 0), (2, 1), (0,)]]
    for shape in [[()] * 3, *shapes]:
        if len({item.dtype for item in inputs_of(case)}) == 1:  # oracles promote as NumPy does
            check_value(reshaped(case, shape))
        if torch_function(case) is not None:
            check_against_torch(reshaped(case, shape))


def reshaped(case: Case, shapes: Sequence[tuple[int, ...]]) -> Case:
    rest = iter([*shapes, *shapes])
    inputs = [replace(x, shape=next(rest)) if isinstance(x, Input) else x for x in case.inputs]
    return replace(case, inputs=inputs)


# -- gradients -------------------------------------------------------------------------------------


def check_against_torch(case: Case) -> None:
    """Values, gradients and second-order gradients are PyTorch's."""
    arrays = arrays_of(case)
    theirs, their_outputs = call_torch(case, arrays, case.differentiable)
    tensors = tensors_of(case, arrays)
    outputs = call(case, tensors)
    assert_same(outputs, their_outputs, CLOSE["float64"])
    if not recorded(tensors) or not recorded(their_outputs):
        return
    ours = both_orders(autograd.grad, autograd.from_numpy, outputs, recorded(tensors))
    expected = both_orders(torch_grad, torch.from_numpy, their_outputs, recorded(theirs))
    assert_same(ours[: len(expected)], expected, CLOSE["float64"])


def torch_grad(outputs: Any, inputs: Any, *args: Any, **params: Any) -> Any:
    """PyTorch's gradients; none where it has no derivative."""
    try:
        return torch.autograd.grad(outputs, inputs, *args, **params)
    except RuntimeError as error:
        if "not implemented" not in str(error):
            raise
        return ()


def both_orders(
    grad: Callable[..., Any], wrap: Any, outputs: Sequence[Any], inputs: Sequence[Any]
) -> list[Any]:
    """The gradients of a weighted sum of the outputs, and those of a weighted sum of these."""
    roots = recorded(outputs)
    starts = [wrap(weights(root, 1)).requires_grad_() for root in roots]
    again = {"materialize_grads": True, "allow_unused": True}
    first = grad(roots, inputs, starts, create_graph=True, **again)
    roots = recorded(first)
    if not roots:
        return list(first)
    second = grad(roots, [*inputs, *starts], [wrap(weights(root, 2)) for root in roots], **again)
    return [*first, *second]


def check_gradients(case: Case) -> None:
    """First and second derivatives are what finite differences give."""
    tensors = tensors_of(case, arrays_of(case))

    def function(*values: Any) -> Any:
        return tuple(out for out in call(case, values) if isinstance(out, Variable))

    try:
        gradcheck(function, tensors, atol=1e-6, rtol=1e-6)
        gradgradcheck(function, tensors, atol=1e-6, rtol=1e-6, fast_mode=True)
    except GradcheckError as error:
        raise AssertionError(str(error)) from None


# -- memory ----------------------------------------------------------------------------------------


def check_memory(case: Case) -> None:
    """Inputs are not changed; gradients share memory with nothing; a result does so knowingly."""
    arrays = arrays_of(case)
    before = [array.copy() for array in arrays]
    tensors = tensors_of(case, arrays)
    outputs = call(case, tensors)
    for out in outputs:
        for x in tensors if isinstance(out, Variable) else ():
            if out is not x and np.may_share_memory(as_array(out), as_array(x)):
                assert out._version is not None, "a result shares memory with an input unnoticed"
                assert version_of(out) is version_of(x)
    gradients = [as_array(gradient) for gradient in first_gradients(outputs, tensors)]
    others = [*arrays, *(as_array(out) for out in outputs)]
    for i, gradient in enumerate(gradients):
        for other in [*gradients[:i], *others]:
            assert not np.may_share_memory(gradient, other), "a gradient shares its memory"
    for array, old in zip(arrays, before):
        np.testing.assert_array_equal(array, old, "an input was changed")


def check_freed(case: Case) -> None:
    """A backward pass lets go of what was saved, and a second one says so."""
    tensors = tensors_of(case, arrays_of(case))
    roots = recorded(call(case, tensors))
    nodes = list(nodes_below([root._edge for root in roots]))
    holding = [node for node in nodes if node.plan.holds_arrays]
    starts = [autograd.from_numpy(weights(root, 1)) for root in roots]
    autograd.backward(roots, starts)
    assert all(node.saved is None and node.args is None for node in holding)
    if holding:
        try:
            autograd.backward(roots, starts)
        except GraphError:
            return
        raise AssertionError("a second backward pass went through a freed graph")


def nodes_below(edges: Sequence[Any]) -> Iterator[Node]:
    seen: set[Any] = set()
    stack = list(edges)
    while stack:
        edge = stack.pop()
        if edge not in seen:
            seen.add(edge)
            stack.extend(edge.edges)
            if isinstance(edge, Node):
                yield edge


# -- refusals --------------------------------------------------------------------------------------


def check_refused(case: Case, bad: Bad) -> None:
    """The arguments are refused with the right exception, which names the operation."""
    raised = None
    try:
        case.function(*[as_argument(arg) for arg in bad.args], **bad.params)
    except Exception as error:
        raised = error
    assert isinstance(raised, bad.error), f"{raised!r} instead of {bad.error.__name__}"
    assert bad.message in str(raised), f"{bad.message!r} is not in {str(raised)!r}"
    assert re.match(r"[\w.]+: ", str(raised)), f"{str(raised)!r} does not name an operation"


def as_argument(arg: Any) -> Any:
    if isinstance(arg, Input):
        arg = arg.draw(np.random.default_rng(0))
    if isinstance(arg, np.ndarray):
        return autograd.from_numpy(arg)
    return [as_argument(item) for item in arg] if type(arg) is list else arg
