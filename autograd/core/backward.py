"""Reverse-mode differentiation: one walk over the graph, from the results to the leaves."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.core import anomaly
from autograd.core.broadcast import cast, sum_to
from autograd.core.node import Edge, Node, Output, Plan, Stale
from autograd.core.primitive import Primitive, as_array
from autograd.core.variable import Sink, Variable, make, unwrap, version_of
from autograd.errors import DTypeError, ShapeError, describe
from autograd.modes import Mode, modes

Roots = Sequence[tuple[Edge, Any]]
_TIME = operator.attrgetter("time")
_SUM_TO: Primitive = vars(sum_to)["primitive"]


def walk(
    roots: Roots,
    retain_graph: bool,
    create_graph: bool,
    targets: Sequence[Edge] | None = None,
    stop: bool = False,
) -> dict[Edge, Any]:
    """Send the gradients of ``roots`` (tensors' edges, each with the gradient of its tensor)
    through the graph.

    Without ``targets`` they end in the ``.grad`` of the leaves; with them, only what leads there is
    computed, and their gradients are returned; if ``stop``, nothing goes on from a target.
    Gradients are arrays on their way, tensors if ``create_graph``."""
    gradients = [g for _, g in roots]
    if not create_graph:
        return _Walk(roots, targets, retain_graph, False, stop).run(gradients)
    with Mode(grad=True):
        return _Walk(roots, targets, retain_graph, True, stop).run(gradients)


class _Start:
    """A node above the roots, whose "inputs" they are: a root may also lie below another root."""

    __slots__ = ("edges",)

    hooks = None

    def __init__(self, edges: Sequence[Edge]) -> None:
        self.edges = edges


class _Walk:
    """The state of one walk.

    It goes from the youngest node to the oldest. An operation is younger than what it was given, so
    a tensor's gradient is complete when its turn comes: everything that uses it has been there."""

    def __init__(
        self,
        roots: Roots,
        targets: Sequence[Edge] | None,
        retain_graph: bool,
        create_graph: bool,
        stop: bool,
    ) -> None:
        self.start = _Start([edge for edge, _ in roots])
        self.targets = set(targets or ())
        self.stops = self.targets if stop else ()
        self.needed = None if targets is None else _leading_to(self.targets, self.start)
        self.retain_graph = retain_graph
        self.create_graph = create_graph
        # The sum of the gradients that have come for each edge, and whether that sum is the walk's
        # own array, which it may add to in place.
        self.pending: dict[Any, Any] = {}
        self.owned: set[Edge] = set()
        # The gradients of the outputs of an operation that has several.
        self.parts: dict[Edge, list[Any]] = {}
        self.found: dict[Edge, Any] = {}
        self.anomaly = modes.get().anomaly
        # Whether gradients have come through an operation that leaves out elements.
        self.masked = False

    def run(self, gradients: Sequence[Any]) -> dict[Edge, Any]:
        """Send ``gradients``, those of the roots, through the graph; return the gradients of the
        targets."""
        pending, owned, create_graph = self.pending, self.owned, self.create_graph
        special = self.needed is not None or self.anomaly
        pending[self.start] = gradients
        for edge in _from_young_to_old(self.start):
            g = pending.pop(edge, None)
            if g is None and edge in self.parts:
                g = self.complete(edge, self.parts.pop(edge))
            if g is None or special or type(edge) is not Node or edge.hooks:
                gradients = self.special_gradients(edge, g)
            else:
                plan = edge.plan
                gradients = edge.gradients(plan, g, create_graph)
                if plan.masks:
                    special = self.masked = True
                if plan.holds_arrays and not self.retain_graph:
                    edge.saved = edge.args = None  # as free(), without the call
            for child, gradient in zip(edge.edges, gradients):
                if gradient is None:
                    continue
                if gradient.shape != child.shape or gradient.dtype is not child.dtype:
                    gradient = _fit(edge, gradient, child)
                if child not in pending:
                    pending[child] = gradient
                    if type(child) is Sink and self.is_new(gradient, edge, g):
                        owned.add(child)
                elif child in owned:
                    pending[child] += gradient
                else:
                    pending[child] = pending[child] + gradient
                    # NumPy is slow at adding to a single number in place.
                    if not create_graph and gradient.size > 1:
                        owned.add(child)
        for sink, g in pending.items():
            self.finish(sink, g)
        return self.found

    def special_gradients(self, edge: Any, g: Any) -> Sequence[Any]:
        """What ``edge`` sends on where that is more, or less, than the gradients of a node."""
        if g is not None and (edge.hooks or self.targets):
            g = self.observe(edge, g)
        if g is None or edge in self.stops:
            return ()
        if type(edge) is Node:
            return self.checked_gradients(edge, g)
        if type(edge) is Output:
            (node,) = edge.edges
            parts = self.parts.setdefault(node, [None] * len(node.shape))
            # A rule that was given the output has it as an edge of its own.
            old = parts[edge.index]
            parts[edge.index] = g if old is None else old + g
            return ()
        if type(edge) is Stale:
            edge.fail()
        gradients: Sequence[Any] = g  # the start's
        return gradients

    def checked_gradients(self, node: Node, g: Any) -> Sequence[Any]:
        """The gradients of a node: only the needed ones, and checked under anomaly mode."""
        keep = [self.needed is None or edge in self.needed for edge in node.edges]
        if not any(keep):
            return [None] * len(keep)
        plan = node.plan if all(keep) else node.plan.restricted(keep)
        gradients = iter(self.guarded(node, plan, g))
        if not self.retain_graph:
            node.free()
        if self.anomaly:
            gradients = anomaly.check_gradients(node, gradients)
        return [next(gradients) if flag else None for flag in keep]

    def guarded(self, node: Node, plan: Plan, g: Any) -> Sequence[Any]:
        """The gradients of a node, 0 where ``g`` is 0 because an element has been left out."""
        gradients = node.gradients(plan, g, self.create_graph)
        guard = plan.primitive.guard
        if self.masked and guard is not None:
            gradients = [guard(gradient, g) for gradient in gradients]
        self.masked = self.masked or plan.masks
        return gradients

    def complete(self, node: Node, parts: list[Any]) -> tuple[Any, ...]:
        """The gradients of all outputs of ``node``: zeros for those that nothing used."""
        like = unwrap(next(part for part in parts if part is not None))
        zeros = (
            np.zeros_like(like, shape=shape, dtype=dtype)
            for shape, dtype in zip(node.shape, node.dtype)
        )
        wrap = make if self.create_graph else unwrap
        return tuple(wrap(zero) if part is None else part for part, zero in zip(parts, zeros))

    def observe(self, edge: Edge, g: Any) -> Any:
        """``g`` as the hooks of the tensor leave it, noted if it is a target's."""
        if edge.hooks:
            self.owned.discard(edge)  # a hook may keep it
            # What retain_grad keeps is what the other hooks leave.
            hooks = sorted(edge.hooks.items(), key=lambda item: item[0] == "retain_grad")
            with Mode(grad=self.create_graph):
                for _, hook in hooks:
                    g = self.run_hook(hook, g)
        if edge in self.targets:
            self.found[edge] = g if self.create_graph else self.independent(edge, g)
        return g

    def run_hook(self, hook: Callable[[Any], Any], g: Any) -> Any:
        """What ``hook`` returns in place of the gradient ``g``, or ``g``."""
        replacement = hook(g if self.create_graph else make(as_array(g)))
        if replacement is None:
            return g
        if not hasattr(unwrap(replacement), "dtype"):
            raise DTypeError(f"backward: a hook must return a tensor or None, not {replacement!r}")
        if unwrap(replacement).shape != g.shape or unwrap(replacement).dtype != g.dtype:
            raise ShapeError(
                f"backward: a hook returned {describe(unwrap(replacement))} in place of a gradient "
                f"that is {describe(unwrap(g))}; they must agree"
            )
        return replacement if self.create_graph else unwrap(replacement)

    def finish(self, sink: Any, g: Any) -> None:
        """Deliver the complete gradient of a leaf: add it to its ``.grad``."""
        if sink.hooks or self.targets:
            g = self.observe(sink, g)
        if self.anomaly:
            anomaly.check_leaf(g)
        if self.needed is None:
            if sink.grad is None:
                g = self.independent(sink, g)
            elif not self.create_graph:
                g = make(as_array(g))
            add_to_grad(sink, g, self.create_graph)

    def is_new(self, gradient: Any, edge: Any, g: Any) -> bool:
        """Whether nothing else can refer to the memory of ``gradient``, which ``edge`` sends on."""
        if self.create_graph or type(edge) is not Node:  # a root's is the user's
            return False
        # A rule returns a new array, a view, or g itself; g are several for several outputs.
        given = g if type(g) is tuple else (g,)
        return gradient.base is None and all(gradient is not part for part in given)

    def independent(self, edge: Edge, g: Any) -> Any:
        """``g`` as a tensor that shares no memory with another gradient, so that the user may
        change it."""
        if self.create_graph:
            return g.clone()
        return make(as_array(g) if edge in self.owned else np.copy(g))


def add_to_grad(sink: Sink, gradient: Any, create_graph: bool) -> None:
    """Add ``gradient`` to ``sink.grad``: in place, unless either is part of a graph."""
    grad = sink.grad
    if grad is None:
        sink.grad = gradient
    elif create_graph or grad._edge is not None:
        sink.grad = grad + gradient
    else:
        grad._array += gradient._array
        version_of(grad).bump()
    for hook in tuple(sink.after_hooks.values()):
        hook()


def _from_young_to_old(start: _Start) -> list[Any]:
    """``start``, and all nodes below it by the time of their recording, the last first."""
    seen: set[Any] = set()
    stack: list[Any] = [start]
    while stack:
        for edge in stack.pop().edges:
            if edge not in seen and type(edge) is not Sink:  # sinks come last anyway
                seen.add(edge)
                stack.append(edge)
    return [start, *sorted(seen, key=_TIME, reverse=True)]


def _leading_to(targets: set[Edge], start: _Start) -> set[Edge]:
    """All below ``start`` that a path leads from to a target, or may have; the targets too."""
    needed = set(targets)
    seen: set[Any] = set()
    stack: list[Any] = [start]
    while stack:
        edge = stack[-1]
        if edge not in seen:  # on the way down; on the way up, all below it has been decided
            seen.add(edge)
            stack.extend(child for child in edge.edges if child not in seen)
            continue
        stack.pop()
        if type(edge) is Stale or not needed.isdisjoint(edge.edges):  # what is stale must say so
            needed.add(edge)
    return needed


def _fit(edge: Any, gradient: Any, child: Edge) -> Any:
    """``gradient`` in the shape and dtype of the input it belongs to: broadcasting and promotion
    undone."""
    if gradient.shape != child.shape:
        # On an array, mostly for a bias, the call of the operation would cost more than the sum.
        summed = sum_to if isinstance(gradient, Variable) else _SUM_TO.run
        try:
            gradient = summed(gradient, child.shape)
        except ShapeError:
            raise ShapeError(
                f"backward: a rule of {edge.name} gave a gradient of shape {gradient.shape} for an "
                "input of shape "
                f"{child.shape}; it must have that shape, or one that the input broadcasts to"
            ) from None
    return gradient if gradient.dtype == child.dtype else cast(gradient, child.dtype)
