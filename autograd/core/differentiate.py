"""`backward` and `grad`: the two ways to ask for gradients."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autograd.core.backward import add_to_grad, walk
from autograd.core.broadcast import cast
from autograd.core.variable import Sink, Variable, make, unwrap
from autograd.errors import DTypeError, GraphError, ShapeError, describe, not_a_tensor


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """Add to the ``.grad`` of every leaf its gradient of the sum of ``tensors``.

    ``grad_tensors``: for each of ``tensors``, the gradient to start with; needed where it has more
    than one element. ``inputs``: only to these. The graph is freed, unless ``retain_graph`` (by
    default: ``create_graph``). Raises GraphError if nothing was recorded, ShapeError if a gradient
    does not fit.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> autograd.backward((x * x).sum())
    >>> x.grad
    tensor([2., 4.])
    """
    retain_graph = create_graph if retain_graph is None else retain_graph
    roots = _roots("backward", _as_tuple(tensors), grad_tensors, create_graph)
    if inputs is None:
        walk(roots, retain_graph, create_graph)
        return
    inputs = _as_tuple(inputs)
    if not inputs:
        raise GraphError("backward: inputs is empty; leave it out for all leaves")
    edges = _input_edges("backward", inputs)
    found = walk(roots, retain_graph, create_graph, edges)
    for edge, tensor in dict(zip(edges, inputs)).items():
        if edge in found:
            if tensor._sink is None:
                tensor._sink = Sink(tensor._array)
            add_to_grad(tensor._sink, found[edge], create_graph)


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool | None = None,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """The gradients of the sum of ``outputs`` by each of ``inputs``, leaving every ``.grad`` alone.

    With ``create_graph`` they can be differentiated again. For an input that the outputs do not
    depend on: GraphError; None with ``allow_unused``; zeros with ``materialize_grads``.

    >>> import autograd
    >>> x = autograd.tensor(3.0, requires_grad=True)
    >>> (first,) = autograd.grad(x**3, x, create_graph=True)
    >>> autograd.grad(first, x)
    (tensor(18.),)
    """
    inputs = _as_tuple(inputs)
    if not inputs or (materialize_grads and allow_unused is False):
        raise ShapeError("grad: needs inputs, and allow_unused for materialize_grads")
    edges = _input_edges("grad", inputs)
    roots = _roots("grad", _as_tuple(outputs), grad_outputs, create_graph)
    found = walk(roots, create_graph if retain_graph is None else retain_graph, create_graph, edges)
    gradients = [found.get(edge) for edge in edges]
    if materialize_grads:
        gradients = [
            make(np.zeros_like(x._array)) if g is None else g for x, g in zip(inputs, gradients)
        ]
    elif not allow_unused and any(g is None for g in gradients):
        i = next(i for i, g in enumerate(gradients) if g is None)
        raise GraphError(
            f"grad: the outputs do not depend on inputs[{i}] ({describe(unwrap(inputs[i]))}); pass "
            "allow_unused=True for None, or "
            "materialize_grads=True for zeros"
        )
    return tuple(gradients)


def _as_tuple(tensors: Any) -> tuple[Any, ...]:
    one = hasattr(tensors, "dtype") or not isinstance(tensors, Iterable)
    return (tensors,) if one else tuple(tensors)


def _input_edges(operation: str, inputs: Sequence[Any]) -> list[Any]:
    for i, tensor in enumerate(inputs):
        if not isinstance(tensor, Variable):
            raise DTypeError(
                f"{operation}: inputs[{i}] is a {type(tensor).__name__}; it must be a tensor"
            )
        if tensor._edge is None:
            raise GraphError(
                f"{operation}: inputs[{i}] ({describe(tensor._array)}) does not require grad; "
                "create it with requires_grad=True"
            )
    return [tensor._edge for tensor in inputs]


def _roots(
    operation: str, tensors: Sequence[Any], gradients: Any, create_graph: bool
) -> list[tuple[Any, Any]]:
    given = (None,) * len(tensors) if gradients is None else _as_tuple(gradients)
    if len(given) != len(tensors):
        raise ShapeError(
            f"{operation}: {len(given)} gradients for {len(tensors)} tensors; give one for each, "
            "or none"
        )
    return [
        _root(operation, tensor, gradient, create_graph) for tensor, gradient in zip(tensors, given)
    ]


def _root(operation: str, tensor: Any, gradient: Any, create_graph: bool) -> tuple[Any, Any]:
    """The edge of a tensor, and the gradient to start with there."""
    if not isinstance(tensor, Variable):
        raise DTypeError(f"{operation}: needs tensors, got {type(tensor).__name__}")
    array = tensor._array
    if tensor._edge is None:
        raise GraphError(
            f"{operation}: the tensor ({describe(array)}) was not recorded: nothing it was "
            "computed from requires grad, "
            "or it was computed under no_grad(). Create what you want gradients for with "
            "requires_grad=True"
        )
    if gradient is None:
        if array.size != 1:
            raise ShapeError(
                f"{operation}: the tensor has shape {array.shape}; only a single number has a "
                "gradient by itself. "
                "Reduce it (.sum(), .mean()), or pass the gradient to start with"
            )
        if array.dtype.kind == "c":
            raise DTypeError(
                f"{operation}: the tensor is {array.dtype}; a gradient starts from a real number"
            )
        gradient = make(np.ones_like(array))
    given = unwrap(gradient)
    if not hasattr(given, "dtype"):
        raise not_a_tensor(given, operation, "the gradient")
    if given.shape != array.shape:
        raise ShapeError(
            f"{operation}: the gradient has shape {given.shape}, the tensor {array.shape}; they "
            "must agree"
        )
    if given.dtype != array.dtype:
        if "c" in (given.dtype.kind, array.dtype.kind):
            raise DTypeError(
                f"{operation}: the gradient is {given.dtype}, the tensor {array.dtype}; where one "
                "is complex, they must agree"
            )
        gradient = cast(gradient, array.dtype)
    return tensor._edge, gradient if create_graph else unwrap(gradient)
