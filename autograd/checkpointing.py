"""`checkpoint`: memory for time, by computing a part of the graph again when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import Any

import numpy as np

from autograd.core.backward import walk
from autograd.core.node import Node, Output
from autograd.core.primitive import primitive
from autograd.core.variable import Array, Sink, Variable, Version, make, unwrap, version_of
from autograd.errors import GraphError, describe
from autograd.generator import get_rng_state, set_rng_state
from autograd.modes import Mode, is_grad_enabled, modes
from autograd.nested import leaves, mapped, rebuild


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    preserve_rng_state: bool = True,
    **kwargs: Any,
) -> Any:
    """``function(*args, **kwargs)``, keeping nothing but its inputs for the backward.

    What the backward needs is computed again then, with the same random numbers if
    ``preserve_rng_state`` (Chen et al., 2016: Training deep nets with sublinear memory cost). It
    may be nested, and differentiated twice; parameters that ``function`` uses besides its arguments
    get their gradients too. ``use_reentrant`` is accepted and makes no difference. Raises
    GraphError in the backward if an argument was changed in place meanwhile.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> autograd.checkpoint(lambda x: (x.exp() * x).sum(), x).backward()
    >>> x.grad
    tensor([ 5.4366, 22.1672])
    """
    if not is_grad_enabled():
        return function(*args, **kwargs)
    return _Segment(function, args, kwargs, preserve_rng_state).first_result()


@primitive(joint=lambda g, wanted, segment: segment.gradients(g, wanted), holomorphic=False)
def _segment(*edges: Array, segment: _Segment, arrays: Sequence[Any]) -> Any:
    return arrays[0] if len(arrays) == 1 else tuple(arrays)


class _Segment:
    """A part of the graph that is computed twice: for its result, and for its gradients."""

    def __init__(
        self, function: Callable[..., Any], args: Any, kwargs: dict[str, Any], keeps_state: bool
    ) -> None:
        self.function, self.arguments = function, (args, kwargs)
        self.modes = modes.get()
        self.state = get_rng_state() if keeps_state else None
        self.versions = [
            (x, version_of(x).changed) for x in leaves(self.arguments) if isinstance(x, Variable)
        ]
        # The edges of what the result depends on: arguments, and whatever else the function uses.
        self.edges: list[Any] = []

    def first_result(self) -> Any:
        """The result. Of its graph only the ends are kept."""
        start = Version()
        start.bump()  # so that what is recorded from now on has a later time
        inner, result = self.run(_leaf)
        found = list(leaves(result))
        recorded = [x for x in found if _is_recorded(x)]
        if not recorded:
            return result
        outer = {x._edge: edge for edge, x in inner.items()}
        ends = _ends([x._edge for x in recorded], outer.keys(), start.changed)
        self.edges = [outer.get(edge, edge) for edge in ends]
        places = [make(np.empty(0), edge) for edge in self.edges]
        outs: Any = _segment(*places, segment=self, arrays=[x._array for x in recorded])
        replaced = iter(outs if isinstance(outs, tuple) else (outs,))
        return rebuild(result, iter([next(replaced) if _is_recorded(x) else x for x in found]))

    def gradients(self, g: Any, wanted: Sequence[bool]) -> list[Any]:
        """The gradients by ``edges``, given those by the recorded results."""
        for x, changed in self.versions:
            if version_of(x).changed != changed:
                raise GraphError(
                    f"checkpoint: an argument ({describe(x._array)}) was changed in place after "
                    "the forward, so it can't be computed again. Pass a clone()"
                )
        g = g if isinstance(g, tuple) else (g,)
        create_graph = isinstance(g[0], Variable)
        # For a backward that is itself recorded, the arguments keep their places in the graph.
        enter = _view if create_graph else _leaf
        inner, result = self.run(enter)
        edges = [inner[edge]._edge if edge in inner else edge for edge in self.edges]
        roots = [(x._edge, part) for x, part in zip(filter(_is_recorded, leaves(result)), g)]
        found = walk(roots, True, create_graph, edges, stop=True)
        gradients = [found.get(edge) if flag else None for edge, flag in zip(edges, wanted)]
        return gradients if create_graph else [unwrap(gradient) for gradient in gradients]

    def run(self, enter: Callable[[Any], Any]) -> tuple[dict[Any, Any], Any]:
        """The function's result, in the circumstances of the first time, and what ``enter`` made of
        each recorded argument, by its edge."""
        inner: dict[Any, Any] = {}

        def entered(x: Any) -> Any:
            if not _is_recorded(x):
                return x
            if x._edge not in inner:
                inner[x._edge] = enter(x)
            return inner[x._edge]

        now = get_rng_state()
        if self.state is not None:
            set_rng_state(self.state)
        try:
            with Mode(**self.modes._replace(grad=True)._asdict()):
                args, kwargs = mapped(entered, self.arguments)
                result = self.function(*args, **kwargs)
        finally:
            if self.state is not None and self.edges:
                set_rng_state(now)
        return inner, result


def _leaf(x: Any) -> Any:
    return make(x._array, Sink(x._array))


def _view(x: Any) -> Any:
    return x.view_as(x)


def _is_recorded(x: Any) -> bool:
    return isinstance(x, Variable) and x._edge is not None


def _ends(roots: Sequence[Any], inputs: Set[Any], start: int) -> list[Any]:
    """The edges below ``roots`` that were not recorded since ``start``: leaves, ``inputs``, and
    what was there before."""
    ends: list[Any] = []
    seen, stack = set(roots), list(roots)
    while stack:
        edge = stack.pop()
        node = edge.edges[0] if isinstance(edge, Output) else edge
        if edge in inputs or not isinstance(node, Node) or node.time < start:
            ends.append(edge)
            continue
        new = set(edge.edges) - seen
        seen |= new
        stack += new
    return ends
