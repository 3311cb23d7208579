"""Whose random numbers: the stream of the batch that is being made, or the default generator's.

A loader gives each epoch and each batch a stream of its own, which follows from the loader's seed
and their numbers alone. So it does not matter which worker makes a batch, nor how many there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from autograd.generator import Generator, default_generator

_current: ContextVar[Generator | None] = ContextVar("the generator of nn.data", default=None)


def get_generator() -> Generator:
    """The generator for what is random in a data set, a transform, a sampler or a ``collate_fn``.

    While a `DataLoader` makes a batch, it is that batch's own, the same for any number of workers;
    otherwise it is the default generator.

    >>> import autograd, nn
    >>> nn.data.get_generator() is autograd.default_generator
    True
    >>> class Noisy(nn.data.Dataset):
    ...     def __len__(self):
    ...         return 3
    ...     def __getitem__(self, index):
    ...         return index + autograd.rand(1, generator=nn.data.get_generator())
    """
    generator = _current.get()
    return default_generator if generator is None else generator


@contextmanager
def using(generator: Generator) -> Iterator[Generator]:
    """Within the block, `get_generator` returns ``generator``."""
    token = _current.set(generator)
    try:
        yield generator
    finally:
        _current.reset(token)


def derived(seed: int, *path: int) -> Generator:
    """The stream of one epoch, ``(seed, epoch)``, or of one batch, ``(seed, epoch, batch)``."""
    digest = hashlib.blake2b(repr((seed, *path)).encode(), digest_size=8).digest()
    return Generator(int.from_bytes(digest, "little"))
