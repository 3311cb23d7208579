"""What is no tensor, in the place of each tensor among the arguments of PyTorch's sample inputs."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from types import FunctionType
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")
pytest.importorskip("expecttest", reason="PyTorch's suite needs it")

from autograd.errors import AutogradError  # noqa: E402 - below the conditions for the suite
from tests.parity.operations import DTYPES, Check, full_name, function_of, named, op_db  # noqa: E402
from tests.parity.test_operations import NAMES  # noqa: E402
from tests.parity.translate import UntranslatableError, ours, outcome  # noqa: E402

Path = tuple[Any, ...]  # of keys and positions, to a tensor in nested arguments

BROADCASTS = "a number broadcasts beside tensors; PyTorch too takes it for other arguments"
OPTIONAL = "None is the default: the argument is left out"
ASSERTION = "PyTorch has an AssertionError, ours is a ShapeError"

# What differs on purpose: for a value, the operations and the arguments, and why.
LENIENT: dict[Any, list[tuple[str, str]]] = {
    2.0: [
        (r"(addcmul|addcdiv|lerp|clamp|dist) ", BROADCASTS),
        (r"nn.functional.pairwise_distance ", BROADCASTS),
        (r"(scatter_add|scatter_reduce\.\w+) \(0, 3\)", BROADCASTS),
        (r"(index_put \(0, 2\)|diagonal_scatter \(0, 1\))", BROADCASTS),
        (
            r"nn.functional.multilabel_soft_margin_loss \(0, 1\)",
            "a target for each class is needed here; in PyTorch a number happens to broadcast",
        ),
    ],
    None: [
        (r"(max|min)\.binary \(0, 1\)", OPTIONAL),
        (r"(trapz|trapezoid|cumulative_trapezoid) \(0, 1\)", OPTIONAL),
        (r"nn.functional.multi_head_attention_forward \(0, [578]\)", ASSERTION),
    ],
}


def places(value: Any, at: Path = ()) -> Iterator[Path]:
    """The ways to all tensors in ``value``."""
    if isinstance(value, torch.Tensor):
        yield at
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*at, key))
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            yield from places(item, (*at, i))


def replaced(value: Any, at: Path, new: Any) -> Any:
    """``value`` with ``new`` at the end of the way ``at``."""
    if not at:
        return new
    if isinstance(value, dict):
        return {**value, at[0]: replaced(value[at[0]], at[1:], new)}
    items = list(value)
    items[at[0]] = replaced(items[at[0]], at[1:], new)
    return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)


def is_method(info: Any) -> bool:
    """Whether it is called on the tensor: of a number, Python itself says that it has no such
    attribute."""
    wrapper = isinstance(info.op, FunctionType) and info.op.__module__.startswith("torch.testing")
    return wrapper or named(info.name) is None or full_name(info) == "normal.in_place"


def differences(info: Any) -> Iterator[tuple[Any, str]]:
    """Where PyTorch refuses a value, and the library does not, or with another error."""
    function = function_of(info)
    dtype = next((d for d in DTYPES if d in info.supported_dtypes("cpu")), None)
    seen: set[Path] = set()
    for sample in Check(info, function, dtype).samples(False)[:6] if function and dtype else ():
        arguments = [[sample.input, *sample.args], dict(sample.kwargs)]
        new = set(places(arguments)) - seen
        seen |= new
        for at, value in itertools.product(new, LENIENT):
            args, kwargs = replaced(arguments, at, value)
            try:
                mine = ours(args), ours(kwargs)
            except UntranslatableError:
                continue
            _, refused = outcome(info.op, *args, **kwargs)
            _, error = outcome(function, *mine[0], **mine[1])
            if not (agree(error, refused) or (is_method(info) and type(error) is AttributeError)):
                yield value, f"{full_name(info)} {at}: {error!r:.200}; PyTorch: {refused!r:.200}"


def agree(error: Exception | None, refused: Exception | None) -> bool:
    """Whether ``error`` is one of the library's, and will be caught as PyTorch's."""
    if refused is None or error is None:
        return refused is error
    # PyTorch's functions that are written in Python fail where they first touch the value.
    # And for "not implemented" we say that the dtype is wrong.
    special = isinstance(refused, (AttributeError, NotImplementedError))
    expected = TypeError if special else type(refused)
    return isinstance(error, AutogradError) and isinstance(error, expected)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("info", [info for info in op_db if info.name in NAMES], ids=full_name)
def test_what_is_no_tensor_is_refused(info: Any) -> None:
    found = [
        line
        for value, line in differences(info)
        if not any(re.match(pattern, line) for pattern, _reason in LENIENT[value])
    ]
    assert not found, "\n".join(found)
