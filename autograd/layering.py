"""A drawing of a directed graph: boxes in layers, arrows downwards, as SVG.

Sugiyama, Tagawa and Toda (1981), Methods for visual understanding of hierarchical system
structures: each box lies below its inputs; an arrow over several layers gets a point in each;
within a layer the boxes stand in the order of their neighbours, which spares crossings.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field

LETTER, LINE, PAD = 7.0, 16.0, 8.0  # a letter's width, a line's height, in pixels; around a text
GAP, LAYER = 24.0, 44.0  # between boxes side by side, and between layers
COLOURS = {"leaf": "#d9ead3", "operation": "#ffffff", "result": "#cfe2f3", "note": "#eeeeee"}


@dataclass(eq=False)
class Box:
    """Some lines of text, or a point of an arrow; what leads to it, each with a label."""

    lines: Sequence[str]
    kind: str  # one of COLOURS, or "point"
    inputs: list[tuple[Box, str]] = field(default_factory=list)
    layer: int = 0
    x: float = 0.0  # of its middle
    y: float = 0.0

    @property
    def width(self) -> float:
        """In pixels; a point needs some room too."""
        return max((len(line) * LETTER + 2 * PAD for line in self.lines), default=GAP)

    @property
    def height(self) -> float:
        """In pixels."""
        return len(self.lines) * LINE + PAD if self.lines else 0.0


def as_svg(boxes: Sequence[Box]) -> str:
    """The boxes, each of which comes after its inputs, and the arrows between them."""
    layers = _layers(boxes)
    for _ in range(4):
        _place(layers)
    width, height = _into_view(layers)
    parts = [
        _arrow(source, box, label)
        for layer in layers
        for box in layer
        for source, label in box.inputs
    ]
    parts += [_drawn(box) for box in boxes]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="monospace" font-size="11">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0,0L8,4L0,8z" fill="#666"/></marker></defs>'
        f"{''.join(parts)}</svg>"
    )


# -- where everything stands -----------------------------------------------------------------------


def _layers(boxes: Sequence[Box]) -> list[list[Box]]:
    """The boxes and the points of long arrows by layer; ``inputs`` then lead from the layer
    above."""
    for box in boxes:
        box.layer = 1 + max((source.layer for source, _ in box.inputs), default=-1)
    first_use: dict[Box, int] = {}
    for box in boxes:
        for source, _ in box.inputs:
            first_use[source] = min(first_use.get(source, box.layer), box.layer)
    for box in boxes:  # what needs nothing stands right above what needs it
        if not box.inputs and box in first_use:
            box.layer = first_use[box] - 1
    points: dict[tuple[Box, int], Box] = {}
    for box in boxes:
        box.inputs = [(_reach(source, box, points), label) for source, label in box.inputs]
    layers: list[list[Box]] = [[] for _ in range(1 + max(box.layer for box in boxes))]
    for box in [*boxes, *points.values()]:
        layers[box.layer].append(box)
    return layers


def _reach(source: Box, box: Box, points: dict[tuple[Box, int], Box]) -> Box:
    """``source``, or the last of the points that lead from it to right above ``box``; the arrows of
    one source share them."""
    last = source
    for layer in range(source.layer + 1, box.layer):
        if (source, layer) not in points:
            points[source, layer] = Box((), "point", [(last, "")], layer)
        last = points[source, layer]
    return last


def _place(layers: list[list[Box]]) -> None:
    """Move every box to the middle of its inputs, then to that of what it leads to, as far as its
    neighbours leave room."""
    outputs: dict[Box, list[Box]] = {}
    for layer in layers:
        for box in layer:
            for source, _ in box.inputs:
                outputs.setdefault(source, []).append(box)
    for layer in layers:
        _spread(layer, {box: [source for source, _ in box.inputs] for box in layer})
    for layer in reversed(layers):
        _spread(layer, outputs)


def _spread(layer: list[Box], neighbours: dict[Box, list[Box]]) -> None:
    """Sort ``layer`` by the middles of the ``neighbours``, and set it as near to them as it
    fits."""
    wanted = {
        box: sum(other.x for other in near) / len(near) if (near := neighbours.get(box)) else box.x
        for box in layer
    }
    layer.sort(key=wanted.__getitem__)
    right = float("-inf")
    for box in layer:
        box.x = max(wanted[box], right + box.width / 2)
        right = box.x + box.width / 2 + GAP
    shift = sum(wanted[box] - box.x for box in layer) / len(layer)
    for box in layer:
        box.x += shift


def _into_view(layers: list[list[Box]]) -> tuple[float, float]:
    """Set the heights, move everything to the right of 0; return the width and height of all."""
    left = min(box.x - box.width / 2 for layer in layers for box in layer) - PAD
    y = PAD
    for layer in layers:
        height = max(box.height for box in layer)
        for box in layer:
            box.x, box.y = box.x - left, y + height / 2
        y += height + LAYER
    width = max(box.x + box.width / 2 for layer in layers for box in layer) + PAD
    return width, y - LAYER + PAD


# -- what is drawn ---------------------------------------------------------------------------------


def _arrow(source: Box, box: Box, label: str) -> str:
    """A curve from the lower edge of ``source`` to the upper edge of ``box``; a tip if it ends
    there."""
    top, bottom = source.y + source.height / 2, box.y - box.height / 2
    middle = (top + bottom) / 2
    path = (
        f"M{source.x:.1f},{top:.1f}"
        f"C{source.x:.1f},{middle:.1f} {box.x:.1f},{middle:.1f} {box.x:.1f},{bottom:.1f}"
    )
    tip = "" if box.kind == "point" else ' marker-end="url(#tip)"'
    arrow = f'<path d="{path}" fill="none" stroke="#666"{tip}/>'
    return arrow + _text(source.x + PAD, top + LINE, label, "start")


def _drawn(box: Box) -> str:
    left, top = box.x - box.width / 2, box.y - box.height / 2
    frame = (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
        f'rx="4" fill="{COLOURS[box.kind]}" stroke="#666"/>'
    )
    lines = [_text(box.x, top + LINE * (i + 1), line) for i, line in enumerate(box.lines)]
    return frame + "".join(lines)


def _text(x: float, y: float, text: str, anchor: str = "middle") -> str:
    if not text:
        return ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(text)}</text>'
