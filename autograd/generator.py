"""Generators of random numbers: streams that a seed determines, and the default one.

There is one default generator for the whole program, as in PyTorch, so that `manual_seed` reaches
every thread, task and notebook cell; it is no context-local mode. NumPy locks it during each draw.
What must be reproducible while other threads draw, gets a `Generator` of its own.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from autograd.core.variable import make, unwrap
from autograd.devices import CPU
from autograd.errors import DTypeError, ShapeError, describe
from autograd.ops.conversion import check_device

_FIXED_SEED = 67280421310721  # of a new Generator, the same as PyTorch's
_WORDS = 2**64


class Generator:
    """A stream of random numbers (NumPy's PCG64) that its seed determines.

    >>> import autograd
    >>> first, second = autograd.Generator(seed=1), autograd.Generator(seed=1)
    >>> autograd.rand(2, generator=first).tolist() == autograd.rand(2, generator=second).tolist()
    True
    """

    def __init__(self, seed: Any = _FIXED_SEED, *, device: Any = None) -> None:
        if isinstance(seed, str):  # Generator("cpu"), as PyTorch has it
            seed, device = _FIXED_SEED, seed
        check_device(device, "Generator")
        self.device = CPU
        self.manual_seed(seed)

    def manual_seed(self, seed: int) -> Generator:
        """Start the stream anew from ``seed``, an integer of 64 bits; return the generator."""
        if isinstance(seed, bool) or not hasattr(seed, "__index__"):
            raise DTypeError(f"manual_seed: the seed must be an integer, got {describe(seed)}")
        seed = int(seed)
        if not -(_WORDS // 2) <= seed < _WORDS:
            raise ShapeError(f"manual_seed: the seed must have at most 64 bits, got {seed}")
        self._seed = seed % _WORDS
        # made when needed: NumPy's random module is slow to import
        self._numpy: np.random.Generator | None = None
        return self

    def seed(self) -> int:
        """Start the stream anew from a seed that nobody knows; return it."""
        return self.manual_seed(int.from_bytes(os.urandom(8), "little")).initial_seed()

    def initial_seed(self) -> int:
        """The seed from which the stream started."""
        return self._seed

    @property
    def numpy(self) -> np.random.Generator:
        """The NumPy generator that draws the numbers."""
        stream = self._numpy
        if stream is None:
            stream = self._numpy = np.random.Generator(np.random.PCG64(self._seed))
        return stream

    def get_state(self) -> Any:
        """All that determines the numbers to come, as a uint8 tensor."""
        state: Any = self.numpy.bit_generator.state
        parts = [(state["state"]["state"], 16), (state["state"]["inc"], 16), (state["uinteger"], 4)]
        parts += [(state["has_uint32"], 1), (self._seed, 8)]
        return make(
            np.frombuffer(
                b"".join(int(n).to_bytes(size, "little") for n, size in parts), np.uint8
            ).copy()
        )

    def clone_state(self) -> Generator:
        """Another generator that will draw the same numbers."""
        return Generator(device=self.device).set_state(self.get_state())

    def set_state(self, new_state: Any) -> Generator:
        """Continue exactly where the generator was from which ``new_state`` was got."""
        array = unwrap(new_state)
        if getattr(array, "dtype", None) != np.uint8 or array.shape != (45,):
            raise DTypeError(
                f"set_state: needs a state from get_state() (uint8 (45,)), got {describe(array)}"
            )
        data = array.tobytes()
        state, increment, buffered, has_buffered, seed = (
            int.from_bytes(data[start:stop], "little")
            for start, stop in ((0, 16), (16, 32), (32, 36), (36, 37), (37, 45))
        )
        self.manual_seed(seed)
        self.numpy.bit_generator.state = {
            "bit_generator": "PCG64",
            "state": {"state": state, "inc": increment},
            "has_uint32": has_buffered,
            "uinteger": buffered,
        }
        return self


default_generator = Generator(int.from_bytes(os.urandom(8), "little"))


def manual_seed(seed: int) -> Generator:
    """Seed the default generator; return it.

    >>> import autograd
    >>> generator = autograd.manual_seed(0)
    >>> first = autograd.rand(3)
    >>> autograd.manual_seed(0) is generator, autograd.rand(3).tolist() == first.tolist()
    (True, True)
    """
    return default_generator.manual_seed(seed)


def seed() -> int:
    """Seed the default generator with a number that nobody knows; return it."""
    return default_generator.seed()


def initial_seed() -> int:
    """The seed of the default generator."""
    return default_generator.initial_seed()


def get_rng_state() -> Any:
    """The state of the default generator, as a uint8 tensor."""
    return default_generator.get_state()


def set_rng_state(new_state: Any) -> None:
    """Put the default generator back into a state got from `get_rng_state`."""
    default_generator.set_state(new_state)


def stream_of(generator: Generator | None) -> np.random.Generator:
    """The NumPy generator that draws for ``generator``; None stands for the default generator."""
    return (default_generator if generator is None else generator).numpy
