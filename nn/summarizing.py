"""`summary`: the layers of a model, what comes out of them, and what they cost."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.core.variable import Variable, make, version_of
from autograd.dtypes import as_dtype, get_default_dtype
from autograd.errors import DTypeError, ShapeError, describe
from autograd.generator import get_rng_state, set_rng_state
from autograd.modes import enable_grad
from autograd.multiply_adds import multiply_adds
from autograd.nested import leaves
from autograd.observing import Chain, Observer, nodes_behind, observing
from autograd.tables import as_html, as_text, count, size
from nn.module import Module
from nn.parameter import is_lazy
from nn.tree import own_buffers, own_parameters

Shape = tuple[int, ...]


@dataclass(slots=True)
class LayerSummary:
    """One module of a model: what it holds and does itself, without the modules inside it."""

    name: str  # its path; empty for the model
    kind: str  # its class
    depth: int  # how many modules it is inside of
    calls: int = 0
    is_used: bool = False  # whether it was called, or a module inside it
    output_shapes: list[Shape] = field(default_factory=list)  # of the last call
    parameters: int = 0  # those that no earlier module has too
    trainable_parameters: int = 0
    multiply_adds: int = 0  # in all calls
    activation_bytes: int = 0  # of what its operations keep for their backward

    def add(self, other: LayerSummary) -> None:
        """Count ``other``, a module inside it, as part of it."""
        self.parameters += other.parameters
        self.trainable_parameters += other.trainable_parameters
        self.multiply_adds += other.multiply_adds
        self.activation_bytes += other.activation_bytes


class Summary:
    """What `summary` returns: `rows` and their sums; printed, a table."""

    def __init__(self, rows: list[LayerSummary], parameter_bytes: int) -> None:
        self.rows = rows
        self.parameters = sum(row.parameters for row in rows)
        self.trainable_parameters = sum(row.trainable_parameters for row in rows)
        self.parameter_bytes = parameter_bytes
        self.multiply_adds = sum(row.multiply_adds for row in rows)
        self.activation_bytes = sum(row.activation_bytes for row in rows)

    def __str__(self) -> str:
        table = as_text(_HEADER, [_cells(row) for row in self.rows], names=3)
        return "\n".join([table, "", *self._sums()])

    def __repr__(self) -> str:
        return f"<Summary of {len(self.rows)} modules, {self.parameters:,} parameters>"

    def _repr_html_(self) -> str:
        table = as_html(_HEADER, [_cells(row) for row in self.rows], names=3)
        return table + "".join(f"<p>{line}</p>" for line in self._sums())

    def _sums(self) -> list[str]:
        memory = size(self.parameter_bytes) or "0 B"
        return [
            f"parameters: {self.parameters:,} ({self.trainable_parameters:,} trainable), {memory}",
            f"multiply-adds: {self.multiply_adds:,}",
            f"activations kept for backward: {size(self.activation_bytes) or '0 B'}",
        ]


_HEADER = ["layer", "class", "output", "parameters", "multiply-adds", "activations"]


def _cells(row: LayerSummary) -> list[str]:
    name = "  " * row.depth + (row.name or "model")
    output = ", ".join(map(str, row.output_shapes)) if row.is_used else "not called"
    if row.calls > 1:
        output += f" ({row.calls} calls)"
    numbers = count(row.parameters), count(row.multiply_adds), size(row.activation_bytes)
    return [name, row.kind, output, *numbers]


def summary(
    model: Module, input_shape: Any, *, dtype: Any = None, depth: int | None = None
) -> Summary:
    """The modules of ``model``, from one call: output shapes, parameters, multiply-adds, memory.

    ``input_shape``: the shape of the input, batch and all, or a tensor; for several inputs, a list
    of these, or of whatever has tensors in it, as a pair of states. Inputs of a floating ``dtype``
    (one for all, or a list; by default the default dtype) are random, others 0. The rows stand in
    the order of definition; each counts what the module does itself, so that they add up. Modules
    in more than ``depth`` others are counted in these.

    A parameter that several modules share counts for the first. Multiply-adds are those of matrix
    products, convolutions, attention and recurrences, by the shapes that they meet. Activation
    memory is what the graph holds until the backward: each array once, for the oldest operation
    that saved it, without parameters, buffers and inputs; a model whose parameters are frozen keeps
    none. The call is made in eval mode and recorded, and leaves the model's modes, its buffers and
    the random state as they were; lazy modules get their shapes by it. Raises ShapeError,
    DTypeError, what the model raises, and AutogradError inside of `autograd.profile`.

    >>> import nn
    >>> print(nn.summary(nn.Sequential(nn.Dense(3, 4), nn.ReLU(), nn.Dense(4, 2)), (10, 3)))
    layer  class       output   parameters  multiply-adds  activations
    ------------------------------------------------------------------
    model  Sequential  (10, 2)
      0    Dense       (10, 4)          16            120
      1    ReLU        (10, 4)                                   160 B
      2    Dense       (10, 2)          10             80
    <BLANKLINE>
    parameters: 26 (26 trainable), 104 B
    multiply-adds: 200
    activations kept for backward: 160 B
    """
    if not isinstance(model, Module):
        raise DTypeError(f"summary: model must be a Module, got {describe(model)}")
    if depth is not None and depth < 0:
        raise ShapeError(f"summary: depth must be at least 0, got {depth}")
    inputs = _inputs(input_shape, dtype)
    observer = _Layers(model)
    with _as_it_was(model), enable_grad(), observing(observer, "summary"):
        output = model(*inputs)
    observer.enter_parameters()
    observer.enter_memory(output, inputs)
    parameter_bytes = sum(p.nbytes for p in model.parameters() if not is_lazy(p))
    return Summary(_folded(list(observer.rows.values()), depth), parameter_bytes)


def _folded(rows: list[LayerSummary], depth: int | None) -> list[LayerSummary]:
    """``rows``, those deeper than ``depth`` counted in the ones above them."""
    found: list[LayerSummary] = []
    for row in rows:
        if depth is None or row.depth <= depth:
            found.append(row)
        else:
            found[-1].add(row)
    return found


# -- the inputs ------------------------------------------------------------------------------------


def _inputs(given: Any, dtype: Any) -> list[Any]:
    """The tensors to call the model with."""
    single = isinstance(given, Variable) or (
        isinstance(given, Sequence) and all(isinstance(each, (int, np.integer)) for each in given)
    )
    items = [given] if single else given
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise ShapeError(
            "summary: input_shape must be a shape, a tensor, or a list of these, got "
            f"{describe(given)}"
        )
    dtypes = list(dtype) if isinstance(dtype, (list, tuple)) else [dtype] * len(items)
    if len(dtypes) != len(items):
        raise ShapeError(f"summary: got {len(dtypes)} dtypes for {len(items)} inputs")
    generator = np.random.default_rng(0)  # its own: the program's random numbers stay as they are
    return [_input(item, each, generator) for item, each in zip(items, dtypes)]


def _input(item: Any, dtype: Any, generator: np.random.Generator) -> Any:
    if any(isinstance(leaf, Variable) for leaf in leaves(item)):
        return item
    sizes = isinstance(item, Sequence) and all(isinstance(n, (int, np.integer)) for n in item)
    if not sizes or any(n < 0 for n in item):
        raise ShapeError(f"summary: a shape is a tuple of sizes of at least 0, got {item!r}")
    kind = get_default_dtype() if dtype is None else as_dtype(dtype)
    floating = kind.kind in "fc"
    return make((generator.standard_normal(item) if floating else np.zeros(item)).astype(kind))


# -- what a call leaves behind ---------------------------------------------------------------------


@contextmanager
def _as_it_was(model: Module) -> Iterator[None]:
    """Eval mode in the block; after it, the modes, buffers and random state of before."""
    state = get_rng_state()
    modes = [(module, vars(module).get("training")) for module in model.modules()]
    buffers = [
        (module, name, buffer, buffer._array.copy())
        for module in model.modules()
        for name, buffer in own_buffers(module)
        if not is_lazy(buffer)
    ]
    try:
        model.eval()
        yield
    finally:
        for module, mode in modes:
            vars(module).pop("training") if mode is None else setattr(module, "training", mode)
        for module, name, buffer, array in buffers:
            _restore(module, name, buffer, array)
        set_rng_state(state)


def _restore(module: Any, name: str, buffer: Any, array: Any) -> None:
    """Put ``buffer``, with the values of ``array``, back into its place."""
    if vars(module).get(name, buffer) is not buffer:
        setattr(module, name, buffer)
    if not np.array_equal(buffer._array, array, equal_nan=array.dtype.kind in "fc"):
        buffer._array[...] = array
        version_of(buffer).bump()


# -- what is counted -------------------------------------------------------------------------------


class _Layers(Observer):
    """The rows of a model, filled while it is called by this thread."""

    def __init__(self, model: Module) -> None:
        super().__init__()
        self.model, self.caller = model, threading.get_ident()
        self.used: set[str] = set()  # the names of what was called, and of all around it
        self.rows = {
            module: LayerSummary(name, type(module).__name__, depth)
            for name, module, depth in _with_depth(model)
        }

    def row_of(self, chain: Chain) -> LayerSummary:
        """The row of the innermost module that the model holds."""
        held = (module for module in reversed(chain) if module in self.rows)
        return self.rows[next(held, self.model)]

    def operation(
        self, operation: Any, args: Any, params: dict[str, Any], out: Any, seconds: float
    ) -> None:
        if threading.get_ident() == self.caller:
            row = self.row_of(self.thread.modules)
            row.multiply_adds += multiply_adds(operation, args, params, out)

    def call(self, chain: Chain, output: Any, seconds: float) -> None:
        row = self.rows.get(chain[-1])
        if row is not None and threading.get_ident() == self.caller:
            row.calls += 1
            path = row.name.split(".")
            self.used.update(".".join(path[:length]) for length in range(len(path) + 1))
            row.output_shapes = [tuple(x.shape) for x in _tensors(output)]

    def enter_parameters(self) -> None:
        """Count the parameters, and note what has been called, and what it is by now."""
        seen: set[int] = set()
        for module, row in self.rows.items():
            row.kind = type(module).__name__  # a lazy module has changed its class
            row.is_used = row.name in self.used
            for _, parameter in own_parameters(module):
                if id(parameter) in seen or is_lazy(parameter):
                    continue
                seen.add(id(parameter))
                row.parameters += parameter.numel()
                row.trainable_parameters += parameter.numel() if parameter.requires_grad else 0

    def enter_memory(self, output: Any, inputs: Sequence[Any]) -> None:
        """Count what the graph behind ``output`` holds."""
        known = [*_tensors(inputs), *self.model.parameters(), *self.model.buffers()]
        seen = {id(_owner(x._array)) for x in known if not is_lazy(x)}
        edges = [x._edge for x in _tensors(output) if x._edge is not None]
        for node in nodes_behind(edges):
            for array in _saved(node):
                if id(array) not in seen and node.time in self.places:
                    seen.add(id(array))
                    self.row_of(self.places[node.time]).activation_bytes += array.nbytes


def _with_depth(model: Module) -> Iterator[tuple[str, Any, int]]:
    """The modules, their names, and how many others each is in."""
    paths: list[str] = []  # of the module itself and those around it
    for name, module in model.named_modules():
        while paths and paths[-1] and not name.startswith(f"{paths[-1]}."):
            paths.pop()
        yield name, module, len(paths)
        paths.append(name)


def _tensors(output: Any) -> list[Any]:
    return [leaf for leaf in leaves(output) if isinstance(leaf, Variable)]


def _saved(node: Any) -> Iterator[Any]:
    """The memory that a node holds."""
    for leaf in leaves(node.saved or ()):
        if hasattr(leaf, "__array_ufunc__") and not isinstance(leaf, np.generic):
            yield _owner(leaf)


def _owner(array: Any) -> Any:
    """The array whose memory it is."""
    while hasattr(array.base, "nbytes") and hasattr(array.base, "dtype"):
        array = array.base
    return array
