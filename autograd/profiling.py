"""`profile`: where the time and the memory of a program go, by operation and by module."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from time import perf_counter
from typing import Any, TypeVar

import numpy as np

from autograd.core.node import Node
from autograd.core.primitive import Primitive
from autograd.errors import ShapeError
from autograd.observing import Chain, Observer, observing
from autograd.tables import as_html, as_text, count, duration, size

Entry = TypeVar("Entry", "OperationProfile", "ModuleProfile")
Table = tuple[list[str], list[list[str]], int]  # as `as_text` takes it


@dataclass(slots=True)
class OperationProfile:
    """What one operation took, in all its calls. Times are in seconds."""

    name: str
    calls: int = 0
    forward: float = 0.0  # computing
    rules: int = 0  # how often its rules ran
    backward: float = 0.0  # its rules
    bytes: int = 0  # of the arrays it made; views are none

    @property
    def time(self) -> float:
        """Forward and backward."""
        return self.forward + self.backward


@dataclass(slots=True)
class ModuleProfile:
    """What one module took, in all its calls: itself, and with the modules that it called. Times
    are in seconds."""

    name: str  # the class of the outermost module, and the path from there
    kind: str  # its class
    calls: int = 0
    forward: float = 0.0  # from its call to its return, without the modules it called
    backward: float = 0.0  # the rules of the operations that it recorded itself
    bytes: int = 0  # of the arrays that those made
    forward_total: float = 0.0
    backward_total: float = 0.0
    bytes_total: int = 0

    @property
    def time(self) -> float:
        """Forward and backward, without the modules it called."""
        return self.forward + self.backward

    @property
    def time_total(self) -> float:
        """Forward and backward, with the modules it called."""
        return self.forward_total + self.backward_total


class Profile:
    """What `profile` found: `operations` and `modules`; printed, two tables."""

    def __init__(self) -> None:
        self.elapsed = 0.0  # seconds in the block, once it has ended
        self._operations: dict[str, OperationProfile] = {}
        self._modules: dict[int, ModuleProfile] = {}

    @property
    def operations(self) -> list[OperationProfile]:
        """The operations, that which took the most time first."""
        return self.operations_by("time")

    def operations_by(self, key: str) -> list[OperationProfile]:
        """The operations, that with the most of ``key`` first: "time", "calls", "forward", "rules",
        "backward" or "bytes". Raises ShapeError for others."""
        return _sorted("operations_by", list(self._operations.values()), key)

    @property
    def modules(self) -> list[ModuleProfile]:
        """The modules, in the order of their first calls."""
        return list(self._modules.values())

    def modules_by(self, key: str) -> list[ModuleProfile]:
        """The modules, that with the most of ``key`` first: "time", "time_total", or a number that
        `ModuleProfile` has. Raises ShapeError for others."""
        return _sorted("modules_by", self.modules, key)

    def table(self, sort_by: str = "time", limit: int | None = 20) -> str:
        """Both tables, the operations by ``sort_by`` (see `operations_by`); the first ``limit``
        rows of each, or all for None."""
        tables = [as_text(*table) for table in self._tables(sort_by, limit)]
        return "\n\n".join([*tables, self._sum()])

    def __str__(self) -> str:
        return self.table()

    def __repr__(self) -> str:
        return f"<Profile of {len(self._operations)} operations, {len(self._modules)} modules>"

    def _repr_html_(self) -> str:
        tables = [as_html(*table) for table in self._tables("time", 20)]
        return "".join([*tables, f"<p>{self._sum()}</p>"])

    def _tables(self, sort_by: str, limit: int | None) -> Iterator[Table]:
        operations = self.operations_by(sort_by)
        yield _OPERATIONS, _cut([_operation_row(row) for row in operations], limit), 1
        if self._modules:
            yield _MODULES, _cut([_module_row(row) for row in self.modules], limit), 2

    def _sum(self) -> str:
        operations = self._operations.values()
        parts = [
            f"forward {duration(sum(row.forward for row in operations)) or '0 s'}",
            f"backward {duration(sum(row.backward for row in operations)) or '0 s'}",
            f"made {size(sum(row.bytes for row in operations)) or '0 B'}",
        ]
        return f"{duration(self.elapsed)} in all; operations: {', '.join(parts)}"


_OPERATION_KEYS = ["time", "calls", "forward", "rules", "backward", "bytes"]
_MODULE_KEYS = ["time", "time_total", *(field.name for field in fields(ModuleProfile)[2:])]
_OPERATIONS = ["operation", "calls", "forward", "backward", "bytes"]
_MODULES = ["module", "class", "calls", "forward", "total", "backward", "total", "bytes", "total"]


def _operation_row(row: OperationProfile) -> list[str]:
    times = duration(row.forward), duration(row.backward)
    return [row.name, count(row.calls), *times, size(row.bytes)]


def _module_row(row: ModuleProfile) -> list[str]:
    times = row.forward, row.forward_total, row.backward, row.backward_total
    sizes = size(row.bytes), size(row.bytes_total)
    return [row.name, row.kind, count(row.calls), *map(duration, times), *sizes]


def _cut(rows: list[list[str]], limit: int | None) -> list[list[str]]:
    """``rows``, or the first ``limit`` of them and a note of the rest."""
    if limit is None or len(rows) <= limit:
        return rows
    note = [f"... {len(rows) - limit} more"]
    return [*rows[:limit], note + [""] * (len(rows[0]) - 1)]


def _sorted(name: str, rows: list[Entry], key: str) -> list[Entry]:
    keys = _MODULE_KEYS if name == "modules_by" else _OPERATION_KEYS
    if key not in keys:
        raise ShapeError(f"profile: {name} takes one of {', '.join(keys)}, got {key!r}")
    return sorted(rows, key=lambda row: getattr(row, key), reverse=True)


@contextmanager
def profile() -> Iterator[Profile]:
    """Measure what operations and modules take inside the block, in all threads.

    An operation's ``forward`` is the time of its computation, ``backward`` that of its rules; what
    either calls in turn is part of it, so the times add up to what all operations took, and what
    the block took beyond that is Python, the optimizer, the data. What `checkpoint` computes again
    is the backward of ``segment``. ``bytes`` are those of the arrays that were made, whether or not
    they still exist. A module is called by the class of the outermost one that was called, and its
    path in there.

    Measuring costs some microseconds for each operation, and some hundred bytes, to know the module
    of its backward; it costs nothing outside of the block. Threads add to one report; times pass on
    the wall, and include waiting for other threads. Raises AutogradError if another
    `profile`, `nn.summary` or `nn.strict` is running.

    >>> import autograd
    >>> x = autograd.ones(100, 100, requires_grad=True)
    >>> with autograd.profile() as report:
    ...     (x @ x).sum().backward()
    >>> [(row.name, row.calls, row.bytes) for row in report.operations_by("bytes")]
    [('matmul', 1, 40000), ('sum', 1, 4)]
    """
    report = Profile()
    with observing(_Recorder(report), "profile"):
        start = perf_counter()
        try:
            yield report
        finally:
            report.elapsed = perf_counter() - start


class _Recorder(Observer):
    """Enters what it sees into a report."""

    def __init__(self, report: Profile) -> None:
        super().__init__()
        self.report = report
        self.lock = threading.Lock()
        self.names = _Names()

    def operation(
        self, operation: Primitive, args: Any, params: dict[str, Any], out: Any, seconds: float
    ) -> None:
        made = _new_bytes(operation, args, out)
        chain = self.thread.modules
        with self.lock:
            row = self.row_of(operation)
            row.calls += 1
            row.forward += seconds
            row.bytes += made
            for module in set(chain):
                self.module_row(chain, module).bytes_total += made
            if chain:
                self.module_row(chain, chain[-1]).bytes += made

    def rules(self, node: Node, outer: Node | None, seconds: float) -> None:
        with self.lock:
            self.row_of(node.plan.primitive).rules += 1
            self.charge(node, seconds)
            if outer is not None:
                self.charge(outer, -seconds)

    def charge(self, node: Node, seconds: float) -> None:
        """Add to the time of the rules of ``node``."""
        self.row_of(node.plan.primitive).backward += seconds
        chain = self.places.get(node.time, ())
        for module in set(chain):
            self.module_row(chain, module).backward_total += seconds
        if chain:
            self.module_row(chain, chain[-1]).backward += seconds

    def call(self, chain: Chain, output: Any, seconds: float) -> None:
        *outer, module = chain
        with self.lock:
            row = self.module_row(chain, module)
            row.calls += 1
            row.forward += seconds
            if module not in outer:  # a module that calls itself
                row.forward_total += seconds
            if outer:
                self.module_row(chain, outer[-1]).forward -= seconds

    def row_of(self, primitive: Primitive) -> OperationProfile:
        """The row of an operation."""
        rows = self.report._operations
        if primitive.name not in rows:
            rows[primitive.name] = OperationProfile(primitive.name)
        return rows[primitive.name]

    def module_row(self, chain: Chain, module: Any) -> ModuleProfile:
        """The row of a module of ``chain``; those of the modules around it come before it."""
        rows = self.report._modules
        if id(module) not in rows:
            for each in chain:
                name = self.names.of(chain[0], each)
                rows.setdefault(id(each), ModuleProfile(name, type(each).__name__))
        return rows[id(module)]


def _new_bytes(primitive: Primitive, args: Sequence[Any], out: Any) -> int:
    """The bytes of what an operation made, an array or a tuple of arrays: none where it is a view
    of the first argument."""
    outs = out if type(out) is tuple else (out,)
    return sum(
        getattr(array, "nbytes", 0)
        for array in outs
        if not (primitive.view and _is_view(array, args[0]))
    )


def _is_view(array: Any, owner: Any) -> bool:
    return array is owner or (array.base is not None and np.may_share_memory(array, owner))


class _Names:
    """The names of modules: that of the class of the outermost, and the path from there."""

    def __init__(self) -> None:
        self.found: dict[int, str] = {}
        # Kept, so that no other module gets the id of one of them.
        self.roots: list[Any] = []

    def of(self, root: Any, module: Any) -> str:
        """The name of ``module``, called within ``root``."""
        if id(module) not in self.found:
            self.enter(root)
        if id(module) not in self.found:  # made inside of forward
            self.enter(module)
        return self.found[id(module)]

    def enter(self, root: Any) -> None:
        """Name ``root``, unless it has a name, and all modules in it that have none."""
        if id(root) not in self.found:
            self.roots.append(root)
            same = sum(type(root) is type(other) for other in self.roots)
            kind = type(root).__name__
            self.found[id(root)] = kind if same == 1 else f"{kind} #{same}"
        for path, module in root.named_modules(prefix=self.found[id(root)]):
            self.found.setdefault(id(module), path)
