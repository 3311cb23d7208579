"""nn and optim are composed of operations: no derivative is written there."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def derivatives(source: str) -> list[str]:
    """What in ``source`` defines a derivative: primitives, functions called backward, joint
    rules."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name in (
            "backward",
            "vjp",
            "jvp",
        ):
            found.append(f"def {node.name}")
        if isinstance(node, (ast.Name, ast.Attribute, ast.alias)):
            name = (
                getattr(node, "id", None)
                or getattr(node, "attr", None)
                or getattr(node, "name", None)
            )
            if name in ("primitive", "Primitive", "Function"):
                found.append(str(name))
        if isinstance(node, ast.keyword) and node.arg == "joint":
            found.append("joint=")
    return found


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("nn/**/*.py"), *ROOT.glob("optim/**/*.py")]), ids=lambda p: p.name
)
def test_no_derivative_in_nn_and_optim(path):
    assert derivatives(path.read_text()) == []


@pytest.mark.parametrize("package", ["nn", "optim"])
def test_there_is_something_to_check(package):
    assert len(list(ROOT.glob(f"{package}/**/*.py"))) > 3


@pytest.mark.parametrize(
    "source",
    [
        "@primitive(x=lambda g: g)\ndef op(x): return x",
        "@core.primitive(x=lambda g: g)\ndef op(x): return x",
        "from autograd import primitive as p",
        "class Layer:\n    def backward(self, g): return g",
        "op = make(joint=rule)",
        "class Op(autograd.Function): pass",
    ],
)
def test_a_planted_derivative_is_found(source):
    assert derivatives(source)


@pytest.mark.parametrize(("package", "other"), [("nn", "optim"), ("optim", "nn")])
def test_neither_imports_the_other(package, other):
    for path in ROOT.glob(f"{package}/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not any(name.split(".")[0] == other for name in names), path
