"""Where tensors live: here, always the CPU.

Programs written for several kinds of hardware ask which there are, and get a true answer:

    device = autograd.device("cuda" if autograd.cuda.is_available() else "cpu")
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from autograd.errors import DeviceError


class device:
    """A place for tensors, by its name: ``device("cpu")``, ``device("cuda:1")``.

    That it has a name does not say that the hardware is there; what needs it raises DeviceError.

    >>> device("cpu"), device("cuda", 1).index, str(device("cuda", 1))
    (device(type='cpu'), 1, 'cuda:1')
    """

    __slots__ = ("type", "index")

    type: str  # the kind of hardware
    index: int | None  # which one of several

    def __init__(self, type: Any, index: int | None = None) -> None:
        name = str(type) if index is None else f"{type}:{index}"
        self.type, colon, number = name.partition(":")
        if not self.type.isalpha() or (colon and not number.isdigit()):
            raise DeviceError(f"device: {name!r} is no device; a device is written cpu or cuda:0")
        self.index = int(number) if number else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self) -> str:
        index = "" if self.index is None else f", index={self.index}"
        return f"device(type={self.type!r}{index})"


CPU = device("cpu")


class Hardware:
    """A kind of hardware that is not there, and says so when asked.

    What a program does for all the devices that there are, it may still do: there are none.

    >>> Hardware().is_available(), Hardware().device_count()
    (False, 0)
    """

    def is_available(self) -> bool:
        """Whether there is a device of this kind: no."""
        return False

    def device_count(self) -> int:
        """How many there are: 0."""
        return 0

    def manual_seed_all(self, seed: int) -> None:
        """Seed the random numbers of every device of this kind."""

    def empty_cache(self) -> None:
        """Free what all of them keep for later use."""

    def synchronize(self, device: Any = None) -> None:
        """Wait for all of them. Raises DeviceError for a ``device`` in particular."""
        if device is not None:
            raise DeviceError(f"synchronize: there is no {device}; only the CPU, which is in step")


cuda, accelerator = Hardware(), Hardware()
backends = SimpleNamespace(cuda=cuda, cudnn=Hardware(), mps=Hardware(), xpu=Hardware())
