"""What `nn.Trainer` asks of loaders and batches: pairs, sizes, how many; a bar of progress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from tqdm import tqdm

from autograd._tensor import Tensor
from autograd.errors import DTypeError, ShapeError, describe
from autograd.ops.joining import cat


def pair(operation: str, batch: Any) -> tuple[Any, Any]:
    """``batch`` as (input, target)."""
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        raise DTypeError(
            f"{operation}: a batch must be a pair (input, target), got "
            f"{_described(batch)}; a loader yields such pairs"
        )
    return batch[0], batch[1]


def inputs_of(batch: Any) -> Any:
    """The input in ``batch``, a pair (input, target) or the input alone."""
    return batch[0] if isinstance(batch, (tuple, list)) and len(batch) == 2 else batch


def _described(batch: Any) -> str:
    if isinstance(batch, (tuple, list)):
        return f"{len(batch)} values"
    return describe(batch)


def size(value: Any) -> int:
    """The number of examples in a target: the length of the first tensor in it."""
    while isinstance(value, (tuple, list, dict)):
        value = next(iter(value.values() if isinstance(value, dict) else value))
    if not (count := value.shape[0] if getattr(value, "ndim", 0) else 1):
        raise ShapeError(f"Trainer: a batch is empty: its target is {describe(value)}")
    return int(count)


def call(model: Any, inputs: Any) -> Any:
    """What ``model`` returns: a tuple or list of inputs are its arguments, a dict its keyword
    arguments."""
    if type(inputs) in (tuple, list):
        return model(*inputs)
    return model(**inputs) if type(inputs) is dict else model(inputs)


def groups(batches: Iterable[Any], count: int) -> Iterator[list[Any]]:
    """The batches, ``count`` at a time, and the rest of them."""
    batches = iter(batches)
    while group := list(islice(batches, count)):
        yield group


def bar(loader: Any, title: str, progress: bool | None, done: int = 0, leave: bool = False) -> Any:
    """A bar for a pass over ``loader``, of which ``done`` batches are done: on a terminal, or as
    ``progress`` says."""
    return tqdm(
        total=length(loader),
        initial=done,
        desc=title,
        unit=" batches",
        leave=leave,
        disable=None if progress is None else not progress,
    )


def length(loader: Any) -> int | None:
    """The number of batches, if the loader knows it."""
    try:
        return len(loader)
    except TypeError:
        return None


def joined(outputs: list[Any]) -> Tensor:
    """What a model has returned for each batch, as one tensor."""
    wrong = next((output for output in outputs if not isinstance(output, Tensor)), None)
    if wrong is not None:
        raise DTypeError(
            f"Trainer.predict: the model must return a tensor, got {describe(wrong)}; call the "
            "model yourself, or wrap it in one that returns what you need"
        )
    return cat(outputs)  # type: ignore[no-any-return]


def no_batches(operation: str) -> ShapeError:
    """The error that a loader was empty."""
    return ShapeError(
        f"{operation}: the loader gave no batches; an iterator is used up after one pass: pass a "
        "list, a nn.data.DataLoader, or another object that can be iterated anew"
    )
