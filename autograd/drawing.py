"""`draw`: the graph behind a tensor, as DOT text and as a picture."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd.core.node import Edge, Node, Output, Stale
from autograd.core.variable import Sink, Variable
from autograd.errors import DTypeError, GraphError, ShapeError, describe, not_a_tensor
from autograd.layering import COLOURS, Box, as_svg
from autograd.observing import nodes_behind


class Drawing:
    """What `draw` returns; Jupyter shows its picture."""

    def __init__(self, boxes: list[Box]) -> None:
        # Before the picture is made, which leads long arrows through points between the boxes.
        self.dot = _as_dot(boxes)
        self.svg = as_svg(boxes)

    def __str__(self) -> str:
        return self.dot

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the drawing to ``path``, whose ending says which: ".svg", or ".dot" or ".gv".

        Raises ShapeError for other endings, OSError where the file can't be written."""
        ending = os.path.splitext(path)[1]
        if ending not in (".svg", ".dot", ".gv"):
            raise ShapeError(
                f"draw: save writes .svg, .dot and .gv, not {ending!r}; Graphviz makes others: "
                "dot -Tpdf graph.dot -o graph.pdf"
            )
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.svg if ending == ".svg" else self.dot)


def draw(tensor: Any, names: Any = None, *, limit: int = 200) -> Drawing:
    r"""The recorded operations that ``tensor``, or each of a sequence of tensors, comes from.

    A white box is an operation with the dtype and shape of its result, a green one a leaf that
    requires grad, a blue one a tensor of yours; what needs no gradient is not recorded, and not
    there. ``names``: a module, whose parameters are called by their names, or tensors by name, in a
    dict. Of a larger graph the youngest ``limit`` operations are drawn, and a note of the others.
    Raises GraphError for a tensor without a graph.

    >>> import autograd
    >>> x = autograd.ones(2, requires_grad=True)
    >>> print(autograd.draw((x * x).sum(), {"x": x}))
    digraph {
      node [shape=box, style=filled, fontname=monospace, fontsize=11];
      n0 [label="x\nfloat32 (2,)", fillcolor="#d9ead3"];
      n1 [label="mul\nfloat32 (2,)", fillcolor="#ffffff"];
      n2 [label="sum\nfloat32 ()", fillcolor="#ffffff"];
      n3 [label="result\nfloat32 ()", fillcolor="#cfe2f3"];
      n0 -> n1;
      n0 -> n1;
      n1 -> n2;
      n2 -> n3;
    }
    """
    tensors = [tensor] if isinstance(tensor, Variable) else _sequence(tensor)
    if limit < 1:
        raise ShapeError(f"draw: limit must be at least 1, got {limit}")
    for each in tensors:
        if each._edge is None:
            raise GraphError(
                f"draw: a tensor ({describe(each)}) has no graph: nothing that it comes from "
                "requires grad, or it was computed under no_grad()"
            )
    return Drawing(_Graph(tensors, _names_by_edge(names), limit).boxes())


def _sequence(tensors: Any) -> list[Any]:
    found = list(tensors) if isinstance(tensors, Iterable) else [tensors]
    for each in found:
        if not isinstance(each, Variable):
            raise not_a_tensor(each, "draw", "tensor")
    if not found:
        raise ShapeError("draw: needs at least one tensor, got none")
    return found


def _names_by_edge(names: Any) -> dict[Edge, str]:
    if names is None:
        return {}
    if hasattr(names, "named_parameters"):
        names = dict(names.named_parameters())
    if not isinstance(names, Mapping) or not all(isinstance(x, Variable) for x in names.values()):
        raise DTypeError(
            f"draw: names must be a module or a dict of tensors by name, got {describe(names)}"
        )
    return {x._edge: str(name) for name, x in names.items() if x._edge is not None}


class _Graph:
    """The boxes for the graph behind some tensors."""

    def __init__(self, tensors: Sequence[Any], names: dict[Edge, str], limit: int) -> None:
        self.tensors, self.names = tensors, names
        nodes = nodes_behind(x._edge for x in tensors)
        self.left_out = len(nodes) - limit
        self.nodes = nodes[max(self.left_out, 0) :]
        self.drawn: dict[Edge, Box] = {}  # in the order of drawing
        self.note = Box([f"{self.left_out:,} earlier operations"], "note")

    def boxes(self) -> list[Box]:
        """All boxes, each after its inputs."""
        shown = set(self.nodes)
        for node in self.nodes:
            inputs = [self.source(edge, shown) for edge in node.edges]
            box = Box(self.lines(node, node.name), "operation")
            box.inputs = list(dict.fromkeys(inputs)) if self.note in dict(inputs) else inputs
            self.drawn[node] = box
        results = [self.result(i, x, shown) for i, x in enumerate(self.tensors)]
        notes = [self.note] if self.left_out > 0 else []
        return [*notes, *self.drawn.values(), *results]

    def source(self, edge: Edge, shown: set[Any]) -> tuple[Box, str]:
        """The box that an arrow for ``edge`` begins at, and its label."""
        if isinstance(edge, Output):
            node = edge.edges[0]
            label = self.names.get(edge, str(edge.index))
            return (self.drawn[node], label) if node in shown else (self.note, "")
        if isinstance(edge, Node):
            return (self.drawn[edge] if edge in shown else self.note), ""
        if edge not in self.drawn:
            kind = "a leaf" if isinstance(edge, Sink) else edge.name
            self.drawn[edge] = Box(self.lines(edge, kind), "leaf")
        return self.drawn[edge], ""

    def result(self, index: int, x: Any, shown: set[Any]) -> Box:
        """The box of a tensor that was given."""
        name = "result" if len(self.tensors) == 1 else f"result {index}"
        return Box([name, describe(x)], "result", [self.source(x._edge, shown)])

    def lines(self, edge: Node | Sink | Stale, what: str) -> list[str]:
        """What stands in a box."""
        name = self.names.get(edge)
        if name is not None:
            what = f"{name} = {what}" if isinstance(edge, Node) else name
        dtypes, shapes = edge.dtype, edge.shape
        pairs = zip(dtypes, shapes) if isinstance(dtypes, tuple) else [(dtypes, shapes)]
        return [what, *(f"{dtype} {tuple(shape)}" for dtype, shape in pairs)]


def _as_dot(boxes: Sequence[Box]) -> str:
    """The graph for Graphviz and its like."""
    numbers = {box: f"n{i}" for i, box in enumerate(boxes)}
    lines = ["digraph {", "  node [shape=box, style=filled, fontname=monospace, fontsize=11];"]
    for box, number in numbers.items():
        label = "\\n".join(_escaped(line) for line in box.lines)
        lines.append(f'  {number} [label="{label}", fillcolor="{COLOURS[box.kind]}"];')
    for box, number in numbers.items():
        for source, label in box.inputs:
            tail = f' [label="{_escaped(label)}"]' if label else ""
            lines.append(f"  {numbers[source]} -> {number}{tail};")
    return "\n".join([*lines, "}"])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
