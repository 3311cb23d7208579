"""What `nn.Trainer` asks of loaders and batches: pairs, sizes, how many; a bar of progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import Any

from tqdm import tqdm

from autograd._tensor import Tensor
from autograd.errors import DTypeError, ShapeError, describe
from autograd.nested import leaves
from autograd.ops.joining import cat
from nn.data.sampler import RandomSampler, SubsetRandomSampler, WeightedRandomSampler

Part = tuple[Any, Any, int]  # input, target, number of examples
Unpack = Callable[[Any], tuple[Any, Any]]


def part(batch: Any, unpack: Unpack | None) -> Part:
    """The input and the target in ``batch``, a pair of them, and the number of its examples: the
    length of the first tensor in the target; 1 for what has no dims."""
    if unpack is not None:
        batch = unpack(batch)
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        raise DTypeError(
            f"Trainer: a batch must be a pair (input, target), got {_described(batch)}; a loader "
            "yields such pairs, or unpack= makes them"
        )
    inputs, target = batch
    shape = getattr(target, "shape", None)
    count = next(iter(_first_shape(target, inputs) if shape is None else shape), 1)
    if not count:
        raise ShapeError(f"Trainer: a batch is empty: its target is {describe(target)}")
    return inputs, target, count


def inputs_of(batch: Any, unpack: Unpack | None) -> Any:
    """The input in ``batch``, a pair (input, target) or the input alone."""
    if unpack is not None:
        batch = unpack(batch)
    return batch[0] if isinstance(batch, (tuple, list)) and len(batch) == 2 else batch


def _described(batch: Any) -> str:
    if isinstance(batch, (tuple, list)):
        return f"{len(batch)} values"
    return describe(batch)


def _first_shape(target: Any, inputs: Any) -> Any:
    """The shape of the first tensor in ``target``, or in ``inputs`` where there are no targets."""
    first = next((leaf for leaf in leaves([target, inputs]) if leaf is not None), None)
    return getattr(first, "shape", ())


def call(model: Any, inputs: Any) -> Any:
    """What ``model`` returns: a tuple or list of inputs are its arguments, a dict its keyword
    arguments."""
    if type(inputs) in (tuple, list):
        return model(*inputs)
    return model(**inputs) if type(inputs) is dict else model(inputs)


def groups(batches: Iterable[Any], count: int, unpack: Unpack | None) -> Iterator[Sequence[Part]]:
    """The parts of the batches, ``count`` at a time, and the rest of them."""
    # Not by map: a StopIteration of ``unpack`` would end the epoch, and nobody would know.
    parts = (part(batch, unpack) for batch in batches)
    if count == 1:
        return zip(parts)  # the commonest case, at C's speed
    return iter(lambda: list(islice(parts, count)), [])


def bar(
    loader: Any, title: str, progress: bool | None, done: int = 0, leave: bool = False
) -> AbstractContextManager[Any]:
    """A bar for a pass over ``loader``, of which ``done`` batches are done: on a terminal, or as
    ``progress`` says. In the place of a bar that is not shown there is None."""
    if not (sys.stderr.isatty() if progress is None else progress):
        return nullcontext()
    shown: AbstractContextManager[Any] = tqdm(
        total=length(loader), initial=done, desc=title, unit=" batches", leave=leave
    )
    return shown


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


def is_shuffled(loader: Any) -> bool:
    """Whether ``loader``, a `nn.data.DataLoader`, is known to draw its order."""
    return isinstance(
        getattr(loader, "sampler", None),
        (RandomSampler, SubsetRandomSampler, WeightedRandomSampler),
    )


def no_loss(loss: Any) -> DTypeError:
    """The error that a loss is no tensor."""
    return DTypeError(
        f"Trainer.fit: the loss must be a tensor, got {describe(loss)}; return it as the loss "
        "function computed it, without item()"
    )


def no_batches(operation: str) -> ShapeError:
    """The error that a loader was empty."""
    return ShapeError(
        f"{operation}: the loader gave no batches; an iterator is used up after one pass: pass a "
        "list, a nn.data.DataLoader, or another object that can be iterated anew"
    )
