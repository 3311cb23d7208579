"""`Options`: a module without parameters that is a function with some of its arguments given
beforehand."""

from __future__ import annotations

from typing import Any, ClassVar

from nn.module import Module


class Options(Module):
    """Keeps the arguments of a function as attributes, and shows them; subclasses name them in
    ``_shown``."""

    _shown: ClassVar[tuple[str, ...]] = ()

    def extra_repr(self) -> str:
        return ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown)

    def _options(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self._shown}
