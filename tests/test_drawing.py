"""`autograd.draw`: what stands in the boxes, which arrows there are, that the picture is one."""

import re
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import DTypeError, GraphError, ShapeError

SVG = "{http://www.w3.org/2000/svg}"


def parsed(dot):
    """The labels of the boxes, and the arrows between them, with their labels."""
    labels = dict(re.findall(r'^  (n\d+) \[label="(.*)", fillcolor', dot, re.MULTILINE))
    arrows = re.findall(r'^  (n\d+) -> (n\d+)(?: \[label="(.*)"\])?;$', dot, re.MULTILINE)
    assert len(labels) + len(arrows) == len(dot.splitlines()) - 3
    first = {number: label.split("\\n")[0] for number, label in labels.items()}
    return list(labels.values()), [(first[a], first[b], label) for a, b, label in arrows]


def boxes(svg):
    """Left, top, right and bottom of each box; the texts."""
    root = ElementTree.fromstring(svg)
    rects = [
        [float(rect.get(key)) for key in ("x", "y", "width", "height")]
        for rect in root.iter(f"{SVG}rect")
    ]
    size = float(root.get("width")), float(root.get("height"))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    return [(x, y, x + w, y + h) for x, y, w, h in rects], texts, size


def check_picture(drawing):
    """Every box is drawn, inside the picture and beside the others, below what leads to it."""
    rects, texts, (width, height) = boxes(drawing.svg)
    labels, arrows = parsed(drawing.dot)
    assert len(rects) == len(labels)
    expected = sorted([line for label in labels for line in label.split("\\n")] + labelled(arrows))
    assert sorted(texts) == expected
    for left, top, right, bottom in rects:
        assert left >= 0
        assert top >= 0
        assert right <= width
        assert bottom <= height
    for a, b in combinations(rects, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    for start, end in segments(drawing.svg):
        assert start < end


def labelled(arrows):
    return [label for _, _, label in arrows if label]


def segments(svg):
    """The heights at which each arrow begins and ends."""
    for path in ElementTree.fromstring(svg).iter(f"{SVG}path"):
        numbers = re.findall(r"[-\d.]+", path.get("d"))
        if path.get("stroke"):
            yield float(numbers[1]), float(numbers[-1])


def test_a_model_with_names():
    model = nn.Sequential(nn.Dense(4, 3), nn.Tanh())
    drawing = autograd.draw(model(autograd.ones(2, 4)), model)
    labels, arrows = parsed(drawing.dot)
    assert labels == [
        r"0.weight\nfloat32 (3, 4)",
        r"0.bias\nfloat32 (3,)",
        r"linear\nfloat32 (2, 3)",
        r"tanh\nfloat32 (2, 3)",
        r"result\nfloat32 (2, 3)",
    ]
    assert arrows == [
        ("0.weight", "linear", ""),
        ("0.bias", "linear", ""),
        ("linear", "tanh", ""),
        ("tanh", "result", ""),
    ]
    check_picture(drawing)
    assert str(drawing) == drawing.dot
    assert drawing._repr_svg_() == drawing.svg


def test_names_of_intermediates_and_unnamed_leaves():
    x = autograd.ones(2, requires_grad=True, dtype=autograd.float64)
    y = x.exp()
    labels, _ = parsed(autograd.draw(y * x, {"y": y}).dot)
    assert labels[:2] == [r"a leaf\nfloat64 (2,)", r"y = exp\nfloat64 (2,)"]


def test_several_results_and_several_outputs():
    x = autograd.arange(6.0).reshape(2, 3).requires_grad_()
    first, second = (x * 2).unbind()
    drawing = autograd.draw([first, second.exp(), x], {"x": x, "top": first})
    labels, arrows = parsed(drawing.dot)
    assert r"unbind\nfloat32 (3,)\nfloat32 (3,)" in labels
    assert ("unbind", "result 0", "top") in arrows
    assert ("unbind", "exp", "1") in arrows
    assert ("x", "result 2", "") in arrows
    check_picture(drawing)


def test_a_leaf_alone_and_a_graph_that_was_walked():
    x = autograd.ones(2, requires_grad=True)
    assert parsed(autograd.draw(x).dot)[1] == [("a leaf", "result", "")]
    y = (x * x).sum()
    y.backward()
    assert parsed(autograd.draw(y).dot)[1][-1] == ("sum", "result", "")


def test_a_stale_view():
    x = autograd.ones(4, requires_grad=True) * 1
    first, _ = x.split(2)
    x.mul_(2)
    drawing = autograd.draw(first + 1)
    assert "a stale view\\nfloat32 (2,)" in parsed(drawing.dot)[0]


def test_a_longer_graph_is_cut_at_its_youngest():
    x = autograd.ones(2, requires_grad=True)
    y = x
    for _ in range(3000):
        y = y + x
    drawing = autograd.draw(y, {"x": x}, limit=10)
    labels, arrows = parsed(drawing.dot)
    assert labels.count(r"add\nfloat32 (2,)") == 10
    assert labels[0] == "2,990 earlier operations"
    assert arrows[0] == ("2,990 earlier operations", "add", "")
    assert len(arrows) == 1 + 10 + 9 + 1
    check_picture(drawing)
    assert len(parsed(autograd.draw(y).dot)[0]) == 200 + 3
    exactly = autograd.draw(x.exp().log(), limit=2)
    assert "earlier" not in exactly.dot


@pytest.mark.parametrize("seed", range(8))
def test_pictures_of_random_graphs(seed):
    generator = np.random.default_rng(seed)
    tensors = [autograd.ones(2, requires_grad=True) for _ in range(int(generator.integers(1, 4)))]
    for _ in range(40):
        a, b = generator.integers(len(tensors), size=2)
        tensors.append(tensors[a] + tensors[b] if generator.random() < 0.7 else tensors[a].exp())
    check_picture(autograd.draw(tensors[-3:]))


def test_what_is_written_is_escaped():
    x = autograd.ones(1, requires_grad=True)
    name = 'a "b" <c> \\ & d'
    drawing = autograd.draw(x.exp(), {name: x})
    assert r'label="a \"b\" <c> \\ & d\nfloat32 (1,)"' in drawing.dot
    assert name in boxes(drawing.svg)[1]


def test_save(tmp_path):
    drawing = autograd.draw(autograd.ones(1, requires_grad=True).exp())
    for ending, text in (("svg", drawing.svg), ("dot", drawing.dot), ("gv", drawing.dot)):
        path = tmp_path / f"graph.{ending}"
        drawing.save(path)
        assert path.read_text("utf-8") == text
    with pytest.raises(ShapeError, match=r"not '\.pdf'; Graphviz makes others"):
        drawing.save(tmp_path / "graph.pdf")
    with pytest.raises(OSError, match="missing"):
        drawing.save(tmp_path / "missing" / "graph.svg")


def test_errors():
    x = autograd.ones(2, requires_grad=True)
    with pytest.raises(GraphError, match="has no graph"):
        autograd.draw(autograd.ones(2))
    with pytest.raises(GraphError, match="under no_grad"), autograd.no_grad():
        autograd.draw(x * 2)
    with pytest.raises(DTypeError, match="draw: tensor must be a tensor, got 3"):
        autograd.draw(3)
    with pytest.raises(DTypeError, match="draw: tensor must be a tensor, got str"):
        autograd.draw([x, "x"])
    with pytest.raises(ShapeError, match="at least one tensor"):
        autograd.draw([])
    with pytest.raises(ShapeError, match="limit must be at least 1, got 0"):
        autograd.draw(x, limit=0)
    with pytest.raises(DTypeError, match="names must be a module or a dict"):
        autograd.draw(x, ["x"])
    with pytest.raises(DTypeError, match="names must be a module or a dict"):
        autograd.draw(x, {"x": 1})
