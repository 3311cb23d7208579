"""What the pages share: what was asked for, and a row of results."""

from __future__ import annotations

from typing import Any, NamedTuple

from benchmarks.measure import Comparison


class Request(NamedTuple):
    """What the command line asks for; a page's ``rows(request)`` yields the rows of it."""

    words: tuple[str, ...] = ()
    seconds: float = 3.0
    threads: int = 1
    kernels: str | None = None

    def wants(self, page: str, title: str) -> bool:
        """Whether one of the words is in the title or in the page's name, or there are none."""
        text = f"{page} {title}".lower()
        return not self.words or any(word.lower() in text for word in self.words)


class Row(NamedTuple):
    """One comparison: of what page, of what program, in which case; in "s" or in "B" (bytes)."""

    page: str
    title: str
    case: str
    unit: str
    comparison: Comparison

    def record(self) -> dict[str, Any]:
        """What JSON gets."""
        return {**self._asdict(), "comparison": self.comparison._asdict()}
